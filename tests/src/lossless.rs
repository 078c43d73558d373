//! Equality of JSON texts, decided without the runtime's code: two texts are equal if they have the same scalars at the
//! same locations. Numbers are compared by their decimal digits, whatever their notation.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use serde_json::value::RawValue;
use webhook_harness::TypedProvider;

/// Returns the first location, in the order of JSON Pointers, at which two JSON texts differ, with both values. Returns
/// `None` if the texts are equal.
///
/// # Errors
///
/// A text is not JSON.
pub fn difference(left: &str, right: &str) -> Result<Option<String>, serde_json::Error> {
    let (left, right) = (scalars(left)?, scalars(right)?);
    let all = left.keys().chain(right.keys()).collect::<std::collections::BTreeSet<_>>();
    let found = all.into_iter().find(|pointer| left.get(*pointer) != right.get(*pointer));
    Ok(found.map(|pointer| format!("{pointer}: {:?}, {:?}", left.get(pointer), right.get(pointer))))
}

/// Checks that a text was parsed and serialized without loss.
#[track_caller]
pub fn assert_lossless(sent: &str, back: &str) {
    let found = difference(sent, back).unwrap_or_else(|error| panic!("{error}: {sent}: {back}"));
    assert_eq!(found, None, "{sent}");
}

/// Checks that no event is identified in a payload, and that the payload is accepted and written back without loss.
#[track_caller]
pub fn assert_unknown(provider: &TypedProvider, payload: &str) {
    assert_eq!(provider.dispatch.detect(payload), None, "{payload}");
    let back = provider.roundtrip(payload.as_bytes()).unwrap_or_else(|error| panic!("{error}: {payload}"));
    assert_lossless(payload, &back);
}

/// Returns the scalars, empty arrays and empty objects of a text, by their JSON Pointers.
fn scalars(text: &str) -> Result<BTreeMap<String, String>, serde_json::Error> {
    let mut all = BTreeMap::new();
    collect(serde_json::from_str(text)?, String::new(), &mut all)?;
    Ok(all)
}

fn collect(value: &RawValue, pointer: String, all: &mut BTreeMap<String, String>) -> Result<(), serde_json::Error> {
    let text = value.get();
    let scalar = match text.as_bytes().first() {
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{index}"), all)?;
            }
            items.is_empty().then(|| "[]".to_owned())
        }
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            for (name, member) in &members {
                let step = name.replace('~', "~0").replace('/', "~1");
                collect(member, format!("{pointer}/{step}"), all)?;
            }
            // An object differs from an array that has the same scalars.
            Some("{}".to_owned())
        }
        Some(b'"') => Some(format!("{:?}", serde_json::from_str::<String>(text)?)),
        Some(b'-' | b'0'..=b'9') => Some(decimal(text)),
        _ => Some(text.to_owned()),
    };
    all.extend(scalar.map(|scalar| (pointer, scalar)));
    Ok(())
}

/// Returns a number as an integer without trailing zeros and the exponent of a power of ten.
fn decimal(text: &str) -> String {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().expect("digits");
    if digits == BigInt::ZERO {
        return "0".to_owned();
    }
    let digits = digits.to_string();
    let significant = digits.trim_end_matches('0');
    let exponent: BigInt = exponent.trim_start_matches('+').parse().expect("an exponent");
    let exponent = exponent - BigInt::from(fraction.len()) + BigInt::from(digits.len() - significant.len());
    format!("{significant}e{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the place of the difference of two texts. The comparison of the command line must find one, too.
    fn at(left: &str, right: &str) -> Option<String> {
        let found = difference(left, right).unwrap();
        let of_harness = webhook_harness::json_diff::difference(left, right).unwrap();
        assert_eq!(found.is_none(), of_harness.is_none(), "{left} {right}");
        found.map(|found| found.split(':').next().unwrap_or_default().to_owned())
    }

    #[test]
    fn numbers_are_compared_digit_by_digit() {
        assert_eq!(at("[36, 1e2, 0.10, -0, 0e9]", "[36.0, 100, 1E-1, 0.0, 0]"), None);
        // The runtime takes exponents of more than 64 bits for different numbers, even if they are equal.
        assert_eq!(difference("1e400000000000000000000", "10e399999999999999999999").unwrap(), None);
        assert_eq!(at("[0.1, 18446744073709551617]", "[0.1, 18446744073709551616]").as_deref(), Some("/1"));
        assert_eq!(at("0.98069498069498081", "0.9806949806949808").as_deref(), Some(""));
        assert_eq!(at("-1", "1").as_deref(), Some(""));
        assert_eq!(at("[1, {}, 3.6e1, 1e-7]", "[1.0,{},36,0.0000001]"), None);
    }

    #[test]
    fn null_absence_and_emptiness_differ() {
        assert_eq!(at(r#"{"a": {"b/c": null}}"#, r#"{"a": {}}"#).as_deref(), Some("/a/b~1c"));
        assert_eq!(at(r#"{"a": []}"#, r#"{"a": {}}"#).as_deref(), Some("/a"));
        assert_eq!(at("[1]", r#"{"0": 1}"#).as_deref(), Some(""));
        assert_eq!(at(r#"{"a": []}"#, r#"{"a": [1]}"#).as_deref(), Some("/a"));
        assert_eq!(at(r#"{"a": "1"}"#, r#"{"a": 1}"#).as_deref(), Some("/a"));
        assert_eq!(at(r#"{"b": 1, "a": "\u00e9"}"#, r#"{"a": "é", "b": 1}"#), None);
    }
}
