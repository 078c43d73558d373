//! Bodies that are objects with events in them, compared with what `serde_json` finds at the same JSON Pointers.

use conformance::lossless::difference;
use conformance::streaming::same;
use golden_events::{member, wrapped};
use security_webhooks::{BodyFormat, crowdsec_engine, identify};
use serde_json::{Value, json};

/// The events of a body, at the places of the provider `wrapped`.
fn expected(body: &Value) -> Option<Vec<Value>> {
    let mut places = ["/data/events", "/a~1b"].iter().filter_map(|place| body.pointer(place));
    let items = places.find(|items| items.is_array() || items.is_object() || items.is_null())?;
    let items = match items {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    Some(items.into_iter().map(|item| item.pointer("/record").cloned().unwrap_or(item)).collect())
}

const BODIES: [&str; 17] = [
    r#"{"data":{"events":[{"record":{"kind":"raised","level":1}},{"record":{"kind":"cleared"}}]},"id":"]},{"}"#,
    r#" {"n": 1.0, "data": {"next": null, "events" : [ {"record" : {"kind": "raised", "level": "x"}, "at": 2} , {"record":{"kind":"new"}} ] } } "#,
    r#"{"data":{"events":{"record":{"kind":"cleared"}}}}"#,
    r#"{"data":{"events":{"kind":"cleared"}}}"#,
    r#"{"data":{"events":[{"kind":"cleared"},5,null,"[",[]]}}"#,
    r#"{"data":{"events":[]},"x":[1]}"#,
    r#"{"data":{"events":null}}"#,
    r#"{"data":{"events":"none"},"a/b":[{"record":{"kind":"cleared"}}]}"#,
    r#"{"a/b":[{"record":null},{"record":[{"kind":"raised"}]}]}"#,
    r#"{"data":{"events":[{"record":{"kind":"raised","level":1}}]},"data":{"events":[{"record":{"kind":"cleared"}}]}}"#,
    r#"{"data":{"events":[1],"\u0065vents":[{"\u0072ecord":{"kind":"cleared","kind":"raised","level":7}}]}}"#,
    r#"{"data":{"events":[{"record":1e400}]}}"#,
    r#"{"data":{"events":[[{"record":1}]]}}"#,
    r#"{"kind":"raised","level":1}"#,
    r#"{"data":[],"a/b":5}"#,
    r#"[{"kind":"cleared"}]"#,
    "{\"data\":{\"events\":[]}}\n{\"data\":{\"events\":[]}}",
];

#[test]
fn events_are_those_at_the_places() {
    let mut found = 0;
    for text in BODIES {
        let batch = wrapped::Batch::from_slice(text.as_bytes()).unwrap();
        if text.contains("1e400") {
            continue;
        }
        let Some(expected) = serde_json::from_str(text).ok().and_then(|body| expected(&body)) else {
            assert_ne!(batch.format(), BodyFormat::Wrapped, "{text}");
            assert!(batch.envelope::<Value>().is_none());
            continue;
        };
        found += 1;
        assert_eq!(batch.format(), BodyFormat::Wrapped, "{text}");
        let items: Vec<Value> = batch
            .items()
            .iter()
            .map(|item| match item {
                Ok(event) => serde_json::to_value(event).unwrap(),
                Err(rejected) => serde_json::from_str(rejected.payload()).unwrap(),
            })
            .collect();
        assert_eq!(items, expected, "{text}");
    }
    assert_eq!(found, 12);
}

#[test]
fn the_body_comes_back_equal() {
    for text in BODIES {
        let batch = wrapped::Batch::from_slice(text.as_bytes()).unwrap();
        let body = batch.to_body().unwrap();
        if batch.format() == BodyFormat::Lines {
            continue;
        }
        assert_eq!(difference(text, &body).unwrap(), None, "{text}\n{body}");
        let again = wrapped::Batch::from_slice(body.as_bytes()).unwrap();
        assert_eq!(again.items(), batch.items());
        if !text.contains("1e400") {
            let serialized = serde_json::to_string(&batch).unwrap();
            assert_eq!(difference(text, &serialized).unwrap(), None, "{text}\n{serialized}");
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(wrapped::Batch::from_value(value).format(), batch.format(), "{text}");
        }
    }
}

#[test]
fn the_envelope_has_null_in_the_place_of_each_event() {
    #[derive(serde::Deserialize)]
    struct Page {
        next: String,
    }
    let text = r#"{"data":{"events":[{"record":{"kind":"cleared"},"at":1},{"record":{}}]},"next":"b"}"#;
    let batch = wrapped::Batch::from_slice(text.as_bytes()).unwrap();
    let envelope: Value = batch.envelope().unwrap().unwrap();
    assert_eq!(
        envelope,
        json!({ "data": { "events": [{ "record": null, "at": 1 }, { "record": null }] }, "next": "b" })
    );
    assert_eq!(batch.envelope::<Page>().unwrap().unwrap().next, "b");
    assert!(batch.envelope::<Vec<u8>>().unwrap().is_err());
    let array = batch.with_format(BodyFormat::Array).to_body().unwrap();
    assert_eq!(array, r#"[{"kind":"cleared"},{}]"#);
}

#[test]
fn streams_have_the_same_items() {
    for text in BODIES {
        for size in [1, 7, usize::MAX] {
            same::<wrapped::Event>(text.as_bytes(), || size);
            same::<member::Event>(text.as_bytes(), || size);
        }
        let broken = text.trim_end().trim_end_matches('}');
        same::<wrapped::Event>(broken.as_bytes(), || 5);
    }
}

/// One event under a member, whose name a header has.
#[test]
fn one_named_event_under_a_member() {
    let text = r#"{"event":{"id":"a","n":[1]},"v":1}"#;
    let batch = member::Batch::from_slice_with_name("changed", text.as_bytes()).unwrap();
    let [Ok(member::Event::Changed(event))] = batch.items() else { panic!("{batch:?}") };
    assert_eq!(event.id, "a");
    assert_eq!(batch.to_body().unwrap(), text);
    let alone = member::Batch::from_slice_with_name("changed", br#"{"id":"a"}"#).unwrap();
    assert_eq!(alone.format(), BodyFormat::Single);
    assert_eq!(member::PROVIDER.split(text), [r#"{"id":"a","n":[1]}"#]);
}

/// A template of the user's own wraps the array.
#[test]
fn an_array_of_alerts_may_be_wrapped() {
    let alert = crowdsec_engine::EXAMPLES[0].payload;
    let text = format!(r#"{{"host": "fw-1", "alerts": [{alert}, {alert}]}}"#);
    let batch = crowdsec_engine::Batch::from_slice(text.as_bytes()).unwrap();
    assert_eq!((batch.events().count(), batch.format()), (2, BodyFormat::Wrapped));
    assert_eq!(difference(&text, &batch.to_body().unwrap()).unwrap(), None);
    let identity = identify(text.as_bytes()).unwrap();
    assert_eq!((identity.provider.name(), identity.event), ("crowdsec_engine", Some("alert")));
    let single = crowdsec_engine::Batch::from_slice(alert.as_bytes()).unwrap();
    assert_eq!(single.format(), BodyFormat::Single);
}
