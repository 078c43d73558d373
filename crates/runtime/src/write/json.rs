//! The JSON text of values.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::WriteJson;
use crate::instance::Literal;
use crate::nullable::Nullable;
use crate::read::{Constant, is_plain_text, plain_length};
use crate::sealed::Sealed;
use crate::text::TemplatedText;
use crate::timestamp::Timestamp;
use crate::unknown::Unknown;

/// Encloses the parts that were written from `start` on, each with a comma before it, in brackets.
pub(super) fn close(out: &mut Vec<u8>, start: usize, open: u8, end: u8) {
    // The first comma becomes the opening bracket, so no part has to know whether it is the first.
    match out.get_mut(start) {
        Some(comma) => *comma = open,
        None => out.push(open),
    }
    out.push(end);
}

/// Writes a string, given as UTF-8.
fn string(text: &[u8], out: &mut Vec<u8>) {
    if is_plain_text(text) { plain(text, out) } else { escaped(text, out) }
}

/// Writes a string without escapes.
#[inline]
fn plain(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Writes a string with escapes.
#[cold]
fn escaped(text: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let (plain, mut rest) = text.split_at(plain_length(text));
    out.extend_from_slice(plain);
    // `plain_length` stops at a byte that must be escaped, so `rest` always begins with one.
    while let [byte, after @ ..] = rest {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => {
                let [high, low] = [byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        let plain = plain_length(after);
        out.extend_from_slice(&after[..plain]);
        rest = &after[plain..];
    }
    out.push(b'"');
}

/// Writes a number, as `serde_json` formats it.
fn number<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    // Writing to a buffer in memory never fails.
    let _ = serde_json::to_writer(out, value);
}

macro_rules! write_as {
    ($($({$generic:ident})? $type:ty: |$value:ident, $out:ident| $write:expr;)*) => {$(
        impl $(<$generic: WriteJson>)? Sealed for $type {}

        impl $(<$generic: WriteJson>)? WriteJson for $type {
            #[inline]
            fn write_json(&self, $out: &mut Vec<u8>) {
                let $value = self;
                $write
            }
        }
    )*};
}

write_as! {
    (): |_value, out| out.extend_from_slice(b"null");
    bool: |value, out| out.extend_from_slice(if *value { b"true" } else { b"false" });
    i64: |value, out| number(value, out);
    u64: |value, out| number(value, out);
    Number: |value, out| number(value, out);
    str: |value, out| string(value.as_bytes(), out);
    String: |value, out| string(value.as_bytes(), out);
    Timestamp: |value, out| string(value.as_bytes(), out);
    Unknown: |value, out| value.payload().write_json(out);
    {T} Box<T>: |value, out| (**value).write_json(out);
    {T} Option<T>: |value, out| match value {
        Some(value) => value.write_json(out),
        None => ().write_json(out),
    };
    {T} Nullable<T>: |value, out| match value {
        Nullable::Value(value) => value.write_json(out),
        _ => ().write_json(out),
    };
    {T} Vec<T>: |value, out| value.as_slice().write_json(out);
    {T} [T]: |value, out| {
        let start = out.len();
        for item in value {
            out.push(b',');
            item.write_json(out);
        }
        close(out, start, b'[', b']');
    };
    {T} BTreeMap<String, T>: |value, out| members(value, out);
    Map<String, Value>: |value, out| members(value, out);
}

#[cfg(feature = "arbitrary_precision")]
impl Sealed for crate::decimal::Decimal {}

#[cfg(feature = "arbitrary_precision")]
impl WriteJson for crate::decimal::Decimal {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_str().as_bytes());
    }
}

impl<F> Sealed for TemplatedText<F> {}

impl<F> WriteJson for TemplatedText<F> {
    fn write_json(&self, out: &mut Vec<u8>) {
        string(self.as_str().as_bytes(), out);
    }
}

/// Writes the name of a member, with a comma before it and a colon after it.
pub(super) fn name(name: &str, out: &mut Vec<u8>) {
    out.push(b',');
    string(name.as_bytes(), out);
    out.push(b':');
}

/// Writes members, each with a comma before it.
pub(super) fn append<'m, N: AsRef<str> + 'm, T: WriteJson + 'm>(
    members: impl IntoIterator<Item = (&'m N, &'m T)>,
    out: &mut Vec<u8>,
) {
    for (own, value) in members {
        name(own.as_ref(), out);
        value.write_json(out);
    }
}

fn members<'m, N: AsRef<str> + 'm, T: WriteJson + 'm>(
    members: impl IntoIterator<Item = (&'m N, &'m T)>,
    out: &mut Vec<u8>,
) {
    let start = out.len();
    append(members, out);
    close(out, start, b'{', b'}');
}

impl Sealed for Value {}

impl WriteJson for Value {
    fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Value::Null => ().write_json(out),
            Value::Bool(value) => value.write_json(out),
            Value::Number(value) => value.write_json(out),
            Value::String(value) => string(value.as_bytes(), out),
            Value::Array(items) => items.write_json(out),
            Value::Object(members) => members.write_json(out),
        }
    }
}

impl Sealed for Constant {}

impl WriteJson for Constant {
    fn write_json(&self, out: &mut Vec<u8>) {
        match self.value {
            Literal::String(text) if self.is_plain => plain(text.as_bytes(), out),
            value => value.write_json(out),
        }
    }
}

impl Sealed for Literal<'_> {}

impl WriteJson for Literal<'_> {
    fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Literal::Null => ().write_json(out),
            Literal::Boolean(value) => value.write_json(out),
            Literal::Number(literal) => match literal.to_number() {
                Some(value) => value.write_json(out),
                None => out.extend_from_slice(literal.to_string().as_bytes()),
            },
            Literal::String(value) => string(value.as_bytes(), out),
            Literal::Array(items) => items.write_json(out),
            Literal::Object(object) => members(object.iter().map(|(name, value)| (name, value)), out),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::number::NumberLiteral;

    /// The direct writer and serde write the same.
    #[track_caller]
    fn same<T: WriteJson + Serialize + ?Sized>(value: &T) {
        let expected = serde_json::to_string(value).unwrap();
        assert_eq!(crate::to_string(value), expected);
        let mut written = Vec::new();
        crate::to_writer(&mut written, value).unwrap();
        assert_eq!(written, expected.as_bytes());
    }

    #[test]
    fn every_character_is_escaped_as_serde_json_does_at_every_place() {
        let odd: Vec<char> = (0..=0xff_u32)
            .chain([0x2028, 0x2029, 0xfeff, 0xfffd, 0x1f600, 0x10ffff])
            .filter_map(char::from_u32)
            .collect();
        let step = if cfg!(miri) { 32 } else { 1 };
        for character in odd.into_iter().step_by(step) {
            for before in 0..18 {
                for after in [0, 1, 7, 8, 9] {
                    same(&format!("{}{character}{}", "a".repeat(before), "é".repeat(after)));
                }
                same(&format!("{}{character}{character}\"{}", "a".repeat(before), character));
            }
        }
    }

    #[test]
    fn random_values_are_written_as_serde_json_does() {
        fn value(random: &mut fastrand::Rng, depth: usize) -> Value {
            let text = |random: &mut fastrand::Rng| -> String {
                let length = random.usize(0..20);
                (0..length).map(|_| if random.bool() { random.alphanumeric() } else { random.char(..) }).collect()
            };
            match random.u8(0..if depth == 0 { 6 } else { 8 }) {
                0 => Value::Null,
                1 => random.bool().into(),
                2 => random.i64(..).into(),
                3 => random.u64(..).into(),
                4 => f64::from_bits(random.u64(..)).into(),
                5 => text(random).into(),
                6 => (0..random.usize(0..4)).map(|_| value(random, depth - 1)).collect(),
                _ => {
                    let members = (0..random.usize(0..4)).map(|_| (text(random), value(random, depth - 1)));
                    Value::Object(members.collect())
                }
            }
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..crate::rounds(5_000) {
            same(&value(&mut random, 5));
        }
    }

    #[test]
    fn values_of_all_types_are_written_as_serde_json_does() {
        same(&[(), ()][..]);
        same(&[Some(true), None, Some(false)][..]);
        same(&vec![i64::MIN, -1, 0, 1, i64::MAX]);
        same(&vec![0, u64::MAX]);
        same(&vec![Nullable::Absent, Nullable::Null, Nullable::Value(Box::new("a".to_owned()))]);
        same(&Vec::<bool>::new());
        same(&BTreeMap::<String, i64>::new());
        same(&BTreeMap::from([("\"".to_owned(), vec![1.5_f64.into(), Value::Null]), ("b".to_owned(), vec![])]));
        same(&Timestamp::from("2021-07-29T12:00:00\t"));
        same(&TemplatedText::<()>::from("a\\b"));
        same(&Unknown::new(None, json!({"a": [1.0, -0.0, 1e300, 5e-324], "": {}})));
        same("é");
        for literal in [
            Literal::Null,
            Literal::Boolean(true),
            Literal::Number(NumberLiteral::Integer(i128::from(u64::MAX))),
            Literal::Number(NumberLiteral::Integer(1 << 64)),
            Literal::Number(NumberLiteral::Decimal("0.10")),
            Literal::Number(NumberLiteral::Decimal("1E400")),
            Literal::String("\u{1}"),
            Literal::Array(&[Literal::Null, Literal::Array(&[])]),
            Literal::Object(&[("a\"", Literal::Boolean(false)), ("b", Literal::Object(&[]))]),
        ] {
            match serde_json::to_string(&literal) {
                Ok(_) => same(&literal),
                // A schema's number that is no `f64` still has a text.
                Err(_) => assert_eq!(crate::to_string(&literal), "1E400"),
            }
        }
    }

    #[test]
    fn a_value_that_is_nested_deep_is_written() {
        let mut value = json!([]);
        for _ in 0..200 {
            value = Value::from_iter([("a".to_owned(), Value::Array(vec![value]))]);
        }
        same(&value);
    }
}
