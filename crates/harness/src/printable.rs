//! Text of payloads on terminals.

/// Returns a text in which every character that is not printable is escaped as in Rust, so that it cannot control a terminal,
/// reorder what is shown, or begin another line.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | ' '..='~' => shown.push(character),
            // A letter before it keeps marks that combine with one, which many languages are written with.
            _ => shown.extend(format!("a{character}").escape_debug().skip(1)),
        }
    }
    shown
}

/// Returns a text of several lines in which every other character that is not printable is escaped.
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
