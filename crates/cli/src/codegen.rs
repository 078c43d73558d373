//! The command `cargo webhooks codegen`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use annotate_snippets::normalize_untrusted_str;
use clap::Args;
use serde_json::json;
use similar::TextDiff;
use webhook_codegen::Difference;

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::format::{Entry, Format};
use crate::output::{counted, shown};
use crate::package::{Made, make};

/// The maximum number of lines of a file's difference that are shown.
const LINES: usize = 100;

/// Generates the crate from schema-defs, or checks that it is up to date.
///
/// By default, schema-defs/ is read and generated/ is written. Files that differ are written, files that are no longer
/// generated are removed, and everything else in the folder is left alone. If a file that was not generated is in the
/// way, such as src/main.rs or the Cargo.toml of another crate, or if the input has problems, nothing is written: every
/// problem is listed, with its file, its location, and what to do.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Write nothing; show what would change, and exit with 1 if anything would.
    #[arg(long)]
    check: bool,
    /// Print one JSON object: folder, package, files, events, providers, changed (the paths of files that are written, or that --check
    /// finds different) and notes.
    #[arg(long)]
    json: bool,
    /// How the result is printed.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<Format>,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
    /// The folder to write the package to; by default, generated/.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The name of the package; by default, the name in package.toml of schema-defs.
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
    /// Also write the JSON Schema documents that typify renders, into the package's folder lowered/.
    #[arg(long)]
    lowered: bool,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let format = Format::of(options.format, options.json);
    format.finish(try_run(options, format, context))
}

fn try_run(options: &Options, format: Format, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let out = match (&options.out, &options.defs) {
        (Some(out), _) => out.clone(),
        (None, None) => context.folder("generated"),
        (None, Some(_)) => {
            return Err(Failure::with_help(
                "--defs is given without --out",
                "give --out, the folder to write the package to",
            ));
        }
    };
    let Made { catalog, generated } = make(context, &defs, &out, options.package.as_deref(), options.lowered)?;
    let events: usize = catalog.providers.iter().map(|provider| provider.events.len()).sum();
    let made = format!(
        "{} for {} of {}",
        counted(generated.tree.files().count(), "file"),
        counted(events, "event"),
        counted(catalog.providers.len(), "provider")
    );
    let at = |error: std::io::Error| Failure::of(out.display(), error);
    let print_json = |changed: &[&str]| {
        let result = json!({
            "folder": shown(&out),
            "package": generated.package,
            "files": generated.tree.files().count(),
            "events": events,
            "providers": catalog.providers.len(),
            "changed": changed,
            "notes": generated.buffered,
        });
        println!("{result}");
    };
    if options.check {
        let differences = generated.tree.compare(&out).map_err(at)?;
        if format == Format::Json {
            print_json(&differences.iter().map(|difference| difference.path.as_str()).collect::<Vec<_>>());
            return Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        if differences.is_empty() {
            println!("{}: up to date, {made}", shown(&out));
            return Ok(ExitCode::SUCCESS);
        }
        let update = command(options, context);
        match format {
            Format::Github => differences.iter().for_each(|it| println!("{}", stale(it, &out, &update).annotation())),
            _ => show_all(&differences),
        }
        eprintln!("{} of {made} differ in {}; to update them, run: {update}", differences.len(), shown(&out));
        return Ok(ExitCode::FAILURE);
    }
    let changed = generated.tree.write(&out).map_err(at)?;
    if format == Format::Json {
        print_json(&changed.iter().map(String::as_str).collect::<Vec<_>>());
        return Ok(ExitCode::SUCCESS);
    }
    // Copied sources of the runtime say nothing about a change of schema-defs, so they are only counted.
    let (copied, own): (Vec<_>, Vec<_>) = changed.iter().partition(|path| path.starts_with("webhook-runtime/"));
    for path in own {
        println!("  {path}");
    }
    if !copied.is_empty() {
        println!("  webhook-runtime/: {}", counted(copied.len(), "file"));
    }
    println!("{}: {made}, {} changed", shown(&out), changed.len());
    for note in &generated.buffered {
        println!("note: {}", normalize_untrusted_str(note));
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the command to run after a change of schema-defs. `defs` is their folder, unless it is the default.
pub(crate) fn next_command(defs: Option<&Path>, context: &Context) -> String {
    let call = context.call();
    match defs {
        Some(defs) => format!("{call} codegen --defs {} --out DIR --package NAME", defs.display()),
        None => format!("{call} codegen"),
    }
}

/// Returns the command that writes the files that `--check` compared.
fn command(options: &Options, context: &Context) -> String {
    let mut text = format!("{} codegen", context.call());
    for (name, path) in [("--defs", &options.defs), ("--out", &options.out)] {
        if let Some(path) = path {
            text.push_str(&format!(" {name} {}", path.display()));
        }
    }
    if let Some(package) = &options.package {
        text.push_str(&format!(" --package {package}"));
    }
    if options.lowered {
        text.push_str(" --lowered");
    }
    text
}

/// Returns the annotation for a file that is not up to date.
fn stale(difference: &Difference, out: &Path, update: &str) -> Entry {
    Entry {
        message: "the file is not what codegen generates".to_owned(),
        file: Some(shown(&out.join(&difference.path))),
        help: format!("run {update}, and commit the result"),
        ..Entry::default()
    }
}

fn show_all(differences: &[Difference]) {
    for Difference { path, found, expected } in differences {
        let (old, new) = (found.as_deref().unwrap_or_default(), expected.as_deref().unwrap_or_default());
        let (before, after) = (format!("a/{path}"), format!("b/{path}"));
        let none = "/dev/null".to_owned();
        let header = (if found.is_some() { &before } else { &none }, if expected.is_some() { &after } else { &none });
        // Of a file that is added or removed, the first lines are enough.
        let limit = if found.is_some() && expected.is_some() { LINES } else { 6 };
        let diff = TextDiff::from_lines(old, new);
        let text = diff.unified_diff().context_radius(3).header(header.0, header.1).to_string();
        text.lines().take(limit).for_each(|line| println!("{line}"));
        let hidden = text.lines().count().saturating_sub(limit);
        if hidden > 0 {
            println!("… and {hidden} more lines");
        }
    }
}
