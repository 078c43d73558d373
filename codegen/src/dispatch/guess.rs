//! Guesses the event of a payload from the string of one member, before all conditions are evaluated. The guess holds
//! if the type of that event accepts the payload.
//!
//! This is sound only if the payload belongs to no event of higher precedence. There are three reasons why it does not
//! belong to such an event:
//!
//! * The event needs another string in the member. The guess is certain.
//! * The event needs a member that the guessed type does not name. The guess holds only for payloads without unknown
//!   members, and the conditions dispatch the others.
//! * The event was guessed first, for the same string, and a search of the text found that one of its conditions does not
//!   hold.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Condition, Dispatch, Path};
use crate::json::Json;
use crate::plan::{Kind, Plan};

/// The maximum number of events that are tried for a payload without a guess, before its members are scanned.
const MOST_FALLBACKS: usize = 2;

/// The maximum number of events that one string may mean. The text may be searched for the conditions of all of them
/// except the last.
const MOST_GUESSES: usize = 4;

/// The strings of one member, and the event that each string means.
pub(crate) struct Guess<'d> {
    /// The name of the member.
    pub(crate) member: &'d str,
    /// The events that each string may mean, in order of precedence. The payload is the first event that a search of the
    /// text does not rule out, if the event's type accepts it. The value is `None` if only the conditions can decide.
    pub(crate) events: BTreeMap<String, Vec<Option<Guessed>>>,
}

/// An event that a string means if the event's type accepts the payload.
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
        let known = |guess: &Guess<'_>| guess.events.values().flatten().flatten().count();
        // If several members mean the same number of events, the first path wins.
        let best = guesses.reduce(|best, next| if known(&next) > known(&best) { next } else { best });
        best.filter(|guess| !guess.events.is_empty())
    }
}

/// Returns the events that are tried for a payload without a guess. No event of higher precedence can have the same
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

/// The strings that each event needs in a member, by precedence. `None` if the event does not need a string.
struct Strings<'d> {
    path: &'d Path,
    of_events: Vec<Option<HashSet<&'d str>>>,
    /// For each event, and each event of higher precedence, whether they need different strings.
    differ: Vec<Vec<bool>>,
}

impl<'d> Strings<'d> {
    fn new(dispatch: &'d Dispatch, path: &'d Path) -> Strings<'d> {
        let of_events: Vec<_> = dispatch.events.iter().map(|(_, conditions)| strings(conditions, path)).collect();
        // An event may need thousands of strings, so the sets are compared once, and not for each string.
        let differ = of_events.iter().enumerate().map(|(rank, own)| {
            let differs = |earlier: &Option<HashSet<&str>>| match (own, earlier) {
                (Some(own), Some(earlier)) => own.is_disjoint(earlier),
                _ => false,
            };
            of_events[..rank].iter().map(differs).collect()
        });
        Strings { path, differ: differ.collect(), of_events }
    }

    fn has(&self, rank: usize, text: &str) -> bool {
        self.of_events[rank].as_ref().is_some_and(|strings| strings.contains(text))
    }
}

/// Returns the events that each string of a member may mean, or an empty list if no string identifies an event.
fn events(plan: &Plan, dispatch: &Dispatch, path: &Path) -> BTreeMap<String, Vec<Option<Guessed>>> {
    let strings = Strings::new(dispatch, path);
    let all: BTreeSet<&str> = strings.of_events.iter().flatten().flatten().copied().collect();
    let found: BTreeMap<String, Vec<Option<Guessed>>> =
        all.into_iter().map(|text| (text.to_owned(), guesses(plan, dispatch, &strings, text))).collect();
    // A string that means no event is of use only next to strings that do: it rules out the fallbacks.
    if found.values().flatten().all(Option::is_none) { BTreeMap::new() } else { found }
}

/// Returns the events that a string of a member may mean: the events that need the string, and the events of higher
/// precedence that an accepted payload may belong to.
///
/// For example, `{"kind": "a", "test": true}` belongs to an earlier event that needs `kind = a` and the member `test`. If
/// the guessed type does not name `test`, reading the payload shows that it is unknown, and the guess does not hold.
fn guesses(plan: &Plan, dispatch: &Dispatch, strings: &Strings<'_>, text: &str) -> Vec<Option<Guessed>> {
    let events = &dispatch.events;
    let needs_other_string = |rank: usize, earlier: usize| strings.differ[rank][earlier];
    let needs_unnamed = |rank: usize, earlier: usize| {
        events[earlier].1.iter().any(|condition| is_unnamed(plan, events[rank].0, condition))
    };
    let mut ranks: BTreeSet<usize> = BTreeSet::new();
    for rank in (0..events.len()).rev() {
        if ranks.contains(&rank) || strings.has(rank, text) {
            ranks.insert(rank);
            ranks.extend(
                (0..rank).filter(|earlier| !needs_other_string(rank, *earlier) && !needs_unnamed(rank, *earlier)),
            );
        }
    }
    let mut guesses = Vec::new();
    for rank in ranks.iter().copied() {
        let (event, conditions) = &events[rank];
        // A type that is read tolerantly may accept a payload with the member and keep the member in `extra`.
        let is_implied = !conditions.iter().any(|condition| matches!(condition, Condition::Absent(_)));
        if !is_implied || guesses.len() == MOST_GUESSES {
            guesses.push(None);
            break;
        }
        let is_certain = (0..rank).all(|earlier| ranks.contains(&earlier) || needs_other_string(rank, earlier));
        guesses.push(Some(Guessed { event: *event, is_certain }));
        // A search cannot rule out an event that needs no more than the string, so no later event is guessed.
        let needs_string = |condition: &Condition| matches!(condition, Condition::Equals(at, _) if at == strings.path);
        if conditions.iter().all(needs_string) && strings.has(rank, text) {
            break;
        }
    }
    guesses
}

/// Returns the strings that the conditions allow for a member.
fn strings<'d>(conditions: &'d [Condition], path: &Path) -> Option<HashSet<&'d str>> {
    conditions.iter().find_map(|condition| match condition {
        Condition::Equals(at, values) if at == path => values.iter().map(Json::as_str).collect(),
        _ => None,
    })
}

/// Returns whether a condition needs a member that the type of an event does not name.
fn is_unnamed(plan: &Plan, event: usize, condition: &Condition) -> bool {
    let Kind::Struct(object) = &plan.types[plan.roots[event].root.0].kind else { return false };
    let Some(first) = condition.path().first() else { return false };
    let needed = !matches!(condition, Condition::Absent(_));
    let fields = object.fields.iter().map(|field| &field.json);
    needed && !fields.chain(object.constants.iter().map(|constant| &constant.json)).any(|name| name == first)
}
