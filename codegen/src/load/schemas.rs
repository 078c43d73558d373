//! Builds the model of a provider from its schemas and their overlays.

use std::collections::BTreeMap;

use super::catalog::{Event, Patterns, Provider};
use crate::model::diagnostic::Checked;
use crate::model::uri::encode_path;
use crate::model::{Dialect, Input, Model, NodeId, parse};

/// Parses the schemas of a provider. Returns the model, and the root node of each event, and of the envelope.
pub(crate) fn model(provider: &Provider, lenient: bool, dialect: Dialect) -> Checked<(Model, Vec<NodeId>)> {
    let mut problems = Vec::new();
    let mut roots = Vec::new();
    for event in provider.roots() {
        let schema = provider.schema(event).unwrap_or_else(|problem| {
            problems.push(problem);
            event.schema.clone()
        });
        roots.push((uri(&provider.schema_file(event)), provider.schema_file(event), schema));
    }
    let mut library = BTreeMap::new();
    for (file, schema) in provider.shared_schemas() {
        match schema {
            Ok(schema) => drop(library.insert(uri(file), (file.to_owned(), schema))),
            Err(problem) => problems.push(problem),
        }
    }
    let settings = &provider.settings;
    let backtracking = settings.patterns == Patterns::Backtracking;
    match parse(Input { roots, library, annotations: &settings.annotations, lenient, backtracking, dialect }) {
        Ok(model) if problems.is_empty() => Ok(model),
        Ok(_) => Err(problems),
        Err(found) => Err(problems.into_iter().chain(found).collect()),
    }
}

/// Returns the provider without the envelope and without events whose schemas have problems. Returns `None` if no event
/// is left, or if nothing was removed.
pub(crate) fn sound_events(provider: &Provider, lenient: bool, dialect: Dialect) -> Option<Provider> {
    let alone = |event: &Event| Provider { events: vec![event.clone()], envelope: None, ..provider.clone() };
    let sound = |event: &&Event| model(&alone(event), lenient, dialect).is_ok();
    let mut rest = Provider { envelope: None, ..provider.clone() };
    rest.events = provider.events.iter().filter(sound).cloned().collect();
    if rest.events.is_empty() || (rest.events.len() == provider.events.len() && provider.envelope.is_none()) {
        return None;
    }
    let known = |name: &String| rest.events.iter().any(|event| &event.name == name);
    rest.settings.precedence.retain(known);
    Some(rest)
}

/// Returns the URI of a file in schema-defs. A file whose name is a URI keeps it.
fn uri(file: &str) -> String {
    if file.contains("://") || file.starts_with("urn:") || file.starts_with("tag:") {
        return file.to_owned();
    }
    format!("webhooks:///{}", encode_path(file))
}
