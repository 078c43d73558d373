//! Writing batches.

use std::borrow::Cow;
use std::io;

use serde::de::IgnoredAny;
use serde::ser::{Error as _, Serialize, SerializeSeq, Serializer};

use super::{Batch, BodyFormat, RejectedItem};
use crate::write::WriteJson;
use crate::{value, write};

/// The events as JSON, and equal values for rejected payloads: an array, or the one event of a body that is a single event.
/// JSON has no lines, so a body of lines becomes an array; [`Batch::to_body`] writes the lines.
///
/// A rejected payload that is not JSON, or has a number that is out of range, is an error. [`Batch::to_vec`] writes the text of
/// any that is JSON, as it was received.
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

impl<E: WriteJson> Batch<E> {
    /// Writes the events as compact JSON, and rejected payloads as they were received: an array, or the one event of a body
    /// that is a single event.
    ///
    /// Without rejected payloads it is what `serde_json::to_vec` writes, in less than half of the time.
    ///
    /// # Errors
    ///
    /// A rejected payload is not JSON.
    pub fn to_vec(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut out = Vec::new();
        match (self.format, self.items.as_slice()) {
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
        Ok(out)
    }

    /// Writes the events as compact JSON text; see [`Batch::to_vec`].
    ///
    /// # Errors
    ///
    /// Those of [`Batch::to_vec`].
    pub fn to_string(&self) -> Result<String, serde_json::Error> {
        self.to_vec().map(write::text)
    }

    /// Writes the events as compact JSON to a stream, with one call of `write_all`; see [`Batch::to_vec`].
    ///
    /// # Errors
    ///
    /// Those of [`Batch::to_vec`], and of the stream.
    pub fn to_writer<W: io::Write>(&self, mut writer: W) -> io::Result<()> {
        writer.write_all(&self.to_vec()?)
    }

    /// The body in the format that it came in, with rejected payloads as they were received.
    ///
    /// # Errors
    ///
    /// A rejected payload is not JSON, and the format is not lines.
    pub fn to_body(&self) -> Result<String, serde_json::Error> {
        match self.format {
            BodyFormat::Lines => self.to_lines(),
            _ => self.to_string(),
        }
    }

    /// The batch as newline-delimited JSON: one payload a line.
    ///
    /// # Errors
    ///
    /// None: the result is one for compatibility.
    pub fn to_lines(&self) -> Result<String, serde_json::Error> {
        let mut out = Vec::new();
        for item in &self.items {
            match item {
                Ok(event) => event.write_json(&mut out),
                Err(refused) => out.extend_from_slice(one_line(refused.payload()).as_bytes()),
            }
            out.push(b'\n');
        }
        Ok(write::text(out))
    }
}

fn write_item<E: WriteJson>(item: &Result<E, RejectedItem>, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match item {
        Ok(event) => event.write_json(out),
        Err(rejected) => {
            serde_json::from_str::<IgnoredAny>(rejected.payload())?;
            out.extend_from_slice(rejected.payload().as_bytes());
        }
    }
    Ok(())
}

/// A payload on one line. What is JSON has no line break inside a string, so a space is equivalent to a line break.
fn one_line(payload: &str) -> Cow<'_, str> {
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
            Err(refused) => value::from_text(refused.payload()).map_err(S::Error::custom)?.serialize(serializer),
        }
    }
}
