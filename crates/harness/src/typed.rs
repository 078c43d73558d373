//! Type-erased generated types, so that programs need not name them.

use std::ops::Deref;

use serde::Serialize;
use webhook_runtime::{
    Batch, BodyFormat, Delivery, Error, EventInfo, ProviderInfo, ProviderVisitor, WebhookEvent, WriteJson,
};

/// A provider with its `Event` type. `Provider::visit` of a generated crate creates it from [`Typed`].
#[derive(Clone)]
pub struct TypedProvider {
    info: &'static ProviderInfo,
    /// The events of the provider.
    pub events: Vec<TypedEvent>,
    body: fn(&[u8]) -> Result<String, Error>,
    batch: fn(&[u8]) -> Result<String, Error>,
    named: fn(&str, &[u8]) -> Result<String, Error>,
}

/// An event with the type of its payload.
#[derive(Clone, Copy)]
pub struct TypedEvent {
    info: &'static EventInfo,
    index: usize,
    read: fn(usize, &[u8]) -> Result<String, Error>,
}

/// A visitor that creates a [`TypedProvider`] for the visited provider.
#[derive(Clone, Copy, Debug)]
pub struct Typed;

impl ProviderVisitor for Typed {
    type Output = TypedProvider;

    fn visit<E: WebhookEvent>(self) -> TypedProvider {
        let info = E::PROVIDER;
        let event = |(index, info)| TypedEvent { info, index, read: event::<E> };
        TypedProvider {
            info,
            events: info.events.iter().enumerate().map(event).collect(),
            body: if info.delivery == Delivery::Single { single::<E> } else { batch::<E> },
            batch: batch::<E>,
            named: named::<E>,
        }
    }
}

impl TypedProvider {
    /// Returns the provider's metadata.
    pub fn info(&self) -> &'static ProviderInfo {
        self.info
    }

    /// Parses a body in the form that the provider delivers, and serializes it.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is rejected.
    pub fn roundtrip(&self, body: &[u8]) -> Result<String, Error> {
        (self.body)(body)
    }

    /// Parses a body as a batch, regardless of the provider's delivery, and serializes it as a JSON array.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is rejected.
    pub fn roundtrip_batch(&self, body: &[u8]) -> Result<String, Error> {
        (self.batch)(body)
    }

    /// Parses an event whose name is sent outside the body, and serializes it.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is rejected, or if no known event has this name.
    pub fn roundtrip_with_name(&self, name: &str, body: &[u8]) -> Result<String, Error> {
        (self.named)(name, body)
    }
}

impl TypedEvent {
    /// Parses a payload as this event, and serializes it.
    ///
    /// # Errors
    ///
    /// Returns an error if the payload is rejected.
    pub fn roundtrip(&self, payload: &[u8]) -> Result<String, Error> {
        (self.read)(self.index, payload)
    }
}

impl Deref for TypedProvider {
    type Target = ProviderInfo;

    fn deref(&self) -> &ProviderInfo {
        self.info
    }
}

impl Deref for TypedEvent {
    type Target = EventInfo;

    fn deref(&self) -> &EventInfo {
        self.info
    }
}

fn event<E: WebhookEvent>(index: usize, payload: &[u8]) -> Result<String, Error> {
    match std::str::from_utf8(payload) {
        Ok(text) => E::READERS[index].read(text).and_then(|event| write(&event)),
        Err(_) => single::<E>(payload),
    }
}

fn single<E: WebhookEvent>(body: &[u8]) -> Result<String, Error> {
    E::from_slice(body).and_then(|event| write(&event))
}

fn batch<E: WebhookEvent>(body: &[u8]) -> Result<String, Error> {
    let batch = Batch::<E>::from_slice(body)?;
    let batch = match batch.format() {
        BodyFormat::Lines => batch.with_format(BodyFormat::Array),
        _ => batch,
    };
    batch.to_body().map_err(|error| Error::Json(error.into()))
}

fn named<E: WebhookEvent>(name: &str, body: &[u8]) -> Result<String, Error> {
    let event = E::from_slice_with_name(name, body)?;
    let known = E::PROVIDER.events.iter().any(|known| event.name() == Some(known.name) && known.wire_name == name);
    if known { write(&event) } else { Err(json("no event with this name matches the body")) }
}

/// Serializes a value with serde and with the direct writer, which must produce the same text.
fn write<T: Serialize + WriteJson>(value: &T) -> Result<String, Error> {
    let text = serde_json::to_string(value).map_err(|error| Error::Json(error.into()))?;
    match webhook_runtime::to_string(value) == text {
        true => Ok(text),
        false => Err(json("the direct writer and serde write different texts")),
    }
}

fn json(message: &str) -> Error {
    let error: serde_json::Error = serde::de::Error::custom(message);
    Error::Json(error.into())
}
