//! Finds and changes members of payloads and schemas by their path from the root.

use std::collections::HashSet;

use crate::dispatch::Path;
use crate::json::{Json, referred};

/// The maximum depth of members. Dispatch uses the same depth.
const DEPTH: usize = 4;

/// The longest name of a member that may identify an event, in bytes.
pub(super) const LONGEST_NAME: usize = 200;

/// The maximum number of schemas that a search visits.
const MOST_SCHEMAS: usize = 10_000;

/// Returns the value at a path that leads through objects only.
pub(super) fn at<'j>(payload: &'j Json, path: &Path) -> Option<&'j Json> {
    path.iter().try_fold(payload, |value, name| value.get(name))
}

/// Returns the required members with fixed values of a schema. The list is incomplete if the schema refers to itself in
/// many ways.
pub(super) fn fixed(schema: &Json) -> Vec<(Path, Vec<Json>)> {
    let mut found = Vec::new();
    fixed_below(schema, schema, &mut Vec::new(), &mut MOST_SCHEMAS.clone(), &mut found);
    found
}

fn fixed_below(
    root: &Json,
    schema: &Json,
    path: &mut Path,
    schemas_left: &mut usize,
    found: &mut Vec<(Path, Vec<Json>)>,
) {
    let Some(left) = schemas_left.checked_sub(1) else { return };
    *schemas_left = left;
    let schema = referred(root, schema);
    if let Some(value) = schema.get("const") {
        found.push((path.clone(), vec![value.clone()]));
    } else if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        found.push((path.clone(), values.to_vec()));
    }
    if path.len() >= DEPTH {
        return;
    }
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    let required: HashSet<&str> = required.iter().filter_map(Json::as_str).collect();
    for (name, below) in schema.get("properties").and_then(Json::as_object).unwrap_or_default() {
        if required.contains(name.as_str()) {
            path.push(name.clone());
            fixed_below(root, below, path, schemas_left, found);
            path.pop();
        }
    }
}

/// Fixes a member of a schema to one of some values, and requires the member and the objects around it.
pub(super) fn fix(schema: &mut Json, path: &Path, values: &[Json]) {
    let keyword = match values {
        [only] => ("const".to_owned(), only.clone()),
        several => ("enum".to_owned(), Json::Array(several.to_vec())),
    };
    if let Some(schema) = required(schema, path) {
        *schema = Json::Object(vec![keyword]);
    }
}

/// Forbids a member of a schema, and requires the objects around it.
pub(super) fn forbid(schema: &mut Json, path: &Path) {
    let Some((last, outer)) = path.split_last() else { return };
    if let Some(Json::Object(properties)) = required(schema, outer).and_then(|schema| schema.get_mut("properties")) {
        properties.push((last.clone(), Json::Boolean(false)));
    }
}

/// Requires a member and the objects around it, and returns the member's schema.
fn required<'j>(schema: &'j mut Json, path: &[String]) -> Option<&'j mut Json> {
    path.iter().try_fold(schema, |schema, name| {
        require(schema, name);
        schema.get_mut("properties")?.get_mut(name)
    })
}

/// Adds a member to the required members of a schema.
pub(super) fn require(schema: &mut Json, name: &str) {
    let name = Json::String(name.to_owned());
    match schema.get_mut("required") {
        Some(Json::Array(names)) if names.contains(&name) => {}
        Some(Json::Array(names)) => names.push(name),
        _ => {
            if let Json::Object(keywords) = schema {
                keywords.push(("required".to_owned(), Json::Array(vec![name])));
            }
        }
    }
}
