//! Fast checks on the bytes of a string.

/// Returns the number of bytes before the first quote, backslash or control character: bytes that JSON allows unescaped
/// in a string.
#[inline]
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    for chunk in bytes.as_chunks().0 {
        if let Some(at) = end_in(chunk) {
            return length + at;
        }
        length += 16;
    }
    // The last chunk overlaps the one before it, in which nothing was found.
    match bytes.last_chunk() {
        Some(last) => end_in(last).map_or(bytes.len(), |at| bytes.len() - 16 + at),
        None => bytes.iter().take_while(|byte| !ends_plain(**byte)).count(),
    }
}

/// Returns the index of the first quote, backslash or control character.
#[inline]
fn end_in(chunk: &[u8; 16]) -> Option<usize> {
    let [first, second] = chunk.as_chunks().0 else { return None };
    let (first, second) = (ends_in(*first), ends_in(*second));
    // Compilers make instructions of sixteen bytes of two words.
    match (first | second, first) {
        (0, _) => None,
        (_, 0) => Some(8 + second.trailing_zeros() as usize / 8),
        _ => Some(first.trailing_zeros() as usize / 8),
    }
}

/// Finds quotes, backslashes and control characters in eight bytes. The lowest set bit of the result is the highest bit of the
/// first byte found.
#[inline]
fn ends_in(word: [u8; 8]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let word = u64::from_le_bytes(word);
    // A byte is found if its subtraction goes below zero, which sets its highest bit. The subtraction then also borrows from the
    // next byte, whose bit may be wrong; but only the first byte found counts. Bytes that are not ASCII have the bit set from
    // the beginning, so they are masked out.
    let quote = (word ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * 0x20);
    (quote | backslash | control) & !word & HIGH
}

/// Returns whether JSON writes a string of these bytes without escapes. Unlike [`is_plain`], this function checks
/// several bytes at once.
#[inline]
pub(crate) fn is_plain_text(bytes: &[u8]) -> bool {
    let is_plain_chunk = |chunk: &[u8; 16]| end_in(chunk).is_none();
    if let Some(last) = bytes.last_chunk() {
        return bytes.as_chunks().0.iter().all(is_plain_chunk) && is_plain_chunk(last);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return ends_in(*first) | ends_in(*last) == 0;
    }
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some([a, b, c, d]), Some([e, f, g, h])) => ends_in([*a, *b, *c, *d, *e, *f, *g, *h]) == 0,
        _ => is_plain(bytes),
    }
}

/// Returns the index of the first byte that begins or ends a string, an array or an object. Nothing else is examined,
/// so the bytes must begin outside of a string.
#[inline]
pub(crate) fn structure_at(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    // The four brackets, and a few other characters, are equal in every bit but these.
    const OTHERS: u64 = ONES * (b'[' ^ b']' | b'[' ^ b'{') as u64;
    const BRACKET: u64 = ONES * (b'[' | b']' | b'{') as u64;
    let is_wanted = |byte: u8| matches!(byte, b'"' | b'[' | b']' | b'{' | b'}');
    let mut at = 0;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        // As in `plain_length`, the first byte whose highest bit is set was zero before the subtraction.
        let quote = word ^ (ONES * u64::from(b'"'));
        let bracket = (word | OTHERS) ^ BRACKET;
        let found = ((quote.wrapping_sub(ONES) & !quote) | (bracket.wrapping_sub(ONES) & !bracket)) & HIGH;
        match found {
            0 => at += 8,
            _ => {
                at += found.trailing_zeros() as usize / 8;
                match bytes.get(at) {
                    Some(byte) if is_wanted(*byte) => return Some(at),
                    // One of the other characters. JSON has none of them outside of strings.
                    _ => at += 1,
                }
            }
        }
    }
    bytes.get(at..)?.iter().position(|byte| is_wanted(*byte)).map(|step| at + step)
}

/// Returns whether a byte is not an unescaped character of a string.
#[inline]
const fn ends_plain(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < 0x20)
}

/// Returns the end of the white space that begins at `at`.
#[inline]
pub(crate) fn after_space(bytes: &[u8], mut at: usize) -> usize {
    const LOW: u64 = u64::from_le_bytes([0x7f; 8]);
    const HIGH: u64 = !LOW;
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
        // Usually, spaces come next. The highest bit of each byte that is not a space is set.
        while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let word = u64::from_le_bytes(*word) ^ SPACES;
            let others = (((word & LOW) + LOW) | word) & HIGH;
            at += others.trailing_zeros() as usize / 8;
            if others != 0 {
                break;
            }
        }
    }
    at
}

/// Returns whether JSON writes a string of these bytes without escapes.
pub(crate) const fn is_plain(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        if ends_plain(bytes[at]) {
            return false;
        }
        at += 1;
    }
    true
}

/// Returns whether the bytes begin with `start`.
#[inline]
pub(crate) fn begins_with(bytes: &[u8], start: &[u8]) -> bool {
    after(bytes, start).is_some()
}

/// Returns the bytes after `start`, if they begin with it. Names are short, so a comparison by words is faster than a
/// call.
#[inline]
pub(crate) fn after<'b>(bytes: &'b [u8], start: &[u8]) -> Option<&'b [u8]> {
    let (bytes, rest) = bytes.split_at_checked(start.len())?;
    // The last word of each comparison overlaps the one before it.
    let is_same = match (bytes.last_chunk::<8>(), start.last_chunk::<8>()) {
        (Some(last), Some(wanted)) => {
            same_words(bytes, start) && u64::from_le_bytes(*last) == u64::from_le_bytes(*wanted)
        }
        _ => same_halves(bytes, start),
    };
    is_same.then_some(rest)
}

#[inline]
pub(super) fn same_words(mut bytes: &[u8], mut start: &[u8]) -> bool {
    while let (Some((word, after)), Some((wanted, wanted_after))) =
        (bytes.split_first_chunk::<8>(), start.split_first_chunk::<8>())
    {
        if u64::from_le_bytes(*word) != u64::from_le_bytes(*wanted) {
            return false;
        }
        (bytes, start) = (after, wanted_after);
    }
    true
}

/// Returns whether the bytes are equal, for fewer than eight bytes.
#[inline]
fn same_halves(bytes: &[u8], start: &[u8]) -> bool {
    // Of four to seven bytes, the first four and the last four overlap.
    let half = |chunk: Option<&[u8; 4]>| chunk.map(|chunk| u32::from_le_bytes(*chunk));
    match (half(bytes.first_chunk()), half(bytes.last_chunk())) {
        (first @ Some(_), last @ Some(_)) => first == half(start.first_chunk()) && last == half(start.last_chunk()),
        _ => bytes.iter().zip(start).all(|(byte, wanted)| byte == wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::{begins_with, is_plain_text, plain_length, structure_at};

    #[test]
    fn beginnings_are_compared_at_every_length() {
        let text = b"abcdefghijklmnopqrstuvwxyz";
        for length in 0..=text.len() {
            assert!(
                begins_with(text, &text[..length]) && !begins_with(&text[..length], b"abcdefghijklmnopqrstuvwxyz!")
            );
            for at in 0..length {
                let mut other = text[..length].to_vec();
                other[at] ^= 1;
                assert!(!begins_with(text, &other), "{length} {at}");
            }
        }
    }

    #[test]
    fn the_end_of_a_string_is_found_at_every_length() {
        for length in 0..40 {
            for end in ["\"", "\\", "\n", "\u{1f}"] {
                let text = format!(
                    "{}{end}{}",
                    "é~ \u{7f}".repeat(10).chars().take(length).collect::<String>(),
                    "z".repeat(9)
                );
                let expected = text.find(end).unwrap();
                assert_eq!(plain_length(text.as_bytes()), expected, "{text:?}");
                assert!(is_plain_text(&text.as_bytes()[..expected]) && !is_plain_text(&text.as_bytes()[..=expected]));
                assert!(!is_plain_text(text.as_bytes()), "{text:?}");
            }
        }
    }

    #[test]
    fn structure_is_found_at_every_place() {
        let (length_step, byte_step) = if cfg!(miri) { (13, 5) } else { (1, 1) };
        for length in (0..40).step_by(length_step) {
            for byte in (0..=u8::MAX).step_by(byte_step).chain(*b"\"[]{}") {
                for filler in [b' ', b'5', b'_', b'y', 0xff, b'"' | 0x80, b'!', b'#'] {
                    let mut bytes = vec![filler; length];
                    bytes.extend([byte; 2]);
                    bytes.extend([filler; 9]);
                    let expected = bytes.iter().position(|byte| b"\"[]{}".contains(byte));
                    assert_eq!(structure_at(&bytes), expected, "{length} {byte} {filler}");
                }
            }
        }
    }
}
