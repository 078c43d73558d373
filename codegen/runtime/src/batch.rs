//! Several events in one body.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, SerializeSeq, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Error, text};
use crate::event::{Body, Delivery, Unknown, WebhookEvent};

/// The events of one body. Each succeeds or fails alone, so one that cannot be read costs no other.
///
/// # Examples
///
/// A receiver works through [`Batch::events`], and puts [`Batch::refused`] aside with their text:
///
/// ```
/// # fn receive<E: webhook_runtime::WebhookEvent>(body: &[u8]) -> Result<(), webhook_runtime::Error> {
/// let batch = webhook_runtime::Batch::<E>::from_slice(body)?;
/// for event in batch.events() {
///     println!("{:?}", event.name());
/// }
/// for refused in batch.refused() {
///     eprintln!("{}\n{}", refused.error(), refused.payload());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Batch<E> {
    items: Vec<Result<E, Refused>>,
    shape: Shape,
}

/// What the body was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Array,
    Lines,
    /// Not what the provider documents: something else than an array, taken as the only event.
    Lone,
}

/// A payload that could not be read, kept as it came.
#[derive(Debug)]
pub struct Refused {
    error: Error,
    payload: String,
}

impl Refused {
    /// Why it could not be read.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The text, as the body has it.
    pub fn payload(&self) -> &str {
        &self.payload
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Delivery {
    /// The texts of the single events in a body. A body that is not what the provider documents is one event.
    pub fn split(self, text: &str) -> Vec<&str> {
        self.items(text).0
    }

    fn items(self, text: &str) -> (Vec<&str>, Shape) {
        match self {
            Delivery::Single => (vec![text], Shape::Lone),
            Delivery::Lines => (text.lines().filter(|line| !line.trim().is_empty()).collect(), Shape::Lines),
            Delivery::Batch => match serde_json::from_str::<Vec<&RawValue>>(text) {
                Ok(items) => (items.into_iter().map(RawValue::get).collect(), Shape::Array),
                Err(_) => (vec![text], Shape::Lone),
            },
        }
    }
}

impl<E: WebhookEvent> Batch<E> {
    /// Reads a body as the provider delivers it: a JSON array of events, or one event a line.
    ///
    /// A body that is something else, one event without the array around it say, is read as a batch of one.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the body as a whole is no JSON. Events that cannot be read are among the batch.
    pub fn from_slice(bytes: &[u8]) -> Result<Batch<E>, Error> {
        let text = text(bytes)?;
        let (texts, shape) = E::PROVIDER.delivery.items(text);
        if shape == Shape::Lone {
            serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(Error::Json)?;
        }
        let read = |text: &str| E::from_text(text).map_err(|error| Refused { error, payload: text.to_owned() });
        Ok(Batch { items: texts.into_iter().map(read).collect(), shape })
    }

    /// Reads a body from a JSON value, like [`Batch::from_slice`].
    pub fn from_value(value: Value) -> Batch<E> {
        let read = |value: Value| match E::known(&value) {
            Ok(Ok(event)) => Ok(event),
            Ok(Err(name)) => Ok(E::unknown(Unknown::new(name, value))),
            Err(error) => Err(Refused { error, payload: value.to_string() }),
        };
        match value {
            Value::Array(items) => Batch { items: items.into_iter().map(read).collect(), shape: Shape::Array },
            value => Batch { items: vec![read(value)], shape: Shape::Lone },
        }
    }
}

impl<E> Batch<E> {
    /// Every item, in order.
    pub fn items(&self) -> &[Result<E, Refused>] {
        &self.items
    }

    /// The events that were read, in order.
    pub fn events(&self) -> impl Iterator<Item = &E> {
        self.items.iter().flatten()
    }

    /// The payloads that were refused, in order.
    pub fn refused(&self) -> impl Iterator<Item = &Refused> {
        self.items.iter().filter_map(|item| item.as_ref().err())
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// A batch of events to be sent, as a JSON array.
impl<E> FromIterator<E> for Batch<E> {
    fn from_iter<I: IntoIterator<Item = E>>(events: I) -> Self {
        Batch { items: events.into_iter().map(Ok).collect(), shape: Shape::Array }
    }
}

impl<E> IntoIterator for Batch<E> {
    type Item = Result<E, Refused>;
    type IntoIter = std::vec::IntoIter<Result<E, Refused>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<E: WebhookEvent> Body for Batch<E> {
    fn from_body(bytes: &[u8]) -> Result<Self, Error> {
        Batch::from_slice(bytes)
    }
}

/// The body again: refused payloads as they came. A body of lines becomes an array; [`Batch::to_lines`] gives lines.
impl<E: Serialize> Serialize for Batch<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let (Shape::Lone, [item]) = (self.shape, self.items.as_slice()) {
            return Item(item).serialize(serializer);
        }
        let mut items = serializer.serialize_seq(Some(self.items.len()))?;
        for item in &self.items {
            items.serialize_element(&Item(item))?;
        }
        items.end()
    }
}

impl<E: Serialize> Batch<E> {
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
                Err(refused) => text.push_str(&refused.payload),
            }
            text.push('\n');
        }
        Ok(text)
    }
}

struct Item<'b, E>(&'b Result<E, Refused>);

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
