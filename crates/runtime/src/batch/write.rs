//! Writing batches.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::ser::{Error as _, Serialize, SerializeSeq, Serializer};

use super::wrapped::Envelope;
use super::{Batch, BodyFormat, RejectedItem};
use crate::write::WriteJson;
use crate::{value, write};

/// Serializes the events, and each rejected payload as an equal value, in the format of the body: an array, a single
/// event, or the object that the events were received in. Newline-delimited events become an array; [`Batch::to_body`]
/// writes them as lines.
///
/// A rejected payload that is not JSON, or has a number that is out of range, is an error. [`Batch::to_body`] writes
/// rejected payloads as they were received.
impl<E: Serialize> Serialize for Batch<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let (BodyFormat::Single, [item]) = (self.format, self.items.as_slice()) {
            return Item(item).serialize(serializer);
        }
        if let Some(envelope) = self.own_envelope() {
            let mut text = Vec::new();
            let write = |index, out: &mut Vec<u8>| match self.items.get(index) {
                Some(item) => serde_json::to_writer(out, &Item(item)),
                None => Ok(()),
            };
            envelope.write(&mut text, write).map_err(S::Error::custom)?;
            return value::from_text(&write::text(text)).map_err(S::Error::custom)?.serialize(serializer);
        }
        let mut items = serializer.serialize_seq(Some(self.items.len()))?;
        for item in &self.items {
            items.serialize_element(&Item(item))?;
        }
        items.end()
    }
}

impl<E> Batch<E> {
    /// Returns the envelope in which the batch is written, if there is one.
    fn own_envelope(&self) -> Option<&Envelope> {
        let envelope = self.envelope.as_deref().filter(|_| self.format == BodyFormat::Wrapped);
        envelope.filter(|envelope| envelope.holds(self.items.len()))
    }
}

impl<E: WriteJson> Batch<E> {
    /// Writes a body in the batch's [format](Batch::format), with compact events and with rejected payloads as
    /// received. [`Batch::with_format`] changes the format.
    ///
    /// # Errors
    ///
    /// A rejected payload is not JSON, and the format is not [`BodyFormat::Lines`](super::BodyFormat::Lines).
    pub fn to_body(&self) -> Result<String, serde_json::Error> {
        if let Some(envelope) = self.own_envelope() {
            return self.written_in(envelope).map(write::text);
        }
        let mut out = Vec::new();
        match (self.format, self.items.as_slice()) {
            (BodyFormat::Lines, items) => items.iter().for_each(|item| write_line(item, &mut out)),
            (BodyFormat::Single, [item]) => write_item(item, &mut out)?,
            (_, []) => out.extend_from_slice(b"[]"),
            (_, items) => {
                for (index, item) in items.iter().enumerate() {
                    out.push(if index == 0 { b'[' } else { b',' });
                    write_item(item, &mut out)?;
                }
                out.push(b']');
            }
        }
        Ok(write::text(out))
    }

    /// Writes the events in an envelope.
    pub(super) fn written_in(&self, envelope: &Envelope) -> Result<Vec<u8>, serde_json::Error> {
        let mut out = Vec::new();
        envelope.write(&mut out, |index, out| self.items.get(index).map_or(Ok(()), |item| write_item(item, out)))?;
        Ok(out)
    }
}

fn write_line<E: WriteJson>(item: &Result<E, RejectedItem>, out: &mut Vec<u8>) {
    match item {
        Ok(event) => event.write_json(out),
        Err(rejected) => out.extend_from_slice(one_line(rejected.payload()).as_bytes()),
    }
    out.push(b'\n');
}

fn write_item<E: WriteJson>(item: &Result<E, RejectedItem>, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match item {
        Ok(event) => event.write_json(out),
        Err(rejected) => {
            // Inside an array or an object, a payload that is not JSON would break the whole body.
            serde_json::from_str::<IgnoredAny>(rejected.payload())?;
            out.extend_from_slice(rejected.payload().as_bytes());
        }
    }
    Ok(())
}

/// Returns a payload on one line. JSON has no line breaks inside strings, so a space can replace each of them.
fn one_line(payload: &str) -> Cow<'_, str> {
    if payload.contains(['\n', '\r']) { payload.replace(['\n', '\r'], " ").into() } else { payload.into() }
}

struct Item<'b, E>(&'b Result<E, RejectedItem>);

impl<E: Serialize> Serialize for Item<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Ok(event) => event.serialize(serializer),
            Err(rejected) => value::from_text(rejected.payload()).map_err(S::Error::custom)?.serialize(serializer),
        }
    }
}
