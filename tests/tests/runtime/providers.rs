//! The providers of a package: by name, and as one enum of events.

use std::str::FromStr;

use security_webhooks::{AnyEvent, Batch, BodyFormat, ConversionError, Error, Payload, Provider, crowdsec, wallarm};
use serde_json::{Value, json};

#[test]
fn providers_are_parsed_and_serialized_by_name() {
    for provider in Provider::ALL {
        assert_eq!(Provider::from_str(&provider.to_string()), Ok(*provider));
        assert_eq!(serde_json::to_value(provider).unwrap(), json!(provider.name()));
        assert_eq!(serde_json::from_value::<Provider>(json!(provider.name())).unwrap(), *provider);
    }
    for text in ["", "CrowdSec", "crowdsec ", "crowd"] {
        let error: Result<Provider, ConversionError> = text.parse();
        assert_eq!(error.unwrap_err().to_string(), "the string is not the name of a provider");
        assert!(serde_json::from_value::<Provider>(json!(text)).is_err());
    }
}

/// `AnyEvent` reads the same events as the module of each provider: every documented payload, alone and in arrays.
#[test]
fn the_events_of_all_providers_are_read_as_one_type() {
    let mut count = 0;
    for provider in Provider::ALL {
        for example in provider.info().events.iter().flat_map(|event| event.examples) {
            let batch = provider.read(example.payload.as_bytes()).unwrap();
            let [Ok(event)] = batch.items() else { panic!("{}: {batch:?}", example.name) };
            assert_eq!((event.provider(), event.name()), (*provider, Some(example.event)));
            assert!(event.as_unknown().is_none());
            let payload: Value = serde_json::from_str(example.payload).unwrap();
            assert_eq!(serde_json::to_value(event).unwrap(), payload);
            assert_eq!(security_webhooks::to_string(event), serde_json::to_string(event).unwrap());
            assert_eq!(batch.to_body().unwrap(), security_webhooks::to_string(event));
            let twice = provider.read(format!("[{0},{0}]", example.payload).as_bytes()).unwrap();
            assert_eq!((twice.format(), twice.events().count()), (BodyFormat::Array, 2));
            count += 1;
        }
        let unknown = provider.read(br#"{"neither": "known"}"#).unwrap();
        let unknown = unknown.events().next().unwrap();
        assert_eq!(unknown.as_unknown().map(|unknown| unknown.payload()), Some(&json!({ "neither": "known" })));
    }
    assert!(count > 30, "{count}");
}

#[test]
fn items_of_a_shared_endpoint_fail_alone() {
    let body = br#"[{"object_type": "hit", "new": 5}, {"title": 7}, 8]"#;
    let (own, shared) = (wallarm::Batch::from_slice(body).unwrap(), Provider::Wallarm.read(body).unwrap());
    assert_eq!(shared, own.clone().map(AnyEvent::from));
    assert_eq!(shared.rejected().collect::<Vec<_>>(), own.rejected().collect::<Vec<_>>());
    let deviations = |event: &AnyEvent| event.deviations().count();
    let of_own: Vec<usize> = own.events().map(|event| event.deviations().count()).collect();
    assert_eq!(shared.events().map(deviations).collect::<Vec<_>>(), of_own);
    assert!(of_own.contains(&1), "{of_own:?}");
    let invalid = Provider::CrowdSec.read(br#"{"details": {"event_type": "alert_triggered"}}"#).unwrap();
    let error = invalid.rejected().next().unwrap().error();
    assert_eq!(error, &crowdsec::Event::from_slice(br#"{"details": {"event_type": "alert_triggered"}}"#).unwrap_err());
    assert!(matches!(Provider::CrowdSec.read(b"{"), Err(Error::Json(_))));
}

#[test]
fn a_name_outside_the_body_decides() {
    use golden_events::{Provider, named};
    for event in named::PROVIDER.events {
        for example in event.examples {
            let batch = Provider::Named.read_with_name(event.wire_name, example.payload.as_bytes()).unwrap();
            let own = named::Event::from_slice_with_name(event.wire_name, example.payload.as_bytes()).unwrap();
            assert_eq!(batch.into_iter().collect::<Vec<_>>(), [Ok(own.into())]);
        }
    }
}

#[test]
fn a_payload_is_taken_out_of_its_event() {
    let alert = crowdsec::AlertTriggered::EXAMPLES[0].payload;
    let event: crowdsec::Event = alert.parse().unwrap();
    assert_eq!(crowdsec::PaymentFailed::try_from(event.clone()), Err(event.clone()));
    let expected = crowdsec::AlertTriggered::from_slice(alert.as_bytes()).unwrap();
    assert_eq!(crowdsec::AlertTriggered::try_from(event), Ok(expected));
    let unknown: crowdsec::Event = "5".parse().unwrap();
    assert!(crowdsec::AlertTriggered::try_from(unknown.clone()).is_err_and(|event| event == unknown));
}

#[test]
fn a_batch_keeps_its_form_when_its_events_change() {
    let alert = security_webhooks::crowdsec_engine::EXAMPLES[0].payload;
    let body = format!(r#"{{"alerts": [{alert}], "host": "a"}}"#);
    let batch = security_webhooks::crowdsec_engine::Batch::from_slice(body.as_bytes()).unwrap();
    let changed: Batch<AnyEvent> = batch.clone().map(AnyEvent::from);
    assert_eq!(changed.format(), BodyFormat::Wrapped);
    assert_eq!(changed.to_body().unwrap(), batch.to_body().unwrap());
}

/// A module that a build script generates has the same enums, without features.
#[cfg(feature = "realistic")]
#[test]
fn a_module_of_a_crate_has_one_type_for_all_events() {
    for provider in realistic_events::Provider::ALL {
        assert_eq!(provider.name().parse(), Ok(*provider));
        for event in provider.info().events {
            for example in event.examples {
                // Some providers send one line for each event.
                let body = example.payload.replace('\n', " ");
                let read = provider.read_with_name(event.wire_name, body.as_bytes()).unwrap();
                assert!(read.events().all(|event| event.provider() == *provider), "{}", example.name);
                assert_eq!(read.rejected().count(), 0, "{}", example.name);
            }
        }
    }
}
