//! Guesses the event of a payload from the string of one member, before all conditions are evaluated. The guess holds
//! if the type of that event accepts the payload.
//!
//! This is sound only if no event of higher precedence can have the same payload. Either each such event needs another
//! string in the member; then the guess is certain. Or it needs a member that the guessed type does not name; then the
//! guess holds only for payloads without unknown members, and other payloads are dispatched by the conditions.

use std::collections::BTreeMap;

use super::{Condition, Dispatch, Path};
use crate::plan::{Kind, Plan};

/// The maximum number of events that a payload without a guess is tried as before its members are scanned.
const MOST_FALLBACKS: usize = 2;

/// The strings of one member, and the event that each string means.
pub(crate) struct Guess<'d> {
    /// The name of the member.
    pub(crate) member: &'d str,
    /// The event of each string; `None` if several events have the string, or if the event with the string is not
    /// certain.
    pub(crate) events: BTreeMap<String, Option<Guessed>>,
}

/// The event that a string means if the event's type accepts the payload.
#[derive(Clone, Copy)]
pub(crate) struct Guessed {
    pub(crate) event: usize,
    /// Whether the guess also holds for payloads with members that the type does not name.
    pub(crate) is_certain: bool,
}

impl<'d> Guess<'d> {
    /// Returns the guess by the member whose strings mean the most events, or `None` if no string means an event.
    pub(crate) fn new(plan: &Plan, dispatch: &'d Dispatch) -> Option<Guess<'d>> {
        let mut paths: Vec<&Path> =
            dispatch.events.iter().flat_map(|(_, conditions)| conditions).map(Condition::path).collect();
        paths.sort_unstable();
        paths.dedup();
        // The empty path has no last name: a payload that is a string has no members to guess from.
        let guesses = paths
            .into_iter()
            .filter_map(|path| Some(Guess { member: path.last()?, events: events(plan, dispatch, path) }));
        let known = |guess: &Guess<'_>| guess.events.values().flatten().count();
        // If several members mean the same number of events, the first path wins.
        let best = guesses.reduce(|best, next| if known(&next) > known(&best) { next } else { best });
        best.filter(|guess| !guess.events.is_empty())
    }
}

/// Returns the events that a payload without a guess is tried as. No event of higher precedence can have the same
/// payload, unless the payload has a member that the type of the returned event does not name.
pub(crate) fn fallback(plan: &Plan, dispatch: &Dispatch) -> Vec<usize> {
    let events = &dispatch.events;
    let is_fallback = |(rank, (event, conditions)): &(usize, &(usize, Vec<Condition>))| {
        let is_implied = |condition: &Condition| matches!(condition, Condition::Equals(..) | Condition::Present(_));
        let is_excluded = |(_, earlier): &(usize, Vec<Condition>)| {
            earlier.iter().any(|condition| is_unnamed(plan, *event, condition))
        };
        *rank > 0
            && !conditions.is_empty()
            && conditions.iter().all(is_implied)
            && events[..*rank].iter().all(is_excluded)
    };
    let found = events.iter().enumerate().filter(is_fallback).map(|(_, (event, _))| *event);
    found.take(MOST_FALLBACKS).collect()
}

/// Returns the event that each string of a member means if the type accepts the payload.
fn events(plan: &Plan, dispatch: &Dispatch, path: &Path) -> BTreeMap<String, Option<Guessed>> {
    let mut found = BTreeMap::new();
    for (rank, (event, conditions)) in dispatch.events.iter().enumerate() {
        let Some(strings) = strings(conditions, path) else { continue };
        // A type that is read tolerantly may accept a payload with the member and keep the member in `extra`.
        if conditions.iter().any(|condition| matches!(condition, Condition::Absent(_))) {
            continue;
        }
        let needs_other_string = |(_, earlier): &(usize, Vec<Condition>)| {
            self::strings(earlier, path).is_some_and(|earlier| strings.iter().all(|text| !earlier.contains(text)))
        };
        let needs_unnamed = |(_, earlier): &(usize, Vec<Condition>)| {
            earlier.iter().any(|condition| is_unnamed(plan, *event, condition))
        };
        // An accepted payload may belong to an earlier event too: `{"kind": "a", "test": true}` does if the earlier
        // event needs `kind = a` and the presence of `test`. This is noticed only if the type does not name `test`.
        let earlier = &dispatch.events[..rank];
        if earlier.iter().all(|other| needs_other_string(other) || needs_unnamed(other)) {
            let is_certain = earlier.iter().all(needs_other_string);
            let guessed = Guessed { event: *event, is_certain };
            found.extend(strings.into_iter().map(|text| (text, Some(guessed))));
        }
    }
    if found.is_empty() {
        return BTreeMap::new();
    }
    // A string of several events, or of an event that is not certain, identifies no event. It also rules out the
    // fallbacks.
    let all = dispatch.events.iter().filter_map(|(_, conditions)| strings(conditions, path));
    let all: Vec<String> = all.flatten().collect();
    for text in &all {
        if all.iter().filter(|other| *other == text).count() > 1 || !found.contains_key(text) {
            found.insert(text.clone(), None);
        }
    }
    found
}

/// Returns the strings of which the member must have one.
fn strings(conditions: &[Condition], path: &Path) -> Option<Vec<String>> {
    conditions.iter().find_map(|condition| match condition {
        Condition::Equals(at, values) if at == path => {
            values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
        }
        _ => None,
    })
}

/// Returns whether a condition needs a member that the type of an event does not name.
fn is_unnamed(plan: &Plan, event: usize, condition: &Condition) -> bool {
    let Kind::Struct(object) = &plan.types[plan.events[event].root.0].kind else { return false };
    let Some(first) = condition.path().first() else { return false };
    let needed = !matches!(condition, Condition::Absent(_));
    let fields = object.fields.iter().map(|field| &field.json);
    needed && !fields.chain(object.constants.iter().map(|constant| &constant.json)).any(|name| name == first)
}
