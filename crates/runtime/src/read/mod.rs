//! Reading values as a schema accepts them.
//!
//! Every type reads itself in two ways. [`Read::read_text`] is the fast one: one pass over JSON text by a [`Parser`], which
//! gives up with a [`Mismatch`] at whatever it does not expect. [`Read::read_value`] is the thorough one: from a
//! `serde_json::Value`, and it decides what the first gave up on. A [`Reader`] is a value that reads in both ways, and
//! carries the validator of the place that it reads at.
//!
//! Neither reports why a value does not match: validate against the schema to get the violations. So every function that reads or
//! checks returns [`Mismatch`] if the value does not fit, or if the text is not JSON or is unusual.

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
mod node;
mod object;
mod parser;
mod scalar;
mod string;
mod union;

pub use self::array::{
    Items, NodeItems, Positions, TextItems, UniqueItems, UniqueValues, items, unique_items, unique_values,
};
pub use self::buffered::{AnyValue, Buffered, buffered, value};
pub(crate) use self::bytes::{after_space, begins_with, plain_length, structure_at};
pub use self::constant::{Constant, Literals, StringEnum, constant, literals, string_enum};
#[cfg(feature = "arbitrary_precision")]
pub use self::decimal::{DecimalReader, decimal};
pub use self::depth::begin;
pub(crate) use self::escape::unescaped;
pub use self::map::{Map, map};
pub use self::member::{
    fill_nullable, fill_nullable_or_keep, fill_optional, fill_optional_or_keep, fill_some, fill_some_or_null,
    fill_some_or_null_value, fill_some_value,
};
pub(crate) use self::name::is_plain_name;
pub use self::name::{Name, names};
pub use self::node::{Node, fill_optional_value, whole};
pub use self::object::{END, NodeMembers, TextMembers, check, required, words};
pub use self::parser::Parser;
pub(crate) use self::parser::UnknownMembers;
pub use self::scalar::{Boolean, Integer, NumberReader, boolean, integer, number};
pub use self::string::{Str, string};
pub use self::union::Kind;

use std::marker::PhantomData;

/// The value is not what the reader reads; or, of a parser, it may be and the thorough way has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch;

/// The value that was read, or that it does not match.
pub type Result<T> = std::result::Result<T, Mismatch>;

/// A type that reads itself: by value, or, with [`Read::IN_PLACE`], into a blank value. It has the functions of one way, and
/// the others by default, so that only those are compiled that are called.
pub trait Read: Sized {
    /// Whether the type is filled in place.
    const IN_PLACE: bool = false;

    /// A value for [`Read::fill_text`] to fill in place; `None` for types that are read by value.
    fn blank() -> Option<Self> {
        None
    }

    /// Reads a value from text; gives up at whatever is unusual.
    fn read_text(parser: &mut Parser<'_>) -> Result<Self> {
        let _guard = begin::<Self>()?;
        let mut value = Self::blank().ok_or(Mismatch)?;
        value.fill_text(parser)?;
        Ok(value)
    }

    /// Reads a value from text into a blank one. After an error, it may be filled in part.
    fn fill_text(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        *self = Self::read_text(parser)?;
        Ok(())
    }

    /// Reads a JSON value.
    fn read_value(node: Node<'_>) -> Result<Self> {
        let _guard = begin::<Self>()?;
        let mut value = Self::blank().ok_or(Mismatch)?;
        value.fill_value(node)?;
        Ok(value)
    }

    /// Reads a JSON value into a blank one. After an error, it may be filled in part.
    fn fill_value(&mut self, node: Node<'_>) -> Result<()> {
        *self = Self::read_value(node)?;
        Ok(())
    }
}

/// A type that is read by value. What only a validator that sees the whole value can decide has been decided before.
pub trait ReadParts: Sized {
    /// Reads a value from text; gives up at whatever is unusual.
    fn parts_of_text(parser: &mut Parser<'_>) -> Result<Self>;

    /// Reads a JSON value.
    fn parts_of_value(node: Node<'_>) -> Result<Self>;
}

/// A value that reads, and carries the validator of the place that it reads at.
pub trait Reader: Copy {
    /// The value that is read.
    type Output;

    /// Whether the output is filled in place.
    const IN_PLACE: bool = false;

    /// Reads a value from text; gives up at whatever is unusual.
    fn read_text(self, parser: &mut Parser<'_>) -> Result<Self::Output>;

    /// An output for [`Reader::fill_text`] to fill in place; `None` for readers that return their output.
    fn blank(self) -> Option<Self::Output> {
        None
    }

    /// Reads a value from text into a blank one. After an error, it may be filled in part.
    fn fill_text(self, value: &mut Self::Output, parser: &mut Parser<'_>) -> Result<()> {
        *value = self.read_text(parser)?;
        Ok(())
    }

    /// Reads a JSON value.
    fn read_value(self, node: Node<'_>) -> Result<Self::Output>;

    /// Reads a JSON value into a blank one. After an error, it may be filled in part.
    fn fill_value(self, value: &mut Self::Output, node: Node<'_>) -> Result<()> {
        *value = self.read_value(node)?;
        Ok(())
    }
}

/// The reader of a type that needs no further validator.
pub struct Default<T>(PhantomData<fn() -> T>);

/// The reader of a type that needs no further validator.
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

    const IN_PLACE: bool = T::IN_PLACE;

    fn read_text(self, parser: &mut Parser<'_>) -> Result<T> {
        T::read_text(parser)
    }

    fn blank(self) -> Option<T> {
        T::blank()
    }

    fn fill_text(self, value: &mut T, parser: &mut Parser<'_>) -> Result<()> {
        value.fill_text(parser)
    }

    fn read_value(self, node: Node<'_>) -> Result<T> {
        T::read_value(node)
    }

    fn fill_value(self, value: &mut T, node: Node<'_>) -> Result<()> {
        value.fill_value(node)
    }
}

/// Reads `null` as `None`.
#[derive(Clone, Copy)]
pub struct Nullable<R>(R);

/// Reads `null` as `None`, and anything else by another reader.
pub const fn nullable<R>(reader: R) -> Nullable<R> {
    Nullable(reader)
}

impl<R: Reader> Reader for Nullable<R> {
    type Output = Option<R::Output>;

    fn read_text(self, parser: &mut Parser<'_>) -> Result<Self::Output> {
        match parser.peek()? {
            b'n' => parser.null().map(|()| None),
            _ => self.0.read_text(parser).map(Some),
        }
    }

    fn read_value(self, node: Node<'_>) -> Result<Self::Output> {
        match node.value.is_null() {
            true => Ok(None),
            false => self.0.read_value(node).map(Some),
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn read_text(parser: &mut Parser<'_>) -> Result<Self> {
        nullable(default()).read_text(parser)
    }

    fn read_value(node: Node<'_>) -> Result<Self> {
        nullable(default()).read_value(node)
    }
}

impl<T: Read> Read for Box<T> {
    const IN_PLACE: bool = T::IN_PLACE;

    fn read_text(parser: &mut Parser<'_>) -> Result<Self> {
        if const { T::IN_PLACE } {
            let mut value = Self::blank().ok_or(Mismatch)?;
            value.fill_text(parser).map(|()| value)
        } else {
            T::read_text(parser).map(Box::new)
        }
    }

    fn blank() -> Option<Self> {
        T::blank().map(Box::new)
    }

    fn fill_text(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        T::fill_text(self, parser)
    }

    fn read_value(node: Node<'_>) -> Result<Self> {
        if const { T::IN_PLACE } {
            let mut value = Self::blank().ok_or(Mismatch)?;
            value.fill_value(node).map(|()| value)
        } else {
            T::read_value(node).map(Box::new)
        }
    }

    fn fill_value(&mut self, node: Node<'_>) -> Result<()> {
        T::fill_value(self, node)
    }
}

/// Reads a whole text, or gives up.
#[inline]
pub fn from_text<T: Read>(text: &str) -> Result<T> {
    let mut parser = Parser::new(text);
    let value = from_parser(&mut parser)?;
    parser.end()?;
    Ok(value)
}

/// Reads the next value, or gives up. Anything may follow it.
#[inline]
pub fn from_parser<T: Read>(parser: &mut Parser<'_>) -> Result<T> {
    if const { T::IN_PLACE } {
        let mut value = T::blank().ok_or(Mismatch)?;
        value.fill_text(parser).map(|()| value)
    } else {
        T::read_text(parser)
    }
}
