//! Members that only one version has, and heuristics for recognizing a member of the other version.

use std::collections::{BTreeSet, HashSet};

use webhook_runtime::__private::schema::Types;

use super::change::Class;
use super::schema_version::SchemaVersion;
use crate::json::same;
use crate::json::{Json, step};
use crate::model::NodeId;
use crate::model::{ALL, intersection};

/// The depth to which the members of an unmatched member are collected.
const DEPTH: usize = 5;

/// The number of members after which no more are collected: a schema that refers to itself has exponentially many.
const MOST_MEMBERS: usize = 2000;

/// The number of enclosing objects in which a moved payload is searched for.
const ENVELOPES: usize = 3;

/// A member that only one version has.
#[derive(Clone, Debug)]
pub(super) struct Unmatched {
    /// Whether the new version has the member.
    pub(super) added: bool,
    /// The consequence of the fact that the other version lacks the member.
    pub(super) class: Class,
    pub(super) seen: Summary,
    /// The members nested in it.
    below: Vec<Summary>,
}

/// The location of a member, and the properties by which it is recognized.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    pub(super) parent: String,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) types: Types,
    /// The names of the members of its value.
    pub(super) names: BTreeSet<String>,
    /// Its values in payloads, as far as a value is evidence that two members are the same.
    values: Vec<Json>,
}

impl Summary {
    /// Returns whether two members hold the same kind of value.
    pub(super) fn is_like(&self, other: &Summary) -> bool {
        let shared = self.names.intersection(&other.names).count();
        let all = self.names.union(&other.names).count();
        intersection(self.types, other.types) != Types::default()
            && (self.types == ALL) == (other.types == ALL)
            && shared * 2 >= all
    }

    /// Returns whether payloads of both versions have a common value for the member.
    pub(super) fn has_value_of(&self, other: &Summary) -> bool {
        self.values.iter().any(|value| other.values.iter().any(|theirs| same(value, theirs)))
    }

    /// Returns whether two names are likely spellings of the same name: one has all words of the other, or they differ
    /// in few letters.
    pub(super) fn sounds_like(&self, other: &Summary) -> bool {
        let (a, b) = (words(&self.name), words(&other.name));
        let has_all = |a: &[String], b: &[String]| !b.is_empty() && b.iter().all(|word| a.contains(word));
        if has_all(&a, &b) || has_all(&b, &a) {
            return true;
        }
        let (a, b) = (a.concat(), b.concat());
        // The distance takes the product of the lengths, so names that are data must not decide how long this takes.
        a == b || a.len().max(b.len()) <= LONGEST && strsim::normalized_levenshtein(&a, &b) >= SIMILAR
    }
}

/// The similarity from which two names count as spellings of the same name.
const SIMILAR: f64 = 0.85;

/// The maximum length, in bytes, of names whose letters are compared. Longer names are similar only if they are equal.
const LONGEST: usize = 200;

/// Returns whether a shared value is evidence that two members are the same. Flags, short numbers and short texts are
/// not.
fn is_telling(value: &Json) -> bool {
    match value {
        Json::String(text) => text.trim().chars().count() > 2,
        Json::Number(number) => number.chars().filter(char::is_ascii_digit).count() > 2,
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
        Json::Null | Json::Boolean(_) => false,
    }
}

/// Returns the words of a name, regardless of its case style.
fn words(name: &str) -> Vec<String> {
    let name = heck::ToSnakeCase::to_snake_case(name);
    name.split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
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
    /// Summarizes a member that only one version has, and the members nested in it.
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

/// Returns the nested member of the new root that now holds the payload of the old root, with its location. Returns
/// `None` if the roots have a member in common.
pub(super) fn enveloped(old: &mut SchemaVersion, new: &mut SchemaVersion) -> Option<(NodeId, String)> {
    let (old_root, new_root) = (old.root, new.root);
    let own = seen(old, old_root, "", "").names;
    if own.is_empty() || !own.is_disjoint(&seen(new, new_root, "", "").names) {
        return None;
    }
    let mut open = vec![(new_root, String::new())];
    // Breadth-first order: each schema is visited at its shallowest location.
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

/// Returns the old and the new location of a member that moved: the shallowest new member of the same name and kind in
/// another object.
pub(super) fn moved(lost: &Unmatched, added: &[Unmatched], taken: &BTreeSet<String>) -> Option<(String, String)> {
    let all = added.iter().flat_map(|found| std::iter::once(&found.seen).chain(&found.below));
    let fits = |found: &&Summary| {
        found.name == lost.seen.name
            && found.parent != lost.seen.parent
            && !taken.contains(&found.place)
            && found.is_like(&lost.seen)
    };
    let found = all.filter(fits).min_by_key(|found| found.place.matches('/').count())?;
    Some((lost.seen.place.clone(), found.place.clone()))
}
