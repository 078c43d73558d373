//! Parses character classes as ECMA-262 defines them: items and ranges. Engines also have set operations, which would
//! change the meaning of `--` and `&&`, so a class is parsed here and written as explicit ranges.

use std::fmt::Write as _;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::{Translator, point};

/// The characters that `\s` matches in ECMA-262.
const SPACE: [(char, char); 10] = [
    ('\t', '\r'),
    (' ', ' '),
    ('\u{A0}', '\u{A0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200A}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202F}', '\u{202F}'),
    ('\u{205F}', '\u{205F}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{FEFF}', '\u{FEFF}'),
];
const DIGIT: [(char, char); 1] = [('0', '9')];
const WORD: [(char, char); 4] = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const LINE_END: [(char, char); 3] = [('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')];

/// A pattern for one character, inside or outside a class.
pub(super) enum Atom {
    /// A code point. It may be a surrogate, which never occurs in a text.
    Point(u32),
    /// A set of characters, such as `\d`.
    Set(ClassUnicode),
}

impl Atom {
    pub(super) fn set(self) -> ClassUnicode {
        match self {
            Atom::Point(value) => range(value, value),
            Atom::Set(set) => set,
        }
    }
}

/// Returns the characters in a range of code points, without surrogates.
fn range(first: u32, last: u32) -> ClassUnicode {
    let first = if is_surrogate(first) { 0xE000 } else { first };
    let last = if is_surrogate(last) { 0xD7FF } else { last };
    let bounds = char::from_u32(first).zip(char::from_u32(last)).filter(|(first, last)| first <= last);
    ClassUnicode::new(bounds.map(|(first, last)| ClassUnicodeRange::new(first, last)))
}

fn is_surrogate(value: u32) -> bool {
    (0xD800..0xE000).contains(&value)
}

/// Returns the set, or its complement. `ClassUnicode::negate` is not suitable: for a set with adjacent ranges up to
/// U+D7FF and from U+E000, its result contains both of these characters.
fn negated_if(negated: bool, set: ClassUnicode) -> ClassUnicode {
    if !negated {
        return set;
    }
    let mut outside = ClassUnicode::empty();
    let mut next = 0;
    for within in set.ranges() {
        if let Some(last) = u32::from(within.start()).checked_sub(1).filter(|last| *last >= next) {
            outside.union(&range(next, last));
        }
        next = u32::from(within.end()) + 1;
    }
    if next <= u32::from(char::MAX) {
        outside.union(&range(next, char::MAX.into()));
    }
    outside
}

fn set_of(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|(first, last)| ClassUnicodeRange::new(*first, *last)))
}

/// Returns the set of an escape such as `\d`, or `None` if the letter names no set.
pub(super) fn named(letter: char) -> Option<ClassUnicode> {
    let set = match letter.to_ascii_lowercase() {
        'd' => set_of(&DIGIT),
        'w' => set_of(&WORD),
        's' => set_of(&SPACE),
        _ => return None,
    };
    Some(negated_if(letter.is_ascii_uppercase(), set))
}

/// Returns the characters that `.` matches.
pub(super) fn no_line_end() -> ClassUnicode {
    negated_if(true, set_of(&LINE_END))
}

/// Returns the characters with a Unicode property, such as `L` or `Script=Greek`.
pub(super) fn property(name: &str, negated: bool) -> Result<ClassUnicode, String> {
    let unknown = || format!(r"has an unknown property of characters, \p{{{name}}}");
    // Other characters are syntax of the engine, not of ECMA-262. `IsGreek` is a block in other regex dialects, but a
    // script for the engine, so it is rejected.
    let is_block = ["Is", "In"]
        .iter()
        .any(|prefix| name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())));
    if is_block || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '=') {
        return Err(unknown());
    }
    // The engine does not know surrogates, which never occur in a text.
    let category = name.strip_prefix("General_Category=").or_else(|| name.strip_prefix("gc=")).unwrap_or(name);
    if matches!(category, "Cs" | "Surrogate") {
        return Ok(negated_if(negated, ClassUnicode::empty()));
    }
    let parsed = regex_syntax::parse(&format!(r"\p{{{name}}}")).map_err(|_| unknown())?;
    match parsed.into_kind() {
        HirKind::Class(Class::Unicode(set)) => Ok(negated_if(negated, set)),
        // The property has a single character.
        HirKind::Literal(text) => {
            let text = String::from_utf8_lossy(&text.0).into_owned();
            let one = text.chars().map(|c| ClassUnicodeRange::new(c, c));
            Ok(negated_if(negated, ClassUnicode::new(one)))
        }
        _ => Err(unknown()),
    }
}

impl Translator<'_> {
    /// Parses a class after its opening bracket.
    pub(super) fn class(&mut self) -> Result<ClassUnicode, String> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut all = ClassUnicode::empty();
        while let Some(first) = self.class_atom()? {
            let mut ahead = self.rest.clone();
            let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']');
            if !is_range {
                all.union(&first.set());
                continue;
            }
            self.rest.next();
            match (first, self.class_atom()?) {
                (Atom::Point(first), Some(Atom::Point(last))) if first > last => {
                    return Err(format!("has a class with a range that ends before it starts, {}", shown(first, last)));
                }
                (Atom::Point(first), Some(Atom::Point(last))) => all.union(&range(first, last)),
                // A set is not the end of a range, so the hyphen next to it is literal, as in `[\w-.]` (ECMA-262, Annex
                // B).
                (first, last) => {
                    all.union(&first.set());
                    all.union(&range(u32::from('-'), u32::from('-')));
                    all.union(&last.map_or_else(ClassUnicode::empty, Atom::set));
                }
            }
        }
        Ok(negated_if(negated, all))
    }

    /// Parses the next atom of a class. Returns `None` at the end of the class.
    fn class_atom(&mut self) -> Result<Option<Atom>, String> {
        Ok(Some(match self.rest.next() {
            None => return Err("has a class that does not end".to_owned()),
            Some(']') => return Ok(None),
            Some('\\') => match self.rest.next() {
                None => return Err("ends in a backslash".to_owned()),
                Some('b') => Atom::Point(8),
                Some(next) => self.character_escape(next)?,
            },
            Some('[') => {
                // ECMA-262 reads `[[:alpha:]]` as a class of these characters followed by a bracket, which is hardly
                // what the author meant.
                let name: String = self.rest.clone().skip(1).take_while(char::is_ascii_alphabetic).collect();
                let ahead: String = self.rest.clone().take(name.len() + 3).collect();
                if !name.is_empty() && ahead == format!(":{name}:]") {
                    return Err(format!("has a class that ECMA-262 does not have, [{ahead}"));
                }
                Atom::Point('['.into())
            }
            Some(other) => Atom::Point(other.into()),
        }))
    }
}

/// Returns a range as text for people.
fn shown(first: u32, last: u32) -> String {
    let one = |value: u32| match char::from_u32(value) {
        Some(c) if !c.is_control() => format!("`{c}`"),
        _ => format!("U+{value:04X}"),
    };
    format!("from {} to {}", one(first), one(last))
}

/// Writes a set in syntax that every engine supports. No engine supports an empty class, so `nothing` is written for an
/// empty set.
pub(super) fn print(set: &ClassUnicode, nothing: &str, out: &mut String) {
    if set.ranges().is_empty() {
        out.push_str(nothing);
        return;
    }
    out.push('[');
    for range in set.ranges() {
        let _ = write!(out, "{}-{}", point(range.start().into()), point(range.end().into()));
    }
    out.push(']');
}
