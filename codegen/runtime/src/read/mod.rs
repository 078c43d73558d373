//! Reading values as a schema accepts them.
//!
//! Every type reads itself in two ways. [`Read::read_text`] is the fast one: one pass over JSON text by a [`Parser`], which
//! gives up with a [`Mismatch`] at whatever it does not expect. [`Read::read_value`] is the thorough one: from a
//! `serde_json::Value`, and it decides what the first gave up on. A [`Reader`] is a value that reads in both ways, and
//! carries the validator of the place that it reads at.
//!
//! Neither says why a value does not fit: whoever needs to know asks the schema for the violations.

mod array;
mod buffered;
mod bytes;
mod constant;
mod depth;
mod map;
mod node;
mod object;
mod parser;
mod scalar;
mod string;
mod union;

pub use self::array::{Items, NodeItems, Positions, TextItems, UniqueItems, items, unique_items};
pub use self::buffered::{AnyValue, Buffered, buffered, value};
pub use self::constant::{Constant, Literals, StringEnum, constant, literals, string_enum};
pub use self::depth::begin;
pub use self::map::{Map, map};
pub use self::node::Node;
pub use self::object::{NodeMembers, TextMembers, check, check_count, check_name, keep_read_text};
pub use self::parser::Parser;
pub use self::scalar::{Boolean, Integer, NumberReader, boolean, integer, number};
pub use self::string::{Str, string};
pub use self::union::Kind;

use std::marker::PhantomData;

/// The value is not what the reader reads; or, of a parser, it may be and the thorough way has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch;

/// What is read, or that it does not fit.
pub type Result<T> = std::result::Result<T, Mismatch>;

/// A type that reads itself.
pub trait Read: Sized {
    /// Reads a value from text; gives up at whatever is unusual.
    ///
    /// # Errors
    ///
    /// The value does not fit, or [`Read::read_value`] has to decide.
    fn read_text(parser: &mut Parser<'_>) -> Result<Self>;

    /// Reads a JSON value.
    ///
    /// # Errors
    ///
    /// The value does not fit.
    fn read_value(node: Node<'_>) -> Result<Self>;
}

/// A type that reads itself, but for what only a validator that sees the whole value can decide.
pub trait ReadParts: Sized {
    /// Reads a value from text, as [`Read::read_text`].
    ///
    /// # Errors
    ///
    /// See there.
    fn parts_of_text(parser: &mut Parser<'_>) -> Result<Self>;

    /// Reads a JSON value, as [`Read::read_value`].
    ///
    /// # Errors
    ///
    /// See there.
    fn parts_of_value(node: Node<'_>) -> Result<Self>;
}

/// A value that reads, and carries the validator of the place that it reads at.
pub trait Reader: Copy {
    /// What is read.
    type Output;

    /// Reads a value from text; gives up at whatever is unusual.
    ///
    /// # Errors
    ///
    /// The value does not fit, or [`Reader::read_value`] has to decide.
    fn read_text(self, parser: &mut Parser<'_>) -> Result<Self::Output>;

    /// Reads a JSON value.
    ///
    /// # Errors
    ///
    /// The value does not fit.
    fn read_value(self, node: Node<'_>) -> Result<Self::Output>;
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

    fn read_text(self, parser: &mut Parser<'_>) -> Result<T> {
        T::read_text(parser)
    }

    fn read_value(self, node: Node<'_>) -> Result<T> {
        T::read_value(node)
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
    fn read_text(parser: &mut Parser<'_>) -> Result<Self> {
        T::read_text(parser).map(Box::new)
    }

    fn read_value(node: Node<'_>) -> Result<Self> {
        T::read_value(node).map(Box::new)
    }
}

/// Reads a whole text, or gives up.
///
/// # Errors
///
/// The text does not fit, or has to be read as a `Value`.
pub(crate) fn from_text<T: Read>(text: &str) -> Result<T> {
    let mut parser = Parser::new(text);
    let value = T::read_text(&mut parser)?;
    parser.end()?;
    Ok(value)
}
