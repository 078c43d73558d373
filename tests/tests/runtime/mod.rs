//! The promises of generated types about reading, writing, dispatch, batches and errors.

mod bounds;
mod deviations;
mod dispatch;
mod errors;
mod examples;
#[cfg(feature = "extras")]
mod extras;
mod guess;
mod lossless;
mod one_pass;
#[cfg(feature = "arbitrary_precision")]
mod precision;
mod providers;
mod received;
mod receiver;
mod reporting;
#[cfg(feature = "extras")]
mod signatures;
mod streaming;
mod text;
mod tolerant;
mod wrapped;
mod writing;

use serde_json::Value;

/// Returns the payload of the first example of an event.
fn example(examples: &[security_webhooks::Example], event: &str) -> Value {
    let example = examples.iter().find(|example| example.event == event).expect("an example of the event");
    serde_json::from_str(example.payload).expect("a payload is JSON")
}
