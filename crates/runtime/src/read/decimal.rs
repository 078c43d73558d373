//! Readers of numbers that keep every digit.

use super::{NumberReader, Parser, Read, Reader, Result, number};
use crate::decimal::Decimal;
use crate::evaluate::Validator;

impl Read for Decimal {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        parser.number().map(Decimal::from)
    }
}

/// A reader of numbers that a validator accepts, as [`Decimal`]s.
#[derive(Clone, Copy)]
pub struct DecimalReader(NumberReader);

/// Returns a reader of numbers that the validator accepts, as [`Decimal`]s.
pub const fn decimal(validator: Validator<'static>) -> DecimalReader {
    DecimalReader(number(validator))
}

impl Reader for DecimalReader {
    type Output = Decimal;

    fn read(self, parser: &mut Parser<'_>) -> Result<Decimal> {
        self.0.read(parser).map(Decimal::from)
    }
}
