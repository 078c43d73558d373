//! The command `cargo webhooks roundtrip`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use webhook_codegen::Location;
use webhook_codegen::location::in_json;
use webhook_harness::roundtrip::{Finding, Summary};
use webhook_harness::{Request, printable_lines};

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::format::{Entry, Format};
use crate::output::shown;
use crate::scratch::ScratchProgram;

/// Generates and compiles the types, then parses and serializes every documented payload.
///
/// Each example is read by the type of its event and, where the body identifies the event, by dispatch. Payloads that are
/// rejected or change are listed with the location of the first difference; numbers are compared digit for digit. The last
/// line counts: exact, lossy, rejected.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print one JSON object: exact, lossy, rejected, and findings with file, by, pointer, message, rejected.
    #[arg(long)]
    json: bool,
    /// How the result is printed.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<Format>,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let format = Format::of(options.format, options.json);
    format.finish(try_run(options, format, context))
}

fn try_run(options: &Options, format: Format, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let printed = ScratchProgram::of_defs(context, &defs)?.output(&Request::Roundtrip)?;
    let summary: Summary =
        serde_json::from_str(&printed).map_err(|error| Failure::of("the output of the compiled program", error))?;
    let Summary { exact, lossy, rejected, findings } = &summary;
    match format {
        Format::Json => print!("{printed}"),
        Format::Github => findings.iter().for_each(|finding| println!("{}", entry(finding, &defs).annotation())),
        Format::Text => {
            for finding in findings {
                println!("{}", printable_lines(&line(finding)));
            }
        }
    }
    if format != Format::Json {
        println!("exact {exact}, lossy {lossy}, rejected {rejected}");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns a line about an example that is rejected or changes.
fn line(finding: &Finding) -> String {
    let Finding { file, by, pointer, message, rejected } = finding;
    let by = if by == "type" { "its type" } else { by };
    match (rejected, pointer.as_str()) {
        (true, _) => format!("{file}: rejected by {by}: {message}"),
        (false, "") => format!("{file}: lossy by {by} at (root): {message}"),
        (false, pointer) => format!("{file}: lossy by {by} at {pointer}: {message}"),
    }
}

fn entry(finding: &Finding, defs: &std::path::Path) -> Entry {
    let path = defs.join(&finding.file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let found = in_json(&text, &finding.pointer).map(|found| Location::new(&text, found.excerpt(&text, false)));
    let what = if finding.rejected { "rejected" } else { "lossy" };
    Entry {
        message: format!("{what} by {}: {}", finding.by, finding.message),
        file: Some(shown(&path)),
        pointer: finding.pointer.clone(),
        location: found,
        ..Entry::default()
    }
}
