//! Guesses: which event a payload may be, from a glance at its text.

use std::sync::OnceLock;

use memchr::memmem::Finder;

use crate::read::begins_with;

/// How many members with the discriminator's name a guess considers.
const CANDIDATES: usize = 4;

/// A guess at the event of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The payload has no discriminator with a known value.
    None,
    /// The payload names itself, but several events have that name.
    Ambiguous,
    /// The payload is this event if the event's type accepts it and, unless the guess is certain, names all of its members: code
    /// generation has proven that no event of higher precedence matches then.
    Event {
        /// The index of the event in [`ProviderInfo::events`](crate::ProviderInfo::events).
        index: usize,
        /// Whether members that the type does not name make no difference.
        certain: bool,
    },
}

impl Guess {
    /// A guess that holds for every payload that the event's type accepts.
    pub const fn certain(index: usize) -> Guess {
        Guess::Event { index, certain: true }
    }

    /// A guess that holds for every payload that the event's type accepts and whose members it names.
    pub const fn likely(index: usize) -> Guess {
        Guess::Event { index, certain: false }
    }
}

/// A string member whose value says which event a payload may be.
#[derive(Debug)]
pub struct Discriminator {
    /// The name of the member, in quotes.
    member: &'static str,
    /// What each value means.
    values: &'static [(&'static str, Guess)],
    finder: OnceLock<Finder<'static>>,
}

impl Discriminator {
    /// A discriminator whose name is given in quotes.
    pub const fn new(member: &'static str, values: &'static [(&'static str, Guess)]) -> Discriminator {
        Discriminator { member, values, finder: OnceLock::new() }
    }

    /// Guesses the event of a payload. The text is searched for the name, not parsed: the member found may be inside any object,
    /// and may even be part of a string. So only the first [`CANDIDATES`] places are looked at.
    pub(crate) fn guess(&self, text: &str) -> Guess {
        self.find(text).unwrap_or(Guess::None)
    }

    fn find(&self, text: &str) -> Option<Guess> {
        let finder = self.finder.get_or_init(|| Finder::new(self.member));
        let mut rest = text;
        for _ in 0..CANDIDATES {
            let at = match rest.as_bytes() {
                // Many payloads begin with the discriminator, and this comparison is faster than a search.
                [b'{', first @ ..] if begins_with(first, self.member.as_bytes()) => 1,
                bytes => finder.find(bytes)?,
            };
            rest = rest.get(at + self.member.len()..)?;
            let after = rest.trim_ascii_start().strip_prefix(':').map(str::trim_ascii_start);
            let known = after.and_then(|after| self.meaning(after.strip_prefix('"')?.as_bytes()));
            if known.is_some() {
                return known;
            }
        }
        None
    }

    /// What the string means that the bytes begin with, if a quote follows it.
    fn meaning(&self, bytes: &[u8]) -> Option<Guess> {
        let is_next = |value: &str| bytes.get(value.len()) == Some(&b'"') && begins_with(bytes, value.as_bytes());
        self.values.iter().find(|(value, _)| is_next(value)).map(|(_, guess)| *guess)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_looks_at_the_first_few_members_of_the_name() {
        const VALUES: &[(&str, Guess)] = &[("a", Guess::certain(0)), ("ab", Guess::likely(1)), ("b", Guess::Ambiguous)];
        let discriminator = Discriminator::new("\"type\"", VALUES);
        let other = r#""type": "other", "#;
        for (text, expected) in [
            (r#"{"type": "a"}"#.to_owned(), Guess::certain(0)),
            (r#"{"type" : "ab", "type": "a"}"#.to_owned(), Guess::likely(1)),
            (r#"{"type":"b", "type": "a"}"#.to_owned(), Guess::Ambiguous),
            (r#"{"in": {"type": "a"}}"#.to_owned(), Guess::certain(0)),
            // Neither a longer string nor a shorter one, and no other value.
            (r#"{"type": "abc"}"#.to_owned(), Guess::None),
            (r#"{"type": ""}"#.to_owned(), Guess::None),
            (r#"{"type": a"}"#.to_owned(), Guess::None),
            (r#"{"type", "a"}"#.to_owned(), Guess::None),
            (r#"{"kind": "a"}"#.to_owned(), Guess::None),
            (r#"{"type": "a"#.to_owned(), Guess::None),
            (format!(r#"{{{}"type": "a"}}"#, other.repeat(3)), Guess::certain(0)),
            (format!(r#"{{{}"type": "a"}}"#, other.repeat(4)), Guess::None),
            // Only white space and a colon may come between the name and the string.
            (r#"{"of": ["type", "type"], "type": "a"}"#.to_owned(), Guess::certain(0)),
        ] {
            assert_eq!(discriminator.guess(&text), expected, "{text}");
        }
    }
}
