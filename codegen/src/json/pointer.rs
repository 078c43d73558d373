//! JSON Pointers (RFC 6901) as text.

use webhook_runtime::__private::escape;

/// Appends a member or an item to a JSON Pointer.
pub fn step(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape(name))
}

/// Iterates over the segments of a JSON Pointer, unescaped.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescape)
}

/// Unescapes a segment of a JSON Pointer.
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
