//! JSON Pointers (RFC 6901) as text.

use webhook_runtime::__private::escape;

use super::Json;

/// Appends a member or an item to a JSON Pointer.
pub fn step(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape(name))
}

/// Appends members and items to a JSON Pointer, the outermost first.
pub fn descend<S: AsRef<str>>(pointer: &str, names: impl IntoIterator<Item = S>) -> String {
    names.into_iter().fold(pointer.to_owned(), |pointer, name| step(&pointer, name.as_ref()))
}

/// Iterates over the segments of a JSON Pointer, unescaped.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescape)
}

/// The maximum length of a chain of references. A longer chain is circular, and not a valid schema.
const CHAIN: usize = 16;

/// Follows the references of a schema within its document.
pub fn referred<'j>(root: &'j Json, mut schema: &'j Json) -> &'j Json {
    for _ in 0..CHAIN {
        let target = schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
        let Some(target) = target.and_then(|pointer| root.at(pointer)) else { break };
        schema = target;
    }
    schema
}

/// Unescapes a segment of a JSON Pointer.
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
