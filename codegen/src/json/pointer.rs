//! JSON Pointers (RFC 6901) as text.

use webhook_runtime::__private::escape;

/// The JSON Pointer of a member or an item below another.
pub fn step(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape(name))
}

/// The names and indexes that a JSON Pointer goes through.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescape)
}

/// A name or an index, as it is without the escapes of a JSON Pointer.
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
