//! Finds and changes members of payloads and schemas by their path from the root.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use crate::dispatch::Path;
use crate::json::{Json, same};

/// The maximum depth of members. Dispatch uses the same depth.
const DEPTH: usize = 4;

/// The longest name of a member that may identify an event, in bytes.
pub(super) const LONGEST_NAME: usize = 200;

/// The maximum number of schemas that a search visits.
const MOST_SCHEMAS: usize = 10_000;

/// A member with its value.
#[derive(Clone, Debug)]
pub(super) struct FixedMember {
    pub(super) path: Path,
    pub(super) value: Json,
}

/// Returns the value at a path that leads through objects only.
pub(super) fn at<'j>(payload: &'j Json, path: &Path) -> Option<&'j Json> {
    path.iter().try_fold(payload, |value, name| value.get(name))
}

/// Returns the strings, numbers and booleans that all payloads have at the same path, in the order of the first
/// payload. Members with long names are left out.
pub(super) fn constants(payloads: &[Json]) -> Vec<FixedMember> {
    let values: Vec<&Json> = payloads.iter().collect();
    let mut found = Vec::new();
    common(&values, &mut Vec::new(), &mut found);
    found
}

/// Walks all payloads in parallel, so that each member is looked up once.
fn common(values: &[&Json], path: &mut Path, found: &mut Vec<FixedMember>) {
    let Some((first, rest)) = values.split_first() else { return };
    match first {
        Json::Object(members) if path.len() < DEPTH => {
            let Some(others) = rest.iter().map(|value| value.as_object().map(by_name)).collect::<Option<Vec<_>>>()
            else {
                return;
            };
            for (name, value) in members.iter().filter(|(name, _)| name.len() <= LONGEST_NAME) {
                let same_member = others.iter().map(|members| members.get(name.as_str()).copied());
                let Some(mut values) = same_member.collect::<Option<Vec<&Json>>>() else { continue };
                values.insert(0, value);
                path.push(name.clone());
                common(&values, path, found);
                path.pop();
            }
        }
        Json::String(_) | Json::Number(_) | Json::Boolean(_)
            if !path.is_empty() && rest.iter().all(|value| same(value, first)) =>
        {
            found.push(FixedMember { path: path.clone(), value: (*first).clone() });
        }
        _ => {}
    }
}

fn by_name(members: &[(String, Json)]) -> HashMap<&str, &Json> {
    members.iter().map(|(name, value)| (name.as_str(), value)).collect()
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
    let schema = resolved(root, schema);
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

/// Returns whether a schema certainly rejects every object in which a member has this value.
pub(super) fn rejects(schema: &Json, path: &[String], value: &Json) -> bool {
    rejects_below(schema, schema, path, value, REJECTS_DEPTH, &Cell::new(MOST_SCHEMAS))
}

/// The maximum depth of schemas: enough for each member of a path with a reference and a branch.
const REJECTS_DEPTH: usize = 3 * DEPTH;

fn rejects_below(
    root: &Json,
    schema: &Json,
    path: &[String],
    value: &Json,
    depth: usize,
    schemas_left: &Cell<usize>,
) -> bool {
    if *schema == Json::Boolean(false) {
        return true;
    }
    // `false` is always safe: it only means that the rejection is not certain.
    let (Some(depth), Some(left)) = (depth.checked_sub(1), schemas_left.get().checked_sub(1)) else { return false };
    schemas_left.set(left);
    let here = |schema: &Json| rejects_below(root, schema, path, value, depth, schemas_left);
    let list = |keyword: &str| schema.get(keyword).and_then(Json::as_array);
    let target = schema.get("$ref").and_then(Json::as_str).and_then(|reference| root.at(reference.strip_prefix('#')?));
    if target.is_some_and(here)
        || list("allOf").is_some_and(|all| all.iter().any(here))
        || ["anyOf", "oneOf"].iter().any(|any| list(any).is_some_and(|all| all.iter().all(here)))
    {
        return true;
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Json::Array(types)) => types.iter().filter_map(Json::as_str).collect(),
        only => only.and_then(Json::as_str).into_iter().collect(),
    };
    let Some((name, rest)) = path.split_first() else {
        let is_type = |name: &&str| match value {
            Json::Null => *name == "null",
            Json::Boolean(_) => *name == "boolean",
            Json::Number(_) => matches!(*name, "number" | "integer"),
            Json::String(_) => *name == "string",
            Json::Array(_) => *name == "array",
            Json::Object(_) => *name == "object",
        };
        return schema.get("const").is_some_and(|known| !same(known, value))
            || list("enum").is_some_and(|all| !all.iter().any(|known| same(known, value)))
            || !types.is_empty() && !types.iter().any(is_type);
    };
    if !types.is_empty() && !types.contains(&"object") {
        return true;
    }
    let named = schema.get("properties").and_then(|properties| properties.get(name));
    // `additionalProperties` does not apply to a name that matches a pattern, and patterns are not tried here.
    let below = match schema.get("patternProperties") {
        Some(_) => named,
        None => named.or_else(|| schema.get("additionalProperties")),
    };
    below.is_some_and(|below| rejects_below(root, below, rest, value, depth, schemas_left))
}

/// Follows the references of a schema within its document.
pub(super) fn resolved<'j>(root: &'j Json, schema: &'j Json) -> &'j Json {
    let mut schema = schema;
    // Longer chains of references do not occur in practice. A circular chain is not a valid schema.
    for _ in 0..DEPTH {
        let target = schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
        match target.and_then(|pointer| root.at(pointer)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Fixes a member of a schema to one of some values, and requires the member and the objects around it.
pub(super) fn fix(schema: &mut Json, path: &Path, values: &[Json]) {
    let mut schema = schema;
    for name in path {
        require(schema, name);
        let Some(below) = schema.get_mut("properties").and_then(|properties| properties.get_mut(name)) else { return };
        schema = below;
    }
    let keyword = match values {
        [only] => ("const".to_owned(), only.clone()),
        several => ("enum".to_owned(), Json::Array(several.to_vec())),
    };
    *schema = Json::Object(vec![keyword]);
}

/// Forbids a member of a schema, and requires the objects around it.
pub(super) fn forbid(schema: &mut Json, path: &Path) {
    let Some((last, outer)) = path.split_last() else { return };
    let mut schema = schema;
    for name in outer {
        require(schema, name);
        let Some(below) = schema.get_mut("properties").and_then(|properties| properties.get_mut(name)) else { return };
        schema = below;
    }
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        properties.push((last.clone(), Json::Boolean(false)));
    }
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
