//! `cargo xtask cost`

mod child;
mod measure;
mod packages;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use webhook_codegen::{Catalog, load};

use crate::root;
use cargo_webhooks::progress::Progress;
use cargo_webhooks::{Failure, Outcome};

use self::child::Cost;
use self::measure::{Built, build, user_build};
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

    /// Only generate and check: no debug and release builds, which take long for the largest sets.
    #[arg(long)]
    check_only: bool,

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

const COLUMNS: [&str; 9] =
    ["set", "types", "generate", "lines", "check", "debug", "release", "debug library", "release library"];

const USERS_BUILD: &str = "user's build";

pub(crate) fn run(options: &Options) -> Outcome {
    let wanted = |name: &str| options.filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()));
    let mut table = Table::new(options.markdown, &COLUMNS);
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
            let row = row(set.name, package, generating, &build(package, options.check_only)?);
            // What takes long is shown as soon as it is known.
            progress.println(&table.row(&row));
            Ok(())
        };
        measured(&package, Some(generating))?;
        measured(&peer, None)?;
        progress.finish();
    }
    if wanted(USERS_BUILD) && !options.check_only {
        let progress = Progress::spinner("measuring");
        let mut table = Table::new(options.markdown, &["user's release build", "passed", "processor"]);
        for (name, features) in [("serde, serde_json", None), ("one provider", Some("crowdsec"))] {
            progress.message(format!("{USERS_BUILD}: {name}"));
            let Cost { passed, processor } = user_build(features)?;
            let row = [name.to_owned(), seconds(passed), processor.map_or("–".to_owned(), seconds)];
            progress.println(&table.row(&row));
        }
        progress.finish();
    }
    Ok(ExitCode::SUCCESS)
}

fn catalog(set: &Set) -> Result<Catalog, Failure> {
    let folder = root().join(set.folder);
    let folder = if set.times > 1 { repeated(&folder, set.times)? } else { folder };
    let mut catalog = load(&folder).map_err(Failure::input(&folder))?;
    catalog.providers.retain(|provider| set.provider.is_none_or(|name| provider.name == name));
    for provider in catalog.providers.iter_mut().filter(|_| set.times > 1) {
        // Providers are named after their titles, which must differ.
        provider.settings.title.clone_from(&provider.name);
    }
    Ok(catalog)
}

/// A folder that has the providers of another several times over, under names of their own.
fn repeated(folder: &Path, times: usize) -> Result<PathBuf, Failure> {
    let to = root().join("target/cost/schema-defs");
    let _ = fs::remove_dir_all(&to);
    let providers = fs::read_dir(folder).map_err(|error| Failure::of(folder.display(), error))?;
    for path in providers.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for time in 1..=times {
            copy(&path, &to.join(format!("{name}_{time}"))).map_err(|error| Failure::of(path.display(), error))?;
        }
    }
    Ok(to)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { copy(&path, &to)? } else { fs::copy(&path, &to).map(drop)? }
    }
    Ok(())
}

fn row(set: &str, package: &Package, generating: Option<Duration>, built: &Built) -> Vec<String> {
    let none = || "–".to_owned();
    let libraries = |show: fn((Cost, u64)) -> String| match built.libraries {
        Some(libraries) => libraries.map(show),
        None => [none(), none()],
    };
    let first = [
        set.to_owned(),
        package.name.to_owned(),
        generating.map_or_else(none, seconds),
        package.lines.to_string(),
        seconds(built.check.counted()),
    ];
    let times = libraries(|(cost, _)| seconds(cost.counted()));
    first.into_iter().chain(times).chain(libraries(|(_, bytes)| megabytes(bytes))).collect()
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A table that is printed row by row: in Markdown, or with aligned columns.
struct Table {
    markdown: bool,
    head: Vec<String>,
}

impl Table {
    fn new(markdown: bool, head: &[&str]) -> Table {
        Table { markdown, head: head.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// A row; the first one has the head before it.
    fn row(&mut self, cells: &[String]) -> String {
        let head = std::mem::take(&mut self.head);
        let line = |cells: &[String]| match self.markdown {
            true => format!("| {} |", cells.join(" | ")),
            false => cells.iter().map(|cell| format!("{cell:>20}")).collect(),
        };
        match (head.as_slice(), self.markdown) {
            ([], _) => line(cells),
            (head, true) => format!("{}\n|{}\n{}", line(head), " --- |".repeat(head.len()), line(cells)),
            (head, false) => format!("{}\n{}", line(head), line(cells)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_that_is_repeated_has_every_provider_that_often() {
        let providers = |name: &str| {
            let set = SETS.iter().find(|set| set.name == name).unwrap();
            let catalog = catalog(set).unwrap_or_else(|_| panic!("{name} can be read"));
            packages::generated(&catalog, &root().join("target/cost/ours"), true)
                .unwrap_or_else(|_| panic!("{name} can be generated"));
            catalog.providers.len()
        };
        assert_eq!(3 * providers("larger set"), providers("larger set x3"));
    }
}
