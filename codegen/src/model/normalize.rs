//! Conjunctions: a schema with references and `allOf` as one schema without them.
//!
//! A merged schema never constrains more than its parts do. Where it constrains less, `exact` is false: it describes a
//! type that holds
//! every valid instance, and whether an instance is valid must be asked of the parts.

use std::collections::HashMap;

use webhook_runtime::__private::number::{NumberLiteral, compare};
use webhook_runtime::__private::schema::Types;

use super::{Annotations, Keywords, Model, Node, NodeId};
use crate::json::Json;

/// A schema without references and `allOf`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Normalized {
    pub(crate) node: NodeId,
    /// Whether it is equivalent to the schema.
    pub(crate) exact: bool,
}

/// A schema by the name, or the expression for names, of its member.
type Member = (String, NodeId);

/// The conjunctions made so far.
#[derive(Debug, Default)]
pub(crate) struct Normalizer {
    normalized: HashMap<NodeId, Option<Normalized>>,
    /// Conjunctions by their parts, sorted.
    intersections: HashMap<Vec<NodeId>, NodeId>,
    /// The parts of conjunctions: schemas that are none themselves. A recursive schema that extends a recursive schema
    /// would else be another conjunction at every depth.
    parts: HashMap<NodeId, Vec<NodeId>>,
    true_schema: Option<NodeId>,
    typed: HashMap<(NodeId, u8), NodeId>,
}

impl Normalizer {
    /// The keywords of a schema, without references and `allOf`.
    pub(crate) fn normalize(&mut self, model: &mut Model, id: NodeId) -> Normalized {
        match self.normalized.get(&id) {
            Some(Some(flat)) => return *flat,
            // A conjunction with itself somewhere inside: what it adds is not known yet.
            Some(None) => return Normalized { node: self.true_schema(model), exact: false },
            None => {}
        }
        self.normalized.insert(id, None);
        let flat = self.merge_parts(model, id);
        self.normalized.insert(id, Some(flat));
        flat
    }

    fn merge_parts(&mut self, model: &mut Model, id: NodeId) -> Normalized {
        let node = model.node(id).clone();
        let Keywords { reference, dynamic, all_of, .. } = &node.keywords;
        if reference.is_none() && dynamic.is_none() && all_of.is_empty() {
            return Normalized { node: id, exact: true };
        }
        let own = Keywords { reference: None, dynamic: None, all_of: Vec::new(), ..node.keywords.clone() };
        let mut exact = dynamic.is_none();
        let mut notes = node.annotations.clone();
        let mut parts = Vec::new();
        let own_is_empty = own.is_empty();
        if !own_is_empty {
            parts.push(own);
        }
        for target in reference.iter().chain(all_of) {
            let flat = self.normalize(model, *target);
            exact &= flat.exact;
            if own_is_empty && reference.iter().count() + all_of.len() == 1 {
                return Normalized { node: flat.node, exact };
            }
            notes = notes.or(&model.node(flat.node).annotations);
            parts.push(model.keywords(flat.node).clone());
        }
        let mut merged = Keywords::default();
        for part in parts {
            exact &= merged.and(part, model, self);
        }
        let node = model.add(Node { keywords: merged, annotations: notes, ..node });
        self.normalized.insert(node, Some(Normalized { node, exact: true }));
        Normalized { node, exact }
    }

    /// The schema that accepts everything.
    pub(crate) fn true_schema(&mut self, model: &mut Model) -> NodeId {
        *self.true_schema.get_or_insert_with(|| {
            let node = model.node(NodeId(0)).clone();
            model.add(Node {
                pointer: String::new(),
                keywords: Keywords::default(),
                annotations: Annotations::default(),
                ..node
            })
        })
    }

    /// The schema that accepts what both accept.
    pub(crate) fn intersect(&mut self, model: &mut Model, a: NodeId, b: NodeId) -> NodeId {
        let nothing = |id: NodeId| model.keywords(id).is_empty();
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
        if let Some(known) = self.intersections.get(&key) {
            return *known;
        }
        let notes = model.node(a).annotations.clone().or(&model.node(b).annotations);
        let node = model.node(a).clone();
        let id = model.add(Node {
            keywords: Keywords { all_of: all.clone(), ..Keywords::default() },
            annotations: notes,
            ..node
        });
        self.intersections.insert(key, id);
        self.parts.insert(id, all);
        id
    }

    fn both_or(&mut self, model: &mut Model, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.intersect(model, a, b)),
            (one, other) => one.or(other),
        }
    }

    /// The schema, for instances of some types only. Its own place and notes stay.
    pub(crate) fn restrict_types(&mut self, model: &mut Model, id: NodeId, types: Types) -> NodeId {
        if let Some(known) = self.typed.get(&(id, types.0)) {
            return *known;
        }
        let mut node = model.node(id).clone();
        let id_of = match node.keywords.reference.is_none()
            && node.keywords.dynamic.is_none()
            && node.keywords.all_of.is_empty()
        {
            true => {
                node.keywords.types = Some(intersection(node.keywords.types.unwrap_or(ALL), types));
                model.add(node)
            }
            false => {
                let rules = Keywords { types: Some(types), ..Keywords::default() };
                let only = model.add(Node { keywords: rules, annotations: Annotations::default(), ..node });
                self.intersect(model, id, only)
            }
        };
        self.typed.insert((id, types.0), id_of);
        id_of
    }
}

impl Annotations {
    /// These annotations, with another's as fallback.
    fn or(mut self, other: &Annotations) -> Annotations {
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
pub(crate) fn intersection(a: Types, b: Types) -> Types {
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

impl Keywords {
    /// Whether the schema accepts everything as far as one sees.
    pub(crate) fn is_empty(&self) -> bool {
        let Keywords {
            is_false: never, types, const_value: constant, enum_values: choices, unique_items: unique, ..
        } = self;
        let lengths = [
            self.max_length,
            self.min_length,
            self.max_items,
            self.min_items,
            self.max_properties,
            self.min_properties,
        ];
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

    /// Adds the keywords of another schema. False: not all of them could be represented.
    fn and(&mut self, other: Keywords, model: &mut Model, normalizer: &mut Normalizer) -> bool {
        let mut exact = true;
        self.is_false |= other.is_false;
        self.types = match (self.types, other.types) {
            (Some(a), Some(b)) => Some(intersection(a, b)),
            (a, b) => a.or(b),
        };
        self.const_value = match (self.const_value.take(), other.const_value) {
            (Some(a), Some(b)) => {
                self.is_false |= !same(&a, &b);
                Some(a)
            }
            (a, b) => a.or(b),
        };
        self.enum_values = match (self.enum_values.take(), other.enum_values) {
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
        self.max_properties = least(self.max_properties, other.max_properties);
        self.min_properties = most(self.min_properties, other.min_properties);
        self.unique_items |= other.unique_items;
        self.multiple_of.extend(other.multiple_of);
        self.patterns.extend(other.patterns);
        for name in other.required {
            if !self.required.contains(&name) {
                self.required.push(name);
            }
        }
        let count = self.prefix_items.len().max(other.prefix_items.len());
        let item = |prefix: &[NodeId], rest: Option<NodeId>, index: usize| prefix.get(index).copied().or(rest);
        self.prefix_items = (0..count)
            .map(|index| {
                let items =
                    (item(&self.prefix_items, self.items, index), item(&other.prefix_items, other.items, index));
                normalizer.both_or(model, items.0, items.1).unwrap_or_else(|| normalizer.true_schema(model))
            })
            .collect();
        self.items = normalizer.both_or(model, self.items, other.items);
        let pieces = (other.properties.as_slice(), other.pattern_properties.as_slice(), other.additional_properties);
        exact &= self.and_members(pieces, model, normalizer);
        self.contains.extend(other.contains);
        self.property_names.extend(other.property_names);
        self.dependent_required.extend(other.dependent_required);
        self.dependent_schemas.extend(other.dependent_schemas);
        self.not.extend(other.not);
        self.if_then_else.extend(other.if_then_else);
        self.any_of.extend(other.any_of);
        self.one_of.extend(other.one_of);
        // What a part has evaluated is not what the whole has.
        exact &= [self.unevaluated_items.take(), self.unevaluated_properties.take()].iter().all(Option::is_none);
        exact & other.unevaluated_items.is_none() & other.unevaluated_properties.is_none()
    }

    fn and_members(
        &mut self,
        (members, patterns, additional): (&[Member], &[Member], Option<NodeId>),
        model: &mut Model,
        normalizer: &mut Normalizer,
    ) -> bool {
        let mut exact = true;
        let own = std::mem::take(&mut self.properties);
        let own_patterns = std::mem::take(&mut self.pattern_properties);
        let find =
            |list: &[(String, NodeId)], name: &str| list.iter().find(|(known, _)| known == name).map(|(_, id)| *id);
        // A member that one side names and the other does not is one of the other's additional ones, unless its name
        // matches; the patterns are kept, and still apply.
        let matched = |list: &[(String, NodeId)], name: &str| {
            let compiled = |source: &str| {
                webhook_runtime::__private::Pattern::compile(&super::pattern::translate(source)?)
                    .map_err(|e| e.to_string())
            };
            list.iter().any(|(source, _)| compiled(source).is_ok_and(|pattern| pattern.is_match(name)))
        };
        for (name, id) in &own {
            let other = find(members, name).or(additional.filter(|_| !matched(patterns, name)));
            let id = other.map_or(*id, |other| normalizer.intersect(model, *id, other));
            self.properties.push((name.clone(), id));
        }
        for (name, id) in members.iter().filter(|(name, _)| find(&own, name).is_none()) {
            let other = self.additional_properties.filter(|_| !matched(&own_patterns, name));
            let id = other.map_or(*id, |other| normalizer.intersect(model, other, *id));
            self.properties.push((name.clone(), id));
        }
        // A name that only one side's patterns match is an additional one of the other.
        let sources = |list: &[(String, NodeId)]| {
            let mut sources: Vec<String> = list.iter().map(|(source, _)| source.clone()).collect();
            sources.sort();
            sources
        };
        if sources(&own_patterns) != sources(patterns) {
            let says = |id: Option<NodeId>| id.is_some_and(|id| !model.keywords(id).is_empty());
            exact &= own_patterns.is_empty() || !says(additional);
            exact &= patterns.is_empty() || !says(self.additional_properties);
        }
        self.pattern_properties = own_patterns;
        for (source, id) in patterns {
            match self.pattern_properties.iter().position(|(known, _)| known == source) {
                Some(at) => {
                    self.pattern_properties[at].1 = normalizer.intersect(model, self.pattern_properties[at].1, *id)
                }
                None => self.pattern_properties.push((source.clone(), *id)),
            }
        }
        self.additional_properties = normalizer.both_or(model, self.additional_properties, additional);
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
