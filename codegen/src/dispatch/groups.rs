//! How the events of a provider name themselves, and what identifies a payload as the provider's even if its name is
//! not known.
//!
//! Some providers name all their events in one member. Others name a few in one member, a few in another, and some nowhere:
//! the events that name themselves in the same member are a group.

use webhook_runtime::__private::schema::Types;

use super::condition::{Condition, Path};
use super::signature::{Signature, fixed, overlap};
use crate::json::Json;
use crate::json::same;

/// Events that name themselves in the same member.
#[derive(Debug)]
pub(super) struct Group {
    /// The member.
    pub(super) path: Path,
    /// The events, by their places.
    events: Vec<usize>,
}

/// The groups of a provider, those first whose member is most selective. `ranked` are the members that distinguish events, and
/// `conditions` what identifies each event. With `named`, events need no name in the body, and only one for all of them counts.
pub(super) fn groups(
    signatures: &[Signature],
    conditions: &[Vec<Condition>],
    ranked: &[Path],
    named: bool,
) -> Vec<Group> {
    let by = |path: &Path| Group {
        path: path.clone(),
        events: (0..signatures.len()).filter(|event| strings(&signatures[*event], path).is_some()).collect(),
    };
    let differ = |group: &Group| {
        let all: Vec<&Vec<Json>> =
            group.events.iter().filter_map(|event| fixed(&signatures[*event], &group.path)).collect();
        all.iter().any(|a| all.iter().any(|b| !overlap(a, b)))
    };
    let all = ranked.iter().map(by).filter(|group| group.events.len() == signatures.len());
    if let Some(group) = all.into_iter().find(|group| signatures.len() == 1 || differ(group)) {
        return vec![group];
    }
    let mut groups: Vec<Group> = Vec::new();
    if named {
        return groups;
    }
    let is_in = |groups: &[Group], event: usize| groups.iter().any(|group| group.events.contains(&event));
    for group in ranked.iter().map(by).filter(|group| group.events.len() > 1) {
        if differ(&group) && group.events.iter().any(|event| !is_in(&groups, *event)) {
            groups.push(group);
        }
    }
    // An event that is the only one to name itself in a member, such as `{"test": "ping"}` among events with a `type`.
    for (event, conditions) in conditions.iter().enumerate() {
        let mut own = conditions.iter().filter_map(|condition| match condition {
            Condition::Equals(path, _) => Some(by(path)),
            _ => None,
        });
        if let Some(group) = own.find(|group| group.events == [event]).filter(|_| !is_in(&groups, event)) {
            groups.push(group);
        }
    }
    groups
}

/// What identifies the provider of a payload that is not one of its events: alternatives, each a list of conditions. One is about all of
/// its events, and one about each group: a payload that has what the events of a group have in common, and any name.
pub(super) fn recognition(signatures: &[Signature], groups: &[Group]) -> Vec<Vec<Condition>> {
    let every: Vec<&Signature> = signatures.iter().collect();
    let mut alternatives: Vec<Vec<Condition>> = Vec::new();
    let of_all = constants(&every, None);
    let of_all = if of_all.is_empty() { at_least_two(members(&every, |path| path.len() == 1)) } else { of_all };
    let of_groups = groups.iter().filter(|group| group.events.len() < signatures.len()).map(|group| {
        let signatures: Vec<&Signature> = group.events.iter().map(|event| &signatures[*event]).collect();
        let mut conditions = constants(&signatures, Some(&group.path));
        if conditions.is_empty() {
            conditions = at_least_two(members(&signatures, |path| !path.is_empty()));
        }
        if !conditions.is_empty() {
            conditions.retain(|condition| *condition.path() != group.path);
            conditions.push(Condition::Type(group.path.clone(), Types::STRING));
        }
        conditions
    });
    for conditions in std::iter::once(of_all).chain(of_groups) {
        let has_values =
            |conditions: &[Condition]| conditions.iter().any(|condition| matches!(condition, Condition::Equals(..)));
        let is_known = alternatives.iter().any(|known| {
            // Values identify more reliably than the presence of members.
            has_values(known) >= has_values(&conditions)
                && known.iter().all(|condition| follows(condition, &conditions))
        });
        if !conditions.is_empty() && !is_known {
            alternatives.push(conditions);
        }
    }
    alternatives
}

/// The values of a member that an event fixes to strings.
fn strings<'f>(signature: &'f Signature, path: &Path) -> Option<&'f Vec<Json>> {
    fixed(signature, path).filter(|values| values.iter().all(|value| value.as_str().is_some()))
}

/// Members that have the same strings in all of some events, but for `except`.
fn constants(signatures: &[&Signature], except: Option<&Path>) -> Vec<Condition> {
    let Some((first, rest)) = signatures.split_first() else { return Vec::new() };
    let everywhere = |path: &Path, values: &Vec<Json>| {
        let same_values = |theirs: &Vec<Json>| {
            theirs.len() == values.len() && values.iter().all(|value| theirs.iter().any(|their| same(value, their)))
        };
        rest.iter().all(|signature| strings(signature, path).is_some_and(same_values))
    };
    let paths = first.fixed.iter().map(|(path, _)| path).filter(|path| except != Some(path));
    let found = paths.filter_map(|path| Some((path, strings(first, path)?)));
    found
        .filter(|(path, values)| everywhere(path, values))
        .map(|(path, v)| Condition::Equals(path.clone(), v.clone()))
        .collect()
}

/// Members that all of some events always have, without members of those members.
fn members(signatures: &[&Signature], counts: impl Fn(&Path) -> bool) -> Vec<Condition> {
    let Some((first, rest)) = signatures.split_first() else { return Vec::new() };
    let has = |signature: &&&Signature, path: &Path| signature.present.iter().any(|(known, _)| known == path);
    let always = |path: &&Path| counts(path) && rest.iter().all(|signature| has(&signature, path));
    let found: Vec<&Path> = first.present.iter().map(|(path, _)| path).filter(always).collect();
    let is_outermost = |path: &&&Path| !found.iter().any(|other| other.len() > path.len() && other.starts_with(path));
    found.iter().filter(is_outermost).map(|path| Condition::Present((*path).clone())).collect()
}

/// A single member, whatever its name, is not sufficient.
fn at_least_two(conditions: Vec<Condition>) -> Vec<Condition> {
    if conditions.len() > 1 { conditions } else { Vec::new() }
}

/// Whether a condition holds wherever all of some others do.
fn follows(condition: &Condition, from: &[Condition]) -> bool {
    from.contains(condition)
        || matches!(condition, Condition::Present(path) if from.iter().any(|known| known.path().starts_with(path)))
}
