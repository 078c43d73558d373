//! Readers that buffer a value, because a validator must see all of it.

use serde_json::Value;

use super::object::check;
use super::{Parser, Reader, Result};
use crate::evaluate::Validator;

/// Reads a value after a validator accepted all of it.
#[derive(Clone, Copy)]
pub struct Buffered<R> {
    validator: Validator<'static>,
    reader: R,
}

/// Reads a value after the validator accepted all of it.
pub const fn buffered<R>(validator: Validator<'static>, reader: R) -> Buffered<R> {
    Buffered { validator, reader }
}

impl<R: Reader> Reader for Buffered<R> {
    type Output = R::Output;

    fn read(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        parser.accepted(self.validator, |parser| self.reader.read(parser))
    }
}

/// Any value that a validator accepts.
#[derive(Clone, Copy)]
pub struct AnyValue(Validator<'static>);

/// Any value that the validator accepts.
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

/// Reads a value whose schema may not apply, although a validator has accepted a value that it is a part of.
#[derive(Clone, Copy)]
pub struct Conditional<R>(R);

/// Reads a value by another reader, whose schema may not apply although a validator has accepted a value that it is a part of.
pub const fn conditional<R>(reader: R) -> Conditional<R> {
    Conditional(reader)
}

impl<R: Reader> Reader for Conditional<R> {
    type Output = R::Output;

    fn read(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        parser.with_undecided(|parser| self.0.read(parser))
    }
}
