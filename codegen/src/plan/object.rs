//! Objects, arrays by position, and the fields of texts.

use webhook_runtime::__private::schema::Types;

use super::draft::NameHint;
use super::idents::possible_field;
use super::names::{Scope, screaming, snake};
use super::templates::{FieldKind, Template};
use super::types::Planner;
use super::{ConstantMember, Docs, Extra, Field, Kind, Positional, Presence, Reader, Struct, Ty, TypeId, Use, Width};
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
    pub(super) fn object(&mut self, node: NodeId, flat: Normalized, hint: &NameHint) -> Use {
        let rules = self.schemas.keywords(flat.node).clone();
        let whole = !flat.exact
            || rules.combines()
            || !rules.dependent_schemas.is_empty()
            || rules.unevaluated_properties.is_some();
        let named = !rules.properties.is_empty() || !rules.required.is_empty() || !rules.dependent_required.is_empty();
        let value = match (named, rules.pattern_properties.as_slice()) {
            (false, []) => self.map(&rules, flat, rules.additional_properties, Vec::new(), hint),
            (false, [(source, member)])
                if rules.additional_properties.is_some_and(|id| self.schemas.keywords(id).is_false) =>
            {
                self.map(&rules, flat, Some(*member), vec![source.clone()], hint)
            }
            _ => None,
        };
        if let Some(value) = value {
            if whole {
                self.note_buffered(node, flat);
                return Use { reader: Reader::Whole(node, Box::new(value.reader)), ..value };
            }
            return value;
        }
        let id = self.draft(hint, node, |planner, id| planner.structure(id, flat, &rules));
        self.whole(id, whole && !self.tolerant, node, flat);
        Use { ty: Ty::Named(id), reader: Reader::Plain }
    }

    /// An object whose members are all alike; `None` when it may have none at all.
    fn map(
        &mut self,
        rules: &Keywords,
        flat: Normalized,
        member: Option<NodeId>,
        patterns: Vec<String>,
        hint: &NameHint,
    ) -> Option<Use> {
        let item = match member {
            Some(schema) if self.schemas.keywords(schema).is_false => return None,
            Some(schema) => Some(self.use_of(schema, hint)),
            None => None,
        };
        let item = item.filter(|item| item.ty != Ty::Value || item.reader != Reader::Plain);
        let count = (rules.min_properties.is_some() || rules.max_properties.is_some()).then_some(flat.node);
        let names = match rules.property_names.is_empty() && patterns.is_empty() {
            true => None,
            false => {
                let keywords = Keywords { patterns, all_of: rules.property_names.clone(), ..Keywords::default() };
                Some(self.schemas.derive(flat.node, keywords))
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

    fn structure(&mut self, id: TypeId, flat: Normalized, rules: &Keywords) -> Kind {
        let mut members: Vec<(String, NodeId)> = rules.properties.clone();
        let dependent = rules.dependent_required.iter().flat_map(|(name, needed)| std::iter::once(name).chain(needed));
        for name in rules.required.iter().chain(dependent) {
            if !members.iter().any(|(known, _)| known == name) {
                // Named nowhere else: it is an additional member, unless a pattern is for it.
                let matched = rules.pattern_properties.iter().any(|(source, _)| self.matches(source, name));
                let schema = match rules.additional_properties.filter(|_| !matched) {
                    Some(additional) => additional,
                    None => self.schemas.true_schema(),
                };
                members.push((name.clone(), schema));
            }
        }
        for (name, schema) in &mut members {
            for (source, also) in &rules.pattern_properties {
                if self.matches(source, name) {
                    *schema = self.schemas.intersect(*schema, *also);
                }
            }
        }
        // A member that may not be there has no field; it is refused when it comes.
        let mut forbidden = false;
        members.retain(|(name, schema)| {
            let flat = self.schemas.normalize(*schema);
            let never = self.schemas.keywords(flat.node).possible_types() == Types::default();
            let keep = !never || rules.required.contains(name);
            forbidden |= !keep;
            keep
        });
        let constants = self.constants(&mut members, &rules.required);
        let mut scope = Scope::with(&TAKEN);
        let names = scope.fields(members.iter().map(|(name, _)| name.as_str()));
        let mut fields = Vec::new();
        for ((json, schema), name) in members.iter().zip(names) {
            let required = rules.required.contains(json);
            let value = self.use_of(*schema, &NameHint::member(id, json));
            let mut docs = self.docs(*schema);
            // The title of an object is a name for its type, and does not describe the member.
            if matches!(value.ty, Ty::Named(_)) && self.schemas.node(*schema).annotations.description.is_none() {
                docs.text.clear();
            }
            let flat = self.schemas.normalize(*schema);
            let constant = match self.schemas.keywords(flat.node).possible_values().as_deref() {
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
            let pairs = rules.dependent_required.iter();
            pairs.flat_map(|(name, needed)| needed.iter().map(move |needed| (place(name), place(needed))))
        };
        let dependent = pairs().filter_map(|(name, needed)| Some((name?, needed?))).collect();
        // A member that needs one which may not be there, or one that is always there and needs another.
        let is_constant = |name: &String| constants.iter().any(|constant| &constant.json == name);
        let lost = rules.dependent_required.iter().any(|(name, needed)| {
            let needs = |needed: &String| place(needed).is_none() && !is_constant(needed);
            let is_there = is_constant(name) && !needed.iter().all(is_constant);
            is_there || place(name).is_some() && needed.iter().any(needs)
        });
        self.whole(id, lost, self.drafts[id.0].node, flat);
        let extra = match rules.pattern_properties.is_empty() && !forbidden {
            true => self.extra(id, rules.additional_properties),
            false => Extra::Checked(flat.node),
        };
        let names = (!rules.property_names.is_empty()).then(|| {
            self.schemas.derive(flat.node, Keywords { all_of: rules.property_names.clone(), ..Keywords::default() })
        });
        let count = (rules.min_properties.is_some() || rules.max_properties.is_some()).then_some(flat.node);
        Kind::Struct(Struct { fields, constants, extra, names, count, dependent })
    }

    /// Takes the members out that are always there with the same string, integer or boolean.
    fn constants(&mut self, members: &mut Vec<(String, NodeId)>, required: &[String]) -> Vec<ConstantMember> {
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
        let flat = self.schemas.normalize(schema);
        let rules = self.schemas.keywords(flat.node);
        let [value] = <[Json; 1]>::try_from(rules.possible_values()?).ok()?;
        if rules.const_value.is_some() && rules.enum_values.is_some() {
            return None;
        }
        let only = Keywords { types: None, const_value: None, enum_values: None, ..rules.clone() };
        let types = rules.types.unwrap_or(ALL);
        let fits = types.accept((&value.to_value()).into());
        let is_scalar = match &value {
            Json::String(_) | Json::Boolean(_) => true,
            Json::Number(text) => text.parse::<i64>().is_ok(),
            _ => false,
        };
        (flat.exact && only.is_empty() && fits && is_scalar).then_some(value)
    }

    fn matches(&self, source: &str, name: &str) -> bool {
        let translated =
            self.schemas.model().patterns.get(source).map(|text| webhook_runtime::__private::Pattern::compile(text));
        matches!(translated, Some(Ok(pattern)) if pattern.is_match(name))
    }

    /// An array whose first items have meanings of their own.
    pub(super) fn positional(&mut self, id: TypeId, rules: &Keywords, count: Option<NodeId>) -> Kind {
        let titles: Vec<String> = rules
            .prefix_items
            .iter()
            .enumerate()
            .map(|(index, schema)| {
                let flat = self.schemas.normalize(*schema);
                let title = |id: NodeId| self.schemas.node(id).annotations.title.clone();
                title(*schema).or_else(|| title(flat.node)).unwrap_or_else(|| format!("item_{index}"))
            })
            .collect();
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        for (index, (schema, title)) in rules.prefix_items.iter().zip(&titles).enumerate() {
            let required = rules.min_items.is_some_and(|least| least > index as u64);
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
        let beyond = rules.max_items.is_none_or(|most| most > rules.prefix_items.len() as u64);
        let rest = match self.extra(id, rules.items) {
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

/// The fields that some templates have: one that is in all of them, and never optional, is always there.
pub(super) fn fields_of_text(templates: &[String]) -> Kind {
    let templates: Vec<Template> = templates.iter().filter_map(|text| Template::parse(text).ok()).collect();
    let mut names: Vec<(&str, FieldKind)> = Vec::new();
    for (name, kind, _) in templates.iter().flat_map(Template::fields) {
        if !names.iter().any(|(known, _)| *known == name) {
            names.push((name, kind));
        }
    }
    let always =
        |name: &str| templates.iter().all(|t| t.fields().iter().any(|(known, _, always)| *known == name && *always));
    let fields = names
        .iter()
        .map(|(name, kind)| {
            let ty = match kind {
                FieldKind::Text => Ty::String,
                FieldKind::Integer => Ty::Integer(Width::U64),
                FieldKind::DateTime => Ty::Timestamp,
            };
            let value = Use { ty, reader: Reader::Plain };
            let presence = if always(name) { Presence::Required } else { Presence::Optional };
            Field {
                json: (*name).to_owned(),
                name: snake(name),
                value,
                presence,
                constant: None,
                boxed: false,
                docs: Docs::default(),
            }
        })
        .collect();
    Kind::Struct(Struct {
        fields,
        constants: Vec::new(),
        extra: Extra::Closed,
        names: None,
        count: None,
        dependent: Vec::new(),
    })
}
