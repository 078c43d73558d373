//! All events of a vendor at once, from all of its payloads.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Sibling;
use super::identity::Item;
use super::lazy_pointer::LazyPointer;
use super::maps::{MapDecisions, Vocabulary};
use super::members::{self, fixed, pointer, require};
use super::partition::{Group, Identity, partition};
use super::text::{folder_name, title};
use super::values::{self, Findings, Note, NoteKind};
use crate::dispatch::Path;
use crate::json::Json;
use crate::text::words;

/// Where a payload comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// It is new, and nobody said what event it is of.
    New,
    /// It is an example of an event.
    Example(&'a str),
    /// A person said that it is of an event.
    Assigned(&'a str),
}

/// A payload of a vendor.
#[derive(Clone, Copy, Debug)]
pub struct Capture<'a> {
    /// The payload.
    pub payload: &'a Json,
    /// The name of its file.
    pub name: &'a str,
    /// What is known of its event.
    pub origin: Origin<'a>,
}

/// The events of a vendor, as its payloads show them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// The events, by name.
    pub events: Vec<InferredEvent>,
    /// Events that are distinguished by the order in which they are tried, in that order.
    pub precedence: Vec<String>,
    /// Whether nothing in the payloads distinguishes the events, so that a name outside of the body must.
    pub is_named: bool,
}

/// An event, as its payloads show it.
#[derive(Clone, Debug, PartialEq)]
pub struct InferredEvent {
    /// The name of its folder.
    pub name: String,
    /// Its payloads, by index.
    pub payloads: Vec<usize>,
    /// Its schema.
    pub schema: Json,
    /// The members that identify it, as JSON Pointers, with their values.
    pub identity: Vec<(String, Vec<Json>)>,
    /// Members of the payload that are required because no value identifies the event.
    pub required: Vec<String>,
    /// Members that it never has and other events do, as JSON Pointers.
    pub absent: Vec<String>,
    /// What a person should review.
    pub notes: Vec<Note>,
    /// Other events that nothing distinguishes it from.
    pub confused_with: Vec<String>,
}

/// The name of an event whose payloads give it none.
pub const UNNAMED: &str = "event";

/// Finds the events of a vendor in its payloads, and infers their schemas. `documented` are events whose schemas are not inferred.
/// With `is_named`, a name outside of the body identifies events, and no member is required.
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
    // A person named the others.
    pinned.extend(
        captures.iter().filter_map(|capture| event_of(capture.origin)).filter(|event| !automatic.contains(event)),
    );
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
        // Documented events are not inferred anew.
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
            let name = unused(group.name.as_deref().unwrap_or(UNNAMED), &taken);
            taken.insert(name.clone());
            name
        });
        names.push(name);
    }
    let mut all: Vec<InferredEvent> = groups
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let others = ambiguous.iter().filter(|_| group.is_ambiguous && !is_named).filter(|other| **other != at);
            let confused_with = others.map(|other| names[*other].clone()).collect();
            let identity = if is_named { Identity::default() } else { group.identity.clone() };
            InferredEvent {
                confused_with,
                ..event(names[at].clone(), group, identity, captures, decisions, &vocabulary)
            }
        })
        .collect();
    // Objects at one place are of one kind in all events.
    let maps = shared_maps(&all);
    if !maps.is_empty() {
        let decisions =
            MapDecisions { maps: decisions.maps.iter().chain(&maps).cloned().collect(), ..decisions.clone() };
        for inferred in all.iter_mut().filter(|event| has_unsure(event, &maps)) {
            let Some(group) = names.iter().position(|name| *name == inferred.name).map(|at| &groups[at]) else {
                continue;
            };
            let identity = if is_named { Identity::default() } else { group.identity.clone() };
            let confused_with = std::mem::take(&mut inferred.confused_with);
            let again = event(inferred.name.clone(), group, identity, captures, &decisions, &vocabulary);
            *inferred = InferredEvent { confused_with, ..again };
        }
    }
    let mut ordered: Vec<(usize, &String)> =
        groups.iter().zip(&names).filter_map(|(group, name)| Some((group.order?, name))).collect();
    ordered.sort();
    let precedence = if is_named { Vec::new() } else { ordered.into_iter().map(|(_, name)| name.clone()).collect() };
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Events { events: all, precedence, is_named }
}

/// The places at which some event has a map, and another what may be one.
fn shared_maps(events: &[InferredEvent]) -> Vec<String> {
    let notes = |kind: NoteKind| events.iter().flat_map(|event| &event.notes).filter(move |note| note.kind == kind);
    let unsure: BTreeSet<&str> = notes(NoteKind::MapOrStruct).map(|note| note.place.as_str()).collect();
    let maps: BTreeSet<&str> = notes(NoteKind::Map).map(|note| note.place.as_str()).collect();
    unsure.intersection(&maps).map(|place| (*place).to_owned()).collect()
}

fn has_unsure(event: &InferredEvent, places: &[String]) -> bool {
    event.notes.iter().any(|note| note.kind == NoteKind::MapOrStruct && places.contains(&note.place))
}

/// The known events that have the names which their payloads give them, so that nobody chose these.
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
    // A name that payloads gave an event is no evidence of what it is.
    let hint = event.and_then(|event| pinned.get(event)).filter(|name| !is_unnamed(name)).unwrap_or(&capture.name);
    Item { payload: capture.payload, hint: words(hint), event }
}

/// Whether a name is one of those that events get whose payloads give them none.
fn is_unnamed(name: &str) -> bool {
    name.strip_prefix(UNNAMED)
        .is_some_and(|rest| rest.trim_start_matches('_').bytes().all(|byte| byte.is_ascii_digit()))
}

/// The known events that groups of payloads keep the names of, by the places of the groups; and events that cannot keep their
/// payloads unless these are assigned to them.
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
            // A name that nobody chose is given up where the payloads give another one now.
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

/// Payloads that stand for those of a documented event: its examples, or else what its schema fixes.
pub(super) fn stand_ins(sibling: &Sibling<'_>) -> Vec<Json> {
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

/// The object that a member is; added if there is none.
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
    let mut schema = values::schema(&payloads, &LazyPointer::Root(""), "", &mut findings);
    let mut shown = Vec::new();
    for (path, values) in &identity.values {
        members::fix(&mut schema, path, values);
        shown.push((pointer(path), values.clone()));
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
        absent: identity.absent.iter().map(|path| pointer(path)).collect(),
        notes: findings.notes,
        confused_with: Vec::new(),
    }
}

/// A schema with its dialect and title.
pub(super) fn with_title(title: &str, schema: Json) -> Json {
    let mut keywords = vec![
        ("$schema".to_owned(), Json::String("https://json-schema.org/draft/2020-12/schema".to_owned())),
        ("title".to_owned(), Json::String(title.to_owned())),
    ];
    if let Json::Object(own) = schema {
        keywords.extend(own);
    }
    Json::Object(keywords)
}

/// An unused name that is not the reserved name of a folder.
fn unused(name: &str, taken: &BTreeSet<String>) -> String {
    let name = match folder_name(name).as_str() {
        "common" => "common_event".to_owned(),
        name => name.to_owned(),
    };
    let numbered = (2..).map(|count| format!("{name}_{count}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or(name.clone())
}
