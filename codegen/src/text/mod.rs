//! Text from outside: descriptions, titles and names, as documentation and as code may contain them.
//!
//! Everything that a schema, a payload or a setting says passes through here on its way into documentation, so that it
//! is shown and never run, and so that it cannot hide or reorder the text around it.

mod comment;
pub(crate) mod markdown;

use heck::ToSnakeCase;

pub(crate) use self::comment::{comment, doc_attributes};

/// The words of a name or a label, in lower case and in the singular.
pub(crate) fn words(text: &str) -> Vec<String> {
    let apart: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let snake = apart.to_snake_case();
    let singular = |word: &str| match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    };
    snake.split('_').filter(|word| word.len() > 1).map(singular).collect()
}

/// Whether a character changes the direction of the text around it, and thereby what a reader sees.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character ends a line, for any program that may show the text.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Whether a character is none that a text shows: it ends a line, controls a terminal, changes the direction of the text
/// around it, or is reserved for the use of programs.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control() || is_line_end(c) || is_bidi_control(c) || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// What is shown of a character inside of a line.
fn shown(c: char) -> Option<char> {
    match c {
        c if is_bidi_control(c) => None,
        c if is_invisible(c) => Some(' '),
        c => Some(c),
    }
}

/// Text of a vendor on one line, word for word but for characters that cannot be seen: those that control a terminal, or
/// change the direction of the text around them.
pub fn one_line(text: &str) -> String {
    let shown: String = text.chars().filter_map(shown).collect();
    shown.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A name with an escape in place of each character that cannot be seen.
pub(crate) fn visible(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        match is_invisible(c) {
            true => text.extend(c.escape_default()),
            false => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_cannot_be_seen_are_removed_or_escaped() {
        assert_eq!(one_line("a\u{202e}b\r\n\tc\0 d\u{2028}e"), "ab c d e");
        assert_eq!(visible("a\u{202e}b\r\n\0é"), "a\\u{202e}b\\r\\n\\u{0}é");
    }
}
