//! Reading text guesses the event first, and reading a value does not. Both return the same event for payloads that mislead a
//! guess.

use conformance::variations::object;
use security_webhooks::{Batch, WebhookEvent, canary, connectsecure, crowdsec, procustodibus, wallarm};
use serde_json::{Map, Value};

fn members(payload: &str) -> Map<String, Value> {
    serde_json::from_str(payload).unwrap()
}

/// An item of a batch is read as it is alone, although the guess may come from a later item.
fn agree_in_a_batch<E: WebhookEvent + PartialEq>(texts: &mut [String]) {
    fastrand::Rng::with_seed(5).shuffle(texts);
    let body = format!("[{}]", texts.join(","));
    let batch = Batch::<E>::from_slice(body.as_bytes()).unwrap();
    let streamed: Vec<Option<E>> = Batch::<E>::reader(body.as_bytes()).map(Result::ok).collect();
    assert_eq!((batch.items().len(), streamed.len()), (texts.len(), texts.len()));
    for ((text, item), streamed) in texts.iter().zip(batch.items()).zip(streamed) {
        let alone = text.parse::<E>().ok();
        assert_eq!(item.as_ref().ok(), alone.as_ref(), "{text}");
        assert_eq!(streamed, alone, "{text}");
    }
}

/// Reads a text in both ways. Returns whether it is a known event.
fn agree<E: WebhookEvent + PartialEq>(text: &str) -> bool {
    let value: Value = serde_json::from_str(text).unwrap();
    match (text.parse::<E>(), E::from_value(value)) {
        (Ok(of_text), Ok(of_value)) => {
            assert_eq!(of_text, of_value, "{text}");
            E::PROVIDER.events.iter().any(|event| Some(event.name) == of_text.name())
        }
        (Err(_), Err(_)) => false,
        (of_text, of_value) => panic!("{text}: {of_text:?}, but from a value {of_value:?}"),
    }
}

fn misleading_payloads_are_read_alike<E: WebhookEvent + PartialEq>() {
    let examples = || E::PROVIDER.events.iter().flat_map(|event| event.examples);
    let mut known = 0;
    let mut texts = Vec::new();
    let mut agree = |text: String| {
        let is_known = agree::<E>(&text);
        texts.push(text);
        is_known
    };
    for example in examples() {
        let own = members(example.payload);
        assert!(agree(example.payload.to_owned()));
        assert!(agree(object(own.iter().rev())));
        for other in examples().map(|other| members(other.payload)) {
            // The members that name the other event come first, in an object that no schema names.
            let decoy = [("decoy".to_owned(), Value::Object(other.clone()))];
            let decoy = decoy.iter().map(|(name, value)| (name, value));
            known += usize::from(agree(object(decoy.clone().chain(&own))));
            known += usize::from(agree(object(own.iter().chain(decoy))));
            // With all members of both events, the event that has precedence is read.
            let more = other.iter().filter(|(name, _)| !own.contains_key(*name));
            known += usize::from(agree(object(more.clone().chain(&own))));
            known += usize::from(agree(object(own.iter().chain(more))));
        }
    }
    assert!(known > examples().count(), "{known}");
    agree_in_a_batch::<E>(&mut texts);
}

/// Two events of Canary have the same `AlertType`. Whether the payload is the test event is decided by its `LogType`, however the
/// name and the value are written, and wherever else they are.
#[test]
fn of_events_with_the_same_discriminator() {
    let values = [
        "111111", "111111.0", "1.11111e5", "\"111111\"", "\"\\u003111111\"", "\"111111 \"", "2000", "null", "[111111]",
    ];
    let names = ["LogType", "Log\\u0054ype", "logType"];
    let mut texts = Vec::new();
    for (value, name) in values.iter().flat_map(|value| names.map(|name| (value, name))) {
        for kind in ["CanaryIncident", "CanarytokenIncident", "Other"] {
            for (before, after) in [
                (String::new(), String::new()),
                (format!("\"in\": {{\"{name}\": 111111}}, "), String::new()),
                (String::new(), ", \"in\": [{\"LogType\" : \"111111\"}]".to_owned()),
                (String::new(), ", \"LogType\": 2".to_owned()),
                (
                    format!("\"text\": \"\\\"{name}\\\": 111111\", "),
                    ", \"long\": \"".to_owned() + &"x".repeat(3000) + "\"",
                ),
            ] {
                texts.push(format!("{{{before}\"AlertType\": \"{kind}\", \"{name}\": {value}{after}}}"));
                texts.push(format!("{{\"{name}\": {value}, {before}\"AlertType\" : \"{kind}\"{after}}}"));
            }
        }
    }
    let known = texts.iter().filter(|text| agree::<canary::Event>(text)).count();
    assert!(known > texts.len() / 2, "{known} of {}", texts.len());
    let is_test = |text: &&String| matches!(text.parse(), Ok(canary::Event::IntegrationTest(_)));
    assert!(texts.iter().filter(is_test).count() > texts.len() / 20);
    agree_in_a_batch::<canary::Event>(&mut texts);
}

#[test]
fn of_the_vendors() {
    misleading_payloads_are_read_alike::<canary::Event>();
    misleading_payloads_are_read_alike::<connectsecure::Event>();
    misleading_payloads_are_read_alike::<crowdsec::Event>();
    misleading_payloads_are_read_alike::<procustodibus::Event>();
    misleading_payloads_are_read_alike::<wallarm::Event>();
}

#[test]
fn of_goldens() {
    misleading_payloads_are_read_alike::<golden_events::features::Event>();
    // `hit` has precedence over events with names, and its members are not named by their types.
    misleading_payloads_are_read_alike::<golden_events::groups::Event>();
    misleading_payloads_are_read_alike::<golden_events::tolerant::Event>();
}
