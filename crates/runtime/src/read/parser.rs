//! A parser of JSON text that reads values of expected types, and returns a mismatch for any other value.

use std::borrow::Cow;

use self::whole::Whole;
use super::bytes::{after, after_space, plain_length};
use super::{Mismatch, Name, Result, unescaped};

/// The maximum depth of arrays and objects, as in `serde_json`.
const DEPTH: u32 = 127;

/// A parser of JSON text, at a position in the text.
pub struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
    deepest: u32,
    unknown_members: bool,
    unknown: UnknownMembers,
    /// Whether the name of a member was written with escapes.
    escaped_names: bool,
    /// Whether an object may have several members with the same name. The last of them counts.
    allows_repeated_names: bool,
    /// Whether a value had an object with several members with the same name.
    repeated_names: bool,
    /// Whether the parser gave up. A mismatch then says nothing about the value.
    gave_up: bool,
    /// The buffered value that contains the next value, if there is one.
    whole: Option<&'t Whole<'t>>,
    /// Whether a validator has accepted the next value, or a value that it is a part of.
    is_accepted: bool,
}

/// The unknown members that a parser accepts: members that the type of their object does not name.
#[derive(Clone, Copy)]
pub(crate) enum UnknownMembers {
    /// All unknown members are accepted.
    Allowed,
    /// All unknown members are accepted, except as the first member of the whole text: a text with an unknown first member is
    /// usually another event.
    NotFirst,
    /// No unknown members are accepted.
    Rejected,
}

/// The beginning of a string.
pub(super) enum PlainString<'t> {
    /// The string has no escapes, and was consumed.
    Whole(&'t str),
    /// The string begins at `start`, and was consumed up to its first escape.
    Escaped { start: usize },
}

/// A position of a parser.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Position {
    at: usize,
    depth: u32,
}

impl<'t> Parser<'t> {
    /// Creates a parser at the beginning of a text.
    pub fn new(text: &'t str) -> Parser<'t> {
        Parser {
            text,
            at: 0,
            depth: 0,
            deepest: DEPTH,
            unknown_members: false,
            unknown: UnknownMembers::Allowed,
            escaped_names: false,
            allows_repeated_names: false,
            repeated_names: false,
            gave_up: false,
            whole: None,
            is_accepted: false,
        }
    }

    /// Creates a parser that accepts repeated member names in an object, as `serde_json` does.
    pub(crate) fn lenient(text: &'t str) -> Parser<'t> {
        Parser { allows_repeated_names: true, ..Parser::new(text) }
    }

    /// Creates a parser of text that was written from a value in memory, which may nest deeper than received text.
    pub(crate) fn of_written(text: &'t str) -> Parser<'t> {
        Parser { deepest: u32::MAX, ..Parser::lenient(text) }
    }

    /// Creates a parser that gives up at the unknown members that `unknown` does not accept.
    pub(crate) fn with(text: &'t str, unknown: UnknownMembers) -> Parser<'t> {
        Parser { unknown, ..Parser::new(text) }
    }

    pub(super) fn position(&self) -> Position {
        Position { at: self.at, depth: self.depth }
    }

    pub(super) fn rewind(&mut self, Position { at, depth }: Position) {
        (self.at, self.depth) = (at, depth);
    }

    /// Gives up: the value may match, but must be read in another way.
    #[cold]
    pub(super) fn give_up(&mut self) -> Mismatch {
        self.gave_up = true;
        Mismatch
    }

    /// Gives up if a member with the same name was read before, because only the last of them counts.
    pub(super) fn check_new(&mut self, is_new: bool) -> Result<()> {
        if is_new {
            return Ok(());
        }
        self.repeated_names = true;
        if self.allows_repeated_names { Ok(()) } else { Err(self.give_up()) }
    }

    /// Returns whether an object had several members with the same name. The value has the last of them.
    pub(crate) fn has_repeated_names(&self) -> bool {
        self.repeated_names
    }

    /// Returns whether an object had a member that its type does not name.
    pub(crate) fn has_unknown_members(&self) -> bool {
        self.unknown_members
    }

    /// Returns whether the name of a member was written with escapes.
    pub(crate) fn has_escaped_names(&self) -> bool {
        self.escaped_names
    }

    /// Notes a member that the type of its object does not name. `first` says whether it is the first member of the
    /// object.
    pub(super) fn note_unknown_member(&mut self, first: bool) -> Result<()> {
        self.unknown_members = true;
        match self.unknown {
            UnknownMembers::Allowed => Ok(()),
            // Only the first member of the outermost object, at depth 1, suggests another event.
            UnknownMembers::NotFirst if !first || self.depth > 1 => Ok(()),
            _ => Err(self.give_up()),
        }
    }

    #[inline]
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Returns the first byte of the next token without consuming it.
    #[inline]
    pub fn peek(&mut self) -> Result<u8> {
        match self.text.as_bytes().get(self.at) {
            // No byte above the space is white space, so most tokens are found by one comparison.
            Some(byte) if *byte > b' ' => Ok(*byte),
            _ => self.peek_after_space(),
        }
    }

    // Not inlined, because minified text rarely needs it.
    #[inline(never)]
    fn peek_after_space(&mut self) -> Result<u8> {
        self.at = after_space(self.text.as_bytes(), self.at);
        self.text.as_bytes().get(self.at).copied().ok_or(Mismatch)
    }

    #[inline]
    pub(super) fn expect(&mut self, wanted: u8) -> Result<()> {
        match self.peek()? == wanted {
            true => {
                self.at += 1;
                Ok(())
            }
            false => Err(Mismatch),
        }
    }

    /// Begins an array or an object.
    #[inline]
    pub(super) fn open(&mut self, wanted: u8) -> Result<()> {
        self.expect(wanted)?;
        if self.depth >= self.deepest {
            return Err(Mismatch);
        }
        self.depth += 1;
        Ok(())
    }

    /// Moves to the next item or member of the innermost open array or object. At the end of the array or object,
    /// consumes the end and returns `false`.
    #[inline]
    pub(super) fn more(&mut self, first: bool, end: u8) -> Result<bool> {
        let next = self.peek()?;
        if next == end {
            self.at += 1;
            self.depth -= 1;
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if next != b',' {
            return Err(Mismatch);
        }
        self.at += 1;
        // A comma before the end is not JSON.
        match self.peek()? == end {
            true => Err(Mismatch),
            false => Ok(true),
        }
    }

    /// Consumes the end of an object if it comes next, without white space before it.
    #[inline]
    pub(super) fn take_end(&mut self) -> bool {
        let is_next = self.text.as_bytes().get(self.at) == Some(&b'}');
        if is_next {
            self.at += 1;
            self.depth -= 1;
        }
        is_next
    }

    /// Returns the end of a member's name with its colon, if they come next. May return `None` at the very end of the
    /// text, where names cannot be compared by whole words.
    #[inline]
    pub(super) fn name_end(&self, first: bool, name: &Name) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        if !first {
            bytes.get(at).filter(|byte| **byte == b',')?;
            at += 1;
        }
        if bytes.get(at) != Some(&b'"') {
            // Most names follow the comma directly, so white space is skipped only if there is any.
            at = after_space(bytes, at);
        }
        Some(at + name.length_in_words(bytes.get(at..)?)?)
    }

    /// Consumes a name up to its end, and one space after it, which is usual in text that is not minified.
    #[inline]
    pub(super) fn take_name(&mut self, end: usize) {
        self.at = end + usize::from(self.text.as_bytes().get(end) == Some(&b' '));
    }

    /// Consumes one of the names and its colon if they come next, without white space before them. Otherwise, consumes
    /// nothing. `guess` is the index of the name to try first.
    pub(super) fn take_one_of(&mut self, names: &[Name], guess: usize) -> Option<usize> {
        let rest = self.rest();
        let (before, after) = names.split_at_checked(guess)?;
        let find = |names: &[Name]| names.iter().enumerate().find_map(|(at, name)| Some((at, name.length_in(rest)?)));
        let (place, length) = find(after).map(|(at, length)| (guess + at, length)).or_else(|| find(before))?;
        self.take_name(self.at + length);
        Some(place)
    }

    /// Consumes any member name and its colon.
    pub(super) fn any_name(&mut self) -> Result<Cow<'t, str>> {
        let name = self.string()?;
        self.escaped_names |= matches!(name, Cow::Owned(_));
        self.expect(b':')?;
        Ok(name)
    }

    // What follows the word is checked by the caller, which expects a comma, a bracket or the end there.
    fn word(&mut self, word: &str) -> Result<()> {
        self.peek()?;
        match self.rest().starts_with(word.as_bytes()) {
            true => {
                self.at += word.len();
                Ok(())
            }
            false => Err(Mismatch),
        }
    }

    /// Consumes `null`.
    pub fn null(&mut self) -> Result<()> {
        self.word("null")
    }

    /// Consumes `true` or `false`.
    pub fn boolean(&mut self) -> Result<bool> {
        match self.peek()? {
            b't' => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// Consumes a string. It is borrowed from the text if it has no escapes.
    pub fn string(&mut self) -> Result<Cow<'t, str>> {
        match self.plain_string()? {
            PlainString::Whole(text) => Ok(Cow::Borrowed(text)),
            PlainString::Escaped { start } => self.escaped(start),
        }
    }

    /// Returns `LENGTH` bytes from the start of the next string's content, without consuming them. They may extend beyond the end
    /// of the string.
    #[inline]
    pub(super) fn bytes_of_string<const LENGTH: usize>(&mut self) -> Result<Option<&'t [u8; LENGTH]>> {
        self.peek()?;
        Ok(self.rest().get(1..).and_then(<[u8]>::first_chunk))
    }

    /// Consumes a string up to its end or its first escape.
    #[inline(always)]
    pub(super) fn plain_string(&mut self) -> Result<PlainString<'t>> {
        self.expect(b'"')?;
        let start = self.at;
        self.at += plain_length(self.rest());
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => {
                let text = self.text.get(start..self.at).ok_or(Mismatch)?;
                self.at += 1;
                Ok(PlainString::Whole(text))
            }
            Some(b'\\') => Ok(PlainString::Escaped { start }),
            _ => Err(Mismatch),
        }
    }

    /// Consumes the string `wanted`. If `is_plain` is true, JSON escapes none of its characters, so comparing bytes is
    /// enough.
    #[inline]
    pub(super) fn exact_string(&mut self, wanted: &str, is_plain: bool) -> Result<()> {
        self.expect(b'"')?;
        match after(self.rest(), wanted.as_bytes()) {
            Some([b'"', ..]) if is_plain => {
                self.at += wanted.len() + 1;
                Ok(())
            }
            _ => self.exact_string_with_escapes(wanted),
        }
    }

    /// Consumes a string that may have escapes, from its first character on, and checks that it is `wanted`.
    #[cold]
    fn exact_string_with_escapes(&mut self, wanted: &str) -> Result<()> {
        self.at -= 1;
        let text = self.string()?;
        if text == wanted { Ok(()) } else { Err(Mismatch) }
    }

    /// Consumes the remainder of a string that has escapes and begins at `start`. Unescaping begins there again, since escapes
    /// are rare.
    #[cold]
    pub(super) fn escaped(&mut self, start: usize) -> Result<Cow<'t, str>> {
        loop {
            match self.rest() {
                [b'"', ..] => break,
                [b'\\', _, ..] => self.at += 2,
                _ => return Err(Mismatch),
            }
            self.at += plain_length(self.rest());
        }
        self.at += 1;
        let inside = self.text.get(start..self.at - 1).ok_or(Mismatch)?;
        unescaped(inside).map(Cow::Owned).ok_or(Mismatch)
    }

    /// Returns the number of bytes that were consumed.
    pub(crate) fn taken(&self) -> usize {
        self.at
    }

    /// Checks that only white space is left.
    pub(crate) fn end(&mut self) -> Result<()> {
        match self.peek() {
            // `peek` fails only at the end of the text.
            Err(Mismatch) => Ok(()),
            Ok(_) => Err(Mismatch),
        }
    }
}

mod fingerprint;
mod number;
#[cfg(test)]
mod tests;
mod value;
mod whole;

pub use self::value::JsonType;
