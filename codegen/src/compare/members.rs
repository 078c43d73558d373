//! Compares members and items, and matches members that only one version has: they may have been renamed or moved.

use std::collections::BTreeSet;

use super::change::{Change, ChangeKind, Class};
use super::schema_version::{SchemaVersion, named};
use super::unmatched::{Unmatched, moved};
use super::walk::Comparison;
use crate::json::step;
use crate::model::{Keywords, NodeId};

impl Comparison<'_> {
    pub(super) fn objects(&mut self, old: &Keywords, new: &Keywords, place: &str, depth: usize) {
        self.member_counts(old, new, place);
        for (name, member) in &old.properties {
            let required = old.required.contains(name);
            let Some(other) = new.property(name) else {
                let class = if required { Class::Breaking } else { Class::Compatible };
                self.unmatched.push(Unmatched::of(&mut self.old, *member, (place, name), false, class));
                continue;
            };
            self.below(*member, other, place, name, depth);
            self.presence(required, new.required.contains(name), &step(place, name));
        }
        for (name, member) in new.properties.iter().filter(|(name, _)| old.property(name).is_none()) {
            let closed = old.additional_properties.is_some_and(|id| self.old.keywords(id).is_false);
            let class = if closed { Class::Breaking } else { Class::Compatible };
            self.unmatched.push(Unmatched::of(&mut self.new, *member, (place, name), true, class));
            if let Some(rest) = old.additional_properties.filter(|_| !closed) {
                self.below(rest, *member, place, name, depth);
            }
        }
        let unnamed = |name: &&String| old.property(name).or(new.property(name)).is_none();
        let names: BTreeSet<&String> = old.required.iter().chain(&new.required).filter(unnamed).collect();
        for name in names {
            self.presence(old.required.contains(name), new.required.contains(name), &step(place, name));
        }
        self.rest("additionalProperties", (old.additional_properties, new.additional_properties), place, depth);
    }

    pub(super) fn arrays(&mut self, old: &Keywords, new: &Keywords, place: &str, depth: usize) {
        self.item_counts(old, new, place);
        for index in 0..old.prefix_items.len().max(new.prefix_items.len()) {
            let item = |keywords: &Keywords| keywords.prefix_items.get(index).copied().or(keywords.items);
            match (item(old), item(new)) {
                (Some(a), Some(b)) => self.below(a, b, place, &index.to_string(), depth),
                (Some(_), None) => self.rest("items", (item(old), None), &step(place, &index.to_string()), depth),
                (None, Some(_)) => self.rest("items", (None, item(new)), &step(place, &index.to_string()), depth),
                (None, None) => {}
            }
        }
        self.rest("items", (old.items, new.items), place, depth);
    }

    /// Compares the schemas of all members or items that are not declared by name or index.
    fn rest(&mut self, keyword: &str, (old, new): (Option<NodeId>, Option<NodeId>), place: &str, depth: usize) {
        let constraining =
            |side: &mut SchemaVersion, id: Option<NodeId>| id.filter(|id| !side.keywords(*id).is_empty());
        let (old, new) = (constraining(&mut self.old, old), constraining(&mut self.new, new));
        let never = |side: &mut SchemaVersion, id: NodeId| side.keywords(id).is_false;
        let text_of = |closed: bool| Some(format!("{keyword}: {}", if closed { "none" } else { "a schema" }));
        let any = Some(format!("{keyword}: any"));
        match (old, new) {
            (None, None) => {}
            (None, Some(new)) => {
                let closed = never(&mut self.new, new);
                self.say(ChangeKind::RuleTightened, place, any, text_of(closed));
            }
            (Some(old), None) => {
                let closed = never(&mut self.old, old);
                self.say(ChangeKind::RuleLoosened, place, text_of(closed), any);
            }
            (Some(old), Some(new)) => match (never(&mut self.old, old), never(&mut self.new, new)) {
                (true, true) => {}
                (true, false) => self.say(ChangeKind::RuleLoosened, place, text_of(true), text_of(false)),
                (false, true) => self.say(ChangeKind::RuleTightened, place, text_of(false), text_of(true)),
                (false, false) => self.below(old, new, place, "*", depth),
            },
        }
    }

    fn presence(&mut self, old: bool, new: bool, place: &str) {
        let text_of = |required: bool| Some(if required { "required" } else { "optional" }.to_owned());
        match (old, new) {
            (true, false) => self.say(ChangeKind::RequiredRemoved, place, text_of(old), text_of(new)),
            (false, true) => self.say(ChangeKind::RequiredAdded, place, text_of(old), text_of(new)),
            _ => {}
        }
    }

    /// Reports each member that only one version has as moved, renamed, removed or added.
    pub(super) fn match_renames(&mut self) {
        let unmatched = std::mem::take(&mut self.unmatched);
        let (mut added, gone): (Vec<Unmatched>, Vec<Unmatched>) =
            unmatched.into_iter().partition(|unmatched| unmatched.added);
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut left = Vec::new();
        for lost in gone {
            match moved(&lost, &added, &taken) {
                Some((from, to)) => {
                    // A member inside a new parent has no entry in `added`; only the parent is reported as new.
                    added.retain(|found| found.seen.place != to);
                    taken.insert(to.clone());
                    self.say_as(ChangeKind::MemberMoved, lost.class, &from, Some(from.clone()), Some(to));
                }
                None => left.push(lost),
            }
        }
        for is_renamed in [by_value, by_name, by_members] {
            let parents: Vec<String> = left.iter().map(|lost| lost.seen.parent.clone()).collect();
            for lost in std::mem::take(&mut left) {
                match is_renamed(&lost, &added, &parents) {
                    Some(at) => {
                        let found = added.remove(at);
                        let (old, new) = (Some(lost.seen.name.clone()), Some(found.seen.name));
                        self.say_as(ChangeKind::MemberRenamed, lost.class, &lost.seen.place, old, new);
                    }
                    None => left.push(lost),
                }
            }
        }
        for lost in left {
            self.say_as(ChangeKind::MemberRemoved, lost.class, &lost.seen.place, Some(named(lost.seen.types)), None);
        }
        for found in added {
            self.say_as(ChangeKind::MemberAdded, found.class, &found.seen.place, None, Some(named(found.seen.types)));
        }
        // Sort by the location in a payload, and by severity at the same location.
        let key = |change: &Change| (change.place.clone(), std::cmp::Reverse(change.class), change.what);
        self.found.sort_by_key(|found| key(&found.change));
    }
}

/// Returns the only new sibling of a lost member whose value occurs in the old payloads as the lost member's value.
fn by_value(lost: &Unmatched, added: &[Unmatched], _: &[String]) -> Option<usize> {
    let mut fitting = beside(lost, added).filter(|(_, found)| found.seen.has_value_of(&lost.seen));
    fitting.next().filter(|_| fitting.next().is_none()).map(|(at, _)| at)
}

/// Returns a new sibling of a lost member with a similar name.
fn by_name(lost: &Unmatched, added: &[Unmatched], _: &[String]) -> Option<usize> {
    beside(lost, added).find(|(_, found)| found.seen.sounds_like(&lost.seen)).map(|(at, _)| at)
}

/// Returns the only new sibling of the only lost member of an object, if both are objects with similar members.
/// `parents` has the parent of each lost member.
fn by_members(lost: &Unmatched, added: &[Unmatched], parents: &[String]) -> Option<usize> {
    let is_one = |parents: &mut dyn Iterator<Item = &String>| parents.filter(|p| **p == lost.seen.parent).count() == 1;
    let only = is_one(&mut parents.iter()) && is_one(&mut added.iter().map(|found| &found.seen.parent));
    beside(lost, added).next().filter(|_| only && !lost.seen.names.is_empty()).map(|(at, _)| at)
}

/// Returns the new siblings of a lost member that hold the same kind of value.
fn beside<'l>(lost: &'l Unmatched, added: &'l [Unmatched]) -> impl Iterator<Item = (usize, &'l Unmatched)> {
    let fits = |found: &Unmatched| found.seen.parent == lost.seen.parent && found.seen.is_like(&lost.seen);
    added.iter().enumerate().filter(move |(_, found)| fits(found))
}
