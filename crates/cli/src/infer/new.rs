//! A new event: creates its folder.

use std::path::Path;
use std::process::ExitCode;

use webhook_codegen::catalog::{Delivery, Event, EventSettings, Example, Provider, Settings, Source};
use webhook_codegen::infer::{Inferred, Sibling, infer, title, wrapped};
use webhook_codegen::json::Json;
use webhook_codegen::{Code, Diagnostic, find_precedence};
use webhook_harness::{printable, printable_lines};

use super::payloads::Payload;
use super::{check, examples, has_settings, is_ambiguity, problems};
use crate::failure::{Failure, Outcome};
use crate::files::{File, write};
use crate::output::{counted, shown};

pub(super) fn run(
    defs: &Path,
    provider: Option<Provider>,
    (provider_name, event_name): (&str, &str),
    payloads: &[Payload],
    delivery: Delivery,
) -> Outcome {
    let has_settings = provider.as_ref().is_some_and(|provider| has_settings(defs, provider));
    let mut provider = provider.unwrap_or_else(|| Provider {
        name: provider_name.to_owned(),
        settings: Settings::default(),
        events: Vec::new(),
        documents: Default::default(),
    });
    let mut files = Vec::new();
    let mut notes = Vec::new();
    if !has_settings {
        notes.push(add_settings(defs, &mut provider, delivery, &mut files));
        notes.extend(wrapped_note(&provider, delivery, payloads));
    }
    let event =
        Event { name: event_name.to_owned(), schema: Json::Null, overlay: None, examples: examples(&[], payloads) };
    let inferred = infer_event(defs, &provider, &event, payloads)?;
    if provider.source(event_name) == Source::Documented {
        notes.extend(mark(defs, &mut provider, event_name, &mut files));
    }
    provider.events.push(Event { schema: inferred.schema.clone(), ..event.clone() });
    provider.events.sort_by(|a, b| a.name.cmp(&b.name));
    files.push(File::of(defs, provider.schema_file(&event), inferred.schema.pretty()));
    check(defs, &provider, &files, event_name, payloads)?;
    let (ambiguous, other): (Vec<_>, Vec<_>) = problems(&provider).into_iter().partition(is_ambiguity);
    if !other.is_empty() {
        return Err(Failure::input_with(defs, &files)(other));
    }
    files.extend(example_files(defs, &provider, &event)?);
    write(defs, &files)?;
    for file in &files {
        println!("  {}", shown(&defs.join(&file.path)));
    }
    let discriminators = match inferred.discriminators.as_slice() {
        [] => "nothing".to_owned(),
        pointers => printable(&pointers.join(" and ")),
    };
    let inferred_from = counted(payloads.len(), "payload");
    println!("{provider_name}/{event_name}: inferred from {inferred_from}; identified by {discriminators}");
    notes.extend(inferred.notes.iter().cloned());
    notes.extend(order_note(&provider, event_name, &inferred.after));
    for note in notes {
        println!("note: {}", printable(&note));
    }
    for problem in &ambiguous {
        println!("to do: {}", printable_lines(&problem.to_string()));
    }
    let new = [(event_name.to_owned(), inferred.after)];
    if let Some(order) = find_precedence(&provider, &new).filter(|_| !ambiguous.is_empty()) {
        let order: Vec<String> = order.iter().map(|name| format!("{name:?}")).collect();
        let path = shown(&defs.join(provider.settings_file()));
        println!("to do: this resolves it, in {path}: precedence = [{}]", order.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// Adds the settings of a provider that has none, and returns a note about them.
fn add_settings(defs: &Path, provider: &mut Provider, delivery: Delivery, files: &mut Vec<File>) -> String {
    let is_inferred = provider.events.is_empty();
    provider.settings.title = capitals(&provider.name);
    provider.settings.delivery = delivery;
    provider.settings.source = if is_inferred { Source::Inferred } else { Source::Documented };
    files.push(File::of(defs, provider.settings_file(), provider_toml(&provider.settings)));
    let path = shown(&defs.join(provider.settings_file()));
    format!("a new provider; a body is taken for {}: if it is not, change `delivery` in {path}", body(delivery))
}

/// A note about bodies that look like objects with events in them.
fn wrapped_note(provider: &Provider, delivery: Delivery, payloads: &[Payload]) -> Option<String> {
    let (first, others) = payloads.split_first().filter(|_| delivery == Delivery::Single)?;
    let found = wrapped(&first.json)?;
    let is_same = others.iter().all(|payload| wrapped(&payload.json).is_some_and(|other| other == found));
    is_same.then(|| {
        let settings = found.settings().replace('\n', ", ");
        let file = provider.settings_file();
        format!(
            "a body looks like an object with events in it: if it is, write {settings} in {file}, remove the event's folder, and \
             infer again"
        )
    })
}

/// The files of an event's examples, none of which may replace another payload.
fn example_files(defs: &Path, provider: &Provider, event: &Event) -> Result<Vec<File>, Failure> {
    let file = |example: &Example| File::of(defs, provider.example_file(event, example), example.text.clone());
    let files: Vec<File> = event.examples.iter().map(file).collect();
    let taken = files.iter().filter(|file| file.old.as_ref().is_some_and(|old| old.trim_end() != file.new.trim_end()));
    let problem = |file: &File| {
        let (message, advice) = ("another payload has this name", "rename one of the files");
        Diagnostic::of_file(Code::FileExists, &file.path, message, advice)
    };
    let taken: Vec<Diagnostic> = taken.map(problem).collect();
    if taken.is_empty() { Ok(files) } else { Err(Failure::input(defs)(taken)) }
}

/// A note about events whose payloads the new event's schema accepts too, unless `precedence` has them before it.
fn order_note(provider: &Provider, event: &str, more_specific: &[String]) -> Option<String> {
    let place = |name: &str| provider.settings.precedence.iter().position(|known| known == name);
    let is_before = |first: &&String| place(first).is_some_and(|first| place(event).is_some_and(|own| first < own));
    let missing: Vec<&String> = more_specific.iter().filter(|first| !is_before(first)).collect();
    (!missing.is_empty()).then(|| {
        let events = listed(&missing);
        format!("a payload can also be {events}, which is more specific and must come first in `precedence`")
    })
}

fn listed(names: &[&String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
}

fn infer_event(defs: &Path, provider: &Provider, event: &Event, payloads: &[Payload]) -> Result<Inferred, Failure> {
    let mut siblings: Vec<(String, Json, Vec<Json>)> = Vec::new();
    for sibling in &provider.events {
        let schema = provider.schema(sibling).map_err(|problem| Failure::input(defs)(vec![problem]))?;
        // Each has been parsed as JSON before.
        let payloads = sibling.examples.iter().filter_map(|example| Json::parse(&example.text).ok()).collect();
        siblings.push((sibling.name.clone(), schema, payloads));
    }
    let siblings: Vec<Sibling<'_>> =
        siblings.iter().map(|(name, schema, payloads)| Sibling { name, schema: Some(schema), payloads }).collect();
    let payloads: Vec<Json> = payloads.iter().map(|payload| payload.json.clone()).collect();
    Ok(infer(&title(&event.name), &payloads, &siblings))
}

/// Records that the event's schema is inferred, in a provider whose schemas are documented.
fn mark(defs: &Path, provider: &mut Provider, event: &str, files: &mut Vec<File>) -> Option<String> {
    let path = provider.settings_file();
    if provider.settings.events.contains_key(event) {
        return Some(format!("write schema = \"inferred\" under [events.{event}] in {path}"));
    }
    let entry = EventSettings { source: Some(Source::Inferred), ..EventSettings::default() };
    provider.settings.events.insert(event.to_owned(), entry);
    let lines = format!("\n[events.{event}]\nschema = \"inferred\"\n");
    match files.iter_mut().find(|file| file.path == path) {
        Some(file) => file.new.push_str(&lines),
        None => {
            let file = File::of(defs, path, String::new());
            let known = file.old.as_deref().unwrap_or_default().trim_end().to_owned();
            files.push(File { new: format!("{known}\n{lines}"), ..file });
        }
    }
    None
}

fn provider_toml(settings: &Settings) -> String {
    let delivery = match settings.delivery {
        Delivery::Batch => "batch",
        Delivery::Lines => "lines",
        _ => "single",
    };
    let schemas = if settings.source == Source::Inferred { "inferred" } else { "documented" };
    let origin = if settings.source == Source::Inferred { "origin = \"payloads that were received\"\n" } else { "" };
    format!("title = {:?}\ndelivery = {delivery:?}\nschemas = {schemas:?}\n{origin}", settings.title)
}

fn body(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Batch => "an array of events",
        Delivery::Lines => "events on lines of their own",
        _ => "one event",
    }
}

/// `example_vendor` as `Example Vendor`.
fn capitals(name: &str) -> String {
    name.split('_').map(title).collect::<Vec<_>>().join(" ")
}
