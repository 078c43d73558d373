//! Walks two schemas side by side, member by member.

use std::collections::{HashMap, HashSet};

use webhook_runtime::__private::schema::Types;

use super::change::{Change, ChangeKind, Class};
use super::schema_version::{SchemaVersion, named};
use super::unmatched::{self, Unmatched};
use crate::json::step;
use crate::model::intersection;
use crate::model::{Keywords, NodeId};

/// The maximum depth of the walk. Recursive schemas end earlier, because each pair of nodes is visited once.
const DEPTH: usize = 64;

/// The state of a walk through two schemas.
pub(super) struct Comparison<'w> {
    event: &'w str,
    pub(super) old: SchemaVersion,
    pub(super) new: SchemaVersion,
    seen: HashSet<(NodeId, NodeId)>,
    pub(super) found: Vec<Found>,
    /// The schemas of both versions at each location: the first pair that was compared there.
    pub(super) places: HashMap<String, (NodeId, NodeId)>,
    /// The keyword that is being compared.
    pub(super) keyword: Option<&'static str>,
    /// Members that only one version has. They may have been renamed or moved.
    pub(super) unmatched: Vec<Unmatched>,
}

/// Marks changes in the named values of an open enum, which accepts every other value too.
pub(super) const OPEN_VALUES: &str = "enum";

/// A change, and the keyword that it concerns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) change: Change,
    pub(super) keyword: Option<&'static str>,
}

/// Returns the differences, each with the class of its kind.
pub(super) fn walk(event: &str, old: SchemaVersion, new: SchemaVersion) -> Comparison<'_> {
    let roots = (old.root, new.root);
    let mut walk = Comparison {
        event,
        old,
        new,
        seen: HashSet::new(),
        found: Vec::new(),
        places: HashMap::new(),
        keyword: None,
        unmatched: Vec::new(),
    };
    match unmatched::enveloped(&mut walk.old, &mut walk.new) {
        Some((inner, place)) => {
            walk.say(ChangeKind::EventMoved, "", None, Some(place.clone()));
            walk.pair(roots.0, inner, &place, 0);
        }
        None => walk.pair(roots.0, roots.1, "", 0),
    }
    walk.match_renames();
    walk
}

impl Comparison<'_> {
    /// Reports a change with the class that changes of its kind usually have.
    pub(super) fn say(&mut self, what: ChangeKind, place: &str, old: Option<String>, new: Option<String>) {
        self.say_as(what, what.usual_class(), place, old, new);
    }

    pub(super) fn say_as(
        &mut self,
        what: ChangeKind,
        class: Class,
        place: &str,
        old: Option<String>,
        new: Option<String>,
    ) {
        let change = Change { place: place.to_owned(), old, new, ..Change::of(self.event, what, class) };
        let found = Found { change, keyword: self.keyword };
        if !self.found.contains(&found) {
            self.found.push(found);
        }
    }

    /// Compares the declarations of two nodes for one location.
    pub(super) fn pair(&mut self, old: NodeId, new: NodeId, place: &str, depth: usize) {
        if depth > DEPTH || !self.seen.insert((old, new)) {
            return;
        }
        self.places.entry(place.to_owned()).or_insert((old, new));
        self.words(old, new, place);
        self.types(old, new, place);
        let (old_branches, new_branches) = (self.old.alternatives(old), self.new.alternatives(new));
        let classes = [Types::STRING, Types::NUMBER.or(Types::INTEGER), Types::BOOLEAN, Types::ARRAY, Types::OBJECT];
        for class in classes {
            let old: Vec<NodeId> = of_class(&mut self.old, &old_branches, class);
            let new: Vec<NodeId> = of_class(&mut self.new, &new_branches, class);
            match (old.as_slice(), new.as_slice()) {
                ([], _) | (_, []) => {}
                ([old], [new]) => self.restrict_types(*old, *new, class, place, depth),
                _ if class == Types::OBJECT || class == Types::ARRAY => self.branches(&old, &new, class, place, depth),
                _ => self.all_values(&old, &new, place),
            }
        }
        let (old, new) = (self.old.keywords(old), self.new.keywords(new));
        self.conditions(&old, &new, place);
    }

    fn types(&mut self, old: NodeId, new: NodeId, place: &str) {
        let (old, new) = (self.old.types(old), self.new.types(new));
        let without = |types: Types| Types(types.0 & !Types::NULL.0);
        let (a, b) = (without(old), without(new));
        let nulls = (old.contains(Types::NULL), new.contains(Types::NULL));
        let both = intersection(a, b);
        // If null is the only type of a node, it is compared like any other type.
        let what = match (both == a, both == b) {
            _ if numeric(a) == numeric(b) => None,
            _ if a == Types::default() && nulls.0 || b == Types::default() && nulls.1 => Some(ChangeKind::TypeChanged),
            (true, _) => Some(ChangeKind::TypeWidened),
            (_, true) => Some(ChangeKind::TypeNarrowed),
            _ => Some(ChangeKind::TypeChanged),
        };
        if let Some(what) = what {
            self.say(what, place, Some(named(old)), Some(named(new)));
            return;
        }
        match nulls {
            (false, true) => self.say(ChangeKind::NullAdded, place, Some(named(old)), Some(named(new))),
            (true, false) => self.say(ChangeKind::NullRemoved, place, Some(named(old)), Some(named(new))),
            _ => {}
        }
    }

    /// Compares the declarations of two nodes for instances of one type.
    fn restrict_types(&mut self, old: NodeId, new: NodeId, class: Types, place: &str, depth: usize) {
        let (old_rules, new_rules) = (self.old.keywords(old), self.new.keywords(new));
        self.values(&old_rules, &new_rules, class, place);
        if class == Types::STRING {
            self.strings(&old_rules, &new_rules, place);
        } else if class == Types::ARRAY {
            self.arrays(&old_rules, &new_rules, place, depth);
        } else if class == Types::OBJECT {
            self.objects(&old_rules, &new_rules, place, depth);
        } else if class != Types::BOOLEAN {
            self.numbers(&old_rules, &new_rules, place);
        }
    }

    /// Compares two unions: pairs of matching branches, and branches that only one version has.
    fn branches(&mut self, old: &[NodeId], new: &[NodeId], class: Types, place: &str, depth: usize) {
        let (mut open, mut left) = (new.to_vec(), old.to_vec());
        let mut pairs = Vec::new();
        // Equivalent branches are paired before similar ones can take their place.
        left.retain(|branch| {
            let own = self.old.structure(*branch);
            let same = open.iter().position(|other| self.new.structure(*other) == own);
            pairs.extend(same.map(|at| (*branch, open.remove(at))));
            same.is_none()
        });
        left.retain(|branch| {
            let like = self.most_like(*branch, &open);
            pairs.extend(like.map(|at| (*branch, open.remove(at))));
            like.is_none()
        });
        for (branch, other) in pairs {
            self.restrict_types(branch, other, class, place, depth);
        }
        for branch in left {
            let gone = Some(described(&mut self.old, branch));
            self.say(ChangeKind::ValuesRemoved, place, gone, None);
        }
        for branch in open {
            let added = Some(described(&mut self.new, branch));
            self.say(ChangeKind::ValuesAdded, place, None, added);
        }
    }

    /// Returns the index of the new branch that resembles an old branch most: by its discriminator, its title or its
    /// members.
    fn most_like(&mut self, branch: NodeId, open: &[NodeId]) -> Option<usize> {
        let (title, own) = (self.old.node(branch).annotations.title.clone(), tags(&mut self.old, branch));
        let names = member_names(&self.old.keywords(branch));
        let mut best: Option<(usize, usize)> = None;
        for (at, other) in open.iter().enumerate() {
            let theirs = tags(&mut self.new, *other);
            let same_tag = own.iter().any(|tag| theirs.contains(tag));
            let other_tag = own.iter().any(|(name, _)| theirs.iter().any(|(known, _)| known == name)) && !same_tag;
            let same_title = title.is_some() && self.new.node(*other).annotations.title == title;
            let shared = member_names(&self.new.keywords(*other)).iter().filter(|name| names.contains(name)).count();
            let score = usize::from(same_tag) * 1000 + usize::from(same_title) * 100 + shared;
            if !other_tag && score > 0 && best.is_none_or(|(_, known)| score > known) {
                best = Some((at, score));
            }
        }
        best.map(|(at, _)| at)
    }

    /// Compares two members or items with the same name.
    pub(super) fn below(&mut self, old: NodeId, new: NodeId, place: &str, name: &str, depth: usize) {
        self.pair(old, new, &step(place, name), depth + 1);
    }

    fn words(&mut self, old: NodeId, new: NodeId, place: &str) {
        let (old, new) = (self.old.node(old).annotations.clone(), self.new.node(new).annotations.clone());
        let deprecated = |deprecated: bool| Some(deprecated.to_string()).filter(|_| old.deprecated != new.deprecated);
        let pairs = [
            ("title", old.title.clone(), new.title.clone()),
            ("description", old.description.clone(), new.description.clone()),
            ("format", old.format.clone(), new.format.clone()),
            ("deprecated", deprecated(old.deprecated), deprecated(new.deprecated)),
        ];
        for (keyword, a, b) in pairs.into_iter().filter(|(_, a, b)| a != b) {
            let text_of = |text: Option<String>| text.map(|text| format!("{keyword}: {text}"));
            self.say(ChangeKind::WordsChanged, place, text_of(a), text_of(b));
        }
    }
}

/// Drops `integer` next to `number`, because every integer is a number.
fn numeric(types: Types) -> Types {
    if types.contains(Types::NUMBER) { Types(types.0 & !Types::INTEGER.0) } else { types }
}

fn member_names(keywords: &Keywords) -> Vec<String> {
    keywords.properties.iter().map(|(name, _)| name.clone()).collect()
}

/// Returns the members of a branch that allow exactly one value, with the value.
fn tags(side: &mut SchemaVersion, branch: NodeId) -> Vec<(String, String)> {
    let keywords = side.keywords(branch);
    let mut found = Vec::new();
    for (name, schema) in &keywords.properties {
        if let Some([only]) = side.keywords(*schema).possible_values().as_deref() {
            found.push((name.clone(), only.to_string()));
        }
    }
    found
}

/// Returns the branches that allow a type.
fn of_class(side: &mut SchemaVersion, branches: &[NodeId], class: Types) -> Vec<NodeId> {
    branches.iter().copied().filter(|branch| intersection(side.types(*branch), class) != Types::default()).collect()
}

/// Returns a description of a branch, for people.
fn described(side: &mut SchemaVersion, branch: NodeId) -> String {
    let found = tags(side, branch);
    let node = side.node(branch);
    match (&node.annotations.title, found.first()) {
        (Some(title), _) => format!("the branch {title:?}"),
        (None, Some((name, value))) => format!("the branch with `{name}` = {value}"),
        (None, None) => {
            let names = member_names(&node.keywords);
            format!("a branch of {}", if names.is_empty() { "its own".to_owned() } else { names.join(", ") })
        }
    }
}
