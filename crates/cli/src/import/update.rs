//! Updates a known provider with the schemas, events and payloads that its documents have and its schema-defs lack.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use annotate_snippets::normalize_untrusted_str;
use toml_edit::DocumentMut;
use webhook_codegen::catalog::{Delivery, Event, EventSettings, Example, Import, Provider};
use webhook_codegen::compare::{Change, ChangeKind, Class, Sent, providers};
use webhook_codegen::{document_overlay, event_table, find_precedence, import_table, unused};
use webhook_drift::report::{Compared, Report, exit_code, shown};
use webhook_drift::{Finding, worst};
use webhook_import::Imported;

use super::{Options, finish};
use crate::context::Context;
use crate::drift::{print_report, release};
use crate::failure::{Failure, Outcome};
use crate::files::{File, write};
use crate::format::Format;
use crate::infer::settings::set_list;
use crate::output::{self, counted};

pub(super) fn run(options: &Options, context: &Context, defs: &Path, known: &Provider, imported: &Imported) -> Outcome {
    let merged = merged(known, &imported.provider);
    let findings = findings(defs, known, &merged, &imported.provider)?;
    let seen = counted(imported.provider.events.len(), "event");
    let report = Report {
        provider: &known.name,
        seen,
        pages: &[],
        findings: shown(&findings, options.all),
        undetermined: &[],
        compared: Compared::Documents,
    };
    print_report(&report, None, Format::of(options.format, options.json));
    if options.accept {
        return accept(options, context, defs, known, merged, imported);
    }
    Ok(ExitCode::from(exit_code(worst(&findings))))
}

/// Writes the events of a provider that has none yet.
pub(super) fn create(
    options: &Options,
    context: &Context,
    defs: &Path,
    known: &Provider,
    imported: &Imported,
) -> Outcome {
    accept(options, context, defs, known, merged(known, &imported.provider), imported)
}

/// Returns the updated provider, with the schemas of the documents, the overlays and settings of schema-defs, and the
/// payloads of both.
fn merged(known: &Provider, new: &Provider) -> Provider {
    let mut merged = Provider { settings: known.settings.clone(), ..new.clone() };
    merged.settings.delivery = new.settings.delivery;
    // `Single` is also the default of documents that do not say how events are sent, so the setting in provider.toml
    // stays.
    if new.settings.delivery == Delivery::Single {
        merged.settings.delivery = known.settings.delivery;
    }
    for (name, table) in &new.settings.events {
        merged.settings.events.entry(name.clone()).or_insert_with(|| table.clone());
    }
    for (file, overlay) in known.documents.iter().filter(|(file, _)| known.is_document_overlay(file)) {
        merged.documents.insert(file.clone(), overlay.clone());
    }
    let conflicts: Vec<(String, String)> = merged
        .shared_schemas()
        .filter_map(|(file, schema)| Some((document_overlay(file), schema.err()?.to_string())))
        .collect();
    for (overlay, conflict) in conflicts {
        note_conflict(&conflict);
        merged.documents.remove(&overlay);
    }
    // A person may have described the envelope, which the documents do not.
    if merged.envelope.is_none() {
        merged.envelope.clone_from(&known.envelope);
    }
    for event in merged.events.iter_mut().chain(&mut merged.envelope) {
        let Some(old) = known.roots().find(|old| old.name == event.name) else { continue };
        let overlaid = Event { overlay: old.overlay.clone(), ..event.clone() };
        match new.schema(&overlaid) {
            Ok(_) => event.overlay = overlaid.overlay,
            // The overlay no longer applies. Without it, the changes can still be shown; with --accept, codegen rejects
            // the overlay until a person has corrected it.
            Err(conflict) => {
                event.overlay = None;
                note_conflict(&conflict.to_string());
            }
        }
        let found = std::mem::replace(&mut event.examples, old.examples.clone());
        for example in found {
            add(event, example);
        }
    }
    merged
}

fn note_conflict(conflict: &str) {
    eprintln!("note: {}", normalize_untrusted_str(conflict.lines().next().unwrap_or_default()));
}

/// Adds a payload to an event as an example, under an unused name.
fn add(event: &mut Event, example: Example) {
    if event.examples.iter().any(|known| known.value == example.value) {
        return;
    }
    let name = unused(&example.name, |name| event.examples.iter().any(|known| known.name == name));
    event.examples.push(Example { name, ..example });
}

fn findings(defs: &Path, known: &Provider, merged: &Provider, new: &Provider) -> Result<Vec<Finding>, Failure> {
    let mut changes = providers(known, merged, Sent::default()).map_err(Failure::input(defs))?;
    // Events that the vendor no longer documents are not expected in its documents.
    changes.retain(|change| change.what != ChangeKind::EventRemoved || !known.is_undocumented(&change.event));
    for event in new.roots() {
        let Some(old) = known.roots().find(|old| old.name == event.name) else { continue };
        let is_known = |example: &&Example| old.examples.iter().any(|known| known.value == example.value);
        for example in event.examples.iter().filter(|example| !is_known(example)) {
            let change = Change::of(&event.name, ChangeKind::ExampleChanged, Class::Cosmetic);
            changes.push(Change { new: Some(example.name.clone()), ..change });
        }
    }
    Ok(changes.into_iter().map(|change| Finding { change, location: None }).collect())
}

/// Writes the schemas, new events and new payloads of the documents. Settings that a person wrote are kept.
fn accept(
    options: &Options,
    context: &Context,
    defs: &Path,
    known: &Provider,
    merged: Provider,
    imported: &Imported,
) -> Outcome {
    let mut left = Vec::new();
    let path = known.settings_file();
    let is_known = |event: &&Event| known.events.iter().any(|old| old.name == event.name);
    let mut settings = fs::read_to_string(defs.join(&path)).unwrap_or_default().trim_end().to_owned() + "\n";
    if known.settings.import == Import::default() {
        settings.push_str(&import_table(&imported.provider.settings.import));
    }
    let since = release(defs);
    let new: Vec<String> = merged.events.iter().filter(|e| !is_known(e)).map(|event| event.name.clone()).collect();
    for event in &new {
        if !known.settings.events.contains_key(event) {
            let table = imported.provider.settings.events.get(event).cloned().unwrap_or_default();
            settings.push_str(&event_table(event, &EventSettings { since, ..table }));
        }
    }
    let missing = imported.provider.settings.annotations.iter().filter(|it| !known.settings.annotations.contains(it));
    let annotations: Vec<String> = known.settings.annotations.iter().chain(missing).cloned().collect();
    let mut document: DocumentMut = settings.parse().map_err(|error| Failure::of(defs.join(&path).display(), error))?;
    if set_list(&mut document, "annotations", &annotations) {
        settings = document.to_string();
    }
    if known.settings.delivery != merged.settings.delivery {
        let delivery = format!("{:?}", imported.provider.settings.delivery).to_lowercase();
        left.push(format!("{path}: write delivery = {delivery:?}"));
    }
    if known.settings.named != imported.provider.settings.named && !new.is_empty() {
        let (is, was) = if known.settings.named { ("body", "named") } else { ("named", "body") };
        left.push(format!("{path}: dispatch = {was:?}, but the documents suggest {is:?}: check which is right"));
    }
    let gone = known.events.iter().filter(|old| !merged.events.iter().any(|event| event.name == old.name));
    for event in gone.filter(|event| !known.is_undocumented(&event.name)) {
        left.push(format!(
            "{}/{}: no longer documented: write undocumented_since = \"DATE\" under [events.{}] in {path}, or remove its folder",
            known.name, event.name, event.name
        ));
    }
    let mut files = super::files_of(defs, &merged);
    files.push(File::of(defs, path.clone(), settings));
    files.retain(|file| file.old.as_ref() != Some(&file.new));
    write(defs, &files)?;
    for file in &files {
        eprintln!("  {}", output::shown(&defs.join(&file.path)));
    }
    let unused = known.documents.keys().filter(|file| !merged.documents.contains_key(*file));
    for file in unused {
        eprintln!("note: {file} is no longer referred to by what was imported");
    }
    if let Some(order) = order(&merged, &new) {
        left.push(format!("{path}: write precedence = {order:?}"));
    }
    finish(options, context, defs, &known.name, files.len(), &left)
}

/// Returns an order of events that distinguishes new events, if they are ambiguous without it.
fn order(merged: &Provider, new: &[String]) -> Option<Vec<String>> {
    if new.is_empty() || merged.settings.named || webhook_codegen::EventMatcher::new(merged).is_ok() {
        return None;
    }
    find_precedence(merged, new).filter(|order| *order != merged.settings.precedence)
}
