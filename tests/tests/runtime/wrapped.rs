//! Bodies that are objects with events in them, compared with the values that `serde_json` finds at the same JSON Pointers.

use conformance::lossless::difference;
use conformance::streaming::same;
use golden_events::{member, wrapped};
use security_webhooks::{BodyFormat, Error, crowdsec_engine, identify};
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
            assert!(batch.envelope_as::<Value>().is_none());
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
    let envelope: Value = batch.envelope_as().unwrap().unwrap();
    let expected = json!({ "data": { "events": [{ "record": null, "at": 1 }, { "record": null }] }, "next": "b" });
    assert_eq!(envelope, expected);
    assert_eq!(batch.envelope_as::<Page>().unwrap().unwrap().next, "b");
    assert!(batch.envelope_as::<Vec<u8>>().unwrap().is_err());
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

const PAGE: &str = r#"{"kind":"page","id":"p-1","data":{"next":null,"more":1.0,"events":[{"record":{"kind":"raised","level":1},"at":7},{"record":5}]}}"#;

#[test]
fn the_envelope_has_the_type_of_its_schema() {
    let batch = wrapped::Batch::from_slice(PAGE.as_bytes()).unwrap();
    let envelope = batch.envelope().unwrap().unwrap();
    assert_eq!((wrapped::Envelope::KIND, envelope.id.as_deref()), ("page", Some("p-1")));
    assert_eq!((envelope.data.next.is_null(), envelope.data.extra["more"].as_f64()), (true, Some(1.0)));
    let [first, second] = envelope.data.events.as_slice() else { panic!("{envelope:?}") };
    assert_eq!((first.at, &second.record), (Some(7), &json!(5)));
    assert_eq!(difference(PAGE, &security_webhooks::to_string(&envelope)).unwrap(), None);
    // The format that is written does not matter, and a body that is no such object has none.
    assert_eq!(batch.with_format(BodyFormat::Array).envelope().unwrap().unwrap(), envelope);
    assert!(wrapped::Batch::from_slice(br#"[{"kind":"cleared"}]"#).unwrap().envelope().is_none());
    let info = wrapped::PROVIDER.envelope.as_ref().unwrap();
    assert_eq!((info.name, info.examples[0].name), ("envelope", "page"));
    assert!(member::PROVIDER.envelope.is_none());
}

/// Each item is read alone, whatever is around it.
#[test]
fn an_invalid_envelope_blocks_no_event() {
    let text = r#"{"id":"too long for it","data":{"next":1,"events":[{"record":{"kind":"cleared"},"at":"x"},{"record":{"kind":"raised"}}]}}"#;
    let batch = wrapped::Batch::from_slice(text.as_bytes()).unwrap();
    assert_eq!((batch.events().count(), batch.rejected().count()), (1, 1));
    let Some(Err(Error::Invalid(error))) = batch.envelope() else { panic!("{batch:?}") };
    assert_eq!(error.event(), "envelope");
    let mut places: Vec<&str> = error.violations().iter().map(|it| it.instance_location.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["", "/data/events/0/at", "/data/next", "/id"]);
    assert_eq!(batch.to_body().unwrap(), text);
}

/// The type accepts a body exactly when another validator does.
#[test]
fn the_envelope_is_read_exactly() {
    let schema: Value = serde_json::from_str(wrapped::Envelope::SCHEMA).unwrap();
    let other = jsonschema::validator_for(&schema).unwrap();
    let page: Value = serde_json::from_str(PAGE).unwrap();
    let changes = [json!(null), json!([]), json!({}), json!("page"), json!([{ "record": 1 }, { "record": 1.0 }])];
    let mut accepted = 0;
    for place in ["/kind", "/id", "/data", "/data/next", "/data/events", "/data/events/0", "/data/events/0/at"] {
        for change in &changes {
            let mut body = page.clone();
            body.pointer_mut(place).unwrap().clone_from(change);
            let found = wrapped::Envelope::from_slice(body.to_string().as_bytes());
            assert_eq!(found.is_ok(), other.is_valid(&body), "{body}");
            accepted += usize::from(found.is_ok());
            if let Some(envelope) = wrapped::Batch::from_value(body).envelope() {
                assert_eq!(envelope, found);
            }
        }
    }
    assert!((5..30).contains(&accepted), "{accepted}");
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
