//! Members of payloads and schemas, by their names from the root on.

use crate::json::same;
use crate::json::{Json, step};

/// How deep members are looked at: as deep as dispatch looks.
const DEPTH: usize = 4;

/// The way to a member: its names.
pub(super) type Path = Vec<String>;

/// A member with its value.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) path: Path,
    pub(super) value: Json,
}

/// The JSON Pointer of a member.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().fold(String::new(), |pointer, name| step(&pointer, name))
}

/// The value of a member, through objects alone.
pub(super) fn at<'j>(payload: &'j Json, path: &Path) -> Option<&'j Json> {
    path.iter().try_fold(payload, |value, name| value.get(name))
}

/// The strings, numbers and booleans that all payloads have in the same place, in the order of the first.
pub(super) fn constants(payloads: &[Json]) -> Vec<Member> {
    let Some((first, rest)) = payloads.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    scalars(first, &mut Vec::new(), &mut found);
    found.retain(|member| {
        rest.iter().all(|payload| at(payload, &member.path).is_some_and(|value| same(value, &member.value)))
    });
    found
}

fn scalars(value: &Json, path: &mut Path, found: &mut Vec<Member>) {
    match value {
        Json::Object(members) if path.len() < DEPTH => {
            for (name, value) in members {
                path.push(name.clone());
                scalars(value, path, found);
                path.pop();
            }
        }
        Json::String(_) | Json::Number(_) | Json::Boolean(_) if !path.is_empty() => {
            found.push(Member { path: path.clone(), value: value.clone() });
        }
        _ => {}
    }
}

/// The members that a schema gives fixed values and requires.
pub(super) fn fixed(schema: &Json) -> Vec<(Path, Vec<Json>)> {
    let mut found = Vec::new();
    fixed_below(schema, schema, &mut Vec::new(), &mut found);
    found
}

fn fixed_below(root: &Json, schema: &Json, path: &mut Path, found: &mut Vec<(Path, Vec<Json>)>) {
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
    for (name, below) in schema.get("properties").and_then(Json::as_object).unwrap_or_default() {
        if required.iter().any(|known| known.as_str() == Some(name)) {
            path.push(name.clone());
            fixed_below(root, below, path, found);
            path.pop();
        }
    }
}

/// Whether a schema refuses every object in which a member has a value. Only what is certain counts.
pub(super) fn refuses(schema: &Json, path: &[String], value: &Json) -> bool {
    refuses_below(schema, schema, path, value, REFUSES_DEPTH)
}

/// How many schemas are followed: more than the members of a path, with a reference and a branch for each.
const REFUSES_DEPTH: usize = 3 * DEPTH;

fn refuses_below(root: &Json, schema: &Json, path: &[String], value: &Json, depth: usize) -> bool {
    if *schema == Json::Boolean(false) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let here = |schema: &Json| refuses_below(root, schema, path, value, depth);
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
    let below = match schema.get("patternProperties") {
        Some(_) => named,
        None => named.or_else(|| schema.get("additionalProperties")),
    };
    below.is_some_and(|below| refuses_below(root, below, rest, value, depth))
}

/// What a schema refers to, within its document.
pub(super) fn resolved<'j>(root: &'j Json, schema: &'j Json) -> &'j Json {
    let mut schema = schema;
    // No chain of references is longer; a circular one is not a valid schema.
    for _ in 0..DEPTH {
        let target = schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
        match target.and_then(|pointer| root.at(pointer)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Gives a member of a schema a fixed value, and requires it and the objects on the way.
pub(super) fn fix(schema: &mut Json, member: &Member) {
    let mut schema = schema;
    for name in &member.path {
        require(schema, name);
        let Some(below) = schema.get_mut("properties").and_then(|properties| properties.get_mut(name)) else { return };
        schema = below;
    }
    *schema = Json::Object(vec![("const".to_owned(), member.value.clone())]);
}

/// Requires a member of a schema.
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
