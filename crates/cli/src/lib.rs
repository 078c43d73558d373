//! The command line: `cargo webhooks`, and in this repository `cargo xtask`.
//!
//! It is a library for the two programs alone, and promises no stable interface. Nothing here depends on generated code:
//! commands that need some compile and run it on request.

pub mod cargo;
mod codegen;
mod completions;
pub mod context;
mod docs;
mod drift;
pub mod files;
mod import;
mod infer;
mod new;
pub mod package;
pub mod problems;
pub mod progress;
mod roundtrip;
pub mod scratch;
mod send;
mod unknown;
mod validate;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use webhook_harness::printable_lines;

use crate::context::Context;
use crate::problems::Problems;

/// Turns the JSON Schemas and payloads of webhooks into a Rust crate of lossless, exact types, and keeps it current.
///
/// The usual round: `cargo webhooks new`, a provider's schemas by `import`, `infer` or by hand, `codegen`, `roundtrip`; later
/// `drift`, when a vendor's documentation has changed.
#[derive(Debug, Parser)]
#[command(name = "cargo webhooks", bin_name = "cargo webhooks", version)]
struct Cli {
    #[command(subcommand)]
    command: Own,
}

#[derive(Debug, Subcommand)]
enum Own {
    New(new::Options),
    #[command(flatten)]
    Shared(Command),
    Completions(completions::Options),
}

/// The commands that both programs have.
// The description of each command is the documentation of its options.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, private_interfaces)]
pub enum Command {
    Codegen(codegen::Options),
    Drift(drift::Options),
    Import(import::Options),
    Infer(infer::Options),
    Validate(validate::Options),
    Roundtrip(roundtrip::Options),
    Send(send::Options),
    Docs(docs::Options),
}

impl Command {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Outcome {
        match self {
            Command::Codegen(options) => codegen::run(&options, context),
            Command::Drift(options) => drift::run(&options, context),
            Command::Import(options) => import::run(&options, context),
            Command::Infer(options) => infer::run(&options, context),
            Command::Validate(options) => validate::run(options, context),
            Command::Roundtrip(options) => roundtrip::run(&options, context),
            Command::Send(options) => send::run(&options, context),
            Command::Docs(options) => docs::run(&options, context),
        }
    }
}

/// The exit code of a command, or why it failed.
pub type Outcome = Result<ExitCode, Failure>;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// All problems of schema-defs.
    Input(Problems),
    /// Any other failure, as a message.
    Other(String),
}

impl Failure {
    /// A failure of a thing, such as a file.
    pub fn of(what: impl std::fmt::Display, error: impl std::fmt::Display) -> Failure {
        Failure::Other(format!("{what}: {error}"))
    }

    /// Prints the failure to standard error.
    pub fn print(&self) {
        match self {
            Failure::Input(problems) => problems.print(),
            // A message may have the name of a file, or of a member.
            Failure::Other(message) => eprintln!("error: {}", printable_lines(message)),
        }
    }
}

/// Whether a stream is shown in colours.
fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A count with its noun: `1 file`, `2 files`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Reads arguments; what cannot be read is printed, with the exit code for it.
pub fn parse<P: Parser>(arguments: impl IntoIterator<Item = OsString>) -> Result<P, ExitCode> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let compares = arguments.get(1).is_some_and(|command| command == "drift" || command == "import");
    P::try_parse_from(arguments).map_err(|error| {
        let _ = error.print();
        match error.use_stderr() {
            false => ExitCode::SUCCESS,
            // For `drift` and `import`, 2 means breaking drift.
            true if compares => ExitCode::from(drift::UNREADABLE),
            true => ExitCode::from(2),
        }
    })
}

/// The exit code of an outcome, whose failure is printed.
pub fn finish(outcome: Outcome) -> ExitCode {
    outcome.unwrap_or_else(|failure| {
        failure.print();
        ExitCode::FAILURE
    })
}

/// Runs `cargo webhooks`.
pub fn main() -> ExitCode {
    // Cargo passes the name of the subcommand on.
    let is_subcommand = std::env::args_os().nth(1).is_some_and(|argument| argument == "webhooks");
    let arguments = std::env::args_os().enumerate().filter(|(index, _)| !(is_subcommand && *index == 1));
    let cli: Cli = match parse(arguments.map(|(_, argument)| argument)) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    finish(match cli.command {
        Own::New(options) => new::run(&options),
        Own::Shared(command) => command.run(&Context::anywhere()),
        Own::Completions(options) => completions::run::<Cli>(&options),
    })
}
