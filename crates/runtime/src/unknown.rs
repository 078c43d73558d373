//! Payloads that are not a known event.

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// A payload that is not a known event of its provider, kept unchanged.
///
/// It serializes as the payload, and does not deserialize: only the `Event` type of a provider knows which payloads are unknown, and
/// what their names are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unknown {
    name: Option<String>,
    payload: Value,
}

impl Unknown {
    /// An unknown event; `name` is the event name in the payload, or the one sent with it.
    pub fn new(name: Option<String>, payload: Value) -> Unknown {
        Unknown { name, payload }
    }

    /// The event name in the payload, or the one sent with it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The payload, as it was received.
    pub fn payload(&self) -> &Value {
        &self.payload
    }

    /// Takes the payload out.
    pub fn into_payload(self) -> Value {
        self.payload
    }
}

impl Serialize for Unknown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.payload.serialize(serializer)
    }
}
