//! Events: the interface that the `Event` enums of all providers share.

use std::fmt::Debug;
use std::str::FromStr;

use serde::ser::Serialize;
use serde_json::Value;

use crate::deviation::Deviations;
use crate::dispatch::Detection;
use crate::error::{Error, utf8};
use crate::guess::Guess;
use crate::payload::{Payload, PayloadInfo};
use crate::provider::ProviderInfo;
use crate::read::{self, Parser, UnknownMembers};
use crate::sealed::Sealed;
use crate::unknown::Unknown;
use crate::value::{self, Parsed};
use crate::violation::Violations;
use crate::write::WriteJson;

/// Reads the payload of one event as a variant of an `Event` enum.
#[doc(hidden)]
#[derive(Debug)]
pub struct EventReader<E> {
    /// Reads JSON text. Anything may follow the payload.
    pub from_text: fn(&mut Parser<'_>) -> read::Result<E>,
    /// The facts about the payload's type that appear in errors.
    pub payload: PayloadInfo,
}

impl<E> EventReader<E> {
    /// Reads JSON text as this event.
    ///
    /// # Errors
    ///
    /// The same as for [`WebhookEvent::from_slice`].
    pub fn read(&self, text: &str) -> Result<E, Error> {
        match self.in_one_pass(text) {
            Some(event) => Ok(event),
            None => self.read_again(Parsed::new(text)?, text),
        }
    }

    /// Reads JSON text, which was parsed after one pass failed, as this event.
    fn read_again(&self, parsed: Parsed, text: &str) -> Result<E, Error> {
        self.payload.read_again(parsed, text, self.from_text)
    }

    /// Reads a JSON value as this event.
    ///
    /// # Errors
    ///
    /// The same as for [`WebhookEvent::from_value`].
    pub fn read_value(&self, value: Value) -> Result<E, Error> {
        self.payload.read_value(value, self.from_text)
    }

    /// Reads JSON text as this event in one pass, or gives up.
    pub fn in_one_pass(&self, text: &str) -> Option<E> {
        let mut parser = Parser::new(text);
        let event = (self.from_text)(&mut parser).ok()?;
        parser.end().ok()?;
        Some(event)
    }
}

/// An event that a payload may be.
struct Candidate {
    /// Its index in [`ProviderInfo::events`].
    event: usize,
    /// Whether the payload is this event whenever its type accepts it. If not, the type must also name all members of
    /// the payload.
    certain: bool,
    /// The length of the text that was searched to rule out other events. The search proves nothing about a longer
    /// payload, or about a payload with a name that is written with escapes.
    searched: Option<usize>,
    /// The unknown members that the parser accepts. The fewer it accepts, the sooner it gives up on a wrong candidate.
    unknown: UnknownMembers,
}

impl Candidate {
    /// Reads one event from the start of a text, and consumes its payload. Returns `None` if the payload is not this
    /// event, or if the parser gave up.
    #[inline]
    fn read<E: WebhookEvent>(&self, text: &str, parser: &mut Parser<'_>) -> Option<E> {
        let event = (E::READERS.get(self.event)?.from_text)(parser).ok()?;
        let searched = self.searched.is_none_or(|searched| parser.taken() <= searched && !parser.has_escaped_names());
        // If nothing proves that no event of higher precedence matches, the conditions decide.
        let is_this = searched && (self.certain || !parser.has_unknown_members())
            || E::PROVIDER.dispatch.detect(text.get(..parser.taken())?) == Some(self.event);
        is_this.then_some(event)
    }

    /// Reads an event that spans the whole text.
    #[inline]
    fn read_all<E: WebhookEvent>(&self, text: &str) -> Option<E> {
        let mut parser = Parser::with(text, self.unknown);
        let event = self.read(text, &mut parser)?;
        parser.end().ok()?;
        Some(event)
    }
}

/// Reads a payload as the event that a guess suggests. Returns `None` if the payload has to be scanned for the members
/// that identify it.
fn guessed_event<E: WebhookEvent>(text: &str, (guess, has_ruled_out): (Guess, bool)) -> Option<E> {
    let searched = has_ruled_out.then_some(text.len());
    match guess {
        Guess::Event { index, certain } => {
            Candidate { event: index, certain, searched, unknown: UnknownMembers::Allowed }.read_all(text)
        }
        // The payload names its event, so it is not one of the fallbacks.
        Guess::Ambiguous => None,
        Guess::None => E::PROVIDER.dispatch.fallback.iter().find_map(|event| {
            Candidate { event: *event, certain: false, searched: None, unknown: UnknownMembers::NotFirst }
                .read_all(text)
        }),
    }
}

/// The number of bytes that are searched for a guess if the text may continue after the event. Without a limit, the
/// search would reach the end of the body for each item of a batch, which takes quadratic time.
const WINDOW: usize = 2048;

/// Reads one event from the start of `text`, ignoring anything after it, and returns the event with the length of its
/// payload. Returns `None` if the end of the payload has to be found first.
pub(crate) fn leading_event<E: WebhookEvent>(text: &str) -> Option<(E, usize)> {
    // Known events are objects. The end of any other value is found first.
    if !text.starts_with('{') {
        return None;
    }
    let dispatch = E::PROVIDER.dispatch;
    // The window must end between two characters, and a character has at most four bytes.
    let window = (0..4).find_map(|less| text.get(..text.len().min(WINDOW).checked_sub(less)?))?;
    let (guess, has_ruled_out) = dispatch.guess(window);
    let searched = has_ruled_out.then_some(window.len());
    let guess = match guess {
        Guess::Event { index, certain } => Some((index, certain)),
        _ => None,
    };
    // The discriminator that was found may belong to the next event of the body, so the guess proves nothing. Every
    // candidate is therefore read with all unknown members rejected first. A wrong candidate soon fails. If a candidate
    // succeeds, the payload is this event, because its type names all members. The guessed event is then tried with
    // unknown members as well.
    let known = guess.map(|(event, _)| (event, searched)).into_iter();
    let known = known.chain(dispatch.fallback.iter().map(|event| (*event, None)));
    let unknown = UnknownMembers::Rejected;
    let known = known.map(|(event, searched)| Candidate { event, certain: false, searched, unknown });
    let guess = guess.map(|(event, certain)| Candidate { event, certain, searched, unknown: UnknownMembers::Allowed });
    known.chain(guess).find_map(|candidate| {
        let mut parser = Parser::with(text, candidate.unknown);
        let event = candidate.read(text, &mut parser)?;
        Some((event, parser.taken()))
    })
}

/// Reads one event from JSON text, for an implementation of [`FromStr`].
///
/// # Errors
///
/// The same as for [`WebhookEvent::from_slice`].
pub fn event_from_str<E: WebhookEvent>(text: &str) -> Result<E, Error> {
    let guess = E::PROVIDER.dispatch.guess(text);
    if let Some(event) = guessed_event(text, guess) {
        return Ok(event);
    }
    // If an event was guessed, the payload is most likely this event, and invalid. Its violations are then found in a
    // `Value`, and searching the value takes less time than scanning the text.
    let (guessed, parsed) = match guess.0 {
        Guess::Event { index, .. } => (Some(index), Some(Parsed::new(text)?)),
        _ => (None, None),
    };
    let detection = match &parsed {
        Some(parsed) => Detection::in_value(E::PROVIDER.dispatch, &parsed.value),
        None => Detection::in_text(E::PROVIDER.dispatch, text),
    };
    let event = detection.event();
    let name = detection.event_name().filter(|_| event.is_none()).map(str::to_owned);
    match (event.and_then(|event| E::READERS.get(event)), parsed) {
        // Reading in one pass has just failed for this event.
        (Some(reader), Some(parsed)) if event == guessed => reader.read_again(parsed, text),
        (Some(reader), _) => reader.read(text),
        (None, parsed) => {
            let payload = parsed.map_or_else(|| value::from_text(text), |parsed| Ok(parsed.value))?;
            Ok(E::unknown(Unknown::new(name, payload)))
        }
    }
}

/// An `Event` enum of a provider.
///
/// Generic code needs this trait. Other code does not, because every `Event` has the same functions as inherent
/// functions. Only generated code can implement it.
pub trait WebhookEvent:
    Sized + Clone + Debug + FromStr<Err = Error> + Serialize + WriteJson + Send + Sync + Sealed + 'static
{
    /// The provider.
    const PROVIDER: &'static ProviderInfo;

    /// How each event is read, in the order of [`ProviderInfo::events`].
    #[doc(hidden)]
    const READERS: &'static [EventReader<Self>];

    /// Creates an event from a payload that is not a known event.
    fn unknown(unknown: Unknown) -> Self;

    /// Returns the JSON name of the event. For an unknown event, it is the name in the payload, if there is one.
    fn name(&self) -> Option<&str>;

    /// Returns the payload of an unknown event, or `None` if the event is known.
    fn as_unknown(&self) -> Option<&Unknown>;

    /// Returns how an accepted event deviates from its schema: members that the schema does not name, values that the
    /// schema does not allow, and strings that the schema does not list. Unknown events have no deviations. The
    /// deviations are computed on each call.
    fn deviations(&self) -> Deviations;

    /// Reads one event from JSON. `str::parse` reads it from text.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the bytes are not JSON, and [`Error::Invalid`], with every violation, if the payload is a
    /// known event and is not accepted. Any other JSON is an unknown event, which is not an error.
    fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        utf8(bytes)?.parse()
    }

    /// Reads one event from a JSON value.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`], with every violation and the value, if the value is a known event and is not accepted.
    fn from_value(value: Value) -> Result<Self, Error> {
        let detection = Detection::in_value(Self::PROVIDER.dispatch, &value);
        match detection.event().and_then(|event| Self::READERS.get(event)) {
            Some(reader) => reader.read_value(value),
            None => {
                let name = detection.event_name().map(str::to_owned);
                Ok(Self::unknown(Unknown::new(name, value)))
            }
        }
    }

    /// Reads one event that is named outside of the body, for example by a header.
    ///
    /// # Errors
    ///
    /// The same as for [`WebhookEvent::from_slice`]. An unknown name is an unknown event, which is not an error.
    fn from_slice_with_name(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let text = utf8(bytes)?;
        let named = |event: usize| Self::PROVIDER.events.get(event).is_some_and(|event| event.wire_name == name);
        let mut candidates = (0..Self::PROVIDER.events.len()).filter(|event| named(*event));
        // If several events have the name, the body distinguishes them.
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

    /// Validates a JSON value against the schema of its event. Unknown events are valid.
    ///
    /// # Errors
    ///
    /// The value is invalid. The error has every violation, in document order.
    fn validate(value: &Value) -> Result<(), Violations> {
        let event = Detection::in_value(Self::PROVIDER.dispatch, value).event();
        event.and_then(|event| Self::PROVIDER.events.get(event)).map_or(Ok(()), |event| event.validate(value))
    }
}

/// An `Event` enum of a provider that has a schema for the envelope: the object around the events of a body. Only
/// generated code can implement it.
pub trait HasEnvelope: WebhookEvent {
    /// The type of the envelope. It is read from a whole body, so it also contains the events, as far as its schema
    /// describes them.
    type Envelope: Payload;
}

/// A type that can be read from a request body: an event, or a [`Batch`](crate::Batch) of events. Only this crate can
/// implement it.
pub trait FromBody: Sized + Sealed {
    /// The provider that sends the body.
    const PROVIDER: &'static ProviderInfo;

    /// Reads a whole request body.
    ///
    /// # Errors
    ///
    /// The same as for [`WebhookEvent::from_slice`] or [`Batch::from_slice`](crate::Batch::from_slice).
    fn from_body(bytes: &[u8]) -> Result<Self, Error>;

    /// Reads a whole request body whose event is named by a header: see
    /// [`RequestInfo::event_header`](crate::RequestInfo).
    ///
    /// # Errors
    ///
    /// The same as for [`FromBody::from_body`].
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

/// A function that is generic over the `Event` types of providers. `Provider::visit` of a generated crate calls it.
pub trait ProviderVisitor {
    /// The result of a visit.
    type Output;

    /// Visits the `Event` type `E` of a provider.
    fn visit<E: WebhookEvent>(self) -> Self::Output;
}
