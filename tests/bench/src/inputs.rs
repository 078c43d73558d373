//! The inputs of benchmarks: documented payloads, and variants of them.

use crate::webhooks::findings;
use security_webhooks::{ProviderInfo, canary, connectsecure, crowdsec, procustodibus, wallarm};
use serde_json::{Map, Value};

/// Payloads of one vendor.
pub struct Input {
    /// Its name, such as `crowdsec/documented`.
    pub name: String,
    /// The vendor.
    pub vendor: &'static str,
    /// The events and payloads.
    pub payloads: Vec<(&'static str, Vec<u8>)>,
}

/// The vendors.
pub static VENDORS: [(&str, &ProviderInfo); 6] = [
    ("crowdsec", &crowdsec::PROVIDER),
    ("wallarm", &wallarm::PROVIDER),
    ("canary", &canary::PROVIDER),
    ("connectsecure", &connectsecure::PROVIDER),
    ("procustodibus", &procustodibus::PROVIDER),
    ("findings", &findings::PROVIDER),
];

/// An input by its name: a vendor, or a vendor and one of its events with a dot in between; a slash; and a form.
pub fn input(name: &str) -> Option<Input> {
    let (source, form) = name.split_once('/')?;
    let (vendor, event) = source.split_once('.').map_or((source, None), |(vendor, event)| (vendor, Some(event)));
    let (vendor, provider) = VENDORS.iter().find(|(known, _)| *known == vendor)?;
    let examples =
        provider.events.iter().flat_map(|event| event.examples.iter().map(move |example| (event.name, *example)));
    let payloads = examples
        .filter(|(known, _)| event.is_none_or(|event| event == *known))
        .map(|(event, example)| Some((event, formed(example.payload, form)?)))
        .collect::<Option<Vec<_>>>()?;
    (!payloads.is_empty()).then(|| Input { name: name.to_owned(), vendor, payloads })
}

fn formed(payload: &str, form: &str) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_str(payload).ok()?;
    Some(match form {
        "documented" => payload.as_bytes().to_vec(),
        "minified" => minified(payload),
        "unknown-1" => with_unknown(minified(payload), 1),
        "unknown-50" => with_unknown(minified(payload), 50),
        "reversed" => reversed(payload),
        "x100" => serde_json::to_vec(&with_repeated(value, 100)).ok()?,
        "invalid" => serde_json::to_vec(&invalid(value)).ok()?,
        _ => return None,
    })
}

/// The text without white space between tokens.
fn minified(payload: &str) -> Vec<u8> {
    let (mut out, mut inside, mut escaped) = (Vec::with_capacity(payload.len()), false, false);
    for byte in payload.bytes() {
        if inside || !byte.is_ascii_whitespace() {
            out.push(byte);
        }
        match byte {
            b'"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = inside && byte == b'\\' && !escaped;
    }
    out
}

/// The text of an object with so many unknown members after its own.
fn with_unknown(mut object: Vec<u8>, count: usize) -> Vec<u8> {
    assert_eq!(object.pop(), Some(b'}'), "a payload is an object");
    for index in 0..count {
        object.extend(format!(",\"x_unknown_{index}\":\"a value of a new member\"").bytes());
    }
    object.push(b'}');
    object
}

/// The items of the member `objects` so many times.
fn with_repeated(mut payload: Value, count: usize) -> Value {
    let objects = payload["objects"].as_array_mut().expect("an array");
    *objects = std::iter::repeat_n(objects.clone(), count).flatten().collect();
    payload
}

/// Every object with its members in reverse order.
fn reversed(payload: &str) -> Vec<u8> {
    fn write(value: &Value, out: &mut Vec<u8>) {
        match value {
            Value::Object(members) => {
                out.push(b'{');
                for (index, (name, value)) in members.iter().rev().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    serde_json::to_writer(&mut *out, name).expect("a string");
                    out.push(b':');
                    write(value, out);
                }
                out.push(b'}');
            }
            Value::Array(items) => {
                out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    write(item, out);
                }
                out.push(b']');
            }
            scalar => serde_json::to_writer(&mut *out, scalar).expect("a scalar"),
        }
    }
    let mut out = Vec::new();
    write(&serde_json::from_str(payload).expect("an example is JSON"), &mut out);
    out
}

/// The first string of a nested object is a number instead.
fn invalid(mut value: Value) -> Value {
    fn first_string(members: &mut Map<String, Value>) -> bool {
        for value in members.values_mut() {
            match value {
                Value::Object(members) => {
                    if first_string(members) {
                        return true;
                    }
                }
                Value::String(_) => {
                    *value = Value::from(1);
                    return true;
                }
                _ => {}
            }
        }
        false
    }
    if let Some(members) = value.as_object_mut() {
        first_string(members);
    }
    value
}
