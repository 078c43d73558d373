//! Finds JSON in HTML attributes, such as the text that a button copies. In most cases, the text of the page contains
//! the same JSON.

use std::collections::HashSet;

use super::regions::Language;
use super::scan::FoundBlock;

/// The value of an attribute. Values of attributes are appended to the text of the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    /// The offset of the value in the text.
    pub(super) start: usize,
    /// The offset in the text of the element with the attribute.
    pub(super) place: usize,
}

/// A block with the offset in the page's text at which it is shown.
pub(super) struct Placed {
    pub(super) place: usize,
    pub(super) is_attribute: bool,
    pub(super) found: FoundBlock,
}

/// Words in the names of attributes that contain code rather than settings of a script.
const WORDS: [&[u8]; 16] = [
    b"body", b"clipboard", b"code", b"content", b"contents", b"copy", b"example", b"json", b"payload", b"raw",
    b"request", b"response", b"sample", b"snippet", b"source", b"text",
];

/// Returns whether an attribute may contain code. This is the case for a `data-` attribute, or any attribute of a
/// custom element, whose name suggests it, and for the value of a button or of a custom element.
pub(super) fn holds_code(tag: &[u8], name: &[u8]) -> bool {
    let is_custom = tag.contains(&b'-');
    if name == b"value" {
        return is_custom || tag == b"button";
    }
    let mut words = name.split(|byte| matches!(byte, b'-' | b'_' | b':' | b'.'));
    (is_custom || name.starts_with(b"data-")) && words.any(|word| WORDS.contains(&word))
}

/// Returns whether a value may contain JSON.
pub(super) fn has_brackets(value: &[u8]) -> bool {
    memchr::memchr2(b'{', b'[', value).is_some() && memchr::memchr2(b'}', b']', value).is_some()
}

/// Returns the language of a value: a program, unless the value begins like JSON.
pub(super) fn language(value: &str) -> Language {
    if value.trim_start().starts_with(['{', '[']) { Language::Other } else { Language::Program }
}

/// Sorts blocks by the order of the page. A block in an attribute is dropped if the text or another attribute has the
/// same JSON.
pub(super) fn placed(found: Vec<FoundBlock>, attributes: &[Attribute], text: &str) -> Vec<Placed> {
    let after_text = attributes.first().map_or(text.len(), |attribute| attribute.start);
    let of = |found: FoundBlock| {
        let attribute = attributes[..attributes.partition_point(|attribute| attribute.start <= found.start)].last();
        let quoted = text.get(..found.start).is_some_and(|before| before.ends_with("=\"") || before.ends_with("='"));
        let place = attribute.map_or(found.start, |attribute| attribute.place);
        Placed { place, is_attribute: found.start >= after_text || quoted, found }
    };
    let mut placed: Vec<Placed> = found.into_iter().map(of).collect();
    if placed.iter().any(|one| one.is_attribute) {
        let shown = placed.iter().filter(|one| !one.is_attribute).map(|one| one.found.json.to_string());
        let mut known: HashSet<String> = shown.collect();
        placed.retain(|one| !one.is_attribute || known.insert(one.found.json.to_string()));
        placed.sort_by_key(|one| one.place);
    }
    placed
}
