//! Objects, arrays by position, and the fields of texts.

use std::collections::HashSet;

use webhook_runtime::__private::schema::Types;

use super::idents::possible_field;
use super::names::{Scope, screaming, snake};
use super::pending::NameHint;
use super::planner::Planner;
use super::types::{ConstantMember, Docs, Extra, Field, Kind, Positional, Presence, Reader, Struct, Ty, TypeId, Use};
use crate::json::Json;
use crate::model::ALL;
use crate::model::{Keywords, NodeId};
use crate::normalize::Normalized;

/// Names in a generated struct and its reader that fields must not take.
const TAKEN: [&str; 1] = ["extra"];

/// Constants that payload types have.
const TAKEN_CONSTANTS: [&str; 6] = ["BASE_URI", "EXAMPLES", "NAME", "READING", "SCHEMA", "VALIDATOR"];

impl Planner<'_> {
    /// A schema of objects: a struct, a map, or an object of anything.
    pub(super) fn object(&mut self, node: NodeId, normalized: Normalized, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node).clone();
        let whole = !normalized.exact
            || keywords.combines()
            || !keywords.dependent_schemas.is_empty()
            || keywords.unevaluated_properties.is_some();
        let named =
            !keywords.properties.is_empty() || !keywords.required.is_empty() || !keywords.dependent_required.is_empty();
        let value = match (named, keywords.pattern_properties.as_slice()) {
            (false, []) => self.map(&keywords, normalized, keywords.additional_properties, Vec::new(), hint),
            (false, [(source, member)])
                if keywords.additional_properties.is_some_and(|id| self.schemas.keywords(id).is_false) =>
            {
                self.map(&keywords, normalized, Some(*member), vec![source.clone()], hint)
            }
            _ => None,
        };
        if let Some(value) = value {
            if whole {
                self.note_buffered(node, normalized);
                return Use { reader: Reader::Whole(node, Box::new(value.reader)), ..value };
            }
            return value;
        }
        let id = self.draft(hint, node, |planner, id| planner.structure(id, normalized, &keywords));
        self.whole(id, whole && !self.tolerant, node, normalized);
        Use { ty: Ty::Named(id), reader: Reader::Plain }
    }

    /// An object whose members all have one schema; `None` if it cannot have any.
    fn map(
        &mut self,
        keywords: &Keywords,
        normalized: Normalized,
        member: Option<NodeId>,
        patterns: Vec<String>,
        hint: &NameHint,
    ) -> Option<Use> {
        let item = match member {
            Some(schema) if self.schemas.keywords(schema).is_false => return None,
            Some(schema) => Some(self.use_of_item(schema, hint)),
            None => None,
        };
        let item = item.filter(|item| item.ty != Ty::Value || item.reader != Reader::Plain);
        let count = (keywords.min_properties.is_some() || keywords.max_properties.is_some()).then_some(normalized.node);
        let names = match keywords.property_names.is_empty() && patterns.is_empty() {
            true => None,
            false => {
                let keywords = Keywords { patterns, all_of: keywords.property_names.clone(), ..Keywords::default() };
                Some(self.schemas.derive(normalized.node, keywords))
            }
        };
        Some(match item {
            None if count.is_none() && names.is_none() => Use { ty: Ty::Object, reader: Reader::Plain },
            item => {
                let item = item.unwrap_or(Use { ty: Ty::Value, reader: Reader::Plain });
                let reader = match count.is_none() && names.is_none() && item.reader == Reader::Plain {
                    true => Reader::Plain,
                    false => Reader::Entries { count, names, value: Box::new(item.reader) },
                };
                Use { ty: Ty::Map(Box::new(item.ty)), reader }
            }
        })
    }

    fn structure(&mut self, id: TypeId, normalized: Normalized, keywords: &Keywords) -> Kind {
        let mut members: Vec<(String, NodeId)> = keywords.properties.clone();
        let dependent =
            keywords.dependent_required.iter().flat_map(|(name, needed)| std::iter::once(name).chain(needed));
        let required: HashSet<&String> = keywords.required.iter().collect();
        let mut named: HashSet<String> = members.iter().map(|(name, _)| name.clone()).collect();
        for name in keywords.required.iter().chain(dependent) {
            if named.insert(name.clone()) {
                // Named nowhere else: it is an additional member, unless a pattern is for it.
                let matched = keywords.pattern_properties.iter().any(|(source, _)| self.matches(source, name));
                let schema = match keywords.additional_properties.filter(|_| !matched) {
                    Some(additional) => additional,
                    None => self.schemas.true_schema(),
                };
                members.push((name.clone(), schema));
            }
        }
        for (name, schema) in &mut members {
            for (source, also) in &keywords.pattern_properties {
                if self.matches(source, name) {
                    *schema = self.schemas.intersect(*schema, *also);
                }
            }
        }
        // A member that may not be there has no field; it is refused when it comes.
        let mut forbidden = false;
        members.retain(|(name, schema)| {
            let normalized = self.schemas.normalize(*schema);
            let never = self.schemas.keywords(normalized.node).possible_types() == Types::default();
            let keep = !never || required.contains(name);
            forbidden |= !keep;
            keep
        });
        let constants = self.constants(&mut members, &required);
        let mut scope = Scope::with(&TAKEN);
        let names = scope.fields(members.iter().map(|(name, _)| name.as_str()));
        let mut fields = Vec::new();
        for ((json, schema), name) in members.iter().zip(names) {
            let required = required.contains(json);
            let value = self.use_of(*schema, &NameHint::member(id, json));
            let mut docs = self.docs(*schema);
            // The title of an object is a name for its type, and does not describe the member.
            if matches!(value.ty, Ty::Named(_)) && self.schemas.node(*schema).annotations.description.is_none() {
                docs.text.clear();
            }
            let normalized = self.schemas.normalize(*schema);
            let constant = match self.schemas.keywords(normalized.node).possible_values().as_deref() {
                Some([only]) => Some(only.clone()),
                _ => None,
            };
            fields.push(Field { constant, ..field(json.clone(), name, value, required, docs) });
        }
        if self.tolerant {
            // What is required decides, and nothing else: whatever does not fit must find a place beside the fields.
            return Kind::Struct(Struct {
                fields,
                constants,
                extra: Extra::Open,
                names: None,
                count: None,
                dependent: Vec::new(),
            });
        }
        let place = |name: &String| fields.iter().position(|field| &field.json == name);
        let pairs = || {
            let pairs = keywords.dependent_required.iter();
            pairs.flat_map(|(name, needed)| needed.iter().map(move |needed| (place(name), place(needed))))
        };
        let dependent = pairs().filter_map(|(name, needed)| Some((name?, needed?))).collect();
        // A member that needs one which may not be there, or one that is always there and needs another.
        let is_constant = |name: &String| constants.iter().any(|constant| &constant.json == name);
        let lost = keywords.dependent_required.iter().any(|(name, needed)| {
            let needs = |needed: &String| place(needed).is_none() && !is_constant(needed);
            let is_there = is_constant(name) && !needed.iter().all(is_constant);
            is_there || place(name).is_some() && needed.iter().any(needs)
        });
        self.whole(id, lost, self.drafts[id.0].node, normalized);
        let extra = match keywords.pattern_properties.is_empty() && !forbidden {
            true => self.extra(id, keywords.additional_properties),
            false => Extra::Checked(normalized.node),
        };
        let names = (!keywords.property_names.is_empty()).then(|| {
            self.schemas
                .derive(normalized.node, Keywords { all_of: keywords.property_names.clone(), ..Keywords::default() })
        });
        let count = (keywords.min_properties.is_some() || keywords.max_properties.is_some()).then_some(normalized.node);
        Kind::Struct(Struct { fields, constants, extra, names, count, dependent })
    }

    /// Takes the members out that are always there with the same string, integer or boolean.
    fn constants(&mut self, members: &mut Vec<(String, NodeId)>, required: &HashSet<&String>) -> Vec<ConstantMember> {
        let mut scope = Scope::with(&TAKEN_CONSTANTS);
        let mut constants = Vec::new();
        let mut after = 0;
        members.retain(|(json, schema)| {
            let value = if required.contains(json) { self.constant(*schema) } else { None };
            let Some(value) = value else {
                after += 1;
                return true;
            };
            let name = scope.take(&screaming(json), "_");
            constants.push(ConstantMember { json: json.clone(), name, value, after });
            false
        });
        constants
    }

    /// The string, integer or boolean that is the only value of a schema.
    fn constant(&mut self, schema: NodeId) -> Option<Json> {
        if self.leads_to_dynamic(schema) {
            return None;
        }
        let normalized = self.schemas.normalize(schema);
        let keywords = self.schemas.keywords(normalized.node);
        let [value] = <[Json; 1]>::try_from(keywords.possible_values()?).ok()?;
        if keywords.const_value.is_some() && keywords.enum_values.is_some() {
            return None;
        }
        let only = Keywords { types: None, const_value: None, enum_values: None, ..keywords.clone() };
        let types = keywords.types.unwrap_or(ALL);
        let fits = types.accept((&value.to_value()).into());
        let is_scalar = match &value {
            Json::String(_) | Json::Boolean(_) => true,
            Json::Number(text) => text.parse::<i64>().is_ok(),
            _ => false,
        };
        (normalized.exact && only.is_empty() && fits && is_scalar).then_some(value)
    }

    fn matches(&self, source: &str, name: &str) -> bool {
        self.schemas.model().matches(source, name) == Some(true)
    }

    /// An array whose first items have meanings of their own.
    pub(super) fn positional(&mut self, id: TypeId, keywords: &Keywords, count: Option<NodeId>) -> Kind {
        let titles: Vec<String> = keywords
            .prefix_items
            .iter()
            .enumerate()
            .map(|(index, schema)| {
                let normalized = self.schemas.normalize(*schema);
                let title = |id: NodeId| self.schemas.node(id).annotations.title.clone();
                title(*schema).or_else(|| title(normalized.node)).unwrap_or_else(|| format!("item_{index}"))
            })
            .collect();
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        for (index, (schema, title)) in keywords.prefix_items.iter().zip(&titles).enumerate() {
            let required = keywords.min_items.is_some_and(|least| least > index as u64);
            let value = self.use_of(*schema, &NameHint::member(id, title));
            let value = match (required, value) {
                // An item cannot be left out of the middle, so a null is just a null.
                (false, Use { ty: Ty::Nullable(inner), reader }) => Use { ty: Ty::Nullable(inner), reader },
                (_, value) => value,
            };
            let name = scope.take(&possible_field(&snake(title)), "_");
            let docs = self.docs(*schema);
            let presence = if required { Presence::Required } else { Presence::Optional };
            fields.push(Field { json: index.to_string(), name, value, presence, constant: None, boxed: false, docs });
        }
        let beyond = keywords.max_items.is_none_or(|most| most > keywords.prefix_items.len() as u64);
        let rest = match self.extra(id, keywords.items) {
            Extra::Closed => None,
            Extra::Typed(value) => beyond.then_some(value),
            _ => beyond.then_some(Use { ty: Ty::Value, reader: Reader::Plain }),
        };
        Kind::Positional(Positional { fields, rest, rest_name: scope.take("rest", "_"), count })
    }
}

fn field(json: String, name: String, value: Use, required: bool, docs: Docs) -> Field {
    let (value, presence) = match (required, value) {
        (true, value) => (value, Presence::Required),
        // The reader keeps its null: a member that is null is distinguished from one that is absent.
        (false, Use { ty: Ty::Nullable(inner), reader }) => (Use { ty: *inner, reader }, Presence::Nullable),
        (false, value) => (value, Presence::Optional),
    };
    Field { json, name, value, presence, constant: None, boxed: false, docs }
}
