//! Payloads of real servers that differ from their documentation.

use conformance::lossless::difference;
use security_webhooks::{Provider, canarytokens, crowdsec_engine, identify};
use serde_json::{Value, json};

fn payload(examples: &[security_webhooks::Example], name: &str) -> Value {
    let example = examples.iter().find(|example| example.name == name).expect("the example");
    serde_json::from_str(example.payload).unwrap()
}

/// Returns a payload with other values for some of its members. `None` removes a member.
fn with(payload: &Value, changes: &[(&str, Option<Value>)]) -> Value {
    let mut changed = payload.clone();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = changed.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => drop(parent.insert(name.to_owned(), value.clone())),
            None => drop(parent.remove(name).unwrap()),
        }
    }
    changed
}

/// Go writes an empty list as null, omits empty members with `omitempty`, and writes times in several formats.
#[test]
fn alerts_of_the_security_engine_are_never_refused() {
    let alert = payload(crowdsec_engine::EXAMPLES, "banned");
    let null = || Some(Value::Null);
    let changes: [&[(&str, Option<Value>)]; 8] = [
        &[("/labels", Some(json!(["a"]))), ("/decisions", null()), ("/meta", null()), ("/events", null())],
        &[("/labels", Some(json!([]))), ("/decisions", Some(json!([]))), ("/meta", None), ("/remediation", None)],
        &[("/start_at", Some(json!("2021-01-02 15:04:05.999 +0000 UTC"))), ("/stop_at", Some(json!("")))],
        &[("/events/0/meta", null()), ("/events/0/timestamp", Some(json!("2021-01-02 15:04:05 +0000 UTC")))],
        &[("/source/as_number", Some(json!(64500))), ("/source/latitude", Some(json!(0)))],
        &[("/decisions/0/duration", Some(json!(3600))), ("/decisions/0/id", Some(json!("1")))],
        &[("/kind", Some(json!("waf"))), ("/id", None), ("/uuid", None), ("/machine_id", None), ("/created_at", None)],
        &[("/new", Some(json!({ "a": [1] }))), ("/labels", Some(json!({ "service": "ssh" })))],
    ];
    for changes in changes {
        let changed = with(&alert, changes);
        for body in [json!([changed, alert]), json!([changed]), changed.clone()] {
            let text = body.to_string();
            let batch = crowdsec_engine::Batch::from_slice(text.as_bytes()).unwrap();
            assert!(batch.rejected().next().is_none(), "{text}");
            assert!(batch.events().all(|event| event.name() == Some("alert")), "{text}");
            assert_eq!(difference(&text, &batch.to_body().unwrap()).unwrap(), None);
            let identity = identify(text.as_bytes()).unwrap();
            assert_eq!((identity.provider, identity.event), (Provider::CrowdSecSecurityEngine, Some("alert")));
        }
    }
}

#[test]
fn alerts_of_canarytokens_are_never_refused() {
    let all = canarytokens::EXAMPLES;
    let (http, dns) = (payload(all, "http"), payload(all, "dns"));
    let exposed = payload(all, "public");
    let old = json!({
        "manage_url": "https://canarytokens.org/manage?token=a&auth=b", "memo": "", "channel": "DNS", "time": "2017-01-01 00:00:00",
        "additional_data": { "src_ip": "198.51.100.4", "useragent": null, "X-Forwarded-For": "a", "geo_info": "" }
    });
    let null = || Some(Value::Null);
    let cases = [
        ("alert", with(&http, &[("/src_ip", null()), ("/additional_data", null()), ("/public_domain", None)])),
        (
            "alert",
            with(&http, &[("/src_ip", Some(json!("not an address"))), ("/additional_data/geo_info", Some(json!("")))]),
        ),
        (
            "alert",
            with(&http, &[("/additional_data/useragent", None), ("/additional_data/X-Real-Ip", Some(json!(["a"])))]),
        ),
        ("alert", with(&http, &[("/additional_data/geo_info/loc", Some(json!([52.3, 4.8]))), ("/memo", null())])),
        (
            "alert",
            with(&dns, &[("/src_data", Some(json!({ "generic_data": "b" }))), ("/time", Some(json!("yesterday")))]),
        ),
        ("alert", with(&dns, &[("/additional_data", Some(json!({ "AWS Key Log Data": { "eventName": ["a"] } })))])),
        ("exposed_token", with(&exposed, &[("/public_location", null()), ("/public_domain", None)])),
        ("alert_2016", old.clone()),
        ("alert_2016", with(&old, &[("/additional_data", None)])),
    ];
    for (event, payload) in cases {
        let text = payload.to_string();
        let read = canarytokens::Event::from_slice(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(read.name(), Some(event), "{text}");
        assert_eq!(difference(&text, &serde_json::to_string(&read).unwrap()).unwrap(), None);
        let identity = identify(text.as_bytes()).unwrap();
        assert_eq!((identity.provider, identity.event), (Provider::Canarytokens, Some(event)), "{text}");
    }
    // The console of the same vendor sends its own incidents of Canarytokens.
    for example in security_webhooks::canary::EXAMPLES {
        assert_eq!(identify(example.payload.as_bytes()).unwrap().provider, Provider::ThinkstCanary, "{}", example.name);
    }
}
