//! Positions in a text: bytes, lines and columns.

use std::ops::Range;

/// A location in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
    /// The line of the first byte, from 1.
    pub line: usize,
    /// The column of the first byte, from 1, in characters.
    pub column: usize,
}

impl Location {
    /// Returns the location of a range of bytes. Bounds beyond the text or inside a character are moved back to a valid
    /// position.
    pub fn new(text: &str, bytes: Range<usize>) -> Location {
        let start = boundary(text, bytes.start);
        let end = boundary(text, bytes.end).max(start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Location {
            start,
            end,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Returns the last character boundary at or before a byte offset.
pub(crate) fn boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Returns the range of a part of a text, which must be a slice of it.
pub fn range_of(text: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + part.len()
}
