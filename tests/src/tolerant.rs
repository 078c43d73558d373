//! Computes a schema that accepts the payloads that tolerant reading accepts, so that other validators can decide them.

use serde_json::{Map, Value};

/// Returns a schema that accepts the payloads that tolerant reading of `schema` accepts: members that are not required
/// may have any value.
pub fn relaxed(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let required: Vec<&str> = keywords
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let mut relaxed_schema = Map::new();
    for (keyword, value) in keywords {
        let value = match keyword.as_str() {
            "additionalProperties"
            | "patternProperties"
            | "propertyNames"
            | "minProperties"
            | "maxProperties"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties" => continue,
            "properties" => members(value, |name| required.contains(&name)),
            "$defs" => members(value, |_| true),
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => {
                Value::Array(value.as_array().into_iter().flatten().map(relaxed).collect())
            }
            "items" => relaxed(value),
            _ => value.clone(),
        };
        relaxed_schema.insert(keyword.clone(), value);
    }
    Value::Object(relaxed_schema)
}

/// Returns the members whose schemas are kept, each relaxed.
fn members(schemas: &Value, kept: impl Fn(&str) -> bool) -> Value {
    let schemas = schemas.as_object().into_iter().flatten();
    schemas.filter(|(name, _)| kept(name)).map(|(name, schema)| (name.clone(), relaxed(schema))).collect()
}
