//! Members that only one side has: what they look like, and whether two of them are likely one.

use std::collections::{BTreeSet, HashSet};

use webhook_runtime::__private::schema::Types;

use super::change::Class;
use super::schema_version::SchemaVersion;
use crate::json::same;
use crate::json::{Json, step};
use crate::model::NodeId;
use crate::model::{ALL, intersection};

/// How deep the members of one that only one side has are looked at.
const DEPTH: usize = 5;

/// With more members than this, no more are looked at: a schema that refers to itself has exponentially many.
const MOST_MEMBERS: usize = 2000;

/// How deeply a payload may be nested in an envelope.
const ENVELOPES: usize = 3;

/// A member that only one side has.
#[derive(Clone, Debug)]
pub(super) struct Unmatched {
    /// Whether it is the new side that has it.
    pub(super) added: bool,
    /// What it means that the other side does not.
    pub(super) class: Class,
    pub(super) seen: Summary,
    /// The members inside it.
    below: Vec<Summary>,
}

/// A member: where it is, and what it looks like.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    pub(super) parent: String,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) types: Types,
    /// The names of its members.
    pub(super) names: BTreeSet<String>,
    /// Values that payloads have there, if a value is evidence that two members are the same.
    values: Vec<Json>,
}

impl Summary {
    /// Whether two members hold the same kind of value.
    pub(super) fn is_like(&self, other: &Summary) -> bool {
        let shared = self.names.intersection(&other.names).count();
        let all = self.names.union(&other.names).count();
        intersection(self.types, other.types) != Types::default()
            && (self.types == ALL) == (other.types == ALL)
            && shared * 2 >= all
    }

    /// Whether payloads of both versions have the same value there.
    pub(super) fn has_value_of(&self, other: &Summary) -> bool {
        self.values.iter().any(|value| other.values.iter().any(|theirs| same(value, theirs)))
    }

    /// Whether two names are likely spellings of one: one has all words of the other, or nearly all letters are the same.
    pub(super) fn sounds_like(&self, other: &Summary) -> bool {
        let (a, b) = (words(&self.name), words(&other.name));
        let has_all = |a: &[String], b: &[String]| !b.is_empty() && b.iter().all(|word| a.contains(word));
        if has_all(&a, &b) || has_all(&b, &a) {
            return true;
        }
        let (a, b) = (a.concat(), b.concat());
        let letters = a.chars().count() + b.chars().count();
        a == b || common(&a, &b) * 2 * 100 >= letters * SIMILAR
    }
}

/// From which share of equal letters on, in percent, two names are likely spellings of one.
const SIMILAR: usize = 85;

/// Whether two members that have this value are likely the same: a flag, a small number or an empty text is not evidence.
fn is_telling(value: &Json) -> bool {
    match value {
        Json::String(text) => text.trim().chars().count() > 2,
        Json::Number(number) => number.chars().filter(char::is_ascii_digit).count() > 2,
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
        Json::Null | Json::Boolean(_) => false,
    }
}

/// The words of a name, without what only spells it.
fn words(name: &str) -> Vec<String> {
    let name = heck::ToSnakeCase::to_snake_case(name);
    name.split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The length of the longest common subsequence.
fn common(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row = vec![0_usize; b.len() + 1];
    for x in a.chars().take(64) {
        let mut before = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == *y { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn seen(side: &mut SchemaVersion, id: NodeId, parent: &str, name: &str) -> Summary {
    let mut names = BTreeSet::new();
    for branch in side.alternatives(id) {
        names.extend(side.keywords(branch).properties.into_iter().map(|(name, _)| name));
    }
    let place = step(parent, name);
    let values = side.values_at(&place).into_iter().filter(is_telling).collect();
    Summary { parent: parent.to_owned(), name: name.to_owned(), place, types: side.types(id), names, values }
}

fn inside(side: &mut SchemaVersion, id: NodeId, place: &str, depth: usize, found: &mut Vec<Summary>) {
    if depth == DEPTH || found.len() > MOST_MEMBERS {
        return;
    }
    for branch in side.alternatives(id) {
        let keywords = side.keywords(branch);
        for (name, member) in &keywords.properties {
            found.push(seen(side, *member, place, name));
            inside(side, *member, &step(place, name), depth + 1, found);
        }
        if let Some(item) = keywords.items {
            inside(side, item, &step(place, "*"), depth + 1, found);
        }
    }
}

impl Unmatched {
    /// A member that only one side has, with all that is in it.
    pub(super) fn of(
        side: &mut SchemaVersion,
        id: NodeId,
        (parent, name): (&str, &str),
        added: bool,
        class: Class,
    ) -> Unmatched {
        let seen = seen(side, id, parent, name);
        let mut below = Vec::new();
        inside(side, id, &seen.place, 0, &mut below);
        Unmatched { added, class, seen, below }
    }
}

/// The member of the new root, or one inside it, that holds what the old root held, and its place: where the roots have no
/// member in common.
pub(super) fn enveloped(old: &mut SchemaVersion, new: &mut SchemaVersion) -> Option<(NodeId, String)> {
    let (old_root, new_root) = (old.root, new.root);
    let own = seen(old, old_root, "", "").names;
    if own.is_empty() || !own.is_disjoint(&seen(new, new_root, "", "").names) {
        return None;
    }
    let mut open = vec![(new_root, String::new())];
    // The first place of a schema is the least deep one.
    let mut known = HashSet::from([new_root]);
    for _ in 0..ENVELOPES {
        let mut next = Vec::new();
        for (id, place) in open {
            for branch in new.alternatives(id) {
                let members = new.keywords(branch).properties;
                let members = members.into_iter().filter(|(_, member)| known.insert(*member));
                next.extend(members.map(|(name, member)| (member, step(&place, &name))));
            }
        }
        for (id, place) in &next {
            let names = seen(new, *id, "", "").names;
            if own.intersection(&names).count() * 2 >= own.union(&names).count() {
                return Some((*id, place.clone()));
            }
        }
        open = next;
    }
    None
}

/// From where to where a member moved, if a member of its name and kind is now at another location.
pub(super) fn moved(lost: &Unmatched, added: &[Unmatched], taken: &BTreeSet<String>) -> Option<(String, String)> {
    let all = added.iter().flat_map(|found| std::iter::once(&found.seen).chain(&found.below));
    let free = all.filter(|found| !taken.contains(&found.place));
    let mut best: Option<(usize, &Summary)> = None;
    for found in free {
        if found.name == lost.seen.name && found.parent != lost.seen.parent && found.is_like(&lost.seen) {
            let far = found.place.matches('/').count();
            if best.is_none_or(|(known, _)| far < known) {
                best = Some((far, found));
            }
        }
    }
    if let Some((_, found)) = best {
        return Some((lost.seen.place.clone(), found.place.clone()));
    }
    None
}
