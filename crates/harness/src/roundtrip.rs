//! Parses and serializes every example twice: with the type of its event, and with the provider's `Event` enum.

use std::io::Write;

use serde::{Deserialize, Serialize};
use webhook_runtime::__private::wrap;
use webhook_runtime::{Delivery, Example};

use crate::json_diff::{Difference, difference};
use crate::{TypedEvent, TypedProvider};

/// The number of examples by outcome.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// The number of examples that serialize to a value equal to the parsed value.
    pub exact: usize,
    /// The number of examples that serialize to a different value.
    pub lossy: usize,
    /// The number of examples that are rejected.
    pub rejected: usize,
    /// Every example that is rejected or changes, with one finding for each way of reading it.
    pub findings: Vec<Finding>,
}

/// An example that is rejected or changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The file of the example, below schema-defs.
    pub file: String,
    /// How the example was read: by `type` or by `dispatch`.
    pub by: String,
    /// The JSON Pointer of the first value that changes, or an empty text if the payload is rejected.
    pub pointer: String,
    /// The reason why the example is rejected, or the change.
    pub message: String,
    /// Whether the example is rejected.
    pub rejected: bool,
}

/// The outcome for one example and one way of reading it: what changes, or the reason why the example is rejected.
type Outcome = Result<Option<Difference>, String>;

/// Parses and serializes every example, and writes the results as JSON.
///
/// # Errors
///
/// Returns an error if the output cannot be written.
pub fn run(providers: &[TypedProvider], out: &mut impl Write) -> std::io::Result<()> {
    let mut summary = Summary::default();
    for provider in providers {
        for (index, event) in provider.events.iter().enumerate() {
            for example in event.examples {
                let file = format!("{}/{}/examples/{}.json", provider.name, event.name, example.name);
                let by_type = finding(&file, "type", by_type(event, example));
                let by_dispatch = finding(&file, "dispatch", by_dispatch(provider, index, example));
                let found: Vec<Finding> = by_type.into_iter().chain(by_dispatch).collect();
                match found.as_slice() {
                    [] => summary.exact += 1,
                    found if found.iter().any(|finding| finding.rejected) => summary.rejected += 1,
                    _ => summary.lossy += 1,
                }
                summary.findings.extend(found);
            }
        }
    }
    writeln!(out, "{}", serde_json::to_string(&summary)?)
}

/// Returns the finding about an outcome, unless the payload is written as it was read.
fn finding(file: &str, by: &str, outcome: Outcome) -> Option<Finding> {
    let (pointer, message, rejected) = match outcome {
        Ok(None) => return None,
        Ok(Some(Difference { pointer, left, right })) => {
            let shown = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
            let message = format!("sent {}, came back {}", shown(left), shown(right));
            (pointer, message, false)
        }
        Err(why) => (String::new(), why, true),
    };
    Some(Finding { file: file.to_owned(), by: by.to_owned(), pointer, message, rejected })
}

fn compared(sent: &str, back: Result<String, webhook_runtime::Error>) -> Outcome {
    let back = back.map_err(|error| error.to_string())?;
    difference(sent, &back).map_err(|error| format!("it did not come back as JSON: {error}"))
}

fn by_type(event: &TypedEvent, example: &Example) -> Outcome {
    compared(example.payload, event.roundtrip(example.payload.as_bytes()))
}

fn by_dispatch(provider: &TypedProvider, index: usize, example: &Example) -> Outcome {
    if provider.dispatch.named {
        let wire_name = provider.events[index].wire_name;
        return compared(example.payload, provider.roundtrip_with_name(wire_name, example.payload.as_bytes()));
    }
    let detected = provider.dispatch.detect(example.payload);
    if detected != Some(index) {
        let other = detected.map_or("no known event".to_owned(), |index| format!("`{}`", provider.events[index].name));
        return Err(format!("it is identified as {other}"));
    }
    let body = match provider.delivery {
        Delivery::Batch => format!("[{}]", example.payload),
        // Each payload takes one line. JSON strings contain no unescaped line breaks, so replacing line breaks is safe.
        Delivery::Lines => example.payload.replace(['\n', '\r'], " "),
        Delivery::Wrapped => wrap(provider.requests.items.first().copied(), provider.requests.item, &[example.payload]),
        _ => example.payload.to_owned(),
    };
    let sent = match provider.delivery {
        Delivery::Lines => format!("[{body}]"),
        _ => body.clone(),
    };
    compared(&sent, provider.roundtrip(body.as_bytes()))
}
