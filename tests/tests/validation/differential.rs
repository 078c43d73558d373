//! Instances of every schema, valid and changed. Two other validators, our validator and the type decide each of them. Accepted
//! instances are written back equal.

use conformance::differential::{Decision, decide};
use conformance::instances::InstanceGenerator;
use conformance::oracle::Oracle;
#[cfg(feature = "realistic")]
use conformance::oracle::Verdict;
use webhook_harness::TypedProvider;

/// Decides `instances` of every event.
fn run(providers: &[TypedProvider], instances: u64) {
    let (mut valid, mut invalid, mut disputed, mut excepted) = (0, 0, 0, 0);
    let mut differences = Vec::new();
    for (place, event) in providers.iter().flat_map(|provider| &provider.events).enumerate() {
        let (oracle, payloads) = (Oracle::of(event.schema), conformance::payloads(event.examples));
        let mut generator = InstanceGenerator::new(&oracle.schema, payloads, 0x5eed + place as u64);
        for _ in 0..instances {
            match decide(event, oracle, &generator.next_instance()) {
                Ok(Decision::Valid) => valid += 1,
                Ok(Decision::Invalid) => invalid += 1,
                Ok(Decision::Disputed) => disputed += 1,
                Ok(Decision::Excepted) => excepted += 1,
                // One difference of each event is enough.
                Err(difference) => {
                    differences.push(difference);
                    break;
                }
            }
        }
    }
    println!("{valid} valid, {invalid} invalid, {excepted} excepted, {disputed} disputed by the others");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let all = valid + invalid + disputed + excepted;
    assert!(disputed * 200 <= all, "the others dispute {disputed} of {all}");
    assert!(valid * 20 >= all && invalid * 20 >= all, "{valid} valid and {invalid} invalid of {all} say little");
}

#[test]
fn the_vendors_schemas() {
    run(&conformance::vendors(), conformance::rounds(100));
}

#[test]
fn the_goldens() {
    run(&conformance::goldens(), conformance::rounds(100));
}

#[cfg(feature = "realistic")]
#[test]
fn the_larger_set() {
    run(&conformance::realistic(), conformance::rounds(30));
}

/// Instances that long runs found, with the answers of both other validators.
#[cfg(feature = "realistic")]
#[test]
fn what_was_once_decided_wrongly() {
    for (name, payload, expected) in [
        // Branches that contradict the keywords next to them allow no value, not even null.
        (
            "email_bounced",
            r#"{"event_type": "email.bounced", "recipient": "", "bounce": {"class": "abuse"}, "legacy_report": null}"#,
            false,
        ),
        // `unevaluatedProperties` next to `oneOf` does not apply to members that the branch evaluated.
        (
            "asset_discovered",
            r#"{"type": "asset_discovered", "asset": {"kind": "host", "id": "", "ports": [1]}}"#,
            true,
        ),
        (
            "asset_discovered",
            r#"{"type": "asset_discovered", "asset": {"kind": "host", "id": "", "ports": [1], "fqdn": ""}}"#,
            false,
        ),
        // Null satisfies `required`, so `not` rejects it, and two branches of `oneOf` accept it.
        ("null_and_not", r#"{"type": "null_and_not", "details": null}"#, false),
        ("null_and_not", r#"{"type": "null_and_not", "one": null}"#, false),
        ("null_and_not", r#"{"type": "null_and_not", "one": {"y": 1}}"#, true),
        // A member depends on a member that the object may not have.
        ("needs_what_may_not_be", r#"{"type": "needs_what_may_not_be", "closed": {"a": ""}}"#, false),
        // Two branches of `oneOf` accept a listed string.
        ("one_of_listed_and_open", r#"{"type": "one_of_listed_and_open", "level": "low"}"#, false),
        ("one_of_listed_and_open", r#"{"type": "one_of_listed_and_open", "level": "other"}"#, true),
        ("extends_itself", r#"{"type": "extends_itself", "schema": {"not": {"not": {"discriminator": 1}}}}"#, false),
        ("container_of_itself", r#"{"type": "container_of_itself", "list": [[[1]]]}"#, false),
        ("container_of_itself", r#"{"type": "container_of_itself", "map": {"a": {"b": null}}}"#, false),
    ] {
        let providers = conformance::realistic();
        let mut events = providers.iter().flat_map(|provider| &provider.events);
        let event = events.find(|event| event.name == name).expect("an event");
        let value: serde_json::Value = serde_json::from_str(payload).unwrap();
        let verdict = if expected { Verdict::Valid } else { Verdict::Invalid };
        assert_eq!(Oracle::of(event.schema).verdict(&value), verdict, "{payload}");
        assert_eq!(event.validator.is_valid(&value), expected, "{payload}");
        assert_eq!(event.roundtrip(payload.as_bytes()).is_ok(), expected, "{payload}");
    }
}
