//! Classifies the JSON blocks of a page: schemas, payloads, or structures of payloads with placeholders for values.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};

use webhook_codegen::catalog::Settings;
use webhook_codegen::json::{Json, referred, step, steps};

use crate::page::Pages;
use crate::placeholders::is_placeholder;

/// The maximum depth at which a payload may contain another one.
const ENVELOPES: usize = 3;

/// The maximum depth of the locations that are compared.
const DEPTH: usize = 16;

/// The maximum number of subschemas whose locations are listed, counted once for each location.
const MOST_VISITS: usize = 4096;

/// What a block shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A JSON Schema.
    Schema,
    /// A payload.
    Payload,
    /// The members of a payload, with placeholders instead of values.
    Structure,
}

/// Returns what a block shows, and its form. An array of payloads is split into its items.
pub(crate) fn classify<'b>(json: &'b Json, settings: &Settings) -> (Form, Vec<&'b Json>) {
    if is_schema(json) {
        return (Form::Schema, vec![json]);
    }
    let payloads: Vec<&Json> = match (json.as_array(), inside(json, settings)) {
        (Some(items), _) => items.iter().filter(|item| item.as_object().is_some()).collect(),
        (None, Some(events)) => events,
        (None, None) => vec![json],
    };
    match payloads.iter().find(|payload| is_structure(payload, &settings.placeholders)) {
        Some(structure) => (Form::Structure, vec![*structure]),
        None => (Form::Payload, payloads),
    }
}

/// Returns the events in a block that is an object around events, at the locations in the provider's settings.
fn inside<'b>(json: &'b Json, settings: &Settings) -> Option<Vec<&'b Json>> {
    let items: Vec<&Json> = match settings.items.is_empty() {
        true => vec![json.at(settings.item.as_deref()?)?],
        false => {
            let found = settings.items.iter().find_map(|place| json.at(place))?;
            let items = found.as_array().map_or_else(|| vec![found], |items| items.iter().collect());
            let event = |item: &'b Json| settings.item.as_deref().and_then(|place| item.at(place)).unwrap_or(item);
            items.into_iter().map(event).collect()
        }
    };
    Some(items.into_iter().filter(|event| event.as_object().is_some()).collect())
}

/// Declares the provider's dialect in the schemas on its pages, if the dialect is set and a schema declares none.
pub(crate) fn with_dialect<'p>(settings: &Settings, pages: &'p Pages) -> Cow<'p, Pages> {
    let mut pages = Cow::Borrowed(pages);
    if settings.dialect.is_some() {
        let blocks = pages.to_mut().iter_mut().flat_map(|(_, page)| &mut page.blocks);
        for block in blocks.filter(|block| is_schema(&block.json)) {
            block.json = settings.declare_dialect(block.json.clone());
        }
    }
    pages
}

fn is_schema(json: &Json) -> bool {
    let has = |name: &str| json.get(name).is_some();
    // A payload may also have a member `$schema`.
    if json.get("$schema").and_then(Json::as_str).is_some_and(|dialect| dialect.contains("json-schema.org/")) {
        return true;
    }
    let schemas = |name: &str| {
        let members = json.get(name).and_then(Json::as_object);
        members.is_some_and(|members| members.iter().all(|(_, m)| matches!(m, Json::Object(_) | Json::Boolean(_))))
    };
    let typed = json.get("type").and_then(Json::as_str) == Some("object");
    let declared = typed || has("required") || has("$defs") || has("definitions");
    schemas("properties") && declared || ["allOf", "anyOf", "oneOf"].iter().any(|name| is_union(json.get(name)))
}

/// Returns whether a value is a list of schemas, each of which has a reference or declares members.
fn is_union(branches: Option<&Json>) -> bool {
    let branches = branches.and_then(Json::as_array).unwrap_or_default();
    let is_branch = |branch: &Json| {
        branch.get("$ref").and_then(Json::as_str).is_some()
            || branch.get("properties").and_then(Json::as_object).is_some()
    };
    !branches.is_empty() && branches.iter().all(is_branch)
}

fn is_structure(payload: &Json, placeholders: &[String]) -> bool {
    let mut strings = Vec::new();
    leaves(payload, &mut strings);
    let found = strings.iter().filter(|text| is_placeholder(text, placeholders)).count();
    found > 0 && found * 2 >= strings.len()
}

fn leaves<'j>(json: &'j Json, strings: &mut Vec<&'j str>) {
    match json {
        Json::String(text) => strings.push(text),
        Json::Array(items) => items.iter().for_each(|item| leaves(item, strings)),
        Json::Object(members) => members.iter().for_each(|(_, value)| leaves(value, strings)),
        _ => {}
    }
}

/// Returns the locations of a payload's members, with `*` for any item.
pub(crate) fn places(payload: &Json) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    below(payload, String::new(), 0, &mut found);
    found
}

fn below(json: &Json, place: String, depth: usize, found: &mut BTreeSet<String>) {
    if depth > DEPTH {
        return;
    }
    match json {
        Json::Object(members) => {
            for (name, value) in members {
                let place = step(&place, name);
                found.insert(place.clone());
                below(value, place, depth + 1, found);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| below(item, step(&place, "*"), depth + 1, found)),
        _ => {}
    }
}

/// Returns the objects inside a payload that are reached through objects only, with their JSON Pointers. Outer objects
/// come first.
pub(crate) fn nested(payload: &Json) -> Vec<(String, &Json)> {
    let mut found: Vec<(String, &Json)> = vec![(String::new(), payload)];
    let mut next = 0;
    while let Some((place, json)) = found.get(next).cloned() {
        next += 1;
        let depth = place.matches('/').count();
        for (name, value) in json.as_object().unwrap_or_default() {
            if depth < ENVELOPES && value.as_object().is_some() {
                found.push((step(&place, name), value));
            }
        }
    }
    found.split_off(1)
}

/// Returns the JSON Pointer at which a payload contains all members of a part. Such a part is not an event, but
/// documents the payload.
pub(crate) fn part_of(part: &Json, payload: &Json) -> Option<String> {
    let own = places(part);
    let holds = |(_, json): &(String, &Json)| own.is_subset(&places(json));
    nested(payload).into_iter().find(holds).filter(|_| !own.is_empty()).map(|(pointer, _)| pointer)
}

/// Returns the locations that a schema names: its own members, and the members of definitions that it refers to. Outer
/// locations come first, up to a limit.
pub(crate) fn places_of_schema(schema: &Json) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // Each schema is visited once at each location, because branches may repeat it.
    let mut visited = HashSet::new();
    let mut queue = VecDeque::from([(schema, String::new())]);
    while let Some((json, place)) = queue.pop_front() {
        let json = referred(schema, json);
        if place.matches('/').count() > DEPTH || !visited.insert((std::ptr::from_ref(json), place.clone())) {
            continue;
        }
        let properties = json.get("properties").and_then(Json::as_object).unwrap_or_default();
        let members = properties.iter().map(|(name, member)| (member, step(&place, name)));
        let branches = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| json.get(keyword)?.as_array()).flatten();
        let items = json.get("items").map(|items| (items, step(&place, "*")));
        found.extend(members.clone().map(|(_, place)| place));
        // A definition that refers to itself twice has twice as many locations at each level.
        let left = MOST_VISITS.saturating_sub(visited.len() + queue.len());
        queue.extend(branches.map(|branch| (branch, place.clone())).chain(members).chain(items).take(left));
    }
    found
}

/// Returns the locations of texts with templates in a payload, and the templates.
pub(crate) fn templates(schema: &Json) -> Vec<(String, Vec<String>)> {
    let of = |place: String| {
        let found = member_at(schema, &place)?.get("x-text-templates")?.as_array()?;
        Some((place, found.iter().filter_map(Json::as_str).map(str::to_owned).collect()))
    };
    places_of_schema(schema).into_iter().filter_map(of).collect()
}

/// Returns the subschema of the member at a location.
fn member_at<'s>(schema: &'s Json, pointer: &str) -> Option<&'s Json> {
    let mut found = referred(schema, schema);
    for name in steps(pointer) {
        found = referred(schema, found.get("properties")?.get(&name)?);
    }
    Some(found)
}

/// Returns the `const` or `enum` values of the member at a location.
pub(crate) fn fixed_at(schema: &Json, pointer: &str) -> Option<Vec<Json>> {
    let found = member_at(schema, pointer)?;
    match (found.get("const"), found.get("enum").and_then(Json::as_array)) {
        (Some(only), _) => Some(vec![only.clone()]),
        (None, Some(values)) => Some(values.to_vec()),
        (None, None) => None,
    }
}

/// Returns the similarity of two sets of locations, from 0 to 100.
pub(crate) fn likeness(a: &BTreeSet<String>, b: &BTreeSet<String>) -> usize {
    match a.union(b).count() {
        0 => 0,
        all => a.intersection(b).count() * 100 / all,
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_VISITS, places_of_schema};
    use webhook_codegen::json::Json;

    #[test]
    fn definitions_that_refer_to_each_other_have_limited_locations() {
        let text = r##"{
            "properties": {"kind": {"const": "tree"}, "root": {"$ref": "#/$defs/node"}},
            "$defs": {"node": {
                "anyOf": [{"$ref": "#/$defs/node"}, {"$ref": "#"}, {"$ref": "#/$defs/node"}],
                "properties": {
                    "left": {"$ref": "#/$defs/node"}, "right": {"$ref": "#/$defs/node"},
                    "all": {"items": {"$ref": "#/$defs/node"}}
                }
            }}
        }"##;
        let found = places_of_schema(&Json::parse(text).unwrap());
        for place in ["/kind", "/root", "/root/left", "/root/all/*/right", "/root/kind", "/root/left/root"] {
            assert!(found.contains(place), "{place}");
        }
        assert!(found.len() < 5 * MOST_VISITS);
    }
}
