//! Finds the events in payloads that are objects with events in them. The command names their location, or the schemas
//! suggest it.

use webhook_codegen::catalog::Settings;
use webhook_codegen::infer::{MOST_AROUND_EVENTS, is_list_name};
use webhook_codegen::json::{Json, descend, step, steps};
use webhook_codegen::{Code, Diagnostic};

use crate::discriminator::{member_places, parts};
use crate::documents::{DocumentId, Documents};
use crate::message::{DocumentedExample, Message};
use crate::references::Place;
use crate::schemas::{Language, Schemas};

/// Where the events are in a payload: JSON Pointers as in `provider.toml`.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Where the items are. If there are several pointers, the first one that leads to a value in a payload counts.
    pub items: Vec<String>,
    /// Where the event is in each item, or in the payload if there are no items.
    pub item: Option<String>,
}

impl Places {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.item.is_none()
    }

    /// Returns the events of a payload.
    fn events(&self, payload: &Json) -> Option<Vec<Json>> {
        let text = payload.to_string();
        let settings = Settings { items: self.items.clone(), item: self.item.clone(), ..Settings::default() };
        let event = |range: std::ops::Range<usize>| Json::parse(text.get(range)?).ok();
        settings.events_in(&text)?.into_iter().map(event).collect()
    }
}

/// The object around the events of bodies.
pub(crate) struct Envelope {
    /// The schema of the envelope, which allows any value in the place of each event.
    pub(crate) schema: (Place, Language),
    /// Whole bodies.
    pub(crate) examples: Vec<DocumentedExample>,
}

/// Replaces the payload of each message by the event in it, and returns the envelope.
///
/// A payload without events at the place is kept as one event, unless no payload has events there.
pub(crate) fn unwrap(messages: &mut [Message], places: &Places, schemas: &mut Schemas<'_>) -> Option<Envelope> {
    let envelope = envelope(messages, places, schemas);
    let has_events = |message: &Message, schemas: &mut Schemas<'_>| match &message.schema {
        Some((payload, _)) => event_schema(payload, places, schemas.documents).is_some(),
        None => message.examples.iter().any(|example| places.events(&example.value).is_some()),
    };
    let is_somewhere = messages.iter().any(|message| has_events(message, schemas));
    for message in messages {
        if is_somewhere && !has_events(message, schemas) {
            let text = "the payload has no events at the given place: it is one event";
            schemas.notes.add(schemas.documents.shown(&message.place), text);
            continue;
        }
        let examples = std::mem::take(&mut message.examples);
        for example in examples {
            match places.events(&example.value) {
                Some(events) => message
                    .examples
                    .extend(events.into_iter().map(|value| DocumentedExample { value, ..example.clone() })),
                None => {
                    schemas.notes.add(example.place, "the example has no events at the given place, and is not kept")
                }
            }
        }
        let Some((payload, language)) = message.schema.take() else { continue };
        match event_schema(&payload, places, schemas.documents) {
            Some(event) => message.schema = Some((event, language)),
            None => {
                let given = places.items.iter().chain(&places.item).cloned().collect::<Vec<_>>().join(" and ");
                let document = schemas.documents.get(payload.document);
                let message = format!("the schema of the payload has no events at {given}");
                let advice =
                    "give the place of an array of events with --items, and of the event in each item with --item";
                schemas.problems.push(document.problem(Code::UnresolvedReference, &payload.pointer, message, advice));
            }
        }
    }
    envelope
}

/// Returns the envelope of the messages whose payloads have events. If the envelopes differ, returns the envelope that
/// is a part of all others.
fn envelope(messages: &[Message], places: &Places, schemas: &mut Schemas<'_>) -> Option<Envelope> {
    let note = |message: &Message, problem: &str, schemas: &mut Schemas<'_>| {
        let text = format!("the schema of the object around the events is not imported: {problem}");
        schemas.notes.add(schemas.documents.shown(&message.place), text);
    };
    let mut found: Vec<(Json, Place, Language)> = Vec::new();
    let mut examples = Vec::new();
    for message in messages {
        let Some((payload, language)) = &message.schema else { continue };
        if event_schema(payload, places, schemas.documents).is_none() {
            continue;
        }
        let around = without_events(payload, &paths(places), payload.document, 0, schemas.documents);
        if around.is_none() {
            note(message, "its schema is in several documents", schemas);
            return None;
        }
        found.extend(around.map(|around| (around, payload.clone(), *language)));
        examples.extend(message.examples.iter().cloned());
    }
    let first = messages.first().filter(|_| !found.is_empty())?;
    // `provider.toml` has one envelope for all events, so it must accept the bodies of every message.
    let Some(least) = found.iter().position(|(one, ..)| found.iter().all(|(other, ..)| consists_of(other, one))) else {
        note(first, "the payloads have different ones", schemas);
        return None;
    };
    let (json, payload, language) = found.swap_remove(least);
    Some(Envelope { schema: (schemas.documents.derive(&payload, json), language), examples })
}

/// Returns whether a schema is the same as another schema, or has it as a branch of `allOf`. The other schema then
/// accepts every value that the schema accepts.
fn consists_of(schema: &Json, other: &Json) -> bool {
    let branches = schema.get("allOf").and_then(Json::as_array).unwrap_or_default();
    schema == other || branches.iter().any(|branch| consists_of(branch, other))
}

/// A step from a body to an event: the name of a member, or `None` for any item.
type Step = Option<String>;

/// Returns the paths from a body to its events.
fn paths(places: &Places) -> Vec<Vec<Step>> {
    let names = |pointer: &String| steps(pointer).map(Some).collect::<Vec<Step>>();
    let item: Vec<Step> = places.item.iter().flat_map(names).collect();
    match places.items.as_slice() {
        [] => vec![item],
        all => all.iter().map(|items| [names(items), vec![None], item.clone()].concat()).collect(),
    }
}

/// The maximum depth to which references and `allOf` are followed.
const DEPTH: usize = 64;

/// Returns a schema that allows any value at the ends of the paths. The schemas on the paths are copied. Returns `None`
/// if the schema is not in the document, or if no path exists.
fn without_events(
    place: &Place,
    ways: &[Vec<Step>],
    document: DocumentId,
    depth: usize,
    documents: &mut Documents,
) -> Option<Json> {
    let mut schema = documents.at(place).filter(|_| place.document == document && depth < DEPTH)?;
    // The event's own schema checks the event, so the envelope allows any value there.
    if ways.iter().any(Vec::is_empty) {
        return Some(Json::Object(Vec::new()));
    }
    let mut found = false;
    let mut inside = |place: Place, ways: &[Vec<Step>], documents: &mut Documents| {
        let inner = without_events(&place, ways, document, depth + 1, documents);
        found |= inner.is_some();
        inner
    };
    let mut replaced: Vec<(Vec<String>, Json)> = Vec::new();
    let mut firsts: Vec<&Step> = ways.iter().filter_map(|way| way.first()).collect();
    firsts.dedup();
    for first in firsts {
        let rest: Vec<Vec<Step>> =
            ways.iter().filter(|way| way.first() == Some(first)).map(|way| way[1..].to_vec()).collect();
        let below: Vec<String> = match first {
            Some(name) => vec!["properties".to_owned(), name.clone()],
            None => vec!["items".to_owned()],
        };
        let at = place.below(&below.iter().map(String::as_str).collect::<Vec<_>>());
        let inner = inside(at.clone(), &rest, documents);
        // An item without the member that usually holds the event is the event.
        let is_item = first.is_none() && documents.at(&at).is_some();
        replaced.extend(inner.or(is_item.then(|| Json::Object(Vec::new()))).map(|inner| (below, inner)));
    }
    let branches = schema.get("allOf").and_then(Json::as_array).map_or(0, <[Json]>::len);
    for index in (0..branches).map(|index| index.to_string()) {
        let inner = inside(place.below(&["allOf", &index]), ways, documents);
        replaced.extend(inner.map(|inner| (vec!["allOf".to_owned(), index], inner)));
    }
    let reference = schema.get("$ref").and_then(Json::as_str).map(str::to_owned);
    let target = reference.and_then(|to| documents.target_from(&documents.base(place), place.document, &to).ok());
    let target = target.and_then(|target| inside(target, ways, documents));
    found |= !replaced.is_empty();
    for (steps, inner) in replaced {
        if let Some(known) = schema.at_mut(&descend("", steps)) {
            *known = inner;
        }
    }
    // The target contains the event, so it is copied instead of referred to. `$ref` would still lead to the original.
    if let (Some(target), Json::Object(members)) = (target, &mut schema) {
        members.retain(|(name, _)| name != "$ref");
        if members.is_empty() {
            return Some(target);
        }
        match members.iter_mut().find(|(name, _)| name == "allOf") {
            Some((_, Json::Array(all))) => all.push(target),
            _ => members.push(("allOf".to_owned(), Json::Array(vec![target]))),
        }
    }
    found.then_some(schema)
}

/// Returns the schema of the events in payloads of a schema.
fn event_schema(payload: &Place, places: &Places, documents: &mut Documents) -> Option<Place> {
    let mut items = vec![payload.clone()];
    if !places.items.is_empty() {
        let found = places.items.iter().map(|pointer| member_places(documents, payload, pointer));
        items = found.into_iter().find(|places| !places.is_empty())?;
        let of_array = items.iter().map(|place| place.below(&["items"]));
        let of_array: Vec<Place> =
            of_array.filter(|place| matches!(documents.at(place), Some(Json::Object(_)))).collect();
        if !of_array.is_empty() {
            items = of_array;
        }
    }
    let item = conjunction(items, documents)?;
    match &places.item {
        Some(pointer) => {
            let found = member_places(documents, &item, pointer);
            conjunction(found, documents)
        }
        None => Some(item),
    }
}

/// Returns the conjunction of schemas that apply to the same value: the schema that has all others as parts, or else a
/// derived schema with `allOf`.
fn conjunction(places: Vec<Place>, documents: &mut Documents) -> Option<Place> {
    let first = places.first()?.clone();
    for place in &places {
        let own = parts(documents, vec![place.clone()]);
        if places.iter().all(|other| own.contains(other)) {
            return Some(place.clone());
        }
    }
    // A schema that is a part of another one adds nothing to the conjunction.
    let mut outer: Vec<Place> = Vec::new();
    for place in &places {
        let mut others = places.iter().filter(|other| *other != place).cloned();
        if !outer.contains(place) && !others.any(|other| parts(documents, vec![other]).contains(place)) {
            outer.push(place.clone());
        }
    }
    let conjuncts: Vec<Json> = outer.iter().filter_map(|place| documents.at(place)).collect();
    Some(documents.derive(&first, Json::Object(vec![("allOf".to_owned(), Json::Array(conjuncts))])))
}

/// Adds a note for payloads that look like objects with events in them.
pub(crate) fn propose(messages: &[Message], schemas: &mut Schemas<'_>) {
    for message in messages {
        let Some((payload, _)) = &message.schema else { continue };
        if let Some(place) = proposed(payload, schemas.documents) {
            let item = item(payload, &place, schemas.documents).map(|item| format!(" --item {item}"));
            let item = item.unwrap_or_default();
            let text = format!(
                "the payload looks like an object with events at {place}: if it is, give --items {place}{item}"
            );
            schemas.notes.add(schemas.documents.shown(&message.place), text);
        }
    }
}

/// Returns the likely location of the event in each item: the only member of the item, if the member is an object.
fn item(payload: &Place, items: &str, documents: &mut Documents) -> Option<String> {
    let places = Places { items: vec![items.to_owned()], item: None };
    let schema = event_schema(payload, &places, documents)?;
    match members(&schema, documents).as_slice() {
        [(name, only)] if !members(only, documents).is_empty() => Some(step("", name)),
        _ => None,
    }
}

/// Returns the only member that is an array of objects and has a usual name for events.
fn proposed(payload: &Place, documents: &mut Documents) -> Option<String> {
    let mut found = Vec::new();
    let around = members(payload, documents);
    if around.len() > MOST_AROUND_EVENTS {
        return None;
    }
    for (name, place) in around {
        found.extend(list(&step("", &name), &name, &place, documents));
        for (inner, place) in members(&place, documents) {
            found.extend(list(&step(&step("", &name), &inner), &inner, &place, documents));
        }
    }
    match found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn list(pointer: &str, name: &str, place: &Place, documents: &mut Documents) -> Option<String> {
    let is_array = parts(documents, vec![place.clone()]).into_iter().any(|part| {
        let items = part.below(&["items"]);
        parts(documents, vec![items]).into_iter().any(|part| {
            let schema = documents.at(&part).unwrap_or(Json::Null);
            schema.get("properties").is_some() || schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
        })
    });
    (is_list_name(name) && is_array).then(|| pointer.to_owned())
}

/// Returns the members that the schema of an object declares.
fn members(schema: &Place, documents: &mut Documents) -> Vec<(String, Place)> {
    let parts = parts(documents, vec![schema.clone()]);
    let of = |place: &Place| {
        let schema = documents.at(place)?;
        let members = schema.get("properties")?.as_object()?;
        Some(members.iter().map(|(name, _)| (name.clone(), place.below(&["properties", name]))).collect::<Vec<_>>())
    };
    parts.iter().filter_map(of).flatten().collect()
}

/// Checks the places that the command gives.
pub(crate) fn check(places: &Places) -> Vec<Diagnostic> {
    let wrong = places.items.iter().chain(&places.item).filter(|place| !place.starts_with('/'));
    let problem = |place: &String| {
        let message = format!("{place:?} is not a JSON Pointer into a payload");
        Diagnostic::of_file(Code::InvalidSettings, place, message, "write a JSON Pointer, such as /events")
    };
    wrong.map(problem).collect()
}
