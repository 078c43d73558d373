//! The direct writer, compared byte by byte with the output of `serde_json` for the same value.

use conformance::mutate::{at_mut, places, some_mutants};
use golden_events::{features, tolerant};
use security_webhooks::{Batch, BodyFormat, Nullable, crowdsec, to_string, to_vec, to_writer, wallarm};
use serde_json::{Value, json};
use webhook_runtime::{ProviderVisitor, WebhookEvent, WriteJson};

/// Strings and names that JSON must escape, and others that it need not escape.
const ODD: [&str; 8] =
    ["", "\"", "\\", "a\nb\r\t\u{8}\u{c}", "\u{0}\u{1f}\u{7f}", "é\u{2028}😀\u{ffff}", "12345678\"", "</script>"];

#[track_caller]
fn same<T: WriteJson + serde::Serialize + std::fmt::Debug>(value: &T) {
    let expected = serde_json::to_string(value).unwrap();
    assert_eq!(webhook_runtime::to_string(value), expected, "{value:?}");
}

/// Writes every variation of every example in both ways.
struct Variations;

impl ProviderVisitor for Variations {
    type Output = usize;

    fn visit<E: WebhookEvent>(self) -> usize {
        let mut written = 0;
        let mut both = |value: Value| {
            if let Ok(event) = E::from_value(value) {
                same(&event);
                written += 1;
            }
        };
        for example in E::PROVIDER.events.iter().flat_map(|event| event.examples) {
            let payload: Value = serde_json::from_str(example.payload).unwrap();
            both(payload.clone());
            some_mutants(&payload, conformance::stride(29)).for_each(|mutant| both(mutant.value));
            for (place, odd) in places(&payload).iter().zip(ODD.iter().cycle()) {
                let mut changed = payload.clone();
                match at_mut(&mut changed, place) {
                    Some(Value::Object(members)) => {
                        members.insert((*odd).to_owned(), json!([{ *odd: null }, 1.5, -0.0]));
                        members.insert("a".to_owned(), json!(odd));
                    }
                    Some(Value::String(text)) => *text = (*odd).to_owned(),
                    Some(other) => *other = Value::Null,
                    None => {}
                }
                both(changed);
            }
        }
        written
    }
}

#[test]
fn every_event_is_written_as_serde_json_writes_it() {
    let mut written: usize = security_webhooks::Provider::ALL.iter().map(|provider| provider.visit(Variations)).sum();
    written += golden_events::Provider::ALL.iter().map(|provider| provider.visit(Variations)).sum::<usize>();
    #[cfg(feature = "realistic")]
    {
        written += realistic_events::Provider::ALL.iter().map(|provider| provider.visit(Variations)).sum::<usize>();
    }
    assert!(written > 2_000, "{written}");
}

#[test]
fn events_and_their_parts_are_written_alike() {
    let body = crowdsec::EXAMPLES[0].payload.as_bytes();
    let event = crowdsec::Event::from_slice(body).unwrap();
    let expected = serde_json::to_string(&event).unwrap();
    let crowdsec::Event::AlertTriggered(mut alert) = event else { panic!("another event") };
    assert_eq!((to_vec(&alert), to_string(&alert)), (expected.clone().into_bytes(), expected.clone()));
    let (mut of_event, mut of_payload) = (Vec::new(), Vec::new());
    to_writer(&mut of_event, &crowdsec::Event::from(*alert.clone())).unwrap();
    to_writer(&mut of_payload, &alert).unwrap();
    assert_eq!((of_event.as_slice(), of_payload.as_slice()), (expected.as_bytes(), expected.as_bytes()));
    same(&alert.details);
    assert_eq!(to_vec(&alert.details.behaviors), serde_json::to_vec(&alert.details.behaviors).unwrap());

    // A field is written instead of a member of `extra` with its name, unless the field is absent.
    alert.details.extra.insert("message".to_owned(), json!("another"));
    alert.details.target.extra.insert("name".to_owned(), json!(["kept"]));
    alert.details.target.name = Nullable::Absent;
    same(&alert);
    assert!(to_string(&alert).contains(r#""name":["kept"]"#) && !to_string(&alert).contains("another"));
    alert.details.target.name = Nullable::Null;
    same(&alert);
    assert!(to_string(&alert).contains(r#""name":null"#) && !to_string(&alert).contains("kept"));

    // Values with no field to write, or with no member of `extra` to replace.
    same(&wallarm::Hit::default());
    same(&features::Event::from_slice(br#"{"type": "bounds", "size": 1, "other": {}}"#).unwrap());
    same(&tolerant::Event::from_slice(b"{}").unwrap());
}

#[test]
fn batches_are_written_as_serde_json_writes_them() {
    let hit = wallarm::EXAMPLES.iter().find(|example| example.event == "hit").unwrap().payload;
    let bodies = [String::new(), "[]".to_owned(), hit.to_owned(), format!("[{hit}]"), format!("[{hit}, {{}}, 5]")];
    for body in &bodies[1..] {
        let batch = wallarm::Batch::from_slice(body.as_bytes()).unwrap();
        for format in [batch.format(), BodyFormat::Array, BodyFormat::Single] {
            let batch = batch.clone().with_format(format);
            let expected = serde_json::to_string(&batch).unwrap();
            assert_eq!(batch.to_body().unwrap(), expected);
        }
    }
}

/// An item with a number out of range is rejected, and a `Value` cannot hold the number. So only the text can be written back.
#[test]
fn refused_items_are_written_as_they_were_received() {
    for (body, expected) in [
        ("[6e330]", "[6e330]"),
        ("[ 5,6e330 , {\"a\":\n[1e999]} ]", "[5,6e330,{\"a\":\n[1e999]}]"),
        ("6e330\n{}\n", "[6e330,{}]"),
        (" 6e330 ", "6e330"),
        (r#"["\ud800"]"#, r#"["\ud800"]"#),
    ] {
        let batch = Batch::<wallarm::Event>::from_slice(body.as_bytes()).unwrap();
        let is_held = cfg!(feature = "arbitrary_precision") && !body.contains("ud800");
        assert_eq!(batch.rejected().count() > 0, !is_held, "{body}");
        if !is_held {
            let batch = match batch.format() {
                BodyFormat::Lines => batch.with_format(BodyFormat::Array),
                _ => batch,
            };
            let written = batch.to_body().unwrap();
            assert_eq!(written, expected);
            assert!(serde_json::to_string(&batch).is_err());
            let again = Batch::<wallarm::Event>::from_slice(written.as_bytes()).unwrap();
            // An error says where it is in the body, so the items are compared without their errors.
            let rejected = |batch: &Batch<wallarm::Event>| -> Vec<String> {
                batch.rejected().map(|item| item.payload().to_owned()).collect()
            };
            assert_eq!(rejected(&again), rejected(&batch), "{body}");
            assert!(again.events().eq(batch.events()), "{body}");
        }
    }
    // Only newline-delimited JSON can have an item that is not JSON.
    let batch = Batch::<wallarm::Event>::from_slice(b"{}\n{\n").unwrap();
    assert_eq!(batch.to_body().unwrap(), "{}\n{\n");
    assert!(serde_json::to_string(&batch).is_err());
    assert!(batch.with_format(BodyFormat::Array).to_body().is_err());
}
