//! Every documented payload, read by its own type and by dispatch, and validated by other validators.

use std::fs;
use std::path::PathBuf;

use conformance::folder::{self, ExampleFile, root};
use conformance::lossless::difference;
use conformance::oracle::{Oracle, Verdict};
use serde_json::Value;
use webhook_harness::{TypedEvent, TypedProvider};
use webhook_runtime::{Delivery, DeviationKind, ProviderVisitor, WebhookEvent};

fn event<'p>(providers: &'p [TypedProvider], example: &ExampleFile) -> (&'p TypedProvider, usize, &'p TypedEvent) {
    let provider =
        providers.iter().find(|provider| provider.name == example.provider).expect("a provider for the folder");
    let place = provider.events.iter().position(|event| event.name == example.event).expect("an event for the folder");
    (provider, place, &provider.events[place])
}

fn name(example: &ExampleFile) -> String {
    format!("{}/{}/{}", example.provider, example.event, example.name)
}

/// Returns all examples on disk with their providers.
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
    for (providers, example) in all() {
        let (_, _, event) = event(&providers, &example);
        let back =
            event.roundtrip(example.text.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", name(&example)));
        assert_eq!(difference(&example.text, &back).unwrap(), None, "{}", name(&example));
    }
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
    for (providers, example) in all() {
        let (_, _, event) = event(&providers, &example);
        let value: Value = serde_json::from_str(&example.text).unwrap();
        assert_eq!(Oracle::of(event.schema).verdict(&value), Verdict::Valid, "{}", name(&example));
        assert!(event.validator.is_valid(&value), "{}", name(&example));
        assert!(event.validator.violations(&value).is_empty(), "{}", name(&example));
        let deviations = event.validator.deviations(&value);
        assert!(deviations.iter().all(|found| found.kind != DeviationKind::InvalidValue), "{deviations}");
    }
}

#[test]
fn every_example_of_a_vendor_is_identified() {
    for example in folder::examples(&folder::vendors()) {
        let identity = security_webhooks::identify(example.text.as_bytes()).expect("a provider");
        let expected = (example.provider.as_str(), Some(example.event.as_str()));
        assert_eq!((identity.provider.name(), identity.event), expected);
        if identity.provider.info().delivery == Delivery::Batch {
            let batch = format!("[{}]", example.text);
            assert_eq!(security_webhooks::identify(batch.as_bytes()), Some(identity));
        }
    }
}

/// Returns the event as which a payload is read, and its serialized value.
struct Shown<'p>(&'p str);

impl ProviderVisitor for Shown<'_> {
    type Output = (String, Value);

    fn visit<E: WebhookEvent>(self) -> Self::Output {
        let event = E::from_str(self.0).unwrap_or_else(|error| panic!("{error}"));
        (format!("{event:#?}"), serde_json::to_value(&event).unwrap())
    }
}

/// A new event needs no snapshot; `INSTA_UPDATE=always` writes one.
#[test]
fn examples_are_read_as_their_snapshots_show() {
    let folder = root().join("tests/tests/runtime/snapshots");
    let mut compared = 0;
    for example in folder::examples(&folder::vendors()) {
        let snapshot = name(&example).replace('/', "__");
        let file = folder.join(format!("conformance__runtime__examples__{snapshot}.snap"));
        if !file.exists() && std::env::var("INSTA_UPDATE").as_deref() != Ok("always") {
            continue;
        }
        let mut providers = security_webhooks::Provider::ALL.iter();
        let provider = providers.find(|provider| provider.name() == example.provider).expect("a provider");
        let (parsed, serialized) = provider.visit(Shown(&example.text));
        let original: Value = serde_json::from_str(&example.text).unwrap();
        assert!(webhook_runtime::__private::equal(&original, &serialized), "{}", name(&example));
        conformance::assert_snapshot!(snapshot, parsed);
        compared += 1;
    }
    // No snapshot is missing, and each belongs to an example.
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files = files.filter(|file| file.starts_with("conformance__runtime__examples__")).count();
    assert!(compared >= 35 && compared == files, "{compared} examples, {files} snapshots");
}
