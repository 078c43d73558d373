//! Events and providers: what generated modules have in common.

use std::fmt::Debug;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::dispatch::{Dispatch, Look};
use crate::error::{Error, Invalid, text};
use crate::read::Read;
use crate::schema::Rule;
use crate::violation::Violations;

/// How a provider sends events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// The body is one event.
    Single,
    /// The body is a JSON array of events.
    Batch,
    /// The body is newline-delimited: one event a line.
    Lines,
}

/// An example payload, as the vendor documents it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The event, by its JSON name.
    pub event: &'static str,
    /// The name of the example.
    pub name: &'static str,
    /// The payload, as JSON text.
    pub payload: &'static str,
}

/// A provider: what its module knows.
#[derive(Debug)]
pub struct ProviderInfo {
    /// The name: that of its module and feature, and of its folder.
    pub name: &'static str,
    /// The vendor's name for people.
    pub title: &'static str,
    /// How events are sent.
    pub delivery: Delivery,
    /// How events are told apart.
    pub dispatch: Dispatch,
    /// The events, by name.
    pub events: &'static [EventInfo],
    /// Reads a body as the provider delivers it, and writes it back.
    pub roundtrip: fn(&[u8]) -> Result<String, Error>,
    /// Reads one event whose name stands outside the body, and writes it back. A known name that gives an unknown event
    /// is an error here.
    pub roundtrip_named: fn(&str, &[u8]) -> Result<String, Error>,
}

/// An event of a provider.
#[derive(Debug)]
pub struct EventInfo {
    /// The name: that of its folder.
    pub name: &'static str,
    /// The name outside the body, as `from_named` takes it.
    pub wire_name: &'static str,
    /// The JSON Schema that decides.
    pub schema: &'static str,
    /// Payloads, as documented.
    pub examples: &'static [Example],
    /// The validator.
    pub rule: Rule<'static>,
    /// Reads a payload as this event's type, and writes it back.
    pub roundtrip: fn(&[u8]) -> Result<String, Error>,
}

impl EventInfo {
    /// The event that a type is the payload of.
    pub const fn of<T: Payload>(wire_name: &'static str) -> EventInfo {
        EventInfo {
            name: T::NAME,
            wire_name,
            schema: T::SCHEMA,
            examples: T::EXAMPLES,
            rule: T::RULE,
            roundtrip: roundtrip::<T>,
        }
    }
}

/// A type that is generated from a schema and accepts exactly what the schema accepts.
pub trait Typed: for<'de> Read<'de> {
    /// The schema.
    const RULE: Rule<'static>;

    /// Every violation of a JSON value, in document order.
    ///
    /// # Errors
    ///
    /// The violations, when there are any.
    fn validate(value: &Value) -> Result<(), Violations> {
        Self::RULE.explain(value).into_result()
    }
}

/// The payload of one event.
pub trait Payload: Typed + Serialize {
    /// The event's JSON name.
    const NAME: &'static str;
    /// The JSON Schema that decides, as a document of its own.
    const SCHEMA: &'static str;
    /// What the pointers of a violation point into, as a URI.
    const BASE: &'static str;
    /// Payloads, as documented.
    const EXAMPLES: &'static [Example];

    /// Reads a payload.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the bytes are no JSON, [`Error::Invalid`] with every violation when they are and break a rule.
    fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_text(text(bytes)?)
    }

    /// Reads a payload from text, like [`Payload::from_slice`].
    fn from_text(text: &str) -> Result<Self, Error> {
        let mut reader = serde_json::Deserializer::from_str(text);
        Self::read(&mut reader)
            .and_then(|payload| reader.end().map(|()| payload))
            .map_err(|error| refusal::<Self>(text, &error))
    }

    /// Reads a payload from a JSON value, like [`Payload::from_slice`].
    fn from_value(value: &Value) -> Result<Self, Error> {
        Self::read(value).map_err(|error| invalid::<Self>(Self::RULE.explain_typed(value), &error))
    }
}

#[cold]
fn refusal<T: Payload>(text: &str, error: &serde_json::Error) -> Error {
    match serde_json::from_str::<Value>(text) {
        Err(error) => Error::Json(error),
        Ok(value) => {
            let mut violations = T::RULE.explain_typed(&value);
            crate::evaluate::sort(&mut violations, text);
            invalid::<T>(violations, error)
        }
    }
}

fn invalid<T: Payload>(mut violations: Violations, error: &serde_json::Error) -> Error {
    if violations.is_empty() {
        // The schema accepts the payload and the type cannot hold it: one of the documented exceptions.
        violations = Violations::unheld(error.to_string());
    }
    Error::Invalid(Invalid { event: T::NAME, violations: violations.in_document(T::BASE) })
}

/// A payload that is no known event of its provider, kept as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    name: Option<String>,
    payload: Value,
}

impl Unknown {
    /// `name` is what the payload or its envelope says the event is.
    pub fn new(name: Option<String>, payload: Value) -> Unknown {
        Unknown { name, payload }
    }

    /// What the payload, or the name beside it, says the event is.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The payload.
    pub fn payload(&self) -> &Value {
        &self.payload
    }

    /// The payload.
    pub fn into_payload(self) -> Value {
        self.payload
    }
}

impl Serialize for Unknown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.payload.serialize(serializer)
    }
}

/// What the `Event` enums of all providers share.
///
/// Each enum has these functions of its own too, so the trait is only needed to be generic over providers.
pub trait WebhookEvent: Sized + Clone + Debug + Serialize {
    /// The provider.
    const PROVIDER: &'static ProviderInfo;

    /// Reads the payload of a known event, by its place in [`ProviderInfo::events`].
    #[doc(hidden)]
    fn read_event(event: usize, text: &str) -> Result<Self, Error>;

    /// The same from a value.
    #[doc(hidden)]
    fn read_event_value(event: usize, value: &Value) -> Result<Self, Error>;

    /// The variant for what is no known event.
    fn unknown(unknown: Unknown) -> Self;

    /// The event's JSON name; of an unknown one, what the payload says it is.
    fn name(&self) -> Option<&str>;

    /// Reads one event.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the bytes are no JSON; [`Error::Invalid`] with every violation when the payload is a known
    /// event and breaks a rule of it. Any other JSON is an unknown event, and no error.
    fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_text(text(bytes)?)
    }

    /// Reads one event from text, like [`WebhookEvent::from_slice`].
    fn from_text(text: &str) -> Result<Self, Error> {
        let look = Look::at_text(&Self::PROVIDER.dispatch, text);
        match look.event() {
            Some(event) => Self::read_event(event, text),
            None => {
                let payload = serde_json::from_str(text).map_err(Error::Json)?;
                Ok(Self::unknown(Unknown::new(look.label().map(str::to_owned), payload)))
            }
        }
    }

    /// Reads one event from a JSON value, like [`WebhookEvent::from_slice`].
    fn from_value(value: Value) -> Result<Self, Error> {
        match Self::known(&value)? {
            Ok(event) => Ok(event),
            Err(name) => Ok(Self::unknown(Unknown::new(name, value))),
        }
    }

    /// The known event that the value is; else what the value says it is.
    #[doc(hidden)]
    fn known(value: &Value) -> Result<Result<Self, Option<String>>, Error> {
        let look = Look::at_value(&Self::PROVIDER.dispatch, value);
        match look.event() {
            Some(event) => Self::read_event_value(event, value).map(Ok),
            None => Ok(Err(look.label().map(str::to_owned))),
        }
    }

    /// Reads one event whose name stands outside the body: in a header, say.
    ///
    /// # Errors
    ///
    /// Those of [`WebhookEvent::from_slice`]. A name that is not known is an unknown event, and no error.
    fn from_named(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let text = text(bytes)?;
        let named = |event: &usize| Self::PROVIDER.events[*event].wire_name == name;
        let mut candidates = (0..Self::PROVIDER.events.len()).filter(named);
        let event = match (candidates.next(), candidates.next()) {
            (only, None) => only,
            _ => Look::at_text(&Self::PROVIDER.dispatch, text).event_among(|event| named(&event)),
        };
        match event {
            Some(event) => Self::read_event(event, text),
            None => {
                let payload = serde_json::from_str(text).map_err(Error::Json)?;
                Ok(Self::unknown(Unknown::new(Some(name.to_owned()), payload)))
            }
        }
    }

    /// Every violation of a JSON value: the event is told first, and decides by its schema. An unknown event has none.
    ///
    /// # Errors
    ///
    /// The violations, when there are any.
    fn validate(value: &Value) -> Result<(), Violations> {
        match Look::at_value(&Self::PROVIDER.dispatch, value).event() {
            Some(event) => Self::PROVIDER.events[event].rule.explain(value).into_result(),
            None => Ok(()),
        }
    }
}

/// What a request body is read as: one event, or a batch of them.
pub trait Body: Sized {
    /// Reads a whole request body.
    ///
    /// # Errors
    ///
    /// Those of [`WebhookEvent::from_slice`] and of [`crate::Batch::from_slice`].
    fn from_body(bytes: &[u8]) -> Result<Self, Error>;
}

impl<E: WebhookEvent> Body for E {
    fn from_body(bytes: &[u8]) -> Result<Self, Error> {
        E::from_slice(bytes)
    }
}

/// Reads bytes as a type and writes the value back.
fn roundtrip<T: Payload>(bytes: &[u8]) -> Result<String, Error> {
    T::from_slice(bytes).and_then(|payload| write(&payload))
}

/// Reads a body and writes it back; what [`ProviderInfo::roundtrip`] holds.
pub fn roundtrip_body<T: Body + Serialize>(bytes: &[u8]) -> Result<String, Error> {
    T::from_body(bytes).and_then(|body| write(&body))
}

/// Reads a named event and writes it back; what [`ProviderInfo::roundtrip_named`] holds.
pub fn roundtrip_named<E: WebhookEvent>(name: &str, bytes: &[u8]) -> Result<String, Error> {
    let event = E::from_named(name, bytes)?;
    let known = E::PROVIDER.events.iter().any(|known| event.name() == Some(known.name) && known.wire_name == name);
    match known {
        true => write(&event),
        false => Err(Error::Json(serde::de::Error::custom("the body tells none of the events of this name"))),
    }
}

fn write<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::Json)
}

/// The error for a place at which no event is; generated code hands out only places that there are.
#[doc(hidden)]
#[cold]
pub fn no_such_event<T>() -> Result<T, Error> {
    Err(Error::Json(serde::de::Error::custom("the provider has no such event")))
}
