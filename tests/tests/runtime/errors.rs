//! Errors: they return the payload, can be cloned and compared, and show no value of the payload in `Debug`.

use security_webhooks::{Batch, BatchReadError, Error, ValidationError, crowdsec, procustodibus, wallarm};
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
    // The same holds for events that are read tolerantly.
    let text = json!({ "type": 5, "attributes": [] }).to_string();
    let error = procustodibus::EndpointStats::from_slice(text.as_bytes()).unwrap_err();
    assert_eq!(error.into_payload().unwrap().to_string(), serde_json::from_str::<Value>(&text).unwrap().to_string());
    // A body that is not JSON has no payload.
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
#[cfg_attr(feature = "arbitrary_precision", ignore = "this mode keeps numbers that serde_json rejects or rounds")]
fn what_is_no_json_is_where_serde_json_says() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let surrogate = r#"{"a": "\ud800"}"#;
    for text in ["", "{", "[1,\n 2,,]", "{\"a\": \"\u{1}\"}", "tru", "1 2", "[1e999]", surrogate, &deep] {
        let expected = serde_json::from_str::<Value>(text).unwrap_err();
        let error = wallarm::Event::from_slice(text.as_bytes()).unwrap_err();
        let Error::Json(found) = &error else { panic!("{error}") };
        assert_eq!((found.line(), found.column()), (expected.line(), expected.column()), "{text:?}");
        assert_eq!(found.classify(), expected.classify(), "{text:?}");
        assert_eq!(found.to_string(), expected.to_string(), "{text:?}");
        assert_eq!(error.to_string(), format!("not readable as JSON: {expected}"));
    }
    let error = wallarm::Event::from_slice(b"\xff\xfe").unwrap_err();
    assert!(matches!(error, Error::Json(_)) && error.to_string().contains("UTF-8 from byte 0"), "{error}");
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
    // Rejected items are compared by their text, because the text is kept.
    assert_ne!(batch, read(&body.replace("\"threat\": 2", "\"threat\":  2")));
    assert_eq!(batch.clone().to_body().unwrap(), batch.to_body().unwrap());
    for rejected in batch.rejected() {
        let payload: Value = serde_json::from_str(rejected.payload()).unwrap();
        assert_eq!(rejected.error().payload(), Some(&payload));
    }
}

/// A panic or a log shows an error by `Debug`: no value of the payload is part of it, not even a rejected one.
#[test]
fn debugging_an_error_does_not_show_the_payload() {
    let secrets = ["hunter2", "4242424242", "swordfish"];
    let payload = r#"{"object_type": "hunter2", "title": 4242424242, "threat": "swordfish", "secret": "hunter2"}"#;
    let errors = [
        wallarm::Vulnerability::from_slice(payload.as_bytes()).unwrap_err(),
        wallarm::Event::from_slice(br#"{"title": 4242424242, "threat": "swordfish"}"#).unwrap_err(),
        crowdsec::AlertTriggered::from_slice(br#"{"event_type": "alert_triggered", "uuid": 4242424242}"#).unwrap_err(),
        procustodibus::EndpointStats::from_slice(br#"{"type": "hunter2", "attributes": 4242424242}"#).unwrap_err(),
        wallarm::Event::from_slice(b"{\"hunter2\": swordfish}").unwrap_err(),
    ];
    for error in &errors {
        let shown = format!("{error:?} {error:#?} {}", error.masked());
        assert!(!secrets.iter().any(|secret| shown.contains(secret)), "{shown}");
    }
    // `Display` names the values.
    assert!(errors[1].to_string().contains("4242424242"), "{}", errors[1]);
    let batch = wallarm::Batch::from_slice(format!("[{payload}, {{\"title\": 4242424242, \"threat\": 1}}]").as_bytes())
        .unwrap();
    assert!(batch.rejected().count() > 0);
    for rejected in batch.rejected() {
        let shown = format!("{rejected:?}");
        assert!(!secrets.iter().any(|secret| shown.contains(secret)), "{shown}");
    }
}

#[test]
fn a_byte_order_mark_is_named() {
    let text = "\u{feff}{\"title\": \"a\"}";
    let error = wallarm::Event::from_slice(text.as_bytes()).unwrap_err();
    let Error::Json(found) = &error else { panic!("{error}") };
    assert!(found.to_string().contains("byte order mark"), "{found}");
    assert_eq!((found.line(), found.column()), (1, 1));
    assert!(wallarm::Vulnerability::from_slice(text.as_bytes()).unwrap_err().to_string().contains("byte order mark"));
    for body in [text.to_owned(), "\u{feff}[{}]".to_owned()] {
        let error = wallarm::Batch::from_slice(body.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("byte order mark"), "{error}");
    }
    // Inside a string, it is a character like any other.
    assert!(wallarm::Event::from_slice("{\"a\": \"\u{feff}\"}".as_bytes()).is_ok());
}

/// The violations and the payload are on the heap, so they do not make results larger.
#[test]
fn errors_are_small() {
    assert!(size_of::<Error>() <= 48);
}

/// Error reporters, such as the reporter of `anyhow`, print an error and then each of its sources, so no text may occur
/// in two of them.
#[test]
fn no_error_repeats_what_its_sources_say() {
    let text = r#"{"title": 12345, "threat": 99999, "new": [null]}"#;
    let error = |body: &str| wallarm::Event::from_slice(body.as_bytes()).unwrap_err();
    let Error::Invalid(invalid) = error(text) else { panic!("accepted") };
    let Error::Json(json) = error("{") else { panic!("JSON") };
    let batch = wallarm::Batch::from_slice(format!("[{text}, {text}]").as_bytes()).unwrap();
    let streamed = |body: &str, limit: usize| {
        let reader = Batch::<wallarm::Event>::reader(body.as_bytes()).with_limit(limit);
        reader.filter_map(Result::err).next().unwrap()
    };
    let broken_stream = BatchReadError::Io(std::io::Error::other(error(text)));
    let errors: Vec<Box<dyn std::error::Error>> = vec![
        Box::new(error(text)),
        Box::new(error("{")),
        Box::new(invalid.violations().clone()),
        Box::new(invalid),
        Box::new(json),
        Box::new(batch.rejected().next().unwrap().clone()),
        Box::new(streamed(&format!("[{text}]"), 1 << 20)),
        Box::new(streamed(&format!("[{text}]"), 8)),
        Box::new(streamed("[5 5", 8)),
        Box::new(broken_stream),
        Box::new("no such state".parse::<crowdsec::BlockingSafeIpEventType>().unwrap_err()),
    ];
    for error in errors {
        conformance::says_everything_once(error.as_ref());
    }
}
