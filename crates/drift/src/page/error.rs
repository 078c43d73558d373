//! Errors from reading a page.

use std::fmt;

use super::limits::{MAX_BLOCKS, MAX_BYTES};
use super::unparsed::UnparsedBlock;

/// An error from reading a page. Its message includes advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageError {
    /// The file or the stream cannot be read. Contains the system's message.
    Unopened(String),
    /// The page has more than [`MAX_BYTES`]. Contains the size, if it is known.
    TooLarge(Option<u64>),
    /// The page is empty or has only white space.
    Empty,
    /// The page is encoded in UTF-16 instead of UTF-8.
    Utf16,
    /// The page is not text.
    Binary,
    /// The page is not UTF-8. Contains the first invalid line.
    NotUtf8(usize),
    /// The page has no text that looks like JSON.
    NoJson,
    /// The page has text that looks like JSON, but none of it can be parsed.
    Unreadable(Vec<UnparsedBlock>),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::Unopened(what) => write!(f, "the page cannot be opened: {what}"),
            PageError::TooLarge(size) => {
                match size {
                    Some(size) => write!(f, "the page has {size} bytes")?,
                    None => write!(f, "the page has more bytes than are read")?,
                }
                let mebi = MAX_BYTES / (1024 * 1024);
                write!(f, "; at most {MAX_BYTES} bytes ({mebi} MiB) are read. Keep the part with the payloads.")
            }
            PageError::Empty => {
                f.write_str("the page is empty. Save it again, with its text: some pages are made by a script in the browser.")
            }
            PageError::Utf16 => f.write_str("the page is UTF-16. Save it as UTF-8."),
            PageError::Binary => {
                f.write_str("the page is not text: it has zero bytes. Save it as HTML, Markdown or plain text, in UTF-8.")
            }
            PageError::NotUtf8(line) => write!(f, "line {line} of the page is not UTF-8. Save the page as UTF-8."),
            PageError::NoJson => f.write_str(
                "there is no JSON on the page: no object with a member, and no array of such objects. Is it the page with \
                 the payloads, and is its code there, not only its prose?",
            ),
            PageError::Unreadable(unparsed) => {
                f.write_str("none of the JSON on the page can be read, even with repairs.")?;
                // List repeated reasons once.
                let mut reasons: Vec<&UnparsedBlock> = Vec::new();
                for one in unparsed {
                    if !reasons.iter().any(|known| known.why == one.why) {
                        reasons.push(one);
                    }
                }
                for UnparsedBlock { line, why } in reasons.iter().take(3) {
                    write!(f, " Line {line}: {why}.")?;
                }
                match reasons.len() {
                    0..=3 => f.write_str(" Correct the page, or copy its JSON into a page that is correct."),
                    more => write!(f, " And {} more. Correct the page, or copy its JSON into a page that is correct.", more - 3),
                }
            }
        }
    }
}

impl std::error::Error for PageError {}

/// Returns the message for a page with more blocks than are kept.
pub(super) fn too_many_blocks() -> String {
    format!("the page has more than {MAX_BLOCKS} blocks; from here on they are not read")
}
