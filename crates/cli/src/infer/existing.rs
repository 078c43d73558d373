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
        files.push(change_shared(defs, &mut provider, is_editable, file, (old, new)));
    }
    if widened.schema != schema {
        files.push(change(defs, &provider, &mut changed, &schema, &widened.schema));
    }
    let is_inferred = provider.source(&event.name) == Source::Inferred && event.overlay.is_none();
    if options.write && is_inferred && !widened.unresolved.is_empty() {
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

/// Returns the file that a change of a schema is written to: a documented schema is kept as documented.
fn change(defs: &Path, provider: &Provider, event: &mut Event, from: &Json, to: &Json) -> File {
    if provider.source(&event.name) == Source::Inferred && event.overlay.is_none() {
        event.schema = to.clone();
        return File::of(defs, provider.schema_file(event), to.pretty());
    }
    let mut operations = event.overlay.as_ref().and_then(Json::as_array).unwrap_or_default().to_vec();
    operations.extend(patch(from, to));
    let overlay = Json::Array(operations);
    let file = File::of(defs, provider.overlay_file(event), overlay.pretty());
    event.overlay = Some(overlay);
    file
}

/// Returns the file that a change of a shared schema is written to: the schema, or its overlay.
fn change_shared(
    defs: &Path,
    provider: &mut Provider,
    is_editable: bool,
    file: &str,
    (from, to): (&Json, &Json),
) -> File {
    let overlay = document_overlay(file);
    let known = provider.documents.get(&overlay);
    let (file, changed) = match known {
        None if is_editable => (file.to_owned(), to.clone()),
        known => {
            let mut operations = known.and_then(Json::as_array).unwrap_or_default().to_vec();
            operations.extend(patch(from, to));
            (overlay, Json::Array(operations))
        }
    };
    let written = File::of(defs, file.clone(), changed.pretty());
    provider.documents.insert(file, changed);
    written
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
