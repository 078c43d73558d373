//! Members that name the event in every payload, although the schemas do not require them.

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::json::{Json, step};

/// How many references are followed from a schema to its members.
const DEPTH: usize = 20;

/// Requires the member that names the event, in overlays, where all events have such a member with values of their own; gives
/// its name and the number of overlays. A payload without it is then an unknown event.
pub(crate) fn require(provider: &mut Provider) -> Option<(String, usize)> {
    let name = discriminator(provider)?;
    let mut overlays = Vec::new();
    for event in &provider.events {
        overlays.push(if is_required(&event.schema, &name) { None } else { Some(overlay(&event.schema, &name)?) });
    }
    let count = overlays.iter().flatten().count();
    for (event, overlay) in provider.events.iter_mut().zip(overlays) {
        event.overlay = overlay;
    }
    (count > 0).then_some((name, count))
}

/// The member whose values distinguish all events, and that every example has.
fn discriminator(provider: &Provider) -> Option<String> {
    let first = provider.events.first()?;
    let mut names = Vec::new();
    names_of(provider, &provider.schema_file(first), &first.schema, DEPTH, &mut names);
    names.into_iter().find(|name| {
        let mut taken = BTreeSet::new();
        provider.events.iter().all(|event| {
            let values = values(provider, &provider.schema_file(event), &event.schema, name, DEPTH).unwrap_or_default();
            let is_shown = |event: &Event| event.examples.iter().all(|example| example.value.get(name).is_some());
            !values.is_empty() && is_shown(event) && values.into_iter().all(|value| taken.insert(value))
        })
    })
}

fn is_required(schema: &Json, name: &str) -> bool {
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    required.iter().any(|known| known.as_str() == Some(name))
}

/// A JSON Patch that requires a member; `None` where a reference makes everything beside it void.
fn overlay(schema: &Json, name: &str) -> Option<Json> {
    let is_older = schema.get("$schema").and_then(Json::as_str).is_some_and(|dialect| dialect.contains("/draft-0"));
    if is_older && schema.get("$ref").is_some() {
        return None;
    }
    let operation = |op: &str, path: &str, value: Json| {
        let text = |text: &str| Json::String(text.to_owned());
        Json::Object(vec![("op".to_owned(), text(op)), ("path".to_owned(), text(path)), ("value".to_owned(), value)])
    };
    let member = Json::String(name.to_owned());
    if let Some(required) = schema.get("required") {
        let test = operation("test", "/required", required.clone());
        return Some(Json::Array(vec![test, operation("add", "/required/-", member)]));
    }
    // What shows that the member is still the one that names the event.
    let pointer = step("/properties", name);
    let evidence = [pointer.as_str(), "/$ref", "/allOf"].into_iter().find_map(|path| Some((path, schema.at(path)?)));
    let (path, value) = evidence?;
    let test = operation("test", path, value.clone());
    Some(Json::Array(vec![test, operation("add", "/required", Json::Array(vec![member]))]))
}

/// The schemas that a schema consists of, by the files that they are in: itself, what it refers to, and the branches of `allOf`.
fn parts<'p>(provider: &'p Provider, file: &str, schema: &'p Json) -> Vec<(String, &'p Json)> {
    let mut found = Vec::new();
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        found.extend(referred(provider, file, reference));
    }
    let branches = schema.get("allOf").and_then(Json::as_array).unwrap_or_default();
    found.extend(branches.iter().map(|branch| (file.to_owned(), branch)));
    found
}

/// What a reference between files of the provider leads to.
fn referred<'p>(provider: &'p Provider, file: &str, reference: &str) -> Option<(String, &'p Json)> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let mut steps: Vec<&str> = file.split('/').collect();
    if !path.is_empty() {
        steps.pop();
        for step in path.split('/') {
            match step {
                ".." => drop(steps.pop()),
                step => steps.push(step),
            }
        }
    }
    let path = steps.join("/");
    let event = provider.events.iter().find(|event| provider.schema_file(event) == path);
    let document = provider.documents.get(&path).or_else(|| event.map(|event| &event.schema))?;
    Some((path, document.at(fragment)?))
}

/// The members of a schema, in order.
fn names_of(provider: &Provider, file: &str, schema: &Json, left: usize, names: &mut Vec<String>) {
    let own = schema.get("properties").and_then(Json::as_object).unwrap_or_default();
    names.extend(own.iter().map(|(name, _)| name.clone()));
    if left > 0 {
        for (file, part) in parts(provider, file, schema) {
            names_of(provider, &file, part, left - 1, names);
        }
    }
}

/// The strings that a member may be, if the schema lists them.
fn values(provider: &Provider, file: &str, schema: &Json, name: &str, left: usize) -> Option<Vec<String>> {
    let own = schema.get("properties").and_then(|members| members.get(name));
    if let Some(found) = own.and_then(|member| listed(provider, file, member, left)) {
        return Some(found);
    }
    let left = left.checked_sub(1)?;
    parts(provider, file, schema).into_iter().find_map(|(file, part)| values(provider, &file, part, name, left))
}

fn listed(provider: &Provider, file: &str, member: &Json, left: usize) -> Option<Vec<String>> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    if let Some(value) = member.get("const") {
        return text(value).map(|value| vec![value]);
    }
    if let Some(values) = member.get("enum").and_then(Json::as_array) {
        return values.iter().map(text).collect();
    }
    let left = left.checked_sub(1)?;
    parts(provider, file, member).into_iter().find_map(|(file, part)| listed(provider, &file, part, left))
}
