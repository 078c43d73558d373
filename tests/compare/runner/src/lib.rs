//! The main function of the programs that are compared, and what they make of payloads.
//!
//! A program is called as `check CASES`, or as `time CASES MILLISECONDS`; `CASES` is a file of [`Case`]s, one on a line.

#[cfg(feature = "boon")]
pub mod boon;
#[cfg(feature = "generated")]
pub mod generated;
#[cfg(feature = "jsonschema")]
pub mod jsonschema;
pub mod protocol;
#[path = "../../../bench/src/rounds.rs"]
pub mod rounds;

use std::collections::HashMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Error, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::protocol::{Answer, Case, Outcome, Report, Speed, Want};

/// Reads a payload; `true` asks for the text that it is serialized to.
pub type Check = dyn Fn(&str, bool) -> Outcome;

/// Reads a payload and drops the result.
pub type Read = dyn Fn(&[u8]);

/// An event, and what reads its payloads.
pub struct Entry {
    /// The provider and the event, with a slash in between.
    pub event: String,
    /// What is made of a payload.
    pub check: Box<Check>,
    /// What is measured.
    pub read: Box<Read>,
}

/// An event with a type that `serde_json` reads.
pub fn typed<T: DeserializeOwned + Serialize>(event: &str) -> Entry {
    let check = |text: &str, wants_text: bool| match serde_json::from_slice::<T>(text.as_bytes()) {
        Ok(_) if !wants_text => Outcome::Accepted(None),
        Ok(value) => match serde_json::to_string(&value) {
            Ok(text) => Outcome::Accepted(Some(text)),
            Err(error) => Outcome::Refused(vec![Report { message: error.to_string(), location: None }]),
        },
        Err(error) => Outcome::Refused(vec![Report { message: error.to_string(), location: None }]),
    };
    Entry {
        event: event.to_owned(),
        check: Box::new(check),
        read: Box::new(|bytes| drop(black_box(serde_json::from_slice::<T>(bytes)))),
    }
}

/// The main function of a program.
pub fn main(entries: Vec<Entry>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let entries: HashMap<String, Entry> = entries.into_iter().map(|entry| (entry.event.clone(), entry)).collect();
    let result = match arguments.as_slice() {
        ["check", cases] => check(&entries, cases),
        ["time", cases, milliseconds] => {
            time(&entries, cases, Duration::from_millis(milliseconds.parse().unwrap_or(1000)))
        }
        _ => Err(Error::other("usage: check CASES | time CASES MILLISECONDS")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn cases(path: &str) -> Result<impl Iterator<Item = Result<Case, Error>>, Error> {
    let lines = BufReader::new(File::open(path)?).lines();
    Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
}

/// Prints an answer for each case, at once, so that those before a crash are known.
fn check(entries: &HashMap<String, Entry>, path: &str) -> Result<(), Error> {
    // A panic is an answer, and needs no message.
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::stdout().lock();
    for case in cases(path)? {
        let case = case?;
        let outcome = match entries.get(&case.event) {
            None => Outcome::Missing,
            Some(entry) => catch_unwind(AssertUnwindSafe(|| (entry.check)(&case.payload, case.want == Want::Text)))
                .unwrap_or(Outcome::Panicked),
        };
        let outcome = match outcome {
            Outcome::Refused(_) if case.want != Want::Errors => Outcome::Refused(Vec::new()),
            outcome => outcome,
        };
        serde_json::to_writer(&mut out, &Answer { id: case.id, outcome })?;
        writeln!(out)?;
    }
    out.flush()
}

/// Measures reading of all cases that are accepted, without white space between tokens.
fn time(entries: &HashMap<String, Entry>, path: &str, least: Duration) -> Result<(), Error> {
    let mut payloads = Vec::new();
    for case in cases(path)? {
        let case = case?;
        let Some(entry) = entries.get(&case.event) else { continue };
        let payload = minified(&case.payload);
        if matches!((entry.check)(&payload, false), Outcome::Accepted(_)) {
            payloads.push((entry, payload.into_bytes()));
        }
    }
    let base = || payloads.iter().for_each(|(_, bytes)| drop(black_box(serde_json::from_slice::<IgnoredAny>(bytes))));
    let own = || payloads.iter().for_each(|(entry, bytes)| (entry.read)(bytes));
    let ratio = match payloads.is_empty() {
        true => f64::NAN,
        false => rounds::measure(&[&base, &own], least).1[1].ratio,
    };
    println!("{}", serde_json::to_string(&Speed { payloads: payloads.len(), ratio })?);
    Ok(())
}

/// The text without white space between tokens.
fn minified(payload: &str) -> String {
    let (mut out, mut inside, mut escaped) = (String::with_capacity(payload.len()), false, false);
    for character in payload.chars() {
        if inside || !character.is_ascii_whitespace() {
            out.push(character);
        }
        if character == '"' && !escaped {
            inside = !inside;
        }
        escaped = inside && character == '\\' && !escaped;
    }
    out
}
