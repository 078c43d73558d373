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
    compare(serde_json::from_str(left)?, serde_json::from_str(right)?, String::new())
}

type Members<'t> = BTreeMap<String, &'t RawValue>;

fn compare(left: &RawValue, right: &RawValue, pointer: String) -> Result<Option<Difference>, serde_json::Error> {
    let (a, b) = (left.get(), right.get());
    let same = match (kind(a), kind(b)) {
        (b'[', b'[') => {
            let (a, b): (Vec<&RawValue>, Vec<&RawValue>) = (serde_json::from_str(a)?, serde_json::from_str(b)?);
            for index in 0..a.len().max(b.len()) {
                let found = both(a.get(index).copied(), b.get(index).copied(), format!("{pointer}/{index}"))?;
                if found.is_some() {
                    return Ok(found);
                }
            }
            true
        }
        (b'{', b'{') => {
            let (a, b): (Members<'_>, Members<'_>) = (serde_json::from_str(a)?, serde_json::from_str(b)?);
            let added = b.keys().filter(|name| !a.contains_key(*name));
            for name in a.keys().chain(added) {
                let place = format!("{pointer}/{}", escape(name));
                let found = both(a.get(name).copied(), b.get(name).copied(), place)?;
                if found.is_some() {
                    return Ok(found);
                }
            }
            true
        }
        (b'"', b'"') => serde_json::from_str::<String>(a)? == serde_json::from_str::<String>(b)?,
        (b'0', b'0') => same_text(a, b),
        (x, y) => x == y && a == b,
    };
    let shown = |text: &str| Some(text.to_owned());
    Ok((!same).then(|| Difference { pointer, left: shown(a), right: shown(b) }))
}

fn both(
    left: Option<&RawValue>,
    right: Option<&RawValue>,
    pointer: String,
) -> Result<Option<Difference>, serde_json::Error> {
    match (left, right) {
        (Some(left), Some(right)) => compare(left, right, pointer),
        (left, right) => {
            let shown = |text: Option<&RawValue>| text.map(|text| text.get().to_owned());
            Ok(Some(Difference { pointer, left: shown(left), right: shown(right) }))
        }
    }
}

/// Returns the first character, or `0` for any number.
fn kind(text: &str) -> u8 {
    match text.as_bytes()[0] {
        b'-' | b'0'..=b'9' => b'0',
        other => other,
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
