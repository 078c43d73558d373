//! Parses JSON text into `Value`s, independently of the features that `serde_json` is built with.

use serde_json::Value;

use crate::error::Error;
use crate::read::{self, Parser};

/// Reads JSON text as `serde_json` does, and rounds every number to the nearest `f64`.
///
/// # Errors
///
/// [`Error::Json`], with the error of `serde_json`.
pub(crate) fn from_text(text: &str) -> Result<Value, Error> {
    Parsed::new(text).map(|parsed| parsed.value)
}

/// The value of a JSON text.
pub(crate) struct Parsed {
    pub(crate) value: Value,
    /// Whether an object may have several members with the same name. The value has only the last of them.
    pub(crate) may_have_repeated_names: bool,
}

impl Parsed {
    /// Reads JSON text as `serde_json` does, and rounds every number to the nearest `f64`.
    ///
    /// # Errors
    ///
    /// [`Error::Json`], with the error of `serde_json`.
    pub(crate) fn new(text: &str) -> Result<Parsed, Error> {
        let mut parser = Parser::lenient(text);
        match read(&mut parser) {
            Ok(value) => Ok(Parsed { value, may_have_repeated_names: parser.has_repeated_names() }),
            // Our parser reports neither a position nor a reason, so `serde_json` looks for the error. Both accept the
            // same texts. If `serde_json` finds no error nevertheless, its value counts.
            Err(_) => match serde_json::from_str(text) {
                Ok(value) => Ok(Parsed { value, may_have_repeated_names: true }),
                Err(error) => Err(Error::json_in(text, error)),
            },
        }
    }
}

/// Reads JSON text that was written from a value in memory, however deep it nests.
pub(crate) fn from_written(text: &str) -> Option<Value> {
    Parser::of_written(text).value().ok()
}

fn read(parser: &mut Parser<'_>) -> read::Result<Value> {
    let value = parser.value()?;
    parser.end().map(|()| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text as `serde_json` does, and strictly too, unless a member is repeated.
    fn same(text: &str) {
        let expected = serde_json::from_str::<Value>(text);
        let found = read(&mut Parser::lenient(text)).ok();
        let mut parser = Parser::new(text);
        let strict = parser.value().and_then(|value| parser.end().map(|()| value)).ok();
        assert!(strict == found || strict.is_none() && text.matches(':').count() > 1, "{text}: {strict:?}");
        match (&found, &expected) {
            // Without `float_roundtrip`, `serde_json` may be off by one in the last place.
            (Some(found), Ok(expected)) => assert!(
                found == expected || text.parse::<f64>().is_ok_and(|exact| found.as_f64() == Some(exact)),
                "{text}: {found} {expected}"
            ),
            _ => assert_eq!(found.is_some(), expected.is_ok(), "{text}: {found:?} {expected:?}"),
        }
    }

    #[test]
    fn every_text_is_read_as_serde_json_reads_it() {
        for text in [
            "", " ", "null", " true ", "false", "nul", "tru", "nullx", "null null", "0", "-0", "-1",
            "123456789012345678", "1234567890123456789", "00", "01", "-", "+1", "1.", ".5", "1.5", "1e3", "1E+3",
            "1e-3", "1e", "1e+", "1.e3", "1.5e", "0.0", "-0.0", "0e0", "18446744073709551615", "18446744073709551616",
            "-9223372036854775808", "-9223372036854775809", "1e308", "1e309", "-1e999", "1e-400", "6e330", "0x1",
            "inf", "NaN", "1_0", "\"", "\"\"", "\"a\"", "\"\\ud800\"", "\"\\x\"", "\"\\\"", "\"\t\"", "\"\u{7f}é😀\"",
            "\"12345678\"", "[", "]", "[]", "[ ]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1}", "{", "}", "{}",
            "{ }", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{,}", "{\"a\" 1}",
            "{\"a\" : [ ] }", "{\"a\":1,\"a\":[2]}", "{\"a\":1]", "\u{feff}1", "1\u{a0}", "\u{a0}1", "1\u{b}", "{1:2}",
        ]
        .into_iter()
        .chain([
            "\"\\n\\u0041\\ud83d\\ude00\"",
            "{\"b\":{\"c\":null},\"a\":\"\\u00e9\"}",
            "{\"\\ud83d\\ude00\":1}",
        ]) {
            same(text);
        }
        assert!(Parser::new(r#"{"a": 1, "\u0061": 1}"#).value().is_err(), "a repeated member");
        for depth in [126, 127, 128, 5000] {
            same(&("[".repeat(depth) + &"]".repeat(depth)));
            same(&("{\"a\":".repeat(depth) + "1" + &"}".repeat(depth)));
        }
    }

    #[test]
    fn changed_texts_are_read_as_serde_json_reads_them() {
        let text = r#" {"a" : [1, -2.5e-3, true, null, "x\"\\\u00e9é"], "b":{"c":{}, "d":[[]]},"e":"\n\/"} "#;
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..crate::rounds(20_000) {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len().max(1)).min(bytes.len().saturating_sub(1));
                if bytes.is_empty() {
                    break;
                }
                match random.u8(0..3) {
                    0 => bytes[at] = *random.choice(b"{}[]\",:\\ \n0e.-+1tn".as_slice()).unwrap_or(&b'0'),
                    1 => drop(bytes.remove(at)),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            same(&String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn decimals_are_the_nearest() {
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..crate::rounds(20_000) {
            let number = f64::from_bits(random.u64(..));
            if !number.is_finite() {
                continue;
            }
            for text in [format!("{number:e}"), format!("{number:?}"), serde_json::to_string(&number).unwrap()] {
                let found = from_text(&text).unwrap();
                assert_eq!(found.as_f64().map(f64::to_bits), Some(number.to_bits()), "{text}");
            }
        }
    }
}
