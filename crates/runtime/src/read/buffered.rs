//! Readers that buffer a value, because a validator must see all of it.

use serde_json::Value;

use super::object::check;
use super::{Parser, Reader, Result};
use crate::evaluate::Validator;

/// A reader of values that a validator must accept as a whole before they are read.
#[derive(Clone, Copy)]
pub struct Buffered<R> {
    validator: Validator<'static>,
    reader: R,
}

/// Returns a reader that reads a value after the validator has accepted it as a whole.
pub const fn buffered<R>(validator: Validator<'static>, reader: R) -> Buffered<R> {
    Buffered { validator, reader }
}

impl<R: Reader> Reader for Buffered<R> {
    type Output = R::Output;

    fn read(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        parser.accepted(self.validator, |parser| self.reader.read(parser))
    }
}

/// A reader that accepts every value that a validator accepts.
#[derive(Clone, Copy)]
pub struct AnyValue(Validator<'static>);

/// Returns a reader that accepts every value that the validator accepts.
pub const fn value(validator: Validator<'static>) -> AnyValue {
    AnyValue(validator)
}

impl Reader for AnyValue {
    type Output = Value;

    fn read(self, parser: &mut Parser<'_>) -> Result<Value> {
        let value = parser.value()?;
        check(parser.is_accepted() || self.0.is_valid(&value))?;
        Ok(value)
    }
}

/// A reader of values whose schema applies only under a condition. The value may be invalid even inside a valid object.
#[derive(Clone, Copy)]
pub struct Conditional<R>(R);

/// Returns a reader of values whose schema applies only under a condition. The value may be invalid even inside a valid
/// object.
pub const fn conditional<R>(reader: R) -> Conditional<R> {
    Conditional(reader)
}

impl<R: Reader> Reader for Conditional<R> {
    type Output = R::Output;

    fn read(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        parser.with_undecided(|parser| self.0.read(parser))
    }
}
