//! Writes tuples: arrays in which each position has its own meaning.

use std::convert::Infallible;

use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::WriteJson;

/// A type that is written as an array with one item for each position.
pub trait WriteArray {
    /// Writes the items, in order.
    fn write_items<I: WriteItems>(&self, items: &mut I) -> Result<(), I::Error>;
}

/// The items of an array that is being written.
pub trait WriteItems {
    /// The reason why an item cannot be written.
    type Error;

    /// Writes an item that is present.
    fn required<T: Serialize + WriteJson>(&mut self, value: &T) -> Result<(), Self::Error>;

    /// Writes an item that may be absent.
    fn optional<T: Serialize + WriteJson>(&mut self, value: &Option<T>) -> Result<(), Self::Error> {
        value.iter().try_for_each(|value| self.required(value))
    }

    /// Writes further items.
    fn rest<T: Serialize + WriteJson>(&mut self, items: &[T]) -> Result<(), Self::Error> {
        items.iter().try_for_each(|item| self.required(item))
    }
}

struct Sequence<S: SerializeSeq>(S);

impl<S: SerializeSeq> WriteItems for Sequence<S> {
    type Error = S::Error;

    fn required<T: Serialize + WriteJson>(&mut self, value: &T) -> Result<(), S::Error> {
        self.0.serialize_element(value)
    }
}

/// Writes an array for serde.
pub fn serialize_array<T: WriteArray, S: Serializer>(array: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut items = Sequence(serializer.serialize_seq(None)?);
    array.write_items(&mut items)?;
    items.0.end()
}

/// The text of items, each with a comma before it.
struct Text<'o>(&'o mut Vec<u8>);

impl WriteItems for Text<'_> {
    type Error = Infallible;

    fn required<T: Serialize + WriteJson>(&mut self, value: &T) -> Result<(), Infallible> {
        self.0.push(b',');
        value.write_json(self.0);
        Ok(())
    }
}

/// Writes an array as JSON text.
pub fn write_array<T: WriteArray>(array: &T, out: &mut Vec<u8>) {
    let start = out.len();
    let Ok(()) = array.write_items(&mut Text(out));
    super::json::close(out, start, b'[', b']');
}
