//! The program that is linked with a generated package.

use std::fmt::Display;
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
    answer(providers).unwrap_or_else(|message| {
        eprintln!("error: {message}");
        ExitCode::from(2)
    })
}

fn answer(providers: &[TypedProvider]) -> Result<ExitCode, String> {
    let request = std::env::args().nth(1).unwrap_or_default();
    let mut out = stdout().lock();
    match serde_json::from_str(&request).map_err(because("the request cannot be read"))? {
        Request::Roundtrip => {
            roundtrip::run(providers, &mut out).map_err(because("the summary cannot be written"))?;
        }
        Request::Read(file) => {
            let payloads: Vec<read::Payload> = parsed(&file).map_err(because("the payloads cannot be read"))?;
            read::run(providers, &payloads, &mut out).map_err(because("the outcomes cannot be written"))?;
        }
        Request::Suite(file) => {
            let files: Vec<suite::File> = parsed(&file).map_err(because("the tests cannot be read"))?;
            let is_right = suite::run(providers, &files, &mut out).is_ok_and(|counts| counts.wrong == 0);
            return Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn parsed<T: DeserializeOwned>(file: &Path) -> std::io::Result<T> {
    Ok(serde_json::from_slice(&std::fs::read(file)?)?)
}

fn because<E: Display>(what: &str) -> impl FnOnce(E) -> String {
    move |error| format!("{what}: {error}")
}
