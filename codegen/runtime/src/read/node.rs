//! A JSON value that is read, and whether members that do not fit may be set aside.

use serde_json::{Map, Value};

use super::{Mismatch, Reader, Result};

/// A JSON value that is read.
#[derive(Clone, Copy, Debug)]
pub struct Node<'v> {
    /// The value.
    pub value: &'v Value,
    /// Whether a member of a tolerantly read type is kept beside the fields if its value does not fit.
    pub tolerant: bool,
}

impl<'v> Node<'v> {
    /// A value all of which must fit.
    pub const fn exact(value: &'v Value) -> Node<'v> {
        Node { value, tolerant: false }
    }

    /// A value whose members may be set aside.
    pub const fn tolerant(value: &'v Value) -> Node<'v> {
        Node { value, tolerant: true }
    }

    /// A part of this value.
    pub(super) fn part(self, value: &'v Value) -> Node<'v> {
        Node { value, ..self }
    }

    /// The value if it is an object.
    ///
    /// # Errors
    ///
    /// It is not.
    pub fn object(self) -> Result<&'v Map<String, Value>> {
        self.value.as_object().ok_or(Mismatch)
    }

    /// The value if it is an array.
    ///
    /// # Errors
    ///
    /// It is not.
    pub fn array(self) -> Result<&'v [Value]> {
        self.value.as_array().map(Vec::as_slice).ok_or(Mismatch)
    }

    /// Reads a member that may be absent into its field, or keeps it under its name if it does not fit and may be set
    /// aside.
    ///
    /// # Errors
    ///
    /// The value does not fit, and must.
    pub fn fill_or_keep<R: Reader>(
        self,
        reader: R,
        field: &mut Option<R::Output>,
        name: &str,
        extra: &mut Map<String, Value>,
    ) -> Result<()> {
        match fill_optional_value(reader, field, self) {
            Err(Mismatch) if self.tolerant => {
                *field = None;
                extra.insert(name.to_owned(), self.value.clone());
                Ok(())
            }
            result => result,
        }
    }
}

/// Reads a member that may be absent into its field, in place where its type allows.
///
/// # Errors
///
/// The value does not fit.
pub fn fill_optional_value<R: Reader>(reader: R, field: &mut Option<R::Output>, node: Node<'_>) -> Result<()> {
    if const { R::IN_PLACE } {
        reader.fill_value(field.insert(reader.blank().ok_or(Mismatch)?), node)
    } else {
        *field = Some(reader.read_value(node)?);
        Ok(())
    }
}
