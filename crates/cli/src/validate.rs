//! `cargo webhooks validate`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use webhook_codegen::Catalog;
use webhook_codegen::load;
use webhook_harness::{Request, validate};

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::scratch::ScratchPackage;
use crate::unknown::no_such;

/// Shows the provider and event of each file, whether it is accepted, how it deviates from the schema, and whether reading it
/// is lossless.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print one JSON object per line for each file: file, provider, event, valid, lossless, violations, deviations; for a
    /// batch also items, each with the same members; for an unknown event also name.
    #[arg(long)]
    json: bool,
    /// Read every payload as one of this provider, instead of identifying the provider.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Read every payload as this event, given by its folder's name or by its name outside the body.
    #[arg(long, value_name = "NAME", requires = "provider")]
    event: Option<String>,
    /// Exit with 3 if an accepted payload deviates from the schema.
    #[arg(long)]
    strict: bool,
    /// Show the types of values instead of the values, for logs.
    #[arg(long)]
    mask: bool,
    /// The payloads; - reads standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: Options, context: &Context) -> Outcome {
    let Options { json, provider, event, strict, mask, files, defs } = options;
    let defs = context.defs(defs.as_deref());
    // Names are checked before anything is compiled.
    let catalog = load(&defs).map_err(Failure::input(&defs))?;
    if let Some(problem) = unknown_name(&catalog, provider.as_deref(), event.as_deref()) {
        eprintln!("error: {problem}");
        return Ok(ExitCode::from(2));
    }
    let scratch = ScratchPackage::of_defs(context, &defs)?;
    scratch.run(&Request::Validate(validate::Options { json, provider, event, strict, mask, files }))
}

/// What is wrong with the names of a provider and of an event that were given; `None` if both are known.
fn unknown_name(catalog: &Catalog, provider: Option<&str>, event: Option<&str>) -> Option<String> {
    let name = provider?;
    let Some(provider) = catalog.providers.iter().find(|provider| provider.name == name) else {
        return Some(no_such("provider", name, catalog.providers.iter().map(|provider| provider.name.as_str())));
    };
    let event = event?;
    let names = |known: &webhook_codegen::catalog::Event| [known.name.clone(), provider.wire_name(known).to_owned()];
    let known: Vec<String> = provider.events.iter().flat_map(names).collect();
    let is_known = known.iter().any(|known| known == event);
    (!is_known).then(|| no_such(&format!("event of {name}"), event, known.iter().map(String::as_str)))
}
