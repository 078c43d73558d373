//! Writes values as JSON.
//!
//! A type lists its members or items once, by implementing [`WriteObject`] or [`WriteArray`]. Two writers use the list:
//! serde's `Serialize`, for any format, and [`WriteJson`], which writes compact JSON directly into a buffer.

mod array;
mod json;
mod object;

pub use self::array::{WriteArray, WriteItems, serialize_array, write_array};
pub use self::object::{WriteMembers, WriteObject, are_plain, serialize_object, write_object};

use std::io;

use crate::instance::Literal;
use crate::read::Literals;
use crate::sealed::Sealed;

/// A type that can be written as compact JSON without serde. All generated types and the types of their fields
/// implement this trait. [`to_vec`] calls it. The trait is sealed.
pub trait WriteJson: Sealed {
    /// Appends the value.
    #[doc(hidden)]
    fn write_json(&self, out: &mut Vec<u8>);
}

/// The initial capacity of a buffer, in bytes. Most payloads are shorter.
const CAPACITY: usize = 1024;

/// Writes a value as compact JSON. The bytes are the same as from `serde_json::to_vec`, in less than half the time.
///
/// A batch is written by [`Batch::to_body`](crate::Batch::to_body).
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::{Nullable, Timestamp};
///
/// let times = vec![Nullable::Value(Timestamp::from("2025-05-26T12:00:00Z")), Nullable::Null];
/// assert_eq!(security_webhooks::to_vec(&times), br#"["2025-05-26T12:00:00Z",null]"#);
/// assert_eq!(security_webhooks::to_vec(&times), serde_json::to_vec(&times)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn to_vec<T: WriteJson + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(CAPACITY);
    value.write_json(&mut out);
    out
}

/// Writes a value as compact JSON text, as [`to_vec`] does.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// assert_eq!(security_webhooks::to_string("a\"b"), r#""a\"b""#);
/// ```
pub fn to_string<T: WriteJson + ?Sized>(value: &T) -> String {
    text(to_vec(value))
}

/// Returns written bytes as text. They are always UTF-8.
pub(crate) fn text(written: Vec<u8>) -> String {
    String::from_utf8(written).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Writes a value as compact JSON to a stream, with one call of `write_all`.
///
/// # Errors
///
/// The stream returns an error.
///
/// # Examples
///
/// ```
/// let mut file = Vec::new();
/// # use webhook_runtime as security_webhooks;
/// security_webhooks::to_writer(&mut file, &[true, false][..])?;
/// assert_eq!(file, b"[true,false]");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn to_writer<W: io::Write, T: WriteJson + ?Sized>(mut writer: W, value: &T) -> io::Result<()> {
    writer.write_all(&to_vec(value))
}

/// Returns the constant of a variant.
pub fn literal<T: Literals + PartialEq>(value: &T) -> Literal<'static> {
    T::ALL.iter().find(|(_, known)| known == value).map_or(Literal::Null, |(literal, _)| *literal)
}
