//! Values of any type.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::{Mismatch, Result};
use super::Parser;

impl<'t> Parser<'t> {
    /// Any value.
    pub fn value(&mut self) -> Result<Value> {
        Ok(match self.peek()? {
            b'"' => Value::String(self.string()?.into_owned()),
            b'{' => {
                self.open(b'{')?;
                let mut members = Map::new();
                while self.more(members.is_empty(), b'}')? {
                    let name = self.any_name()?.into_owned();
                    if members.insert(name, self.value()?).is_some() && !self.repeated_names {
                        return Err(Mismatch);
                    }
                }
                Value::Object(members)
            }
            b'[' => {
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

    /// The string that a member of the next object has. The object is not taken.
    pub fn tag(&mut self, name: &str) -> Result<Cow<'t, str>> {
        let start = self.position();
        let tag = self.find_tag(name);
        self.rewind(start);
        tag
    }

    fn find_tag(&mut self, name: &str) -> Result<Cow<'t, str>> {
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

    /// The first of some names that is the name of a member of the next object. The object is not taken.
    pub fn first_member<'n>(&mut self, names: &[&'n str]) -> Result<Option<&'n str>> {
        let start = self.position();
        let first = self.find_first_member(names);
        self.rewind(start);
        Ok(first?.and_then(|place| names.get(place).copied()))
    }

    fn find_first_member(&mut self, names: &[&str]) -> Result<Option<usize>> {
        let mut first = None;
        // Only names before the best one matter; with the first name found, none does.
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

    /// Takes a value without checking more than where it ends: whoever looks ahead reads it again.
    fn skip(&mut self) -> Result<()> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => {
                    self.at += 1;
                    open += 1;
                }
                b'}' | b']' => {
                    self.at += 1;
                    open = open.checked_sub(1).ok_or(Mismatch)?;
                }
                b',' | b':' => self.at += 1,
                _ => {
                    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'+' | b'-' | b'.' | b'E');
                    let length = self.rest().iter().take_while(|byte| is_part(byte)).count();
                    self.at += length;
                    if length == 0 {
                        return Err(Mismatch);
                    }
                }
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    /// Calls a function at each item of the next array. The function must take the item.
    pub(crate) fn each_item(&mut self, mut item: impl FnMut(&mut Self, usize) -> Result<()>) -> Result<()> {
        self.open(b'[')?;
        let mut index = 0;
        while self.more(index == 0, b']')? {
            item(self, index)?;
            index += 1;
        }
        Ok(())
    }

    /// Calls a function at the value of each member of the next object. The function must take the value.
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
