//! What distinguishes an event from its siblings: members that have one value in all of its payloads and never in theirs.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::Sibling;
use super::members::{FixedMember, LONGEST_NAME, at, constants, declared_constants, fixed, pointer, rejects};
use super::text::is_label;
use crate::dispatch::Path;
use crate::dispatch::discriminator::{NAME_RANKS, choose_discriminators, name_rank};
use crate::json::{Json, same};
use crate::text::words;

/// What identifies an event.
#[derive(Debug, Default)]
pub(super) struct Distinction {
    /// Members with a fixed value.
    pub(super) members: Vec<FixedMember>,
    /// Members of the payload that are required, because values do not identify the event.
    pub(super) required: Vec<String>,
    /// Siblings that must be tried first.
    pub(super) after: Vec<String>,
    /// What a person should know.
    pub(super) notes: Vec<String>,
}

/// How many members are required where no value identifies the event.
const REQUIRED: usize = 2;

/// How many members, the likeliest first, are compared with the members of siblings.
pub(super) const CANDIDATES: usize = 100;

/// How many candidate members a note lists.
const CLUES: usize = 4;

/// Finds what distinguishes the payloads of an event from those of its siblings. `schema` is the schema inferred from them.
pub(super) fn distinguish(title: &str, schema: &Json, payloads: &[Json], siblings: &[Sibling<'_>]) -> Distinction {
    let siblings: Vec<&Sibling<'_>> = siblings.iter().filter(|sibling| sibling.is_known()).collect();
    let used: HashSet<Path> = siblings.iter().flat_map(|sibling| used_by(sibling)).collect();
    let mut candidates: Vec<Candidate> = declared_constants(payloads, schema)
        .into_iter()
        .filter_map(|member| Candidate::new(member, title, &used))
        .collect();
    candidates.sort_by_key(|candidate| candidate.rank(0));
    candidates.truncate(CANDIDATES);
    for candidate in &mut candidates {
        candidate.excluded = siblings.iter().map(|sibling| sibling.excludes(&candidate.member)).collect();
        candidate.differs = siblings.iter().map(|sibling| sibling.never_has(&candidate.member)).collect();
    }
    let any = |chosen: &[&Candidate], of: fn(&Candidate) -> &[bool], at: usize| {
        chosen.iter().any(|candidate| of(candidate)[at])
    };
    let count = |chosen: &[&Candidate], of| (0..siblings.len()).filter(|at| any(chosen, of, *at)).count();
    let excluded: fn(&Candidate) -> &[bool] = |candidate| &candidate.excluded;
    let differs: fn(&Candidate) -> &[bool] = |candidate| &candidate.differs;
    candidates.sort_by_cached_key(|candidate| candidate.rank(count(&[candidate], excluded)));
    // With one payload everything is constant; where siblings are identified by another member, a `type` is only a guess.
    let (sure, guesses): (Vec<&Candidate>, Vec<&Candidate>) = candidates.iter().partition(|c| c.class <= Class::Named);
    let firsts = match sure.is_empty() && (used.is_empty() || payloads.len() > 1) {
        true => guesses.clone(),
        false => sure,
    };
    // Members that the schemas of the siblings exclude, before those that only no payload of theirs has.
    let mut chosen =
        choose_discriminators(&firsts, &guesses, siblings.len(), |candidate, sibling| candidate.excluded[sibling]);
    if count(&chosen, excluded) < siblings.len() {
        chosen =
            choose_discriminators(&firsts, &guesses, siblings.len(), |candidate, sibling| candidate.differs[sibling]);
    }
    if !siblings.is_empty()
        && count(&chosen, differs) == 0
        && firsts.first().is_none_or(|first| first.class > Class::Named)
    {
        chosen.clear();
    }
    let mut distinction =
        Distinction { members: chosen.iter().map(|c| c.member.clone()).collect(), ..Distinction::default() };
    let rest: Vec<&Sibling<'_>> = siblings
        .iter()
        .enumerate()
        .filter(|(at, _)| !any(&chosen, differs, *at))
        .map(|(_, sibling)| *sibling)
        .collect();
    for (at, sibling) in siblings.iter().enumerate().filter(|(at, _)| !any(&chosen, excluded, *at)) {
        if let Some(candidate) = chosen.iter().find(|candidate| candidate.differs[at]) {
            distinction.notes.extend(ambiguous(sibling, payloads, &candidate.member));
            if rejects_by_value(sibling, payloads) {
                distinction.after.push(sibling.name.to_owned());
            }
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

/// Requires members that are absent from the siblings not yet distinguished; what is required of an event without siblings
/// is all that makes it recognisable.
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
        (true, true) => "nothing identifies it: any payload matches".to_owned(),
        (true, false) if others.is_empty() => {
            "nothing identifies it: it matches whatever its siblings do not".to_owned()
        }
        (true, false) => {
            let differing = constants(payloads).into_iter().filter(|member| {
                let label = member.value.as_str().is_none_or(is_label);
                label && equal.iter().all(|sibling| sibling.never_has(member))
            });
            let differing: Vec<String> = differing.take(CLUES).map(|member| pointer(&member.path)).collect();
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

/// The discriminators of a sibling.
fn used_by(sibling: &Sibling<'_>) -> impl Iterator<Item = Path> {
    let fixed = sibling.schema.map(fixed).unwrap_or_default().into_iter().map(|(path, _)| path);
    let candidates = constants(sibling.payloads).into_iter();
    let candidates = candidates.filter_map(|member| Candidate::new(member, sibling.name, &HashSet::new()));
    fixed.chain(candidates.filter(|candidate| candidate.class <= Class::Named).map(|strong| strong.member.path))
}

/// Whether some member of a sibling distinguishes it from these payloads.
fn is_distinguished(sibling: &Sibling<'_>, payloads: &[Json]) -> bool {
    rejects_by_value(sibling, payloads) || shows(sibling, payloads).is_some()
}

fn never(payloads: &[Json], path: &Path, value: &Json) -> bool {
    !payloads.iter().any(|payload| at(payload, path).is_some_and(|found| same(found, value)))
}

/// Whether the schema of a sibling rejects these payloads by a member with a fixed value.
fn rejects_by_value(sibling: &Sibling<'_>, payloads: &[Json]) -> bool {
    let fixed = sibling.schema.map(fixed).unwrap_or_default();
    fixed.iter().any(|(path, values)| values.iter().all(|value| never(payloads, path, value)))
}

/// A member that distinguishes the payloads of a sibling from these.
fn shows(sibling: &Sibling<'_>, payloads: &[Json]) -> Option<FixedMember> {
    let candidates = constants(sibling.payloads).into_iter();
    let mut candidates = candidates.filter_map(|member| Candidate::new(member, sibling.name, &HashSet::new()));
    candidates.find(|candidate| never(payloads, &candidate.member.path, &candidate.member.value)).map(|c| c.member)
}

/// Returns advice on how the schema of a sibling can reject these payloads.
fn missing(sibling: &Sibling<'_>, payloads: &[Json]) -> Option<String> {
    if sibling.schema.is_none() || rejects_by_value(sibling, payloads) {
        return None;
    }
    let FixedMember { path, value } = shows(sibling, payloads)?;
    Some(format!(
        "the schema of `{}` takes these payloads too: in its own, `{}` is {value}, so give it that const there and require it",
        sibling.name,
        pointer(&path)
    ))
}

/// What to do about a sibling whose schema leaves a member free although its payloads all have one name of it there. Of any
/// other, the order of events decides, and `provider.toml` states it.
fn ambiguous(sibling: &Sibling<'_>, payloads: &[Json], member: &FixedMember) -> Option<String> {
    if rejects_by_value(sibling, payloads) {
        return None;
    }
    let is_name = |own: &FixedMember| own.path == member.path && own.value.as_str().is_some_and(is_label);
    let own = constants(sibling.payloads).into_iter().find(is_name)?;
    Some(format!(
        "the schema of `{}` leaves `{}` free, so a payload can be both: it is {} in its own, so give it that const there and \
         require it",
        sibling.name,
        pointer(&member.path),
        own.value
    ))
}

/// How likely a member is a discriminator, the most likely first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Siblings use the member.
    Used,
    /// The value is like the event's name.
    Named,
    /// The member's name suggests it.
    Label,
    /// The member's name suggests it, and the value is a number or a boolean.
    Number,
}

/// A candidate for the discriminator.
#[derive(Debug)]
struct Candidate {
    member: FixedMember,
    class: Class,
    /// Whether the value is not like the event's name.
    strange: bool,
    name: usize,
    /// For each sibling, whether its schema excludes the member with its value.
    excluded: Vec<bool>,
    /// For each sibling, whether none of its payloads has the member with its value.
    differs: Vec<bool>,
}

/// Words that do not describe an event.
const EMPTY: [&str; 8] = ["new", "event", "the", "of", "in", "and", "has", "was"];

impl Candidate {
    fn new(member: FixedMember, title: &str, used: &HashSet<Path>) -> Option<Candidate> {
        let last = member.path.last()?;
        let is_name = last == "name" && member.path.len() == 1;
        let name = if is_name { Some(NAME_RANKS) } else { name_rank(last) };
        let text = member.value.as_str();
        if text.is_some_and(|text| !is_label(text)) {
            return None;
        }
        let (title, value) = (words(title), words(text.unwrap_or_default()));
        let is_significant = |word: &&String| !EMPTY.contains(&word.as_str());
        let shares = value.iter().filter(is_significant).any(|word| title.contains(word));
        let class = if used.contains(&member.path) {
            Class::Used
        } else if !value.is_empty() && value == title || name.is_some() && shares {
            Class::Named
        } else if text.is_some() {
            name.map(|_| Class::Label)?
        } else {
            name.map(|_| Class::Number)?
        };
        let name = name.unwrap_or(usize::MAX);
        Some(Candidate { member, class, strange: !shares, name, excluded: Vec::new(), differs: Vec::new() })
    }

    /// What comes first: the surest, and then what the most siblings exclude.
    fn rank(&self, excluded: usize) -> (Class, Reverse<usize>, bool, usize, usize) {
        (self.class, Reverse(excluded), self.strange, self.name, self.member.path.len())
    }
}

impl Sibling<'_> {
    /// Whether anything is known of its payloads.
    fn is_known(&self) -> bool {
        !self.payloads.is_empty() || self.schema.is_some_and(|schema| !fixed(schema).is_empty())
    }

    /// Whether its schema rejects every payload that has a member with a value. Without a schema its payloads decide.
    fn excludes(&self, member: &FixedMember) -> bool {
        match self.schema {
            Some(schema) => rejects(schema, &member.path, &member.value),
            None => self.never_has(member),
        }
    }

    /// Whether none of its payloads has a member with a value, as far as is known.
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

/// The members of a list as JSON Pointers.
pub(super) fn pointers(distinction: &Distinction) -> Vec<String> {
    let required = distinction.required.iter().map(|name| pointer(std::slice::from_ref(name)));
    distinction.members.iter().map(|member| pointer(&member.path)).chain(required).collect()
}
