//! Readers of numbers that keep every digit.

use serde_json::Number;

use super::{Node, NumberReader, Parser, Read, Reader, Result, number};
use crate::decimal::Decimal;
use crate::evaluate::Validator;

impl Read for Decimal {
    fn read_text(parser: &mut Parser<'_>) -> Result<Self> {
        parser.number().map(Decimal::from)
    }

    fn read_value(node: Node<'_>) -> Result<Self> {
        Number::read_value(node).map(Decimal::from)
    }
}

/// A number, kept as a decimal, that a validator accepts.
#[derive(Clone, Copy)]
pub struct DecimalReader(NumberReader);

/// A number, kept as a decimal, that the validator accepts.
pub const fn decimal(validator: Validator<'static>) -> DecimalReader {
    DecimalReader(number(validator))
}

impl Reader for DecimalReader {
    type Output = Decimal;

    fn read_text(self, parser: &mut Parser<'_>) -> Result<Decimal> {
        self.0.read_text(parser).map(Decimal::from)
    }

    fn read_value(self, node: Node<'_>) -> Result<Decimal> {
        self.0.read_value(node).map(Decimal::from)
    }
}
