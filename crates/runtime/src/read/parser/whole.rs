//! Values that a validator checks as a whole before their text is read.

use std::cell::OnceCell;

use serde_json::Value;

use super::super::object::check;
use super::super::{Mismatch, Result};
use super::{Parser, Position};
use crate::evaluate::{Decisions, Validator};

/// A value that was parsed as a whole. Its text is read next.
pub(in crate::read) struct Whole<'v> {
    value: &'v Value,
    start: Position,
    /// The decisions of validators about the parts of the value.
    decisions: Decisions,
    /// The parts of the value with their places in the text, in order. Few types need them.
    parts: OnceCell<Vec<(usize, &'v Value)>>,
}

impl Parser<'_> {
    /// Reads the next value if a validator accepts it as a whole. Its parts are not validated again, because their types come from
    /// the same schema.
    pub fn accepted<T>(
        &mut self,
        validator: Validator<'static>,
        read: impl FnOnce(&mut Parser<'_>) -> Result<T>,
    ) -> Result<T> {
        // `with_accepted` takes a trait object, so that it is not compiled again for each type.
        let mut read = Some(read);
        let mut found = Err(Mismatch);
        self.with_accepted(validator, &mut |parser| {
            let Some(read) = read.take() else { return };
            found = read(parser);
        })?;
        found
    }

    /// Calls a function at the next value if a validator accepts the value as a whole.
    fn with_accepted(&mut self, validator: Validator<'static>, read: &mut dyn FnMut(&mut Parser<'_>)) -> Result<()> {
        // A validator has accepted the value that contains this one. Validating each part again would take quadratic time for
        // nested buffered types.
        if self.is_accepted {
            read(self);
            return Ok(());
        }
        if self.whole.is_some() {
            // The text has been parsed for an outer value, so only the part of that value is validated.
            check(self.is_valid(validator)?)?;
            self.is_accepted = true;
            read(self);
            self.is_accepted = false;
            return Ok(());
        }
        self.peek()?;
        let start = self.position();
        let value = self.value()?;
        let whole = Whole { value: &value, start, decisions: Decisions::default(), parts: OnceCell::new() };
        check(whole.decisions.is_valid(validator, &value))?;
        self.rewind(start);
        // `whole` does not live as long as this parser, so another parser reads the value.
        let mut parser = Parser {
            at: self.at,
            depth: self.depth,
            deepest: self.deepest,
            unknown_members: self.unknown_members,
            unknown: self.unknown,
            escaped_names: self.escaped_names,
            allows_repeated_names: self.allows_repeated_names,
            whole: Some(&whole),
            is_accepted: true,
            ..Parser::new(self.text)
        };
        read(&mut parser);
        // This parser goes on where the other one ended. It has noted names with escapes when it parsed the value.
        Parser { at: self.at, depth: self.depth, unknown_members: self.unknown_members, gave_up: self.gave_up, .. } =
            parser;
        Ok(())
    }

    /// Returns whether a validator has accepted the next value, or a value that it is a part of.
    pub(in crate::read) fn is_accepted(&self) -> bool {
        self.is_accepted
    }

    /// Calls a function at a value that may not match, even inside a value that a validator has accepted.
    pub(in crate::read) fn with_undecided<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let is_accepted = std::mem::replace(&mut self.is_accepted, false);
        let result = read(self);
        self.is_accepted = is_accepted;
        result
    }

    /// Returns whether a validator accepts the next value, which must be a part of a buffered value.
    pub fn is_valid(&mut self, validator: Validator<'static>) -> Result<bool> {
        self.peek()?;
        let whole = self.whole.ok_or(Mismatch)?;
        let part = whole.part(self).ok_or(Mismatch)?;
        Ok(whole.decisions.is_valid(validator, part))
    }

    /// Notes the parts of the next value with their places in the text.
    pub(super) fn note_parts<'v>(&mut self, value: &'v Value, parts: &mut Vec<(usize, &'v Value)>) -> Result<()> {
        self.peek()?;
        parts.push((self.at, value));
        match value {
            Value::Array(items) => self.each_item(|parser, index| {
                let item = items.get(index).ok_or(Mismatch)?;
                parser.note_parts(item, parts)
            }),
            Value::Object(members) => self.each_member(|parser, name| {
                let member = members.get(name).ok_or(Mismatch)?;
                parser.note_parts(member, parts)
            }),
            _ => self.skip(),
        }
    }
}

impl<'v> Whole<'v> {
    /// Returns the part of the value at the position of a parser.
    fn part(&self, parser: &Parser<'_>) -> Option<&'v Value> {
        // Most types ask about the value itself, so the list of parts is made only when another part is asked about.
        let at = parser.at;
        if at == self.start.at {
            return Some(self.value);
        }
        let parts = self.parts.get_or_init(|| {
            let mut parts = Vec::new();
            // The text was parsed before, so its depth is allowed and its repeated members do not matter.
            let mut again = Parser::of_written(parser.text);
            again.rewind(self.start);
            let _ = again.note_parts(self.value, &mut parts);
            parts
        });
        let place = parts.binary_search_by_key(&at, |(at, _)| *at).ok()?;
        parts.get(place).map(|(_, value)| *value)
    }
}
