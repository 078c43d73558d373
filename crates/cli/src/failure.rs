//! Why a command failed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use webhook_codegen::Diagnostic;
use webhook_harness::printable_lines;

use crate::problems::Problems;

/// The exit code of a command, or the reason why it failed.
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
    /// A failure with the name of what failed, such as a file.
    pub fn of(what: impl std::fmt::Display, error: impl std::fmt::Display) -> Failure {
        Failure::Other(format!("{what}: {error}"))
    }

    /// A failure because of problems in the files of a folder.
    pub fn input(folder: &Path) -> impl FnOnce(Vec<Diagnostic>) -> Failure {
        let folder = folder.to_owned();
        move |found| Failure::Input(Problems::new(found, folder, BTreeMap::new()))
    }

    /// A failure because of problems in texts that have been read, by the paths to show.
    pub fn input_in(texts: BTreeMap<String, String>) -> impl FnOnce(Vec<Diagnostic>) -> Failure {
        move |found| Failure::Input(Problems::new(found, PathBuf::new(), texts))
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
