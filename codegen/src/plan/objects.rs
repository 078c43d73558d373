//! Plans objects and arrays.

use std::collections::HashSet;

use webhook_runtime::__private::schema::Types;

use super::idents::possible_field;
use super::names::{Scope, screaming, snake};
use super::pending::NameHint;
use super::planner::Planner;
use super::types::{
    Combination, ConstantMember, Docs, Extra, Field, Kind, Positional, Presence, Reader, Struct, Ty, TypeId,
    Uniqueness, Use,
};
use crate::json::Json;
use crate::model::{ALL, Keywords, NodeId};
use crate::normalize::Normalized;

/// Names in a generated struct that fields must not take.
const TAKEN: [&str; 1] = ["extra"];

/// Associated constants that payload types have.
const TAKEN_CONSTANTS: [&str; 6] = ["BASE_URI", "EXAMPLES", "NAME", "READING", "SCHEMA", "VALIDATOR"];

impl Planner<'_> {
    /// Plans a schema of objects: a struct, a map, or an object with arbitrary members.
    pub(super) fn object(&mut self, normalized: Normalized, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node).clone();
        let buffered =
            !normalized.exact || !keywords.dependent_schemas.is_empty() || keywords.unevaluated_properties.is_some();
        let conditional = self.conditional_members(&keywords);
        let named = !keywords.properties.is_empty()
            || !keywords.required.is_empty()
            || !keywords.dependent_required.is_empty()
            || !conditional.is_empty();
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
            if buffered || keywords.combines() {
                return self.buffered(value, normalized);
            }
            return value;
        }
        let id = self.pending_type(hint, normalized.source, |planner, id| {
            planner.structure(id, normalized, &keywords, conditional)
        });
        // Only the required members of a tolerant type decide, so nothing needs to see the whole value.
        self.buffer(id, buffered && !self.tolerant, normalized);
        Use::plain(Ty::Named(id))
    }

    /// Plans an object whose members all have the same schema. Returns `None` if members are not allowed at all.
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
            None if count.is_none() && names.is_none() => Use::plain(Ty::Object),
            item => {
                let item = item.unwrap_or(Use::plain(Ty::Value));
                let reader = match count.is_none() && names.is_none() && item.reader == Reader::Plain {
                    true => Reader::Plain,
                    false => Reader::Entries { count, names, value: Box::new(item.reader) },
                };
                Use { ty: Ty::Map(Box::new(item.ty)), reader }
            }
        })
    }

    /// Plans the struct of an object with named members.
    fn structure(
        &mut self,
        id: TypeId,
        normalized: Normalized,
        keywords: &Keywords,
        conditional: Vec<(String, NodeId)>,
    ) -> Kind {
        let required: HashSet<&String> = keywords.required.iter().collect();
        let mut members = self.members(keywords);
        // A member that must be absent has no field. It is rejected when it occurs.
        let declared = members.len();
        members.retain(|(name, schema)| {
            // If the member is required as well, no object is valid. Its field then has a reader that rejects every value.
            let never = self.schemas.merged(*schema).possible_types() == Types::default();
            !never || required.contains(name)
        });
        let has_forbidden = members.len() < declared;
        let constants = self.constants(&mut members, &required);
        let declared = members.len();
        members.extend(conditional);
        let mut fields = self.fields(id, &members, &required);
        fields.iter_mut().skip(declared).for_each(|field| field.conditional = !self.tolerant);
        if self.tolerant {
            // Only required members are checked. A value that does not fit another member is kept in `extra`.
            let (extra, dependent, combinations) = (Extra::Open, Vec::new(), Vec::new());
            return Kind::Struct(Struct {
                fields,
                constants,
                extra,
                names: None,
                count: None,
                dependent,
                combinations,
            });
        }
        let dependent = self.dependent(id, normalized, keywords, &fields, &constants);
        let combinations = self.combinations(keywords, &fields, &constants);
        self.buffer(id, combinations.is_none(), normalized);
        let combinations = combinations.unwrap_or_default();
        // Names that match a pattern and names that are forbidden need the schema of the object, member by member.
        let extra = match keywords.pattern_properties.is_empty() && !has_forbidden {
            true => self.extra(id, keywords.additional_properties),
            false => Extra::Checked(normalized.node),
        };
        let names = (!keywords.property_names.is_empty()).then(|| {
            self.schemas
                .derive(normalized.node, Keywords { all_of: keywords.property_names.clone(), ..Keywords::default() })
        });
        let count = (keywords.min_properties.is_some() || keywords.max_properties.is_some()).then_some(normalized.node);
        Kind::Struct(Struct { fields, constants, extra, names, count, dependent, combinations })
    }

    /// Returns the members that a schema names only under a condition: in `then`, `else`, `dependentSchemas`, and in
    /// branches of `allOf` with conditions. Returns none if the schema constrains the members that it does not name
    /// unconditionally.
    fn conditional_members(&mut self, keywords: &Keywords) -> Vec<(String, NodeId)> {
        let is_open = keywords.additional_properties.is_none_or(|schema| {
            let keywords = self.schemas.keywords(schema);
            keywords.is_empty() && !keywords.is_false
        });
        if !is_open || !keywords.pattern_properties.is_empty() {
            return Vec::new();
        }
        let mut named: HashSet<String> = self.members(keywords).into_iter().map(|(name, _)| name).collect();
        let mut found: Vec<(String, NodeId)> = Vec::new();
        let mut seen = HashSet::new();
        let mut open = conditional_schemas(keywords);
        // The list is reversed and used as a stack, so members are found in documented order.
        while let Some(schema) = open.pop() {
            let normalized = self.schemas.normalize(schema);
            if !seen.insert(normalized.node) {
                continue;
            }
            let keywords = self.schemas.keywords(normalized.node).clone();
            // A branch that forbids a member does not determine its type.
            let is_false = |schema: NodeId| self.schemas.keywords(schema).is_false;
            let allowed: Vec<&(String, NodeId)> =
                keywords.properties.iter().filter(|(_, schema)| !is_false(*schema)).collect();
            for (name, schema) in allowed {
                match found.iter_mut().find(|(known, _)| known == name) {
                    // Another condition allows other values, so any value must fit the field.
                    Some((_, known)) if known != schema => *known = self.schemas.true_schema(),
                    Some(_) => {}
                    None if named.insert(name.clone()) => found.push((name.clone(), *schema)),
                    None => {}
                }
            }
            open.extend(conditional_schemas(&keywords));
        }
        found
    }

    /// Returns the members that a schema names anywhere, each with the conjunction of all schemas for the member.
    fn members(&mut self, keywords: &Keywords) -> Vec<(String, NodeId)> {
        let mut members: Vec<(String, NodeId)> = keywords.properties.clone();
        let dependent =
            keywords.dependent_required.iter().flat_map(|(name, needed)| std::iter::once(name).chain(needed));
        let mut named: HashSet<String> = members.iter().map(|(name, _)| name.clone()).collect();
        for name in keywords.required.iter().chain(dependent) {
            if named.insert(name.clone()) {
                // Only `required` names the member, so it is an additional member unless a pattern matches it.
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
        members
    }

    /// Creates a field for each member.
    fn fields(&mut self, id: TypeId, members: &[(String, NodeId)], required: &HashSet<&String>) -> Vec<Field> {
        let mut scope = Scope::with(&TAKEN);
        let names = scope.fields(members.iter().map(|(name, _)| name.as_str()));
        let mut fields = Vec::new();
        for ((json, schema), name) in members.iter().zip(names) {
            let value = self.use_of(*schema, &NameHint::member(id, json));
            let mut docs = self.docs(*schema);
            // The title of an object names its type and does not describe the member.
            if matches!(value.ty, Ty::Named(_)) && self.schemas.node(*schema).annotations.description.is_none() {
                docs.text.clear();
            }
            let constant = match self.schemas.merged(*schema).possible_values().as_deref() {
                Some([only]) => Some(only.clone()),
                _ => None,
            };
            fields.push(Field { constant, ..field(json, name, value, required.contains(json), docs) });
        }
        fields
    }

    /// Returns the pairs of fields in which the first field requires the second. If a dependency cannot be expressed as
    /// a pair of fields, the type becomes buffered.
    fn dependent(
        &mut self,
        id: TypeId,
        normalized: Normalized,
        keywords: &Keywords,
        fields: &[Field],
        constants: &[ConstantMember],
    ) -> Vec<(usize, usize)> {
        let place = |name: &String| fields.iter().position(|field| &field.json == name);
        let is_constant = |name: &String| constants.iter().any(|constant| &constant.json == name);
        let mut pairs = Vec::new();
        let mut is_lost = false;
        for (name, needed) in &keywords.dependent_required {
            match place(name) {
                Some(from) => {
                    pairs.extend(needed.iter().filter_map(place).map(|to| (from, to)));
                    // The needed member must be absent, so it has no field.
                    is_lost |= needed.iter().any(|needed| place(needed).is_none() && !is_constant(needed));
                }
                // A constant is always present, so the members that it needs must be present too.
                None => is_lost |= is_constant(name) && !needed.iter().all(is_constant),
            }
        }
        self.buffer(id, is_lost, normalized);
        pairs
    }

    /// Returns the combinations of schemas that decide by the presence of fields. Returns `None` if a combination decides
    /// by anything else.
    fn combinations(
        &mut self,
        keywords: &Keywords,
        fields: &[Field],
        constants: &[ConstantMember],
    ) -> Option<Vec<Combination>> {
        if !keywords.if_then_else.is_empty() {
            return None;
        }
        let mut branch = |schema: &NodeId| {
            let normalized = self.schemas.normalize(*schema);
            let keywords = self.schemas.keywords(normalized.node);
            let rest = Keywords { types: None, required: Vec::new(), ..keywords.clone() };
            let is_simple = normalized.exact && rest.is_empty();
            if !is_simple || keywords.types.is_some_and(|types| !types.contains(Types::OBJECT)) {
                return None;
            }
            // A constant is always present.
            let is_constant = |name: &String| constants.iter().any(|constant| &constant.json == name);
            let names = keywords.required.iter().filter(|name| !is_constant(name));
            let place = |name: &String| fields.iter().position(|field| &field.json == name);
            names.map(place).collect::<Option<Vec<usize>>>()
        };
        let mut combinations = Vec::new();
        for branches in &keywords.any_of {
            combinations.push(Combination::AnyOf(branches.iter().map(&mut branch).collect::<Option<_>>()?));
        }
        for branches in &keywords.one_of {
            combinations.push(Combination::OneOf(branches.iter().map(&mut branch).collect::<Option<_>>()?));
        }
        for schema in &keywords.not {
            combinations.push(Combination::Not(branch(schema)?));
        }
        Some(combinations)
    }

    /// Removes the members that are always present with the same string, integer or boolean, and returns them.
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

    /// Returns the only value of a schema if it is a string, an integer or a boolean.
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
        let value = match value {
            Json::Number(text) => Json::Number(text.parse::<i64>().ok()?.to_string()),
            Json::String(_) | Json::Boolean(_) => value,
            _ => return None,
        };
        (normalized.exact && only.is_empty() && fits).then_some(value)
    }

    fn matches(&self, source: &str, name: &str) -> bool {
        self.schemas.model().matches(source, name) == Some(true)
    }

    /// Returns the treatment of members or items that a schema does not name.
    pub(super) fn extra(&mut self, id: TypeId, additional: Option<NodeId>) -> Extra {
        match additional {
            None => Extra::Open,
            Some(schema) => {
                let normalized = self.schemas.normalize(schema);
                let keywords = self.schemas.keywords(normalized.node);
                if keywords.is_false {
                    Extra::Closed
                } else if keywords.is_empty() && normalized.exact {
                    Extra::Open
                } else {
                    Extra::Typed(self.use_of(schema, &NameHint::member(id, "extra")))
                }
            }
        }
    }

    /// Plans a schema of arrays: a list, or a tuple with types for its first items.
    pub(super) fn array(&mut self, normalized: Normalized, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node).clone();
        let buffered = !normalized.exact
            || !keywords.contains.is_empty()
            || keywords.unevaluated_items.is_some()
            || keywords.combines();
        let counted = keywords.min_items.is_some() || keywords.max_items.is_some();
        let count = counted.then_some(normalized.node);
        if !keywords.prefix_items.is_empty() {
            let buffered = buffered || keywords.unique_items;
            let id = self.pending_type(hint, normalized.source, |planner, id| planner.positional(id, &keywords, count));
            self.buffer(id, buffered, normalized);
            return Use::plain(Ty::Named(id));
        }
        let item = keywords.items.map_or(Use::plain(Ty::Value), |item| self.use_of_item(item, &hint.item()));
        // `[1.0, 1]` has equal items, and so have arrays of objects with such members; Rust values may differ there.
        let unique = match item.ty {
            _ if !keywords.unique_items => Uniqueness::Any,
            Ty::String | Ty::Timestamp | Ty::Boolean | Ty::Integer(_) => Uniqueness::Values,
            _ => Uniqueness::Json,
        };
        let plain = item.reader == Reader::Plain && count.is_none() && unique == Uniqueness::Any;
        let reader = if plain { Reader::Plain } else { Reader::Items { count, unique, item: Box::new(item.reader) } };
        let value = Use { ty: Ty::Array(Box::new(item.ty)), reader };
        if buffered { self.buffered(value, normalized) } else { value }
    }

    /// Plans an array whose first items have types of their own.
    fn positional(&mut self, id: TypeId, keywords: &Keywords, count: Option<NodeId>) -> Kind {
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
            // An item in the middle cannot be absent, so null stays a value of the type.
            let value = self.use_of(*schema, &NameHint::member(id, title));
            let name = scope.take(&possible_field(&snake(title)), "_");
            let docs = self.docs(*schema);
            let presence = if required { Presence::Required } else { Presence::Optional };
            fields.push(Field::new(&index.to_string(), name, value, presence, docs));
        }
        // If `maxItems` is at most the length of the prefix, further items are not allowed.
        let beyond = keywords.max_items.is_none_or(|most| most > keywords.prefix_items.len() as u64);
        let rest = match self.extra(id, keywords.items) {
            Extra::Closed => None,
            Extra::Typed(value) => beyond.then_some(value),
            _ => beyond.then_some(Use::plain(Ty::Value)),
        };
        Kind::Positional(Positional { fields, rest, rest_name: scope.take("rest", "_"), count })
    }
}

/// Returns the schemas that may apply to the same object under a condition, in reverse order.
fn conditional_schemas(keywords: &Keywords) -> Vec<NodeId> {
    let conditions =
        keywords.if_then_else.iter().flat_map(|branches| branches.then.into_iter().chain(branches.otherwise));
    let dependent = keywords.dependent_schemas.iter().map(|(_, schema)| *schema);
    let mut schemas: Vec<NodeId> = keywords.all_of.iter().copied().chain(conditions).chain(dependent).collect();
    schemas.reverse();
    schemas
}

fn field(json: &str, name: String, value: Use, required: bool, docs: Docs) -> Field {
    let (value, presence) = match (required, value) {
        (true, value) => (value, Presence::Required),
        // The reader still accepts null: a null member is distinguished from an absent one.
        (false, Use { ty: Ty::Nullable(inner), reader }) => (Use { ty: *inner, reader }, Presence::Nullable),
        (false, value) => (value, Presence::Optional),
    };
    Field::new(json, name, value, presence, docs)
}
