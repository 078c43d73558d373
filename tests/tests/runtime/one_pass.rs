//! The parser reads accepted payloads in one pass. If one pass does not suffice, the text is read in another way with the same
//! result, so no other test would notice.

use std::collections::BTreeMap;

use conformance::instances::InstanceGenerator;
use conformance::lossless::difference;
use conformance::mutate::some_mutants;
use conformance::oracle::Oracle;
use golden_events::features;
use webhook_runtime::__private::EventReader;
use webhook_runtime::{EventInfo, ProviderVisitor, WebhookEvent};

/// The number of accepted payloads of each event, and the payloads that are not read in one pass.
type Found = BTreeMap<&'static str, (usize, Vec<String>)>;

/// Reads payloads of every event: the documented ones, those with one change, and generated ones.
struct Passes;

impl ProviderVisitor for Passes {
    type Output = Found;

    fn visit<E: WebhookEvent>(self) -> Found {
        let mut found = Found::new();
        for (event, reader) in E::PROVIDER.events.iter().zip(E::READERS) {
            let counts = found.entry(event.name).or_default();
            let (documented, others) = payloads(event);
            for text in &documented {
                assert!(reader.in_one_pass(text).is_some(), "{}: {text}", event.name);
            }
            for text in documented.iter().chain(&others) {
                decide(reader, text, counts);
            }
        }
        found
    }
}

fn decide<E: WebhookEvent>(reader: &EventReader<E>, text: &str, counts: &mut (usize, Vec<String>)) {
    match (reader.in_one_pass(text), reader.read_value(serde_json::from_str(text).unwrap())) {
        (Some(event), Ok(of_value)) => {
            let event = serde_json::to_string(&event).unwrap();
            assert_eq!(difference(text, &event).unwrap(), None, "{text}");
            assert_eq!(event, serde_json::to_string(&of_value).unwrap());
            counts.0 += 1;
        }
        (None, Ok(_)) => counts.1.push(text.to_owned()),
        (None, Err(_)) => {}
        (Some(_), Err(error)) => panic!("{text}: {error}"),
    }
}

/// Returns the documented payloads of an event, unchanged and minified, and generated payloads.
fn payloads(event: &EventInfo) -> (Vec<String>, Vec<String>) {
    let values = conformance::payloads(event.examples);
    let changed = values.iter().flat_map(|value| some_mutants(value, conformance::stride(11)));
    let changed = changed.map(|mutant| mutant.value.to_string());
    let mut generator = InstanceGenerator::new(&Oracle::of(event.schema).schema, values.clone(), 0x5eed);
    let generated = (0..conformance::rounds(40)).map(|_| generator.next_instance().to_string());
    let others = changed.chain(generated).collect();
    let documented = event.examples.iter().flat_map(|example| [example.payload.to_owned(), minified(example.payload)]);
    (documented.collect(), others)
}

/// Returns JSON without white space. Members keep their order.
fn minified(text: &str) -> String {
    let mut out = String::new();
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        if in_string || !c.is_ascii_whitespace() {
            out.push(c);
        }
        in_string ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
    }
    out
}

/// Every accepted payload is read in one pass; returns how many there are.
fn check(all: impl Iterator<Item = Found>) -> usize {
    let mut total = 0;
    for (name, (count, others)) in all.flatten() {
        assert_eq!(others, Vec::<String>::new(), "{name}");
        total += count;
    }
    total
}

#[test]
fn payloads_of_vendors_and_goldens_are_read_in_one_pass() {
    let of_vendors = check(security_webhooks::Provider::ALL.iter().map(|provider| provider.visit(Passes)));
    let of_goldens = check(golden_events::Provider::ALL.iter().map(|provider| provider.visit(Passes)));
    assert!(of_vendors > 1000 && of_goldens > 1000, "{of_vendors} {of_goldens}");
}

/// The limit of depth counts open arrays and objects, not all of them.
#[test]
fn payloads_with_many_parts_are_read_in_one_pass() {
    let events = features::Event::PROVIDER.events.iter();
    let (_, reader) = events.zip(features::Event::READERS).find(|(event, _)| event.name == "tree").unwrap();
    let tree = |root: &str| reader.in_one_pass(&format!(r#"{{"kind": "tree", "root": {root}}}"#)).is_some();
    let leaf = r#"{"value": 1, "children": []}"#;
    let wide = format!(r#"{{"value": 0, "children": [{}]}}"#, vec![leaf; 1000].join(", "));
    assert!(tree(&wide));
    let nested =
        |depth: usize| (1..depth).fold(leaf.to_owned(), |inner, _| format!(r#"{{"value": 1, "only": {inner}}}"#));
    // The payload and the list at the end are open too.
    assert!(tree(&nested(125)));
    assert!(!tree(&nested(126)));
}
