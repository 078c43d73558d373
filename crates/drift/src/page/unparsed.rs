//! Classifies text that cannot be parsed: whether it was intended as JSON, and where it ends.

/// A block that looks like JSON, but could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnparsedBlock {
    /// The line of the page on which the block begins, from 1.
    pub line: usize,
    /// The reason why the block could not be parsed.
    pub why: String,
}

/// The number of bytes that are examined at the beginning of a text.
const NEAR: usize = 400;

/// Returns whether a text begins with an object and the quoted name of a member, or with an array of such objects.
pub(super) fn begins_like_json(text: &str) -> bool {
    let Some(name) = first_member(text).and_then(|member| member.strip_prefix(b"\"")) else { return false };
    let end = memchr::memchr2(b'"', b'\n', name).unwrap_or(name.len());
    name.get(end..)
        .and_then(|rest| rest.strip_prefix(b"\""))
        .is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
}

/// Returns whether a text begins with an object, or an array of objects, whose first member has a name that JavaScript
/// allows and a value that JSON allows. A string in double quotes must follow nearby.
pub(super) fn begins_like_json5(text: &str) -> bool {
    let Some(member) = first_member(text) else { return false };
    let quoted = member.strip_prefix(b"'");
    let name = quoted.unwrap_or(member);
    let width = name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')).count();
    let Some((letters, mut rest)) = name.split_at_checked(width) else { return false };
    if quoted.is_some() {
        rest = rest.strip_prefix(b"'").unwrap_or_default();
    }
    let Some(value) = rest.trim_ascii_start().strip_prefix(b":") else { return false };
    let value = value.trim_ascii_start();
    let is_value = match value.first() {
        Some(b'"' | b'\'' | b'{' | b'[' | b'-' | b'0'..=b'9') => true,
        _ => [b"true".as_slice(), b"false", b"null"].iter().any(|word| value.starts_with(word)),
    };
    is_value && letters.first().is_some_and(|byte| !byte.is_ascii_digit()) && memchr::memchr(b'"', value).is_some()
}

/// Returns whether a text, such as a whole code block, begins with an object whose first token is a string in double
/// quotes, or with an array of such objects, and ends with a closing bracket.
pub(super) fn is_bracketed_like_json(text: &str) -> bool {
    text.trim_end().ends_with(['}', ']']) && first_member(text).is_some_and(|member| member.starts_with(b"\""))
}

/// Returns the text near the first member of the object, or of the first object in the array, at the beginning of a
/// text.
fn first_member(text: &str) -> Option<&[u8]> {
    let near = text.as_bytes().get(..NEAR.min(text.len()))?;
    let mut rest = near.trim_ascii_start();
    while let Some(inner) = rest.strip_prefix(b"[") {
        rest = inner.trim_ascii_start();
    }
    Some(rest.strip_prefix(b"{")?.trim_ascii_start())
}

/// Returns whether the text at which parsing stopped continues like an expression or a statement of a program.
pub(super) fn is_expression(text: &str) -> bool {
    let near = text.as_bytes().get(..NEAR.min(text.len())).unwrap_or_default();
    let of_a_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let rest = &near[near.iter().take_while(of_a_name).count()..];
    let rest = rest.trim_ascii_start();
    matches!(rest.first(), Some(b';' | b'(' | b'+' | b'=' | b'`' | b'?' | b'|' | b'&' | b'.'))
}

/// Returns where a block with `depth` open brackets ends: where they are closed or, if `prose` is true, before a line
/// of prose.
pub(super) fn rest_of_block(text: &str, from: usize, limit: usize, depth: usize, prose: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = depth;
    let mut at = from;
    // No string that opens before this offset is closed on its line. Without it, each quote would be followed to the end of its
    // line again, which takes quadratic time.
    let mut unclosed = from;
    while at < limit {
        match bytes.get(at)? {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' if at >= unclosed => match end_of_string(bytes, at, limit) {
                Ok(end) => at = end,
                Err(end) => unclosed = end,
            },
            b'\n' if prose && is_prose(bytes.get(at + 1..limit)?) => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns the offset of the quote that closes a string on its line, or the end of the line as an error.
fn end_of_string(bytes: &[u8], open: usize, limit: usize) -> Result<usize, usize> {
    let mut at = open + 1;
    while at < limit {
        match bytes.get(at) {
            Some(b'"') => return Ok(at),
            Some(b'\\') => at += 2,
            Some(b'\n') | None => return Err(at),
            Some(_) => at += 1,
        }
    }
    Err(limit)
}

/// Returns whether a line of prose begins here.
fn is_prose(bytes: &[u8]) -> bool {
    const NEAR: usize = 120;
    let near = bytes.get(..NEAR.min(bytes.len())).unwrap_or_default();
    let line = memchr::memchr(b'\n', near).and_then(|end| near.get(..end)).unwrap_or(near).trim_ascii();
    let starts = line.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'#');
    // A line of JSON ends in a comma or has a quote or a bracket, unless it is the last item of an array.
    starts
        && !line.ends_with(b",")
        && !line.iter().any(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'))
        && ![b"true".as_slice(), b"false", b"null"].contains(&line)
}
