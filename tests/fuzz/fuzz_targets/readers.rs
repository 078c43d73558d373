//! Any text through both readers of every event: what the one pass accepts, reading a value accepts too, and gives the same.
#![no_main]

use std::sync::LazyLock;

use conformance::readers::{TypedEvent, vary};
use libfuzzer_sys::fuzz_target;

static EVENTS: LazyLock<Vec<TypedEvent>> =
    LazyLock::new(|| conformance::everything().into_iter().flat_map(|provider| provider.events).collect());

fuzz_target!(|input: (u16, u16, Vec<(u16, u8, u8)>)| {
    let (place, example, changes) = input;
    let event = &EVENTS[usize::from(place) % EVENTS.len()];
    let Some(example) = event.examples.get(usize::from(example) % event.examples.len().max(1)) else { return };
    let Some(text) = vary(example.payload, &changes) else { return };
    if let Err(difference) = event.compare_readers(&text) {
        panic!("{}: {text}: {difference}", event.name);
    }
});
