//! Generates instances and payloads from the fuzzer's bytes, so that most of them are nearly valid.

use serde_json::Value;

use super::{TypedEvent, events};
use crate::differential::decide;
use crate::instances::InstanceGenerator;
use crate::oracle::Oracle;
use crate::variations::{compare, vary};

/// Compares our decisions on instances with the decisions of two other validators.
///
/// JSON that is an array or an object is used as an instance of every schema. For other input, the first 2 bytes choose
/// an event, and up to 8 bytes seed 20 instances that are generated from its schema.
pub fn differential(bytes: &[u8]) {
    let decide_all = |event: &TypedEvent, instances: &mut dyn Iterator<Item = Value>| {
        for instance in instances {
            if let Err(difference) = decide(event, Oracle::of(event.schema), &instance) {
                panic!("{difference}");
            }
        }
    };
    if let Some(text) = container(bytes) {
        let Ok(instance) = serde_json::from_str::<Value>(text) else { return };
        events().for_each(|event| decide_all(event, &mut [instance.clone()].into_iter()));
        return;
    }
    let Some((event, rest)) = chosen(bytes) else { return };
    let seed = rest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
    let mut generator = InstanceGenerator::new(&Oracle::of(event.schema).schema, crate::payloads(event.examples), seed);
    decide_all(event, &mut (0..20).map(|_| generator.next_instance()));
}

/// Reads text as events, and the same JSON as written by `serde_json`: an event accepts both texts or neither, with the
/// same value.
///
/// Input that begins like an array or an object is read as every event. For other input, 2 bytes choose an event, 1
/// byte chooses one of its documented payloads, and 4 bytes each choose the changes of the payload.
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

/// Returns the input as text if it begins like an array or an object.
fn container(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.trim_start().starts_with(['{', '[']))
}

/// Returns the event that the first two bytes choose, and the remaining bytes.
fn chosen(bytes: &[u8]) -> Option<(&'static TypedEvent, &[u8])> {
    let (place, rest) = bytes.split_first_chunk()?;
    let place = usize::from(u16::from_le_bytes(*place));
    Some((events().nth(place % events().count())?, rest))
}
