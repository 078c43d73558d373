//! Members that name the event in every payload, although the schemas do not require them.

mod parts;
mod shown;

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::json::{Json, step};

pub(crate) use self::shown::{nearly, shown};

use self::parts::{Members, is_object};

/// An operation of a JSON Patch.
fn operation(op: &str, path: &str, value: Json) -> Json {
    let text = |text: &str| Json::String(text.to_owned());
    Json::Object(vec![("op".to_owned(), text(op)), ("path".to_owned(), text(path)), ("value".to_owned(), value)])
}

/// Whether a schema is of a dialect in which a reference makes everything beside it void.
fn is_older(schema: &Json) -> bool {
    schema.get("$schema").and_then(Json::as_str).is_some_and(|dialect| dialect.contains("/draft-0"))
}

/// Whether a reference makes everything beside it void.
fn is_reference_alone(schema: &Json) -> bool {
    is_older(schema) && schema.get("$ref").is_some()
}

/// Requires the member that names the event, in overlays, where all events have such a member with values of their own; gives
/// its name and the number of overlays. A payload without it is then an unknown event.
pub(crate) fn require(provider: &mut Provider) -> Option<(String, usize)> {
    let name = discriminator(provider)?;
    let mut overlays = Vec::new();
    for event in &provider.events {
        let mut operations =
            if is_required(&event.schema, &name) { Vec::new() } else { overlay(&event.schema, &name)? };
        operations.extend(object_type(provider, event));
        overlays.push((!operations.is_empty()).then_some(Json::Array(operations)));
    }
    let count = overlays.iter().flatten().count();
    for (event, overlay) in provider.events.iter_mut().zip(overlays) {
        event.overlay = overlay;
    }
    (count > 0).then_some((name, count))
}

/// The member whose values distinguish all events, and that every example has.
fn discriminator(provider: &Provider) -> Option<String> {
    let members: Vec<Members<'_>> = provider.events.iter().map(|event| Members::of_event(provider, event)).collect();
    let is_discriminator = |name: &&&str| {
        let mut taken = BTreeSet::new();
        provider.events.iter().zip(&members).all(|(event, members)| {
            let values = members.values(name).unwrap_or_default();
            let is_shown = |event: &Event| event.examples.iter().all(|example| example.value.get(*name).is_some());
            !values.is_empty() && is_shown(event) && values.into_iter().all(|value| taken.insert(value))
        })
    };
    members.first()?.names.iter().find(is_discriminator).map(|name| (*name).to_owned())
}

fn is_required(schema: &Json, name: &str) -> bool {
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    required.iter().any(|known| known.as_str() == Some(name))
}

/// What makes an event an object, if its schema accepts other values too: they have no member that names the event.
fn object_type(provider: &Provider, event: &Event) -> Option<Json> {
    let schema = &event.schema;
    let is_typed = schema.get("type").is_some() || is_object(provider, event);
    (!is_typed && !is_reference_alone(schema)).then(|| operation("add", "/type", Json::String("object".to_owned())))
}

/// The operations of a JSON Patch that requires a member; `None` where a reference makes everything beside it void.
fn overlay(schema: &Json, name: &str) -> Option<Vec<Json>> {
    if is_reference_alone(schema) {
        return None;
    }
    let member = Json::String(name.to_owned());
    if let Some(required) = schema.get("required") {
        let test = operation("test", "/required", required.clone());
        return Some(vec![test, operation("add", "/required/-", member)]);
    }
    // What shows that the member is still the one that names the event.
    let pointer = step("/properties", name);
    let evidence = [pointer.as_str(), "/$ref", "/allOf"].into_iter().find_map(|path| Some((path, schema.at(path)?)));
    let (path, value) = evidence?;
    let test = operation("test", path, value.clone());
    Some(vec![test, operation("add", "/required", Json::Array(vec![member]))])
}
