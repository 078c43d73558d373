//! Instances made from schemas, decided by two other validators and by us.
#![no_main]

use std::cell::RefCell;

use conformance::exceptions::{has, is_large_decimal};
use conformance::instances::InstanceGenerator;
use conformance::oracle::{Oracles, Verdict};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

thread_local! {
    static ORACLES: RefCell<Oracles> = RefCell::default();
}

fuzz_target!(|input: (u16, u64)| {
    let (place, seed) = input;
    let events: Vec<_> = conformance::everything().into_iter().flat_map(|provider| provider.events).collect();
    let event = events[usize::from(place) % events.len()];
    let schema: Value = serde_json::from_str(event.schema).expect("a schema");
    let seeds = event.examples.iter().map(|example| serde_json::from_str(example.payload).expect("JSON")).collect();
    let mut generator = InstanceGenerator::new(&schema, seeds, seed);
    ORACLES.with_borrow_mut(|oracles| {
        for _ in 0..20 {
            let instance = generator.next_instance();
            if has(&instance, is_large_decimal) {
                continue;
            }
            let accepted = event.validator.is_valid(&instance);
            match oracles.of(event.schema).verdict(&instance) {
                Verdict::Valid => assert!(accepted, "{}: refused {instance}", event.name),
                Verdict::Invalid => assert!(!accepted, "{}: accepted {instance}", event.name),
                Verdict::Disputed => {}
            }
        }
    });
});
