//! Compares JSON texts under JSON Schema's instance equality. Numbers are compared digit by digit, so two numbers that
//! round to the same `f64` differ.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use webhook_runtime::__private::escape;
use webhook_runtime::__private::number::same_text;

/// The first difference between two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The location, as a JSON Pointer.
    pub pointer: String,
    /// The value in the first text; `None` if it has no value at the location.
    pub left: Option<String>,
    /// The value in the second text; `None` if it has no value at the location.
    pub right: Option<String>,
}

/// Returns the first difference between two JSON texts, or `None` if they are equal.
///
/// # Errors
///
/// Returns an error if a text is not JSON.
pub fn difference(left: &str, right: &str) -> Result<Option<Difference>, serde_json::Error> {
    compare(Some(serde_json::from_str(left)?), Some(serde_json::from_str(right)?), String::new())
}

type Members<'t> = BTreeMap<String, &'t RawValue>;

fn compare(
    left: Option<&RawValue>,
    right: Option<&RawValue>,
    pointer: String,
) -> Result<Option<Difference>, serde_json::Error> {
    let mut parts = Vec::new();
    let same = match (text(left), text(right)) {
        (Some((b'[', a)), Some((b'[', b))) => {
            let (a, b): (Vec<&RawValue>, Vec<&RawValue>) = (serde_json::from_str(a)?, serde_json::from_str(b)?);
            parts.extend((0..a.len().max(b.len())).map(|at| (at.to_string(), a.get(at).copied(), b.get(at).copied())));
            true
        }
        (Some((b'{', a)), Some((b'{', b))) => {
            let (a, b): (Members<'_>, Members<'_>) = (serde_json::from_str(a)?, serde_json::from_str(b)?);
            let added = b.keys().filter(|name| !a.contains_key(*name));
            let part = |name: &String| (escape(name).to_string(), a.get(name).copied(), b.get(name).copied());
            parts.extend(a.keys().chain(added).map(part));
            true
        }
        (Some((b'"', a)), Some((b'"', b))) => serde_json::from_str::<String>(a)? == serde_json::from_str::<String>(b)?,
        (Some((b'0', a)), Some((b'0', b))) => same_text(a, b),
        (a, b) => a == b,
    };
    for (step, left, right) in parts {
        if let Some(found) = compare(left, right, format!("{pointer}/{step}"))? {
            return Ok(Some(found));
        }
    }
    let shown = |value: Option<&RawValue>| value.map(|value| value.get().to_owned());
    Ok((!same).then(|| Difference { pointer, left: shown(left), right: shown(right) }))
}

/// Returns the first character of a value, or `0` for any number, and its text.
fn text(value: Option<&RawValue>) -> Option<(u8, &str)> {
    let text = value?.get();
    match text.as_bytes()[0] {
        b'-' | b'0'..=b'9' => Some((b'0', text)),
        other => Some((other, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(left: &str, right: &str) -> Option<String> {
        difference(left, right).unwrap().map(|difference| difference.pointer)
    }

    #[test]
    fn the_first_difference_is_pointed_at() {
        assert_eq!(at(r#"{"a": {"b/c": null}}"#, r#"{"a": {}}"#).as_deref(), Some("/a/b~1c"));
        assert_eq!(at(r#"{"a": []}"#, r#"{"a": [1]}"#).as_deref(), Some("/a/0"));
        assert_eq!(at(r#"{"b": 1, "a": "\u00e9"}"#, r#"{"a": "é", "b": 1}"#), None);
        assert_eq!(at("null", "false").as_deref(), Some(""));
    }
}
