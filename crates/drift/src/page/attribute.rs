//! JSON in attributes of HTML, such as what a button copies: mostly what the text of the page shows too.

use std::collections::HashSet;

use super::regions::Language;
use super::scan::FoundBlock;

/// The value of an attribute, after the text of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    /// Where the value begins.
    pub(super) start: usize,
    /// The place in the text that its element has.
    pub(super) place: usize,
}

/// JSON that was found, with the place in the text of the page that it belongs to.
pub(super) struct Placed {
    pub(super) place: usize,
    pub(super) is_attribute: bool,
    pub(super) found: FoundBlock,
}

/// Words in the names of attributes that hold code rather than settings of a script.
const WORDS: [&[u8]; 16] = [
    b"body",
    b"clipboard",
    b"code",
    b"content",
    b"contents",
    b"copy",
    b"example",
    b"json",
    b"payload",
    b"raw",
    b"request",
    b"response",
    b"sample",
    b"snippet",
    b"source",
    b"text",
];

/// Whether an attribute of an element may hold code: a `data-` attribute, or any of a custom element, with a name that says
/// so; and the value of a button or of a custom element.
pub(super) fn holds_code(tag: &[u8], name: &[u8]) -> bool {
    let is_custom = tag.contains(&b'-');
    if name == b"value" {
        return is_custom || tag == b"button";
    }
    let mut words = name.split(|byte| matches!(byte, b'-' | b'_' | b':' | b'.'));
    (is_custom || name.starts_with(b"data-")) && words.any(|word| WORDS.contains(&word))
}

/// Whether JSON may be in a value.
pub(super) fn has_brackets(value: &[u8]) -> bool {
    memchr::memchr2(b'{', b'[', value).is_some() && memchr::memchr2(b'}', b']', value).is_some()
}

/// What a value is written in: code of another language, unless it begins as JSON does.
pub(super) fn language(value: &str) -> Language {
    if value.trim_start().starts_with(['{', '[']) { Language::Other } else { Language::Program }
}

/// Puts what was found in the order of the page. What an attribute holds, and the text or another attribute too, counts once.
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
