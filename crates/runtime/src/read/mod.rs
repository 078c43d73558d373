//! Readers of values that a schema accepts.
//!
//! A type reads itself from JSON text, in one pass, by a [`Parser`]: see [`Read`]. A [`Reader`] reads a value at one
//! place of a schema, and carries the validator of this place. If a validator must see a value as a whole, the value is
//! parsed, validated, and then read again from the same text.
//!
//! If an object has several members with one name, the last counts, and one pass cannot know which is the last. So the
//! parser gives up at a repeated member. The text is then parsed as a `Value`, which keeps the last member, and the
//! `Value` is written and read again. Any other `Value` is also read by way of its text.
//!
//! No reader reports why a value does not match: validate against the schema to get the violations. So every function that reads or
//! checks returns [`Mismatch`] if the value does not fit, if the text is not JSON, or if the parser gives up.

mod array;
mod buffered;
mod bytes;
mod constant;
#[cfg(feature = "arbitrary_precision")]
mod decimal;
pub(crate) mod depth;
mod escape;
mod map;
mod member;
mod name;
mod object;
mod parser;
mod scalar;
mod string;

pub use self::array::{Items, TupleItems, UniqueItems, UniqueValues, items, unique_items, unique_values};
pub use self::buffered::{AnyValue, Buffered, Conditional, buffered, conditional, value};
pub(crate) use self::bytes::{after_space, begins_with, is_plain, is_plain_text, plain_length, structure_at};
pub use self::constant::{Constant, Literals, StringEnum, constant, known_string, one_of_literals, one_of_strings};
#[cfg(feature = "arbitrary_precision")]
pub use self::decimal::{DecimalReader, decimal};
pub(crate) use self::escape::unescaped;
pub use self::map::{Map, map};
pub use self::member::{SetAside, fill_nullable, fill_optional};
pub(crate) use self::name::is_plain_name;
pub use self::name::{Name, names};
pub use self::object::{END, ObjectMembers, required, words};
pub(crate) use self::parser::UnknownMembers;
pub use self::parser::{JsonType, Parser};
pub use self::scalar::{Boolean, Integer, NumberReader, boolean, integer, number};
pub use self::string::{Str, string};

use std::marker::PhantomData;

use serde_json::Value;

use self::depth::begin;
use crate::nullable::Nullable as NullableMember;
use crate::write::to_string;

/// The error of every reader: the value does not match, or the parser gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch;

/// The value that was read, or [`Mismatch`].
pub type Result<T> = std::result::Result<T, Mismatch>;

/// A type that can be read from JSON text: either by value, with [`Read::read`], or into a blank value, with
/// [`Read::blank`] and [`Read::fill`]. A type implements the functions of one way, and the default functions of the
/// other way call them.
pub trait Read: Sized {
    /// Returns a value for [`Read::fill`] to fill in place; `None` for types that are read by value.
    fn blank() -> Option<Self> {
        None
    }

    /// Returns the blank value in a box. A type with a default value creates it inside the box, which saves a copy.
    fn blank_in_box() -> Option<Box<Self>> {
        Self::blank().map(Box::new)
    }

    /// Reads the next value.
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        let _guard = begin::<Self>()?;
        let mut value = Self::blank().ok_or(Mismatch)?;
        value.fill(parser)?;
        Ok(value)
    }

    /// Reads the next value into a blank value. After an error, the value may be partly filled.
    fn fill(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        *self = Self::read(parser)?;
        Ok(())
    }
}

/// A reader of values at one place of a schema. It carries the validator of this place.
pub trait Reader: Copy {
    /// The value that is read.
    type Output;

    /// Reads the next value.
    fn read(self, parser: &mut Parser<'_>) -> Result<Self::Output> {
        let mut value = self.blank().ok_or(Mismatch)?;
        self.fill(&mut value, parser)?;
        Ok(value)
    }

    /// Returns an output for [`Reader::fill`] to fill in place; `None` for readers that return their output.
    fn blank(self) -> Option<Self::Output> {
        None
    }

    /// Reads the next value into a blank value. After an error, the value may be partly filled.
    fn fill(self, value: &mut Self::Output, parser: &mut Parser<'_>) -> Result<()> {
        *value = self.read(parser)?;
        Ok(())
    }
}

/// A reader of values of `T` that needs no validator in addition to the type.
pub struct Default<T>(PhantomData<fn() -> T>);

/// Returns the default reader of a type, which needs no validator in addition to the type.
pub const fn default<T>() -> Default<T> {
    Default(PhantomData)
}

impl<T> Clone for Default<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Default<T> {}

impl<T: Read> Reader for Default<T> {
    type Output = T;

    fn read(self, parser: &mut Parser<'_>) -> Result<T> {
        T::read(parser)
    }

    fn blank(self) -> Option<T> {
        T::blank()
    }

    fn fill(self, value: &mut T, parser: &mut Parser<'_>) -> Result<()> {
        value.fill(parser)
    }
}

/// A reader that reads `null` as `None`.
#[derive(Clone, Copy)]
pub struct Nullable<R>(R);

/// Returns a reader that reads `null` as `None`, and any other value with `reader`.
pub const fn nullable<R>(reader: R) -> Nullable<R> {
    Nullable(reader)
}

impl<R: Reader> Reader for Nullable<R> {
    type Output = Option<R::Output>;

    fn blank(self) -> Option<Self::Output> {
        Some(None)
    }

    fn fill(self, value: &mut Self::Output, parser: &mut Parser<'_>) -> Result<()> {
        match parser.peek()? {
            b'n' => parser.null().map(|()| *value = None),
            _ => fill_optional(self.0, value, parser),
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn blank() -> Option<Self> {
        Some(None)
    }

    fn fill(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        nullable(default()).fill(self, parser)
    }
}

impl<T: Read> Read for NullableMember<T> {
    fn blank() -> Option<Self> {
        Some(NullableMember::Absent)
    }

    fn fill(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        if parser.peek()? == b'n' {
            return parser.null().map(|()| *self = NullableMember::Null);
        }
        match T::blank() {
            Some(blank) => {
                *self = NullableMember::Value(blank);
                self.as_option_mut().map_or(Err(Mismatch), |value| value.fill(parser))
            }
            None => T::read(parser).map(|value| *self = NullableMember::Value(value)),
        }
    }
}

impl<T: Read> Read for Box<T> {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        match Self::blank() {
            Some(mut value) => value.fill(parser).map(|()| value),
            None => T::read(parser).map(Box::new),
        }
    }

    fn blank() -> Option<Self> {
        T::blank_in_box()
    }

    fn fill(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        T::fill(self, parser)
    }
}

/// Reads all of a text.
#[inline]
pub fn from_text<T: Read>(text: &str) -> Result<T> {
    let mut parser = Parser::new(text);
    let value = from_parser(&mut parser)?;
    parser.end()?;
    Ok(value)
}

/// Reads the next value. Anything may follow it.
#[inline]
pub fn from_parser<T: Read>(parser: &mut Parser<'_>) -> Result<T> {
    match T::blank() {
        Some(mut value) => value.fill(parser).map(|()| value),
        None => T::read(parser),
    }
}

/// Writes a value as text, and reads the text.
#[cold]
pub fn from_value<T>(value: &Value, read: fn(&mut Parser<'_>) -> Result<T>) -> Result<T> {
    let text = to_string(value);
    // Reading may have exceeded the limit before; only this reading counts.
    depth::take_exceeded();
    read(&mut Parser::of_written(&text))
}
