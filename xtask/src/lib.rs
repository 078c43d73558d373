//! The command line of the project: `cargo xtask`. It is `cargo webhooks` for this repository, with the commands that
//! measure it.
//!
//! Nothing here depends on the generated crate. Commands that need generated code compile and run it on request.

mod bench;
mod cost;
mod suite;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cargo_webhooks::context::Context;
use clap::{Parser, Subcommand};

/// Turns the JSON Schemas and payloads that vendors document for their webhooks into a Rust crate, and checks it.
///
/// The usual steps: change something in schema-defs/, run `cargo xtask codegen`, read the difference that git shows,
/// run `cargo xtask roundtrip`, commit.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

// The description of each command is the documentation of its options.
#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Shared(cargo_webhooks::Command),
    Suite(suite::Options),
    Bench(bench::Options),
    Cost(cost::Options),
}

/// Returns the repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// Returns the context of a run in this repository.
fn context() -> Context {
    Context::checkout(root())
}

/// Runs the command line in this repository.
pub fn main() -> ExitCode {
    run(std::env::args_os(), root())
}

/// Runs the command line in a repository, with arguments that begin with the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>, root: PathBuf) -> ExitCode {
    let cli: Cli = match cargo_webhooks::parse(arguments) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let context = Context::checkout(root);
    cargo_webhooks::finish(match cli.command {
        Command::Shared(command) => command.run(&context),
        Command::Suite(options) => suite::run(&options, &context),
        Command::Bench(options) => bench::run(&options),
        Command::Cost(options) => cost::run(&options),
    })
}
