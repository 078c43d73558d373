//! The command `cargo webhooks generate`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::payloads::generate;
use webhook_codegen::{EventMatcher, Interpreted, load};

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::unknown::no_such;

/// The number of payloads generated for each requested one if some are identified as another event and left out.
const SPARE: usize = 4;

/// Prints generated payloads that are valid under the schema of an event, one on each line.
///
/// Payloads differ in their optional members, in the branches of unions, and in numbers, strings and arrays within their bounds.
/// The same seed generates the same payloads. A payload that would be identified as another event is left out.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The provider, or one of its events.
    #[arg(value_name = "PROVIDER[/EVENT]")]
    what: String,
    /// The number of payloads of each event.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// The seed of the random choices.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let catalog = load(&defs).map_err(Failure::input(&defs))?;
    let (provider, events) = selected(&catalog.providers, &options.what)?;
    let mut missing = false;
    for (event, payloads) in payloads(provider, &events, options.seed, options.count).map_err(Failure::input(&defs))? {
        for payload in &payloads {
            println!("{payload}");
        }
        if payloads.len() < options.count as usize {
            missing = true;
            eprintln!("note: {}/{}: {} of {} generated", provider.name, event.name, payloads.len(), options.count);
        }
    }
    Ok(if missing { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Returns the provider that a name on the command line selects, with the selected event or all events.
pub(crate) fn selected<'p>(providers: &'p [Provider], what: &str) -> Result<(&'p Provider, Vec<&'p Event>), Failure> {
    let (name, event) = what.split_once('/').map_or((what, None), |(provider, event)| (provider, Some(event)));
    let provider = providers.iter().find(|provider| provider.name == name);
    let names = providers.iter().map(|provider| provider.name.as_str());
    let provider = provider.ok_or_else(|| no_such("provider", name, names))?;
    let mut names = provider.events.iter().map(|event| event.name.as_str());
    if let Some(event) = event.filter(|event| !names.clone().any(|name| name == *event)) {
        return Err(no_such(&format!("event of {name}"), event, &mut names));
    }
    Ok((provider, provider.events.iter().filter(|known| event.is_none_or(|event| known.name == event)).collect()))
}

/// Generates payloads of some events, each of which is identified as its event.
pub(crate) fn payloads<'p>(
    provider: &Provider,
    events: &[&'p Event],
    seed: u64,
    count: u32,
) -> Result<Vec<(&'p Event, Vec<Value>)>, Vec<webhook_codegen::Diagnostic>> {
    if count == 0 {
        return Ok(events.iter().map(|event| (*event, Vec::new())).collect());
    }
    // Payloads would be generated from the keywords that are known.
    Interpreted::new(provider)?;
    let (matcher, library) = (EventMatcher::new(provider)?, provider.library());
    let mut made = Vec::new();
    for event in events {
        let at = provider.events.iter().position(|known| known.name == event.name);
        let is_own = |payload: &Value| provider.settings.named || matcher.detect(payload) == at;
        let schema = provider.schema(event).map_err(|problem| vec![problem])?;
        let count = count as usize;
        let mut payloads = generate(&schema, &library, seed, count)?;
        if !payloads.iter().all(is_own) {
            payloads = generate(&schema, &library, seed, count * SPARE)?;
            payloads.retain(is_own);
            payloads.truncate(count);
        }
        made.push((*event, payloads));
    }
    Ok(made)
}
