//! `cargo xtask bench`

mod table;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::root;
use cargo_webhooks::cargo::cargo;
use cargo_webhooks::files::write_if_changed;
use cargo_webhooks::progress;
use cargo_webhooks::{Failure, Outcome};

/// Measures reading and writing of documented payloads next to other libraries.
///
/// Each benchmark is a group of at most eight contenders with one input, in a process of its own. The contenders take
/// turns, and a ratio is the median of the rounds' ratios to the first contender, so that a machine that is slow for a
/// while is slow for all. Allocations are counted in another process, because counting costs time. The contenders are
/// compiled in a package of their own, tests/bench.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only benchmarks whose group or input contains this text, such as read or wallarm/minified.
    filter: Option<String>,

    /// How long each benchmark takes at least.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1500)]
    time: u64,

    /// Print the tables as Markdown.
    #[arg(long)]
    markdown: bool,

    /// Also write all figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A benchmark, measured.
#[derive(Debug, Deserialize, Serialize)]
struct Measured {
    group: String,
    input: String,
    payloads: usize,
    bytes: usize,
    rows: Vec<Row>,
}

/// A contender, measured. Time, allocations and bytes are for one payload.
#[derive(Debug, Deserialize, Serialize)]
struct Row {
    contender: String,
    ratio: f64,
    nanoseconds: f64,
    #[serde(default)]
    allocations: f64,
    #[serde(default)]
    bytes: f64,
}

#[derive(Deserialize)]
struct Counted {
    rows: Vec<CountedRow>,
}

#[derive(Deserialize)]
struct CountedRow {
    allocations: f64,
    bytes: f64,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let programs = build()?;
    let listed = output(&mut Command::new(programs.join("time")))?;
    let wanted = |line: &&str| options.filter.as_ref().is_none_or(|filter| line.contains(filter.as_str()));
    let benchmarks: Vec<(&str, &str)> = listed.lines().filter(wanted).filter_map(|line| line.split_once(' ')).collect();
    if benchmarks.is_empty() {
        let filter = options.filter.as_deref().unwrap_or_default();
        return Err(Failure::other(format!("no benchmark contains {filter:?}; there are:\n{}", listed.trim_end())));
    }
    let progress = progress::bar(benchmarks.len(), "measuring");
    let mut all = Vec::new();
    for (group, input) in benchmarks {
        progress.set_message(format!("{group} {input}"));
        all.push(measure(&programs, group, input, options.time)?);
        progress.inc(1);
    }
    progress.finish_and_clear();
    if options.markdown {
        print!("{}", table::markdown(&all))
    } else {
        print!("{}", table::text(&all))
    }
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&all).map_err(|error| Failure::other(error.to_string()))?;
        write_if_changed(path, &format!("{text}\n"))?;
    }
    Ok(std::process::ExitCode::SUCCESS)
}

/// Compiles the programs; returns their folder.
fn build() -> Result<PathBuf, Failure> {
    let root = root();
    let target = root.join("target/bench");
    let progress = progress::spinner("compiling the contenders, which takes minutes the first time");
    let mut command = cargo(&["build", "--quiet", "--release"], &root.join("tests/bench/Cargo.toml"));
    command.arg("--target-dir").arg(&target);
    let result = output(&mut command);
    progress.finish_and_clear();
    result.map(|_| target.join("release"))
}

fn measure(programs: &Path, group: &str, input: &str, milliseconds: u64) -> Result<Measured, Failure> {
    let time = output(Command::new(programs.join("time")).args([group, input, &milliseconds.to_string()]))?;
    let counts = output(Command::new(programs.join("allocations")).args([group, input]))?;
    let other = |error: serde_json::Error| Failure::other(format!("{group} {input}: {error}"));
    let mut measured: Measured = serde_json::from_str(&time).map_err(other)?;
    let counted: Counted = serde_json::from_str(&counts).map_err(other)?;
    for (row, counted) in measured.rows.iter_mut().zip(counted.rows) {
        (row.allocations, row.bytes) = (counted.allocations, counted.bytes);
    }
    Ok(measured)
}

/// Returns the output of a program. Its error output becomes the failure.
fn output(command: &mut Command) -> Result<String, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure::other(format!("{program}: {error}")))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(Failure::other(format!("{program} failed:\n{}", errors.trim_end())))
        }
    }
}
