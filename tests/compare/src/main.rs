//! Compares generators and validators on the same schemas and payloads; see README.md.

mod cases;
mod contender;
mod data;
mod decider;
mod failure;
mod faults;
mod options;
mod package;
mod score;
mod table;
mod versions;

// What the tests and the other measuring commands have too.
#[path = "../../../crates/cli/src/cargo.rs"]
#[allow(dead_code)]
mod cargo;
#[path = "../../../xtask/src/cost/child.rs"]
mod child;
#[path = "../../src/mutate.rs"]
#[allow(dead_code)]
mod mutate;
#[path = "../../bench/peers.rs"]
#[allow(dead_code)]
mod peers;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser;
use compare_runner::protocol::Case;

use crate::cases::{Cases, cases, documented};
use crate::contender::Contender;
use crate::data::{DataSet, load, write};
use crate::failure::Failure;
use crate::options::Options;
use crate::package::{answers, repository, scratch, speed};
use crate::score::{Tally, score};
use crate::table::{Ran, Row, section};
use crate::versions::Versions;

/// How long reading is measured.
const MILLISECONDS: u64 = 2000;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Failure> {
    let versions = Versions::read()?;
    let contenders = Contender::all(&versions);
    let wanted = |text: &Option<String>, name: &str| text.as_ref().is_none_or(|text| name.contains(text.as_str()));
    let mut folders = vec![
        ("five vendors".to_owned(), repository().join("schema-defs")),
        ("goldens".to_owned(), repository().join("tests/goldens/schema-defs")),
    ];
    for folder in &options.with {
        let folder = folder.canonicalize().map_err(|error| Failure::new(folder.display(), error))?;
        folders.push((folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), folder));
    }
    let mut text = head()?;
    for (name, folder) in folders.iter().filter(|(name, _)| wanted(&options.only, name)) {
        eprintln!("{name}: reading");
        let set = load(name, folder, &scratch())?;
        let cases = cases(&set)?;
        let files = Files::write(&set, &cases)?;
        let mut rows = Vec::new();
        for contender in contenders.iter().filter(|contender| contender.applies(&set)) {
            if wanted(&options.contender, &contender.name) {
                eprintln!("{name}: {}", contender.name);
                let result = compare(contender, &set, &cases, &files, options.quick);
                let result = result.map_err(|failure| failure.to_string());
                rows.push(Row { contender: contender.name.clone(), result });
            }
        }
        let section = section(&set, &cases, &rows);
        println!("{section}");
        let _ = write!(text, "\n{section}");
    }
    let is_partial = options.only.is_some() || options.contender.is_some() || options.quick;
    let default = (!is_partial).then(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md"));
    if let Some(path) = options.out.clone().or(default) {
        write(&path, &text)?;
        eprintln!("written: {}", path.display());
    }
    Ok(())
}

/// The cases of a set on the disk.
struct Files {
    all: PathBuf,
    documented: PathBuf,
}

impl Files {
    fn write(set: &DataSet, cases: &Cases) -> Result<Files, Failure> {
        let folder = scratch().join(&set.slug);
        let files = Files { all: folder.join("cases.jsonl"), documented: folder.join("documented.jsonl") };
        let lines = |cases: &mut dyn Iterator<Item = &Case>| -> Result<String, Failure> {
            let mut text = String::new();
            for case in cases {
                let line = serde_json::to_string(case).map_err(|error| Failure::new("a case", error))?;
                let _ = writeln!(text, "{line}");
            }
            Ok(text)
        };
        write(&files.all, &lines(&mut cases.all.iter().map(|prepared| &prepared.case))?)?;
        write(&files.documented, &lines(&mut documented(cases))?)?;
        Ok(files)
    }
}

/// What a contender makes of a set.
fn compare(contender: &Contender, set: &DataSet, cases: &Cases, files: &Files, is_quick: bool) -> Result<Ran, Failure> {
    let made = contender.make(set)?;
    let program = made.package.build(!is_quick)?;
    let score = score(cases, &answers(&program, &files.all)?, contender.has_types());
    let (mut cold_check, mut ratio) = (None, None);
    if !is_quick {
        ratio = Some(speed(&program, &files.documented, MILLISECONDS)?.ratio);
        cold_check = Some(made.package.cold_check()?.counted());
    }
    Ok(Ran {
        events: Tally { good: made.events, of: set.events.len() },
        score,
        lines: made.lines,
        cold_check,
        speed: ratio,
        missing: made.missing,
    })
}

/// What is written before the tables.
fn head() -> Result<String, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = Command::new("rustc").arg("--version").output().map_err(|error| Failure::new("rustc", error))?;
    let rustc = String::from_utf8_lossy(&rustc.stdout).split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let date = jiff::Timestamp::now().to_string();
    let date = date.split('T').next().unwrap_or_default();
    Ok(format!(
        "# Results\n\nWritten by the command in [README.md](README.md), which explains the columns: {date}, {cores} cores, \
         {rustc}.\n"
    ))
}
