//! Events: what the `Event` enums of all providers have in common.

use std::fmt::Debug;

use serde::ser::Serialize;
use serde_json::Value;

use crate::deviation::Deviations;
use crate::dispatch::Detection;
use crate::error::{Error, text};
use crate::provider::ProviderInfo;
use crate::read::{self, Parser, UnknownMembers};
use crate::unknown::Unknown;
use crate::value;
use crate::violation::Violations;
use crate::write::WriteJson;

/// How the payload of one event is read as a variant of an `Event` enum.
#[doc(hidden)]
#[derive(Debug)]
pub struct EventReader<E> {
    /// Reads JSON text in one pass, or gives up. Something may come behind the payload.
    pub from_text: fn(&mut Parser<'_>) -> read::Result<E>,
    /// Reads JSON text that the first way gave up on.
    pub reread: fn(&str) -> Result<E, Error>,
    /// Reads a JSON value.
    pub from_value: fn(Value) -> Result<E, Error>,
}

impl<E> EventReader<E> {
    /// Reads JSON text.
    ///
    /// # Errors
    ///
    /// Those of [`WebhookEvent::from_slice`].
    pub fn read(&self, text: &str) -> Result<E, Error> {
        self.in_one_pass(text).map_or_else(|| (self.reread)(text), |(event, _)| Ok(event))
    }

    /// Reads JSON text in one pass, or gives up. With the event, whether the payload has members that its type does not name.
    pub fn in_one_pass(&self, text: &str) -> Option<(E, bool)> {
        self.whole(text, UnknownMembers::Allowed)
    }

    fn whole(&self, text: &str, unknown: UnknownMembers) -> Option<(E, bool)> {
        let mut parser = Parser::with(text, unknown);
        let event = (self.from_text)(&mut parser).ok()?;
        parser.end().ok()?;
        Some((event, parser.has_unknown_members()))
    }

    /// The event that a text begins with, and how long its payload is.
    fn leading(&self, text: &str, unknown: UnknownMembers) -> Option<(E, usize)> {
        let mut parser = Parser::with(text, unknown);
        let event = (self.from_text)(&mut parser).ok()?;
        Some((event, parser.taken()))
    }
}

/// How far into a text the member that identifies an event is looked for, where the text goes on behind the event.
const WINDOW: usize = 2048;

/// Reads the event that a text begins with, whatever comes behind it, and how long its payload is; `None` where its payload
/// has to be found first.
pub(crate) fn leading_event<E: WebhookEvent>(text: &str) -> Option<(E, usize)> {
    if !text.starts_with('{') {
        return None;
    }
    let dispatch = E::PROVIDER.dispatch;
    // A character has at most four bytes.
    let window = (0..4).find_map(|less| text.get(..text.len().min(WINDOW).checked_sub(less)?))?;
    let guess = dispatch
        .guess(window)
        .flatten()
        .and_then(|(event, is_certain)| Some((event, is_certain, E::READERS.get(event)?)));
    // What is usual is that every member is known; what the guess is from may be behind the event.
    let known_members = |reader: &EventReader<E>| reader.leading(text, UnknownMembers::Refused);
    if let Some(found) = guess.and_then(|(_, _, reader)| known_members(reader)) {
        return Some(found);
    }
    if let Some(found) = dispatch.fallback.iter().find_map(|event| known_members(E::READERS.get(*event)?)) {
        return Some(found);
    }
    let (event, is_certain, reader) = guess?;
    let (found, length) = reader.leading(text, UnknownMembers::Allowed)?;
    (is_certain || dispatch.detect(text.get(..length)?) == Some(event)).then_some((found, length))
}

/// What the `Event` enums of all providers have in common.
///
/// Every enum has these functions as inherent functions too; the trait is only needed by generic code.
pub trait WebhookEvent: Sized + Clone + Debug + Serialize + WriteJson + Send + Sync + 'static {
    /// The provider.
    const PROVIDER: &'static ProviderInfo;

    /// How each event is read, in the order of [`ProviderInfo::events`].
    #[doc(hidden)]
    const READERS: &'static [EventReader<Self>];

    /// The variant for payloads that are not a known event.
    fn unknown(unknown: Unknown) -> Self;

    /// The JSON name of the event; for an unknown event, the name in the payload.
    fn name(&self) -> Option<&str>;

    /// The payload as it is kept if the event is not a known one.
    fn as_unknown(&self) -> Option<&Unknown>;

    /// How the event deviates from its schema, although it was accepted; see
    /// [`Payload::deviations`](crate::Payload::deviations). Unknown events have no deviations.
    fn deviations(&self) -> Deviations;

    /// Reads one event from JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the bytes are not JSON, and [`Error::Invalid`], with every violation, if the payload is a known
    /// event and is not accepted. Any other JSON is an unknown event, which is not an error.
    fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_str(text(bytes)?)
    }

    /// Reads one event from JSON text.
    ///
    /// # Errors
    ///
    /// Those of [`WebhookEvent::from_slice`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let dispatch = Self::PROVIDER.dispatch;
        match dispatch.guess(text) {
            Some(Some((guessed, is_certain))) => {
                if let Some(reader) = Self::READERS.get(guessed)
                    && let Some((event, has_unknown_members)) = reader.in_one_pass(text)
                    && (is_certain || !has_unknown_members || dispatch.detect(text) == Some(guessed))
                {
                    return Ok(event);
                }
            }
            Some(None) => {}
            None => {
                for guessed in dispatch.fallback {
                    if let Some(reader) = Self::READERS.get(*guessed)
                        && let Some((event, has_unknown_members)) = reader.whole(text, UnknownMembers::NotFirst)
                        && (!has_unknown_members || dispatch.detect(text) == Some(*guessed))
                    {
                        return Ok(event);
                    }
                }
            }
        }
        let detection = Detection::in_text(dispatch, text);
        match detection.event().and_then(|event| Self::READERS.get(event)) {
            Some(reader) => reader.read(text),
            None => {
                let payload = value::from_text(text)?;
                Ok(Self::unknown(Unknown::new(detection.event_name().map(str::to_owned), payload)))
            }
        }
    }

    /// Reads one event from a JSON value.
    ///
    /// # Errors
    ///
    /// Those of [`WebhookEvent::from_slice`]. The error has the value.
    fn from_value(value: Value) -> Result<Self, Error> {
        let detection = Detection::in_value(Self::PROVIDER.dispatch, &value);
        match detection.event().and_then(|event| Self::READERS.get(event)) {
            Some(reader) => (reader.from_value)(value),
            None => {
                let name = detection.event_name().map(str::to_owned);
                Ok(Self::unknown(Unknown::new(name, value)))
            }
        }
    }

    /// Reads one event whose name is sent outside of the body, in a header for example.
    ///
    /// # Errors
    ///
    /// Those of [`WebhookEvent::from_slice`]. A name that is not known gives an unknown event, which is not an error.
    fn from_slice_with_name(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let text = text(bytes)?;
        let named = |event: usize| Self::PROVIDER.events.get(event).is_some_and(|event| event.wire_name == name);
        let mut candidates = (0..Self::PROVIDER.events.len()).filter(|event| named(*event));
        let event = match (candidates.next(), candidates.next()) {
            (only, None) => only,
            _ => Detection::in_text(Self::PROVIDER.dispatch, text).event_among(named),
        };
        match event.and_then(|event| Self::READERS.get(event)) {
            Some(reader) => reader.read(text),
            None => {
                let payload = value::from_text(text)?;
                Ok(Self::unknown(Unknown::new(Some(name.to_owned()), payload)))
            }
        }
    }

    /// Validates a JSON value against the schema of the event that it is. Unknown events are valid.
    ///
    /// # Errors
    ///
    /// Every violation, in document order.
    fn validate(value: &Value) -> Result<(), Violations> {
        let event = Detection::in_value(Self::PROVIDER.dispatch, value).event();
        event.and_then(|event| Self::PROVIDER.events.get(event)).map_or(Ok(()), |event| event.validate(value))
    }
}

/// What a request body is read as: one event, or a [`Batch`](crate::Batch) of events.
pub trait FromBody: Sized {
    /// The provider that sends the body.
    const PROVIDER: &'static ProviderInfo;

    /// Reads a whole request body.
    ///
    /// # Errors
    ///
    /// Those of [`WebhookEvent::from_slice`] and of [`Batch::from_slice`](crate::Batch::from_slice).
    fn from_body(bytes: &[u8]) -> Result<Self, Error>;

    /// Reads a whole request body whose event a header names: see [`DeliveryInfo::event_header`](crate::DeliveryInfo).
    ///
    /// # Errors
    ///
    /// Those of [`FromBody::from_body`].
    fn from_body_with_name(name: &str, bytes: &[u8]) -> Result<Self, Error>;
}

impl<E: WebhookEvent> FromBody for E {
    const PROVIDER: &'static ProviderInfo = <E as WebhookEvent>::PROVIDER;

    fn from_body(bytes: &[u8]) -> Result<Self, Error> {
        E::from_slice(bytes)
    }

    fn from_body_with_name(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        E::from_slice_with_name(name, bytes)
    }
}

/// Code that is generic over the `Event` types of providers: see `Provider::visit` of a generated crate.
pub trait ProviderVisitor {
    /// What a visit returns.
    type Output;

    /// Visits the `Event` type of a provider.
    fn visit<E: WebhookEvent>(self) -> Self::Output;
}
