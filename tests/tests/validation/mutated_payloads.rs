//! Payloads in which an optional member, at any depth, has another value. An event with an inferred schema accepts all of them,
//! loses nothing, and lists the deviation at its place. An event with a documented schema decides as other validators do. A
//! member is optional if these validators accept the payload without the member.

use std::collections::{BTreeMap, BTreeSet};

use conformance::exceptions::{has, is_unheld};
use conformance::lossless::difference;
use conformance::mutate::{Place, at_mut, others, places};
use conformance::oracle::{Oracle, Verdict};
use serde_json::{Value, json};
use webhook_harness::{TypedEvent, TypedProvider};
use webhook_runtime::{Batch, BodyFormat, Delivery, DeviationKind, ProviderVisitor, Reading, WebhookEvent};

/// The number of decided payloads, and descriptions of the kinds of places that were changed.
#[derive(Default)]
struct Reached {
    decided: usize,
    deviating: usize,
    kinds: BTreeMap<&'static str, usize>,
}

/// Returns the steps to the nearest optional member at or around a place: the payload is valid without the member. Members of items
/// of arrays can be optional; items cannot.
fn optional(event: &TypedEvent, payload: &Value, place: &Place) -> Option<Place> {
    (1..=place.len()).rev().map(|length| &place[..length]).find_map(|steps| {
        let (last, outer) = steps.split_last()?;
        let mut without = payload.clone();
        match at_mut(&mut without, outer)? {
            Value::Object(members) => members.remove(last)?,
            _ => return None,
        };
        (Oracle::of(event.schema).verdict(&without) == Verdict::Valid).then(|| steps.to_vec())
    })
}

fn pointer(place: &[String]) -> String {
    place.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Replaces the value at one of every `every` places by each other value, and decides each payload.
fn decide(provider: &TypedProvider, event: &TypedEvent, payload: &Value, every: usize, reached: &mut Reached) {
    for place in places(payload).into_iter().step_by(every) {
        let Some(member) = optional(event, payload, &place) else { continue };
        let in_array = place.iter().any(|step| step.parse::<usize>().is_ok());
        let mut refused_here = 0;
        for (_, other) in others() {
            let mut mutant = payload.clone();
            let Some(target) = at_mut(&mut mutant, &place) else { continue };
            if *target == other || has(&other, is_unheld) {
                continue;
            }
            *target = other;
            reached.decided += 1;
            let context = format!("{}/{}: {}: {mutant}", provider.name, event.name, pointer(&place));
            let is_valid = match Oracle::of(event.schema).verdict(&mutant) {
                Verdict::Valid => true,
                Verdict::Invalid => false,
                Verdict::Disputed => panic!("the validators dispute {context}"),
            };
            let text = mutant.to_string();
            let back = event.roundtrip(text.as_bytes());
            if event.reading == Reading::Exact {
                assert_eq!(back.is_ok(), is_valid, "{context}");
            }
            let back = match back {
                Ok(back) => back,
                Err(_) if event.reading == Reading::Exact => continue,
                Err(error) => panic!("{context}: {error}"),
            };
            assert_eq!(difference(&text, &back).unwrap(), None, "{context}");
            if !provider.dispatch.named {
                let detected = provider.dispatch.detect(&text).map(|index| provider.events[index].name);
                assert_eq!(detected, Some(event.name), "{context}");
            }
            let deviations = event.validator.deviations(&mutant);
            let invalid: Vec<&str> = deviations
                .iter()
                .filter(|found| found.kind == DeviationKind::InvalidValue)
                .map(|found| found.instance_location.as_str())
                .collect();
            assert_eq!(invalid.is_empty(), is_valid, "{context}: {deviations}");
            // At the value, in it, or at a value around it, up to the member that is kept in `extra`.
            let (own, outer) = (pointer(&place), pointer(&member));
            for found in &invalid {
                let is_near = found.starts_with(&own) || own.starts_with(found) && found.starts_with(&outer);
                assert!(is_near, "{context}: {deviations}");
            }
            refused_here += invalid.len();
        }
        if refused_here > 0 {
            reached.deviating += 1;
            let mut count = |kind| *reached.kinds.entry(kind).or_default() += 1;
            count(if member.len() < place.len() { "below an optional member" } else { "an optional member" });
            if in_array {
                count("in an array");
            }
            if place.last().is_some_and(|step| step.parse::<usize>().is_ok()) {
                count("an item");
            }
            if place.len() > 2 {
                count("deep");
            }
        }
    }
}

fn decide_all(providers: &[TypedProvider], every: usize) -> Vec<(&'static str, Reached)> {
    let mut all = Vec::new();
    for provider in providers {
        let mut reached = Reached::default();
        for event in &provider.events {
            let examples: BTreeSet<&str> = event.examples.iter().map(|example| example.payload).collect();
            for example in examples {
                let payload: Value = serde_json::from_str(example).unwrap();
                decide(provider, event, &payload, every, &mut reached);
            }
        }
        all.push((provider.name, reached));
    }
    all
}

#[test]
fn optional_members_of_the_vendors_may_have_any_value() {
    for (provider, reached) in decide_all(&conformance::vendors(), conformance::stride(3)) {
        let Reached { decided, deviating, kinds } = reached;
        println!("{provider}: {decided} payloads, {deviating} places that may deviate, {kinds:?}");
        // CrowdSec documents its schemas, which have hardly any optional member.
        if provider == "crowdsec" {
            assert!(decided > 100 && deviating == 0, "{provider}: {decided}");
            continue;
        }
        let least = if provider == "connectsecure" { 0 } else { 10 };
        assert!(decided >= least * 10 && deviating >= least, "{provider}: {decided}, {deviating}");
    }
}

#[test]
fn optional_members_of_the_goldens_may_have_any_value() {
    let all = decide_all(&conformance::goldens(), 1);
    let (_, tolerant) = all.iter().find(|(name, _)| *name == "tolerant").unwrap();
    for kind in ["an optional member", "below an optional member", "in an array", "an item", "deep"] {
        assert!(tolerant.kinds.get(kind).is_some_and(|count| *count > 0), "{kind}: {:?}", tolerant.kinds);
    }
    assert!(all.iter().map(|(_, reached)| reached.decided).sum::<usize>() > 1_500);
}

/// Returns every form of a body.
struct Bodies<'e>(&'e [&'e str]);

impl ProviderVisitor for Bodies<'_> {
    type Output = ();

    fn visit<E: WebhookEvent>(self) {
        let name = E::PROVIDER.name;
        let check = |body: &str, format: BodyFormat, count: usize| {
            let batch = Batch::<E>::from_slice(body.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((batch.format(), batch.len(), batch.rejected().count()), (format, count, 0), "{name}: {body}");
            assert!(batch.events().all(|event| event.name().is_some()), "{name}: {body}");
            let written = batch.to_body().unwrap();
            let items = |text: &str| Delivery::Batch.split(text).into_iter().map(str::to_owned).collect::<Vec<_>>();
            let (before, after) = (items(body), items(&written));
            assert_eq!(before.len(), after.len(), "{name}: {written}");
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(difference(before, after).unwrap(), None, "{name}");
            }
        };
        let Bodies(payloads) = self;
        for payload in payloads {
            check(payload, BodyFormat::Single, 1);
            check(&format!("[{payload}]"), BodyFormat::Array, 1);
        }
        check(&format!("[{}]", payloads.join(",")), BodyFormat::Array, payloads.len());
        if payloads.len() > 1 {
            check(&payloads.join("\n"), BodyFormat::Lines, payloads.len());
            check(&format!("{}\r\n\n", payloads.join("\r\n")), BodyFormat::Lines, payloads.len());
        }
    }
}

#[test]
fn every_vendor_may_send_an_array_or_lines_or_one_event() {
    for provider in security_webhooks::Provider::ALL {
        let info = provider.info();
        let examples = info.events.iter().flat_map(|event| event.examples);
        let compact: Vec<String> =
            examples.map(|example| serde_json::from_str::<Value>(example.payload).unwrap().to_string()).collect();
        let compact: Vec<&str> = compact.iter().map(String::as_str).collect();
        provider.visit(Bodies(&compact));
        // A receiver of all vendors identifies the provider first.
        for body in [
            compact[0].to_owned(),
            format!("[{}]", compact[0]),
            format!("{0}\n{0}\n", compact[0]),
            format!("[{}]", compact.join(",")),
            compact.join("\n"),
        ] {
            let identity = security_webhooks::identify(body.as_bytes());
            assert_eq!(identity.map(|identity| identity.provider), Some(*provider), "{body}");
        }
    }
    // Only the names of these events are known.
    let unknown = |name: &str| {
        json!({"summary": "s", "details": {"client_name": "c", "cloud": "EU", "notification_type": name}}).to_string()
    };
    let (first, second) = (unknown("rule_create"), unknown("vuln_high"));
    for body in [first.clone(), format!("[{first},{second}]"), format!("{first}\n{second}\n")] {
        let identity = security_webhooks::identify(body.as_bytes()).unwrap();
        assert_eq!((identity.provider, identity.event), (security_webhooks::Provider::Wallarm, None), "{body}");
        let batch = security_webhooks::wallarm::Batch::from_slice(body.as_bytes()).unwrap();
        let names: Vec<_> = batch.events().filter_map(|event| event.name()).collect();
        assert_eq!(names[0], "rule_create");
        assert_eq!(batch.deviations().count(), 0);
    }
}
