//! Readers of values that a validator must see whole.

use serde_json::Value;

use super::object::check;
use super::{Node, Parser, Reader, Result};
use crate::schema::Validator;

/// A value that a validator sees whole before it is read.
#[derive(Clone, Copy)]
pub struct Whole<R> {
    validator: Validator<'static>,
    reader: R,
}

/// A value that the validator sees whole before the reader reads it.
pub const fn whole<R>(validator: Validator<'static>, reader: R) -> Whole<R> {
    Whole { validator, reader }
}

impl<R: Reader> Reader for Whole<R> {
    type Output = R::Output;

    fn read_text(self, parser: &mut Parser<'_>) -> Result<R::Output> {
        let value = parser.value()?;
        self.read_value(Node::exact(&value))
    }

    fn read_value(self, node: Node<'_>) -> Result<R::Output> {
        check(self.validator.is_valid(node.value))?;
        self.reader.read_value(node)
    }
}

/// Any value that a validator accepts.
#[derive(Clone, Copy)]
pub struct Any(Validator<'static>);

/// Any value that the validator accepts.
pub const fn any(validator: Validator<'static>) -> Any {
    Any(validator)
}

impl Reader for Any {
    type Output = Value;

    fn read_text(self, parser: &mut Parser<'_>) -> Result<Value> {
        let value = parser.value()?;
        check(self.0.is_valid(&value))?;
        Ok(value)
    }

    fn read_value(self, node: Node<'_>) -> Result<Value> {
        check(self.0.is_valid(node.value))?;
        Ok(node.value.clone())
    }
}
