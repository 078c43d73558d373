//! Readers of constants, and of enums whose variants are constants.

use serde::ser::{Serialize, Serializer};

use super::bytes::is_plain;
use super::object::check;
use super::{Mismatch, Parser, Result};
use crate::instance::{Instance, Literal};
use crate::number::NumberLiteral;

/// A reader that accepts one constant.
#[derive(Clone, Copy)]
pub struct Constant {
    pub(crate) value: Literal<'static>,
    /// Whether it is a string that JSON writes without escapes.
    pub(crate) is_plain: bool,
}

/// Returns a reader that accepts one constant.
pub const fn constant(value: Literal<'static>) -> Constant {
    let is_plain = match value {
        Literal::String(text) => is_plain(text.as_bytes()),
        _ => false,
    };
    Constant { value, is_plain }
}

impl Constant {
    /// Consumes the next value, which must be the constant.
    // Compiled once, so that the code of all types stays in the processor's cache.
    #[inline(never)]
    pub fn take(&self, parser: &mut Parser<'_>) -> Result<()> {
        match self.value {
            Literal::String(text) => parser.exact_string(text, self.is_plain),
            Literal::Number(NumberLiteral::Integer(wanted)) => match parser.small_integer()? {
                Some(value) => check(i128::from(value) == wanted),
                None => self.take_any(parser),
            },
            _ => self.take_any(parser),
        }
    }

    /// Consumes the constant from text, whatever its type is.
    fn take_any(&self, parser: &mut Parser<'_>) -> Result<()> {
        check(self.value.equals(Instance::from(&parser.value()?)))
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// An enum whose variants are strings.
pub trait StringEnum: Sized + Clone + 'static {
    /// The strings with their variants.
    const ALL: &'static [(&'static str, Self)];

    /// Returns the variant for any other string, if the set is open.
    fn other(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}

/// Returns the variant of a string that the schema lists.
pub fn known_string<T: StringEnum>(text: &str) -> Option<T> {
    T::ALL.iter().find(|(name, _)| *name == text).map(|(_, value)| value.clone())
}

/// Reads a string as a variant of a string enum.
pub fn one_of_strings<T: StringEnum>(parser: &mut Parser<'_>) -> Result<T> {
    let text = parser.string()?;
    known_string(&text).or_else(|| T::other(&text)).ok_or(Mismatch)
}

/// An enum whose variants are constants.
pub trait Literals: Sized + Clone + 'static {
    /// The constants with their variants.
    const ALL: &'static [(Literal<'static>, Self)];
}

/// Reads a constant as a variant of an enum.
pub fn one_of_literals<T: Literals>(parser: &mut Parser<'_>) -> Result<T> {
    let value = parser.value()?;
    let instance = Instance::from(&value);
    let known = T::ALL.iter().find(|(literal, _)| literal.equals(instance));
    known.map(|(_, value)| value.clone()).ok_or(Mismatch)
}
