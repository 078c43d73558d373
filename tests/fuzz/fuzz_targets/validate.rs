//! Any JSON to every validator: the answer, the list of violations and the type agree.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use webhook_runtime::number;

fn is_held(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number::is_integer(number) || number::to_integer(number).is_some(),
        Value::Array(items) => items.iter().all(is_held),
        Value::Object(members) => members.values().all(is_held),
        _ => true,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    // Written again, so that no name stands twice.
    let text = value.to_string();
    for event in conformance::everything().into_iter().flat_map(|provider| provider.events) {
        let accepted = event.rule.accepts(&value);
        let violations = event.rule.explain(&value);
        assert_eq!(accepted, violations.is_empty(), "{}: {text}: {violations}", event.name);
        let _ = (violations.to_string(), violations.masked().to_string(), serde_json::to_string(&violations));
        let read = (event.roundtrip)(text.as_bytes());
        if is_held(&value) {
            assert_eq!(accepted, read.is_ok(), "{}: {text}: {:?}", event.name, read.err());
        } else {
            assert!(accepted || read.is_err(), "{}: {text}", event.name);
        }
    }
});
