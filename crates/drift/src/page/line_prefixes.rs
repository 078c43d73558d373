//! Blanks out prefixes of lines that belong to the page rather than to its code: line numbers and quote marks.

use std::borrow::Cow;
use std::ops::Range;

/// The text with blanked prefixes. It has the same length, and records where the line numbers were.
pub(super) struct Plain<'t> {
    pub(super) text: Cow<'t, str>,
    /// The ranges of numbered lines, in order.
    pub(super) numbered: Vec<Range<usize>>,
}

/// Blanks the line numbers and, in Markdown, the quote marks.
///
/// Lines are numbered if one begins with a number and an opening bracket, and the following lines continue counting
/// from there. Valid JSON never looks like that.
pub(super) fn blank_out(text: &str, quotes: bool) -> Plain<'_> {
    let bytes = text.as_bytes();
    let mut blanks: Vec<Range<usize>> = Vec::new();
    if quotes {
        for mark in memchr::memchr_iter(b'>', bytes) {
            if line_start(bytes, mark, |byte| matches!(byte, b' ' | b'>')).is_some() {
                blanks.push(mark..mark + 1);
            }
        }
    }
    let mut numbered = Vec::new();
    let mut at = 0;
    while let Some(bracket) = memchr::memchr2(b'{', b'[', bytes.get(at..).unwrap_or_default()).map(|found| at + found) {
        at = bracket + 1;
        let prefix = |byte| matches!(byte, b'0'..=b'9' | b' ' | b'\t' | b'|' | b':' | b'.');
        let Some(start) = line_start(bytes, bracket, prefix) else { continue };
        let Some((number, first)) = number(bytes, start) else { continue };
        let mut found = vec![first];
        let mut end = line_end(bytes, bracket);
        while let Some((next, place)) = number_of_next(bytes, end) {
            if next != number + found.len() {
                break;
            }
            end = line_end(bytes, place.end);
            found.push(place);
        }
        if found.len() > 1 {
            numbered.push(start..end);
            blanks.extend(found);
            at = end;
        }
    }
    if blanks.is_empty() {
        return Plain { text: Cow::Borrowed(text), numbered };
    }
    blanks.sort_by_key(|blank| blank.start);
    let mut plain = String::with_capacity(text.len());
    for blank in blanks {
        plain.push_str(text.get(plain.len()..blank.start).unwrap_or_default());
        plain.extend(std::iter::repeat_n(' ', blank.end.saturating_sub(plain.len())));
    }
    plain.push_str(text.get(plain.len()..).unwrap_or_default());
    Plain { text: Cow::Owned(plain), numbered }
}

/// Returns the start of an offset's line, if only a few allowed bytes precede the offset.
fn line_start(bytes: &[u8], place: usize, allowed: impl Fn(u8) -> bool) -> Option<usize> {
    for back in 1..=16 {
        let Some(before) = place.checked_sub(back) else { return Some(0) };
        match bytes[before] {
            b'\n' => return Some(before + 1),
            byte if allowed(byte) => {}
            _ => return None,
        }
    }
    None
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', bytes.get(from..).unwrap_or_default()).map_or(bytes.len(), |found| from + found)
}

fn number_of_next(bytes: &[u8], end: usize) -> Option<(usize, Range<usize>)> {
    number(bytes, end + 1)
}

/// Returns the number at the beginning of a line, and its range including a `|`, `:` or `.` after it.
fn number(bytes: &[u8], line: usize) -> Option<(usize, Range<usize>)> {
    let blank = bytes.get(line..)?.iter().take(16).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let start = line + blank;
    let digits = bytes.get(start..)?.iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > 6 {
        return None;
    }
    let end = start + digits;
    let number = std::str::from_utf8(&bytes[start..end]).ok()?.parse().ok()?;
    let space = bytes.get(end..)?.iter().take(2).take_while(|byte| **byte == b' ').count();
    match bytes.get(end + space) {
        Some(b'|') => Some((number, start..end + space + 1)),
        Some(b':' | b'.') if space == 0 => Some((number, start..end + 1)),
        Some(b',') => None,
        _ => Some((number, start..end)),
    }
}
