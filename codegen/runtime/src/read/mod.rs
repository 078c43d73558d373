//! Reading values exactly as a schema accepts them.
//!
//! [`Read`] is what a plain type reads; a [`Reader`] is a value that reads, and carries the rules of the place where it
//! stands. Serde's own implementations are not exact: a derived struct also reads an array, and `i64` refuses `1.0`.

mod choice;
mod container;
mod depth;
mod literal;
mod object;
mod scalar;
mod tagged;
mod union;

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error};
use serde_json::Value;

use crate::schema::Rule;

pub use self::choice::{Choice, choose, from_value, whole_object, whole_positional, whole_union, whole_value};
pub use self::container::{
    Entries, Items, Opt, Positional, Positions, UniqueItems, entries, items, nullable, unique_items,
};
pub use self::literal::literals;
pub use self::object::{Members, Name, Object, object, positional};
pub use self::scalar::{
    Any, Checked, Constant, Names, Textual, any, boolean, constant, integer, names, null, number, text,
};
pub use self::tagged::{Tagged, tagged, unknown_tag};
pub use self::union::{Union, union};

/// A type that reads a value of another type under its own name.
pub trait Newtype<'de>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, and any value that the schema refuses.
    fn newtype<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads a value of another type.
///
/// # Errors
///
/// Those of the deserializer, and any value that the schema refuses.
pub fn newtype<'de, T: Newtype<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::newtype(deserializer)
}

/// One of some constants: an enum whose variants have a literal each.
pub trait Literals: Sized + Clone + 'static {
    /// The constants and what stands for each.
    const ALL: &'static [(crate::Literal<'static>, Self)];
}

/// A type that reads itself, exactly.
pub trait Read<'de>: Sized {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, and any value that the type's schema refuses.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A value that reads, and knows the rules of the place where it stands.
pub trait Reader<'de>: Copy {
    /// What is read.
    type Output;

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, and any value that the rules refuse.
    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Output, D::Error>;
}

/// Reads a value by a reader.
///
/// # Errors
///
/// Those of the deserializer, and any value that the reader's rules refuse.
pub fn by<'de, R: Reader<'de>, D: Deserializer<'de>>(reader: R, deserializer: D) -> Result<R::Output, D::Error> {
    reader.read(deserializer)
}

/// The reader of a type that needs no further rule.
pub struct Plain<T>(PhantomData<fn() -> T>);

/// The reader of a type that needs no further rule.
pub const fn plain<T>() -> Plain<T> {
    Plain(PhantomData)
}

impl<T> Clone for Plain<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Plain<T> {}

impl<'de, T: Read<'de>> Reader<'de> for Plain<T> {
    type Output = T;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// A value that is read whole before it is taken apart, because a rule needs all of it.
pub struct Whole<R> {
    rule: Rule<'static>,
    reader: R,
}

/// Reads a value whole, asks the rule, and hands it to the reader.
pub const fn whole<R>(rule: Rule<'static>, reader: R) -> Whole<R> {
    Whole { rule, reader }
}

impl<R: Copy> Clone for Whole<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Copy> Copy for Whole<R> {}

impl<'de, R: Reader<'de>> Reader<'de> for Whole<R> {
    type Output = R::Output;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Output, D::Error> {
        let value = whole_value(deserializer, self.rule)?;
        self.reader.read(value).map_err(D::Error::custom)
    }
}

/// A reader as serde's access types take it.
pub(crate) struct Seed<R>(pub(crate) R);

impl<'de, R: Reader<'de>> DeserializeSeed<'de> for Seed<R> {
    type Value = R::Output;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R::Output, D::Error> {
        self.0.read(deserializer)
    }
}

/// An error that says what the rule asked for.
#[cold]
pub(crate) fn refused<'v, E: Error>(rule: Rule<'static>, instance: impl Into<crate::Instance<'v>>) -> E {
    E::custom(rule.first(instance))
}

impl<'de> Read<'de> for Value {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}
