//! Generated payloads: each is valid, and is identified as its event.

use std::collections::{BTreeMap, HashSet};

use conformance::exceptions::{has, is_large_decimal};
use conformance::oracle::{Oracle, Verdict};
use serde_json::Value;
use webhook_codegen::json::Json;
use webhook_codegen::payloads::generate;

use crate::command::{Outcome as _, run};

fn generated(arguments: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let (code, shown, errors) = run(&[&["generate"], arguments].concat());
    (code, shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), errors)
}

#[test]
fn payloads_of_every_event_are_valid_and_various() {
    let mut events = 0;
    for provider in conformance::everything() {
        for event in provider.events.iter().step_by(conformance::stride(2)) {
            let schema = Json::parse(event.schema).unwrap();
            let payloads = generate(&schema, &BTreeMap::new(), 7, 4).unwrap();
            assert_eq!(payloads.len(), 4, "{}", event.name);
            let oracle = Oracle::of(event.schema);
            for payload in payloads.iter().filter(|payload| !has(payload, is_large_decimal)) {
                assert_ne!(oracle.verdict(payload), Verdict::Invalid, "{}: {payload}", event.name);
            }
            events += 1;
        }
    }
    assert!(events > 100, "{events}");
}

#[test]
fn the_same_seed_generates_the_same_payloads() {
    let (code, first, errors) = generated(&["crowdsec/alert_triggered", "--count", "20"]);
    assert_eq!((code, first.len(), errors.as_str()), (Some(0), 20, ""));
    assert_eq!(generated(&["crowdsec/alert_triggered", "--count", "20"]).1, first);
    assert_ne!(generated(&["crowdsec/alert_triggered", "--count", "20", "--seed", "1"]).1, first);
    let different: HashSet<String> = first.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), 20);
    for payload in &first {
        let event = security_webhooks::crowdsec::Event::from_slice(payload.to_string().as_bytes()).unwrap();
        assert!(matches!(event, security_webhooks::crowdsec::Event::AlertTriggered(_)), "{payload}");
    }
}

#[test]
fn payloads_are_of_the_event_that_is_asked_for() {
    let (code, payloads, errors) = generated(&["wallarm/hit", "--count", "10"]);
    assert_eq!((code, payloads.len(), errors.as_str()), (Some(0), 10, ""));
    for payload in &payloads {
        let event = security_webhooks::wallarm::Event::from_slice(payload.to_string().as_bytes()).unwrap();
        assert!(matches!(event, security_webhooks::wallarm::Event::Hit(_)), "{payload}");
    }
    generated(&["wallarm/hits"]).says(3, ["did you mean `hit`?"]);
}
