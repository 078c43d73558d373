//! Tolerant reading: required members decide, other values are kept, and the deviations list the differences.

use conformance::instances::InstanceGenerator;
use conformance::lossless::difference;
use conformance::mutate::some_mutants;
use conformance::oracle::{Oracle, Verdict};
use conformance::tolerant::relaxed;
use golden_events::tolerant::{Event, Report};
use security_webhooks::{Deviation, DeviationKind, canary};
use serde_json::{Value, json};
use webhook_harness::TypedEvent;
use webhook_runtime::__private::number;
use webhook_runtime::Reading;

use super::example;

/// Every event that is read tolerantly.
fn events() -> Vec<TypedEvent> {
    let all = conformance::everything().into_iter().flat_map(|provider| provider.events);
    all.filter(|event| event.reading == Reading::Tolerant).collect()
}

fn has_large_integer(value: &Value) -> bool {
    match value {
        Value::Number(number) => number::is_integer(number) && number.as_i64().is_none(),
        Value::Array(items) => items.iter().any(has_large_integer),
        Value::Object(members) => members.values().any(has_large_integer),
        _ => false,
    }
}

/// Checks that an instance is accepted if the relaxed schema accepts it. Returns whether it was accepted although the schema
/// rejects it.
fn decide(event: &TypedEvent, own: &Oracle, oracle: &Oracle, instance: &Value) -> bool {
    let context = || format!("{}: {instance}", event.name);
    let accepted = match oracle.verdict(instance) {
        Verdict::Valid => true,
        Verdict::Invalid => false,
        Verdict::Disputed => return false,
    };
    let text = instance.to_string();
    match event.roundtrip(text.as_bytes()) {
        Err(_) if has_large_integer(instance) => return false,
        Err(error) => {
            assert!(!accepted, "refused: {}: {error}", context());
            assert!(error.violations().is_some_and(|violations| !violations.is_empty()), "{}", context());
            return false;
        }
        Ok(back) => {
            assert!(accepted, "accepted: {}", context());
            assert_eq!(difference(&text, &back).unwrap(), None, "{}", context());
        }
    }
    let deviations = event.validator.deviations(instance);
    let invalid = |deviation: &Deviation| deviation.kind == DeviationKind::InvalidValue;
    if !has_large_integer(instance) {
        let is_valid = own.verdict(instance) == Verdict::Valid;
        assert_eq!(!deviations.iter().any(invalid), is_valid, "{}: {deviations}", context());
    }
    deviations.iter().any(invalid)
}

#[test]
fn what_is_required_decides_and_nothing_else() {
    let (mut decided, mut kept) = (0, 0);
    for (place, event) in events().into_iter().enumerate() {
        let own = Oracle::of(event.schema);
        let oracle = Oracle::new(&relaxed(&own.schema).to_string());
        let examples = conformance::payloads(event.examples);
        let mut generator = InstanceGenerator::new(&own.schema, examples.clone(), 0x701e + place as u64);
        let mutants = examples.iter().flat_map(|example| some_mutants(example, conformance::stride(5)));
        let made = (0..conformance::rounds(40)).map(|_| generator.next_instance());
        for instance in mutants.map(|mutant| mutant.value).chain(made) {
            decided += 1;
            kept += usize::from(decide(&event, own, &oracle, &instance));
        }
    }
    assert!(decided > 1_400, "{decided}");
    assert!(kept > 400, "{kept} of {decided}");
}

#[test]
fn another_value_of_an_optional_member_is_a_deviation_at_its_place() {
    let full = golden_events::tolerant::EXAMPLES.iter().find(|example| example.name == "full").unwrap();
    let full: Value = serde_json::from_str(full.payload).unwrap();
    for (pointer, value) in [
        ("/score", json!("three")),
        ("/score", json!(10)),
        ("/seen", json!(7)),
        ("/tags/1", json!({})),
        ("/labels/b", json!("two")),
        ("/level", json!("medium")),
        ("/owner/id", json!("7")),
        ("/note", json!([])),
        ("/message", json!({"text": "Port 22 open on sensor"})),
        ("/pair/0", json!(1)),
        ("/target/port", json!("22")),
        ("/tree/children/0/name", json!(null)),
        ("/source/ip", json!(1)),
        ("/source/place/zone", json!(-1)),
        ("/rows/1/value", json!([null])),
    ] {
        let mut payload = full.clone();
        *payload.pointer_mut(pointer).unwrap() = value.clone();
        let event =
            Event::from_slice(payload.to_string().as_bytes()).unwrap_or_else(|error| panic!("{pointer}: {error}"));
        assert_eq!(serde_json::to_value(&event).unwrap(), payload, "{pointer}");
        let deviations = event.deviations();
        let found: Vec<&str> = deviations.iter().map(|deviation| deviation.instance_location.as_str()).collect();
        assert_eq!(found, [pointer], "{deviations}");
        // Read through serde's `Deserialize`, and from a `Value`.
        let expected = Report::from_slice(payload.to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::from_value::<Report>(payload.clone()).unwrap(), expected);
        assert_eq!(serde_json::from_str::<Event>(&payload.to_string()).unwrap(), Event::from_value(payload).unwrap());
    }
}

#[test]
fn a_member_is_kept_where_it_is() {
    let text = r#"{"event": "report", "source": {"name": "s", "ip": 1}, "rows": [{"key": "k", "value": null}],
        "target": {"port": "22", "kind": "host"}, "tags": ["a", 1], "note": false, "message": 5}"#;
    let mut report = Report::from_slice(text.as_bytes()).unwrap();
    assert_eq!((&report.source.ip, &report.source.extra["ip"]), (&None, &json!(1)));
    assert_eq!((&report.rows[0].value, &report.rows[0].extra["value"]), (&None, &Value::Null));
    assert_eq!((&report.tags, &report.extra["tags"]), (&None, &json!(["a", 1])));
    assert!(report.note.is_absent() && report.extra["note"] == json!(false));
    assert_eq!((&report.message, &report.extra["message"]), (&None, &json!(5)));
    let target = serde_json::to_value(&report.target).unwrap();
    assert_eq!(target, json!({"port": "22", "kind": "host"}));
    // A field that is set afterwards is written instead of the member of `extra`.
    report.tags = Some(vec!["b".to_owned()]);
    let written: Value = serde_json::to_value(&report).unwrap();
    assert_eq!(written["tags"], json!(["b"]));
    assert_eq!(written["note"], json!(false));
    assert_eq!(serde_json::to_string(&report).unwrap().matches("\"tags\"").count(), 1);
}

#[test]
fn what_is_required_is_still_refused() {
    for (text, place) in [
        (r#"{"event": "report", "rows": []}"#, ""),
        (r#"{"event": "report", "source": {}, "rows": []}"#, "/source"),
        (r#"{"event": "report", "source": {"name": 1}, "rows": []}"#, "/source/name"),
        (r#"{"event": "report", "source": {"name": ""}, "rows": [{}]}"#, "/rows/0"),
        (r#"{"event": "checked", "place": {"zone": "1"}}"#, "/place/zone"),
    ] {
        let error = Event::from_slice(text.as_bytes()).unwrap_err();
        let violations: Vec<_> =
            error.violations().unwrap().iter().map(|found| found.instance_location.as_str()).collect();
        assert_eq!(violations, [place], "{text}");
    }
}

#[test]
fn what_the_schema_does_not_name_or_list_is_a_deviation() {
    let text = r#"{"event": "report", "source": {"name": "s", "vlan": 3}, "rows": [], "status": "ajar", "x-id": "a",
        "labels": {"any": 1}, "extra": {"deep": 1}}"#;
    let event = Event::from_slice(text.as_bytes()).unwrap();
    let deviations = event.deviations();
    let found: Vec<_> = deviations.iter().map(|found| (found.kind, found.instance_location.as_str())).collect();
    use DeviationKind::{UnknownMember, UnlistedValue};
    // In the order of the payload's members, which a map sorts by name.
    assert_eq!(found, [(UnknownMember, "/extra"), (UnknownMember, "/source/vlan"), (UnlistedValue, "/status")]);
    assert_eq!(
        deviations.to_string(),
        "3 deviations\n  /extra: expected a member that the schema names, found an object with 1 member\n  /source/vlan: expected a \
         member that the schema names, found 3\n  /status: expected one of \"open\", \"closed\", found \"ajar\""
    );
    assert!(!deviations.masked().to_string().contains("ajar"));
    assert!(Event::from_slice(br#"{"event": "tomorrow", "a": 1}"#).unwrap().deviations().is_empty());
}

/// Members that vendors are known to send in addition to the members of their examples.
#[test]
fn what_vendors_say_without_an_example() {
    use security_webhooks::{procustodibus, wallarm};
    let mut hit = example(wallarm::EXAMPLES, "new_hits");
    hit["details"]["hit"]["headers"] = json!({"Host": ["example.com"], "X-Forwarded-For": "192.0.2.1"});
    let wallarm::Event::NewHits(hits) = wallarm::Event::from_value(hit).unwrap() else { panic!("another event") };
    assert!(hits.deviations().is_empty(), "{}", hits.deviations());

    // Another kind of alert, the worst one, with a field that an administrator chose.
    let mut alert = example(procustodibus::EXAMPLES, "alerts");
    alert["attributes"]["danger"] = json!(9);
    alert["attributes"]["type"] = json!("Endpoint IP Suspicious");
    alert["attributes"]["params"] = json!({"ip": "192.0.2.1"});
    alert["environment"] = json!("production");
    let procustodibus::Event::Alerts(alert) = procustodibus::Event::from_value(alert).unwrap() else {
        panic!("another event")
    };
    assert_eq!(alert.extra["environment"], json!("production"));
    let deviations = alert.deviations();
    let found: Vec<_> = deviations.iter().map(|found| (found.kind, found.instance_location.as_str())).collect();
    assert_eq!(found, [(DeviationKind::UnknownMember, "/environment")]);
}

#[test]
fn a_batch_lists_the_deviations_of_all_its_events() {
    let body =
        r#"[{"event": "retired", "reason": 1}, {"event": "checked", "place": 1}, {"event": "retired", "since": 1}]"#;
    let batch = golden_events::tolerant::Batch::from_slice(body.as_bytes()).unwrap();
    let found: Vec<_> = batch.deviations().into_iter().map(|found| found.instance_location).collect();
    assert_eq!((found, batch.rejected().count()), (vec!["/0/reason".to_owned(), "/2/since".to_owned()], 1));
}

#[test]
fn a_payload_that_nests_deeper_than_text_may_has_its_deviations() {
    let mut payload = example(canary::EXAMPLES, "incident");
    // Real Canaries send a number for a member that the documents show as a string.
    payload["Nested"] = (0..500).fold(json!(1), |inner, _| json!([inner]));
    payload["CanaryName"] = json!(7);
    let event = canary::Event::from_value(payload).unwrap();
    let places: Vec<_> = event.deviations().iter().map(|one| one.instance_location.clone()).collect();
    assert_eq!(places, ["/CanaryName", "/Nested"]);
}
