//! Readers of objects whose members all have the same type.

use std::collections::BTreeMap;

use serde_json::Value;

use super::object::{check, check_name};
use super::{Mismatch, Parser, Read, Reader, Result, default};
use crate::evaluate::Validator;

/// A reader of objects that reads the value of every member with the same reader.
#[derive(Clone, Copy)]
pub struct Map<R> {
    count: Option<Validator<'static>>,
    names: Option<Validator<'static>>,
    reader: R,
}

/// Returns a reader of objects that reads the value of every member with `reader`. `names` is the validator of the
/// members' names, and `count` is the validator that limits the number of members.
pub const fn map<R>(count: Option<Validator<'static>>, names: Option<Validator<'static>>, reader: R) -> Map<R> {
    Map { count, names, reader }
}

impl<R: Reader> Reader for Map<R> {
    type Output = BTreeMap<String, R::Output>;

    fn read(self, parser: &mut Parser<'_>) -> Result<Self::Output> {
        parser.open(b'{')?;
        let mut members = BTreeMap::new();
        while parser.more(members.is_empty(), b'}')? {
            let name = parser.any_name()?;
            self.names.map_or(Ok(()), |validator| check_name(validator, &name))?;
            let value = self.reader.read(parser)?;
            // A map shows a repeated name when it is inserted, so no bits are needed.
            parser.check_new(members.insert(name.into_owned(), value).is_none())?;
        }
        check(self.count.is_none_or(|validator| validator.accepts_members(members.len())))?;
        Ok(members)
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        map(None, None, default()).read(parser)
    }
}

impl Read for serde_json::Map<String, Value> {
    fn read(parser: &mut Parser<'_>) -> Result<Self> {
        match parser.peek()? {
            b'{' => match parser.value()? {
                Value::Object(members) => Ok(members),
                _ => Err(Mismatch),
            },
            _ => Err(Mismatch),
        }
    }
}
