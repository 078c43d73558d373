//! `cargo webhooks infer`

mod existing;
mod payloads;
mod report;
pub(crate) mod settings;
mod vendor;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use webhook_codegen::catalog::{Catalog, Example, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::{Code, Diagnostic, Dialect, Validator, generate, load_provider};
use webhook_harness::printable;

use self::payloads::Payload;
use crate::codegen::next_command;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::files::File;
use crate::format::Format;

/// Infers the schemas of a vendor's events from its payloads, or shows what an existing schema must allow to accept them.
///
/// With the name of a provider alone, the member that names its events is found, the payloads are split by it, and every event
/// gets a folder with a schema.json and its payloads as examples; a new provider gets a provider.toml too. Payloads that are
/// added later are looked at together with the examples, so the order of commands does not matter. With the name of an event,
/// the payloads are of that event.
///
/// The schemas are permissive: only the members that identify the event are required, a member that was seen with several types
/// may have any of them, and new members are allowed. Points to review and decisions are listed: read them, and the schemas.
///
/// A schema that a person wrote or changed is not written: the smallest change that makes it accept the payloads is shown as a
/// difference, for a documented schema as a change of its overlay.json; --write applies it and keeps the payloads.
///
/// Where bodies are arrays or lines, every item of a body counts as a payload.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Apply the change to the schema of an event that exists.
    #[arg(long)]
    write: bool,
    /// Print one JSON object: the events with the members that identify them, notes, decisions, and files.
    #[arg(long)]
    json: bool,
    /// The objects at this location have data as member names, so they are maps: a JSON Pointer with * for any member or
    /// item, such as /alerts/*/labels. Kept in provider.toml.
    #[arg(long = "map", value_name = "POINTER")]
    maps: Vec<String>,
    /// The objects at this location are structs, although they look like maps. Kept in provider.toml.
    #[arg(long = "struct", value_name = "POINTER")]
    structs: Vec<String>,
    /// Take the last of repeated members, as readers do, instead of rejecting the payload.
    #[arg(long)]
    keep_last: bool,
    /// Add a provider even if its name is almost the name of another.
    #[arg(long)]
    new: bool,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
    /// The folder of the provider, such as acme, or of one of its events, such as acme/user_created.
    #[arg(value_name = "PROVIDER[/EVENT]")]
    event: String,
    /// Bodies, or folders of them; - reads standard input.
    #[arg(required = true, value_name = "PAYLOAD")]
    payloads: Vec<String>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    Format::of(None, options.json).finish(try_run(options, context))
}

fn try_run(options: &Options, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let (provider_name, event_name) = names(&options.event, &defs)?;
    let provider = load_provider(&defs, provider_name).map_err(Failure::input(&defs))?;
    if provider.is_none()
        && !options.new
        && let Some(known) = nearest(&defs, provider_name)
        && !is_wanted(provider_name, &known)
    {
        let help = format!("did you mean `{known}`? To add the provider, give --new");
        return Err(Failure::with_help(format!("there is no provider `{provider_name}`"), help));
    }
    if let Some(place) = options.maps.iter().chain(&options.structs).find(|place| !place.starts_with('/')) {
        let help = "write a JSON Pointer with * for any member or item, such as /alerts/*/labels";
        return Err(Failure::with_help(format!("{place:?} is not a JSON Pointer"), help));
    }
    let settings =
        provider.as_ref().filter(|p| defs.join(p.settings_file()).exists()).map(|provider| &provider.settings);
    let delivery = settings.map(|settings| settings.delivery);
    // The payloads of a whole vendor may have been saved in several forms, so the setting is not expected of each body.
    let expected = delivery.filter(|_| event_name.is_some());
    let (payloads, guessed) = payloads::read(&options.payloads, settings, expected, options.keep_last)?;
    let delivery = delivery.unwrap_or(guessed);
    let known = provider.as_ref().and_then(|provider| {
        let event = provider.events.iter().find(|event| Some(event.name.as_str()) == event_name)?;
        Some((provider, event))
    });
    if let Some((provider, event)) = known
        && !(options.write && vendor::is_untouched(&defs, provider, &event.name)?)
        && !existing::run(&defs, provider, event, &payloads, options)?
    {
        if options.write && !options.json {
            println!("next: {}", next_command(options.defs.as_deref(), context));
        }
        return Ok(ExitCode::SUCCESS);
    }
    vendor::run(options, context, &defs, provider, (provider_name, event_name), payloads, delivery)
}

/// Returns the known provider whose name is almost the given one: one letter is missing, added, changed or moved.
fn nearest(defs: &Path, name: &str) -> Option<String> {
    let entries = fs::read_dir(defs).into_iter().flatten().flatten();
    let folders =
        entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().to_string_lossy().into_owned());
    // Numbers tell versions of a vendor's webhooks apart.
    let letters = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').to_owned();
    let is_near =
        |known: &String| name.len() > 4 && letters(known) != letters(name) && strsim::osa_distance(known, name) == 1;
    folders.filter(is_near).min()
}

/// Asks whether to add a provider whose name resembles a known one. Returns `false` if there is no terminal.
fn is_wanted(name: &str, known: &str) -> bool {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return false;
    }
    eprint!("there is no provider `{0}`, but there is `{1}`; add `{0}`? [y/N] ", printable(name), printable(known));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// Returns the names of the provider and the event, which become the names of folders, modules and types.
fn names<'n>(text: &'n str, defs: &Path) -> Result<(&'n str, Option<&'n str>), Failure> {
    const NAME: &str = "a folder's name consists of lower-case letters, digits and `_`, and begins with a letter";
    let problem = |message: &str, advice: String| {
        Failure::input(Path::new(""))(vec![Diagnostic::of_file(Code::InvalidName, text, message, advice)])
    };
    let named = |name: &str, or: &str| match name.chars().any(|c| c.is_ascii_alphanumeric()) {
        true => folder_name(name),
        false => or.to_owned(),
    };
    let proposed = |provider: &str, event: &str| format!("write {}/{}", named(provider, "acme"), named(event, "event"));
    let there = |path: &str| !path.is_empty() && !path.starts_with('.') && defs.join(path).is_dir();
    let sound = |name: &str, path: &str| name == folder_name(name) || there(path);
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [provider] => {
            if !sound(provider, provider) {
                return Err(problem(NAME, format!("write {}", named(provider, "acme"))));
            }
            Ok((provider, None))
        }
        [provider, event] => {
            if !sound(provider, provider) || !sound(event, text) {
                return Err(problem(NAME, proposed(provider, event)));
            }
            if *event == "common" {
                let message = "`common` is the folder of schemas that events share";
                return Err(problem(message, "give the event another name".to_owned()));
            }
            Ok((provider, Some(event)))
        }
        _ => {
            let advice = "write PROVIDER or PROVIDER/EVENT, such as acme or acme/user_created".to_owned();
            Err(problem("the argument is not the name of a provider or an event", advice))
        }
    }
}

/// Returns the problems of a provider.
fn problems(provider: &Provider) -> Vec<Diagnostic> {
    let catalog = Catalog { providers: vec![provider.clone()], ..Catalog::default() };
    generate(&catalog, &webhook_codegen::Options::default()).err().unwrap_or_default()
}

/// Returns whether a problem is that events are ambiguous, which a person must resolve.
fn is_ambiguity(problem: &Diagnostic) -> bool {
    matches!(problem.code, Code::AmbiguousEvents { .. })
}

/// Checks that an event accepts some payloads. `files` have not been written yet.
fn check(defs: &Path, provider: &Provider, files: &[File], event: &str, payloads: &[&Payload]) -> Result<(), Failure> {
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

/// Returns the payloads that are not examples of an event yet, as examples under unused names, with their places.
fn examples(known: &[Example], payloads: &[Payload]) -> Vec<(usize, Example)> {
    let mut new: Vec<(usize, Example)> = Vec::new();
    let mut values: HashSet<Value> = known.iter().map(|example| example.value.clone()).collect();
    let mut names: HashSet<String> = known.iter().map(|example| example.name.clone()).collect();
    // The next number to try for each name.
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for (index, payload) in payloads.iter().enumerate() {
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
        new.push((index, Example { name, text: payload.text.clone(), value }));
    }
    new
}
