//! Readers that buffer a value, because a validator must see all of it.

use serde_json::Value;

use super::object::check;
use super::{Parser, Reader, Result};
use crate::evaluate::Validator;

/// The reader of a value that a validator must accept as a whole first.
#[derive(Clone, Copy)]
pub struct Buffered<R> {
    validator: Validator<'static>,
    reader: R,
}

/// Reads a value after the validator has accepted all of it.
pub const fn buffered<R>(validator: Validator<'static>, reader: R) -> Buffered<R> {
    Buffered { validator, reader }
}

impl<R: Reader> Reader for Buffered<R> {
    type Output = R::Output;

    fn read(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        parser.accepted(self.validator, |parser| self.reader.read(parser))
    }
}

/// The reader of any value that a validator accepts.
#[derive(Clone, Copy)]
pub struct AnyValue(Validator<'static>);

/// Reads any value that the validator accepts.
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

/// The reader of a value whose schema may not apply, even inside a value that a validator has accepted.
#[derive(Clone, Copy)]
pub struct Conditional<R>(R);

/// Reads a value by another reader. The schema of the value may not apply, even inside a value that a validator has
/// accepted.
pub const fn conditional<R>(reader: R) -> Conditional<R> {
    Conditional(reader)
}

impl<R: Reader> Reader for Conditional<R> {
    type Output = R::Output;

    fn read(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        parser.with_undecided(|parser| self.0.read(parser))
    }
}
