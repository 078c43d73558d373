//! What the comparison sends to a program, and what the program answers: one JSON object on a line.

use serde::{Deserialize, Serialize};

/// A payload for a program to read.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Case {
    /// The place of the case among all cases.
    pub id: usize,
    /// The event: its provider and its name, with a slash in between.
    pub event: String,
    /// The text.
    pub payload: String,
    /// How much of the answer is needed.
    pub want: Want,
}

/// How much of an answer is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Want {
    /// Whether the payload is accepted.
    Verdict,
    /// Also the text that an accepted payload is serialized to.
    Text,
    /// Also the errors of a payload that is refused.
    Errors,
}

/// The answer for one case.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Answer {
    /// The case.
    pub id: usize,
    /// What happened.
    pub outcome: Outcome,
}

/// What a program makes of a payload.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub enum Outcome {
    /// The payload is accepted; with the text that it is serialized to, if that was asked for and there are types.
    Accepted(Option<String>),
    /// The payload is refused; with the errors, if they were asked for.
    Refused(Vec<Report>),
    /// There is no type for the event, or no validator.
    Missing,
    /// The program panicked.
    Panicked,
}

/// One error of a refused payload.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Report {
    /// The message.
    pub message: String,
    /// The JSON Pointer of the value, if the error has it as data.
    pub location: Option<String>,
}

/// What reading takes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Speed {
    /// How many payloads were read: those that are accepted.
    pub payloads: usize,
    /// The time relative to `serde_json` into `IgnoredAny`.
    pub ratio: f64,
}
