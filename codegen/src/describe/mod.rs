//! What a provider's events hold, for documentation: every member with its JSON type, what it may be, and its Rust type.

mod constraints;
mod members;

use crate::generate::{Prepared, prepare};
use crate::load::catalog::{Provider, Reading, Source};
use crate::model::diagnostic::Diagnostic;
use crate::options::Options;
use crate::render::docs::{identified_by, requests};

/// A provider, described.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderDescription {
    /// The module of the generated crate.
    pub module: String,
    /// How the vendor sends requests, as sentences in Markdown.
    pub requests: Vec<String>,
    /// The events, by name.
    pub events: Vec<EventDescription>,
}

/// An event, described.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EventDescription {
    /// The JSON name.
    pub name: String,
    /// The name of the variant of `Event`.
    pub variant: String,
    /// The name of the payload's type.
    pub ty: String,
    /// The description in the schema; it may be empty.
    pub description: String,
    /// What identifies a payload as the event, in Markdown.
    pub identified_by: String,
    /// Where the schema comes from.
    pub source: Source,
    /// What decides whether a payload is accepted.
    pub reading: Reading,
    /// The members, at every depth, in the order of the schema: those of a member come behind it.
    pub members: Vec<Member>,
    /// The schema as a self-contained document.
    pub schema: String,
}

/// A member of a payload, or an item of an array by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// Where it is: a JSON Pointer, in which `*` is any item of an array or any member of a map.
    pub pointer: String,
    /// Its name, or the place of an item.
    pub name: String,
    /// The names of the JSON types that it may have.
    pub types: Vec<&'static str>,
    /// Whether it must be present.
    pub required: bool,
    /// What its value must be beyond its type, in words with Markdown's code spans.
    pub constraints: Vec<String>,
    /// The description in the schema; it may be empty.
    pub description: String,
    /// Whether the vendor advises against its use.
    pub deprecated: bool,
    /// The type of its field, or of its constant.
    pub rust: String,
    /// The name of its field or constant; `None` where it is read otherwise, as a variant of an enum.
    pub field: Option<String>,
    /// Whether its members are not listed, because it is an object of a type that it is part of.
    pub recursive: bool,
}

/// Describes the events of a provider.
///
/// # Errors
///
/// Every problem of its schemas, as [`generate`](crate::generate) finds them.
pub fn describe(provider: &Provider, options: &Options) -> Result<ProviderDescription, Vec<Diagnostic>> {
    let Prepared { plan, mut schemas, documents, items, .. } = prepare(provider, options)?;
    let mut events = Vec::new();
    for ((index, event), document) in plan.events.iter().enumerate().zip(&documents) {
        let conditions = plan.dispatch.events.iter().find(|(known, _)| *known == index);
        let identified_by = match provider.settings.named {
            true => format!("the name `{}`, sent outside of the body", event.wire_name),
            false => identified_by(conditions.map_or(&[], |(_, conditions)| conditions.as_slice())),
        };
        let root = &plan.types[event.root.0];
        let normalized = schemas.normalize(root.node).node;
        let description = schemas.node(normalized).annotations.description.clone().unwrap_or_default();
        events.push(EventDescription {
            name: event.name.clone(),
            variant: event.variant.clone(),
            ty: root.name.clone(),
            description,
            identified_by,
            source: provider.source(&event.name),
            reading: provider.reading(&event.name),
            members: members::of(&plan, &items, &mut schemas, event.root),
            schema: document.pretty(),
        });
    }
    let requests = requests(&provider.settings.requests);
    Ok(ProviderDescription { module: plan.module.clone(), requests, events })
}
