//! Readers of strings.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde_json::Value;

use super::object::check;
use super::parser::PlainString;
use super::{Mismatch, Node, Parser, Read, Reader, Result};
use crate::evaluate::Validator;
use crate::instance::Instance;
use crate::text::TemplatedText;
use crate::timestamp::Timestamp;

/// A type that holds a string.
pub trait FromStr: From<String> + for<'t> From<&'t str> {}

/// The type of a string that was read.
fn from_cow<T: FromStr>(text: Cow<'_, str>) -> T {
    match text {
        Cow::Borrowed(text) => text.into(),
        Cow::Owned(text) => text.into(),
    }
}

impl FromStr for String {}
impl FromStr for Timestamp {}
impl<F> FromStr for TemplatedText<F> {}

/// The string of a value.
pub(super) fn of_node<'v>(node: Node<'v>) -> Result<&'v str> {
    match node.value {
        Value::String(text) => Ok(text),
        _ => Err(Mismatch),
    }
}

macro_rules! read_string {
    ($([$($generic:ident)?] $type:ty),*) => {$(
        impl$(<$generic>)? Read for $type {
            fn read_text(parser: &mut Parser<'_>) -> Result<Self> {
                match parser.plain_string()? {
                    PlainString::Whole(text) => Ok(text.into()),
                    PlainString::Escaped { start } => parser.escaped(start).map(from_cow),
                }
            }

            fn fill_text(&mut self, parser: &mut Parser<'_>) -> Result<()> {
                *self = match parser.plain_string()? {
                    PlainString::Whole(text) => text.into(),
                    PlainString::Escaped { start } => from_cow(parser.escaped(start)?),
                };
                Ok(())
            }

            fn read_value(node: Node<'_>) -> Result<Self> {
                of_node(node).map(Self::from)
            }
        }
    )*};
}

read_string!([] String, [F] TemplatedText<F>);

impl Read for Timestamp {
    fn read_text(parser: &mut Parser<'_>) -> Result<Self> {
        let bytes = parser.bytes_of_string()?;
        match parser.plain_string()? {
            PlainString::Whole(text) => Ok(Timestamp::of_bytes(text, bytes)),
            PlainString::Escaped { start } => parser.escaped(start).map(from_cow),
        }
    }

    fn read_value(node: Node<'_>) -> Result<Self> {
        of_node(node).map(Self::from)
    }
}

/// A string that a validator accepts.
pub struct Str<T>(Validator<'static>, PhantomData<fn() -> T>);

/// A string that the validator accepts, which sees it before it is copied.
pub const fn string<T>(validator: Validator<'static>) -> Str<T> {
    Str(validator, PhantomData)
}

impl<T> Clone for Str<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Str<T> {}

impl<T: FromStr> Str<T> {
    fn checked(self, text: Cow<'_, str>) -> Result<T> {
        check(self.0.is_valid(Instance::String(&text)))?;
        Ok(from_cow(text))
    }
}

impl<T: FromStr> Reader for Str<T> {
    type Output = T;

    fn read_text(self, parser: &mut Parser<'_>) -> Result<T> {
        self.checked(parser.string()?)
    }

    fn read_value(self, node: Node<'_>) -> Result<T> {
        self.checked(Cow::Borrowed(of_node(node)?))
    }
}
