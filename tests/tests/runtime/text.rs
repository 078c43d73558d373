//! A payload in any notation is read as the same event as in the notation of `serde_json`. Text that is not JSON is
//! rejected.
//!
//! Long runs, with `CONFORMANCE_ROUNDS`, try more variations.

use conformance::mutate::some_mutants;
use conformance::variations::{TypedEvent, compare, escaped, repeated, reversed, vary};
use serde_json::Value;

/// Every event with its examples.
fn all() -> Vec<(TypedEvent, &'static str)> {
    let events = conformance::everything().into_iter().flat_map(|provider| provider.events);
    events.flat_map(|event| event.examples.iter().map(move |example| (event, example.payload))).collect()
}

#[test]
fn payloads_in_other_notations() {
    for (event, payload) in all() {
        let value: Value = serde_json::from_str(payload).unwrap();
        for text in [payload, &value.to_string(), &reversed(&value), &escaped(&value), &format!("{value:#}")] {
            assert!(compare(&event, text), "{}: {text}", event.name);
        }
    }
}

/// The value of the first of two members with one name has no effect on the branch of a union or on the kept members.
#[test]
fn the_last_of_repeated_members_counts() {
    for (event, payload) in all() {
        for text in repeated(&serde_json::from_str(payload).unwrap()).into_iter().step_by(conformance::stride(15)) {
            assert!(compare(&event, &text), "{}: {text}", event.name);
        }
    }
}

/// Values that do not match, in notations that make it hard to find their ends.
#[test]
fn members_that_do_not_match() {
    let mut accepted = 0;
    for (event, payload) in all() {
        let value: Value = serde_json::from_str(payload).unwrap();
        for (place, mutant) in some_mutants(&value, conformance::stride(79)).enumerate() {
            let text = match place % 3 {
                0 => reversed(&mutant.value),
                1 => escaped(&mutant.value),
                _ => format!("{:#}", mutant.value),
            };
            accepted += usize::from(compare(&event, &text));
        }
    }
    assert!(accepted > 50, "{accepted}");
}

#[test]
fn truncated_payloads() {
    for (event, payload) in all() {
        let ends = (0..payload.len()).filter(|end| payload.is_char_boundary(*end));
        for end in ends.step_by(conformance::stride(31)) {
            compare(&event, &payload[..end]);
        }
    }
}

/// Replaces every `step`th byte by each of some others.
fn replace_bytes(event: &TypedEvent, payload: &str, step: usize) {
    let is_ascii = |at: &usize| payload.as_bytes().get(*at).is_some_and(u8::is_ascii);
    for at in (0..payload.len()).step_by(step).filter(is_ascii) {
        for byte in ["\"", "\\", "{", "}", "]", ",", ":", " ", "0", "-", ".", "e", "n", "\u{1}"] {
            compare(event, &[&payload[..at], byte, &payload[at + 1..]].concat());
        }
    }
}

#[test]
fn bytes_of_the_vendors_payloads_replaced_by_others() {
    for event in conformance::vendors().into_iter().flat_map(|provider| provider.events) {
        event.examples.iter().for_each(|example| replace_bytes(&event, example.payload, conformance::stride(47)));
    }
}

#[test]
fn bytes_of_all_payloads_replaced_by_others() {
    all().into_iter().for_each(|(event, payload)| replace_bytes(&event, payload, conformance::stride(499)));
}

#[test]
fn variations_at_random() {
    let mut random = fastrand::Rng::with_seed(7);
    let all = all();
    let count = conformance::rounds(20_000);
    let (mut read, mut accepted) = (0_u64, 0_u64);
    for _ in 0..count {
        let (event, payload) = &all[random.usize(..all.len())];
        let changes: Vec<(u16, u8, u8)> =
            (0..random.usize(1..4)).map(|_| (random.u16(..), random.u8(..), random.u8(..))).collect();
        if let Some(text) = vary(payload, &changes) {
            read += 1;
            accepted += u64::from(compare(event, &text));
        }
    }
    println!("{read} variations, {accepted} of them accepted");
    // If few texts were accepted, the test would compare little.
    assert!(accepted * 20 > count, "{accepted} of {count}");
}

#[test]
fn nesting_up_to_the_limit() {
    for event in conformance::vendors().into_iter().flat_map(|provider| provider.events) {
        let Some(example) = event.examples.first() else { continue };
        for depth in [100, 120, 125, 126, 127, 128, 200] {
            let deep = format!("{{\"x_new\":{}{},", "[".repeat(depth), "]".repeat(depth));
            compare(&event, &example.payload.replacen('{', &deep, 1));
        }
    }
}

#[test]
fn a_name_with_a_quote_is_only_read_where_it_is_escaped() {
    let events = conformance::goldens().into_iter().flat_map(|provider| provider.events);
    let mut found = 0;
    for event in events {
        for example in event.examples.iter().filter(|example| example.payload.contains(r#"quote\"d"#)) {
            found += 1;
            assert!(compare(&event, example.payload));
            assert!(!compare(&event, &example.payload.replace(r#"quote\"d"#, r#"quote"d"#)), "text that is not JSON");
        }
    }
    assert!(found > 0);
}
