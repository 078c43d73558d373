//! Finds the members that distinguish an event from its siblings. Such a member has the same value in all payloads of
//! the event, and the value never occurs in payloads of the siblings.

use std::collections::HashSet;

use super::Sibling;
use super::identity::{Item, choose};
use super::members::{FixedMember, LONGEST_NAME, at, constants, fixed, rejects};
use super::text::is_label;
use super::vendor::stand_ins;
use crate::dispatch::Path;
use crate::json::{Json, descend, same};
use crate::text::words;

/// The members that identify an event.
#[derive(Debug, Default)]
pub(super) struct Distinction {
    /// The members with a fixed value.
    pub(super) members: Vec<FixedMember>,
    /// The members of the payload that are required because no value identifies the event.
    pub(super) required: Vec<String>,
    /// The siblings that must be tried before the event.
    pub(super) after: Vec<String>,
    /// Sentences about points that a person should review.
    pub(super) notes: Vec<String>,
}

/// The maximum number of times that the search is repeated among events that lack the members found before.
const ROUNDS: usize = 3;

/// The maximum number of required members if no value identifies the event.
const REQUIRED: usize = 2;

/// The maximum number of members, the most likely first, that are compared with members of siblings.
pub(super) const CANDIDATES: usize = 100;

/// The maximum number of candidate members in a note.
const CLUES: usize = 4;

/// Finds the members that distinguish the payloads of an event from the payloads of its siblings.
pub(super) fn distinguish(title: &str, payloads: &[Json], siblings: &[Sibling<'_>]) -> Distinction {
    let siblings: Vec<&Sibling<'_>> = siblings.iter().filter(|sibling| sibling.is_known()).collect();
    let chosen = naming_members(title, payloads, &siblings);
    let own = constants(payloads);
    let is_chosen = |member: &&FixedMember| chosen.contains(&member.path);
    let members: Vec<FixedMember> = own.iter().filter(is_chosen).cloned().collect();
    let any = |of: &dyn Fn(&FixedMember) -> bool| members.iter().any(of);
    let mut distinction = Distinction { members: members.clone(), ..Distinction::default() };
    let mut rest: Vec<&Sibling<'_>> = Vec::new();
    for sibling in &siblings {
        if any(&|member| sibling.excludes(member)) {
            continue;
        }
        match members.iter().find(|member| sibling.never_has(member)) {
            Some(member) => {
                distinction.notes.extend(ambiguous(sibling, payloads, member));
                // The sibling's schema does not exclude the value, so a payload may match both, and the order decides. The
                // event with the further condition comes first.
                if rejects_by_value(sibling, payloads) {
                    distinction.after.push(sibling.name.to_owned());
                }
            }
            None => rest.push(sibling),
        }
    }
    let (before, equal): (Vec<&Sibling<'_>>, Vec<&Sibling<'_>>) =
        rest.into_iter().partition(|sibling| is_distinguished(sibling, payloads));
    distinction.notes.extend(before.iter().filter_map(|sibling| missing(sibling, payloads)));
    distinction.after.extend(before.iter().map(|sibling| sibling.name.to_owned()));
    if distinction.members.is_empty() || !equal.is_empty() {
        require(&mut distinction, payloads, &siblings, &equal);
    }
    distinction
}

/// Returns the members that name the event and its siblings.
fn naming_members(title: &str, payloads: &[Json], siblings: &[&Sibling<'_>]) -> Vec<Path> {
    let used: HashSet<Path> =
        siblings.iter().filter_map(|sibling| sibling.schema).flat_map(fixed).map(|(path, _)| path).collect();
    let others: Vec<Vec<Json>> = siblings.iter().map(|sibling| stand_ins(sibling)).collect();
    let hint = words(title);
    let mut items: Vec<Item<'_>> =
        payloads.iter().map(|payload| Item { payload, hint: hint.clone(), event: Some(0) }).collect();
    for (at, (sibling, payloads)) in siblings.iter().zip(&others).enumerate() {
        let hint = words(sibling.name);
        items.extend(payloads.iter().map(|payload| Item { payload, hint: hint.clone(), event: Some(at + 1) }));
    }
    // If other events are named by a member that this event lacks, search again among the payloads that lack it too.
    for _ in 0..ROUNDS {
        let chosen = choose(&items, &used);
        let Some(first) = chosen.first() else { break };
        let lacks = |item: &Item<'_>| at(item.payload, first).is_none();
        if payloads.is_empty() || !items.iter().filter(|item| item.event == Some(0)).all(lacks) {
            return chosen;
        }
        items.retain(lacks);
    }
    Vec::new()
}

/// Requires members that are absent from the siblings not yet distinguished. An event without siblings gets the first
/// members that all of its payloads have.
fn require(distinction: &mut Distinction, payloads: &[Json], siblings: &[&Sibling<'_>], equal: &[&Sibling<'_>]) {
    let against: &[&Sibling<'_>] = if distinction.members.is_empty() { siblings } else { equal };
    let Some((first, rest)) = payloads.split_first() else { return };
    let Some(members) = first.as_object() else { return };
    let filled = |payload: &'_ Json| {
        let members = payload.as_object().unwrap_or_default().iter();
        let members = members.filter(|(name, value)| *value != Json::Null && name.len() <= LONGEST_NAME);
        members.map(|(name, _)| name.clone()).collect::<HashSet<String>>()
    };
    let mut always = filled(first);
    for payload in rest {
        let own = filled(payload);
        always.retain(|name| own.contains(name));
    }
    for sibling in against {
        let known = sibling.names();
        always.retain(|name| !known.contains(name.as_str()));
    }
    let names = members.iter().map(|(name, _)| name);
    let own: Vec<String> = names.filter(|name| always.contains(*name)).take(REQUIRED).cloned().collect();
    let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let others: Vec<String> = equal.iter().map(|sibling| sibling.name.to_owned()).collect();
    distinction.notes.push(match (own.is_empty(), against.is_empty()) {
        (false, true) => format!("no single value identifies it; required members do: {}", listed(&own)),
        (false, false) => format!("no single value identifies it; members that its siblings lack do: {}", listed(&own)),
        (true, true) => "nothing identifies the event, so any payload matches it".to_owned(),
        (true, false) if others.is_empty() => {
            "nothing identifies the event, so it matches every payload that matches no sibling".to_owned()
        }
        (true, false) => {
            let differing = constants(payloads).into_iter().filter(|member| {
                let label = member.value.as_str().is_none_or(is_label);
                label && equal.iter().all(|sibling| sibling.never_has(member))
            });
            let differing: Vec<String> = differing.take(CLUES).map(|member| descend("", &member.path)).collect();
            let help = match differing.is_empty() {
                true => "see whether the payloads show one event".to_owned(),
                false => {
                    format!(
                        "these differ in the payloads: {}; add a `const` to the one that identifies the event",
                        listed(&differing)
                    )
                }
            };
            format!("nothing distinguishes it from {}: {help}", listed(&others))
        }
    });
    distinction.required = own;
}

/// Returns whether some member of a sibling distinguishes it from these payloads.
fn is_distinguished(sibling: &Sibling<'_>, payloads: &[Json]) -> bool {
    rejects_by_value(sibling, payloads) || shows(sibling, payloads).is_some()
}

fn never(payloads: &[Json], path: &Path, value: &Json) -> bool {
    !payloads.iter().any(|payload| at(payload, path).is_some_and(|found| same(found, value)))
}

/// Returns whether the schema of a sibling rejects these payloads because of a member with a fixed value.
fn rejects_by_value(sibling: &Sibling<'_>, payloads: &[Json]) -> bool {
    let fixed = sibling.schema.map(fixed).unwrap_or_default();
    fixed.iter().any(|(path, values)| values.iter().all(|value| never(payloads, path, value)))
}

/// Returns a member that names the sibling and distinguishes its payloads from these.
fn shows(sibling: &Sibling<'_>, payloads: &[Json]) -> Option<FixedMember> {
    let names = naming_members(sibling.name, sibling.payloads, &[]);
    let own = constants(sibling.payloads).into_iter();
    own.filter(|member| names.contains(&member.path)).find(|member| never(payloads, &member.path, &member.value))
}

/// Returns advice on how the schema of a sibling can reject these payloads.
fn missing(sibling: &Sibling<'_>, payloads: &[Json]) -> Option<String> {
    if sibling.schema.is_none() || rejects_by_value(sibling, payloads) {
        return None;
    }
    let FixedMember { path, value } = shows(sibling, payloads)?;
    Some(format!(
        "the schema of `{}` accepts these payloads too: in its own payloads, `{}` is {value}; require that member, with that `const`",
        sibling.name,
        descend("", &path)
    ))
}

/// Returns advice on a sibling whose schema allows any value of a member, although the member names the event in all of
/// its payloads. Returns `None` for other siblings: the order of events decides there, and `provider.toml` states it.
fn ambiguous(sibling: &Sibling<'_>, payloads: &[Json], member: &FixedMember) -> Option<String> {
    if rejects_by_value(sibling, payloads) {
        return None;
    }
    let is_name = |own: &FixedMember| own.path == member.path && own.value.as_str().is_some_and(is_label);
    let own = constants(sibling.payloads).into_iter().find(is_name)?;
    Some(format!(
        "the schema of `{}` leaves `{}` free, so a payload can be both: in its own payloads, that member is {}; require the member, \
         with that `const`",
        sibling.name,
        descend("", &member.path),
        own.value
    ))
}

impl Sibling<'_> {
    /// Returns whether anything is known about the sibling's payloads.
    fn is_known(&self) -> bool {
        !self.payloads.is_empty() || self.schema.is_some_and(|schema| !fixed(schema).is_empty())
    }

    /// Returns whether the sibling's schema rejects every payload that has the member with this value. Without a
    /// schema, its payloads decide.
    fn excludes(&self, member: &FixedMember) -> bool {
        match self.schema {
            Some(schema) => rejects(schema, &member.path, &member.value),
            None => self.never_has(member),
        }
    }

    /// Returns whether no known payload of the sibling has the member with this value.
    fn never_has(&self, member: &FixedMember) -> bool {
        let found = |payload: &Json| at(payload, &member.path).is_some_and(|value| same(value, &member.value));
        if self.payloads.iter().any(found) {
            return false;
        }
        let declared = self.schema.map(fixed).unwrap_or_default();
        match declared.iter().find(|(path, _)| *path == member.path) {
            Some((_, values)) => !values.iter().any(|value| same(value, &member.value)),
            None => !self.payloads.is_empty(),
        }
    }

    /// Returns the members that the sibling's schema declares, and the members of its payloads.
    fn names(&self) -> HashSet<&str> {
        let declared = self.schema.and_then(|schema| schema.get("properties")?.as_object()).unwrap_or_default();
        let seen = self.payloads.iter().flat_map(|payload| payload.as_object().unwrap_or_default());
        declared.iter().chain(seen).map(|(name, _)| name.as_str()).collect()
    }
}

/// Returns the identifying members as JSON Pointers.
pub(super) fn pointers(distinction: &Distinction) -> Vec<String> {
    let required = distinction.required.iter().map(|name| descend("", [name]));
    distinction.members.iter().map(|member| descend("", &member.path)).chain(required).collect()
}
