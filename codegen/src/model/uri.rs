//! Percent-encoding of paths in URIs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except unreserved ones and `/`.
const NOT_IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Encodes a path as part of a URI.
pub(crate) fn encode_path(path: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(path, NOT_IN_A_PATH)
}
