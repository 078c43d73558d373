//! Instances and payloads that the bytes choose, so that most of them are nearly valid.

use std::cell::RefCell;

use serde_json::Value;

use super::{TypedEvent, events};
use crate::differential::decide;
use crate::instances::InstanceGenerator;
use crate::oracle::Oracles;
use crate::variations::{compare, vary};

thread_local! {
    static ORACLES: RefCell<Oracles> = RefCell::default();
}

/// Instances, decided by two other validators and by us.
///
/// JSON that is an array or an object is an instance of every schema. Other bytes choose an event (2), and 20 instances that
/// are made from its schema (up to 8).
pub fn differential(bytes: &[u8]) {
    let decide_all = |event: &TypedEvent, instances: &mut dyn Iterator<Item = Value>| {
        ORACLES.with_borrow_mut(|oracles| {
            let oracle = oracles.of(event.schema);
            for instance in instances {
                if let Err(difference) = decide(event, oracle, &instance) {
                    panic!("{difference}");
                }
            }
        });
    };
    if let Some(text) = container(bytes) {
        let Ok(instance) = serde_json::from_str::<Value>(text) else { return };
        events().for_each(|event| decide_all(event, &mut [instance.clone()].into_iter()));
        return;
    }
    let Some((event, rest)) = chosen(bytes) else { return };
    let seed = rest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
    let schema: Value = serde_json::from_str(event.schema).expect("a schema");
    let payloads = event.examples.iter().map(|example| serde_json::from_str(example.payload).expect("JSON")).collect();
    let mut generator = InstanceGenerator::new(&schema, payloads, seed);
    decide_all(event, &mut (0..20).map(|_| generator.next_instance()));
}

/// Text to events, and the same JSON as `serde_json` writes it: an event accepts both or none, and both are the same to it.
///
/// What begins as an array or an object is text for every event. Other bytes choose an event (2), one of its documented
/// payloads (1), and changes of it (4 each).
pub fn text(bytes: &[u8]) {
    if let Some(text) = container(bytes) {
        for event in events() {
            compare(event, text);
        }
        return;
    }
    let Some((event, [example, changes @ ..])) = chosen(bytes) else { return };
    let Some(example) = event.examples.get(usize::from(*example) % event.examples.len().max(1)) else { return };
    let (changes, _) = changes.as_chunks::<4>();
    let changes: Vec<_> =
        changes.iter().map(|[low, high, what, with]| (u16::from_le_bytes([*low, *high]), *what, *with)).collect();
    if let Some(text) = vary(example.payload, &changes) {
        compare(event, &text);
    }
}

/// Text that begins as an array or an object does.
fn container(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.trim_start().starts_with(['{', '[']))
}

/// The event that the first two bytes choose, and the other bytes.
fn chosen(bytes: &[u8]) -> Option<(&'static TypedEvent, &[u8])> {
    let (place, rest) = bytes.split_first_chunk()?;
    let place = usize::from(u16::from_le_bytes(*place));
    Some((events().nth(place % events().count())?, rest))
}
