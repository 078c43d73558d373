//! Looks at text that cannot be read as JSON: whether it was meant as such, and where it ends.

/// Whether a text begins with an object and the name of a member in quotes, or with an array of such objects.
pub(super) fn begins_like_json(text: &str) -> bool {
    const NEAR: usize = 400;
    let near = text.as_bytes().get(..NEAR.min(text.len())).unwrap_or_default();
    let mut rest = near.trim_ascii_start();
    while let Some(inner) = rest.strip_prefix(b"[") {
        rest = inner.trim_ascii_start();
    }
    let Some(name) = rest.strip_prefix(b"{").and_then(|inner| inner.trim_ascii_start().strip_prefix(b"\"")) else {
        return false;
    };
    let end = memchr::memchr2(b'"', b'\n', name).unwrap_or(name.len());
    name.get(end..)
        .and_then(|rest| rest.strip_prefix(b"\""))
        .is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
}

/// Where a block of which `depth` brackets are open ends: where they are closed, or before a line of prose.
pub(super) fn rest_of_block(text: &str, from: usize, limit: usize, depth: usize, prose: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = depth;
    let mut at = from;
    while at < limit {
        match bytes.get(at)? {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => at = after_string(bytes, at, limit),
            b'\n' if prose && is_prose(bytes.get(at + 1..limit)?) => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The quote that closes a string on its line, or the one that opens it when none does.
fn after_string(bytes: &[u8], open: usize, limit: usize) -> usize {
    let mut at = open + 1;
    while at < limit {
        match bytes.get(at) {
            Some(b'"') => return at,
            Some(b'\\') => at += 2,
            Some(b'\n') | None => return open,
            Some(_) => at += 1,
        }
    }
    open
}

/// Whether a line of prose begins here.
fn is_prose(bytes: &[u8]) -> bool {
    const NEAR: usize = 120;
    let near = bytes.get(..NEAR.min(bytes.len())).unwrap_or_default();
    let line = memchr::memchr(b'\n', near).and_then(|end| near.get(..end)).unwrap_or(near).trim_ascii();
    let starts = line.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'#');
    starts
        && !line.ends_with(b",")
        && !line.iter().any(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'))
        && ![b"true".as_slice(), b"false", b"null"].contains(&line)
}
