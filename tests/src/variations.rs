//! Varies the text of a payload, without or with changes to its value.

use std::fmt::Display;

use serde_json::Value;

pub use webhook_harness::TypedEvent;

use crate::mutate::{at_mut, places};

/// Reads a text as an event, and reads the same JSON as written by `serde_json`. The event must accept both texts or
/// neither, and both must give the same value. Returns whether the event accepts them.
pub fn compare(event: &TypedEvent, text: &str) -> bool {
    let read = |text: &str| event.roundtrip(text.as_bytes());
    let found = read(text);
    match serde_json::from_str::<Value>(text).map(|value| read(&value.to_string())) {
        Err(error) => assert!(found.is_err(), "{}: {text}: accepted, and is not JSON: {error}", event.name),
        Ok(expected) => {
            let errors = (found.as_ref().err(), expected.as_ref().err());
            assert_eq!(found.as_ref().ok(), expected.as_ref().ok(), "{}: {text}: {errors:?}", event.name);
        }
    }
    found.is_ok()
}

/// Fragments that replace parts of a text or are inserted into it.
const FRAGMENTS: [&str; 40] = [
    "", " ", "\n", "\t", "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "false", "0", "-0", "1", "-1",
    "1.0", "1e3", "1E-2", "01", "0.1", "123456789012345678", "1234567890123456789", "18446744073709551615",
    "18446744073709551616", "1e400", "\"\"", "{}", "[]", "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\n", "\"a\":1,",
    "é", "\u{7f}", "x",
];

/// Changes a text. Each change consists of a place, an operation and its operand. Returns `None` if a place splits a
/// character.
pub fn vary(text: &str, changes: &[(u16, u8, u8)]) -> Option<String> {
    let mut text = text.to_owned();
    for (place, what, with) in changes.iter().take(8) {
        let at = usize::from(*place) % (text.len() + 1);
        let fragment = FRAGMENTS[usize::from(*with) % FRAGMENTS.len()];
        let end = token_end(&text, at)?;
        match what % 5 {
            // A token, or its end, is replaced.
            0 => text.replace_range(at..end, fragment),
            1 => text.is_char_boundary(at).then(|| text.insert_str(at, fragment))?,
            2 => text.truncate(at),
            3 => text.replace_range(at..end, ""),
            // A part is repeated.
            _ => {
                let part = text.get(at..end)?.to_owned();
                text.insert_str(end, &part);
            }
        }
    }
    Some(text)
}

fn token_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let length = match rest.chars().next() {
        Some('"') => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
        Some(first) if first.is_alphanumeric() || first == '-' => {
            rest.find(|c: char| !c.is_alphanumeric() && !"-+.".contains(c)).unwrap_or(rest.len())
        }
        Some(first) => first.len_utf8(),
        None => 0,
    };
    Some(at + length)
}

/// Returns the text of an object with members of these names and texts. Several members may have the same name.
pub fn object<'m, T: Display>(members: impl IntoIterator<Item = (&'m String, T)>) -> String {
    let member = |(name, text): (&String, T)| format!("{}:{text}", Value::from(name.as_str()));
    format!("{{{}}}", members.into_iter().map(member).collect::<Vec<_>>().join(","))
}

/// Returns the text of a value with the members of every object in reverse order.
pub fn reversed(value: &Value) -> String {
    match value {
        Value::Object(members) => object(members.iter().rev().map(|(name, value)| (name, reversed(value)))),
        Value::Array(items) => format!("[{}]", items.iter().map(reversed).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

/// Returns the text with every character of every string escaped.
pub fn escaped(value: &Value) -> String {
    let string = |text: &str| {
        let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        format!("\"{units}\"")
    };
    match value {
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}:{}", string(name), escaped(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(escaped).collect::<Vec<_>>().join(",")),
        Value::String(text) => string(text),
        scalar => scalar.to_string(),
    }
}

/// Returns texts in which an object has one of its members twice, first with another value.
pub fn repeated(value: &Value) -> Vec<String> {
    const OTHERS: [&str; 5] = ["null", "7", "\"x\"", "[{}]", "{\"\\u0061\":\"}\"}"];
    const OBJECT: &str = "the object";
    let mut texts = Vec::new();
    for place in places(value) {
        let mut around = value.clone();
        let Some(object) = at_mut(&mut around, &place) else { continue };
        let Value::Object(members) = object.take() else { continue };
        *object = OBJECT.into();
        let (around, text) = (around.to_string(), Value::Object(members.clone()).to_string());
        for name in members.keys() {
            let repeat = |other| format!("{{{}:{other},{}", Value::from(name.as_str()), &text[1..]);
            texts.extend(OTHERS.map(|other| around.replacen(&format!("\"{OBJECT}\""), &repeat(other), 1)));
        }
    }
    texts
}
