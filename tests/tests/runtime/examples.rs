//! Every documented payload: through its own type, through dispatch, and as other validators see it.

use std::path::PathBuf;

use conformance::folder::{self, ExampleFile, root};
use conformance::lossless::difference;
use conformance::oracle::{Oracles, Verdict};
use security_webhooks::{canary, connectsecure, crowdsec, procustodibus, wallarm};
use serde_json::Value;
use webhook_harness::{TypedEvent, TypedProvider};
use webhook_runtime::Delivery;

fn event<'p>(providers: &'p [TypedProvider], example: &ExampleFile) -> (&'p TypedProvider, usize, &'p TypedEvent) {
    let provider =
        providers.iter().find(|provider| provider.name == example.provider).expect("a provider for the folder");
    let place = provider.events.iter().position(|event| event.name == example.event).expect("an event for the folder");
    (provider, place, &provider.events[place])
}

fn name(example: &ExampleFile) -> String {
    format!("{}/{}/{}", example.provider, example.event, example.name)
}

/// All examples on the disk, with the providers that they are of.
fn all() -> Vec<(Vec<TypedProvider>, ExampleFile)> {
    let of = |(providers, defs): (Vec<TypedProvider>, PathBuf)| {
        folder::examples(&defs).into_iter().map(move |example| (providers.clone(), example))
    };
    conformance::sets().into_iter().flat_map(of).collect()
}

#[test]
fn every_example_of_the_disk_is_in_the_crate() {
    for (providers, defs) in conformance::sets() {
        let files = folder::examples(&defs);
        let count: usize =
            providers.iter().flat_map(|provider| &provider.events).map(|event| event.examples.len()).sum();
        assert_eq!(count, files.len());
        for file in &files {
            let (_, _, event) = event(&providers, file);
            let example = event.examples.iter().find(|example| example.name == file.name).expect("the example");
            assert_eq!(example.payload, file.text, "{}", name(file));
        }
    }
}

#[test]
fn every_payload_of_the_first_documents_is_still_an_example() {
    let now = folder::examples(&folder::vendors());
    for then in folder::examples(&folder::five_documents()) {
        assert!(now.iter().any(|example| name(example) == name(&then) && example.text == then.text), "{}", name(&then));
    }
}

#[test]
fn every_example_comes_back_equal_from_its_type() {
    let mut reached = 0;
    for (providers, example) in all() {
        let (_, _, event) = event(&providers, &example);
        let back =
            event.roundtrip(example.text.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", name(&example)));
        assert_eq!(difference(&example.text, &back).unwrap(), None, "{}", name(&example));
        reached += 1;
    }
    assert_eq!(reached, all().len());
}

#[test]
fn every_example_comes_back_equal_from_dispatch() {
    for (providers, example) in all() {
        let (provider, place, event) = event(&providers, &example);
        if provider.dispatch.named {
            let back = provider.roundtrip_with_name(event.wire_name, example.text.as_bytes()).unwrap();
            assert_eq!(difference(&example.text, &back).unwrap(), None, "{}", name(&example));
            continue;
        }
        assert_eq!(provider.dispatch.detect(&example.text), Some(place), "{}", name(&example));
        let line = example.text.replace('\n', " ");
        let (body, expected) = match provider.delivery {
            Delivery::Batch => (format!("[{line},{line}]"), format!("[{line},{line}]")),
            Delivery::Lines => (format!("{line}\n\n{line}\n"), format!("[{line},{line}]")),
            _ => (line.clone(), line),
        };
        let back = provider.roundtrip(body.as_bytes()).unwrap();
        assert_eq!(difference(&expected, &back).unwrap(), None, "{}", name(&example));
    }
}

#[test]
fn every_example_is_valid_for_other_validators() {
    let mut oracles = Oracles::default();
    for (providers, example) in all() {
        let (_, _, event) = event(&providers, &example);
        let value: Value = serde_json::from_str(&example.text).unwrap();
        assert_eq!(oracles.of(event.schema).verdict(&value), Verdict::Valid, "{}", name(&example));
        assert!(event.validator.is_valid(&value), "{}", name(&example));
        assert!(event.validator.violations(&value).is_empty(), "{}", name(&example));
    }
}

#[test]
fn every_example_of_a_vendor_is_identified() {
    for example in folder::examples(&folder::vendors()) {
        let identity = security_webhooks::identify(example.text.as_bytes()).expect("a provider");
        assert_eq!(
            (identity.provider.name(), identity.event),
            (example.provider.as_str(), Some(example.event.as_str()))
        );
        let batch = format!("[{}]", example.text);
        let vendors = conformance::vendors();
        let (_, _, event) = event(&vendors, &example);
        let provider = conformance::vendors().into_iter().find(|provider| provider.name == example.provider).unwrap();
        if provider.delivery == Delivery::Batch {
            let identity = security_webhooks::identify(batch.as_bytes()).expect("a provider");
            assert_eq!((identity.provider.name(), identity.event), (provider.name, Some(event.name)));
        }
    }
}

#[test]
fn what_each_example_parses_to() {
    for example in folder::examples(&folder::vendors()) {
        let snapshot = name(&example).replace('/', "__");
        // A new event needs no snapshot; INSTA_UPDATE=always writes one.
        let file = root().join(format!("tests/tests/runtime/snapshots/conformance__runtime__examples__{snapshot}.snap"));
        if !file.exists() && std::env::var("INSTA_UPDATE").as_deref() != Ok("always") {
            println!("skipped: {} has no snapshot", name(&example));
            continue;
        }
        let bytes = example.text.as_bytes();
        let (parsed, serialized): (String, Value) = match example.provider.as_str() {
            "crowdsec" => shown(crowdsec::Event::from_slice(bytes)),
            "connectsecure" => shown(connectsecure::Event::from_slice(bytes)),
            "procustodibus" => shown(procustodibus::Event::from_slice(bytes)),
            "canary" => shown(canary::Event::from_slice(bytes)),
            "wallarm" => shown(wallarm::Event::from_slice(bytes)),
            other => panic!("no test for {other}"),
        };
        let original: Value = serde_json::from_str(&example.text).unwrap();
        assert!(webhook_runtime::__private::equal(&original, &serialized), "{}", name(&example));
        conformance::assert_snapshot!(snapshot, parsed);
    }
}

fn shown<E: std::fmt::Debug + serde::Serialize>(event: Result<E, webhook_runtime::Error>) -> (String, Value) {
    let event = event.unwrap_or_else(|error| panic!("{error}"));
    (format!("{event:#?}"), serde_json::to_value(&event).unwrap())
}
