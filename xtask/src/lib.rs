//! The command line of the project: `cargo xtask`.
//!
//! Nothing here depends on the generated crate. Commands that need generated code compile and run it on request.

mod bench;
mod cargo;
mod codegen;
mod cost;
mod docs;
mod drift;
mod files;
mod import;
mod infer;
mod package;
mod problems;
mod progress;
mod roundtrip;
mod scratch;
mod send;
mod suite;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::problems::Problems;

/// Turns the JSON Schemas and payloads that vendors document for their webhooks into a Rust crate, and checks it.
///
/// The usual round: change something in schema-defs/, run `cargo xtask codegen`, read the difference that git shows, run
/// `cargo xtask roundtrip`, commit.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

// The description of each command is the documentation of its options.
#[derive(Debug, Subcommand)]
enum Command {
    Codegen(codegen::Options),
    Drift(drift::Options),
    Infer(infer::Options),
    Import(import::Options),
    Validate(validate::Options),
    Roundtrip(roundtrip::Options),
    Send(send::Options),
    Suite(suite::Options),
    Bench(bench::Options),
    Cost(cost::Options),
    Docs(docs::Options),
}

/// The exit code of a command, or why it failed.
type Outcome = Result<ExitCode, Failure>;

/// Why a command failed.
#[derive(Debug)]
enum Failure {
    /// All problems of schema-defs.
    Input(Problems),
    /// Any other failure, as a message.
    Other(String),
}

impl Failure {
    fn of(what: impl std::fmt::Display, error: impl std::fmt::Display) -> Failure {
        Failure::Other(format!("{what}: {error}"))
    }

    /// Prints the failure to standard error.
    fn print(&self) {
        match self {
            Failure::Input(problems) => problems.print(),
            Failure::Other(message) => eprintln!("error: {message}"),
        }
    }
}

/// A count with its noun: `1 file`, `2 files`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => {
            let _ = error.print();
            let drift = matches!(std::env::args().nth(1).as_deref(), Some("drift" | "import"));
            return match error.use_stderr() {
                false => ExitCode::SUCCESS,
                // For `drift` and `import`, 2 means breaking drift.
                true if drift => ExitCode::from(drift::UNREADABLE),
                true => ExitCode::from(2),
            };
        }
    };
    let outcome = match command {
        Command::Codegen(options) => codegen::run(&options),
        Command::Drift(options) => drift::run(&options),
        Command::Infer(options) => infer::run(&options),
        Command::Import(options) => import::run(&options),
        Command::Validate(options) => validate::run(options),
        Command::Roundtrip(options) => roundtrip::run(&options),
        Command::Send(options) => send::run(&options),
        Command::Suite(options) => suite::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Cost(options) => cost::run(&options),
        Command::Docs(options) => docs::run(&options),
    };
    outcome.unwrap_or_else(|failure| {
        failure.print();
        ExitCode::FAILURE
    })
}
