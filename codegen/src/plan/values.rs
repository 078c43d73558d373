//! Plans scalars: schemas that list their values, the Rust types of integers and strings, and the fields of templated
//! texts.

use std::collections::{HashMap, HashSet};

use webhook_runtime::__private::number::{is_integer, to_integer};
use webhook_runtime::__private::schema::Types;

use super::idents::possible_type;
use super::names::{Scope, pascal, snake, spelled_number, variant, variants};
use super::pending::NameHint;
use super::planner::Planner;
use super::templates::{FieldKind, Template};
use super::types::{Docs, Extra, Field, Kind, Presence, Reader, Struct, Ty, Use, Width};
use crate::json::{Json, JsonType};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::{Keywords, NodeId};
use crate::normalize::Normalized;

/// Annotations of a listed value.
#[derive(Default)]
struct Note {
    /// The name of its variant.
    name: Option<String>,
    docs: String,
}

impl Planner<'_> {
    /// Plans a schema that lists its values.
    pub(super) fn values(&mut self, normalized: Normalized, values: &[Json], types: Types, hint: &NameHint) -> Use {
        let node = normalized.source;
        let keywords = self.schemas.keywords(normalized.node);
        let fits = |value: &Json| types.accept((&value.to_value()).into());
        let mut values: Vec<&Json> = values.iter().filter(|value| fits(value)).collect();
        let only = Keywords { types: None, const_value: None, enum_values: None, ..keywords.clone() };
        let plain =
            normalized.exact && only.is_empty() && !(keywords.const_value.is_some() && keywords.enum_values.is_some());
        let nullable = values.contains(&&Json::Null);
        values.retain(|value| **value != Json::Null);
        let all = |kind: JsonType| values.iter().all(|value| value.kind() == kind);
        let value = if values.is_empty() {
            // Null is the only value.
            return if nullable && plain { Use::plain(Ty::Null) } else { Use::any(node) };
        } else if all(JsonType::String) && !plain {
            Use { ty: Ty::String, reader: Reader::Text(node) }
        } else if all(JsonType::String) {
            let texts: Vec<String> = values.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect();
            self.string_enum(node, &texts, false, hint)
        } else if all(JsonType::Boolean) {
            Use { ty: Ty::Boolean, reader: Reader::Boolean(node) }
        } else if all(JsonType::Number) {
            match width_of_values(&values) {
                Some(width) => Use { ty: Ty::Integer(width), reader: Reader::Integer(node) },
                None => Use { ty: Ty::Number, reader: Reader::Number(node) },
            }
        } else if plain {
            let values: Vec<Json> = values.into_iter().cloned().collect();
            let id = self.pending_type(hint, node, |planner, _| {
                let notes = planner.notes_of_values(node);
                let mut scope = Scope::default();
                let name = |value: &Json| match (notes.get(value).and_then(|note| note.name.clone()), value) {
                    (Some(name), _) => pascal(&name),
                    (None, Json::String(text)) => variant(text),
                    (None, Json::Number(text)) => pascal(&format!("number {}", spelled_number(text))),
                    (None, Json::Boolean(value)) => pascal(&value.to_string()),
                    (None, Json::Array(_)) => "Array".to_owned(),
                    _ => "Object".to_owned(),
                };
                Kind::ConstEnum(
                    values
                        .into_iter()
                        .map(|value| (value.clone(), scope.take(&possible_type(&name(&value)), "")))
                        .collect(),
                )
            });
            Use::plain(Ty::Named(id))
        } else {
            return Use::any(node);
        };
        if nullable { value.nullable() } else { value }
    }

    /// Plans an enum of strings. If `open`, any other string is allowed too.
    pub(super) fn string_enum(&mut self, node: NodeId, texts: &[String], open: bool, hint: &NameHint) -> Use {
        let id = self.pending_type(hint, node, |planner, _| {
            let notes = planner.notes_of_values(node);
            let mut seen = HashSet::new();
            let distinct: Vec<String> = texts.iter().filter(|text| seen.insert(*text)).cloned().collect();
            let note = |text: &String| notes.get(&Json::String(text.clone()));
            let given: Vec<Option<&str>> =
                distinct.iter().map(|text| note(text).and_then(|note| note.name.as_deref())).collect();
            let docs =
                distinct.iter().map(|text| note(text).map(|note| note.docs.clone()).unwrap_or_default()).collect();
            let variants = variants(&distinct, &given, if open { &["Other"] } else { &[] });
            Kind::StringEnum { values: distinct.into_iter().zip(variants).collect(), docs, open }
        });
        Use::plain(Ty::Named(id))
    }

    /// Returns the annotations `x-enum-varnames` and `x-enum-descriptions` of the values that a schema lists, also in
    /// schemas that it refers to or combines.
    fn notes_of_values(&self, node: NodeId) -> HashMap<Json, Note> {
        let mut found: HashMap<Json, Note> = HashMap::new();
        let mut seen = HashSet::new();
        let mut open = vec![node];
        while let Some(id) = open.pop().filter(|_| seen.len() < 1_000) {
            if !seen.insert(id) {
                continue;
            }
            let node = self.schemas.node(id);
            let (names, docs) = (&node.annotations.value_names, &node.annotations.value_docs);
            for (at, value) in node.keywords.enum_values.iter().flatten().enumerate() {
                let note = found.entry(value.clone()).or_default();
                let name = names.get(at).filter(|name| name.contains(char::is_alphanumeric));
                note.name = note.name.take().or(name.cloned());
                if note.docs.is_empty() {
                    note.docs = docs.get(at).cloned().unwrap_or_default();
                }
            }
            open.extend(node.keywords.reference);
            open.extend(node.keywords.all_of.iter().chain(node.keywords.any_of.iter().flatten()));
            open.extend(node.keywords.one_of.iter().flatten());
        }
        found
    }

    pub(super) fn text(&mut self, normalized: Normalized, hint: &NameHint) -> Ty {
        let node = normalized.source;
        let annotations = self.schemas.node(node).annotations.clone();
        let templates = if annotations.templates.is_empty() {
            self.schemas.node(normalized.node).annotations.templates.clone()
        } else {
            annotations.templates
        };
        let format = annotations.format.or_else(|| self.schemas.node(normalized.node).annotations.format.clone());
        if !templates.is_empty() {
            let (file, pointer) = self.schemas.place(node);
            let (file, pointer) = (file.to_owned(), format!("{pointer}/x-text-templates"));
            for (index, text) in templates.iter().enumerate() {
                if let Err(error) = Template::parse(text) {
                    let message = format!("the template {text:?} cannot be read: {error}");
                    let advice = "write text with fields as {name} and optional parts as [, in {place}]";
                    let pointer = format!("{pointer}/{index}");
                    self.problems.push(Diagnostic::at(Code::InvalidTemplate, &file, pointer, message, advice));
                }
            }
            let hint = NameHint { base: format!("{}Fields", hint.base), ..hint.clone() };
            return Ty::Text(self.pending_type(&hint, node, |_, _| fields_of_text(&templates)));
        }
        let timestamp = annotations.timestamp || self.schemas.node(normalized.node).annotations.timestamp;
        match format.as_deref() {
            Some("date-time" | "date-time-local") => Ty::Timestamp,
            _ if timestamp => Ty::Timestamp,
            _ => Ty::String,
        }
    }
}

/// Returns the fields of some templates. A field is required if all templates have it outside of optional parts.
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
            let presence = if always(name) { Presence::Required } else { Presence::Optional };
            Field::new(name, snake(name), Use::plain(ty), presence, Docs::default())
        })
        .collect();
    Kind::Struct(Struct {
        fields,
        constants: Vec::new(),
        extra: Extra::Closed,
        names: None,
        count: None,
        dependent: Vec::new(),
        combinations: Vec::new(),
    })
}

fn number(text: &str) -> Option<serde_json::Number> {
    serde_json::from_str(text).ok()
}

/// Returns the type for integers within the bounds: `u64` if the bounds exclude negative integers, or else `i64`.
pub(super) fn width(keywords: &Keywords) -> Width {
    let integer = |text: &Option<String>| {
        let number = number(text.as_ref()?)?;
        // A bound with a fraction still admits the integers on its inner side.
        to_integer(&number).or_else(|| number.as_f64().map(|value| value as i128))
    };
    let least = integer(&keywords.minimum).into_iter().chain(integer(&keywords.exclusive_minimum)).max();
    if least.is_some_and(|least| least >= 0) { Width::U64 } else { Width::I64 }
}

/// Returns the type for some integers: `i64`, or else `u64`, or `None` if neither type can hold all of them.
pub(super) fn width_of_values(values: &[&Json]) -> Option<Width> {
    let integers: Option<Vec<i128>> =
        values.iter().map(|value| number(&value.to_string()).as_ref().and_then(to_integer)).collect();
    let integers = integers?;
    let all = |least: i128, greatest: i128| integers.iter().all(|value| (least..=greatest).contains(value));
    if all(i64::MIN.into(), i64::MAX.into()) { Some(Width::I64) } else { all(0, u64::MAX.into()).then_some(Width::U64) }
}

/// Returns the integers that the keywords list.
fn listed(keywords: &Keywords) -> Vec<&Json> {
    let listed = match (&keywords.const_value, &keywords.enum_values) {
        (Some(value), _) => vec![value],
        (None, Some(values)) => values.iter().collect(),
        (None, None) => Vec::new(),
    };
    let is_integer = |value: &&Json| number(&value.to_string()).is_some_and(|number| is_integer(&number));
    listed.into_iter().filter(is_integer).collect()
}

/// Returns whether `i64` can hold the integers that the keywords list.
pub(super) fn fits_signed(keywords: &Keywords) -> bool {
    width_of_values(&listed(keywords)) == Some(Width::I64) && !is_beyond(keywords)
}

/// Returns whether neither `i64` nor `u64` is suitable: neither can hold all listed integers, or neither can hold any
/// integer within the bounds.
pub(crate) fn is_beyond(keywords: &Keywords) -> bool {
    const LEAST: f64 = i64::MIN as f64;
    const GREATEST: f64 = u64::MAX as f64;
    if !keywords.types.is_some_and(|types| types.contains(Types::INTEGER) && !types.contains(Types::NUMBER)) {
        return false;
    }
    let listed = listed(keywords);
    if !listed.is_empty() {
        return width_of_values(&listed).is_none();
    }
    // A bound that fits in 64 bits admits at least one 64-bit integer.
    let bound = |text: &Option<String>| number(text.as_ref()?).filter(|n| to_integer(n).is_none())?.as_f64();
    let mut least = [&keywords.minimum, &keywords.exclusive_minimum].into_iter().filter_map(bound);
    let mut greatest = [&keywords.maximum, &keywords.exclusive_maximum].into_iter().filter_map(bound);
    least.any(|least| least >= GREATEST) || greatest.any(|greatest| greatest <= LEAST)
}
