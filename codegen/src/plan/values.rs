//! Schemas that list their values, and the Rust types of numbers and strings.

use std::collections::{HashMap, HashSet};

use super::idents::possible_type;
use super::integers::width_of_values;
use super::names::{Scope, pascal, spelled_number, variant, variants};
use super::pending::NameHint;
use super::planner::Planner;
use super::templates::Template;
use super::types::{Kind, Reader, Ty, Use};
use crate::json::Json;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::{Keywords, NodeId};
use crate::normalize::Normalized;
use webhook_runtime::__private::schema::Types;

/// What a schema says of a value that it lists.
#[derive(Default)]
struct Note {
    /// The name of its variant.
    name: Option<String>,
    docs: String,
}

impl Planner<'_> {
    /// A schema that lists its values.
    pub(super) fn values(
        &mut self,
        node: NodeId,
        normalized: Normalized,
        values: &[Json],
        types: Types,
        hint: &NameHint,
    ) -> Use {
        let keywords = self.schemas.keywords(normalized.node);
        let fits = |value: &Json| types.accept((&value.to_value()).into());
        let mut values: Vec<&Json> = values.iter().filter(|value| fits(value)).collect();
        let only = Keywords { types: None, const_value: None, enum_values: None, ..keywords.clone() };
        let plain =
            normalized.exact && only.is_empty() && !(keywords.const_value.is_some() && keywords.enum_values.is_some());
        let nullable = values.contains(&&Json::Null);
        values.retain(|value| **value != Json::Null);
        let kinds: Vec<&str> = values.iter().map(|value| value.kind()).collect();
        let all = |kind: &str| kinds.iter().all(|known| *known == kind);
        let value = if values.is_empty() {
            // `null` and nothing else.
            return match nullable && plain {
                true => Use { ty: Ty::Null, reader: Reader::Plain },
                false => Use { ty: Ty::Value, reader: Reader::Any(node) },
            };
        } else if all("a string") && !plain {
            Use { ty: Ty::String, reader: Reader::Text(node) }
        } else if all("a string") {
            let texts: Vec<String> = values.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect();
            self.string_enum(node, &texts, false, hint)
        } else if all("a boolean") {
            Use { ty: Ty::Boolean, reader: Reader::Boolean(node) }
        } else if all("a number") {
            match width_of_values(&values) {
                Some(width) => Use { ty: Ty::Integer(width), reader: Reader::Integer(node) },
                None => Use { ty: Ty::Number, reader: Reader::Number(node) },
            }
        } else if plain {
            let values: Vec<Json> = values.into_iter().cloned().collect();
            let id = self.draft(hint, node, |planner, _| {
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
            Use { ty: Ty::Named(id), reader: Reader::Plain }
        } else {
            return Use { ty: Ty::Value, reader: Reader::Any(node) };
        };
        if nullable { value.nullable() } else { value }
    }

    /// One of some strings; `open`: or any other.
    pub(super) fn string_enum(&mut self, node: NodeId, texts: &[String], open: bool, hint: &NameHint) -> Use {
        let id = self.draft(hint, node, |planner, _| {
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
        Use { ty: Ty::Named(id), reader: Reader::Plain }
    }

    /// What `x-enum-varnames` and `x-enum-descriptions` say of the values that a schema lists, or one that it consists of.
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

    pub(super) fn text(&mut self, node: NodeId, normalized: Normalized, hint: &NameHint) -> Ty {
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
            return Ty::Text(self.draft(&hint, node, |_, _| super::text_fields::fields_of_text(&templates)));
        }
        let timestamp = annotations.timestamp || self.schemas.node(normalized.node).annotations.timestamp;
        match format.as_deref() {
            Some("date-time" | "date-time-local") => Ty::Timestamp,
            _ if timestamp => Ty::Timestamp,
            _ => Ty::String,
        }
    }
}
