//! Payloads with one change: every required member removed, every member of another JSON type, the discriminator changed.
//! Each payload is decided as two other validators decide it, and an accepted payload is written back equal.

use std::collections::BTreeSet;

use conformance::exceptions::{has, is_unheld};
use conformance::lossless::{assert_unknown, difference};
use conformance::mutate::some_mutants;
use conformance::oracle::{Oracle, Verdict};
use serde_json::Value;
use webhook_harness::TypedProvider;
use webhook_runtime::Reading;

/// Decides one of every `every` mutants.
fn decide(providers: &[TypedProvider], every: usize) -> usize {
    let mut decided = 0;
    for event in providers.iter().flat_map(|provider| &provider.events) {
        for example in event.examples {
            let payload: Value = serde_json::from_str(example.payload).unwrap();
            for mutant in some_mutants(&payload, every) {
                let context = format!("{}/{}: {}: {}", event.name, example.name, mutant.what, mutant.value);
                if has(&mutant.value, is_unheld) {
                    continue;
                }
                let expected = match Oracle::of(event.schema).verdict(&mutant.value) {
                    Verdict::Valid => true,
                    Verdict::Invalid => false,
                    // The other validators divide large numbers in binary floating point.
                    Verdict::Disputed if context.contains("est integer: ") => continue,
                    Verdict::Disputed => panic!("the oracles dispute {context}"),
                };
                assert_eq!(event.validator.is_valid(&mutant.value), expected, "validator: {context}");
                let violations = event.validator.violations(&mutant.value);
                assert_eq!(violations.is_empty(), expected, "violations: {context}: {violations}");
                let text = mutant.value.to_string();
                match event.roundtrip(text.as_bytes()) {
                    Ok(back) => {
                        assert!(expected || event.reading == Reading::Tolerant, "the type accepts {context}");
                        assert_eq!(difference(&text, &back).unwrap(), None, "{context}");
                    }
                    Err(error) => {
                        assert!(!expected, "the type refuses {context}: {error}");
                        let listed = error
                            .violations()
                            .expect("violations")
                            .iter()
                            .map(|v| (&v.instance_location, &v.schema_location));
                        let explained = violations.iter().map(|v| (&v.instance_location, &v.schema_location));
                        assert_eq!(sorted(listed), sorted(explained), "{context}");
                    }
                }
                decided += 1;
            }
        }
    }
    decided
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort();
    items
}

#[test]
fn mutants_of_the_vendors_payloads_and_of_the_goldens_are_decided_as_others_decide_them() {
    let decided = [decide(&conformance::vendors(), conformance::stride(3)), decide(&conformance::goldens(), 1)];
    assert!(decided[0] > 1500 && decided[1] > 4000, "{decided:?}");
}

#[cfg(feature = "realistic")]
#[test]
fn mutants_of_the_larger_set_are_decided_as_others_decide_them() {
    let decided = decide(&conformance::realistic(), conformance::stride(61));
    assert!(decided > 900, "{decided}");
}

/// The discriminators of events, copied by hand from the vendors' documents.
const DISCRIMINATORS: [(&str, &str); 4] = [
    ("crowdsec", "/details/event_type"),
    ("connectsecure", "/subject"),
    ("procustodibus", "/type"),
    ("wallarm", "/object_type"),
];

#[test]
fn another_discriminator_makes_an_unknown_event_that_is_kept() {
    let mut reached = BTreeSet::new();
    for provider in conformance::vendors() {
        let Some((_, pointer)) = DISCRIMINATORS.iter().find(|(name, _)| *name == provider.name) else { continue };
        for example in provider.events.iter().flat_map(|event| event.examples) {
            let mut payload: Value = serde_json::from_str(example.payload).unwrap();
            let Some(discriminator) = payload.pointer_mut(pointer) else { continue };
            *discriminator = "an event of tomorrow".into();
            assert_unknown(&provider, &payload.to_string());
            reached.insert(provider.name);
        }
    }
    assert_eq!(reached, DISCRIMINATORS.map(|(name, _)| name).into());
}

#[test]
fn an_identified_event_that_violates_its_schema_is_rejected() {
    let mut payload: Value = serde_json::from_str(security_webhooks::crowdsec::EXAMPLES[0].payload).unwrap();
    payload["metadata"]["issuer"] = "somebody else".into();
    payload["details"].as_object_mut().unwrap().remove("uuid");
    payload["details"]["target"]["ip"] = 5.into();
    let error = security_webhooks::crowdsec::Event::from_slice(payload.to_string().as_bytes()).unwrap_err();
    insta::assert_snapshot!(error, @r#"
    alert_triggered: 3 violations
      /details: expected the member "uuid" (schema: /properties/details/required)
      /details/target/ip: expected a string, found 5 (schema: /$defs/AlertTarget/properties/ip/type)
      /metadata/issuer: expected "crowdsec.net", found "somebody else" (schema: /properties/metadata/properties/issuer/const)
    "#);
}
