//! `cargo xtask cost`

mod measure;
mod packages;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use webhook_codegen::catalog::Provider;
use webhook_codegen::{Catalog, load};

use crate::cargo::root;
use crate::progress::Progress;
use crate::{Failure, Outcome};

use self::measure::{Built, Cost, build, user_build};
use self::packages::{Package, ours, typify};

/// Measures what generated code costs to generate and to compile, beside what typify emits for the same types.
///
/// The sets are one provider, all providers, and the invented vendors of tests/realistic once, 3 and 10 times over. Every package
/// is compiled in a target folder of its own; what it depends on is compiled before and not counted. Times are those of the
/// processor (user time of all processes) where the system reports them, and otherwise the time that passes. Last, the release
/// build of a user's program from nothing: with serde and serde_json alone, and with one provider.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only sets whose name contains this text: one provider, all providers, larger set, larger set x3, larger set x10,
    /// user's build.
    filter: Option<String>,

    /// Print the table as Markdown.
    #[arg(long)]
    markdown: bool,
}

/// What is measured: a name, the schemas, and how often they are repeated.
struct Set {
    name: &'static str,
    folder: &'static str,
    provider: Option<&'static str>,
    times: usize,
}

const SETS: [Set; 5] = [
    Set { name: "one provider", folder: "schema-defs", provider: Some("crowdsec"), times: 1 },
    Set { name: "all providers", folder: "schema-defs", provider: None, times: 1 },
    Set { name: "larger set", folder: "tests/realistic/schema-defs", provider: None, times: 1 },
    Set { name: "larger set x3", folder: "tests/realistic/schema-defs", provider: None, times: 3 },
    Set { name: "larger set x10", folder: "tests/realistic/schema-defs", provider: None, times: 10 },
];

const USERS_BUILD: &str = "user's build";

pub(crate) fn run(options: &Options) -> Outcome {
    let wanted = |name: &str| options.filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for set in SETS.iter().filter(|set| wanted(set.name)) {
        let progress = Progress::spinner("measuring");
        progress.message(format!("{}: generating", set.name));
        let catalog = catalog(set)?;
        let start = Instant::now();
        let package = ours(&catalog)?;
        let generating = start.elapsed();
        let peer = typify(&catalog)?;
        let mut measured = |package: &Package, generating: Option<Duration>| -> Result<(), Failure> {
            progress.message(format!("{}: compiling {}", set.name, package.name));
            rows.push(row(set.name, package, generating, &build(package)?));
            Ok(())
        };
        measured(&package, Some(generating))?;
        measured(&peer, None)?;
        progress.finish();
    }
    if !rows.is_empty() {
        print(
            options.markdown,
            &["set", "types", "generate", "lines", "check", "debug", "release", "debug rlib", "release rlib"],
            &rows,
        );
    }
    if wanted(USERS_BUILD) {
        let progress = Progress::spinner("measuring");
        let mut rows = Vec::new();
        for (name, features) in [("serde and serde_json", None), ("one provider", Some("crowdsec"))] {
            progress.message(format!("{USERS_BUILD}: {name}"));
            let Cost { passed, processor } = user_build(features)?;
            rows.push(vec![name.to_owned(), seconds(passed), processor.map_or("–".to_owned(), seconds)]);
        }
        progress.finish();
        println!();
        print(options.markdown, &["a user's release build from nothing", "passed", "processor"], &rows);
    }
    Ok(ExitCode::SUCCESS)
}

fn catalog(set: &Set) -> Result<Catalog, Failure> {
    let folder = root().join(set.folder);
    let mut catalog = load(&folder).map_err(Failure::input(&folder))?;
    catalog.providers.retain(|provider| set.provider.is_none_or(|name| provider.name == name));
    let once = catalog.providers.clone();
    for time in 1..set.times {
        let renamed = |provider: &Provider| Provider { name: format!("{}_{time}", provider.name), ..provider.clone() };
        catalog.providers.extend(once.iter().map(renamed));
    }
    catalog.providers.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(catalog)
}

fn row(set: &str, package: &Package, generating: Option<Duration>, built: &Built) -> Vec<String> {
    vec![
        set.to_owned(),
        package.name.to_owned(),
        generating.map_or("–".to_owned(), seconds),
        package.lines.to_string(),
        seconds(built.check.counted()),
        seconds(built.debug.counted()),
        seconds(built.release.counted()),
        megabytes(built.debug_bytes),
        megabytes(built.release_bytes),
    ]
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A table: in Markdown, or with aligned columns.
fn print(markdown: bool, head: &[&str], rows: &[Vec<String>]) {
    if markdown {
        println!("| {} |", head.join(" | "));
        println!("|{}", " --- |".repeat(head.len()));
        rows.iter().for_each(|row| println!("| {} |", row.join(" | ")));
        return;
    }
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).chain([head[column].chars().count()]).max().unwrap_or(0)
    };
    let line = |cells: &[String]| {
        let padded: Vec<String> =
            cells.iter().enumerate().map(|(column, cell)| format!("{cell:>width$}", width = width(column))).collect();
        println!("{}", padded.join("  "));
    };
    line(&head.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    rows.iter().for_each(|row| line(row));
}
