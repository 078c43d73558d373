//! Values of any type.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::bytes::structure_at;
use super::super::object::check;
use super::super::{Mismatch, Result};
use super::{Parser, Position};
use crate::steps;

/// The JSON type of a value, from which a union chooses its variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl<'t> Parser<'t> {
    /// Returns the type of the next value, without consuming the value. Only its first byte is examined.
    pub fn json_type(&mut self) -> Result<JsonType> {
        Ok(match self.peek()? {
            b'n' => JsonType::Null,
            b't' | b'f' => JsonType::Boolean,
            b'"' => JsonType::String,
            b'[' => JsonType::Array,
            b'{' => JsonType::Object,
            b'-' | b'0'..=b'9' => JsonType::Number,
            _ => return Err(Mismatch),
        })
    }

    /// Consumes any value.
    pub fn value(&mut self) -> Result<Value> {
        Ok(match self.peek()? {
            b'"' => Value::String(self.string()?.into_owned()),
            b'{' => {
                steps::add(1);
                self.open(b'{')?;
                let mut members = Map::new();
                while self.more(members.is_empty(), b'}')? {
                    let name = self.any_name()?.into_owned();
                    let value = self.value()?;
                    self.check_new(members.insert(name, value).is_none())?;
                }
                Value::Object(members)
            }
            b'[' => {
                steps::add(1);
                self.open(b'[')?;
                let mut items = Vec::new();
                while self.more(items.is_empty(), b']')? {
                    items.push(self.value()?);
                }
                Value::Array(items)
            }
            b't' | b'f' => Value::Bool(self.boolean()?),
            b'n' => self.null().map(|()| Value::Null)?,
            _ => Value::Number(self.number()?),
        })
    }

    /// Returns the string value of the member `name` of the next object, without consuming the object.
    pub fn tag(&mut self, name: &str) -> Result<Cow<'t, str>> {
        let start = self.position();
        let tag = self.find_tag(name);
        self.rewind(start);
        tag
    }

    fn find_tag(&mut self, name: &str) -> Result<Cow<'t, str>> {
        // The first member of the name is enough: if it is repeated, the reader of the variant gives up.
        self.open(b'{')?;
        let mut first = true;
        while self.more(first, b'}')? {
            first = false;
            if self.any_name()? == name {
                return self.string();
            }
            self.skip()?;
        }
        Err(Mismatch)
    }

    /// Returns the first of the names for which the next object has a member, without consuming the object.
    pub fn first_member<'n>(&mut self, names: &[&'n str]) -> Result<Option<&'n str>> {
        let start = self.position();
        let first = self.find_first_member(names);
        self.rewind(start);
        Ok(first?.and_then(|place| names.get(place).copied()))
    }

    fn find_first_member(&mut self, names: &[&str]) -> Result<Option<usize>> {
        let mut first = None;
        // Only names before the best one matter, so the search ends when the first name is found.
        let mut sought = names;
        self.open(b'{')?;
        let mut is_first = true;
        while !sought.is_empty() && self.more(is_first, b'}')? {
            is_first = false;
            let name = self.any_name()?;
            if let Some(place) = sought.iter().position(|sought| *sought == name) {
                first = Some(place);
                sought = &sought[..place];
            }
            self.skip()?;
        }
        Ok(first)
    }

    /// Consumes a value, and checks only where it ends: a caller that looks ahead reads the value again.
    pub(crate) fn skip(&mut self) -> Result<()> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => self.skip_to(self.depth),
            _ => {
                // These are the characters of numbers, `true`, `false` and `null`, in any order.
                let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'+' | b'-' | b'.' | b'E');
                let length = self.rest().iter().take_while(|byte| is_part(byte)).count();
                self.at += length;
                check(length > 0)
            }
        }
    }

    /// Consumes everything up to the bracket after which `depth` arrays and objects are open. Brackets are counted, not
    /// paired.
    fn skip_to(&mut self, depth: u32) -> Result<()> {
        loop {
            self.at += structure_at(self.rest()).ok_or(Mismatch)?;
            match self.rest().first() {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => self.depth += 1,
                _ => self.depth -= 1,
            }
            self.at += 1;
            steps::add(1);
            if self.depth == depth {
                return Ok(());
            }
        }
    }

    /// Consumes the remainder of a value that begins at `start` and does not match. Skipping continues where reading
    /// ended, so no text is skipped twice, even if the objects around the value do not match either.
    pub(in crate::read) fn skip_rest(&mut self, start: Position) -> Result<()> {
        // The value may match if it is read in another way, so it must not be set aside.
        if self.gave_up {
            return Err(Mismatch);
        }
        let is_container = matches!(self.text.as_bytes().get(start.at), Some(b'{' | b'['));
        match self.depth == start.depth {
            // The whole container was read before it was found not to match.
            true if is_container && self.at > start.at => Ok(()),
            // Nothing of the value was read, or a part of a scalar.
            true => {
                self.rewind(start);
                self.skip()
            }
            false => self.skip_to(start.depth),
        }
    }

    /// Calls a function at each item of the next array. The function must consume the item.
    pub(crate) fn each_item(&mut self, mut item: impl FnMut(&mut Self, usize) -> Result<()>) -> Result<()> {
        self.open(b'[')?;
        let mut index = 0;
        while self.more(index == 0, b']')? {
            item(self, index)?;
            index += 1;
        }
        Ok(())
    }

    /// Calls a function at the value of each member of the next object. The function must consume the value.
    pub(crate) fn each_member(&mut self, mut member: impl FnMut(&mut Self, &str) -> Result<()>) -> Result<()> {
        self.open(b'{')?;
        let mut first = true;
        while self.more(first, b'}')? {
            first = false;
            let name = self.any_name()?;
            member(self, &name)?;
        }
        Ok(())
    }
}
