//! Which event a payload may be read as before it is known to be it: the string of one member gives a guess, which holds if
//! the payload is accepted by the type of that event.
//!
//! This requires that no event of higher precedence can be the same payload. Either that event needs another string in the
//! member, and the guess is certain; or it needs a member that the guessed type does not name. Then a payload with members that
//! the type does not name goes through the matchers.

use std::collections::BTreeMap;

use super::{Condition, Dispatch, Path};
use crate::plan::{Kind, Plan};

/// How many events a payload without a guess is read as at most before its members are looked at.
const MOST_FALLBACKS: usize = 2;

/// The strings of one member, and the event that each means.
pub(crate) struct Guess<'d> {
    /// The name of the member.
    pub(crate) member: &'d str,
    /// `None`: several events have the string, or the one that has it is not certain to be the payload's.
    pub(crate) events: BTreeMap<String, Option<Guessed>>,
}

/// The event that a string means once its type accepts the payload.
#[derive(Clone, Copy)]
pub(crate) struct Guessed {
    pub(crate) event: usize,
    /// Whether it is the event even if the payload has members that its type does not name.
    pub(crate) is_certain: bool,
}

impl<'d> Guess<'d> {
    /// The member whose strings mean the most events; `None` if no member's do.
    pub(crate) fn new(plan: &Plan, dispatch: &'d Dispatch) -> Option<Guess<'d>> {
        let mut paths: Vec<&Path> =
            dispatch.events.iter().flat_map(|(_, conditions)| conditions).map(Condition::path).collect();
        paths.sort_unstable();
        paths.dedup();
        // A payload that is a string has no members, so nothing can be guessed from one.
        let guesses = paths
            .into_iter()
            .filter_map(|path| Some(Guess { member: path.last()?, events: events(plan, dispatch, path) }));
        let known = |guess: &Guess<'_>| guess.events.values().flatten().count();
        // Of several, the first in the order of paths.
        let best = guesses.reduce(|best, next| if known(&next) > known(&best) { next } else { best });
        best.filter(|guess| !guess.events.is_empty())
    }
}

/// Returns the events that a payload without a guess is read as. No event of higher precedence can be the same payload, unless the
/// payload has a member that the type of the returned event does not name.
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

/// The event that each string of a member means once the payload is accepted.
fn events(plan: &Plan, dispatch: &Dispatch, path: &Path) -> BTreeMap<String, Option<Guessed>> {
    let mut found = BTreeMap::new();
    for (rank, (event, conditions)) in dispatch.events.iter().enumerate() {
        let Some(strings) = strings(conditions, path) else { continue };
        // A member that is never there may be kept beside the fields by a type that is read tolerantly.
        if conditions.iter().any(|condition| matches!(condition, Condition::Absent(_))) {
            continue;
        }
        let needs_other_string = |(_, earlier): &(usize, Vec<Condition>)| {
            self::strings(earlier, path).is_some_and(|earlier| strings.iter().all(|text| !earlier.contains(text)))
        };
        let needs_unnamed = |(_, earlier): &(usize, Vec<Condition>)| {
            earlier.iter().any(|condition| is_unnamed(plan, *event, condition))
        };
        // A payload that the type accepts may be an earlier event too: `{"kind": "a", "test": true}`, where that is `kind = a`
        // with `test` present. Then `test` must be a member that the type does not name, so that it shows.
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
    // A string of several events, or of one that is not certain, does not give an event, and rules out the fallbacks.
    let all = dispatch.events.iter().filter_map(|(_, conditions)| strings(conditions, path));
    let all: Vec<String> = all.flatten().collect();
    for text in &all {
        if all.iter().filter(|other| *other == text).count() > 1 || !found.contains_key(text) {
            found.insert(text.clone(), None);
        }
    }
    found
}

/// The strings that the member must have, one of them.
fn strings(conditions: &[Condition], path: &Path) -> Option<Vec<String>> {
    conditions.iter().find_map(|condition| match condition {
        Condition::Equals(at, values) if at == path => {
            values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
        }
        _ => None,
    })
}

/// Whether a condition needs a member of the payload that the type of an event does not name.
fn is_unnamed(plan: &Plan, event: usize, condition: &Condition) -> bool {
    let Kind::Struct(object) = &plan.types[plan.events[event].root.0].kind else { return false };
    let Some(first) = condition.path().first() else { return false };
    let needed = !matches!(condition, Condition::Absent(_));
    let fields = object.fields.iter().map(|field| &field.json);
    needed && !fields.chain(object.constants.iter().map(|constant| &constant.json)).any(|name| name == first)
}
