//! Reports of errors, violations and deviations: texts, counts, sources, and masked forms for logs.

use golden_events::tolerant;
use security_webhooks::{Deviation, Deviations, Error, TemplatedText, wallarm};
use webhook_runtime::__private::first_difference;
use webhook_runtime::{DeviationKind, Nullable, RejectedItem, Success, Violations, WebhookEvent};

/// A payload that is rejected because of the type of `title`.
const REFUSED: &[u8] = br#"{"title": 12345, "threat": "secret"}"#;

#[test]
fn a_rejected_payload_has_the_name_of_its_event_and_its_violations() {
    let error = wallarm::Vulnerability::from_slice(REFUSED).unwrap_err();
    let Error::Invalid(invalid) = &error else { panic!("{error}") };
    assert_eq!(invalid.event(), "vulnerability");
    assert_eq!(error.violations(), Some(invalid.violations()));
    assert_eq!(error.to_string(), format!("vulnerability: {}", invalid.violations()));
    assert_eq!(error.to_string(), invalid.to_string());
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
    assert_eq!(<wallarm::Event as WebhookEvent>::validate(&valid), Ok(()));
    let refused = serde_json::json!({"title": 12345, "threat": "Low"});
    assert!(<wallarm::Event as WebhookEvent>::validate(&refused).is_err());
    let infos = wallarm::Event::PROVIDER.events.iter();
    let results: Vec<bool> = infos.map(|info| info.validate(&serde_json::Value::Null).is_err()).collect();
    assert!(!results.is_empty() && results.iter().all(|refused| *refused), "{results:?}");
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
    let text = |item: Result<tolerant::Event, RejectedItem>| {
        item.map_or_else(|rejected| rejected.payload().to_owned(), |event| serde_json::to_string(&event).unwrap())
    };
    let items: Vec<String> = batch.clone().into_iter().map(text).collect();
    assert_eq!(items.len(), batch.len());
    assert!(items[0].contains("\"a\"") && items[1] == "5" && items[2].contains("\"b\""), "{items:?}");
}

#[test]
fn a_templated_text_is_its_text() {
    let text: TemplatedText<()> = "New asset".into();
    let expected = ("New asset", "New asset".to_owned(), "\"New asset\"".to_owned());
    assert_eq!((text.as_str(), format!("{text}"), format!("{text:?}")), expected);
    assert_eq!(format!("{text:>12}"), "   New asset");
    assert_eq!(text.clone(), text);
    assert_ne!(text, TemplatedText::from("Old asset"));
    assert_eq!(text.into_string(), "New asset");
}

#[test]
fn what_counts_as_success() {
    let all: Vec<u16> = (100..600).filter(|status| Success::Any2xx.includes(*status)).collect();
    assert_eq!(all, (200..300).collect::<Vec<_>>());
    assert_eq!((100..600).filter(|status| Success::Ok.includes(*status)).collect::<Vec<_>>(), [200]);
}

#[test]
fn the_first_difference_is_at_its_place() {
    let of = |a: &str, b: &str| {
        let (a, b): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(a).unwrap(), serde_json::from_str(b).unwrap());
        first_difference(&a, &b).map(|(place, ..)| place)
    };
    for (a, b, expected) in [
        ("[1, 2]", "[1, 2]", None),
        ("[1, 2]", "[1, 3]", Some("/1")),
        ("[1, [2]]", "[1, [3]]", Some("/1/0")),
        ("[1]", "[1, 2]", Some("/1")),
        (r#"{"a": [{"b/c": 1}]}"#, r#"{"a": [{"b/c": 2}]}"#, Some("/a/0/b~1c")),
        (r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, Some("/b")),
        (r#"{"a/b": {"~": 1}}"#, r#"{"a/b": {"~": 2}}"#, Some("/a~1b/~0")),
        (r#"{"a": null}"#, "{}", Some("/a")),
        ("{}", r#"{"a": null}"#, Some("/a")),
        ("36", "36.0", None),
        ("1", "2", Some("")),
    ] {
        assert_eq!(of(a, b).as_deref(), expected, "{a} {b}");
    }
}

#[test]
fn absent_null_and_a_value_are_distinguished() {
    let all = [Nullable::Absent, Nullable::Null, Nullable::Value("a".to_owned())];
    let states = all.clone().map(|one| (one.is_absent(), one.is_null(), one.is_value()));
    assert_eq!(states, [(true, false, false), (false, true, false), (false, false, true)]);
    assert_eq!(all.each_ref().map(Nullable::as_deref), [None, None, Some("a")]);
    assert_eq!(all.clone().map(|mut one| one.as_option_mut().map(|text| text.push('b'))), [None, None, Some(())]);
    assert_eq!(all.map(Nullable::into_option), [None, None, Some("a".to_owned())]);
}

#[test]
fn every_branch_that_a_value_fits_is_listed() {
    let validator =
        conformance::validator(r#"{"oneOf": [{"minimum": 1}, {"minimum": 9}, {"minimum": 2}, {"minimum": 3}]}"#);
    for (instance, expected) in [(2, "fits branches 0 and 2)"), (3, "fits branches 0, 2 and 3)")] {
        let violations = validator.violations(&[&instance.into()]).remove(0).to_string();
        assert!(violations.contains(expected), "{violations}");
    }
}
