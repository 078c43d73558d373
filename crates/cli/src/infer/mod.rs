//! `cargo webhooks infer`

mod existing;
mod new;
mod payloads;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use webhook_codegen::catalog::{Catalog, Example, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::{Code, Diagnostic, Dialect, Validator, generate, load_provider};

use self::payloads::Payload;
use crate::codegen::next_command;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::files::File;

/// Infers an event's schema from payloads, or shows what an existing schema must allow to accept them.
///
/// A new event gets a folder with a schema.json and the payloads as examples; a new provider gets a provider.toml too. The
/// schema is permissive: only the members that distinguish the event from its siblings are required, a member that was seen
/// with several types may have any of them, and new members are allowed. Points to review are listed: read them, and the schema.
///
/// For an existing event, nothing is written: the smallest change of its schema that makes it accept the payloads is shown as
/// a difference, for a documented schema as a change of its overlay.json; --write applies it and keeps the payloads.
///
/// Where bodies are arrays or lines, every item of a body counts as a payload.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Change an event that exists.
    #[arg(long)]
    write: bool,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
    /// The folders of the provider and the event, as acme/user_created.
    #[arg(value_name = "PROVIDER/EVENT")]
    event: String,
    /// Bodies of that event; - reads standard input.
    #[arg(required = true, value_name = "PAYLOAD")]
    payloads: Vec<String>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let (provider_name, event_name) = names(&options.event, &defs)?;
    let provider = load_provider(&defs, provider_name).map_err(Failure::input(&defs))?;
    let settings = provider.as_ref().filter(|p| has_settings(&defs, p)).map(|provider| &provider.settings);
    let (payloads, delivery) = payloads::read(&options.payloads, settings)?;
    let known = provider.as_ref().and_then(|provider| provider.events.iter().find(|event| event.name == event_name));
    let is_written = known.is_none() || options.write;
    let outcome = match (&provider, known) {
        (Some(provider), Some(event)) => existing::run(&defs, provider, event, &payloads, options.write),
        _ => new::run(&defs, provider, (provider_name, event_name), &payloads, delivery),
    }?;
    if is_written {
        println!("next: {}", next_command(options.defs.as_deref(), context));
    }
    Ok(outcome)
}

fn has_settings(defs: &Path, provider: &Provider) -> bool {
    defs.join(provider.settings_file()).exists()
}

/// The names of the provider and the event, which become the names of folders, modules and types.
fn names<'n>(text: &'n str, defs: &Path) -> Result<(&'n str, &'n str), Failure> {
    let problem = |message: String, advice: String| {
        Failure::input(Path::new(""))(vec![Diagnostic::of_file(Code::InvalidName, text, message, advice)])
    };
    let named = |name: &str, or: &str| match name.chars().any(|c| c.is_ascii_alphanumeric()) {
        true => folder_name(name),
        false => or.to_owned(),
    };
    let proposed = |provider: &str, event: &str| format!("write {}/{}", named(provider, "acme"), named(event, "event"));
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [provider, event] => {
            let there = |path: &str| !path.is_empty() && !path.starts_with('.') && defs.join(path).is_dir();
            let sound = |name: &str, path: &str| name == folder_name(name) || there(path);
            if !sound(provider, provider) || !sound(event, text) {
                let message = "a folder's name has small letters, digits and `_`, a letter first".to_owned();
                return Err(problem(message, proposed(provider, event)));
            }
            if *event == "common" {
                let message = "`common` is the folder of schemas that events share".to_owned();
                return Err(problem(message, "give the event another name".to_owned()));
            }
            Ok((provider, event))
        }
        _ => {
            let advice = "write the names of two folders, as acme/user_created".to_owned();
            Err(problem("no provider and event".to_owned(), advice))
        }
    }
}

/// The problems of a provider.
fn problems(provider: &Provider) -> Vec<Diagnostic> {
    let catalog = Catalog { providers: vec![provider.clone()], ..Catalog::default() };
    generate(&catalog, &webhook_codegen::Options::default()).err().unwrap_or_default()
}

/// Whether a problem is that events are ambiguous, which a person must resolve.
fn is_ambiguity(problem: &Diagnostic) -> bool {
    matches!(problem.code, Code::AmbiguousEvents { .. })
}

/// Checks that an event accepts some payloads. `files` have not been written yet.
fn check(defs: &Path, provider: &Provider, files: &[File], event: &str, payloads: &[Payload]) -> Result<(), Failure> {
    let Some(event) = provider.events.iter().find(|known| known.name == event) else { return Ok(()) };
    let schema = provider.schema(event).map_err(|problem| Failure::input_with(defs, files)(vec![problem]))?;
    let validator = Validator::new(&schema, &provider.library(), Dialect::default());
    // A schema that is read alone does not know its file.
    let named = |problem: Diagnostic| match problem.file.as_str() {
        "schema.json" => Diagnostic { file: provider.schema_file(event), ..problem },
        _ => problem,
    };
    let validator = validator.map_err(|problems| {
        let problems = problems.into_iter().map(|problem| provider.in_overlay(named(problem)));
        Failure::input_with(defs, files)(problems.collect())
    })?;
    let values: Vec<Value> = payloads.iter().map(|payload| payload.json.to_value()).collect();
    let found = validator.violations(&values.iter().collect::<Vec<_>>());
    let problems: Vec<Diagnostic> = payloads
        .iter()
        .zip(&found)
        .flat_map(|(payload, found)| {
            let advice = format!("change {} so that it is accepted", provider.schema_file(event));
            found.iter().map(move |violation| {
                let (file, pointer) = (payload.file.as_str(), violation.instance_location.as_str());
                let problem = Diagnostic::at(Code::InvalidPayload, file, pointer, violation.message(), advice.clone());
                Diagnostic { location: payload.locate(pointer), ..problem }
            })
        })
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    let bodies = payloads.iter().map(|payload| (payload.file.clone(), payload.body.to_string()));
    Err(Failure::input_in(bodies.collect())(problems))
}

/// The payloads that are not examples of an event yet, as examples under unused names.
fn examples(known: &[Example], payloads: &[Payload]) -> Vec<Example> {
    let mut new: Vec<Example> = Vec::new();
    let mut values: HashSet<Value> = known.iter().map(|example| example.value.clone()).collect();
    let mut names: HashSet<String> = known.iter().map(|example| example.name.clone()).collect();
    // The next number to try for each name.
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for payload in payloads {
        let value = payload.json.to_value();
        if !values.insert(value.clone()) {
            continue;
        }
        let mut name = payload.name.clone();
        while !names.insert(name.clone()) {
            let number = numbers.entry(&payload.name).or_insert(1);
            *number += 1;
            name = format!("{}_{number}", payload.name);
        }
        new.push(Example { name, text: payload.text.clone(), value });
    }
    new
}
