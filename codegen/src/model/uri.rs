//! Resolves URI references, and encodes paths in URIs.

use std::fmt::Display;

use fluent_uri::{Uri, UriRef};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// The ASCII characters that cannot occur in a URI.
const NOT_IN_A_URI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// Resolves a URI reference against a base URI. The fragment is kept. Characters that cannot occur in a URI are encoded,
/// because names of definitions are often written without encoding.
///
/// # Errors
///
/// Returns the reason why one of them is not a URI.
pub fn resolve(base: &str, reference: &str) -> Result<String, String> {
    let reference = utf8_percent_encode(reference, NOT_IN_A_URI).to_string();
    let reference = UriRef::parse(reference.as_str()).map_err(|error| error.to_string())?;
    let base = Uri::parse(base).map_err(|error| error.to_string())?;
    // A reference that is only a fragment refers to the base itself, even if the base has no hierarchy, like `urn:`.
    let is_fragment =
        reference.scheme().is_none() && reference.authority().is_none() && reference.path().as_str().is_empty();
    if is_fragment && reference.query().is_none() {
        let base = base.strip_fragment().normalize();
        return Ok(reference.fragment().map_or_else(|| base.to_string(), |fragment| format!("{base}#{fragment}")));
    }
    let resolved = reference.resolve_against(&base.strip_fragment()).map_err(|error| error.to_string())?;
    Ok(resolved.normalize().to_string())
}

/// All characters except unreserved ones and `/`.
const NOT_IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Encodes a path as part of a URI.
pub fn encode_path(path: &str) -> impl Display + '_ {
    utf8_percent_encode(path, NOT_IN_A_PATH)
}
