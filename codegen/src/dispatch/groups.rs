//! Groups the events of a provider by the member that names them, and finds the conditions that recognize the provider
//! of a payload whose event is unknown.
//!
//! Some providers name all their events in one member. Others name some events in one member, others in another member,
//! and some events not at all. The events that are named by the same member form a group.

use webhook_runtime::__private::schema::Types;

use super::condition::{Condition, Path};
use super::signature::{Signature, fixed, overlap};
use crate::json::Json;
use crate::json::same;

/// The events that are named by the same member.
#[derive(Debug)]
pub(super) struct Group {
    /// The path to the member.
    pub(super) path: Path,
    /// The indices of the events.
    events: Vec<usize>,
}

/// Returns the groups of a provider, ordered by the rank of their members. `ranked` lists the members that distinguish
/// events, and `conditions` the conditions of each event. If `named` is true, a name outside the body identifies
/// events, so only a group of all events is returned.
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
    // The only event that is named by a member, such as `{"test": "ping"}` among events with a `type`.
    for (event, conditions) in conditions.iter().enumerate() {
        let mut own = conditions.iter().filter_map(|condition| match condition {
            Condition::Equals(path, _) => Some(by(path)),
            _ => None,
        });
        groups.extend(own.find(|group| group.events == [event]).filter(|_| !is_in(&groups, event)));
    }
    groups
}

/// Returns the alternative lists of conditions that recognize the provider of a payload with an unknown event. One list
/// holds for all events. The others hold for the events of a group, with any string in the member that names the event.
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
            // Values identify a provider more reliably than the presence of members.
            has_values(known) >= has_values(&conditions)
                && known.iter().all(|condition| follows(condition, &conditions))
        });
        if !conditions.is_empty() && !is_known {
            alternatives.push(conditions);
        }
    }
    alternatives
}

/// Returns the values of a member if the event fixes it to strings.
fn strings<'f>(signature: &'f Signature, path: &Path) -> Option<&'f Vec<Json>> {
    fixed(signature, path).filter(|values| values.iter().all(|value| value.as_str().is_some()))
}

/// Returns conditions for the members, other than `except`, that are fixed to the same strings in all events.
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

/// Returns conditions for the members that are present in all events. Members that contain another one of them are left
/// out.
fn members(signatures: &[&Signature], counts: impl Fn(&Path) -> bool) -> Vec<Condition> {
    let Some((first, rest)) = signatures.split_first() else { return Vec::new() };
    let has = |signature: &&&Signature, path: &Path| signature.present.iter().any(|(known, _)| known == path);
    let always = |path: &&Path| counts(path) && rest.iter().all(|signature| has(&signature, path));
    let found: Vec<&Path> = first.present.iter().map(|(path, _)| path).filter(always).collect();
    let is_outermost = |path: &&&Path| !found.iter().any(|other| other.len() > path.len() && other.starts_with(path));
    found.iter().filter(is_outermost).map(|path| Condition::Present((*path).clone())).collect()
}

/// Returns no conditions for a single member: its presence is not specific enough, whatever its name is.
fn at_least_two(conditions: Vec<Condition>) -> Vec<Condition> {
    if conditions.len() > 1 { conditions } else { Vec::new() }
}

/// Returns whether a condition follows from a list of conditions.
fn follows(condition: &Condition, from: &[Condition]) -> bool {
    from.contains(condition)
        || matches!(condition, Condition::Present(path) if from.iter().any(|known| known.path().starts_with(path)))
}
