//! Walks the schema of an event in parallel with the planned types, and collects the members.

use std::collections::{HashMap, HashSet};

use super::keywords::constraints;
use super::rust::{self, RustMembers, Typed};
use super::types::types;
use super::{Constraint, Member, Segment};
use crate::generate::Prepared;
use crate::model::NodeId;
use crate::plan::{Ty, TypeId};

/// The maximum depth of schemas. A payload that nests deeper is rejected by the JSON parser.
const DEPTH: usize = 128;

/// The number of members above which a schema that is used at several locations is expanded only at the first one.
const EXPANDED: usize = 2000;

/// Returns the members of an event or of the envelope.
pub(super) fn members(prepared: &mut Prepared, event: usize) -> Vec<Member> {
    let root = prepared.roots[event];
    let id = prepared.plan.roots[event].root;
    // The enum `Event` boxes its payloads.
    let is_event = event < prepared.plan.events().len();
    let types = [Typed::root(id, if is_event { "event" } else { "envelope" }, is_event)];
    let start = prepared.schemas.normalize(root).node;
    let mut walk = Walk {
        prepared,
        members: Vec::new(),
        places: HashMap::new(),
        open: vec![(start, Vec::new())],
        walked: HashMap::new(),
        expanded: HashMap::new(),
    };
    walk.schema(start, &types, &[], (None, None), &mut HashSet::new());
    walk.members
}

struct Walk<'w> {
    prepared: &'w mut Prepared,
    members: Vec<Member>,
    /// The indices of the members, by path.
    places: HashMap<Vec<Segment>, usize>,
    /// The schemas that enclose the current one, with their paths.
    open: Vec<(NodeId, Vec<Segment>)>,
    /// The types with which each schema was visited at each path.
    walked: HashMap<(NodeId, Vec<Segment>), Vec<Vec<Ty>>>,
    /// The path where each schema was expanded first.
    expanded: HashMap<NodeId, Vec<Segment>>,
}

impl Walk<'_> {
    /// Adds the members that a schema declares below a path. `types` are the Rust types of its values, `branch` is the
    /// keyword if the schema is a branch, and `parent` is the member that has the values. Each schema is visited once
    /// per location; visited schemas are in `seen`.
    fn schema(
        &mut self,
        node: NodeId,
        types: &[Typed],
        path: &[Segment],
        (branch, parent): (Option<&str>, Option<usize>),
        seen: &mut HashSet<NodeId>,
    ) {
        let node = self.prepared.schemas.normalize(node).node;
        if !seen.insert(node) {
            return;
        }
        let keywords = self.prepared.schemas.keywords(node).clone();
        for (name, child) in &keywords.properties {
            let required = keywords.required.contains(name);
            let found = rust::member(&self.prepared.plan, &self.prepared.items, types, self.own(node), name);
            self.member(*child, Segment::Name(name.clone()), found, path, (required, branch));
        }
        for name in keywords.required.iter().filter(|name| keywords.property(name).is_none()) {
            let found = rust::member(&self.prepared.plan, &self.prepared.items, types, self.own(node), name);
            let anything = self.prepared.schemas.true_schema();
            self.member(anything, Segment::Name(name.clone()), found, path, (true, branch));
        }
        let further = |walk: &Self| rust::additional(&walk.prepared.plan, &walk.prepared.items, types, walk.own(node));
        for (source, child) in &keywords.pattern_properties {
            let found = further(self);
            self.member(*child, Segment::Matching(source.clone()), found, path, (false, branch));
        }
        for child in keywords.additional_properties.iter().chain(&keywords.unevaluated_properties) {
            if self.is_restrictive(*child) {
                let found = further(self);
                self.member(*child, Segment::Any, found, path, (false, branch));
            }
        }
        for (at, child) in keywords.prefix_items.iter().enumerate() {
            let found = rust::position(&self.prepared.plan, &self.prepared.items, types, at);
            self.member(*child, Segment::Position(at), found, path, (false, branch));
        }
        for child in keywords.items.iter().chain(&keywords.unevaluated_items) {
            let items = rust::items(&self.prepared.plan, types);
            self.descend(*child, &items, &below(path, Segment::Item), parent);
        }
        // A schema in `not` describes no values.
        for (keyword, child) in keywords.in_place().into_iter().filter(|(keyword, _)| *keyword != "not") {
            self.schema(child, types, path, (Some(keyword), parent), seen);
        }
    }

    /// Returns whether a type was planned for a schema.
    fn own(&self, node: NodeId) -> impl Fn(TypeId) -> bool {
        let schemas = &self.prepared.schemas;
        let types = &self.prepared.plan.types;
        move |id| types[id.0].node == node || schemas.place(types[id.0].node) == schemas.place(node)
    }

    /// Returns whether a schema for further members deserves an entry: it neither rejects nor accepts everything.
    fn is_restrictive(&mut self, node: NodeId) -> bool {
        let keywords = self.prepared.schemas.merged(node);
        !keywords.is_false && !keywords.is_empty()
    }

    fn member(
        &mut self,
        raw: NodeId,
        segment: Segment,
        found: RustMembers,
        path: &[Segment],
        (required, branch): (bool, Option<&str>),
    ) {
        let schemas = &mut self.prepared.schemas;
        let node = schemas.normalize(raw).node;
        let (types, nullable) = types(schemas, node);
        let mut constraints = constraints(schemas, node);
        if let Some(branch) = branch {
            constraints.iter_mut().for_each(|constraint| constraint.keyword.insert_str(0, &format!("{branch}/")));
        }
        let (own, merged) = (&schemas.node(raw).annotations, &schemas.node(node).annotations);
        let text = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        // A title with a single word is the name of a type, and not a description.
        let title = |title: &Option<String>| text(title).filter(|title| title.trim().contains(char::is_whitespace));
        let description = text(&own.description)
            .or_else(|| text(&merged.description))
            .or_else(|| title(&own.title))
            .or_else(|| title(&merged.title));
        let member = Member {
            path: below(path, segment),
            types,
            nullable,
            required,
            in_some_forms: branch.is_some(),
            deprecated: own.deprecated || merged.deprecated,
            description,
            constraints,
            rust: found.members,
            access: found.access,
            same_as: None,
        };
        let path = member.path.clone();
        let place = match self.places.get(&path) {
            Some(place) => {
                merge(&mut self.members[*place], member);
                *place
            }
            None => {
                self.members.push(member);
                self.places.insert(path.clone(), self.members.len() - 1);
                self.members.len() - 1
            }
        };
        self.descend(raw, &found.values, &path, Some(place));
    }

    /// Descends into a value, unless its schema is expanded elsewhere.
    fn descend(&mut self, node: NodeId, types: &[Typed], path: &[Segment], parent: Option<usize>) {
        let node = self.prepared.schemas.normalize(node).node;
        let outer = self.open.iter().find(|(open, _)| *open == node).map(|(_, path)| path);
        let known = self.expanded.get(&node).filter(|_| self.members.len() > EXPANDED);
        if let Some(other) = outer.or(known) {
            let other = other.clone();
            if let Some(parent) = parent.filter(|_| path != other.as_slice()) {
                self.members[parent].same_as.get_or_insert(other);
            }
            return;
        }
        if self.open.len() >= DEPTH || self.prepared.schemas.keywords(node).children().is_empty() {
            return;
        }
        // Several schemas at one location may lead to the same schema by the same path.
        let walked = self.walked.entry((node, path.to_vec())).or_default();
        let types_alone: Vec<Ty> = types.iter().map(|typed| typed.ty.clone()).collect();
        if walked.contains(&types_alone) {
            return;
        }
        walked.push(types_alone);
        self.expanded.entry(node).or_insert_with(|| path.to_vec());
        self.open.push((node, path.to_vec()));
        self.schema(node, types, path, (None, parent), &mut HashSet::new());
        self.open.pop();
    }
}

fn below(path: &[Segment], segment: Segment) -> Vec<Segment> {
    path.iter().cloned().chain([segment]).collect()
}

/// Merges the description of a member in another form of a payload.
fn merge(known: &mut Member, other: Member) {
    // A branch that only adds a condition does not affect the other forms.
    let adds = other.in_some_forms && !known.in_some_forms;
    if !adds {
        let any = |types: &[String]| types.iter().any(|name| name == "any");
        if any(&known.types) || any(&other.types) {
            known.types = vec!["any".to_owned()];
        } else {
            let new: Vec<String> = other.types.into_iter().filter(|name| !known.types.contains(name)).collect();
            known.types.extend(new);
        }
        known.nullable |= other.nullable;
        known.required &= other.required;
        known.in_some_forms &= other.in_some_forms;
    }
    known.deprecated |= other.deprecated;
    known.description = known.description.take().or(other.description);
    let new: Vec<Constraint> = other.constraints.into_iter().filter(|one| !known.constraints.contains(one)).collect();
    known.constraints.extend(new);
    let new: Vec<_> = other.rust.into_iter().filter(|one| !known.rust.contains(one)).collect();
    known.rust.extend(new);
    let new: Vec<_> = other.access.into_iter().filter(|one| !known.access.contains(one)).collect();
    known.access.extend(new);
}
