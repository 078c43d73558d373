//! Reads optional and nullable members, and sets aside members that do not match their types.

use serde_json::{Map, Value};

use super::object::check;
use super::parser::Position;
use super::{Mismatch, Parser, Reader, Result};
use crate::nullable::Nullable;

/// Reads an optional member into its field, in place if its type allows that.
pub fn fill_optional<R: Reader>(reader: R, field: &mut Option<R::Output>, parser: &mut Parser<'_>) -> Result<()> {
    match reader.blank() {
        Some(blank) => reader.fill(field.insert(blank), parser),
        None => reader.read(parser).map(|value| *field = Some(value)),
    }
}

/// Reads a member that may be absent or null into its field.
pub fn fill_nullable<T, R: Reader<Output = Option<T>>>(
    reader: R,
    field: &mut Nullable<T>,
    parser: &mut Parser<'_>,
) -> Result<()> {
    *field = Nullable::present(reader.read(parser)?);
    Ok(())
}

/// The members of an object that do not match their types. They are copied only after all other members of the object
/// match. If the object itself is set aside, the copies would be useless.
#[derive(Default)]
pub struct SetAside(Vec<Misfit>);

/// A member that does not match its type.
struct Misfit {
    name: &'static str,
    start: Position,
    end: Position,
}

impl SetAside {
    /// Reads a member that may be absent into its field, with the function `fill`. If the value does not match, the member is
    /// set aside.
    #[inline]
    pub fn fill<T: Default>(
        &mut self,
        field: &mut T,
        parser: &mut Parser<'_>,
        name: &'static str,
        fill: impl FnOnce(&mut T, &mut Parser<'_>) -> Result<()>,
    ) -> Result<()> {
        parser.peek()?;
        let start = parser.position();
        fill(field, parser).or_else(|Mismatch| {
            // The field may have been filled in part.
            *field = T::default();
            self.add(name, start, parser)
        })
    }

    #[cold]
    fn add(&mut self, name: &'static str, start: Position, parser: &mut Parser<'_>) -> Result<()> {
        parser.skip_rest(start)?;
        self.0.push(Misfit { name, start, end: parser.position() });
        Ok(())
    }

    /// Adds the members that were set aside since the last call to `extra`.
    #[inline]
    pub fn keep(&mut self, parser: &mut Parser<'_>, extra: &mut Map<String, Value>) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { self.keep_all(parser, extra) }
    }

    #[cold]
    fn keep_all(&mut self, parser: &mut Parser<'_>, extra: &mut Map<String, Value>) -> Result<()> {
        let end = parser.position();
        for misfit in self.0.drain(..) {
            parser.rewind(misfit.start);
            let value = parser.value()?;
            // Skipping only counted brackets, so the value may end elsewhere if the text is not JSON.
            check(parser.position() == misfit.end)?;
            extra.insert(misfit.name.to_owned(), value);
        }
        parser.rewind(end);
        Ok(())
    }
}
