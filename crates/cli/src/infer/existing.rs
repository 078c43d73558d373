//! Widens the schema of an existing event until it accepts some payloads.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use webhook_codegen::catalog::{Event, Example, Provider, Source};
use webhook_codegen::document_overlay;
use webhook_codegen::infer::{Widened, patch, widen_with_documents};
use webhook_codegen::json::Json;
use webhook_harness::{printable, printable_lines};

use super::payloads::Payload;
use super::{Options, check, examples, problems};
use crate::failure::Failure;
use crate::files::{File, write};
use crate::output::shown;

/// Shows the change that makes the schema accept the payloads, and writes it with `--write`. Returns `true` if an
/// inferred schema cannot be changed that far: then the members that identify the event must be decided anew.
pub(super) fn run(
    defs: &Path,
    provider: &Provider,
    event: &Event,
    payloads: &[Payload],
    options: &Options,
) -> Result<bool, Failure> {
    let schema = provider.schema(event).map_err(|problem| Failure::input(defs)(vec![problem]))?;
    // The examples count as well: a member that the schema does not know yet may have another type in an example.
    let values: Vec<Json> =
        event.payloads().into_iter().chain(payloads.iter().map(|payload| payload.json.clone())).collect();
    let library = provider.library();
    let shared = provider.documents.keys().filter(|file| !provider.is_document_overlay(file));
    let shared: BTreeMap<String, String> = shared.map(|file| (provider.library_uri(file), file.clone())).collect();
    let documents: Vec<String> = shared.keys().cloned().collect();
    let widened = widen_with_documents(&schema, &library, &documents, &values);
    let mut changed = Event { examples: event.examples.clone(), ..event.clone() };
    let mut files = Vec::new();
    let mut provider = provider.clone();
    // A documented schema is never edited: its overlay changes it.
    let is_editable = provider.source(&event.name) == Source::Inferred && event.overlay.is_none();
    for (uri, new) in &widened.documents {
        let (Some(file), Some(old)) = (shared.get(uri), library.get(uri)) else { continue };
        let overlay = document_overlay(file);
        let known = provider.documents.get(&overlay).cloned();
        let (path, json) = change(is_editable, (file.clone(), overlay), known.as_ref(), (old, new));
        files.push(File::of(defs, path.clone(), json.pretty()));
        provider.documents.insert(path, json);
    }
    if widened.schema != schema {
        let paths = (provider.schema_file(event), provider.overlay_file(event));
        let (path, json) = change(is_editable, paths, event.overlay.as_ref(), (&schema, &widened.schema));
        files.push(File::of(defs, path, json.pretty()));
        match is_editable {
            true => changed.schema = json,
            false => changed.overlay = Some(json),
        }
    }
    if options.write && is_editable && !widened.unresolved.is_empty() {
        return Ok(true);
    }
    if options.json {
        let report = json!({
            "provider": provider.name, "event": event.name, "payloads": payloads.len(), "changes": widened.changes,
            "unresolved": widened.unresolved, "notes": widened.notes,
        });
        println!("{report}");
    }
    for file in files.iter().filter(|_| !options.json) {
        print!("{}", printable_lines(&file.difference()));
    }
    if !options.json {
        print(&provider, event, &widened, payloads.len());
    }
    if !options.write {
        if !files.is_empty() && !options.json {
            println!("nothing is written; --write applies it and keeps the payloads as examples");
        }
        return Ok(false);
    }
    if !widened.unresolved.is_empty() {
        return Err(Failure::with_help(
            "the schema still rejects some of the payloads; nothing was written",
            "change the schema by hand where the output says so, and run the command again",
        ));
    }
    let new: Vec<Example> = examples(&event.examples, payloads).into_iter().map(|(_, example)| example).collect();
    files.extend(new.iter().map(|example| File::of(defs, provider.example_file(event, example), example.text.clone())));
    changed.examples.extend(new);
    provider.events.iter_mut().filter(|known| known.name == changed.name).for_each(|known| *known = changed.clone());
    check(defs, &provider, &files, &changed.name, &payloads.iter().collect::<Vec<_>>())?;
    let problems = problems(&provider);
    if !problems.is_empty() {
        return Err(Failure::input_with(defs, &files)(problems));
    }
    write(defs, &files)?;
    for file in files.iter().filter(|_| !options.json) {
        println!("  {}", shown(&defs.join(&file.path)));
    }
    Ok(false)
}

/// Returns the path and the content of the file that a change of a schema is written to: the schema, or its overlay.
fn change(
    is_editable: bool,
    (schema, overlay): (String, String),
    known: Option<&Json>,
    (from, to): (&Json, &Json),
) -> (String, Json) {
    if is_editable && known.is_none() {
        return (schema, to.clone());
    }
    let mut operations = known.and_then(Json::as_array).unwrap_or_default().to_vec();
    operations.extend(patch(from, to));
    (overlay, Json::Array(operations))
}

fn print(provider: &Provider, event: &Event, widened: &Widened, count: usize) {
    let name = format!("{}/{}", provider.name, event.name);
    let plural = if count == 1 { "" } else { "s" };
    if [&widened.changes, &widened.unresolved, &widened.notes].iter().all(|list| list.is_empty()) {
        println!("{name}: the schema accepts {count} payload{plural} and knows every member");
    } else {
        println!("{name}: {count} payload{plural}");
    }
    for (title, list) in [("change", &widened.changes), ("to do", &widened.unresolved), ("note", &widened.notes)] {
        for line in list {
            println!("{title}: {}", printable(line));
        }
    }
}
