//! Failures of commands, with their messages and exit codes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use webhook_codegen::Diagnostic;

use crate::problems::{Problems, message};

/// The exit code of a command, or the reason why it failed.
pub type Outcome = Result<ExitCode, Failure>;

/// The exit code of a command that could not do its work: an argument is wrong, or a file cannot be read.
pub(crate) const UNREADABLE: u8 = 3;

/// The reason why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// All problems of schema-defs.
    Input(Problems),
    /// Any other failure.
    Other {
        /// A description of the problem, with its place.
        message: String,
        /// Advice on how to resolve the problem, or an empty text.
        help: String,
    },
}

impl Failure {
    /// Returns a failure with a message and without advice.
    pub fn other(message: impl Into<String>) -> Failure {
        Failure::with_help(message, "")
    }

    /// Returns a failure with advice.
    pub fn with_help(message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure::Other { message: message.into(), help: help.into() }
    }

    /// Returns a failure that concerns a named object, such as a file.
    pub fn of(what: impl std::fmt::Display, error: impl std::fmt::Display) -> Failure {
        Failure::other(format!("{what}: {error}"))
    }

    /// Returns a failure because of problems in the files of a folder.
    pub fn input(folder: &Path) -> impl FnOnce(Vec<Diagnostic>) -> Failure {
        let folder = folder.to_owned();
        move |found| Failure::Input(Problems::new(found, folder, BTreeMap::new()))
    }

    /// Returns a failure because of problems in texts that have been read. `texts` are indexed by the paths to show.
    pub fn input_in(texts: BTreeMap<String, String>) -> impl FnOnce(Vec<Diagnostic>) -> Failure {
        move |found| Failure::Input(Problems::new(found, PathBuf::new(), texts))
    }

    /// Prints the failure, and returns an exit code of its own, which distinguishes a failure from an answer.
    pub(crate) fn unanswered(self) -> Outcome {
        self.print();
        Ok(ExitCode::from(UNREADABLE))
    }

    /// Prints the failure to standard error.
    pub fn print(&self) {
        match self {
            Failure::Input(problems) => problems.print(),
            Failure::Other { message: text, help } => eprintln!("{}", message(text, help)),
        }
    }

    /// Returns the exit code: 1 for problems of schema-defs or payloads, and 3 if the command could not do its work,
    /// for example because a file cannot be read.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Input(problems) if !problems.are_unreadable() => ExitCode::FAILURE,
            _ => ExitCode::from(UNREADABLE),
        }
    }
}
