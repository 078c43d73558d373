//! Readers that buffer a value, because a validator must see all of it.

use serde_json::Value;

use super::object::check;
use super::{Node, Parser, Reader, Result, whole};
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

    fn read_text(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        whole(parser, |node| self.read_value(node))
    }

    fn read_value(self, node: Node<'_>) -> Result<R::Output> {
        self.reader.read_value(node.accept(self.validator)?)
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

    fn read_text(self, parser: &mut Parser<'_>) -> Result<Value> {
        let value = parser.value()?;
        check(self.0.is_valid(&value))?;
        Ok(value)
    }

    fn read_value(self, node: Node<'_>) -> Result<Value> {
        Ok(node.accept(self.0)?.value.clone())
    }
}
