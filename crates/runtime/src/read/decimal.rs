//! Readers of numbers that keep every digit.

use super::{NumberReader, Parser, Read, Reader, Result, number};
use crate::decimal::Decimal;
use crate::evaluate::Validator;

impl Read for Decimal {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        parser.number().map(Decimal::from)
    }
}

/// The reader of a number that a validator accepts, kept as a decimal.
#[derive(Clone, Copy)]
pub struct DecimalReader(NumberReader);

/// Reads a number that the validator accepts, and keeps it as a decimal.
pub const fn decimal(validator: Validator<'static>) -> DecimalReader {
    DecimalReader(number(validator))
}

impl Reader for DecimalReader {
    type Output = Decimal;

    fn read(self, parser: &mut Parser<'_>) -> Result<Decimal> {
        self.0.read(parser).map(Decimal::from)
    }
}
