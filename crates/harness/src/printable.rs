//! Escapes text of payloads for terminals.

/// Escapes every character that is not printable, as in Rust, so that the text cannot control a terminal, reorder the
/// output, or begin another line.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | ' '..='~' => shown.push(character),
            // `escape_debug` escapes a combining mark at the start of a text. A letter before the mark keeps it
            // unescaped, because many languages use such marks.
            _ => shown.extend(format!("a{character}").escape_debug().skip(1)),
        }
    }
    shown
}

/// Escapes every character of a multiline text that is not printable, except line breaks.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_printable_is_escaped() {
        for plain in ["", "\ta \"b\" 'c' \\d ~", "ä 日本語 e\u{301} ที่ หนึ่ง हिन्दी 🎉"]
        {
            assert_eq!(printable(plain), plain);
        }
        let hostile = "\r\n\u{0}\u{1b}[2J\u{7f}\u{85}\u{9b}\u{200f}\u{2028}\u{202e}\u{2066}\u{feff}\u{e0001}";
        let shown = printable(hostile);
        assert!(shown.is_ascii() && shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{shown}");
        assert!(shown.starts_with("\\r\\n\\0\\u{1b}[2J\\u{7f}\\u{85}\\u{9b}"), "{shown}");
        assert_eq!(printable_lines("a\r\n\u{1b}\n"), "a\\r\n\\u{1b}\n");
    }
}
