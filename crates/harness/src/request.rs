//! The program that is linked with a generated package.

use std::io::stdout;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{TypedProvider, read, roundtrip, suite};

/// A task for the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Parse and serialize every example, and print a [`roundtrip::Summary`] as JSON.
    Roundtrip,
    /// Read the payloads in a file, which contains a list of [`read::Payload`]s as JSON, and print one line for each
    /// payload: a [`read::Outcome`] as JSON.
    Read(PathBuf),
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
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&format!("the summary cannot be written: {error}")),
        },
        Request::Read(file) => match parsed::<Vec<read::Payload>>(&file) {
            Ok(payloads) => match read::run(providers, &payloads, &mut stdout().lock()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => failed(&format!("the outcomes cannot be written: {error}")),
            },
            Err(error) => failed(&format!("the payloads cannot be read: {error}")),
        },
        Request::Suite(file) => match parsed::<Vec<suite::File>>(&file) {
            Ok(files) => match suite::run(providers, &files, &mut stdout().lock()) {
                Ok(counts) if counts.wrong == 0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            },
            Err(error) => failed(&format!("the tests cannot be read: {error}")),
        },
    }
}

fn parsed<T: DeserializeOwned>(file: &Path) -> std::io::Result<T> {
    Ok(serde_json::from_slice(&std::fs::read(file)?)?)
}

fn failed(message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(2)
}
