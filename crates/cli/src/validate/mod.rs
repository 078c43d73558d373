//! The command `cargo webhooks validate`.

mod examine;
mod repeated;
mod report;
mod types;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::{Catalog, Interpreted, load};

use self::examine::{Examiner, Finding};
use self::report::Report;
use crate::context::Context;
use crate::failure::{Failure, Outcome, UNREADABLE};
use crate::format::Format;
use crate::unknown::no_such;

/// The exit code of payloads that deviate, with `--strict`.
const DEVIATING: u8 = 4;

/// Shows the provider and event of each file, whether its schema accepts it, and how it deviates.
///
/// Every violation is shown with its line in the payload, and with the line of the schema that it violates. Schemas decide, and nothing
/// is compiled: an event that is read tolerantly is accepted if the members that identify it are valid. With --types, the generated types
/// are compiled and decide instead, and it is also shown whether they write each payload back as it was.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print one JSON object per line for each file: file, provider, event, valid, lossless (null without --types), violations,
    /// deviations; for a batch also items, each with the same members; for an unknown event also name.
    #[arg(long)]
    json: bool,
    /// How the result is printed.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<Format>,
    /// Read every payload as a payload of this provider, instead of identifying the provider.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Read every payload as this event, given by its folder's name or by its name outside the body.
    #[arg(long, value_name = "NAME", requires = "provider")]
    event: Option<String>,
    /// Also read every payload with the generated types. The first time, they are compiled, which takes a minute.
    #[arg(long)]
    types: bool,
    /// Exit with 4 if an accepted payload deviates from the schema.
    #[arg(long)]
    strict: bool,
    /// Show the types of values instead of the values, and no lines of payloads, for logs.
    #[arg(long)]
    mask: bool,
    /// The payloads; - reads standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let format = Format::of(options.format, options.json);
    // A problem of schema-defs is not an answer about a payload.
    format.finish(try_run(options, format, context)).or_else(Failure::unanswered)
}

fn try_run(options: &Options, format: Format, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let catalog = load(&defs).map_err(Failure::input(&defs))?;
    let providers = chosen(&catalog, options)?;
    let mut interpreted = Vec::new();
    let mut problems = Vec::new();
    for provider in providers {
        match Interpreted::new(provider) {
            Ok(provider) => interpreted.push(provider),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::input(&defs)(problems));
    }
    let examiner = Examiner {
        providers: interpreted,
        is_given: options.provider.is_some(),
        event: options.event.clone(),
        mask: options.mask,
    };
    let mut examined: Vec<(&str, Vec<u8>, Finding)> = Vec::new();
    let mut unread = Vec::new();
    for file in &options.files {
        match read(file) {
            Ok(bytes) => {
                let finding = examiner.examine(&bytes);
                examined.push((file, bytes, finding));
            }
            Err(error) => unread.push(Failure::of(file, error)),
        }
    }
    if options.types {
        types::read(context, &defs, options.mask, &mut examined)?;
    }
    let report = Report::new(&examiner, &defs, format);
    let mut out = std::io::stdout().lock();
    for (file, bytes, finding) in &examined {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        // The output cannot be written when its reader has closed it.
        if report.write(file, text, finding, &mut out).and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    for failure in &unread {
        failure.print();
    }
    let is_rejected = examined.iter().any(|(_, _, finding)| finding.valid == Some(false));
    let deviates = examined.iter().any(|(_, _, finding)| !finding.deviations.is_empty());
    Ok(match (unread.is_empty(), is_rejected, options.strict && deviates) {
        (false, _, _) => ExitCode::from(UNREADABLE),
        (true, true, _) => ExitCode::FAILURE,
        (true, false, true) => ExitCode::from(DEVIATING),
        (true, false, false) => ExitCode::SUCCESS,
    })
}

fn read(file: &str) -> std::io::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(Path::new(file))
}

/// Returns the providers that a payload may come from: the given provider, with a check of the event's name, or all
/// providers.
fn chosen<'c>(catalog: &'c Catalog, options: &Options) -> Result<Vec<&'c Provider>, Failure> {
    let Some(name) = &options.provider else { return Ok(catalog.providers.iter().collect()) };
    let Some(provider) = catalog.providers.iter().find(|provider| provider.name == *name) else {
        return Err(no_such("provider", name, catalog.providers.iter().map(|provider| provider.name.as_str())));
    };
    let names = |event: &'c Event| [event.name.as_str(), provider.wire_name(event)];
    match &options.event {
        Some(event) if !provider.events.iter().flat_map(names).any(|known| known == event) => {
            Err(no_such(&format!("event of {name}"), event, provider.events.iter().flat_map(names)))
        }
        _ => Ok(vec![provider]),
    }
}

/// Texts of files of schema-defs, by their paths below the folder.
type Texts = BTreeMap<String, Option<String>>;
