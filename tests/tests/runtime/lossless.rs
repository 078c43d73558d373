//! A receiver loses nothing: new members and events, nulls, absent members, notations and digits.

use conformance::lossless::{assert_lossless, assert_unknown};
use golden_events::features;
use security_webhooks::{Nullable, connectsecure, crowdsec, procustodibus, wallarm};
use serde_json::{Value, json};
use webhook_runtime::ViolationKind;

use super::example;

/// Reads a text as an `Event` and writes it: the result must be equal.
macro_rules! same {
    ($event:ty, $text:expr) => {{
        let text: String = $text.to_string();
        let event = <$event>::from_slice(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        let back = serde_json::to_string(&event).unwrap();
        assert_lossless(&text, &back);
        event
    }};
}

#[test]
fn unknown_members_are_kept_at_every_depth() {
    let mut alert = example(crowdsec::EXAMPLES, "alert_triggered");
    alert["new"] = json!({ "deep": [null, [], {}, 1.25] });
    alert["details"]["new"] = json!(null);
    alert["details"]["behaviors"][1]["new"] = json!([]);
    alert["details"]["target"]["new"] = json!("\u{0}\u{fffd}😀");
    let crowdsec::Event::AlertTriggered(alert) = same!(crowdsec::Event, alert) else { panic!("another event") };
    assert_eq!(alert.extra["new"]["deep"][3], 1.25);
    assert_eq!(alert.details.extra["new"], Value::Null);
    assert_eq!(alert.details.behaviors[1].extra["new"], json!([]));
}

#[test]
fn null_absence_and_emptiness_are_three_things() {
    let mut alert = example(crowdsec::EXAMPLES, "alert_triggered");
    alert["details"]["uuid"] = Value::Null;
    alert["details"]["behaviors"] = json!([]);
    alert["details"]["source"]["city"] = Value::Null;
    alert["details"]["source"].as_object_mut().unwrap().remove("rdns");
    alert["details"]["target"]["name"] = json!("");
    let crowdsec::Event::AlertTriggered(alert) = same!(crowdsec::Event, alert) else { panic!("another event") };
    assert_eq!(alert.details.uuid, None);
    assert_eq!(alert.details.source.city, Nullable::Null);
    assert_eq!(alert.details.source.rdns, Nullable::Absent);
    assert_eq!(alert.details.target.name, Nullable::Value(String::new()));

    let mut hit = example(wallarm::EXAMPLES, "hit");
    hit["remote_country"] = json!("DE");
    hit.as_object_mut().unwrap().remove("regex");
    let wallarm::Event::Hit(hit) = same!(wallarm::Event, hit) else { panic!("another event") };
    assert_eq!(hit.remote_country.as_deref(), Some("DE"));
    assert_eq!(hit.regex, None);
    assert_eq!(hit.remote_addr6, Nullable::Null);
}

#[test]
fn every_spelling_of_a_date_time_is_kept() {
    let spellings = [
        "2021-07-29T12:00:00+00:00",
        "2021-07-29T12:00:00Z",
        "2021-07-29t12:00:00z",
        "2021-07-29T12:00:00.000000001+02:00",
        "2021-07-29 12:00:00",
        "not a date",
        "",
    ];
    for spelling in spellings {
        let mut alert = example(crowdsec::EXAMPLES, "alert_triggered");
        alert["details"]["start_at"] = json!(spelling);
        let crowdsec::Event::AlertTriggered(alert) = same!(crowdsec::Event, alert) else { panic!("another event") };
        assert_eq!(alert.details.start_at, spelling);
    }
}

#[test]
fn digits_are_kept() {
    for number in
        ["0.9806949806949808", "36.28571421111111", "36", "36.0", "1e-7", "-0.0", "5e-324", "9007199254740993"]
    {
        let alert = example(crowdsec::EXAMPLES, "alert_triggered").to_string();
        same!(crowdsec::Event, alert.replace("37.7749", number));
        same!(wallarm::Event, format!(r#"{{"object_type": "hit", "anomality": {number}, "unknown": [{number}]}}"#));
    }
    for integer in ["18446744073709551615", "-9223372036854775808", "0", "-0", "1.0", "70276620.0", "1e3"] {
        let text =
            format!(r#"{{"type": "endpoint_stats", "attributes": {{"tx_total": {integer}}}, "new": {integer}}}"#);
        same!(procustodibus::Event, text);
    }
}

#[test]
fn integers_that_no_type_holds_are_refused_and_not_rounded() {
    let mut alert = example(crowdsec::EXAMPLES, "alert_triggered");
    alert["metadata"]["version"] = json!("VERSION");
    for integer in ["18446744073709551616", "-9223372036854775809", "1e30"] {
        let text = alert.to_string().replace("\"VERSION\"", integer);
        let error = crowdsec::Event::from_slice(text.as_bytes()).unwrap_err();
        let violation = error.violations().expect("violations").iter().next().unwrap();
        assert_eq!(violation.instance_location, "/metadata/version");
        assert_eq!(violation.kind, ViolationKind::IntegerRange { min: i64::MIN.into(), max: i64::MAX.into() });
        assert!(violation.message().contains("between -2^63 and 2^63-1"), "{violation}");
        // In tolerant events, the value is kept in `extra` and is a deviation.
        let text = format!(r#"{{"type": "endpoint_stats", "attributes": {{"tx_total": {integer}}}}}"#);
        let stats = procustodibus::Event::from_slice(text.as_bytes()).unwrap();
        let deviations = stats.deviations();
        assert_eq!(deviations.iter().next().unwrap().instance_location, "/attributes/tx_total");
    }
}

#[test]
fn the_range_of_an_integer_that_must_not_be_negative_is_said() {
    for integer in ["18446744073709551616", "1e30"] {
        let text = format!(r#"{{"type": "bounds", "size": {integer}}}"#);
        let error = features::Bounds::from_slice(text.as_bytes()).unwrap_err();
        let ranges: Vec<_> = error.violations().expect("violations").iter().collect();
        let range = ranges.iter().find(|one| one.instance_location == "/size").expect("a violation there");
        assert_eq!(range.kind, ViolationKind::IntegerRange { min: 0, max: u64::MAX.into() });
        assert!(range.message().contains("between 0 and 2^64-1"), "{range}");
    }
}

#[test]
fn unknown_events_are_kept_whatever_they_are() {
    let payloads = ["null", "5", "\"text\"", "[]", "[[1]]", "{}", r#"{"subject": "Something New", "body": "x\ny"}"#];
    for text in payloads {
        conformance::vendors().iter().for_each(|provider| assert_unknown(provider, text));
    }
    let mut alert = example(crowdsec::EXAMPLES, "alert_triggered");
    alert["details"]["event_type"] = json!("event_of_tomorrow");
    let crowdsec::Event::Unknown(unknown) = same!(crowdsec::Event, alert) else { panic!("a known event") };
    assert_eq!(unknown.name(), Some("event_of_tomorrow"));
    assert_eq!(unknown.payload(), &alert);
    let subject = json!({ "subject": "Patch Installed", "body": "line one\nline two" });
    let connectsecure::Event::Unknown(unknown) = same!(connectsecure::Event, subject) else { panic!("a known event") };
    assert_eq!(unknown.name(), Some("Patch Installed"));
}

#[test]
fn escapes_and_member_order_do_not_matter() {
    let text = r#"{"\u0064etails": {"event_type": "payment\u005ffailed", "event_id": "\ud83d\ude00", "organization_id": "",
        "event_timestamp": "\t"}, "metadata": {"issuer": "crowdsec.net", "version": 1.0}}"#;
    let crowdsec::Event::PaymentFailed(failed) = same!(crowdsec::Event, text) else { panic!("another event") };
    assert_eq!(failed.details.event_id, "😀");
}

#[cfg(feature = "realistic")]
#[test]
fn large_objects_nested_deep_do_not_use_up_the_stack() {
    let nested = |depth: usize| {
        let (open, close) = (r#"{"next":"#.repeat(depth), "}".repeat(depth));
        format!(r#"{{"type": "wide_and_deep", "top": {open}{{}}{close}}}"#)
    };
    // A thread's stack is smaller than a program's.
    let read = |text: String| {
        let read = move || {
            let event = realistic_events::regressions::Event::from_slice(text.as_bytes())?;
            let again = realistic_events::regressions::Event::from_value(serde_json::to_value(&event).unwrap())?;
            assert_eq!(event, again);
            Ok::<_, realistic_events::Error>(event.name().map(str::to_owned))
        };
        std::thread::Builder::new().stack_size(4 << 20).spawn(read).unwrap().join().unwrap()
    };
    assert_eq!(read(nested(10)).unwrap().as_deref(), Some("wide_and_deep"));
    assert_eq!(read(nested(120)).unwrap().as_deref(), Some("wide_and_deep"));
}

#[test]
fn an_integer_of_any_size_is_accepted_where_the_schema_asks_for_it() {
    use features::Event;
    let read = |members: &str| Event::from_slice(format!(r#"{{"kind": "numbers", {members}}}"#).as_bytes());
    let kinds = |members: &str| -> Vec<String> {
        let error = read(members).unwrap_err();
        let violations = error.violations().unwrap().iter();
        violations.map(|violation| format!("{} {}", violation.instance_location, violation.keyword)).collect()
    };
    for members in [
        r#""id": 18446744073709551616"#,
        r#""id": -98249283749234923498293171823948729348710298301928331"#,
        r#""id": 1.0, "balance": 1e30"#,
    ] {
        let Event::Numbers(numbers) = read(members).unwrap() else { panic!("{members}") };
        // The nearest `f64` is kept; with the feature `arbitrary_precision`, every digit.
        let sent: Value = serde_json::from_str(&format!("{{{members}}}")).unwrap();
        assert_eq!(numbers.id, *sent["id"].as_number().unwrap(), "{members}");
    }
    assert_eq!(kinds(r#""id": 1.5"#), ["/id type"]);
    assert_eq!(kinds(r#""id": 1e30, "balance": -1e30"#), ["/balance minimum"]);
    // Without the annotation, an integer must fit its type.
    assert_eq!(kinds(r#""id": 1e30, "count": 1e30"#), ["/count type"]);
}

#[test]
fn members_of_branches_have_fields_and_other_values_are_kept() {
    let contact = |text: &str| match features::Event::from_slice(text.as_bytes()) {
        Ok(features::Event::Conditions(event)) => event.contact.expect("a contact"),
        other => panic!("{text}: {other:?}"),
    };
    // The branch applies: its members have their types.
    let mail = contact(r#"{"kind":"conditions","contact":{"by":"mail","mail":{"to":"a@b.c"},"retries":null}}"#);
    assert_eq!(mail.mail.map(|mail| mail.to).as_deref(), Some("a@b.c"));
    assert_eq!((mail.retries, mail.extra.len()), (Nullable::Null, 0));
    // The branch does not apply, so any value of its members is valid.
    let other = contact(r#"{"kind":"conditions","contact":{"by":"none","mail":[1],"retries":-1}}"#);
    assert!(other.mail.is_none() && other.retries.is_absent());
    assert!(other.extra.keys().eq(["mail", "retries"]), "{:?}", other.extra);
}
