//! Text that a vendor writes from a template, and the fields it contains.

use std::fmt;
use std::marker::PhantomData;

/// A text that a vendor writes from a template, such as `Login failure for admin`. The text is kept unchanged, and its
/// fields are extracted on request.
pub struct TemplatedText<F> {
    text: String,
    fields: PhantomData<fn() -> F>,
}

impl<F: Fields> TemplatedText<F> {
    /// Extracts the fields by the first documented template that matches the whole text. Returns `None` if no template
    /// matches, which is not an error.
    pub fn fields(&self) -> Option<F> {
        F::TEMPLATES
            .iter()
            .find_map(|template| captures(template, &self.text))
            .and_then(|captures| F::from_captures(&captures))
    }
}

impl<F> TemplatedText<F> {
    /// Returns the text, as in the payload.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the text as a `String`.
    pub fn into_string(self) -> String {
        self.text
    }
}

/// The fields of a text that matches one of several templates. Implementations are generated from the schema's
/// `x-text-templates`.
pub trait Fields: Sized {
    /// The templates, most specific first.
    const TEMPLATES: &'static [&'static [Part<'static>]];

    /// Builds the fields. Returns `None` if a required field is missing or is not of its type.
    fn from_captures(captures: &Captures<'_>) -> Option<Self>;
}

/// A part of a template.
#[derive(Clone, Copy, Debug)]
pub enum Part<'p> {
    /// Literal text. White space in it matches any white space.
    Literal(&'p str),
    /// A field of this name.
    Field(&'p str),
    /// Parts that may be absent.
    Optional(&'p [Part<'p>]),
}

/// The fields found in a text, by name.
#[derive(Debug)]
pub struct Captures<'t>(Vec<(&'t str, &'t str)>);

impl<'t> Captures<'t> {
    /// Returns the text of a field.
    pub fn get(&self, name: &str) -> Option<&'t str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Returns the text of a field that is a decimal number without a sign.
    pub fn integer(&self, name: &str) -> Option<u64> {
        self.get(name).filter(|text| text.bytes().all(|b| b.is_ascii_digit())).and_then(|text| text.parse().ok())
    }
}

/// Returns whether a template matches the whole text.
pub fn matches_template(template: &[Part<'_>], text: &str) -> bool {
    captures(template, text).is_some()
}

/// The maximum number of optional parts of a template that are tried. Each optional part doubles the number of
/// attempts.
const OPTIONAL: usize = 6;

/// Matches the whole text against a template. Every choice of optional parts is tried, starting with the largest. For
/// one choice, a field ends where the words after it begin, so each attempt takes time proportional to the length of
/// the text.
fn captures<'t>(template: &[Part<'t>], text: &'t str) -> Option<Captures<'t>> {
    // Each bit of a choice leaves out one optional part.
    let optional = template.iter().filter(|part| matches!(part, Part::Optional(_))).count().min(OPTIONAL);
    let choices = |left_out_count| (0..1_u32 << optional).filter(move |choice| choice.count_ones() == left_out_count);
    (0..=optional as u32).flat_map(choices).find_map(|left_out| {
        let mut met = 0;
        let parts = template.iter().flat_map(|part| match part {
            Part::Optional(parts) => {
                met += 1;
                if left_out & (1 << (met - 1)) == 0 { *parts } else { &[] }
            }
            part => std::slice::from_ref(part),
        });
        fit(&parts.copied().collect::<Vec<_>>(), text)
    })
}

fn fit<'t>(parts: &[Part<'t>], text: &'t str) -> Option<Captures<'t>> {
    let mut rest = text.trim();
    let mut found = Vec::new();
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        match (part, parts.peek()) {
            (Part::Literal(words), _) => rest = &rest[starts_with(rest, words)?..],
            // The field ends at the first occurrence of the words. Trying the later ones as well would take quadratic
            // time.
            (Part::Field(name), Some(Part::Literal(words))) => {
                let start = find(rest, words)?;
                found.push((*name, rest[..start].trim()));
                rest = &rest[start..];
            }
            // The last field takes the remainder of the text.
            (Part::Field(name), _) => {
                found.push((*name, rest.trim()));
                rest = "";
            }
            // `captures` has left out the optional parts or replaced them by their content. Optional parts do not nest.
            (Part::Optional(_), _) => return None,
        }
    }
    let complete = rest.trim().is_empty() && found.iter().all(|(_, text)| !text.is_empty());
    complete.then_some(Captures(found))
}

/// Returns the first place after at least one character where the literal occurs in the text.
fn find(text: &str, words: &str) -> Option<usize> {
    // White space in the words matches a whole run of white space, so words that begin with it match at the start of a
    // run or nowhere in it. Trying each place of a run would take quadratic time.
    let spaced = words.starts_with(char::is_whitespace);
    let mut behind_space = false;
    for (at, next) in text.char_indices() {
        let skip = at == 0 || spaced && behind_space;
        behind_space = next.is_whitespace();
        if !skip && starts_with(&text[at..], words).is_some() {
            return Some(at);
        }
    }
    None
}

/// Returns the number of bytes that the words take at the start of the text, if it starts with them.
fn starts_with(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    let mut words = words.chars().peekable();
    while let Some(word) = words.next() {
        if word.is_whitespace() {
            while words.next_if(|next| next.is_whitespace()).is_some() {}
            let trimmed = rest.trim_start();
            // White space at the end of the words also matches the end of the text.
            if trimmed.len() == rest.len() && !(rest.is_empty() && words.peek().is_none()) {
                return None;
            }
            rest = trimmed;
        } else {
            rest = rest.strip_prefix(word)?;
        }
    }
    Some(text.len() - rest.len())
}

impl<F> From<String> for TemplatedText<F> {
    fn from(text: String) -> Self {
        TemplatedText { text, fields: PhantomData }
    }
}

impl<F> From<&str> for TemplatedText<F> {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl<F> Clone for TemplatedText<F> {
    fn clone(&self) -> Self {
        self.text.clone().into()
    }
}

impl<F> Default for TemplatedText<F> {
    fn default() -> Self {
        String::new().into()
    }
}

impl<F> fmt::Debug for TemplatedText<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Implements the traits of a type that behaves like its text.
macro_rules! as_text {
    ($type:ty $(, $generic:ident)?) => {
        impl $(<$generic>)? PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl $(<$generic>)? Eq for $type {}

        impl $(<$generic>)? std::hash::Hash for $type {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl $(<$generic>)? std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $(<$generic>)? serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de, $($generic)?> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

pub(crate) use as_text;

as_text!(TemplatedText<F>, F);

#[cfg(test)]
mod tests {
    use super::*;
    use Part::{Field, Literal, Optional};

    const ASSET: &[Part] = &[
        Literal("New asset added with ip "),
        Field("ip"),
        Optional(&[Literal(". Hostname "), Field("hostname")]),
        Optional(&[Literal(". Mac address "), Field("mac")]),
    ];

    fn all<'p>(template: &'p [Part<'p>], text: &'p str) -> Option<Vec<(&'p str, String)>> {
        let found = captures(template, text)?;
        Some(found.0.into_iter().map(|(name, text)| (name, text.to_owned())).collect())
    }

    #[test]
    fn fields_end_where_the_next_words_begin() {
        let found = all(ASSET, "New asset added with ip 192.168.1.100. Hostname a.b.c. Mac address 00:1B").unwrap();
        let expected = [("ip", "192.168.1.100"), ("hostname", "a.b.c"), ("mac", "00:1B")];
        assert_eq!(found, expected.map(|(name, text)| (name, text.to_owned())));
    }

    #[test]
    fn optional_parts_may_be_absent() {
        let found = all(ASSET, "New asset added with ip ::1. Mac address 00:1B").unwrap();
        assert_eq!(found, [("ip", "::1".to_owned()), ("mac", "00:1B".to_owned())]);
        assert_eq!(all(ASSET, "New asset added with ip ::1").unwrap().len(), 1);
    }

    #[test]
    fn white_space_is_any_white_space() {
        let found = all(ASSET, "New asset\n added with ip ::1.\r\nHostname x\n").unwrap();
        assert_eq!(found, [("ip", "::1".to_owned()), ("hostname", "x".to_owned())]);
    }

    #[test]
    fn other_text_has_no_fields() {
        for text in ["", "New asset added with ip ", "New asset added with ip", "Asset removed", "新しい資産"] {
            assert_eq!(all(ASSET, text), None, "{text}");
        }
    }

    #[test]
    fn long_text_takes_linear_time() {
        let text = format!("New asset added with ip {}", ". Hostname ".repeat(crate::rounds(100_000)));
        assert!(captures(ASSET, &text).is_some());
        let template = &[Literal("Login for "), Field("user"), Literal(" on service "), Field("service")];
        assert!(captures(template, &format!("Login for x{}", " ".repeat(crate::rounds(1_000_000)))).is_none());
    }

    #[test]
    fn white_space_of_words_is_some_white_space() {
        for (text, words, expected) in [
            ("a b", "a b", Some(3)),
            ("a  b", "a b", Some(4)),
            ("a b", "a  b", Some(3)),
            ("ab", "a b", None),
            ("a", "a ", Some(1)),
            ("a", "a b", None),
            ("a", " a", None),
            (" a", " ", Some(1)),
            ("", " ", Some(0)),
            ("", "  ", Some(0)),
            ("", " a", None),
        ] {
            assert_eq!(starts_with(text, words), expected, "{text:?} {words:?}");
        }
    }

    #[test]
    fn fields_are_found_by_name() {
        let captures = captures(ASSET, "New asset added with ip 42. Mac address +7").unwrap();
        assert_eq!((captures.get("ip"), captures.get("mac"), captures.get("hostname")), (Some("42"), Some("+7"), None));
        assert_eq!((captures.integer("ip"), captures.integer("mac"), captures.integer("none")), (Some(42), None, None));
        assert!(matches_template(ASSET, "New asset added with ip 42"));
        assert!(!matches_template(ASSET, "New asset"));
    }
}
