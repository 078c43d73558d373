//! What is kept of each event.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use security_webhooks::{Batch, Error, RejectedItem, WebhookEvent};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// What a payload was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A documented event.
    Event,
    /// An event that is not known.
    Unknown,
    /// A payload that is not accepted, or a body that is not JSON.
    Refused,
}

/// One event of a request. As JSON, it is one line.
#[derive(Debug, Serialize)]
pub(crate) struct Record<'r> {
    /// The same for the same item of the same body, so that a repeated request is recognized: a hash of the body, and the
    /// place of the item.
    pub(crate) id: String,
    pub(crate) received: Timestamp,
    pub(crate) provider: &'static str,
    pub(crate) kind: Kind,
    /// The event's name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<&'r str>,
    #[serde(flatten)]
    content: Content,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Content {
    /// JSON.
    #[serde(rename = "payload")]
    Json(Box<RawValue>),
    /// Text that is not JSON.
    Text(String),
    /// Bytes that are not text.
    Base64(String),
}

impl Content {
    fn of(bytes: &[u8]) -> Content {
        match std::str::from_utf8(bytes) {
            Err(_) => Content::Base64(STANDARD.encode(bytes)),
            Ok(text) => match serde_json::from_str::<&RawValue>(text) {
                // A line break in JSON is white space between tokens.
                Ok(_) => RawValue::from_string(text.replace(['\n', '\r'], " "))
                    .map_or_else(|_| Content::Text(text.to_owned()), Content::Json),
                Err(_) => Content::Text(text.to_owned()),
            },
        }
    }
}

/// The records of the body of one request.
pub(crate) struct Records {
    body: String,
    received: Timestamp,
    provider: &'static str,
}

impl Records {
    pub(crate) fn new(provider: &'static str, body: &[u8]) -> Records {
        let hash = Sha256::digest(body);
        Records { body: hash.iter().map(|byte| format!("{byte:02x}")).collect(), received: Timestamp::now(), provider }
    }

    fn record<'r>(&self, place: usize, kind: Kind, event: Option<&'r str>, payload: &[u8]) -> Record<'r> {
        let (received, provider) = (self.received, self.provider);
        Record { id: format!("{}-{place}", self.body), received, provider, kind, event, content: Content::of(payload) }
    }

    /// A body that is not JSON as a whole.
    pub(crate) fn of_body(&self, body: &[u8]) -> Vec<Record<'static>> {
        vec![self.record(0, Kind::Refused, None, body)]
    }

    /// The items of a batch, in order.
    pub(crate) fn of_batch<'b, E: WebhookEvent>(&self, batch: &'b Batch<E>) -> Vec<Record<'b>> {
        let record = |(place, item): (usize, &'b Result<E, _>)| match item {
            Ok(event) => {
                let kind = if event.as_unknown().is_some() { Kind::Unknown } else { Kind::Event };
                self.record(place, kind, event.name(), &security_webhooks::to_vec(event))
            }
            Err(rejected) => self.refused(place, rejected),
        };
        batch.items().iter().enumerate().map(record).collect()
    }

    fn refused(&self, place: usize, rejected: &RejectedItem) -> Record<'static> {
        let event = match rejected.error() {
            Error::Invalid(invalid) => Some(invalid.event()),
            _ => None,
        };
        self.record(place, Kind::Refused, event, rejected.payload().as_bytes())
    }
}
