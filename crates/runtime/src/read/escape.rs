//! Decodes the escapes of JSON strings.

use super::bytes::plain_length;

/// Returns the value of a JSON string from the text between its quotes, or `None` if the text is not allowed in a
/// string.
pub(crate) fn unescaped(inside: &str) -> Option<String> {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    loop {
        let (plain, after) = rest.split_at_checked(plain_length(rest.as_bytes()))?;
        text.push_str(plain);
        rest = match after.as_bytes() {
            [] => return Some(text),
            [b'\\', b'u', ..] => {
                let (character, length) = numbered(after.as_bytes())?;
                text.push(character);
                after.get(length..)?
            }
            [b'\\', letter, ..] => {
                text.push(named(*letter)?);
                after.get(2..)?
            }
            _ => return None,
        };
    }
}

/// Returns the character of an escape that has one letter.
fn named(letter: u8) -> Option<char> {
    Some(match letter {
        b'"' | b'\\' | b'/' => char::from(letter),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

/// Returns the character of one escape of four digits, or of two escapes that are a surrogate pair, and the length of
/// the escapes.
fn numbered(escapes: &[u8]) -> Option<(char, usize)> {
    let first = unit(escapes)?;
    // The second escape counts only after a high surrogate: otherwise, the first unit is a character by itself.
    let units = [Some(first), escapes.get(6..).and_then(unit)].into_iter().flatten();
    let character = char::decode_utf16(units).next()?.ok()?;
    Some((character, 6 * character.len_utf16()))
}

/// Returns the code unit of an escape of four digits.
fn unit(escape: &[u8]) -> Option<u16> {
    let (start, digits) = escape.get(..6)?.split_at_checked(2)?;
    // `from_str_radix` would accept a sign.
    let digit = |unit: u16, digit: &u8| Some(unit << 4 | char::from(*digit).to_digit(16)? as u16);
    (start == b"\\u").then(|| digits.iter().try_fold(0, digit)).flatten()
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    /// Checks that `serde_json` reads the same.
    fn check(inside: &str) {
        assert_eq!(unescaped(inside), serde_json::from_str::<String>(&format!("\"{inside}\"")).ok(), "{inside:?}");
    }

    #[test]
    fn escapes_mean_what_they_mean_to_serde_json() {
        for inside in
            ["", "a", r"\n", r#"\"\\\/\b\f\n\r\t"#, r"é\u00e9\u00E9€\u20ac", r"\ud83d\ude00x", r"\u0000\uffff"]
        {
            assert!(unescaped(inside).is_some(), "{inside}");
            check(inside);
        }
        for byte in 0..=0x7f_u8 {
            if byte != b'"' {
                check(&format!("a{}b", char::from(byte)));
            }
            check(&format!(r"a\{}", char::from(byte)));
            check(&format!(r"\u00{}0", char::from(byte)));
        }
        for inside in [r"\", r"\u", r"\u12", r"\u123", r"\u+123", r"\u 123", r"\u12é", r"\ud83d", r"\ud83dx", r"\ude00"]
        {
            assert_eq!(unescaped(inside), None, "{inside}");
            check(inside);
        }
        for inside in
            [r"\ud83d\n", r"\ud83d\u0041", r"\ud83d\ud83d\ude00", r"\ude00\ud83d", r"\ud83d\ude0", "\u{1f}\\n"]
        {
            assert_eq!(unescaped(inside), None, "{inside}");
            check(inside);
        }
    }

    #[test]
    fn any_mixture_means_what_it_means_to_serde_json() {
        const PARTS: [&str; 14] = [
            "a", "\\", "n", "u", "0041", "\\u", "d83d", "\\ud83d", "\\ude00", "é", "\\\\", "/", "\u{7f}", "longer text",
        ];
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..crate::rounds(100_000) {
            let parts = random.usize(0..8);
            let inside: String = (0..parts).map(|_| PARTS[random.usize(0..PARTS.len())]).collect();
            // A text that ends in an escaped quote is a string neither for `serde_json` nor for us.
            check(&inside);
        }
    }
}
