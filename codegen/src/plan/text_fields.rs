//! The struct of the fields that templates extract from a text.

use super::names::snake;
use super::templates::{FieldKind, Template};
use super::types::{Docs, Extra, Field, Kind, Presence, Reader, Struct, Ty, Use, Width};

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
