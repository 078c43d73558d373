//! A JSON value that is read, and whether members that do not fit may be set aside.

use serde_json::{Map, Value};

use super::object::check;
use super::{Mismatch, Parser, Reader, Result};
use crate::evaluate::Decisions;
use crate::evaluate::Validator;

/// A JSON value that is read.
#[derive(Clone, Copy, Debug)]
pub struct Node<'v> {
    /// The value.
    pub value: &'v Value,
    /// Whether a member of a tolerantly read type is kept in `extra` if its value does not fit.
    pub(crate) tolerant: bool,
    /// Whether a validator has accepted the value, or one that this is a part of. As the types of all parts come from the
    /// schema that decided, no part has to be validated again.
    pub(super) is_accepted: bool,
    /// What validators have decided about the value that this one is a part of.
    decisions: &'v Decisions,
}

/// Parses the next value, and reads it from there: all of it must fit.
pub fn whole<T>(parser: &mut Parser<'_>, read: impl FnOnce(Node<'_>) -> Result<T>) -> Result<T> {
    let value = parser.value()?;
    read(Node::new(&value, false, &Decisions::default()))
}

impl<'v> Node<'v> {
    /// A whole value.
    pub(crate) fn new(value: &'v Value, tolerant: bool, decisions: &'v Decisions) -> Node<'v> {
        Node { value, tolerant, is_accepted: false, decisions }
    }

    /// A part of this value.
    pub(super) fn part(self, value: &'v Value) -> Node<'v> {
        Node { value, ..self }
    }

    /// The value of a conditional member: that a value around it is accepted does not say that it fits.
    pub fn alone(self) -> Node<'v> {
        Node { tolerant: true, is_accepted: false, ..self }
    }

    /// Whether a validator accepts the value.
    pub fn is_valid(self, validator: Validator<'static>) -> bool {
        self.decisions.is_valid(validator, self.value)
    }

    /// Checks that a validator accepts the value, and returns it as accepted.
    pub fn accept(self, validator: Validator<'static>) -> Result<Node<'v>> {
        check(self.is_accepted || self.is_valid(validator))?;
        Ok(Node { is_accepted: true, ..self })
    }

    /// The value if it is an object.
    pub fn object(self) -> Result<&'v Map<String, Value>> {
        self.value.as_object().ok_or(Mismatch)
    }

    /// The value if it is an array.
    pub fn array(self) -> Result<&'v [Value]> {
        self.value.as_array().map(Vec::as_slice).ok_or(Mismatch)
    }
}

/// Reads a member that may be absent into its field, in place where its type allows.
pub fn fill_optional_value<R: Reader>(reader: R, field: &mut Option<R::Output>, node: Node<'_>) -> Result<()> {
    if const { R::IN_PLACE } {
        reader.fill_value(field.insert(reader.blank().ok_or(Mismatch)?), node)
    } else {
        *field = Some(reader.read_value(node)?);
        Ok(())
    }
}
