//! Reads a folder of schema-defs, without the toolkit.

use std::fs;
use std::path::Path;

use super::{Event, files, folders, read_json, references, stem};
use crate::Failure;

/// The events that have a payload, and whether one of them is read tolerantly.
pub(super) fn read(defs: &Path) -> Result<(Vec<Event>, bool), Failure> {
    let (mut events, mut is_tolerant) = (Vec::new(), false);
    for provider in folders(defs)? {
        let settings = provider.join("provider.toml");
        if !settings.exists() {
            continue;
        }
        let settings = self::settings(&settings)?;
        for folder in folders(&provider)? {
            let (path, examples) = (folder.join("schema.json"), folder.join("examples"));
            if !path.exists() || !examples.exists() {
                continue;
            }
            let mut schema = read_json(&path)?;
            let overlay = folder.join("overlay.json");
            if overlay.exists() {
                let failed = |error: &dyn std::fmt::Display| Failure::new(overlay.display(), error);
                let patch: json_patch::Patch =
                    serde_json::from_value(read_json(&overlay)?).map_err(|error| failed(&error))?;
                json_patch::patch(&mut schema, &patch).map_err(|error| failed(&error))?;
            }
            let schema = references::flattened(&path, schema)?;
            let mut payloads = Vec::new();
            for path in files(&examples)?.iter().filter(|path| path.extension().is_some_and(|kind| kind == "json")) {
                payloads.push(fs::read_to_string(path).map_err(|error| Failure::new(path.display(), error))?);
            }
            let event = Event { provider: stem(&provider), name: stem(&folder), schema, payloads };
            if !event.payloads.is_empty() {
                is_tolerant |= reads_tolerantly(&settings, &event.name);
                events.push(event);
            }
        }
    }
    Ok((events, is_tolerant))
}

/// The settings of a provider.
pub(super) fn settings(path: &Path) -> Result<toml::Table, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::new(path.display(), error))?;
    text.parse().map_err(|error| Failure::new(path.display(), error))
}

/// Whether an event is read tolerantly: as its settings or its provider's have it, and by default if its schema is inferred.
fn reads_tolerantly(settings: &toml::Table, event: &str) -> bool {
    let own = settings.get("events").and_then(|events| events.get(event));
    let value = |key: &str, of_event: &str| {
        own.and_then(|own| own.get(of_event)).or_else(|| settings.get(key)).and_then(toml::Value::as_str)
    };
    match value("reading", "reading") {
        Some(reading) => reading == "tolerant",
        None => value("schemas", "schema") == Some("inferred"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inferred_schema_is_read_tolerantly_unless_the_settings_differ() {
        let reads = |text: &str| reads_tolerantly(&text.parse().expect("TOML"), "a");
        assert!(!reads("title = \"x\""));
        assert!(reads("schemas = \"inferred\""));
        assert!(!reads("schemas = \"inferred\"\nreading = \"exact\""));
        assert!(!reads("schemas = \"inferred\"\n[events.a]\nschema = \"documented\""));
        assert!(reads("reading = \"exact\"\n[events.a]\nreading = \"tolerant\""));
    }

    #[test]
    fn the_vendors_are_read() {
        let (events, is_tolerant) = read(&crate::package::repository().join("schema-defs")).expect("schema-defs");
        assert!(is_tolerant);
        let found = |id: &str| events.iter().find(|event| event.id() == id).expect("an event");
        assert_eq!(found("wallarm/new_hits").payloads.len(), 2);
        let overlaid = &found("crowdsec/log_processor_offline").schema;
        assert!(!overlaid.to_string().contains(".json"), "schemas of other files are definitions: {overlaid}");
    }
}
