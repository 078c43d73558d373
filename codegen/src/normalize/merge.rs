//! Merges the keywords of two schemas into the keywords of their conjunction.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use webhook_runtime::__private::number::{NumberLiteral, compare};

use super::Schemas;
use crate::json::{Json, ValueList, same};
use crate::model::{Annotations, Keywords, NodeId, intersection};

/// A member name or an expression for names, with the schema of the members.
type Property = (String, NodeId);

impl Annotations {
    /// Fills in missing annotations from `other`.
    pub(super) fn or(mut self, other: &Annotations) -> Annotations {
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

impl Keywords {
    /// Adds the keywords of another schema. Returns `false` if the result cannot represent all of them.
    pub(super) fn and(&mut self, other: Keywords, schemas: &mut Schemas) -> bool {
        let mut exact = true;
        self.is_false |= other.is_false;
        self.types = joined(self.types, other.types, intersection);
        self.number_type = self.number_type.max(other.number_type);
        self.const_value = joined(self.const_value.take(), other.const_value, |a, b| {
            self.is_false |= !same(&a, &b);
            a
        });
        self.enum_values = joined(self.enum_values.take(), other.enum_values, |a, b| of_both(a, &b));
        self.maximum = joined(self.maximum.take(), other.maximum, lower);
        self.exclusive_maximum = joined(self.exclusive_maximum.take(), other.exclusive_maximum, lower);
        self.minimum = joined(self.minimum.take(), other.minimum, higher);
        self.exclusive_minimum = joined(self.exclusive_minimum.take(), other.exclusive_minimum, higher);
        self.max_length = joined(self.max_length, other.max_length, u64::min);
        self.min_length = self.min_length.max(other.min_length);
        self.max_items = joined(self.max_items, other.max_items, u64::min);
        self.min_items = self.min_items.max(other.min_items);
        self.max_properties = joined(self.max_properties, other.max_properties, u64::min);
        self.min_properties = self.min_properties.max(other.min_properties);
        self.unique_items |= other.unique_items;
        add_new(&mut self.multiple_of, other.multiple_of);
        add_new(&mut self.patterns, other.patterns);
        add_new(&mut self.required, other.required);
        // Example: `[a, b]` and `[c]` with further items `d` become `[a and c, b and d]`.
        let count = self.prefix_items.len().max(other.prefix_items.len());
        let item = |prefix: &[NodeId], rest: Option<NodeId>, index: usize| prefix.get(index).copied().or(rest);
        self.prefix_items = (0..count)
            .map(|index| {
                let items =
                    (item(&self.prefix_items, self.items, index), item(&other.prefix_items, other.items, index));
                schemas.intersect_if_both(items.0, items.1).unwrap_or_else(|| schemas.true_schema())
            })
            .collect();
        // Items after the longer prefix are further items for both schemas.
        self.items = schemas.intersect_if_both(self.items, other.items);
        let pieces = (other.properties.as_slice(), other.pattern_properties.as_slice(), other.additional_properties);
        exact &= self.and_members(pieces, schemas);
        add_new(&mut self.contains, other.contains);
        add_new(&mut self.property_names, other.property_names);
        add_new(&mut self.dependent_required, other.dependent_required);
        add_new(&mut self.dependent_schemas, other.dependent_schemas);
        add_new(&mut self.not, other.not);
        add_new(&mut self.if_then_else, other.if_then_else);
        // Groups of branches stay separate: a value must satisfy a branch of each group.
        add_new(&mut self.any_of, other.any_of);
        add_new(&mut self.one_of, other.one_of);
        // `unevaluated*` depends on the keywords of its own schema only. If
        // `{properties: {a}, unevaluatedProperties: false}` were merged with `{properties: {b}}`, the result would
        // accept `b`.
        exact &= [self.unevaluated_items.take(), self.unevaluated_properties.take()].iter().all(Option::is_none);
        exact & other.unevaluated_items.is_none() & other.unevaluated_properties.is_none()
    }

    /// Sets the schemas of unevaluated items and properties. Without a branch that may or may not evaluate some, they
    /// are all items and properties that the other keywords leave.
    pub(super) fn set_unevaluated(&mut self, (items, properties): (Option<NodeId>, Option<NodeId>)) {
        let depends = !self.any_of.is_empty()
            || !self.one_of.is_empty()
            || !self.if_then_else.is_empty()
            || !self.dependent_schemas.is_empty();
        match depends || !self.contains.is_empty() {
            true => self.unevaluated_items = items,
            false => self.items = self.items.or(items),
        }
        match depends {
            true => self.unevaluated_properties = properties,
            false => self.additional_properties = self.additional_properties.or(properties),
        }
    }

    fn and_members(
        &mut self,
        (members, patterns, additional): (&[Property], &[Property], Option<NodeId>),
        schemas: &mut Schemas,
    ) -> bool {
        let mut exact = true;
        let own = std::mem::take(&mut self.properties);
        let own_patterns = std::mem::take(&mut self.pattern_properties);
        let by_name = |list: &[Property]| list.iter().cloned().collect::<HashMap<String, NodeId>>();
        let (own_by_name, theirs) = (by_name(&own), by_name(members));
        // A member that only one schema names is an additional member of the other one, unless a pattern of the other
        // one matches its name. The patterns are kept, so they still apply.
        let matched = |schemas: &Schemas, list: &[(String, NodeId)], name: &str| {
            list.iter().any(|(source, _)| schemas.model().matches(source, name) == Some(true))
        };
        for (name, id) in &own {
            let other = theirs.get(name).copied().or(additional.filter(|_| !matched(schemas, patterns, name)));
            let id = other.map_or(*id, |other| schemas.intersect(*id, other));
            self.properties.push((name.clone(), id));
        }
        for (name, id) in members.iter().filter(|(name, _)| !own_by_name.contains_key(name)) {
            let other = self.additional_properties.filter(|_| !matched(schemas, &own_patterns, name));
            let id = other.map_or(*id, |other| schemas.intersect(other, *id));
            self.properties.push((name.clone(), id));
        }
        // A name that matches a pattern of only one schema is an additional member of the other one. With `^x` in one
        // schema and `additionalProperties: false` in the other, `xa` is invalid, but no merged pair of these keywords
        // rejects it.
        let sources = |list: &[(String, NodeId)]| {
            let mut sources: Vec<String> = list.iter().map(|(source, _)| source.clone()).collect();
            sources.sort();
            sources
        };
        if sources(&own_patterns) != sources(patterns) {
            let says = |id: Option<NodeId>| id.is_some_and(|id| !schemas.keywords(id).is_empty());
            exact &= own_patterns.is_empty() || !says(additional);
            exact &= patterns.is_empty() || !says(self.additional_properties);
        }
        self.pattern_properties = own_patterns;
        for (source, id) in patterns {
            match self.pattern_properties.iter().position(|(known, _)| known == source) {
                Some(at) => self.pattern_properties[at].1 = schemas.intersect(self.pattern_properties[at].1, *id),
                None => self.pattern_properties.push((source.clone(), *id)),
            }
        }
        self.additional_properties = schemas.intersect_if_both(self.additional_properties, additional);
        exact
    }
}

/// Adds the elements that the list does not contain yet. Without this, the lists would double at each level of schemas
/// that merge the next schema twice.
fn add_new<T: Clone + Eq + Hash>(list: &mut Vec<T>, other: Vec<T>) {
    if list.is_empty() || other.is_empty() {
        list.extend(other);
        return;
    }
    let known: HashSet<T> = list.iter().cloned().collect();
    list.extend(other.into_iter().filter(|new| !known.contains(new)));
}

/// Returns the values that are in both lists.
fn of_both(values: Vec<Json>, other: &[Json]) -> Vec<Json> {
    let other = ValueList::new(other.iter().map(Json::to_value).collect());
    values.into_iter().filter(|value| other.has(&value.to_value())).collect()
}

/// Joins the values that two schemas have for a keyword, which only one of them or neither may have.
pub(super) fn joined<T>(a: Option<T>, b: Option<T>, both: impl FnOnce(T, T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(both(a, b)),
        (one, other) => one.or(other),
    }
}

fn lower(a: String, b: String) -> String {
    if order(&a, &b).is_some_and(Ordering::is_le) { a } else { b }
}

fn higher(a: String, b: String) -> String {
    if order(&a, &b).is_some_and(Ordering::is_ge) { a } else { b }
}

fn order(a: &str, b: &str) -> Option<Ordering> {
    serde_json::from_str(a).ok().map(|number| compare(&number, NumberLiteral::Decimal(b)))
}
