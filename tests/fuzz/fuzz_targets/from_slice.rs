//! Any bytes through every provider and every event: no panic, no hang, and what is accepted comes back equal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let parsed: Option<Value> = serde_json::from_slice(bytes).ok();
    let same = |back: String| {
        // A batch keeps the text of what it refuses, and a `Value` does not hold every number.
        let _: IgnoredAny = serde_json::from_str(&back).expect("what is written is JSON");
        if let Some(sent) = &parsed {
            let back: Value = serde_json::from_str(&back).expect("a value, as it was");
            assert!(webhook_runtime::__private::equal(sent, &back), "{sent} came back {back}");
        }
    };
    for provider in conformance::everything() {
        if provider.delivery != webhook_runtime::Delivery::Lines
            && let Ok(back) = provider.roundtrip(bytes)
        {
            same(back);
        }
        for event in &provider.events {
            if let Ok(back) = event.roundtrip(bytes) {
                same(back);
            }
            let _ = provider.roundtrip_with_name(event.wire_name, bytes);
        }
    }
});
