//! Readers of null, booleans, and numbers.

use std::marker::PhantomData;

use serde_json::{Number, Value};

use super::object::check;
use super::{Mismatch, Parser, Read, Reader, Result};
use crate::evaluate::Validator;
use crate::instance::Instance;
use crate::number::to_integer;

impl Read for () {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        parser.null()
    }
}

impl Read for bool {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        parser.boolean()
    }
}

impl Read for Number {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        parser.number()
    }
}

impl Read for Value {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        parser.value()
    }
}

/// Converts a number to an integer type. `1.0` is an integer.
fn integer_of<T: TryFrom<i128>>(number: &Number) -> Result<T> {
    to_integer(number).and_then(|value| T::try_from(value).ok()).ok_or(Mismatch)
}

macro_rules! read_integer {
    ($($type:ty),*) => {$(
        impl Read for $type {
            fn read(parser: &mut Parser<'_>) -> Result<Self> {
                match parser.small_integer()? {
                    Some(value) => value.try_into().map_err(|_| Mismatch),
                    None => integer_of(&parser.number()?),
                }
            }
        }
    )*};
}

read_integer!(i64, u64);

/// A reader of booleans that a validator accepts.
#[derive(Clone, Copy)]
pub struct Boolean(Validator<'static>);

/// Returns a reader of booleans that the validator accepts.
pub const fn boolean(validator: Validator<'static>) -> Boolean {
    Boolean(validator)
}

impl Reader for Boolean {
    type Output = bool;

    fn read(self, parser: &mut Parser<'_>) -> Result<bool> {
        let value = parser.boolean()?;
        check(self.0.is_valid(Instance::Boolean(value))).map(|()| value)
    }
}

/// A reader of numbers that a validator accepts.
#[derive(Clone, Copy)]
pub struct NumberReader(Validator<'static>);

/// Returns a reader of numbers that the validator accepts.
pub const fn number(validator: Validator<'static>) -> NumberReader {
    NumberReader(validator)
}

impl Reader for NumberReader {
    type Output = Number;

    fn read(self, parser: &mut Parser<'_>) -> Result<Number> {
        let number = parser.number()?;
        check(self.0.is_valid(Instance::Number(&number))).map(|()| number)
    }
}

/// A reader of integers that a validator accepts.
pub struct Integer<T>(Validator<'static>, PhantomData<fn() -> T>);

/// Returns a reader of integers that the validator accepts.
pub const fn integer<T>(validator: Validator<'static>) -> Integer<T> {
    Integer(validator, PhantomData)
}

impl<T> Clone for Integer<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Integer<T> {}

impl<T: TryFrom<i128>> Reader for Integer<T> {
    type Output = T;

    fn read(self, parser: &mut Parser<'_>) -> Result<T> {
        integer_of(&number(self.0).read(parser)?)
    }
}
