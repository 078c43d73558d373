//! Events and providers: what generated modules have in common.

use std::fmt::Debug;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::deviation::Deviations;
use crate::dispatch::{Dispatch, Look};
use crate::error::{Error, ValidationError, text};
use crate::read::{self, Mismatch, Node, Read};
use crate::schema::Validator;
use crate::violation::Violations;

/// How a provider sends events, as is usual for it: see [`BodyFormat`](crate::BodyFormat) for what a body is.
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

/// What decides whether a payload of an event is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reading {
    /// The schema: a payload is accepted exactly when it is valid. The default where the vendor documents the schema.
    #[default]
    Exact,
    /// The members that the schema requires. A member that is not required and whose value does not fit is kept in
    /// `extra` under its JSON name. The default where the schema was inferred from payloads.
    Tolerant,
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
    pub validator: Validator<'static>,
    /// What decides whether a payload is accepted.
    pub reading: Reading,
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
            validator: T::VALIDATOR,
            reading: T::READING,
            roundtrip: roundtrip::<T>,
        }
    }
}

/// A type that is generated from a schema.
pub trait Typed: Read {
    /// The schema.
    const VALIDATOR: Validator<'static>;
    /// What decides whether a value is accepted.
    const READING: Reading;

    /// Every violation of a JSON value, in document order.
    ///
    /// # Errors
    ///
    /// The violations, when there are any.
    fn validate(value: &Value) -> Result<(), Violations> {
        Self::VALIDATOR.violations(value).into_result()
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
    /// [`Error::Json`] when the bytes are not JSON; [`Error::Invalid`] when the payload is not accepted, with everything in
    /// which it differs from the schema.
    fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_text(text(bytes)?)
    }

    /// Reads a payload from text, like [`Payload::from_slice`].
    fn from_text(text: &str) -> Result<Self, Error> {
        read::from_text(text).or_else(|Mismatch| second_attempt(text))
    }

    /// Reads a payload from a JSON value, like [`Payload::from_slice`].
    fn from_value(value: &Value) -> Result<Self, Error> {
        read_value(value).map_err(|Mismatch| invalid::<Self>(Self::VALIDATOR.violations_typed(value), value.clone()))
    }

    /// What of this payload differs from what is documented, or was seen: members that the schema does not name, values
    /// that it does not allow, and strings that it does not list. Found when it is called for, by the payload's JSON.
    fn deviations(&self) -> Deviations {
        let value = serde_json::to_value(self).unwrap_or_default();
        Self::VALIDATOR.deviations(&value)
    }
}

/// Reads a value, tolerantly where the type is read so.
fn read_value<T: Typed>(value: &Value) -> read::Result<T> {
    T::read_value(Node { value, tolerant: T::READING == Reading::Tolerant })
}

/// Reads a value for serde's `Deserialize`.
#[doc(hidden)]
pub fn deserialize_value<T: Typed, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    read_value(value).map_err(|Mismatch| {
        let violations = T::VALIDATOR.violations_typed(value);
        E::custom(violations.iter().next().map_or_else(|| UNREPRESENTABLE.to_owned(), ToString::to_string))
    })
}

/// Reads a payload that the parser gave up on: from a `Value`, which decides; and else says why not.
#[cold]
fn second_attempt<T: Payload>(text: &str) -> Result<T, Error> {
    let value: Value = serde_json::from_str(text).map_err(Error::json)?;
    read_value(&value).map_err(|Mismatch| {
        let mut violations = T::VALIDATOR.violations_typed(&value);
        crate::evaluate::sort(&mut violations, text);
        invalid::<T>(violations, value)
    })
}

/// What a type does not hold although its schema accepts it, and which no violation is for.
const UNREPRESENTABLE: &str = "objects of many members are nested too deep";

fn invalid<T: Payload>(mut violations: Violations, payload: Value) -> Error {
    if violations.is_empty() {
        // The schema accepts the payload and the type cannot hold it: one of the documented exceptions.
        violations = Violations::unrepresentable(UNREPRESENTABLE.to_owned());
    }
    Error::Invalid(ValidationError::new(T::NAME, violations.with_base_uri(T::BASE), payload))
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

    /// What of the event differs from what is documented, or was seen; see [`Payload::deviations`]. Nothing is known of an
    /// unknown event, so it has none.
    fn deviations(&self) -> Deviations;

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
                let payload = serde_json::from_str(text).map_err(Error::json)?;
                Ok(Self::unknown(Unknown::new(look.event_name().map(str::to_owned), payload)))
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
            None => Ok(Err(look.event_name().map(str::to_owned))),
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
                let payload = serde_json::from_str(text).map_err(Error::json)?;
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
            Some(event) => Self::PROVIDER.events[event].validator.violations(value).into_result(),
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
        false => Err(Error::json(serde::de::Error::custom("the body tells none of the events of this name"))),
    }
}

fn write<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::json)
}

/// The error for a place at which no event is; generated code hands out only places that there are.
#[doc(hidden)]
#[cold]
pub fn no_such_event<T>() -> Result<T, Error> {
    Err(Error::json(serde::de::Error::custom("the provider has no such event")))
}
