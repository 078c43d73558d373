//! Finds JSON inside a string of another language, such as `"{\"a\": 1}"` in a command. Every quote of the JSON has a
//! backslash.

/// Returns whether a text begins with an object whose first member has a name in escaped quotes, or with an array of
/// such objects.
pub(super) fn begins(text: &str) -> bool {
    const MAX_BRACKETS: usize = 4;
    const MAX_NAME: usize = 128;
    let mut rest = text.as_bytes();
    for _ in 0..MAX_BRACKETS {
        let (is_object, inner) = match rest {
            [b'{', inner @ ..] => (true, inner),
            [b'[', inner @ ..] => (false, inner),
            _ => return false,
        };
        rest = after_space(inner);
        if let (true, [b'\\', b'"', name @ ..]) = (is_object, rest) {
            let width = name.iter().take(MAX_NAME).take_while(|byte| !matches!(byte, b'"' | b'\\' | b'\n')).count();
            let closed = name.get(width..).and_then(|rest| rest.strip_prefix(b"\\\""));
            return closed.is_some_and(|rest| after_space(rest).starts_with(b":"));
        }
    }
    false
}

/// Skips white space, some of which may be escaped too.
fn after_space(text: &[u8]) -> &[u8] {
    const MAX_SPACE: usize = 64;
    let mut rest = text;
    for _ in 0..MAX_SPACE {
        rest = match rest {
            [b' ' | b'\t' | b'\n', inner @ ..] | [b'\\', b'n' | b't' | b'r' | b'\n', inner @ ..] => inner,
            _ => break,
        };
    }
    rest
}

/// Removes one level of escapes from the JSON at the beginning of a text, up to where its brackets are closed or the
/// surrounding string ends.
///
/// The result has the same length and line breaks as the original text, because spaces outside the strings of the JSON
/// compensate for removed backslashes. So offsets in the result are offsets in the text, except for a few bytes inside
/// strings.
pub(super) fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain: Vec<u8> = Vec::new();
    let mut in_string = false;
    let mut owed = 0;
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let width = match rest {
            [b'\\', b'"', ..] if in_string => {
                plain.push(b'"');
                plain.extend(std::iter::repeat_n(b' ', owed + 1));
                (in_string, owed) = (false, 0);
                2
            }
            [b'\\', b'"', ..] => {
                plain.extend(b" \"");
                in_string = true;
                2
            }
            // An escaped backslash begins an escape inside the JSON.
            [b'\\', b'\\', b'\\', escaped @ (b'"' | b'\\'), ..] if in_string => {
                plain.extend([b'\\', *escaped]);
                owed += 2;
                4
            }
            [b'\\', b'\\', ..] if in_string => {
                plain.push(b'\\');
                owed += 1;
                2
            }
            [b'\\', b'n' | b't' | b'r', ..] if !in_string => {
                plain.extend(b"  ");
                2
            }
            // A line continuation.
            [b'\\', b'\n', ..] if !in_string => {
                plain.extend(b" \n");
                2
            }
            [b'"', ..] => break,
            [byte, ..] => {
                plain.push(*byte);
                match byte {
                    b'{' | b'[' if !in_string => depth += 1,
                    b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                    _ => {}
                }
                1
            }
            [] => break,
        };
        at += width;
        if depth == 0 {
            break;
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}
