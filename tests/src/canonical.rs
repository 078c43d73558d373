//! Makes schemas canonical, so that they can be compared without titles, descriptions, order and references.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use webhook_codegen::catalog::Provider;

/// Returns a schema with its references resolved, and without annotations.
pub fn canonical(provider: &Provider, file: &str, document: &Value, schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    if let Some(Value::String(reference)) = keywords.get("$ref") {
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let (file, document) = match path {
            "" => (file.to_owned(), document.clone()),
            path => {
                let file = format!("{}/{}", provider.name, path.trim_start_matches("../"));
                let document = provider.documents.get(&file).map(|json| json.to_value()).unwrap_or_default();
                (file, document)
            }
        };
        let target = document.pointer(pointer).cloned().unwrap_or_default();
        return canonical(provider, &file, &document, &target);
    }
    let below = |value: &Value| canonical(provider, file, document, value);
    let mut kept = Map::new();
    for (name, value) in keywords {
        let value = match (name.as_str(), value) {
            ("title" | "description" | "$schema" | "$defs" | "$id", _) => continue,
            ("properties", Value::Object(members)) => {
                Value::Object(members.iter().map(|(name, schema)| (name.clone(), below(schema))).collect())
            }
            ("prefixItems" | "anyOf" | "oneOf", Value::Array(schemas)) => schemas.iter().map(below).collect(),
            ("items" | "additionalProperties", schema) => below(schema),
            ("type" | "required" | "enum", Value::Array(names)) => {
                let mut names = names.clone();
                names.sort_by_key(Value::to_string);
                names.into()
            }
            (_, value) => value.clone(),
        };
        kept.insert(name.clone(), value);
    }
    Value::Object(kept)
}

/// Returns the members whose schemas differ in two canonical schemas.
pub fn differing(left: &Value, right: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    compare(left, right, "", &mut found);
    found
}

fn compare(left: &Value, right: &Value, member: &str, found: &mut BTreeSet<String>) {
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_object().map(|keywords| keywords.keys().cloned().collect()).unwrap_or_default()
    };
    for keyword in names(left).union(&names(right)) {
        let (a, b) = (left.get(keyword), right.get(keyword));
        match (keyword.as_str(), a, b) {
            (_, a, b) if a == b => {}
            ("properties", _, _) => {
                let empty = json!({});
                let (a, b) = (a.unwrap_or(&empty), b.unwrap_or(&empty));
                for name in names(a).union(&names(b)) {
                    match (a.get(name), b.get(name)) {
                        (Some(a), Some(b)) => compare(a, b, name, found),
                        // The members that are inferred for an open object are compared at the object.
                        _ if left.get("properties").is_none() || right.get("properties").is_none() => {
                            found.insert(member.to_owned());
                        }
                        _ => {
                            found.insert(name.clone());
                        }
                    }
                }
            }
            ("required", a, b) => {
                let list = |value: Option<&Value>| -> BTreeSet<String> {
                    let names = value.and_then(Value::as_array).into_iter().flatten();
                    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
                };
                found.extend(list(a).symmetric_difference(&list(b)).cloned());
            }
            _ => {
                found.insert(member.to_owned());
            }
        }
    }
}
