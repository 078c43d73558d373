//! What errors, violations and deviations offer to whoever reports them: texts, counts, sources, and masked forms for logs.

use std::error::Error as _;

use golden_events::tolerant;
use security_webhooks::{Deviation, Deviations, Error, TemplatedText, wallarm};
use webhook_runtime::{DeviationKind, Violations};

/// A payload that its schema refuses for the type of `title`.
const REFUSED: &[u8] = br#"{"title": 12345, "threat": "secret"}"#;

#[test]
fn a_refused_payload_has_the_name_of_its_event_and_a_source() {
    let error = wallarm::Vulnerability::from_slice(REFUSED).unwrap_err();
    let source = error.source().expect("the violations").to_string();
    assert_eq!(source, error.violations().unwrap().to_string());
    let Error::Invalid(refusal) = &error else { panic!("{error}") };
    assert_eq!(refusal.event(), "vulnerability");
    assert_eq!(refusal.source().expect("the violations").to_string(), source);
    assert_eq!(error.to_string(), format!("vulnerability: {source}"));
    let json = wallarm::Event::from_slice(b"{").unwrap_err();
    let expected = serde_json::from_slice::<serde_json::Value>(b"{").unwrap_err();
    assert_eq!(json.source().expect("the error").to_string(), expected.to_string());
}

#[test]
fn a_masked_error_shows_no_value() {
    let error = wallarm::Vulnerability::from_slice(REFUSED).unwrap_err();
    let (shown, masked) = (error.to_string(), error.masked().to_string());
    assert!(shown.contains("/title: expected a string, found 12345"), "{shown}");
    assert!(masked.starts_with("vulnerability: "), "{masked}");
    assert!(masked.contains("/title: expected a string, found a number"), "{masked}");
    assert!(!masked.contains("12345") && !masked.contains("secret"), "{masked}");
    let json = wallarm::Event::from_slice(b"{\n\"secret\":").unwrap_err();
    assert_eq!(json.masked().to_string(), "not readable as JSON at line 2 column 9");
}

#[test]
fn a_rejected_item_is_shown_by_its_error() {
    let batch = wallarm::Batch::from_slice(&[b"[", REFUSED, b"]"].concat()).unwrap();
    let rejected = batch.rejected().next().expect("an item");
    assert_eq!(rejected.to_string(), rejected.error().to_string());
    assert!(rejected.to_string().contains("/title: expected a string"), "{rejected}");
}

#[test]
fn violations_are_a_result() {
    let valid: serde_json::Value = serde_json::from_str(wallarm::EXAMPLES[0].payload).unwrap();
    assert_eq!(wallarm::Event::validate(&valid), Ok(()));
    let error = wallarm::Vulnerability::from_slice(REFUSED).unwrap_err();
    let violations: Violations = error.violations().unwrap().clone();
    assert_eq!(violations.clone().into_result(), Err(violations));
}

fn deviations_of(payload: &str) -> Deviations {
    tolerant::Event::from_slice(payload.as_bytes()).unwrap().deviations()
}

#[test]
fn deviations_are_listed_with_and_without_values() {
    let found = deviations_of(r#"{"event": "retired", "reason": 4711}"#);
    assert_eq!(found.count(), 1);
    let all: Vec<&Deviation> = found.iter().collect();
    assert_eq!((all[0].kind, all[0].kind.as_str()), (DeviationKind::InvalidValue, "invalid_value"));
    assert_eq!(all[0].message(), "expected a string, found 4711");
    assert_eq!(all[0].masked_message(), "expected a string, found a number");
    assert_eq!(all[0].to_string(), "/reason: expected a string, found 4711");
    assert_eq!(found.to_string(), "1 deviation\n  /reason: expected a string, found 4711");
    assert_eq!(found.masked().to_string(), "1 deviation\n  /reason: expected a string, found a number");
    assert_eq!(deviations_of(r#"{"event": "retired"}"#).to_string(), "0 deviations");
}

#[test]
fn deviations_beyond_the_limit_are_counted() {
    let item = r#"{"event": "retired", "reason": 1}"#;
    let body = |items: usize| format!("[{}]", vec![item; items].join(","));
    let of = |items: usize| tolerant::Batch::from_slice(body(items).as_bytes()).unwrap().deviations();
    for more in [0, 1, 7] {
        let found = of(Deviations::LIMIT + more);
        assert_eq!((found.iter().count(), found.truncated()), (Deviations::LIMIT, more));
        assert_eq!(found.count(), Deviations::LIMIT + more);
        assert_eq!(found.to_string().contains(" more"), more > 0);
        assert!(!found.is_empty());
    }
    assert!(of(0).is_empty());
}

#[test]
fn deviations_of_a_single_event_have_no_index() {
    let found = tolerant::Batch::from_slice(br#"{"event": "retired", "reason": 1}"#).unwrap().deviations();
    let places: Vec<_> = found.iter().map(|found| found.instance_location.as_str()).collect();
    assert_eq!(places, ["/reason"]);
}

#[test]
fn a_batch_is_taken_apart_in_order() {
    let body = r#"[{"event": "retired", "reason": "a"}, 5, {"event": "retired", "reason": "b"}]"#;
    let batch = tolerant::Batch::from_slice(body.as_bytes()).unwrap();
    let items: Vec<String> = batch
        .clone()
        .into_iter()
        .map(|item| {
            item.map_or_else(|rejected| rejected.payload().to_owned(), |event| serde_json::to_string(&event).unwrap())
        })
        .collect();
    assert_eq!(items.len(), batch.len());
    assert!(items[0].contains("\"a\"") && items[1] == "5" && items[2].contains("\"b\""), "{items:?}");
}

#[test]
fn a_templated_text_is_its_text() {
    let text: TemplatedText<()> = "New asset".into();
    assert_eq!(
        (text.as_str(), format!("{text}"), format!("{text:?}")),
        ("New asset", "New asset".to_owned(), "\"New asset\"".to_owned())
    );
    assert_eq!(format!("{text:>12}"), "   New asset");
    assert_eq!(text.into_string(), "New asset");
}
