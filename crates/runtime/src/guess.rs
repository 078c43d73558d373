//! Guesses: which event a payload may be, from a glance at its text.

use std::sync::OnceLock;

use memchr::memmem::Finder;

use crate::dispatch::{Condition, Paths};
use crate::read::{begins_with, is_plain};
use crate::scan;

/// The maximum number of members with the discriminator's name that a guess considers.
const CANDIDATES: usize = 4;

/// A guess at the event of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The payload has no discriminator with a known value.
    None,
    /// The discriminator has a value that does not decide between several events.
    Ambiguous,
    /// The payload is this event if the event's type accepts it. If the guess is not certain, the type must also name all members of
    /// the payload. Code generation has proven that no event of higher precedence matches then, except for the events that precede
    /// this one in the list of guesses.
    Event {
        /// The index of the event in [`ProviderInfo::events`](crate::ProviderInfo::events).
        index: usize,
        /// Whether the payload may have members that the type does not name.
        certain: bool,
    },
}

impl Guess {
    /// Returns a guess that holds for every payload that the event's type accepts.
    pub const fn certain(index: usize) -> Guess {
        Guess::Event { index, certain: true }
    }

    /// Returns a guess that holds for every payload that the event's type accepts, if the type names all members of the
    /// payload.
    pub const fn likely(index: usize) -> Guess {
        Guess::Event { index, certain: false }
    }

    /// Returns the guess of a value that does not decide between several events.
    pub const fn ambiguous() -> Guess {
        Guess::Ambiguous
    }
}

/// A string member whose value limits the events that a payload may be.
#[derive(Debug)]
pub struct Discriminator {
    /// The name of the member, in quotes.
    member: &'static str,
    /// The events that each value may mean, in order of precedence.
    values: &'static [(&'static str, &'static [Guess])],
    finder: OnceLock<Finder<'static>>,
}

impl Discriminator {
    /// Returns a discriminator whose name is given in quotes.
    pub const fn new(member: &'static str, values: &'static [(&'static str, &'static [Guess])]) -> Discriminator {
        Discriminator { member, values, finder: OnceLock::new() }
    }

    /// Returns a value of the discriminator, with the events that it may mean. The text is searched for the name, not parsed: the
    /// member found may be inside any object, and may even be part of a string. So only the first [`CANDIDATES`] places are examined.
    pub(crate) fn find(&self, text: &str) -> Option<&'static (&'static str, &'static [Guess])> {
        let finder = self.finder.get_or_init(|| Finder::new(self.member));
        let mut rest = text.as_bytes();
        for _ in 0..CANDIDATES {
            let at = match rest {
                // Many payloads begin with the discriminator, and this comparison is faster than a search.
                [b'{', first @ ..] if begins_with(first, self.member.as_bytes()) => 1,
                bytes => finder.find(bytes)?,
            };
            rest = rest.get(at + self.member.len()..)?;
            let string = match rest {
                [b':', b'"', string @ ..] | [b':', b' ', b'"', string @ ..] => Some(string),
                _ => rest
                    .trim_ascii_start()
                    .strip_prefix(b":")
                    .and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\"")),
            };
            let known = string.and_then(|string| self.known(string));
            if known.is_some() {
                return known;
            }
        }
        None
    }

    /// Returns the value that the bytes begin with, if a quote follows it.
    fn known(&self, bytes: &[u8]) -> Option<&'static (&'static str, &'static [Guess])> {
        let is_next = |value: &str| bytes.get(value.len()) == Some(&b'"') && begins_with(bytes, value.as_bytes());
        self.values.iter().find(|(value, _)| is_next(value))
    }

    /// Returns whether this is the member's name.
    pub(crate) fn is_member(&self, name: &str) -> bool {
        self.member.strip_prefix('"').and_then(|member| member.strip_suffix('"')) == Some(name)
    }
}

/// Searches texts for members by the last names of their paths.
#[derive(Debug, Default)]
pub struct MemberFinders(OnceLock<Vec<Option<Finder<'static>>>>);

impl MemberFinders {
    /// Returns finders that are created when they are first needed.
    pub const fn new() -> MemberFinders {
        MemberFinders(OnceLock::new())
    }

    /// Returns whether a condition may hold for a payload. If the result is `false`, no member of this name, inside any
    /// object, satisfies the condition, unless a member's name is written with escapes.
    pub(crate) fn may_hold(&self, condition: &Condition<'static>, paths: Paths, text: &str) -> bool {
        // A member with this name in another object does not show that the member at the path is present.
        if matches!(condition, Condition::Absent(_)) {
            return true;
        }
        let finders = self.0.get_or_init(|| paths.0.iter().map(|path| finder(path)).collect());
        let Some(Some(finder)) = finders.get(condition.path()) else { return true };
        let mut rest = text;
        while let Some(at) = finder.find(rest.as_bytes()) {
            let Some(after) = rest.get(at + finder.needle().len()..) else { return true };
            rest = after;
            let Some(value) = rest.trim_ascii_start().strip_prefix(':') else { continue };
            // No event is read from a text that is not JSON. Values are not searched again, so the search takes linear time.
            let Some((value, after)) = scan::leading_scalar(value) else { return true };
            if condition.holds(&|_| Some(&value)) {
                return true;
            }
            rest = after;
        }
        false
    }
}

/// Returns a finder of a path's last name in quotes; `None` if the path is empty, or JSON escapes the name.
fn finder(path: &[&str]) -> Option<Finder<'static>> {
    let name = path.last().filter(|name| is_plain(name.as_bytes()))?;
    Some(Finder::new(&format!("\"{name}\"")).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::Literal;
    use crate::number::NumberLiteral;

    #[test]
    fn a_guess_looks_at_the_first_few_members_of_the_name() {
        const A: &[Guess] = &[Guess::certain(0)];
        const AB: &[Guess] = &[Guess::likely(1), Guess::certain(2)];
        const B: &[Guess] = &[Guess::Ambiguous];
        let discriminator = Discriminator::new("\"type\"", &[("a", A), ("ab", AB), ("b", B)]);
        let other = r#""type": "other", "#;
        for (text, expected) in [
            (r#"{"type": "a"}"#.to_owned(), Some(A)),
            (r#"{"type" : "ab", "type": "a"}"#.to_owned(), Some(AB)),
            (r#"{"type":"b", "type": "a"}"#.to_owned(), Some(B)),
            (r#"{"in": {"type": "a"}}"#.to_owned(), Some(A)),
            // Neither a longer string nor a shorter one, and no other value.
            (r#"{"type": "abc"}"#.to_owned(), None),
            (r#"{"type": ""}"#.to_owned(), None),
            (r#"{"type": a"}"#.to_owned(), None),
            (r#"{"type", "a"}"#.to_owned(), None),
            (r#"{"kind": "a"}"#.to_owned(), None),
            (r#"{"type": "a"#.to_owned(), None),
            (format!(r#"{{{}"type": "a"}}"#, other.repeat(3)), Some(A)),
            (format!(r#"{{{}"type": "a"}}"#, other.repeat(4)), None),
            // Only white space and a colon may come between the name and the string.
            (r#"{"of": ["type", "type"], "type": "a"}"#.to_owned(), Some(A)),
        ] {
            assert_eq!(discriminator.find(&text).map(|(_, guesses)| *guesses), expected, "{text}");
        }
    }

    #[test]
    fn a_condition_may_hold_if_it_does_for_a_member_of_the_name() {
        const PATHS: Paths = Paths(&[&[], &["a", "id"], &["a\"b"], &["kind"]]);
        let finders = MemberFinders::new();
        let number = Condition::Equals(1, &[Literal::Number(NumberLiteral::Integer(15)), Literal::String("15")]);
        let may_hold = |condition: &Condition<'static>, text| finders.may_hold(condition, PATHS, text);
        for (text, expected) in [
            (r#"{"id": 15}"#, true),
            (r#"{"id" : "15"}"#, true),
            (r#"{"id":1.5e1}"#, true),
            (r#"{"id":"\u00315"}"#, true),
            (r#"{"id": 16, "b": [{"id": 15.0}]}"#, true),
            // Part of a string, which is not parsed.
            (r#"{"b": "\"id\": 15", "c": "id", "id": 16}"#, false),
            (r#"{"id": 151}"#, false),
            (r#"{"id": "15 "}"#, false),
            (r#"{"id": null, "ids": 15}"#, false),
            (r#"{"id": [15]}"#, false),
            (r#"{"id": {"id": [15, "id"]}}"#, false),
            (r#"{"id""#, false),
            (r#"{"id": 1"id": 15"#, false),
            (r#"{"id": "#, true),
            ("", false),
        ] {
            assert_eq!(may_hold(&number, text), expected, "{text}");
        }
        let present = Condition::Present(3);
        assert!(may_hold(&present, r#"{"kind": {"a": 5}}"#) && may_hold(&present, r#"{"kind":[]}"#));
        assert!(!may_hold(&present, r#"{"kin": "kind"}"#) && !may_hold(&present, r#"["kind"]"#));
        // What a search cannot rule out.
        for condition in [Condition::Absent(3), Condition::Present(0), Condition::Present(2)] {
            assert!(may_hold(&condition, "{}"), "{condition:?}");
        }
    }
}
