//! The program that is linked with a generated package.

use std::io::{stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::validate::Verdict;
use crate::{TypedProvider, roundtrip, suite, validate};

/// A task for the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Parse and serialize every example.
    Roundtrip,
    /// Examine the payloads in files.
    Validate(validate::Options),
    /// Run the tests of the JSON Schema Test Suite in a file, which contains a list of [`suite::File`]s as JSON.
    Suite(PathBuf),
}

/// Runs the request in the program's only argument, which is JSON.
pub fn main(providers: &[TypedProvider]) -> ExitCode {
    let request = std::env::args().nth(1).unwrap_or_default();
    let request: Request = match serde_json::from_str(&request) {
        Ok(request) => request,
        Err(error) => return failed(&format!("the request cannot be read: {error}")),
    };
    match request {
        Request::Roundtrip => match roundtrip::run(providers, &mut stdout().lock()) {
            Ok(summary) if summary.is_clean() => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        },
        Request::Validate(options) => match validate::run(providers, &options, &mut stdout().lock(), &mut stderr()) {
            Ok(Verdict::Accepted) => ExitCode::SUCCESS,
            Ok(Verdict::Deviating) => ExitCode::from(3),
            Ok(Verdict::Refused) => ExitCode::FAILURE,
            // Writing fails if the reader of the output has closed it.
            Ok(Verdict::Failed) | Err(_) => ExitCode::from(2),
        },
        Request::Suite(file) => match read(&file) {
            Ok(files) => match suite::run(providers, &files, &mut stdout().lock()) {
                Ok(counts) if counts.wrong == 0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            },
            Err(error) => failed(&format!("the tests cannot be read: {error}")),
        },
    }
}

fn read(file: &Path) -> std::io::Result<Vec<suite::File>> {
    Ok(serde_json::from_slice(&std::fs::read(file)?)?)
}

fn failed(message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(2)
}
