//! Any JSON to every validator: the answer, the list of violations and the type agree.
#![no_main]

use conformance::exceptions::{has, is_unheld};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use webhook_runtime::Reading;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    // Written again, so that no name stands twice.
    let text = value.to_string();
    for event in conformance::everything().into_iter().flat_map(|provider| provider.events) {
        let accepted = event.validator.is_valid(&value);
        let violations = event.validator.violations(&value);
        assert_eq!(accepted, violations.is_empty(), "{}: {text}: {violations}", event.name);
        let _ = (violations.to_string(), violations.masked().to_string(), serde_json::to_string(&violations));
        let read = event.roundtrip(text.as_bytes());
        let _ = event.validator.deviations(&value).to_string();
        let is_held = !has(&value, is_unheld);
        if event.reading == Reading::Tolerant {
            assert!(!accepted || !is_held || read.is_ok(), "{}: {text}: {:?}", event.name, read.err());
        } else if is_held {
            assert_eq!(accepted, read.is_ok(), "{}: {text}: {:?}", event.name, read.err());
        } else {
            assert!(accepted || read.is_err(), "{}: {text}", event.name);
        }
    }
});
