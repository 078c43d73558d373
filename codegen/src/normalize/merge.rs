//! Merging the keywords of two schemas into those of their conjunction.

use webhook_runtime::__private::number::{NumberLiteral, compare};

use super::Schemas;
use crate::json::same;
use crate::model::{Annotations, Keywords, NodeId, intersection};

/// A schema by the name, or the expression for names, of its member.
type Member = (String, NodeId);

impl Annotations {
    /// These annotations, with another's as fallback.
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
    /// Adds the keywords of another schema. False: not all of them could be represented.
    pub(super) fn and(&mut self, other: Keywords, schemas: &mut Schemas) -> bool {
        let mut exact = true;
        self.is_false |= other.is_false;
        self.types = match (self.types, other.types) {
            (Some(a), Some(b)) => Some(intersection(a, b)),
            (a, b) => a.or(b),
        };
        self.number_type = self.number_type.max(other.number_type);
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
                schemas.intersect_if_both(items.0, items.1).unwrap_or_else(|| schemas.true_schema())
            })
            .collect();
        self.items = schemas.intersect_if_both(self.items, other.items);
        let pieces = (other.properties.as_slice(), other.pattern_properties.as_slice(), other.additional_properties);
        exact &= self.and_members(pieces, schemas);
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
        schemas: &mut Schemas,
    ) -> bool {
        let mut exact = true;
        let own = std::mem::take(&mut self.properties);
        let own_patterns = std::mem::take(&mut self.pattern_properties);
        let find =
            |list: &[(String, NodeId)], name: &str| list.iter().find(|(known, _)| known == name).map(|(_, id)| *id);
        // A member that one side names and the other does not is one of the other's additional ones, unless its name
        // matches; the patterns are kept, and still apply.
        let matched = |schemas: &Schemas, list: &[(String, NodeId)], name: &str| {
            list.iter().any(|(source, _)| schemas.model().matches(source, name) == Some(true))
        };
        for (name, id) in &own {
            let other = find(members, name).or(additional.filter(|_| !matched(schemas, patterns, name)));
            let id = other.map_or(*id, |other| schemas.intersect(*id, other));
            self.properties.push((name.clone(), id));
        }
        for (name, id) in members.iter().filter(|(name, _)| find(&own, name).is_none()) {
            let other = self.additional_properties.filter(|_| !matched(schemas, &own_patterns, name));
            let id = other.map_or(*id, |other| schemas.intersect(other, *id));
            self.properties.push((name.clone(), id));
        }
        // A name that only one side's patterns match is an additional one of the other.
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
