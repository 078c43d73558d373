//! Readers of arrays.

use std::collections::HashSet;
use std::hash::Hash;

use super::object::check;
use super::{Mismatch, Parser, Read, Reader, Result, default, fill_optional};
use crate::evaluate::Validator;

/// A reader of arrays. One reader reads all of the items.
#[derive(Clone, Copy)]
pub struct Items<R> {
    count: Option<Validator<'static>>,
    reader: R,
}

/// Returns a reader of arrays that reads each item with `reader`. `count` is the validator that limits the number of items.
pub const fn items<R>(count: Option<Validator<'static>>, reader: R) -> Items<R> {
    Items { count, reader }
}

impl<R> Items<R> {
    fn check_count(&self, count: usize) -> Result<()> {
        check(self.count.is_none_or(|validator| validator.accepts_items(count)))
    }
}

impl<R: Reader> Reader for Items<R> {
    type Output = Vec<R::Output>;

    fn blank(self) -> Option<Self::Output> {
        Some(Vec::new())
    }

    fn fill(self, items: &mut Self::Output, parser: &mut Parser<'_>) -> Result<()> {
        parser.open(b'[')?;
        while parser.more(items.is_empty(), b']')? {
            match self.reader.blank() {
                // The item is filled inside the vector, so that a large struct is not moved after it was read.
                Some(blank) => {
                    items.push(blank);
                    items.last_mut().map_or(Err(Mismatch), |item| self.reader.fill(item, parser))?;
                }
                None => items.push(self.reader.read(parser)?),
            }
        }
        self.check_count(items.len())
    }
}

impl<T: Read> Read for Vec<T> {
    fn blank() -> Option<Self> {
        Some(Vec::new())
    }

    fn fill(&mut self, parser: &mut Parser<'_>) -> Result<()> {
        items(None, default()).fill(self, parser)
    }
}

/// A reader of arrays that rejects equal items, compared as values of their type.
#[derive(Clone, Copy)]
pub struct UniqueItems<R>(Items<R>);

/// Returns a reader of arrays without equal items. It reads each item with `reader`, and `count` is the validator that
/// limits the number of items. Items are compared as values of their type, which are equal exactly if their JSON is
/// equal.
pub const fn unique_items<R>(count: Option<Validator<'static>>, reader: R) -> UniqueItems<R> {
    UniqueItems(items(count, reader))
}

fn unique<T: Eq + Hash>(items: Vec<T>) -> Result<Vec<T>> {
    if items.len() > 1 {
        let mut seen = HashSet::with_capacity(items.len());
        check(items.iter().all(|item| seen.insert(item)))?;
    }
    Ok(items)
}

impl<R: Reader> Reader for UniqueItems<R>
where
    R::Output: Eq + Hash,
{
    type Output = Vec<R::Output>;

    fn read(self, parser: &mut Parser<'_>) -> Result<Self::Output> {
        self.0.read(parser).and_then(unique)
    }
}

/// A reader of arrays that rejects equal items, compared as JSON.
#[derive(Clone, Copy)]
pub struct UniqueValues<R>(Items<R>);

/// Returns a reader of arrays without equal items. It reads each item with `reader`, and `count` is the validator that
/// limits the number of items. Items are compared as JSON, because `1` and `1.0` are equal in JSON, but may be
/// different values of the items' type.
pub const fn unique_values<R>(count: Option<Validator<'static>>, reader: R) -> UniqueValues<R> {
    UniqueValues(items(count, reader))
}

impl<R: Reader> Reader for UniqueValues<R> {
    type Output = Vec<R::Output>;

    fn read(self, parser: &mut Parser<'_>) -> Result<Self::Output> {
        // The parser takes space before a value, so this is the start of the array or of the space before it.
        let start = parser.position();
        let items = self.0.read(parser)?;
        // Most arrays have one item or none.
        if items.len() > 1 && !parser.is_accepted() {
            parser.check_distinct(start)?;
        }
        Ok(items)
    }
}

/// The items of an array that are read by position.
pub struct TupleItems<'p, 't> {
    parser: &'p mut Parser<'t>,
    count: usize,
    ended: bool,
}

impl<'p, 't> TupleItems<'p, 't> {
    /// Begins an array.
    pub fn begin(parser: &'p mut Parser<'t>) -> Result<TupleItems<'p, 't>> {
        parser.open(b'[')?;
        Ok(TupleItems { parser, count: 0, ended: false })
    }

    /// Moves to the next item, if there is one.
    fn more(&mut self) -> Result<bool> {
        if !self.ended {
            self.ended = !self.parser.more(self.count == 0, b']')?;
            self.count += usize::from(!self.ended);
        }
        Ok(!self.ended)
    }

    /// Reads the next item into its field, if there is one.
    pub fn optional<R: Reader>(&mut self, reader: R, field: &mut Option<R::Output>) -> Result<()> {
        if self.more()? { fill_optional(reader, field, self.parser) } else { Ok(()) }
    }

    /// Reads the next item, which must be present, into its field.
    pub fn required<R: Reader>(&mut self, reader: R, field: &mut R::Output) -> Result<()> {
        check(self.more()?)?;
        reader.fill(field, self.parser)
    }

    /// Reads every further item.
    pub fn rest<R: Reader>(&mut self, reader: R, field: &mut Vec<R::Output>) -> Result<()> {
        while self.more()? {
            field.push(reader.read(self.parser)?);
        }
        Ok(())
    }

    /// Checks that there is no further item.
    pub fn end(&mut self) -> Result<()> {
        check(!self.more()?)
    }

    /// Checks the number of items that were read.
    pub fn check_count(&self, validator: Validator<'static>) -> Result<()> {
        check(validator.accepts_items(self.count))
    }
}
