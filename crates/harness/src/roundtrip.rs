//! Parses and serializes every example, by the type of its event and by dispatch.

use std::fmt;
use std::io::Write;

use webhook_runtime::__private::wrap;
use webhook_runtime::{Delivery, Example};

use crate::json_diff::{Difference, difference};
use crate::{TypedEvent, TypedProvider, printable, printable_lines};

/// The number of examples by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Examples that serialize to the same JSON.
    pub exact: usize,
    /// Examples that serialize to other JSON.
    pub lossy: usize,
    /// Examples that are rejected.
    pub refused: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exact {}, lossy {}, refused {}", self.exact, self.lossy, self.refused)
    }
}

impl Summary {
    /// Returns whether every example serializes to the same JSON.
    pub fn is_clean(self) -> bool {
        self.lossy == 0 && self.refused == 0
    }
}

/// The outcome for one example and one way of reading it.
enum Outcome {
    Exact,
    Lossy(Difference),
    Rejected(String),
}

/// Parses and serializes every example, and writes a line for each example that is rejected or changes.
///
/// # Errors
///
/// Returns an error if the output cannot be written.
pub fn run(providers: &[TypedProvider], out: &mut impl Write) -> std::io::Result<Summary> {
    let mut summary = Summary::default();
    for provider in providers {
        for (index, event) in provider.events.iter().enumerate() {
            for example in event.examples {
                let name = format!("{}/{}/examples/{}.json", provider.name, event.name, example.name);
                let by_type = print(&name, "its type", by_type(event, example), out)?;
                let by_dispatch = print(&name, "dispatch", by_dispatch(provider, index, example), out)?;
                match by_type.max(by_dispatch) {
                    Severity::Exact => summary.exact += 1,
                    Severity::Lossy => summary.lossy += 1,
                    Severity::Rejected => summary.refused += 1,
                }
            }
        }
    }
    writeln!(out, "{summary}")?;
    Ok(summary)
}

/// The severity of an outcome.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    Exact,
    Lossy,
    Rejected,
}

/// Writes a line about an outcome, unless the example serializes to the same JSON.
fn print(name: &str, way: &str, outcome: Outcome, out: &mut impl Write) -> std::io::Result<Severity> {
    match outcome {
        Outcome::Exact => Ok(Severity::Exact),
        Outcome::Lossy(Difference { pointer, left, right }) => {
            let shown = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
            let place = if pointer.is_empty() { "(root)" } else { &pointer };
            let (sent, back) = (shown(left), shown(right));
            let line = format!("{name}: lossy by {way} at {place}: sent {sent}, came back {back}");
            writeln!(out, "{}", printable(&line))?;
            Ok(Severity::Lossy)
        }
        Outcome::Rejected(why) => {
            writeln!(out, "{}", printable_lines(&format!("{name}: refused by {way}: {why}")))?;
            Ok(Severity::Rejected)
        }
    }
}

fn compared(sent: &str, back: Result<String, webhook_runtime::Error>) -> Outcome {
    match back.map_err(|error| error.to_string()).and_then(|back| {
        let found = difference(sent, &back);
        found.map_err(|error| format!("it came back as no JSON: {error}"))
    }) {
        Ok(None) => Outcome::Exact,
        Ok(Some(difference)) => Outcome::Lossy(difference),
        Err(why) => Outcome::Rejected(why),
    }
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
        return Outcome::Rejected(format!("it is identified as {other}"));
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
