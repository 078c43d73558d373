//! Infers all events of a vendor from all of its payloads.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Sibling;
use super::identity::Item;
use super::maps::{MapDecisions, Vocabulary};
use super::members::{self, fixed, require};
use super::partition::{Group, Identity, partition};
use super::text::{folder_name, title};
use super::values::{self, Findings, Note, NoteKind};
use crate::dispatch::Path;
use crate::json::{Json, descend};
use crate::text::{unused, words};

/// The origin of a payload, and its information about the payload's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// A new payload; its event is unknown.
    New,
    /// An example of the named event.
    Example(&'a str),
    /// A payload that a person assigned to the named event.
    Assigned(&'a str),
}

/// A payload of a vendor.
#[derive(Clone, Copy, Debug)]
pub struct Capture<'a> {
    /// The payload.
    pub payload: &'a Json,
    /// The name of the payload's file.
    pub name: &'a str,
    /// The origin of the payload.
    pub origin: Origin<'a>,
}

/// The events that were found in a vendor's payloads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// The events, sorted by name.
    pub events: Vec<InferredEvent>,
    /// The events that are distinguished only by the order in which they are tried, in this order.
    pub precedence: Vec<String>,
    /// Whether the events cannot be distinguished by their payloads and must be identified by a name outside the body.
    pub is_named: bool,
}

/// An event that was found in payloads.
#[derive(Clone, Debug, PartialEq)]
pub struct InferredEvent {
    /// The name of the event's folder.
    pub name: String,
    /// The indices of its payloads.
    pub payloads: Vec<usize>,
    /// Its schema.
    pub schema: Json,
    /// The members that identify the event, as JSON Pointers, with their values.
    pub identity: Vec<(String, Vec<Json>)>,
    /// The members of the payload that are required because no value identifies the event.
    pub required: Vec<String>,
    /// The members that the event never has but other events have, as JSON Pointers.
    pub absent: Vec<String>,
    /// Points that a person should review.
    pub notes: Vec<Note>,
    /// The names of other events that cannot be distinguished from this event.
    pub confused_with: Vec<String>,
}

/// The name of an event whose payloads suggest no name.
pub const UNNAMED: &str = "event";

/// Infers the schemas of the events that have none. Each payload is of the event that it is listed with. If `is_named`
/// is true, a name outside the body identifies events, and no member is required.
pub fn infer_schemas(events: &[Sibling<'_>], is_named: bool) -> Events {
    let (documented, open): (Vec<Sibling<'_>>, Vec<Sibling<'_>>) =
        events.iter().partition(|event| event.schema.is_some());
    let captures = open.iter().flat_map(|Sibling { name, payloads, .. }| {
        payloads.iter().map(|payload| Capture { payload, name, origin: Origin::Assigned(name) })
    });
    infer_events(&captures.collect::<Vec<_>>(), &documented, is_named, &MapDecisions::default())
}

/// Finds the events of a vendor in its payloads, and infers their schemas. `documented` has the events whose schemas
/// are not inferred. If `is_named` is true, a name outside the body identifies events, and no member is required.
pub fn infer_events(
    captures: &[Capture<'_>],
    documented: &[Sibling<'_>],
    is_named: bool,
    decisions: &MapDecisions,
) -> Events {
    let stand_ins: Vec<(usize, Vec<Json>)> =
        documented.iter().enumerate().map(|(at, sibling)| (at, stand_ins(sibling))).collect();
    let used: HashSet<Path> =
        documented.iter().filter_map(|sibling| sibling.schema).flat_map(fixed).map(|(path, _)| path).collect();
    let mut pinned: BTreeSet<&str> = captures
        .iter()
        .filter_map(|capture| match capture.origin {
            Origin::Assigned(event) => Some(event),
            _ => None,
        })
        .collect();
    if is_named {
        pinned.extend(captures.iter().filter_map(|capture| event_of(capture.origin)));
    }
    let automatic = automatic(captures);
    // All other names of known events were chosen by a person, so these events keep their payloads.
    pinned.extend(
        captures.iter().filter_map(|capture| event_of(capture.origin)).filter(|event| !automatic.contains(event)),
    );
    // A disputed event keeps its payloads only if they count as assigned to it, and this changes the partition. `pinned`
    // only grows, so the loop ends.
    let (mut groups, mut claims);
    loop {
        let names: Vec<&str> = pinned.iter().copied().collect();
        let mut items: Vec<Item<'_>> = captures.iter().map(|capture| item(capture, &names)).collect();
        for (at, payloads) in &stand_ins {
            let hint = words(documented[*at].name);
            let event = Some(names.len() + at);
            items.extend(payloads.iter().map(|payload| Item { payload, hint: hint.clone(), event }));
        }
        groups = partition(&items, &used);
        // The stand-ins of documented events took part in the partition, but these events are not inferred.
        groups.retain_mut(|group| {
            group.items.retain(|index| *index < captures.len());
            group.event = group.event.filter(|event| *event < names.len());
            !group.items.is_empty()
        });
        let (found, disputed) = claimed(captures, &groups, &names, &automatic);
        claims = found;
        let before = pinned.len();
        pinned.extend(disputed);
        if pinned.len() == before {
            break;
        }
    }
    let vocabulary = Vocabulary::of(captures.iter().map(|capture| capture.payload));
    let mut taken: BTreeSet<String> = documented.iter().map(|sibling| sibling.name.to_owned()).collect();
    taken.extend(claims.values().map(|name| (*name).to_owned()));
    let identified = groups.iter().any(|group| !group.identity.values.is_empty());
    let ambiguous: Vec<usize> = (0..groups.len()).filter(|at| groups[*at].is_ambiguous).collect();
    let is_named = is_named || !identified && documented.is_empty() && !ambiguous.is_empty();
    let mut names: Vec<String> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let name = claims.get(&at).map(|name| (*name).to_owned()).unwrap_or_else(|| {
            let name = unused_folder(group.name.as_deref().unwrap_or(UNNAMED), &taken);
            taken.insert(name.clone());
            name
        });
        names.push(name);
    }
    let infer = |at: usize, decisions: &MapDecisions| {
        let group = &groups[at];
        let others = ambiguous.iter().filter(|other| group.is_ambiguous && !is_named && **other != at);
        let confused_with = others.map(|other| names[*other].clone()).collect();
        let identity = if is_named { Identity::default() } else { group.identity.clone() };
        let event = event(names[at].clone(), group, identity, captures, decisions, &vocabulary);
        InferredEvent { confused_with, ..event }
    };
    let mut all: Vec<InferredEvent> = (0..groups.len()).map(|at| infer(at, decisions)).collect();
    // If objects at a location are a map in one event, they are a map in the other events too.
    let maps = shared_maps(&all);
    if !maps.is_empty() {
        let decisions =
            MapDecisions { maps: decisions.maps.iter().chain(&maps).cloned().collect(), ..decisions.clone() };
        let is_unsure = |note: &Note| note.kind == NoteKind::MapOrStruct && maps.contains(&note.place);
        for (at, inferred) in all.iter_mut().enumerate().filter(|(_, event)| event.notes.iter().any(is_unsure)) {
            *inferred = infer(at, &decisions);
        }
    }
    let mut ordered: Vec<(usize, &String)> =
        groups.iter().zip(&names).filter_map(|(group, name)| Some((group.order?, name))).collect();
    ordered.sort();
    let precedence = if is_named { Vec::new() } else { ordered.into_iter().map(|(_, name)| name.clone()).collect() };
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Events { events: all, precedence, is_named }
}

/// Returns the locations where some event has a map, and another event has objects that may be one.
fn shared_maps(events: &[InferredEvent]) -> Vec<String> {
    let notes = |kind: NoteKind| events.iter().flat_map(|event| &event.notes).filter(move |note| note.kind == kind);
    let unsure: BTreeSet<&str> = notes(NoteKind::MapOrStruct).map(|note| note.place.as_str()).collect();
    let maps: BTreeSet<&str> = notes(NoteKind::Map).map(|note| note.place.as_str()).collect();
    unsure.intersection(&maps).map(|place| (*place).to_owned()).collect()
}

/// Returns the known events whose names are derived from their payloads, so no person chose them.
fn automatic<'a>(captures: &[Capture<'a>]) -> BTreeSet<&'a str> {
    let examples: Vec<(&str, Item<'a>)> = captures
        .iter()
        .filter_map(|capture| match capture.origin {
            Origin::Example(event) => Some((event, item(capture, &[]))),
            _ => None,
        })
        .collect();
    let items: Vec<Item<'_>> = examples.iter().map(|(_, item)| item.clone()).collect();
    let groups = partition(&items, &HashSet::new());
    let mut all: BTreeSet<&str> = examples.iter().map(|(event, _)| *event).collect();
    for group in &groups {
        let name = group.name.as_deref().unwrap_or(UNNAMED);
        for index in &group.items {
            let event = examples[*index].0;
            if event != name && !(group.name.is_none() && is_unnamed(event)) {
                all.remove(event);
            }
        }
    }
    all
}

fn event_of(origin: Origin<'_>) -> Option<&str> {
    match origin {
        Origin::New => None,
        Origin::Example(event) | Origin::Assigned(event) => Some(event),
    }
}

fn item<'a>(capture: &Capture<'a>, pinned: &[&str]) -> Item<'a> {
    let event = event_of(capture.origin).and_then(|event| pinned.iter().position(|name| *name == event));
    // A placeholder name such as `event_2` is no evidence of the event.
    let hint = event.and_then(|event| pinned.get(event)).filter(|name| !is_unnamed(name)).unwrap_or(&capture.name);
    Item { payload: capture.payload, hint: words(hint), event }
}

/// Returns whether a name is a placeholder for events whose payloads suggest no name, such as `event` or `event_2`.
fn is_unnamed(name: &str) -> bool {
    name.strip_prefix(UNNAMED)
        .is_some_and(|rest| rest.trim_start_matches('_').bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the known event whose name each group keeps, by the index of the group, and the events that can keep their
/// payloads only if the payloads are assigned to them.
fn claimed<'a>(
    captures: &[Capture<'a>],
    groups: &[Group],
    pinned: &[&'a str],
    automatic: &BTreeSet<&'a str>,
) -> (BTreeMap<usize, &'a str>, BTreeSet<&'a str>) {
    let mut claims: BTreeMap<usize, &str> = BTreeMap::new();
    let mut disputed = BTreeSet::new();
    let mut places: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        if let Some(event) = group.event {
            claims.insert(at, pinned[event]);
        }
        for index in &group.items {
            if let Some(event) = event_of(captures[*index].origin).filter(|event| !pinned.contains(event)) {
                places.entry(event).or_default().insert(at);
            }
        }
    }
    for (event, places) in places {
        let named = places.iter().find(|at| groups[**at].name.as_deref() == Some(event));
        let only = places.first().filter(|_| places.len() == 1);
        match named.or(only) {
            // A derived name is dropped if the payloads suggest another name now.
            Some(at) if automatic.contains(event) && groups[*at].name.as_deref() != Some(event) => {}
            Some(at) => {
                if let Some(other) = claims.insert(*at, event) {
                    disputed.extend([other, event]);
                }
            }
            None if automatic.contains(event) => {}
            None => {
                disputed.insert(event);
            }
        }
    }
    disputed.retain(|event| !pinned.contains(event));
    (claims, disputed)
}

/// Returns payloads that represent a documented event: its examples, or else an object with the values that its schema
/// fixes.
fn stand_ins(sibling: &Sibling<'_>) -> Vec<Json> {
    if !sibling.payloads.is_empty() {
        return sibling.payloads.to_vec();
    }
    let mut payload = Json::Object(Vec::new());
    for (path, values) in sibling.schema.map(fixed).unwrap_or_default() {
        let (Some((last, outer)), Some(value)) = (path.split_last(), values.into_iter().next()) else { continue };
        let mut place = Some(&mut payload);
        for name in outer {
            place = place.and_then(|place| member(place, name));
        }
        if let Some(Json::Object(members)) = place {
            members.push((last.clone(), value));
        }
    }
    vec![payload]
}

/// Returns the value of an object's member, which is added as an empty object if it is missing.
fn member<'j>(object: &'j mut Json, name: &str) -> Option<&'j mut Json> {
    let Json::Object(members) = object else { return None };
    let at = members.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        members.push((name.to_owned(), Json::Object(Vec::new())));
        members.len() - 1
    });
    Some(&mut members[at].1)
}

fn event(
    name: String,
    group: &Group,
    identity: Identity,
    captures: &[Capture<'_>],
    decisions: &MapDecisions,
    vocabulary: &Vocabulary,
) -> InferredEvent {
    let payloads: Vec<&Json> = group.items.iter().map(|index| captures[*index].payload).collect();
    let mut findings = Findings::new(decisions, vocabulary);
    let mut schema = values::schema(&payloads, "", "", &mut findings);
    let mut shown = Vec::new();
    for (path, values) in &identity.values {
        members::fix(&mut schema, path, values);
        shown.push((descend("", path), values.clone()));
    }
    for name in &identity.required {
        require(&mut schema, name);
    }
    for path in &identity.absent {
        members::forbid(&mut schema, path);
    }
    let schema = with_title(&title(&name), schema);
    InferredEvent {
        name,
        payloads: group.items.clone(),
        schema,
        identity: shown,
        required: identity.required,
        absent: identity.absent.iter().map(|path| descend("", path)).collect(),
        notes: findings.notes,
        confused_with: Vec::new(),
    }
}

/// Adds a dialect and a title to a schema.
fn with_title(title: &str, schema: Json) -> Json {
    let mut keywords = vec![
        ("$schema".to_owned(), Json::String("https://json-schema.org/draft/2020-12/schema".to_owned())),
        ("title".to_owned(), Json::String(title.to_owned())),
    ];
    if let Json::Object(own) = schema {
        keywords.extend(own);
    }
    Json::Object(keywords)
}

/// Returns a folder name that is neither taken nor reserved.
fn unused_folder(name: &str, taken: &BTreeSet<String>) -> String {
    let name = match folder_name(name).as_str() {
        "common" => "common_event".to_owned(),
        name => name.to_owned(),
    };
    unused(&name, |name| taken.contains(name))
}
