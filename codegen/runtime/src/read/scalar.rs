//! Readers of null, booleans, numbers, strings and constants.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::{Number, Value};

use super::{Read, Reader, refused};
use crate::instance::Instance;
use crate::number::to_integer;
use crate::schema::Rule;
use crate::text::Text;
use crate::timestamp::Timestamp;

impl<'de> Read<'de> for () {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer)
    }
}

impl<'de> Read<'de> for bool {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer)
    }
}

impl<'de> Read<'de> for Number {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer)
    }
}

/// An integer type: `i64`, `u64`, or `i128` for what either holds.
fn integer_of<T: TryFrom<i128>, E: Error>(number: &Number) -> Result<T, E> {
    let fits = to_integer(number).and_then(|value| T::try_from(value).ok());
    fits.ok_or_else(|| E::custom(format_args!("expected an integer that the type can hold, found {number}")))
}

macro_rules! read_integer {
    ($($type:ty),*) => {$(
        impl<'de> Read<'de> for $type {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                integer_of(&Number::deserialize(deserializer)?)
            }
        }
    )*};
}

read_integer!(i64, u64, i128);

/// A type that holds a string.
pub trait Textual: From<String> + for<'s> From<&'s str> {}

impl Textual for String {}
impl Textual for Timestamp {}
impl<F> Textual for Text<F> {}

/// Hands a string to a function without copying it.
pub(crate) struct Str<E, F>(pub(crate) F, pub(crate) PhantomData<fn() -> E>);

impl<'de, T, F> Visitor<'de> for Str<T, F>
where
    F: FnOnce(Cow<'_, str>) -> Result<T, String>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.0(Cow::Borrowed(text)).map_err(E::custom)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        self.0(Cow::Owned(text)).map_err(E::custom)
    }
}

fn read_text<'de, T, D, F>(deserializer: D, take: F) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    F: FnOnce(Cow<'_, str>) -> Result<T, String>,
{
    deserializer.deserialize_str(Str(take, PhantomData))
}

fn owned<T: Textual>(text: Cow<'_, str>) -> T {
    match text {
        Cow::Borrowed(text) => text.into(),
        Cow::Owned(text) => text.into(),
    }
}

macro_rules! read_textual {
    ($($type:ty),*) => {$(
        impl<'de> Read<'de> for $type {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer, |text| Ok(owned(text)))
            }
        }
    )*};
}

read_textual!(String, Timestamp);

impl<'de, F> Read<'de> for Text<F> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| Ok(owned(text)))
    }
}

/// A value of a plain type that a rule must accept.
pub struct Checked<T> {
    rule: Rule<'static>,
    held: PhantomData<fn() -> T>,
}

impl<T> Clone for Checked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Checked<T> {}

/// A string that the rule accepts; it is asked before the string is copied.
pub const fn text<T: Textual>(rule: Rule<'static>) -> Texts<T> {
    Texts(Checked { rule, held: PhantomData })
}

/// See [`text`].
pub struct Texts<T>(Checked<T>);

impl<T> Clone for Texts<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Texts<T> {}

impl<'de, T: Textual> Reader<'de> for Texts<T> {
    type Output = T;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        let rule = self.0.rule;
        read_text(deserializer, |text| match rule.accepts(Instance::String(&text)) {
            true => Ok(owned(text)),
            false => Err(rule.first(Instance::String(&text))),
        })
    }
}

/// A number that the rule accepts.
pub const fn number(rule: Rule<'static>) -> Checked<Number> {
    Checked { rule, held: PhantomData }
}

impl<'de> Reader<'de> for Checked<Number> {
    type Output = Number;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Number, D::Error> {
        let number = Number::deserialize(deserializer)?;
        match self.rule.accepts(Instance::Number(&number)) {
            true => Ok(number),
            false => Err(refused(self.rule, Instance::Number(&number))),
        }
    }
}

/// An integer that the rule accepts.
pub const fn integer<T: TryFrom<i128>>(rule: Rule<'static>) -> Integers<T> {
    Integers(Checked { rule, held: PhantomData })
}

/// See [`integer`].
pub struct Integers<T>(Checked<T>);

impl<T> Clone for Integers<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Integers<T> {}

impl<'de, T: TryFrom<i128>> Reader<'de> for Integers<T> {
    type Output = T;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        integer_of(&number(self.0.rule).read(deserializer)?)
    }
}

/// A boolean that the rule accepts.
pub const fn boolean(rule: Rule<'static>) -> Checked<bool> {
    Checked { rule, held: PhantomData }
}

impl<'de> Reader<'de> for Checked<bool> {
    type Output = bool;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        let value = bool::deserialize(deserializer)?;
        match self.rule.accepts(Instance::Boolean(value)) {
            true => Ok(value),
            false => Err(refused(self.rule, Instance::Boolean(value))),
        }
    }
}

/// `null`, and nothing else.
pub const fn null() -> super::Plain<()> {
    super::plain()
}

/// Any value that the rule accepts.
pub const fn any(rule: Rule<'static>) -> Any {
    Any(rule)
}

/// See [`any`].
#[derive(Clone, Copy)]
pub struct Any(Rule<'static>);

impl<'de> Reader<'de> for Any {
    type Output = Value;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        super::whole_value(deserializer, self.0)
    }
}

/// A string that can only be this one; nothing is allocated.
pub const fn constant(text: &'static str) -> Constant {
    Constant(text)
}

/// See [`constant`].
#[derive(Clone, Copy)]
pub struct Constant(&'static str);

impl<'de> Reader<'de> for Constant {
    type Output = &'static str;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static str, D::Error> {
        read_text(deserializer, |text| match text == self.0 {
            true => Ok(self.0),
            false => Err(format!("expected {}, found {}", Value::from(self.0), Value::from(&*text))),
        })
    }
}

/// A closed or open set of strings: an enum whose variants have names.
pub trait Names: Sized + Clone + 'static {
    /// The strings and what stands for each.
    const ALL: &'static [(&'static str, Self)];

    /// What stands for any other string, where the set is open.
    fn other(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}

/// Reads one of some strings.
///
/// # Errors
///
/// Those of the deserializer, and a string that is none of them, where the set is closed.
pub fn names<'de, T: Names, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    read_text(deserializer, |text| {
        let known = T::ALL.iter().find(|(name, _)| *name == text).map(|(_, value)| value.clone());
        known.or_else(|| T::other(&text)).ok_or_else(|| {
            let names: Vec<String> = T::ALL.iter().map(|(name, _)| Value::from(*name).to_string()).collect();
            format!("expected one of {}, found {}", names.join(", "), Value::from(&*text))
        })
    })
}
