//! Errors: the payload comes back, they can be cloned and compared, and their `Debug` keeps the payload to itself.

use security_webhooks::{Batch, Error, ValidationError, crowdsec, procustodibus, wallarm};
use serde_json::{Value, json};

/// A payload with a member that no schema names, digits that matter, and two violations.
const REFUSED: &str = r#"{"object_type": "hit", "title": 12345, "threat": 99999, "new": [0.9806949806949808, null]}"#;

fn refusal(error: Error) -> ValidationError {
    match error {
        Error::Invalid(refusal) => refusal,
        other => panic!("{other}"),
    }
}

#[test]
fn a_refused_payload_is_in_its_error() {
    let text = json!({ "title": 12345, "threat": 99999, "new": [0.9806949806949808, null] }).to_string();
    let value: Value = serde_json::from_str(&text).unwrap();
    let by_text = wallarm::Event::from_slice(text.as_bytes()).unwrap_err();
    let by_value = wallarm::Event::from_value(value.clone()).unwrap_err();
    let by_type = wallarm::Vulnerability::from_slice(text.as_bytes()).unwrap_err();
    let by_name = wallarm::Event::from_slice_with_name("vulnerability", text.as_bytes()).unwrap_err();
    for error in [by_text, by_value, by_type, by_name] {
        assert_eq!(error.payload(), Some(&value));
        assert_eq!(refusal(error.clone()).payload(), &value);
        assert_eq!(refusal(error.clone()).into_payload(), value);
        assert_eq!(error.into_payload(), Some(value.clone()));
    }
    // Where reading is tolerant too.
    let text = json!({ "type": 5, "attributes": [] }).to_string();
    let error = procustodibus::EndpointStats::from_slice(text.as_bytes()).unwrap_err();
    assert_eq!(error.into_payload().unwrap().to_string(), serde_json::from_str::<Value>(&text).unwrap().to_string());
    // What is no JSON is no payload.
    assert_eq!(wallarm::Event::from_slice(b"{").unwrap_err().into_payload(), None);
}

#[test]
fn errors_are_cloned_and_compared() {
    let error = |text: &str| crowdsec::AlertTriggered::from_slice(text.as_bytes()).unwrap_err();
    assert_eq!(error("{}"), error("{}").clone());
    assert_ne!(error("{}"), error(r#"{"details": {}}"#));
    assert_eq!(error("{"), error("{").clone());
    assert_ne!(error("{"), error("{ "));
    assert_ne!(error("{"), error("{}"));
}

#[test]
fn what_is_no_json_is_where_serde_json_says() {
    for text in ["", "{", "[1,\n 2,,]", "{\"a\": \"\u{1}\"}", "tru", "1 2", "[1e999]"] {
        let expected = serde_json::from_str::<Value>(text).unwrap_err();
        let error = wallarm::Event::from_slice(text.as_bytes()).unwrap_err();
        let Error::Json(found) = &error else { panic!("{error}") };
        assert_eq!((found.line(), found.column()), (expected.line(), expected.column()), "{text:?}");
        assert_eq!(found.classify(), expected.classify(), "{text:?}");
        assert_eq!(found.to_string(), expected.to_string(), "{text:?}");
        assert_eq!(error.to_string(), format!("not readable as JSON: {expected}"));
    }
}

#[test]
fn batches_are_cloned_and_compared() {
    let read = |body: &str| wallarm::Batch::from_slice(body.as_bytes()).unwrap();
    let body = format!(r#"[{REFUSED}, {{"title": 1, "threat": 2}}, {{"object_type": "new"}}]"#);
    let batch: Batch<wallarm::Event> = read(&body);
    assert!(batch.rejected().count() > 0, "{batch:?}");
    assert_eq!(batch, batch.clone());
    assert_eq!(batch, read(&body));
    assert_ne!(batch, read(&body.replace("\"threat\": 2", "\"threat\": 3")));
    // The text of a rejected item counts, as it is what is kept.
    assert_ne!(batch, read(&body.replace("\"threat\": 2", "\"threat\":  2")));
    assert_eq!(batch.clone().to_body().unwrap(), batch.to_body().unwrap());
    for rejected in batch.rejected() {
        let payload: Value = serde_json::from_str(rejected.payload()).unwrap();
        assert_eq!(rejected.error().payload(), Some(&payload));
    }
}

/// A panic or a log shows an error by `Debug`: the payload as a whole is not part of it.
#[test]
fn debugging_an_error_does_not_show_the_payload() {
    let error = wallarm::Event::from_slice(br#"{"title": 1, "threat": "Low", "secret": "hunter2"}"#).unwrap_err();
    assert!(error.payload().is_some_and(|payload| payload["secret"] == "hunter2"));
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}

/// The violations and the payload are on the heap, so that results are not larger for them.
#[test]
fn errors_are_small() {
    assert!(size_of::<Error>() <= 48);
}
