//! `Value`s of JSON text, whatever features `serde_json` is built with.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::number;
use crate::read::plain_length;

/// How deep arrays and objects may nest, as `serde_json` has it.
const DEPTH: u8 = 127;

/// Reads JSON text as `serde_json` does, with every number the nearest `f64`.
///
/// # Errors
///
/// [`Error::Json`], with the error of `serde_json`.
pub(crate) fn from_text(text: &str) -> Result<Value, Error> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    match reader.value().filter(|_| reader.next().is_none()) {
        Some(value) => Ok(value),
        None => serde_json::from_str(text).map_err(Error::json),
    }
}

/// A reader that ends with `None` at whatever is not JSON.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: u8,
}

impl Reader<'_> {
    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The next byte that is not white space; it is not taken.
    fn next(&mut self) -> Option<u8> {
        self.at += self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
        self.rest().first().copied()
    }

    fn take(&mut self, wanted: &str) -> Option<()> {
        let is_next = self.rest().starts_with(wanted.as_bytes());
        self.at += if is_next { wanted.len() } else { 0 };
        is_next.then_some(())
    }

    fn value(&mut self) -> Option<Value> {
        Some(match self.next()? {
            b'"' => Value::String(self.string()?),
            b'{' => Value::Object(self.object()?),
            b'[' => Value::Array(self.array()?),
            b'n' => self.take("null").map(|()| Value::Null)?,
            b't' => self.take("true").map(|()| Value::Bool(true))?,
            b'f' => self.take("false").map(|()| Value::Bool(false))?,
            _ => {
                let start = self.at;
                let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                self.at += self.rest().iter().take_while(is_part).count();
                Value::Number(number::from_text(self.text.get(start..self.at)?)?)
            }
        })
    }

    /// A string whose opening quote is next.
    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.take("\"")?;
        let mut has_escapes = false;
        loop {
            self.at += plain_length(self.rest());
            match self.rest() {
                [b'"', ..] => break,
                [b'\\', _, ..] => {
                    has_escapes = true;
                    self.at += 2;
                }
                _ => return None,
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at)?;
        match has_escapes {
            false => quoted.get(1..quoted.len() - 1).map(str::to_owned),
            true => serde_json::from_str(quoted).ok(),
        }
    }

    /// Begins an array or an object; whether it has anything inside.
    fn open(&mut self, end: u8) -> Option<bool> {
        if self.depth == DEPTH {
            return None;
        }
        self.at += 1;
        self.depth += 1;
        let is_empty = self.next()? == end;
        if is_empty {
            self.close();
        }
        Some(!is_empty)
    }

    fn close(&mut self) {
        self.at += 1;
        self.depth -= 1;
    }

    /// Steps over a comma, or over the end: whether something follows.
    fn more(&mut self, end: u8) -> Option<bool> {
        match self.next()? {
            b',' => {
                self.at += 1;
                Some(true)
            }
            other if other == end => {
                self.close();
                Some(false)
            }
            _ => None,
        }
    }

    fn array(&mut self) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        let mut more = self.open(b']')?;
        while more {
            items.push(self.value()?);
            more = self.more(b']')?;
        }
        Some(items)
    }

    fn object(&mut self) -> Option<Map<String, Value>> {
        let mut members = Map::new();
        let mut more = self.open(b'}')?;
        while more {
            self.next()?;
            let name = self.string()?;
            self.next()?;
            self.take(":")?;
            // The last of several members of one name counts.
            members.insert(name, self.value()?);
            more = self.more(b'}')?;
        }
        Some(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text as `serde_json` does.
    fn same(text: &str) {
        let expected = serde_json::from_str::<Value>(text);
        let mut reader = Reader { text, at: 0, depth: 0 };
        let found = reader.value().filter(|_| reader.next().is_none());
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
            "",
            " ",
            "null",
            " true ",
            "false",
            "nul",
            "tru",
            "nullx",
            "null null",
            "0",
            "-0",
            "-1",
            "00",
            "01",
            "-",
            "+1",
            "1.",
            ".5",
            "1.5",
            "1e3",
            "1E+3",
            "1e-3",
            "1e",
            "1e+",
            "1.e3",
            "1.5e",
            "0.0",
            "-0.0",
            "0e0",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "1e308",
            "1e309",
            "-1e999",
            "1e-400",
            "6e330",
            "0x1",
            "inf",
            "NaN",
            "1_0",
            "\"",
            "\"\"",
            "\"a\"",
            "\"\\n\\u0041\\ud83d\\ude00\"",
            "\"\\ud800\"",
            "\"\\x\"",
            "\"\\\"",
            "\"\t\"",
            "\"\u{7f}é😀\"",
            "\"12345678\"",
            "[",
            "]",
            "[]",
            "[ ]",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1]]",
            "[1}",
            "{",
            "}",
            "{}",
            "{ }",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{a:1}",
            "{,}",
            "{\"a\" 1}",
            "{\"a\" : [ ] }",
            "{\"a\":1,\"a\":[2]}",
            "{\"b\":{\"c\":null},\"a\":\"\\u00e9\"}",
            "{\"a\":1]",
            "\u{feff}1",
            "1\u{a0}",
            "\u{a0}1",
            "1\u{b}",
            "{\"\\ud83d\\ude00\":1}",
            "{1:2}",
        ] {
            same(text);
        }
        for depth in [126, 127, 128, 5000] {
            same(&("[".repeat(depth) + &"]".repeat(depth)));
            same(&("{\"a\":".repeat(depth) + "1" + &"}".repeat(depth)));
        }
    }

    #[test]
    fn changed_texts_are_read_as_serde_json_reads_them() {
        let text = r#" {"a" : [1, -2.5e-3, true, null, "x\"\\\u00e9é"], "b":{"c":{}, "d":[[]]},"e":"\n\/"} "#;
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..20_000 {
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
        for _ in 0..20_000 {
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
