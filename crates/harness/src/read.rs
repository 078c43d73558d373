//! Reads payloads with their types, for the command `validate --types`.

use std::io::Write;

use serde::{Deserialize, Serialize};
use webhook_runtime::Error;

use crate::TypedProvider;
use crate::json_diff::difference;

/// A payload to read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payload {
    /// The name of the provider.
    pub provider: String,
    /// The name of the event; `None` for a body of several events.
    pub event: Option<String>,
    /// The text.
    pub text: String,
    /// Whether messages must not have values of the payload.
    pub mask: bool,
}

/// The outcome of reading a payload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether the payload was accepted and serialized to an equal value.
    pub lossless: bool,
    /// The reasons why the payload was rejected, or `None` if it was accepted.
    pub rejected: Option<Vec<Reason>>,
}

/// A reason why a payload was rejected: a violation, or an error without a location.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reason {
    /// The JSON Pointer of the value.
    pub instance: String,
    /// A description of the problem.
    pub message: String,
}

/// Reads payloads, and writes an outcome for each.
///
/// # Errors
///
/// Returns an error if the outcomes cannot be written.
pub fn run(providers: &[TypedProvider], payloads: &[Payload], out: &mut impl Write) -> std::io::Result<()> {
    for payload in payloads {
        writeln!(out, "{}", serde_json::to_string(&read(providers, payload))?)?;
    }
    Ok(())
}

fn read(providers: &[TypedProvider], payload: &Payload) -> Outcome {
    let bytes = payload.text.as_bytes();
    let rejected = |reasons| Outcome { lossless: false, rejected: Some(reasons) };
    let unknown = |what: &str| {
        rejected(vec![Reason { instance: String::new(), message: format!("there is no type of the {what}") }])
    };
    let Some(provider) = providers.iter().find(|provider| provider.name == payload.provider) else {
        return unknown("provider");
    };
    let back = match &payload.event {
        None => provider.roundtrip_batch(bytes),
        Some(name) => match provider.events.iter().find(|event| event.name == name) {
            Some(event) => event.roundtrip(bytes),
            None => return unknown("event"),
        },
    };
    match back {
        Ok(back) => {
            // Lines come back as an array, whose items are compared one by one.
            let is_lines =
                payload.event.is_none() && serde_json::from_str::<serde::de::IgnoredAny>(&payload.text).is_err();
            let is_equal = difference(&payload.text, &back).is_ok_and(|found| found.is_none());
            Outcome { lossless: is_lines || is_equal, rejected: None }
        }
        Err(error) => rejected(reasons(&error, payload.mask)),
    }
}

fn reasons(error: &Error, mask: bool) -> Vec<Reason> {
    let Some(violations) = error.violations() else {
        return vec![Reason { instance: String::new(), message: error.to_string() }];
    };
    let reason = |violation: &webhook_runtime::Violation| Reason {
        instance: violation.instance_location.clone(),
        message: if mask { violation.masked_message() } else { violation.message() },
    };
    let mut reasons: Vec<Reason> = violations.iter().map(reason).collect();
    if violations.truncated() > 0 {
        let message = format!("and {} more violations", violations.truncated());
        reasons.push(Reason { instance: String::new(), message });
    }
    reasons
}
