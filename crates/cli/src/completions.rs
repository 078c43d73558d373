//! The command `cargo webhooks completions`.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::failure::Outcome;

/// Prints the completions of a shell for the program cargo-webhooks, to be read by the shell when it starts.
///
/// For bash: cargo-webhooks completions bash > ~/.local/share/bash-completion/completions/cargo-webhooks
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The shell.
    shell: Shell,
}

pub(crate) fn run<C: CommandFactory>(options: &Options) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut C::command(), "cargo-webhooks", &mut text);
    print!("{}", String::from_utf8_lossy(&text));
    Ok(ExitCode::SUCCESS)
}
