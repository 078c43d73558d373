//! Reads a file or a stream as text, up to a maximum size.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::PageError;
use super::limits::MAX_BYTES;

/// Reads the bytes of a file. A file that is too large is not read.
///
/// # Errors
///
/// Returns an error if the file cannot be opened or read, or has more than [`MAX_BYTES`].
pub fn bytes_of(file: &Path) -> Result<Vec<u8>, PageError> {
    let unopened = |error: std::io::Error| PageError::Unopened(format!("{}: {error}", file.display()));
    let opened = File::open(file).map_err(unopened)?;
    let size = opened.metadata().map_err(unopened)?.len();
    if size > MAX_BYTES as u64 {
        return Err(PageError::TooLarge(Some(size)));
    }
    bytes_from(opened).map_err(|error| match error {
        PageError::Unopened(what) => PageError::Unopened(format!("{}: {what}", file.display())),
        error => error,
    })
}

/// Reads the bytes of a stream, such as standard input. Nothing is read beyond the maximum size.
///
/// # Errors
///
/// Returns an error if the stream cannot be read, or has more than [`MAX_BYTES`].
pub fn bytes_from(stream: impl Read) -> Result<Vec<u8>, PageError> {
    let mut bytes = Vec::new();
    let cap = MAX_BYTES as u64 + 1;
    stream.take(cap).read_to_end(&mut bytes).map_err(|error| PageError::Unopened(error.to_string()))?;
    if bytes.len() > MAX_BYTES { Err(PageError::TooLarge(None)) } else { Ok(bytes) }
}

/// Decodes the text of a page. A byte order mark is removed, and every line break becomes `\n`.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, PageError> {
    if bytes.len() > MAX_BYTES {
        return Err(PageError::TooLarge(Some(bytes.len() as u64)));
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || is_utf16(bytes) {
        return Err(PageError::Utf16);
    }
    if memchr::memchr(0, bytes).is_some() {
        return Err(PageError::Binary);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
        PageError::NotUtf8(1 + memchr::memchr_iter(b'\n', before).count())
    })?;
    if text.trim().is_empty() {
        return Err(PageError::Empty);
    }
    Ok(match memchr::memchr(b'\r', bytes) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
    })
}

/// Returns whether a text without a byte order mark is UTF-16: Latin letters, each with a zero byte next to it.
fn is_utf16(bytes: &[u8]) -> bool {
    let sample = bytes.get(..64.min(bytes.len() & !1)).unwrap_or(bytes);
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    pairs >= 2 && ((even == 0 && odd * 4 >= pairs * 3) || (odd == 0 && even * 4 >= pairs * 3))
}
