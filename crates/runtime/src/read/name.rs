//! Member names in the form in which JSON text contains them.

use super::bytes::{after, begins_with, is_plain, same_words};

/// A member's name as `"name":`, prepared for comparing it with text one word at a time.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    quoted: &'static str,
    /// The first eight bytes, or as many as there are; [`NO_TEXT`] for a name that JSON escapes.
    head: u64,
    /// The bits of `head` that count.
    mask: u64,
    /// The last eight bytes, where there are more than eight.
    tail: u64,
}

/// Returns names, each given as `"name":`.
pub const fn names<const COUNT: usize>(quoted: &[&'static str]) -> [Name; COUNT] {
    let mut names = [Name::new("\"\":"); COUNT];
    let mut place = 0;
    while place < COUNT {
        names[place] = Name::new(quoted[place]);
        place += 1;
    }
    names
}

/// Returns up to eight bytes, starting at `from`, as a little-endian number.
const fn word(bytes: &[u8], from: usize) -> u64 {
    let mut word = 0;
    let mut at = from;
    while at < bytes.len() && at < from + 8 {
        word |= (bytes[at] as u64) << (8 * (at - from));
        at += 1;
    }
    word
}

/// Returns the bytes of the name in `"name":`.
const fn bare(quoted: &str) -> &[u8] {
    match quoted.as_bytes() {
        [_, bare @ .., _, _] => bare,
        _ => &[],
    }
}

/// Returns whether JSON writes the name in `"name":` without escapes.
pub(crate) const fn is_plain_name(quoted: &str) -> bool {
    is_plain(bare(quoted))
}

/// Bytes that never occur in UTF-8: the head of a name that JSON escapes, which is therefore never found by its bytes.
const NO_TEXT: u64 = u64::MAX;

impl Name {
    /// Creates a name, given as `"name":`.
    pub const fn new(quoted: &'static str) -> Name {
        let bytes = quoted.as_bytes();
        let mask = if bytes.len() < 8 { (1 << (8 * bytes.len())) - 1 } else { u64::MAX };
        let tail = if bytes.len() > 8 { word(bytes, bytes.len() - 8) } else { 0 };
        let head = if is_plain_name(quoted) { word(bytes, 0) } else { NO_TEXT };
        Name { quoted, head, mask, tail }
    }

    /// Returns the name without quotes.
    pub(super) fn bare(&self) -> &'static str {
        self.quoted.get(1..self.quoted.len().saturating_sub(2)).unwrap_or_default()
    }

    /// Returns whether this name is `name`.
    #[inline]
    pub(super) fn is(&self, name: &str) -> bool {
        self.quoted.len() == name.len() + 3
            && self.quoted.as_bytes().get(1..).is_some_and(|known| begins_with(known, name.as_bytes()))
    }

    /// Returns the length of the name with its quotes and its colon, if a text begins with them.
    #[inline]
    pub(super) fn length_in(&self, text: &[u8]) -> Option<usize> {
        match text.len() {
            // Words cannot be read beyond the end of the text.
            0..8 => self.length_in_rest(text),
            _ => self.length_in_words(text),
        }
    }

    /// Returns the length of the name with its quotes and its colon, if a text of at least eight bytes begins with them. In a shorter
    /// text, the name is not found, because names are compared by whole words.
    #[inline]
    pub(super) fn length_in_words(&self, text: &[u8]) -> Option<usize> {
        let length = self.quoted.len();
        let first = text.first_chunk::<8>()?;
        if (u64::from_le_bytes(*first) ^ self.head) & self.mask != 0 {
            return None;
        }
        if length > 8 {
            let last = text.get(..length)?.last_chunk::<8>()?;
            if u64::from_le_bytes(*last) != self.tail {
                return None;
            }
            // The head and the tail cover 16 bytes. Only a longer name has bytes between them.
            if length > 16 && !same_words(text.get(8..length)?, self.quoted.as_bytes().get(8..)?) {
                return None;
            }
        }
        Some(length)
    }

    /// Returns the length of the name with its quotes and its colon, if a text of less than eight bytes begins with them.
    #[cold]
    fn length_in_rest(&self, text: &[u8]) -> Option<usize> {
        let is_plain = self.head != NO_TEXT;
        after(text, self.quoted.as_bytes()).filter(|_| is_plain).map(|_| self.quoted.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    const NAMES: [&str; 12] = [
        "\"\":",
        "\"a\":",
        "\"é\":",
        "\"four\":",
        "\"fives\":",
        "\"sixsix\":",
        "\"of thirteen_\":",
        "\"fourteen_char\":",
        "\"fifteen___char\":",
        "\"a name of many characters\":",
        "\"a name of many characters, and of some more\":",
        "\"0123456789012345678901234567890123456789\":",
    ];

    #[test]
    fn a_name_is_found_at_the_beginning_of_a_text() {
        for quoted in NAMES {
            let name = Name::new(quoted);
            assert!(name.is(name.bare()) && !name.is("other") && !name.is(&format!("{}x", name.bare())));
            for rest in ["", "1}", " null}", "\"and a longer text behind it\", \"more\": 5}"] {
                assert_eq!(name.length_in(format!("{quoted}{rest}").as_bytes()), Some(quoted.len()), "{quoted}{rest}");
                // Any byte that differs.
                for at in 0..quoted.len() {
                    let mut text = format!("{quoted}{rest}").into_bytes();
                    text[at] ^= 1;
                    assert_eq!(name.length_in(&text), None, "{quoted}{rest} {at}");
                }
            }
            for length in 0..quoted.len() {
                assert_eq!(name.length_in(&quoted.as_bytes()[..length]), None, "{quoted} {length}");
            }
            for other in NAMES.iter().filter(|other| **other != quoted) {
                assert_eq!(name.length_in(format!("{other}1}}").as_bytes()), None, "{quoted} {other}");
            }
        }
    }

    #[test]
    fn text_is_no_name_that_json_escapes() {
        for quoted in ["\"a\\b\":", "\"a\"b\":", "\"a\nb\":", "\"a\\n is long enough for words\":"] {
            let name = Name::new(quoted);
            for rest in ["", "\"something comes behind it\"}"] {
                assert_eq!(name.length_in(format!("{quoted}{rest}").as_bytes()), None, "{quoted}");
            }
            assert!(name.is(name.bare()));
        }
    }
}
