//! Values of several JSON types: the type chooses.

use super::{Mismatch, Parser, Result};

/// A JSON type, as a union chooses by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The type of what comes next in a text.
    pub fn of_next(parser: &mut Parser<'_>) -> Result<Kind> {
        Ok(match parser.peek()? {
            b'n' => Kind::Null,
            b't' | b'f' => Kind::Boolean,
            b'"' => Kind::String,
            b'[' => Kind::Array,
            b'{' => Kind::Object,
            b'-' | b'0'..=b'9' => Kind::Number,
            _ => return Err(Mismatch),
        })
    }
}
