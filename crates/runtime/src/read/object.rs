//! The members of an object, by their place among the names that a type knows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::node::fill_optional_value;
use super::{Mismatch, Name, Node, Parser, Reader, Result};
use crate::evaluate::Validator;
use crate::instance::Instance;
use crate::steps;

/// What [`TextMembers::next`] returns at the end of an object.
pub const END: usize = usize::MAX - 1;

/// The place of a member that the type does not know.
const UNKNOWN: usize = usize::MAX;

/// How many words are needed for a bit per member.
pub const fn words(members: usize) -> usize {
    members.div_ceil(64)
}

/// The members that are required, a bit each.
pub const fn required<const WORDS: usize>(is_required: &[bool]) -> [u64; WORDS] {
    let mut bits = [0; WORDS];
    let mut place = 0;
    while place < is_required.len() {
        bits[place / 64] |= (is_required[place] as u64) << (place % 64);
        place += 1;
    }
    bits
}

/// The place of a name among those that a type knows. `guess`: where it is likely to be.
fn place(names: &[Name], guess: usize, name: &str) -> Option<usize> {
    let is_it = |known: &Name| known.is(name);
    let (before, after) = names.split_at_checked(guess).unwrap_or((names, &[]));
    after.iter().position(is_it).map(|at| guess + at).or_else(|| before.iter().position(is_it))
}

/// The members that an object was seen to have, a bit each, and how many others.
struct SeenMembers<const WORDS: usize> {
    bits: [u64; WORDS],
    unknown: usize,
}

impl<const WORDS: usize> SeenMembers<WORDS> {
    const NONE: Self = SeenMembers { bits: [0; WORDS], unknown: 0 };

    fn has(&self, place: usize) -> bool {
        self.bits.get(place / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    /// Notes a member; false if it was there before.
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

    #[inline]
    fn has_all(&self, required: &[u64; WORDS]) -> bool {
        self.bits.iter().zip(required).all(|(seen, required)| seen & required == *required)
    }
}

/// The checks of objects that both ways of reading share.
macro_rules! checks {
    () => {
        /// Checks how many members there are.
        pub fn check_count(&self, validator: Validator<'static>) -> Result<()> {
            check(validator.accepts_members(self.seen.count()))
        }

        /// Checks that a member is there if another one is.
        pub fn check_dependent(&self, there: usize, needed: usize) -> Result<()> {
            check(!self.seen.has(there) || self.seen.has(needed))
        }

        /// Checks that the members are there that must be.
        #[inline]
        pub fn check_required(&self, required: &[u64; WORDS]) -> Result<()> {
            check(self.seen.has_all(required))
        }
    };
}

/// The members of an object that is read from text.
pub struct TextMembers<'t, const WORDS: usize> {
    first: bool,
    guess: usize,
    seen: SeenMembers<WORDS>,
    name: Cow<'t, str>,
}

impl<'t, const WORDS: usize> TextMembers<'t, WORDS> {
    /// Begins an object.
    #[inline]
    pub fn begin(parser: &mut Parser<'t>) -> Result<Self> {
        parser.open(b'{')?;
        Ok(TextMembers { first: true, guess: 0, seen: SeenMembers::NONE, name: Cow::Borrowed("") })
    }

    /// Takes the next member's name, and returns its place among the names that the type knows: [`END`] at the end of the object,
    /// and a larger place for an unknown member. `names` are in documented order, in which members are expected.
    #[inline]
    pub fn next(&mut self, parser: &mut Parser<'t>, names: &[Name]) -> Result<usize> {
        match names.get(self.guess).and_then(|name| parser.name_end(self.first, name)) {
            Some(end) => {
                parser.take_name(end);
                self.found(self.guess)
            }
            None if parser.take_end() => Ok(END),
            None => self.search(parser, names),
        }
    }

    #[inline]
    fn found(&mut self, place: usize) -> Result<usize> {
        self.first = false;
        self.guess = place + 1;
        check(self.seen.add(place))?;
        Ok(place)
    }

    /// Takes the next member's name if it is not the expected one, or the end of the object.
    #[inline(never)]
    fn search(&mut self, parser: &mut Parser<'t>, names: &[Name]) -> Result<usize> {
        let first = self.first;
        if !parser.more(first, b'}')? {
            return Ok(END);
        }
        self.first = false;
        if let Some(place) = parser.take_one_of(names, self.guess) {
            return self.found(place);
        }
        let name = parser.any_name()?;
        if let Some(place) = place(names, self.guess, &name) {
            return self.found(place);
        }
        parser.note_unknown_member(first)?;
        self.seen.unknown += 1;
        self.name = name;
        Ok(UNKNOWN)
    }

    /// Keeps a member that the type does not know.
    #[cold]
    pub fn keep(&mut self, parser: &mut Parser<'t>, extra: &mut Map<String, Value>) -> Result<()> {
        let name = std::mem::take(&mut self.name);
        let value = parser.value()?;
        check(extra.insert(name.into_owned(), value).is_none())
    }

    /// Keeps a member that the type does not know, if the validator of the object accepts it.
    pub fn keep_valid(
        &mut self,
        parser: &mut Parser<'t>,
        validator: Validator<'static>,
        extra: &mut Map<String, Value>,
    ) -> Result<()> {
        let value = parser.value()?;
        check(validator.accepts_member(&self.name, &value))?;
        check(extra.insert(std::mem::take(&mut self.name).into_owned(), value).is_none())
    }

    /// Keeps a member that the type does not know, as a reader reads it.
    pub fn keep_read<R: Reader>(
        &mut self,
        parser: &mut Parser<'t>,
        reader: R,
        extra: &mut BTreeMap<String, R::Output>,
    ) -> Result<()> {
        let value = reader.read_text(parser)?;
        check(extra.insert(std::mem::take(&mut self.name).into_owned(), value).is_none())
    }

    /// Checks the name of the member that was taken.
    pub fn check_name(&self, validator: Validator<'static>, names: &[Name], place: usize) -> Result<()> {
        match place {
            END => Ok(()),
            _ => check_name(validator, names.get(place).map_or(&*self.name, |name| name.bare())),
        }
    }

    checks!();
}

/// The members of an object that is read from a value.
pub struct NodeMembers<'v, const WORDS: usize> {
    node: Node<'v>,
    members: serde_json::map::Iter<'v>,
    guess: usize,
    seen: SeenMembers<WORDS>,
    name: &'v str,
    /// Members that do not fit, by their names. They are copied only once all else fits: if this object is set aside as a
    /// whole, and so on for the objects around it, each copy of a large value would be made for nothing.
    set_aside: Vec<(&'static str, &'v Value)>,
}

impl<'v, const WORDS: usize> NodeMembers<'v, WORDS> {
    /// Begins an object.
    pub fn begin(node: Node<'v>) -> Result<Self> {
        let members = node.object()?.iter();
        steps::add(1);
        Ok(NodeMembers { node, members, guess: 0, seen: SeenMembers::NONE, name: "", set_aside: Vec::new() })
    }

    /// The next member: the place of its name among those that the type knows, or a place after them, and its value.
    #[allow(clippy::should_implement_trait, reason = "the names belong to the type, and not to the iterator")]
    pub fn next(&mut self, names: &[Name]) -> Option<(usize, Node<'v>)> {
        let (name, value) = self.members.next()?;
        self.name = name;
        let place = match place(names, self.guess, name) {
            Some(place) => {
                self.guess = place + 1;
                self.seen.add(place);
                place
            }
            None => {
                self.seen.unknown += 1;
                UNKNOWN
            }
        };
        Some((place, self.node.part(value)))
    }

    /// Keeps a member that the type does not know.
    pub fn keep(&mut self, node: Node<'v>, extra: &mut Map<String, Value>) {
        extra.insert(self.name.to_owned(), node.value.clone());
    }

    /// Keeps a member that the type does not know, if the validator of the object accepts it.
    pub fn keep_valid(
        &mut self,
        node: Node<'v>,
        validator: Validator<'static>,
        extra: &mut Map<String, Value>,
    ) -> Result<()> {
        check(validator.accepts_member(self.name, node.value))?;
        self.keep(node, extra);
        Ok(())
    }

    /// Keeps a member that the type does not know, as a reader reads it.
    pub fn keep_read<R: Reader>(
        &mut self,
        node: Node<'v>,
        reader: R,
        extra: &mut BTreeMap<String, R::Output>,
    ) -> Result<()> {
        let value = reader.read_value(node)?;
        extra.insert(self.name.to_owned(), value);
        Ok(())
    }

    /// Reads a member that may be absent into its field. One that does not fit is set aside, where that is allowed.
    pub fn fill_or_set_aside<R: Reader>(
        &mut self,
        node: Node<'v>,
        reader: R,
        field: &mut Option<R::Output>,
        name: &'static str,
    ) -> Result<()> {
        match fill_optional_value(reader, field, node) {
            Err(Mismatch) if node.tolerant => {
                *field = None;
                self.set_aside.push((name, node.value));
                Ok(())
            }
            result => result,
        }
    }

    /// Keeps the members that were set aside.
    pub fn keep_set_aside(&mut self, extra: &mut Map<String, Value>) {
        extra.extend(self.set_aside.drain(..).map(|(name, value)| (name.to_owned(), value.clone())));
    }

    /// Checks the name of the member.
    pub fn check_name(&self, validator: Validator<'static>) -> Result<()> {
        check_name(validator, self.name)
    }

    checks!();
}

/// Checks that the validator accepts a member's name.
pub(super) fn check_name(validator: Validator<'static>, name: &str) -> Result<()> {
    check(validator.is_valid(Instance::String(name)))
}

/// Turns a condition that must hold into a result.
#[inline]
pub fn check(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(Mismatch) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_seen_once_each() {
        let mut seen = SeenMembers::<2>::NONE;
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
