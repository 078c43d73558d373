//! Members that need not be there: read from text into their fields.

use serde_json::{Map, Value};

use super::{Mismatch, Node, Parser, Read, Reader, Result, fill_optional_value};
use crate::evaluate::Decisions;
use crate::nullable::Nullable;

/// Reads a member that may be absent into its field, in place where its type allows.
pub fn fill_optional<R: Reader>(reader: R, field: &mut Option<R::Output>, parser: &mut Parser<'_>) -> Result<()> {
    if const { R::IN_PLACE } {
        reader.fill_text(field.insert(reader.blank().ok_or(Mismatch)?), parser)
    } else {
        *field = Some(reader.read_text(parser)?);
        Ok(())
    }
}

/// Reads a member that may be absent into its field, for a type that needs no further validator.
pub fn fill_some<T: Read>(field: &mut Option<T>, parser: &mut Parser<'_>) -> Result<()> {
    if const { T::IN_PLACE } {
        field.insert(T::blank().ok_or(Mismatch)?).fill_text(parser)
    } else {
        *field = Some(T::read_text(parser)?);
        Ok(())
    }
}

/// Reads a member that may be absent into its field from a value, for a type that needs no further validator.
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

/// Reads a member that may be absent and may be null into its field from a value, for a type that needs no further validator.
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

/// Reads a member that may be absent into its field. If the value does not fit, the member is kept in `extra`.
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
            *field = read_or_keep(reader, start, parser, name, extra)?;
            Ok(())
        }
    }
}

/// Reads a member that may be absent and may be null into its field. If the value does not fit, the member is kept in `extra`.
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
        Err(Mismatch) => read_or_keep(reader, start, parser, name, extra)?,
    };
    *field = Nullable::from_read(found);
    Ok(())
}

/// Reads a value from its start by way of a `Value`, which decides whether it fits. If it does not, the member is kept.
#[cold]
fn read_or_keep<R: Reader>(
    reader: R,
    start: super::parser::Position,
    parser: &mut Parser<'_>,
    name: &str,
    extra: &mut Map<String, Value>,
) -> Result<Option<R::Output>> {
    parser.count_rewind()?;
    parser.rewind(start);
    let value = parser.value()?;
    let mut field = None;
    let decisions = Decisions::default();
    if let Err(Mismatch) = fill_optional_value(reader, &mut field, Node::new(&value, true, &decisions)) {
        field = None;
        extra.insert(name.to_owned(), value);
    }
    Ok(field)
}
