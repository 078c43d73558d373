//! Payloads that are not a known event.

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// A payload that is not a known event of its provider, kept unchanged.
///
/// An `Unknown` serializes as its payload. It cannot be deserialized, because only the `Event` type of a provider can
/// tell which payloads are unknown, and what their event names are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unknown(Box<Details>);

/// The fields of an unknown event, boxed so that an `Event` is as small as a box and its variant, and moves in registers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Details {
    name: Option<String>,
    payload: Value,
}

impl Unknown {
    /// Creates an unknown event. `name` is the event name in the payload, or the name that was sent with it.
    pub fn new(name: Option<String>, payload: Value) -> Unknown {
        Unknown(Box::new(Details { name, payload }))
    }

    /// Returns the event name in the payload, or the name that was sent with it.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Returns the payload, as received.
    pub fn payload(&self) -> &Value {
        &self.0.payload
    }

    /// Returns the payload, as received, without a copy.
    pub fn into_payload(self) -> Value {
        self.0.payload
    }
}

impl Serialize for Unknown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.payload.serialize(serializer)
    }
}
