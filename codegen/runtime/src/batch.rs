//! Several events in one body.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, SerializeSeq, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::delivery::Delivery;
use crate::deviation::Deviations;
use crate::error::{Error, text};
use crate::event::{FromBody, WebhookEvent};
use crate::provider::ProviderInfo;
use crate::scan;

/// The events of one body. Each succeeds or fails alone, so one that cannot be read costs no other.
///
/// # Examples
///
/// A receiver works through [`Batch::events`], and puts [`Batch::rejected`] aside with their text:
///
/// ```
/// # fn receive<E: webhook_runtime::WebhookEvent>(body: &[u8]) -> Result<(), webhook_runtime::Error> {
/// let batch = webhook_runtime::Batch::<E>::from_slice(body)?;
/// for event in batch.events() {
///     println!("{:?}", event.name());
/// }
/// for rejected in batch.rejected() {
///     eprintln!("{}\n{}", rejected.error(), rejected.payload());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<E> {
    items: Vec<Result<E, RejectedItem>>,
    format: BodyFormat,
}

/// How a body holds its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyFormat {
    /// A JSON array of events.
    Array,
    /// Newline-delimited JSON: an event a line.
    Lines,
    /// One event, without anything around it.
    Single,
}

/// A payload that could not be read, kept unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedItem {
    error: Error,
    payload: String,
}

impl RejectedItem {
    /// Why it could not be read.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The text, as the body has it.
    pub fn payload(&self) -> &str {
        &self.payload
    }
}

impl fmt::Display for RejectedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for RejectedItem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Delivery {
    /// The texts of the events in a body: the items of an array, the lines of newline-delimited JSON, or the body itself.
    ///
    /// The body decides which, as vendors let their users choose; only a provider that delivers single events never has
    /// its bodies taken apart.
    pub fn split(self, text: &str) -> Vec<&str> {
        self.items(text).0
    }

    pub(crate) fn items(self, text: &str) -> (Vec<&str>, BodyFormat) {
        if self == Delivery::Single {
            return (vec![text], BodyFormat::Single);
        }
        if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text) {
            return (items.into_iter().map(RawValue::get).collect(), BodyFormat::Array);
        }
        match scan::lines(text) {
            Some(lines) => (lines, BodyFormat::Lines),
            // A line that is alone, or that breaks off.
            None if self == Delivery::Lines => {
                (text.lines().filter(|line| !line.trim().is_empty()).collect(), BodyFormat::Lines)
            }
            None => (vec![text], BodyFormat::Single),
        }
    }
}

/// The texts of the events in a body, whatever is usual for its provider, without a check that the text is JSON throughout.
pub(crate) fn split_unchecked(text: &str) -> Vec<&str> {
    scan::items(text).or_else(|| scan::lines(text)).unwrap_or_else(|| vec![text])
}

impl<E: WebhookEvent> Batch<E> {
    /// Reads a body: a JSON array of events, newline-delimited events, or one event without anything around it. The body
    /// decides which, whatever is usual for the provider; [`Batch::format`] says which it was.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the body as a whole is not JSON. Events that cannot be read are among the batch.
    pub fn from_slice(bytes: &[u8]) -> Result<Batch<E>, Error> {
        let text = text(bytes)?;
        let delivery = match <E as WebhookEvent>::PROVIDER.delivery {
            Delivery::Single => Delivery::Batch,
            delivery => delivery,
        };
        let (texts, format) = delivery.items(text);
        if format == BodyFormat::Single {
            serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(Error::json)?;
        }
        let read = |text: &str| E::from_str(text).map_err(|error| RejectedItem { error, payload: text.to_owned() });
        Ok(Batch { items: texts.into_iter().map(read).collect(), format })
    }

    /// Reads a body from a JSON value, like [`Batch::from_slice`].
    pub fn from_value(value: Value) -> Batch<E> {
        let read = |value: Value| {
            E::from_value(value).map_err(|error| {
                let payload = error.payload().map(Value::to_string).unwrap_or_default();
                RejectedItem { error, payload }
            })
        };
        match value {
            Value::Array(items) => Batch { items: items.into_iter().map(read).collect(), format: BodyFormat::Array },
            value => Batch { items: vec![read(value)], format: BodyFormat::Single },
        }
    }
}

impl<E> Batch<E> {
    /// Every item, in order.
    pub fn items(&self) -> &[Result<E, RejectedItem>] {
        &self.items
    }

    /// The events that were read, in order.
    pub fn events(&self) -> impl Iterator<Item = &E> {
        self.items.iter().flatten()
    }

    /// The payloads that were refused, in order.
    pub fn rejected(&self) -> impl Iterator<Item = &RejectedItem> {
        self.items.iter().filter_map(|item| item.as_ref().err())
    }

    /// How the body held its events.
    pub fn format(&self) -> BodyFormat {
        self.format
    }

    /// The same events for a body of another format. A batch of other than one event cannot be a single event, and is
    /// written as an array then.
    #[must_use]
    pub fn with_format(self, format: BodyFormat) -> Self {
        Batch { format, ..self }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the batch is empty.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// A batch of events to be sent, as a JSON array.
impl<E> FromIterator<E> for Batch<E> {
    fn from_iter<I: IntoIterator<Item = E>>(events: I) -> Self {
        Batch { items: events.into_iter().map(Ok).collect(), format: BodyFormat::Array }
    }
}

impl<E> IntoIterator for Batch<E> {
    type Item = Result<E, RejectedItem>;
    type IntoIter = std::vec::IntoIter<Result<E, RejectedItem>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<E: WebhookEvent> FromBody for Batch<E> {
    const PROVIDER: &'static ProviderInfo = <E as WebhookEvent>::PROVIDER;

    fn from_body(bytes: &[u8]) -> Result<Self, Error> {
        Batch::from_slice(bytes)
    }
}

/// The events as JSON, rejected payloads unchanged: an array, or the one event of a body that is a single event. JSON
/// has no lines, so a body of lines becomes an array; [`Batch::to_body`] writes the lines.
impl<E: Serialize> Serialize for Batch<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let (BodyFormat::Single, [item]) = (self.format, self.items.as_slice()) {
            return Item(item).serialize(serializer);
        }
        let mut items = serializer.serialize_seq(Some(self.items.len()))?;
        for item in &self.items {
            items.serialize_element(&Item(item))?;
        }
        items.end()
    }
}

impl<E: WebhookEvent> Batch<E> {
    /// What of the events differs from what is documented, or was seen; see [`WebhookEvent::deviations`]. The locations
    /// begin with the event's place, unless the body is a single event.
    pub fn deviations(&self) -> Deviations {
        let mut all = Deviations::default();
        for (index, event) in
            self.items.iter().enumerate().filter_map(|(index, item)| Some((index, item.as_ref().ok()?)))
        {
            let own = event.deviations();
            match self.format {
                BodyFormat::Single => all = own,
                _ => all.extend_item(index, own),
            }
        }
        all
    }
}

impl<E: Serialize> Batch<E> {
    /// The body in the format that it came in.
    ///
    /// # Errors
    ///
    /// A payload that `serde_json` cannot write.
    pub fn to_body(&self) -> Result<String, serde_json::Error> {
        match self.format {
            BodyFormat::Lines => self.to_lines(),
            _ => serde_json::to_string(self),
        }
    }

    /// The batch as newline-delimited JSON: one payload a line.
    ///
    /// # Errors
    ///
    /// A payload that `serde_json` cannot write.
    pub fn to_lines(&self) -> Result<String, serde_json::Error> {
        let mut text = String::new();
        for item in &self.items {
            match item {
                Ok(event) => text.push_str(&serde_json::to_string(event)?),
                Err(refused) => text.push_str(&one_line(&refused.payload)),
            }
            text.push('\n');
        }
        Ok(text)
    }
}

/// A payload on one line. What is JSON has no line break inside a string, so a space is equivalent to a line break.
fn one_line(payload: &str) -> std::borrow::Cow<'_, str> {
    match payload.contains(['\n', '\r']) {
        true => payload.replace(['\n', '\r'], " ").into(),
        false => payload.into(),
    }
}

struct Item<'b, E>(&'b Result<E, RejectedItem>);

impl<E: Serialize> Serialize for Item<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Ok(event) => event.serialize(serializer),
            Err(refused) => {
                let text: &RawValue = serde_json::from_str(&refused.payload).map_err(S::Error::custom)?;
                text.serialize(serializer)
            }
        }
    }
}

impl<'de, E: WebhookEvent> Deserialize<'de> for Batch<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Batch::from_value)
    }
}
