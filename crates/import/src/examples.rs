//! Selects the payloads of an event: the examples that its schema accepts.

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Event, Example, Provider};
use webhook_codegen::json::Json;
use webhook_codegen::uri::resolve;
use webhook_codegen::{Dialect, Library, Validator, unused};

use crate::file_name::file_name;
use crate::message::{DocumentedExample, Message};
use crate::notes::Notes;

/// Returns the payloads of a message that its schema accepts, and adds a note for the rejected payloads. With
/// `several`, a body contains several payloads. `is_of_other` selects payloads of a choice that belong to another
/// branch.
pub(crate) fn examples(
    event: &Event,
    documented: &[DocumentedExample],
    library: &Library,
    several: bool,
    is_of_other: &dyn Fn(&Json) -> bool,
    notes: &Notes,
) -> Vec<Example> {
    let validator = match event.schema {
        Json::Null => None,
        // A schema that cannot be read is reported when code is generated.
        _ => Validator::new(&event.schema, library, Dialect::default()).ok(),
    };
    let mut examples: Vec<Example> = Vec::new();
    let found = documented.iter().flat_map(|example| payloads(example, several, validator.as_ref(), notes));
    for DocumentedExample { name, value, place, of_choice } in found {
        if of_choice && is_of_other(&value) {
            continue;
        }
        let text = value.pretty();
        if let Err(error) = Json::parse(&text) {
            notes.add(place, format!("the example cannot be read as JSON ({}), and is not kept", error.message));
            continue;
        }
        let value = value.to_value();
        if examples.iter().any(|known| known.value == value) {
            continue;
        }
        let violations = validator.as_ref().map(|validator| validator.violations(&[&value]));
        if let Some(violation) = violations.iter().flatten().flat_map(|found| found.iter()).next() {
            if of_choice {
                continue;
            }
            let violation = match violation.instance_location.as_str() {
                "" => violation.message(),
                at => format!("{at}: {}", violation.message()),
            };
            notes.drop_example(place, &event.name, violation);
            continue;
        }
        let base = name.as_deref().map_or_else(|| "documented".to_owned(), file_name);
        let name = unused(&base, |name| examples.iter().any(|known| known.name == name));
        examples.push(Example { name, text, value });
    }
    examples
}

/// Adds a note for each payload of a choice that no branch accepts.
pub(crate) fn note_unused(events: &[Event], messages: &[Message], several: bool, notes: &Notes) {
    let mut noted = BTreeSet::new();
    let of_choices = messages.iter().flat_map(|message| &message.examples).filter(|example| example.of_choice);
    for found in of_choices.flat_map(|example| payloads(example, several, None, &Notes::default())) {
        let value = found.value.to_value();
        let is_kept = events.iter().any(|event| event.examples.iter().any(|example| example.value == value));
        if !is_kept && noted.insert((found.place.clone(), found.value.to_string())) {
            notes.add(found.place, "the example is valid for no branch of the payload's schema, and is not kept");
        }
    }
}

/// Returns the payloads of an example: the example, or its items. A string that contains JSON is parsed if the schema
/// does not accept strings.
fn payloads(
    example: &DocumentedExample,
    several: bool,
    validator: Option<&Validator>,
    notes: &Notes,
) -> Vec<DocumentedExample> {
    let mut example = example.clone();
    if let Json::String(text) = &example.value
        && validator.is_none_or(|validator| validator.are_valid(&[&example.value.to_value()]) == [false])
        && let Some(parsed) = parsed(text, several)
    {
        if !example.of_choice {
            notes.add(example.place.clone(), "the example is a string that contains JSON: its content is taken");
        }
        example.value = parsed;
    }
    match &example.value {
        Json::Array(items) if several => {
            items.iter().map(|value| DocumentedExample { value: value.clone(), ..example.clone() }).collect()
        }
        _ => vec![example],
    }
}

/// Returns the object or array that a text contains. With `several`, the text may also have one on each line.
fn parsed(text: &str, several: bool) -> Option<Json> {
    let is_value = |json: &Json| matches!(json, Json::Object(_) | Json::Array(_));
    if let Ok(json) = Json::parse(text) {
        return Some(json).filter(is_value);
    }
    let lines: Vec<Json> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| Json::parse(line).ok())
        .collect::<Option<_>>()?;
    (several && !lines.is_empty()).then_some(Json::Array(lines))
}

/// The maximum depth of members whose examples are used.
const DEPTH: usize = 12;

/// The maximum number of schemas that a payload is composed from, counted each time they are used.
const MOST_SCHEMAS: usize = 10_000;

/// Composes a payload from the examples of an event's members, for an event without an example of a whole payload.
/// Returns `None` unless a member has an example and the schema accepts the payload.
pub(crate) fn of_members(provider: &Provider, event: &Event, library: &Library) -> Option<Example> {
    let uri = provider.library_uri(&provider.schema_file(event));
    // A schema with several members that refer to it has too many members at the full depth.
    let (json, shown) = (1..=DEPTH).rev().find_map(|depth| {
        let mut builder = Builder { library, shown: 0, schemas: 0 };
        let json = builder.value(&event.schema, &uri, depth);
        (builder.schemas <= MOST_SCHEMAS).then_some((json, builder.shown))
    })?;
    let json = json?;
    let value = json.to_value();
    let validator = Validator::new(&event.schema, library, Dialect::default()).ok()?;
    let is_payload = shown > 0 && matches!(json, Json::Object(_)) && validator.are_valid(&[&value]) == [true];
    is_payload.then(|| Example { name: "members".to_owned(), text: json.pretty(), value })
}

struct Builder<'l> {
    library: &'l Library,
    /// The number of examples that were used.
    shown: usize,
    /// The number of schemas that were used.
    schemas: usize,
}

impl Builder<'_> {
    fn value(&mut self, schema: &Json, base: &str, left: usize) -> Option<Json> {
        let left = left.checked_sub(1)?;
        self.schemas += 1;
        if self.schemas > MOST_SCHEMAS {
            return None;
        }
        if let Some(value) = schema.get("const") {
            return Some(value.clone());
        }
        let listed = schema.get("examples").and_then(Json::as_array).and_then(<[Json]>::first);
        if let Some(value) = listed.or_else(|| schema.get("example")) {
            self.shown += 1;
            return Some(value.clone());
        }
        if let Some([first, ..]) = schema.get("enum").and_then(Json::as_array) {
            return Some(first.clone());
        }
        let mut members: Vec<(String, Json)> = Vec::new();
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let uri = resolve(base, reference).ok()?;
            let (address, pointer) = uri.split_once('#').unwrap_or((&uri, ""));
            let target = self.library.get(address)?.at(pointer)?;
            match self.value(target, address, left)? {
                Json::Object(found) => members.extend(found),
                other => return Some(other),
            }
        }
        for part in schema.get("allOf").and_then(Json::as_array).unwrap_or_default() {
            if let Some(Json::Object(found)) = self.value(part, base, left) {
                found.into_iter().for_each(|member| put(&mut members, member));
            }
        }
        if let Some(items) = schema.get("items").filter(|items| items.as_object().is_some()) {
            return self.value(items, base, left).map(|item| Json::Array(vec![item]));
        }
        for (name, member) in schema.get("properties").and_then(Json::as_object).unwrap_or_default() {
            if let Some(value) = self.value(member, base, left) {
                put(&mut members, (name.clone(), value));
            }
        }
        (!members.is_empty()).then_some(Json::Object(members))
    }
}

fn put(members: &mut Vec<(String, Json)>, member: (String, Json)) {
    match members.iter_mut().find(|(name, _)| *name == member.0) {
        Some(known) => *known = member,
        None => members.push(member),
    }
}
