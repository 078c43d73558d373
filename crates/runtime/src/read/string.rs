//! Readers of strings.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::object::check;
use super::parser::PlainString;
use super::{Parser, Read, Reader, Result};
use crate::evaluate::Validator;
use crate::instance::Instance;
use crate::text::TemplatedText;
use crate::timestamp::Timestamp;

/// A type that can be made from a string.
pub trait FromStr: Default + From<String> + for<'t> From<&'t str> {}

/// Converts a string that was read to its type.
fn from_cow<T: FromStr>(text: Cow<'_, str>) -> T {
    match text {
        Cow::Borrowed(text) => text.into(),
        Cow::Owned(text) => text.into(),
    }
}

impl FromStr for String {}
impl FromStr for Timestamp {}
impl<F> FromStr for TemplatedText<F> {}

/// Consumes the remainder of a string that has escapes and begins at `start`.
#[cold]
fn fill_escaped<T: FromStr>(value: &mut T, parser: &mut Parser<'_>, start: usize) -> Result<()> {
    *value = from_cow(parser.escaped(start)?);
    Ok(())
}

macro_rules! read_string {
    ($([$($generic:ident)?] $type:ty),*) => {$(
        impl$(<$generic>)? Read for $type {
            // Not filled and then moved, which would wait until all of the string is written.
            fn read(parser: &mut Parser<'_>) -> Result<Self> {
                match parser.plain_string()? {
                    PlainString::Whole(text) => Ok(text.into()),
                    PlainString::Escaped { start } => parser.escaped(start).map(from_cow),
                }
            }

            fn blank() -> Option<Self> {
                Some(Self::default())
            }

            fn fill(&mut self, parser: &mut Parser<'_>) -> Result<()> {
                match parser.plain_string()? {
                    PlainString::Whole(text) => *self = text.into(),
                    PlainString::Escaped { start } => fill_escaped(self, parser, start)?,
                }
                Ok(())
            }
        }
    )*};
}

read_string!([] String, [F] TemplatedText<F>);

impl Read for Timestamp {
    fn blank() -> Option<Self> {
        Some(Self::default())
    }

    fn fill(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        // The bytes are those at the beginning of the string, so they are looked at before it is taken.
        let bytes = parser.bytes_of_string()?;
        match parser.plain_string()? {
            PlainString::Whole(text) => self.set(text, bytes),
            PlainString::Escaped { start } => fill_escaped(self, parser, start)?,
        }
        Ok(())
    }
}

/// A reader of strings that a validator accepts.
pub struct Str<T>(Validator<'static>, PhantomData<fn() -> T>);

/// Returns a reader of strings that the validator accepts. A string is validated before it is copied.
pub const fn string<T>(validator: Validator<'static>) -> Str<T> {
    Str(validator, PhantomData)
}

impl<T> Clone for Str<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Str<T> {}

impl<T: FromStr> Reader for Str<T> {
    type Output = T;

    fn blank(self) -> Option<T> {
        Some(T::default())
    }

    fn fill(self, value: &mut T, parser: &mut Parser<'_>) -> Result<()> {
        let text = parser.string()?;
        check(self.0.is_valid(Instance::String(&text)))?;
        *value = from_cow(text);
        Ok(())
    }
}
