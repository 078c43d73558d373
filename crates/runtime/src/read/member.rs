//! Members that need not be there: read from text into their fields.

use serde_json::{Map, Value};

use super::{Mismatch, Node, Parser, Read, Reader, Result, fill_optional_value};
use crate::evaluate::Decisions;
use crate::nullable::Nullable;

/// Reads a member that may be absent into its field, in place where its type allows.
///
/// # Errors
///
/// The value does not fit; so for every function here, or the text is not JSON.
pub fn fill_optional<R: Reader>(reader: R, field: &mut Option<R::Output>, parser: &mut Parser<'_>) -> Result<()> {
    if const { R::IN_PLACE } {
        reader.fill_text(field.insert(reader.blank().ok_or(Mismatch)?), parser)
    } else {
        *field = Some(reader.read_text(parser)?);
        Ok(())
    }
}

/// The same for a type that needs no further validator.
pub fn fill_some<T: Read>(field: &mut Option<T>, parser: &mut Parser<'_>) -> Result<()> {
    if const { T::IN_PLACE } {
        field.insert(T::blank().ok_or(Mismatch)?).fill_text(parser)
    } else {
        *field = Some(T::read_text(parser)?);
        Ok(())
    }
}

/// The same from a value.
pub fn fill_some_value<T: Read>(field: &mut Option<T>, node: Node<'_>) -> Result<()> {
    if const { T::IN_PLACE } {
        field.insert(T::blank().ok_or(Mismatch)?).fill_value(node)
    } else {
        *field = Some(T::read_value(node)?);
        Ok(())
    }
}

/// Reads a member that may be absent and may be null into its field, for a type that needs no further validator.
pub fn fill_some_or_null<T: Read>(field: &mut Nullable<T>, parser: &mut Parser<'_>) -> Result<()> {
    *field = Nullable::from_read(Some(Option::read_text(parser)?));
    Ok(())
}

/// The same from a value.
pub fn fill_some_or_null_value<T: Read>(field: &mut Nullable<T>, node: Node<'_>) -> Result<()> {
    *field = Nullable::from_read(Some(Option::read_value(node)?));
    Ok(())
}

/// Reads a member that may be absent and may be null into its field.
pub fn fill_nullable<T, R: Reader<Output = Option<T>>>(
    reader: R,
    field: &mut Nullable<T>,
    parser: &mut Parser<'_>,
) -> Result<()> {
    *field = Nullable::from_read(Some(reader.read_text(parser)?));
    Ok(())
}

/// The same as [`fill_optional`]; a value that does not fit is kept under the member's name.
pub fn fill_optional_or_keep<R: Reader>(
    reader: R,
    field: &mut Option<R::Output>,
    parser: &mut Parser<'_>,
    name: &str,
    extra: &mut Map<String, Value>,
) -> Result<()> {
    let start = parser.position();
    match fill_optional(reader, field, parser) {
        Ok(()) => Ok(()),
        Err(Mismatch) => {
            *field = reread(reader, start, parser, name, extra)?;
            Ok(())
        }
    }
}

/// The same as [`fill_nullable`]; a value that does not fit is kept under the member's name.
pub fn fill_nullable_or_keep<T, R: Reader<Output = Option<T>>>(
    reader: R,
    field: &mut Nullable<T>,
    parser: &mut Parser<'_>,
    name: &str,
    extra: &mut Map<String, Value>,
) -> Result<()> {
    let start = parser.position();
    let found = match reader.read_text(parser) {
        Ok(value) => Some(value),
        Err(Mismatch) => reread(reader, start, parser, name, extra)?,
    };
    *field = Nullable::from_read(found);
    Ok(())
}

/// Reads a value again from where it starts, by way of a `Value`; keeps it if it does not fit.
#[cold]
fn reread<R: Reader>(
    reader: R,
    start: super::parser::Position,
    parser: &mut Parser<'_>,
    name: &str,
    extra: &mut Map<String, Value>,
) -> Result<Option<R::Output>> {
    parser.begin_reread()?;
    parser.rewind(start);
    let value = parser.value()?;
    let mut field = None;
    let node = Node { value: &value, tolerant: true, decisions: &Decisions::default() };
    if let Err(Mismatch) = fill_optional_value(reader, &mut field, node) {
        field = None;
        extra.insert(name.to_owned(), value);
    }
    Ok(field)
}
