//! Reads the members of an object. A member is identified by its index in the list of names that the type knows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::parser::Position;
use super::{Mismatch, Name, Parser, Reader, Result};
use crate::evaluate::Validator;
use crate::instance::Instance;

/// The place that [`ObjectMembers::next`] returns at the end of an object.
pub const END: usize = usize::MAX - 1;

/// The place of a member that the type does not know.
const UNKNOWN: usize = usize::MAX;

/// Returns the number of `u64` words that hold one bit for each of `members` members.
pub const fn words(members: usize) -> usize {
    members.div_ceil(64)
}

/// Returns a bit set of the required members.
pub const fn required<const WORDS: usize>(is_required: &[bool]) -> [u64; WORDS] {
    let mut bits = [0; WORDS];
    let mut place = 0;
    while place < is_required.len() {
        bits[place / 64] |= (is_required[place] as u64) << (place % 64);
        place += 1;
    }
    bits
}

/// Returns the place of a name among the names that a type knows. `guess` is its likely place.
fn place(names: &[Name], guess: usize, name: &str) -> Option<usize> {
    let is_it = |known: &Name| known.is(name);
    let (before, after) = names.split_at_checked(guess).unwrap_or((names, &[]));
    // Members usually come in documented order, so the search starts at the expected one.
    after.iter().position(is_it).map(|at| guess + at).or_else(|| before.iter().position(is_it))
}

/// The members that an object has had so far, as one bit for each, and the number of unknown members.
struct SeenMembers<'s> {
    bits: &'s mut [u64],
    unknown: usize,
}

impl SeenMembers<'_> {
    fn has(&self, place: usize) -> bool {
        self.bits.get(place / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    /// Notes a member. Returns `false` if the object already had it.
    #[inline]
    fn add(&mut self, place: usize) -> bool {
        let Some(word) = self.bits.get_mut(place / 64) else { return false };
        let bit = 1 << (place % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    fn count(&self) -> usize {
        self.bits.iter().map(|word| word.count_ones() as usize).sum::<usize>() + self.unknown
    }
}

/// The members of an object that is read from text.
pub struct ObjectMembers<'s> {
    first: bool,
    guess: usize,
    names: &'static [Name],
    required: &'static [u64],
    seen: SeenMembers<'s>,
    /// The position of the name of the unknown member that was consumed last.
    unknown: Position,
}

// What every object needs is compiled once, so that the code of all types stays in the processor's cache.
impl<'s> ObjectMembers<'s> {
    /// Returns the members of an object that begins next. `names` are the names that the type knows, in documented order, in which
    /// members are expected. `required` and `seen` have a bit for each of them.
    #[inline]
    pub fn new(names: &'static [Name], required: &'static [u64], seen: &'s mut [u64]) -> Self {
        let seen = SeenMembers { bits: seen, unknown: 0 };
        ObjectMembers { first: true, guess: 0, names, required, seen, unknown: Position::default() }
    }

    /// Consumes the next member's name, and returns its place among the names that the type knows: [`END`] at the end of the
    /// object, and a larger place for an unknown member. Fails at the end of an object without all required members.
    #[inline(never)]
    pub fn next(&mut self, parser: &mut Parser<'_>) -> Result<usize> {
        if self.first {
            parser.open(b'{')?;
        }
        // The expected name is compared with the text directly, without a search for its end.
        match self.names.get(self.guess).and_then(|name| parser.name_end(self.first, name)) {
            Some(end) => {
                parser.take_name(end);
                self.found(parser, self.guess)
            }
            None if parser.take_end() => self.end(),
            None => self.search(parser),
        }
    }

    fn end(&self) -> Result<usize> {
        let mut words = self.seen.bits.iter().zip(self.required);
        check(words.all(|(seen, required)| seen & required == *required)).map(|()| END)
    }

    #[inline]
    fn found(&mut self, parser: &mut Parser<'_>, place: usize) -> Result<usize> {
        self.first = false;
        self.guess = place + 1;
        match self.seen.add(place) {
            true => Ok(place),
            // The earlier member has been read already, but only the last one counts.
            false => Err(parser.give_up()),
        }
    }

    /// Consumes the next member's name if it is not the expected one, or the end of the object.
    #[inline(never)]
    fn search(&mut self, parser: &mut Parser<'_>) -> Result<usize> {
        let first = self.first;
        if !parser.more(first, b'}')? {
            return self.end();
        }
        self.first = false;
        if let Some(place) = parser.take_one_of(self.names, self.guess) {
            return self.found(parser, place);
        }
        self.unknown = parser.position();
        let name = parser.any_name()?;
        if let Some(place) = place(self.names, self.guess, &name) {
            return self.found(parser, place);
        }
        parser.note_unknown_member(first)?;
        self.seen.unknown += 1;
        Ok(UNKNOWN)
    }

    /// Keeps a member that the type does not know.
    #[cold]
    pub fn keep(&self, parser: &mut Parser<'_>, extra: &mut Map<String, Value>) -> Result<()> {
        let name = self.unknown_name(parser)?;
        let value = parser.value()?;
        parser.check_new(extra.insert(name.into_owned(), value).is_none())
    }

    /// Keeps a member that the type does not know, if the validator of the object accepts it.
    pub fn keep_valid(
        &self,
        parser: &mut Parser<'_>,
        validator: Validator<'static>,
        extra: &mut Map<String, Value>,
    ) -> Result<()> {
        let name = self.unknown_name(parser)?;
        let value = parser.value()?;
        check(validator.accepts_member(&name, &value))?;
        parser.check_new(extra.insert(name.into_owned(), value).is_none())
    }

    /// Keeps a member that the type does not know, as the value that `reader` reads.
    pub fn keep_read<R: Reader>(
        &self,
        parser: &mut Parser<'_>,
        reader: R,
        extra: &mut BTreeMap<String, R::Output>,
    ) -> Result<()> {
        let name = self.unknown_name(parser)?;
        let value = reader.read(parser)?;
        parser.check_new(extra.insert(name.into_owned(), value).is_none())
    }

    /// Checks the name of the member that was consumed last.
    pub fn check_name(&self, parser: &mut Parser<'_>, validator: Validator<'static>, place: usize) -> Result<()> {
        match self.names.get(place) {
            _ if place == END => Ok(()),
            Some(name) => check_name(validator, name.bare()),
            None => check_name(validator, &self.unknown_name(parser)?),
        }
    }

    /// Parses the name of the last unknown member again. A field with the name would have to be dropped by the code of every type.
    #[cold]
    fn unknown_name<'t>(&self, parser: &mut Parser<'t>) -> Result<Cow<'t, str>> {
        parser.rewind(self.unknown);
        parser.any_name()
    }

    /// Checks the number of members.
    pub fn check_count(&self, validator: Validator<'static>) -> Result<()> {
        check(validator.accepts_members(self.seen.count()))
    }

    /// Checks that the member `needed` is present if the member `there` is present.
    pub fn check_dependent(&self, there: usize, needed: usize) -> Result<()> {
        check(!self.seen.has(there) || self.seen.has(needed))
    }

    /// Checks that all members of at least one list are present.
    pub fn any_of(&self, lists: &[&[usize]]) -> Result<()> {
        check(lists.iter().any(|places| self.has_each(places)))
    }

    /// Checks that all members of exactly one list are present.
    pub fn one_of(&self, lists: &[&[usize]]) -> Result<()> {
        check(lists.iter().filter(|places| self.has_each(places)).count() == 1)
    }

    /// Checks that no list has all of its members present.
    pub fn not(&self, lists: &[&[usize]]) -> Result<()> {
        check(!lists.iter().any(|places| self.has_each(places)))
    }

    fn has_each(&self, places: &[usize]) -> bool {
        places.iter().all(|place| self.seen.has(*place))
    }
}

/// Checks that the validator accepts a member's name.
pub(super) fn check_name(validator: Validator<'static>, name: &str) -> Result<()> {
    check(validator.is_valid(Instance::String(name)))
}

/// Returns [`Mismatch`](super::Mismatch) unless the condition holds.
#[inline]
pub(super) fn check(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(Mismatch) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_seen_once_each() {
        let mut seen = SeenMembers { bits: &mut [0; 2], unknown: 0 };
        for place in [0, 1, 63, 64, 70, 127] {
            assert!(!seen.has(place), "{place}");
            assert!(seen.add(place), "{place}");
            assert!(!seen.add(place), "{place}");
            assert!(seen.has(place), "{place}");
        }
        assert_eq!((0..200).filter(|place| seen.has(*place)).collect::<Vec<_>>(), [0, 1, 63, 64, 70, 127]);
        assert_eq!(seen.count(), 6);
    }

    #[test]
    fn the_next_name_is_tried_first() {
        let names = ["\"a\":", "\"b\":", "\"a\":"].map(Name::new);
        assert_eq!((place(&names, 0, "a"), place(&names, 1, "a"), place(&names, 1, "b")), (Some(0), Some(2), Some(1)));
        assert_eq!((place(&names, 3, "b"), place(&names, 9, "b"), place(&names, 0, "c")), (Some(1), Some(1), None));
        assert_eq!(place(&names, 0, "ab"), None);
        assert_eq!(Name::new("\"ab\":").bare(), "ab");
    }
}
