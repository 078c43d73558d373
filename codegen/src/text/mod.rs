//! Makes text from outside (descriptions, titles and names) safe for documentation and code.
//!
//! All text from schemas, payloads and settings passes through this module before it becomes documentation, so that it
//! is shown but never run, and cannot hide or reorder the text around it.

mod comment;
pub(crate) mod markdown;
mod nearest;

use heck::ToSnakeCase;

pub(crate) use self::comment::{comment, doc_attributes};
pub use self::nearest::nearest;

/// Returns a name that is not taken: the name itself, or the name with the lowest number that is free.
pub fn unused(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let (mut unused, mut number) = (name.to_owned(), 1);
    while is_taken(&unused) {
        number += 1;
        unused = format!("{name}_{number}");
    }
    unused
}

/// Truncates a text to a number of characters.
pub fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width.saturating_sub(1)) {
        Some((end, last)) if end + last.len_utf8() < text.len() => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// Returns a text as a string of TOML, in quotes.
pub fn toml_string(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Returns the words of a name or a label, in lowercase and in the singular.
pub(crate) fn words(text: &str) -> Vec<String> {
    let apart: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let snake = apart.to_snake_case();
    let singular = |word: &str| match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    };
    snake.split('_').filter(|word| word.len() > 1).map(singular).collect()
}

/// Returns whether a character changes the direction of the surrounding text, which can make text appear in another
/// order.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether any program that shows the text may treat a character as the end of a line.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Returns whether a character is invisible: it ends a line, controls a terminal, changes the direction of the
/// surrounding text, or is reserved for internal use by programs.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control() || is_line_end(c) || is_bidi_control(c) || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// Returns the visible form of a character inside a line: the character, a space or nothing.
fn shown(c: char) -> Option<char> {
    match c {
        c if is_bidi_control(c) => None,
        c if is_invisible(c) => Some(' '),
        c => Some(c),
    }
}

/// Returns text of a vendor on one line. The words are kept, but control characters and characters that change the
/// direction of the surrounding text are removed.
pub fn one_line(text: &str) -> String {
    let shown: String = text.chars().filter_map(shown).collect();
    shown.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Escapes the invisible characters of a name.
pub(crate) fn visible(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if is_invisible(c) { text.extend(c.escape_default()) } else { text.push(c) }
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

    /// `{:?}` writes some of these characters in a way that TOML does not have.
    #[test]
    fn any_text_is_a_string_of_toml() {
        let characters =
            ["a", "\"", "'", "\\", "\n", "\r", "\t", "\0", "\u{1b}", "\u{7f}", "\u{200b}", "\u{2028}", "é", "🦀"];
        let pairs = characters.iter().flat_map(|first| characters.map(|second| format!("{first}{second}")));
        for text in pairs.chain([String::new()]) {
            let table: toml::Table = format!("key = {}", toml_string(&text)).parse().unwrap();
            assert_eq!(table["key"].as_str(), Some(&*text));
        }
    }
}
