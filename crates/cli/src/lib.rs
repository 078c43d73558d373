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
mod failure;
pub mod files;
mod format;
mod generate;
mod help;
mod import;
mod infer;
mod new;
mod output;
pub mod package;
mod paths;
pub mod problems;
pub mod progress;
mod revision;
mod roundtrip;
pub mod scratch;
mod send;
mod sources;
mod unknown;
mod validate;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use crate::failure::{Failure, Outcome};
pub use crate::output::counted;

use crate::context::Context;

/// Turns the JSON Schemas and payloads of webhooks into a Rust crate of lossless, exact types, and keeps it current.
///
/// The usual steps: `cargo webhooks new`, a provider's schemas by `import`, `infer` or by hand, `codegen`, `roundtrip`;
/// later `drift`, when a vendor's documentation has changed.
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
    Generate(generate::Options),
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
            Command::Validate(options) => validate::run(&options, context),
            Command::Roundtrip(options) => roundtrip::run(&options, context),
            Command::Generate(options) => generate::run(&options, context),
            Command::Send(options) => send::run(&options, context),
            Command::Docs(options) => docs::run(&options, context),
        }
    }
}

/// Parses arguments. If they cannot be parsed, prints the reason and returns an exit code.
pub fn parse<P: Parser>(arguments: impl IntoIterator<Item = OsString>) -> Result<P, ExitCode> {
    let command = help::with_examples(P::command());
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| P::from_arg_matches(&matches));
    parsed.map_err(|error| {
        let _ = error.print();
        match error.use_stderr() {
            false => ExitCode::SUCCESS,
            true => ExitCode::from(failure::UNREADABLE),
        }
    })
}

/// Prints the failure of an outcome, if there is one, and returns the exit code.
pub fn finish(outcome: Outcome) -> ExitCode {
    outcome.unwrap_or_else(|failure| {
        failure.print();
        failure.exit_code()
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
