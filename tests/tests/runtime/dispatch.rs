//! Identifying the provider and the event of a payload if no single member names the events of all providers.

use conformance::folder::{ExampleFile, examples, goldens, vendors};
use conformance::variations::object;
use golden_events::{Error, Unknown, groups};
use security_webhooks::Provider;
use serde_json::{Value, json};
use webhook_codegen::EventMatcher;
use webhook_runtime::__private::Identifier;
use webhook_runtime::{Batch, ProviderInfo, ProviderVisitor, WebhookEvent, to_string};

fn unknown(payload: &Value) -> Unknown {
    match groups::Event::from_value(payload.clone()) {
        Ok(groups::Event::Unknown(unknown)) => unknown,
        other => panic!("{payload}: {other:?}"),
    }
}

/// Calls `identify` for the providers of the groups and the vendors, without Wallarm, which has the same envelope.
fn identified(body: &Value) -> Option<(&'static str, Option<&'static str>)> {
    let others = Provider::ALL.iter().filter(|provider| **provider != Provider::Wallarm);
    let mut all: Vec<&'static ProviderInfo> = vec![&groups::PROVIDER];
    all.extend(others.map(|provider| provider.info()));
    among(&all, body)
}

fn vendor_infos() -> Vec<&'static ProviderInfo> {
    Provider::ALL.iter().map(|provider| provider.info()).collect()
}

fn among(all: &[&'static ProviderInfo], body: &Value) -> Option<(&'static str, Option<&'static str>)> {
    let (place, event) = Identifier::new(all.iter().copied()).identify(body.to_string().as_bytes())?;
    Some((all[place].name, event))
}

fn envelope(kind: &Value) -> Value {
    json!({ "summary": "s", "details": { "client_name": "a", "cloud": "EU", "notification_type": kind, "user": {} } })
}

#[test]
fn an_unknown_event_has_the_name_that_its_group_gives() -> Result<(), Error> {
    let new = envelope(&json!("create_user"));
    assert_eq!(unknown(&new).name(), Some("create_user"));
    assert_eq!(identified(&json!([new])), Some(("groups", None)));
    assert_eq!(identified(&new), Some(("groups", None)), "one event, where a batch is usual");
    // No other event has its name in this member.
    let old = json!({ "record_type": "attack" });
    assert_eq!((unknown(&old).name(), identified(&json!([old]))), (Some("attack"), None));
    // A body of neither event has no name.
    let other = json!({ "headline": "t", "type": "create_user" });
    assert_eq!((unknown(&other).name(), identified(&other)), (None, None));
    // Known events are identified as before.
    for (payload, name) in [
        (envelope(&json!("ip_blocked")), "ip_blocked"),
        (json!({ "record_type": "hit" }), "hit"),
        (json!({ "headline": "t", "threat": "Low" }), "vulnerability"),
    ] {
        assert_eq!(groups::Event::from_value(payload.clone())?.name(), Some(name));
        assert_eq!(identified(&json!([payload])), Some(("groups", Some(name))));
    }
    // The body also has its name as a text.
    let text = new.to_string();
    assert_eq!(groups::Event::from_slice(text.as_bytes())?.name(), Some("create_user"));
    Ok(())
}

#[test]
fn a_group_is_recognized_by_all_that_it_has_in_common() {
    for (member, pointer) in [("summary", ""), ("client_name", "/details"), ("cloud", "/details")] {
        let mut payload = envelope(&json!("create_user"));
        payload.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object").remove(member);
        assert_eq!(identified(&payload), None, "without {member}");
        assert_eq!(unknown(&payload).name(), Some("create_user"));
    }
    for kind in [json!(5), json!(null), json!({}), json!(["create_user"])] {
        let payload = envelope(&kind);
        assert_eq!((unknown(&payload).name(), identified(&payload)), (None, None));
    }
}

#[test]
fn a_payload_of_another_provider_is_not_claimed() {
    // The first body is ConnectSecure's, because it has a known subject. The other has all required members of CrowdSec's envelope.
    let mut payload = envelope(&json!("create_user"));
    payload["subject"] = json!("Login Failure");
    payload["body"] = json!("text");
    assert_eq!(identified(&payload), Some(("connectsecure", Some("login_failure"))));
    let mut payload = envelope(&json!("create_user"));
    payload["metadata"] = json!({ "issuer": "crowdsec.net", "version": 1 });
    payload["details"]["event_type"] = json!("event_of_tomorrow");
    assert_eq!(identified(&payload), Some(("crowdsec", None)), "values are surer than members");
    // The body may be of either of two providers.
    let mut payload = envelope(&json!("create_user"));
    payload["subject"] = json!("New");
    payload["body"] = json!("text");
    assert_eq!(identified(&payload), None);
}

/// Returns texts in which each member in turn is absent, null, another string, in a list, or below another member.
fn variations(payload: &Value) -> Vec<Value> {
    let mut pointers = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = pointers.get(at).cloned() {
        let members = payload.pointer(&pointer).and_then(Value::as_object).into_iter().flatten();
        let escaped = members.map(|(name, _)| name.replace('~', "~0").replace('/', "~1"));
        pointers.extend(escaped.map(|name| format!("{pointer}/{name}")));
        at += 1;
    }
    let mut all = vec![payload.clone(), json!({ "payload": payload }), json!([[payload]])];
    for pointer in pointers.iter().filter(|pointer| !pointer.is_empty()) {
        for with in [Some(json!(null)), Some(json!("unheard_of")), Some(json!([])), Some(json!({})), None] {
            let mut changed = payload.clone();
            let (parent, name) = pointer.rsplit_once('/').expect("a member");
            let name = name.replace("~1", "/").replace("~0", "~");
            let parent = changed.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
            match with {
                Some(value) => drop(parent.insert(name, value)),
                None => drop(parent.remove(&name)),
            }
            all.push(changed);
        }
    }
    all
}

/// Returns texts of the payload in which a member is repeated, in the object itself or in a nested object.
fn repeated(payload: &Value, others: &[Value]) -> Vec<String> {
    let Some(members) = payload.as_object() else { return Vec::new() };
    let mut texts = Vec::new();
    for (name, value) in members {
        let of_others = others.iter().filter_map(|other| other.get(name)).cloned();
        let decoys = of_others.chain([json!("zz"), json!(null), json!({}), json!([])]);
        for decoy in decoys {
            texts.push(object([(name, &decoy)].into_iter().chain(members)));
            texts.push(object(members.iter().chain([(name, &decoy)])));
            texts.push(object([(name, &decoy)].into_iter().chain(members).chain([(name, &decoy)])));
        }
        for inner in repeated(value, &others.iter().filter_map(|other| other.get(name)).cloned().collect::<Vec<_>>()) {
            let rest = members.iter().filter(|(other, _)| *other != name);
            texts.push(object(rest.map(|(name, value)| (name, value.to_string())).chain([(name, inner)])));
        }
    }
    texts
}

/// Reads texts with repeated members as text, in a batch, and as the value that a JSON parser returns.
struct Alike;

impl ProviderVisitor for Alike {
    type Output = usize;

    fn visit<E: WebhookEvent>(self) -> usize {
        let payloads: Vec<Value> =
            E::PROVIDER.events.iter().flat_map(|event| conformance::payloads(event.examples)).collect();
        let identifier = Identifier::new([E::PROVIDER]);
        let mut known = 0;
        for payload in &payloads {
            for text in repeated(payload, &payloads).into_iter().step_by(conformance::stride(5)) {
                let value: Value = serde_json::from_str(&text).expect("JSON");
                let written = value.to_string();
                let of_value = E::from_value(value).map(|event| (event.name().map(str::to_owned), to_string(&event)));
                let of = |event: &E| (event.name().map(str::to_owned), to_string(event));
                let of_text = text.parse::<E>();
                assert_eq!(of_text.as_ref().ok().map(of), of_value.as_ref().ok().cloned(), "{text}");
                let batch = Batch::<E>::from_slice(format!("[{text}]").as_bytes()).expect("JSON");
                assert_eq!(batch.events().next().map(of), of_value.ok(), "{text} in a batch");
                let identity = identifier.identify(text.as_bytes());
                assert_eq!(identity, identifier.identify(written.as_bytes()), "{text}");
                known += usize::from(of_text.is_ok_and(|event| event.as_unknown().is_none()));
            }
        }
        known
    }
}

#[test]
fn of_repeated_members_the_last_counts_for_whoever_looks() {
    for provider in Provider::ALL {
        assert!(provider.visit(Alike) > 0, "no payload of {} is known", provider.name());
    }
    // Some goldens have the name of the event outside the body, or their payload is not an object.
    let of_goldens: usize = golden_events::Provider::ALL.iter().map(|provider| provider.visit(Alike)).sum();
    assert!(of_goldens > 100, "{of_goldens}");
}

#[test]
fn no_variation_of_a_payload_is_taken_for_that_of_another_vendor() {
    let of_groups = |example: &ExampleFile| example.provider == "groups";
    let all = examples(&vendors()).into_iter().chain(examples(&goldens()).into_iter().filter(of_groups));
    let (mut own, mut none) = (0, 0);
    for example in all {
        let payload: Value = serde_json::from_str(&example.text).expect("JSON");
        for varied in variations(&payload) {
            for body in [json!([varied]), varied] {
                let identity = match example.provider.as_str() {
                    "groups" => identified(&body),
                    _ => among(&vendor_infos(), &body),
                };
                match identity {
                    Some((provider, _)) => {
                        assert_eq!(provider, example.provider, "{}: {body}", example.event);
                        own += 1;
                    }
                    None => none += 1,
                }
            }
        }
    }
    assert!(own > 1000 && none > 100, "{own} {none}");
}

/// The provider and the name of undocumented events that vendors send are found.
#[test]
fn notifications_that_are_only_named_are_unknown_by_their_name() {
    for (provider, name, body) in [
        (Provider::Wallarm, "rule_create", envelope(&json!("rule_create"))),
        (Provider::Wallarm, "vuln_high", envelope(&json!("vuln_high"))),
        (Provider::ConnectSecure, "Probe Went Down", json!({ "subject": "Probe Went Down", "body": "text" })),
    ] {
        assert_eq!(among(&vendor_infos(), &body), Some((provider.name(), None)), "{name}");
        let batch = provider.read(body.to_string().as_bytes()).unwrap();
        assert_eq!(batch.events().next().and_then(|event| event.name()), Some(name));
    }
    // A `type` alone does not identify the provider. If the provider is known, the name is found.
    let test = json!({ "type": "test", "id": "1", "attributes": { "created": "2026-01-01T00:00:00Z" } });
    let event = security_webhooks::procustodibus::Event::from_value(test).unwrap();
    assert_eq!(event.name(), Some("test"));
}

#[test]
fn the_same_members_name_events_without_generated_code() {
    let catalog = conformance::catalog(&goldens());
    let provider = catalog.providers.iter().find(|provider| provider.name == "groups").expect("the provider");
    let names: Vec<String> = EventMatcher::new(provider).expect("unambiguous events").event_names().collect();
    assert_eq!(names, ["/details/notification_type", "/record_type"]);
}
