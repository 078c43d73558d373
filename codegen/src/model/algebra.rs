//! Conjunctions: what a schema with references and `allOf` says, as one schema without them.
//!
//! A merged schema never says more than its parts do. Where it says less, `exact` is false: it describes a type that holds
//! every valid instance, and whether an instance is valid must be asked of the parts.

use std::collections::HashMap;

use webhook_runtime::__private::number::{NumberLiteral, compare};
use webhook_runtime::__private::schema::Types;

use super::{Model, Node, NodeId, Notes, Rules};
use crate::json::Json;

/// A schema without references and `allOf`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flat {
    pub(crate) node: NodeId,
    /// Whether it says all that the schema says.
    pub(crate) exact: bool,
}

/// A schema by the name, or the expression for names, of its member.
type Member = (String, NodeId);

/// The conjunctions made so far.
#[derive(Debug, Default)]
pub(crate) struct Algebra {
    flat: HashMap<NodeId, Option<Flat>>,
    /// Conjunctions by what they are made of, sorted.
    both: HashMap<Vec<NodeId>, NodeId>,
    /// What conjunctions are made of: schemas that are none themselves. A recursive schema that extends a recursive schema
    /// would else be another conjunction at every depth.
    parts: HashMap<NodeId, Vec<NodeId>>,
    anything: Option<NodeId>,
    typed: HashMap<(NodeId, u8), NodeId>,
}

impl Algebra {
    /// What a schema says, without references and `allOf`.
    pub(crate) fn flatten(&mut self, model: &mut Model, id: NodeId) -> Flat {
        match self.flat.get(&id) {
            Some(Some(flat)) => return *flat,
            // A conjunction with itself somewhere inside: what it adds is not known yet.
            Some(None) => return Flat { node: self.anything(model), exact: false },
            None => {}
        }
        self.flat.insert(id, None);
        let flat = self.merge_parts(model, id);
        self.flat.insert(id, Some(flat));
        flat
    }

    fn merge_parts(&mut self, model: &mut Model, id: NodeId) -> Flat {
        let node = model.node(id).clone();
        let Rules { reference, dynamic, all_of, .. } = &node.rules;
        if reference.is_none() && dynamic.is_none() && all_of.is_empty() {
            return Flat { node: id, exact: true };
        }
        let own = Rules { reference: None, dynamic: None, all_of: Vec::new(), ..node.rules.clone() };
        let mut exact = dynamic.is_none();
        let mut notes = node.notes.clone();
        let mut parts = Vec::new();
        let own_is_empty = own.says_nothing();
        if !own_is_empty {
            parts.push(own);
        }
        for target in reference.iter().chain(all_of) {
            let flat = self.flatten(model, *target);
            exact &= flat.exact;
            if own_is_empty && reference.iter().count() + all_of.len() == 1 {
                return Flat { node: flat.node, exact };
            }
            notes = notes.or(&model.node(flat.node).notes);
            parts.push(model.rules(flat.node).clone());
        }
        let mut merged = Rules::default();
        for part in parts {
            exact &= merged.and(part, model, self);
        }
        let node = model.add(Node { rules: merged, notes, ..node });
        self.flat.insert(node, Some(Flat { node, exact: true }));
        Flat { node, exact }
    }

    /// The schema that accepts everything.
    pub(crate) fn anything(&mut self, model: &mut Model) -> NodeId {
        *self.anything.get_or_insert_with(|| {
            let node = model.node(NodeId(0)).clone();
            model.add(Node { pointer: String::new(), rules: Rules::default(), notes: Notes::default(), ..node })
        })
    }

    /// The schema that accepts what both accept.
    pub(crate) fn both(&mut self, model: &mut Model, a: NodeId, b: NodeId) -> NodeId {
        let nothing = |id: NodeId| model.rules(id).says_nothing();
        if a == b || nothing(b) {
            return a;
        }
        if nothing(a) {
            return b;
        }
        let of = |id: NodeId| self.parts.get(&id).cloned().unwrap_or_else(|| vec![id]);
        let (own, other) = (of(a), of(b));
        let mut all = own.clone();
        all.extend(other.iter().filter(|part| !own.contains(part)));
        if all.len() == own.len() {
            return a;
        }
        if all.len() == other.len() {
            return b;
        }
        let mut key = all.clone();
        key.sort_unstable();
        if let Some(known) = self.both.get(&key) {
            return *known;
        }
        let notes = model.node(a).notes.clone().or(&model.node(b).notes);
        let node = model.node(a).clone();
        let id = model.add(Node { rules: Rules { all_of: all.clone(), ..Rules::default() }, notes, ..node });
        self.both.insert(key, id);
        self.parts.insert(id, all);
        id
    }

    fn both_or(&mut self, model: &mut Model, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.both(model, a, b)),
            (one, other) => one.or(other),
        }
    }

    /// The schema, for instances of some types only. Its own place and notes stay.
    pub(crate) fn of_types(&mut self, model: &mut Model, id: NodeId, types: Types) -> NodeId {
        if let Some(known) = self.typed.get(&(id, types.0)) {
            return *known;
        }
        let mut node = model.node(id).clone();
        let id_of = match node.rules.reference.is_none() && node.rules.dynamic.is_none() && node.rules.all_of.is_empty()
        {
            true => {
                node.rules.types = Some(meet(node.rules.types.unwrap_or(ALL), types));
                model.add(node)
            }
            false => {
                let rules = Rules { types: Some(types), ..Rules::default() };
                let only = model.add(Node { rules, notes: Notes::default(), ..node });
                self.both(model, id, only)
            }
        };
        self.typed.insert((id, types.0), id_of);
        id_of
    }
}

impl Notes {
    /// These notes, and another's where these say nothing.
    fn or(mut self, other: &Notes) -> Notes {
        self.title = self.title.or_else(|| other.title.clone());
        self.description = self.description.or_else(|| other.description.clone());
        self.format = self.format.or_else(|| other.format.clone());
        self.deprecated |= other.deprecated;
        self.timestamp |= other.timestamp;
        if self.templates.is_empty() {
            self.templates = other.templates.clone();
        }
        self
    }
}

/// Every type.
pub(crate) const ALL: Types =
    Types(Types::NULL.0 | Types::BOOLEAN.0 | Types::NUMBER.0 | Types::STRING.0 | Types::ARRAY.0 | Types::OBJECT.0);

/// The types of both sets; an integer is a number.
pub(crate) fn meet(a: Types, b: Types) -> Types {
    let numeric = Types::INTEGER.or(Types::NUMBER);
    let mut both = Types(a.0 & b.0 & !numeric.0);
    let has = |types: Types| types.0 & numeric.0 != 0;
    if a.contains(Types::NUMBER) && b.contains(Types::NUMBER) {
        both = both.or(Types::NUMBER);
    } else if has(a) && has(b) {
        both = both.or(Types::INTEGER);
    }
    both
}

impl Rules {
    /// Whether the schema accepts everything as far as one sees.
    pub(crate) fn says_nothing(&self) -> bool {
        let Rules { never, types, constant, choices, unique, .. } = self;
        let lengths =
            [self.max_length, self.min_length, self.max_items, self.min_items, self.max_members, self.min_members];
        let bounds = [&self.maximum, &self.exclusive_maximum, &self.minimum, &self.exclusive_minimum];
        !never
            && types.is_none()
            && constant.is_none()
            && choices.is_none()
            && !unique
            && self.reference.is_none()
            && self.dynamic.is_none()
            && lengths.iter().all(Option::is_none)
            && bounds.iter().all(|bound| bound.is_none())
            && self.multiple_of.is_empty()
            && self.patterns.is_empty()
            && self.required.is_empty()
            && self.dependent_required.is_empty()
            && self.children().is_empty()
    }

    /// Adds what another schema says. False: not all of it could be said.
    fn and(&mut self, other: Rules, model: &mut Model, algebra: &mut Algebra) -> bool {
        let mut exact = true;
        self.never |= other.never;
        self.types = match (self.types, other.types) {
            (Some(a), Some(b)) => Some(meet(a, b)),
            (a, b) => a.or(b),
        };
        self.constant = match (self.constant.take(), other.constant) {
            (Some(a), Some(b)) => {
                self.never |= !same(&a, &b);
                Some(a)
            }
            (a, b) => a.or(b),
        };
        self.choices = match (self.choices.take(), other.choices) {
            (Some(a), Some(b)) => Some(a.into_iter().filter(|a| b.iter().any(|b| same(a, b))).collect()),
            (a, b) => a.or(b),
        };
        self.maximum = tighter(self.maximum.take(), other.maximum, true);
        self.exclusive_maximum = tighter(self.exclusive_maximum.take(), other.exclusive_maximum, true);
        self.minimum = tighter(self.minimum.take(), other.minimum, false);
        self.exclusive_minimum = tighter(self.exclusive_minimum.take(), other.exclusive_minimum, false);
        let least = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).min();
        let most = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).max();
        self.max_length = least(self.max_length, other.max_length);
        self.min_length = most(self.min_length, other.min_length);
        self.max_items = least(self.max_items, other.max_items);
        self.min_items = most(self.min_items, other.min_items);
        self.max_members = least(self.max_members, other.max_members);
        self.min_members = most(self.min_members, other.min_members);
        self.unique |= other.unique;
        self.multiple_of.extend(other.multiple_of);
        self.patterns.extend(other.patterns);
        for name in other.required {
            if !self.required.contains(&name) {
                self.required.push(name);
            }
        }
        let count = self.prefix.len().max(other.prefix.len());
        let item = |prefix: &[NodeId], rest: Option<NodeId>, index: usize| prefix.get(index).copied().or(rest);
        self.prefix = (0..count)
            .map(|index| {
                let items = (item(&self.prefix, self.rest, index), item(&other.prefix, other.rest, index));
                algebra.both_or(model, items.0, items.1).unwrap_or_else(|| algebra.anything(model))
            })
            .collect();
        self.rest = algebra.both_or(model, self.rest, other.rest);
        let pieces = (other.members.as_slice(), other.pattern_members.as_slice(), other.additional);
        exact &= self.and_members(pieces, model, algebra);
        self.contains.extend(other.contains);
        self.names.extend(other.names);
        self.dependent_required.extend(other.dependent_required);
        self.dependent_schemas.extend(other.dependent_schemas);
        self.not.extend(other.not);
        self.conditions.extend(other.conditions);
        self.any_of.extend(other.any_of);
        self.one_of.extend(other.one_of);
        // What a part has evaluated is not what the whole has.
        exact &= [self.unevaluated_items.take(), self.unevaluated_members.take()].iter().all(Option::is_none);
        exact & other.unevaluated_items.is_none() & other.unevaluated_members.is_none()
    }

    fn and_members(
        &mut self,
        (members, patterns, additional): (&[Member], &[Member], Option<NodeId>),
        model: &mut Model,
        algebra: &mut Algebra,
    ) -> bool {
        let mut exact = true;
        let own = std::mem::take(&mut self.members);
        let own_patterns = std::mem::take(&mut self.pattern_members);
        let find =
            |list: &[(String, NodeId)], name: &str| list.iter().find(|(known, _)| known == name).map(|(_, id)| *id);
        // A member that one side names and the other does not is one of the other's additional ones, unless its name
        // matches; the patterns stay, and say their part.
        let matched = |list: &[(String, NodeId)], name: &str| {
            let compiled = |source: &str| {
                webhook_runtime::__private::Pattern::compile(&super::pattern::translate(source)?)
                    .map_err(|e| e.to_string())
            };
            list.iter().any(|(source, _)| compiled(source).is_ok_and(|pattern| pattern.is_match(name)))
        };
        for (name, id) in &own {
            let other = find(members, name).or(additional.filter(|_| !matched(patterns, name)));
            let id = other.map_or(*id, |other| algebra.both(model, *id, other));
            self.members.push((name.clone(), id));
        }
        for (name, id) in members.iter().filter(|(name, _)| find(&own, name).is_none()) {
            let other = self.additional.filter(|_| !matched(&own_patterns, name));
            let id = other.map_or(*id, |other| algebra.both(model, other, *id));
            self.members.push((name.clone(), id));
        }
        // A name that only one side's patterns match is an additional one of the other.
        let sources = |list: &[(String, NodeId)]| {
            let mut sources: Vec<String> = list.iter().map(|(source, _)| source.clone()).collect();
            sources.sort();
            sources
        };
        if sources(&own_patterns) != sources(patterns) {
            let says = |id: Option<NodeId>| id.is_some_and(|id| !model.rules(id).says_nothing());
            exact &= own_patterns.is_empty() || !says(additional);
            exact &= patterns.is_empty() || !says(self.additional);
        }
        self.pattern_members = own_patterns;
        for (source, id) in patterns {
            match self.pattern_members.iter().position(|(known, _)| known == source) {
                Some(at) => self.pattern_members[at].1 = algebra.both(model, self.pattern_members[at].1, *id),
                None => self.pattern_members.push((source.clone(), *id)),
            }
        }
        self.additional = algebra.both_or(model, self.additional, additional);
        exact
    }
}

/// Whether two constants are equal under instance equality.
pub(crate) fn same(a: &Json, b: &Json) -> bool {
    webhook_runtime::__private::equal(&a.to_value(), &b.to_value())
}

fn tighter(a: Option<String>, b: Option<String>, lower: bool) -> Option<String> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let order = serde_json::from_str(&a).map(|number| compare(&number, NumberLiteral::Decimal(&b)));
            match order.is_ok_and(|order| if lower { order.is_le() } else { order.is_ge() }) {
                true => Some(a),
                false => Some(b),
            }
        }
        (a, b) => a.or(b),
    }
}
