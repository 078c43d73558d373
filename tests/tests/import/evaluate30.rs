//! Evaluates Schema Objects as OpenAPI 3.0 and Swagger 2.0 specify, without converting them.

use serde_json::Value;

/// Whether a schema of a document accepts a value.
pub(crate) fn accepts(document: &Value, schema: &Value, value: &Value) -> bool {
    let accepts_all = |schema: &Value, value: &Value| accepts(document, schema, value);
    let is_swagger = document.get("swagger").is_some();
    // The extension makes null valid next to anything.
    if is_swagger && value.is_null() && schema.get("x-nullable") == Some(&Value::Bool(true)) {
        return true;
    }
    // Keywords next to a reference are ignored.
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = document.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        return accepts(document, target, value);
    }
    let list = |name: &str| schema.get(name).and_then(Value::as_array);
    let branches = |name: &str| list(name).map(|items| items.iter().filter(|item| accepts_all(item, value)).count());
    is_of_type(schema, value, is_swagger)
        && list("enum").is_none_or(|values| values.iter().any(|known| same(known, value)))
        && list("allOf").is_none_or(|items| branches("allOf") == Some(items.len()))
        && (is_swagger || branches("anyOf").is_none_or(|count| count > 0))
        && (is_swagger || branches("oneOf").is_none_or(|count| count == 1))
        && (is_swagger || schema.get("not").is_none_or(|not| !accepts_all(not, value)))
        && match value {
            Value::Number(number) => is_in_range(schema, number.as_f64().unwrap()),
            Value::String(text) => is_as_long(schema, "minLength", "maxLength", text.chars().count()),
            Value::Array(items) => {
                is_as_long(schema, "minItems", "maxItems", items.len())
                    && schema.get("items").is_none_or(|item| items.iter().all(|value| accepts_all(item, value)))
            }
            Value::Object(members) => {
                let properties = schema.get("properties").and_then(Value::as_object);
                let additional = schema.get("additionalProperties");
                list("required")
                    .is_none_or(|names| names.iter().all(|name| members.contains_key(name.as_str().unwrap())))
                    && members.iter().all(|(name, value)| {
                        match (properties.and_then(|known| known.get(name)), additional) {
                            (Some(schema), _) => accepts_all(schema, value),
                            (None, Some(Value::Bool(allowed))) => *allowed,
                            (None, Some(schema)) => accepts_all(schema, value),
                            (None, None) => true,
                        }
                    })
            }
            _ => true,
        }
}

/// `nullable` adds null to the type next to it. Without a type, null is valid anyway.
fn is_of_type(schema: &Value, value: &Value, is_swagger: bool) -> bool {
    let Some(name) = schema.get("type").and_then(Value::as_str) else { return true };
    if value.is_null() {
        return !is_swagger && schema.get("nullable") == Some(&Value::Bool(true));
    }
    match name {
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("{name}"),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

fn is_in_range(schema: &Value, number: f64) -> bool {
    let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
    let is = |name: &str| schema.get(name) == Some(&Value::Bool(true));
    limit("minimum").is_none_or(|least| number > least || number == least && !is("exclusiveMinimum"))
        && limit("maximum").is_none_or(|most| number < most || number == most && !is("exclusiveMaximum"))
        // The fixtures divide by powers of two, which a float does exactly.
        && limit("multipleOf").is_none_or(|divisor| (number / divisor).fract() == 0.0)
}

fn is_as_long(schema: &Value, least: &str, most: &str, length: usize) -> bool {
    let limit = |name: &str| schema.get(name).and_then(Value::as_u64).map(|limit| limit as usize);
    limit(least).is_none_or(|limit| length >= limit) && limit(most).is_none_or(|limit| length <= limit)
}
