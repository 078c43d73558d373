//! Makes one document of several schemas, for generators that take one: definitions that the schemas share become one type.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::Event;

/// The document, and the definition of each event.
pub(crate) fn merged(events: &[&Event]) -> (Value, Vec<String>) {
    let differing = differing(events);
    let (mut all, mut keys) = (Map::new(), Vec::new());
    for event in events {
        let key = format!("{}Payload", event.name.to_pascal_case());
        let names = |name: &str| match differing.contains(name) {
            true => format!("{}{}", event.name.to_pascal_case(), name.to_pascal_case()),
            false => name.to_owned(),
        };
        for (name, schema) in definitions(&event.schema) {
            all.insert(names(name), rewritten(schema, &key, &names));
        }
        let mut root = rewritten(&event.schema, &key, &names);
        if let Some(members) = root.as_object_mut() {
            for keyword in ["$schema", "$id", "$defs", "definitions"] {
                members.remove(keyword);
            }
        }
        all.insert(key.clone(), root);
        keys.push(key);
    }
    (json!({ "$schema": "http://json-schema.org/draft-07/schema#", "definitions": all }), keys)
}

fn definitions(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    ["$defs", "definitions"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_object()).flatten()
}

/// The names of the definitions that are not the same in all schemas, or refer to one that is not.
fn differing(events: &[&Event]) -> BTreeSet<String> {
    let mut texts: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
    for (name, schema) in events.iter().flat_map(|event| definitions(&event.schema)) {
        texts.entry(name).or_default().insert(schema.to_string());
    }
    let mut found: BTreeSet<String> = BTreeSet::new();
    loop {
        let more: Vec<String> = texts
            .iter()
            .filter(|(name, texts)| {
                let refers = |text: &String| {
                    // `#` and `#/properties/…` are the event's own.
                    text.contains("\"$ref\":\"#\"")
                        || text.contains("\"$ref\":\"#/properties/")
                        || found.iter().any(|other| text.contains(&format!("/{other}\"")))
                };
                !found.contains(**name) && (texts.len() > 1 || texts.iter().any(refers))
            })
            .map(|(name, _)| (*name).clone())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn rewritten(schema: &Value, key: &str, names: &impl Fn(&str) -> String) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(|item| rewritten(item, key, names)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let value = match (name.as_str(), value) {
                    ("const" | "enum" | "default" | "examples", value) => value.clone(),
                    ("$ref", Value::String(reference)) => self::reference(reference, key, names).into(),
                    (_, value) => rewritten(value, key, names),
                };
                (name.clone(), value)
            })
            .collect(),
        scalar => scalar.clone(),
    }
}

fn reference(reference: &str, key: &str, names: &impl Fn(&str) -> String) -> String {
    let Some(pointer) = reference.strip_prefix('#') else { return reference.to_owned() };
    let definition = ["/$defs/", "/definitions/"].iter().find_map(|prefix| pointer.strip_prefix(prefix));
    match definition.map(|rest| rest.split_once('/').map_or((rest, None), |(name, rest)| (name, Some(rest)))) {
        Some((name, None)) => format!("#/definitions/{}", names(name)),
        Some((name, Some(rest))) => format!("#/definitions/{}/{rest}", names(name)),
        None if pointer.is_empty() || pointer.starts_with('/') => format!("#/definitions/{key}{pointer}"),
        None => reference.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, schema: Value) -> Event {
        Event { provider: "p".to_owned(), name: name.to_owned(), schema, payloads: Vec::new() }
    }

    #[test]
    fn definitions_are_shared_only_if_they_are_the_same() {
        let schema = |kind: &str| {
            json!({
                "$defs": {
                    "Same": { "type": "string" },
                    "Other": { "type": kind },
                    "Refers": { "$ref": "#/$defs/Other" },
                },
                "properties": { "same": { "$ref": "#/$defs/Same" }, "refers": { "$ref": "#/$defs/Refers" }, "own": { "$ref": "#" } },
            })
        };
        let (a, b) = (event("a_b", schema("string")), event("c", schema("integer")));
        let (document, keys) = merged(&[&a, &b]);
        assert_eq!(keys, ["ABPayload", "CPayload"]);
        let names: BTreeSet<&str> = definitions(&document).map(|(name, _)| name.as_str()).collect();
        let expected = ["ABOther", "ABPayload", "ABRefers", "COther", "CPayload", "CRefers", "Same"];
        assert_eq!(names, expected.into_iter().collect());
        let of_c = &document["definitions"]["CPayload"]["properties"];
        assert_eq!(of_c["refers"]["$ref"], "#/definitions/CRefers");
        assert_eq!(of_c["same"]["$ref"], "#/definitions/Same");
        assert_eq!(of_c["own"]["$ref"], "#/definitions/CPayload");
        assert_eq!(document["definitions"]["CRefers"]["$ref"], "#/definitions/COther");
    }
}
