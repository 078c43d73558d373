//! The crate as a receiver uses it.

use std::collections::{HashMap, HashSet};

use security_webhooks::{
    BodyFormat, HasSchema, Payload, Provider, Unknown, canary, connectsecure, crowdsec, identify, procustodibus,
    wallarm,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

fn example(examples: &'static [security_webhooks::Example], event: &str) -> &'static str {
    examples.iter().find(|example| example.event == event).expect("an example of the event").payload
}

#[test]
fn a_payload_is_matched_on() {
    let body = example(crowdsec::EXAMPLES, "alert_triggered").as_bytes();
    match crowdsec::Event::from_slice(body).unwrap() {
        crowdsec::Event::AlertTriggered(alert) => {
            assert_eq!(alert.details.source.value, "203.0.113.25");
            assert_eq!(alert.details.source.as_number.into_option(), Some(64512));
            assert_eq!(crowdsec::AlertTriggeredDetails::EVENT_TYPE, "alert_triggered");
            assert_eq!(crowdsec::Metadata::VERSION, 1);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_are_looked_up_by_key() {
    let canary::Event::Incident(incident) = example(canary::EXAMPLES, "incident").parse().unwrap() else {
        panic!("an incident");
    };
    let find = |key| canary::Detail::find(incident.additional_details.iter().flatten(), key);
    assert_eq!(find("Username"), Some(&canary::DetailValue::from("username")));
    assert_eq!(find("username"), None);
}

#[test]
fn events_can_be_members_of_sets() {
    let events = crowdsec::EXAMPLES.iter().map(|example| example.payload.parse().unwrap());
    let twice: HashSet<crowdsec::Event> = events.clone().chain(events).collect();
    assert_eq!(twice.len(), crowdsec::EXAMPLES.len());
}

#[test]
fn a_type_reads_its_own_event_only() {
    let failed = example(crowdsec::EXAMPLES, "payment_failed").as_bytes();
    assert!(crowdsec::PaymentFailed::from_slice(failed).is_ok());
    let error = crowdsec::AlertTriggered::from_slice(failed).unwrap_err();
    let violations = error.violations().expect("violations");
    assert!(violations.iter().any(|v| v.instance_location == "/details/event_type" && v.keyword == "const"));
    assert!(violations.count() > 5, "every missing member is listed: {violations}");
    let value: Value = serde_json::from_slice(failed).unwrap();
    assert_eq!(crowdsec::AlertTriggered::validate(&value).unwrap_err().count(), violations.count());
    assert!(crowdsec::Event::validate(&value).is_ok());
}

#[test]
fn a_struct_is_no_array() {
    let error = crowdsec::OperatingSystem::validate(&json!(["ubuntu", "22.04"])).unwrap_err();
    assert_eq!(error.count(), 1);
    assert!(serde_json::from_str::<crowdsec::OperatingSystem>(r#"["ubuntu", "22.04"]"#).is_err());
    assert!(serde_json::from_str::<crowdsec::OperatingSystem>(r#"{"name": "ubuntu", "version": "22.04"}"#).is_ok());
}

#[test]
fn a_batch_fails_item_by_item() {
    let hit = example(wallarm::EXAMPLES, "hit");
    let body = format!(
        r#"[{hit}, {{"title": 5, "threat": "Low"}}, {{"object_type": "new"}}, {{"object_type": "hit", "id": "\ud800"}}]"#
    );
    let batch = wallarm::Batch::from_slice(body.as_bytes()).unwrap();
    assert_eq!((batch.len(), batch.events().count(), batch.rejected().count()), (4, 2, 2));
    assert!(matches!(&batch.items()[0], Ok(wallarm::Event::Hit(_))));
    assert!(matches!(&batch.items()[2], Ok(wallarm::Event::Unknown(_))));
    let refused: Vec<_> = batch.rejected().collect();
    assert_eq!(refused[0].payload(), r#"{"title": 5, "threat": "Low"}"#);
    assert_eq!(refused[0].error().violations().unwrap().count(), 1);
    assert!(refused[1].error().violations().is_none());
    // Rejected items are written back unchanged, so the whole body is.
    let back = batch.to_body().unwrap();
    assert_eq!(back.matches("ud800").count(), 1);
    assert!(back.contains(r#"{"title": 5, "threat": "Low"}"#));
    // serde passes values only, and no value has a lone surrogate.
    assert!(serde_json::to_string(&batch).is_err());
    assert_eq!(wallarm::Batch::from_slice(b"[]").unwrap().len(), 0);
    assert!(wallarm::Batch::from_slice(b"[").is_err());
}

/// Users of one vendor choose how their bodies are delimited: each form is read, remembered and written back.
#[test]
fn a_body_is_an_array_or_lines_or_one_event() {
    let line = |event: &str| {
        let value: Value = serde_json::from_str(example(wallarm::EXAMPLES, event)).unwrap();
        value.to_string()
    };
    let (hit, vulnerability) = (line("hit"), line("vulnerability"));
    for (body, format, count) in [
        (format!("[{hit},{vulnerability}]"), BodyFormat::Array, 2),
        (format!("[{hit}]"), BodyFormat::Array, 1),
        (hit.clone(), BodyFormat::Single, 1),
        (format!("{hit}\n{vulnerability}\n"), BodyFormat::Lines, 2),
        (format!("{hit}\r\n\n{vulnerability}\n{hit}"), BodyFormat::Lines, 3),
    ] {
        let batch = wallarm::Batch::from_slice(body.as_bytes()).unwrap();
        assert_eq!((batch.format(), batch.len(), batch.rejected().count()), (format, count, 0), "{body}");
        let same = |text: &str| -> Vec<Value> {
            serde_json::Deserializer::from_str(text).into_iter().map(Result::unwrap).collect()
        };
        assert_eq!(same(&batch.to_body().unwrap()), same(&body));
        assert_eq!(security_webhooks::identify(body.as_bytes()).unwrap().provider, Provider::Wallarm);
    }
    // An incomplete line affects no other line. A body in none of the three formats is an error.
    let cut = wallarm::Batch::from_slice(format!("{hit}\n{{\"object_type\": ").as_bytes()).unwrap();
    assert_eq!((cut.events().count(), cut.rejected().count()), (1, 1));
    assert!(wallarm::Batch::from_slice(format!("{hit} {hit}").as_bytes()).is_err());
    let as_lines = wallarm::Batch::from_slice(hit.as_bytes()).unwrap().with_format(BodyFormat::Lines);
    assert_eq!(as_lines.to_body().unwrap().matches('\n').count(), 1);
}

#[test]
fn a_body_that_is_no_array_is_a_batch_of_one() {
    let hit = example(wallarm::EXAMPLES, "hit");
    let batch = wallarm::Batch::from_slice(hit.as_bytes()).unwrap();
    assert!(matches!(batch.items(), [Ok(wallarm::Event::Hit(_))]));
    assert_eq!(serde_json::to_value(&batch).unwrap(), serde_json::from_str::<Value>(hit).unwrap());
}

#[test]
fn events_of_a_batch_that_are_not_documented_arrive_intact() {
    let body =
        json!([{ "summary": "New user", "user": { "name": "x", "roles": [null] } }, { "scope": "hosts", "hosts": [] }]);
    let batch = wallarm::Batch::from_slice(body.to_string().as_bytes()).unwrap();
    let unknown = batch.events().map(|event| match event {
        wallarm::Event::Unknown(unknown) => (unknown.payload(), unknown.name()),
        known => panic!("{known:?}"),
    });
    assert_eq!(Vec::from_iter(unknown), Vec::from_iter(body.as_array().unwrap().iter().map(|sent| (sent, None))));
}

#[test]
fn providers_are_identified_by_their_bodies() {
    let identified = |body: &str| identify(body.as_bytes()).map(|identity| (identity.provider, identity.event));
    let alert = example(procustodibus::EXAMPLES, "alerts");
    let stats = example(procustodibus::EXAMPLES, "endpoint_stats");
    assert_eq!(identified(&format!("[{alert}, {alert}]")), Some((Provider::ProCustodibus, Some("alerts"))));
    assert_eq!(identified(&format!("[{alert}, {stats}]")), Some((Provider::ProCustodibus, None)));
    let tomorrow = r#"{"metadata": {"issuer": "crowdsec.net", "version": 2}, "details": {"event_type": "new"}}"#;
    assert_eq!(identified(tomorrow), Some((Provider::CrowdSec, None)));
    assert_eq!(identified(r#"{"subject": "New", "body": "text"}"#), Some((Provider::ConnectSecure, None)));
    for body in ["", "{", "[]", "{}", "null", "[[]]", r#"{"subject": 5}"#, r#"{"type": "alert"}"#] {
        assert_eq!(identified(body), None, "{body}");
    }
    let test = example(canary::EXAMPLES, "integration_test");
    assert_eq!(identified(test), Some((Provider::ThinkstCanary, Some("integration_test"))));
    let expected = Some((Provider::ThinkstCanary, Some("integration_test")));
    assert_eq!(identified(&test.replace("111111", "\"111111\"")), expected);
    assert_eq!(identified(&test.replace("111111", "2000")), Some((Provider::ThinkstCanary, Some("incident"))));
}

#[test]
fn the_fields_of_sentences_are_read() {
    use connectsecure::Event;
    let read = |event: &str| Event::from_slice(example(connectsecure::EXAMPLES, event).as_bytes()).unwrap();
    let Event::NewAssetsAdded(asset) = read("new_assets_added") else { panic!("another event") };
    let fields = asset.body.fields().unwrap();
    assert_eq!(fields.ip_address, "192.168.1.100");
    assert_eq!(fields.hostname.as_deref(), Some("server-01.example.com"));
    assert_eq!(fields.mac_address.as_deref(), Some("00:1B:44:11:3A:B7"));
    let Event::AssetPorts(port) = read("asset_ports") else { panic!("another event") };
    let fields = port.body.fields().unwrap();
    assert_eq!((fields.port, fields.ip_address.as_str()), (443, "192.168.1.100"));
    let Event::CriticalProblemsFound(problem) = read("critical_problems_found") else { panic!("another event") };
    let fields = problem.body.fields().unwrap();
    assert_eq!(fields.company.as_deref(), Some("Acme Corporation"));
    assert_eq!(fields.product, "Apache HTTP Server");
    assert_eq!(fields.vulnerability_id.as_deref(), Some("CVE-2021-44228"));
    assert_eq!(fields.severity.as_deref(), Some("Critical"));
    let Event::LoginFailure(failure) = read("login_failure") else { panic!("another event") };
    let fields = failure.body.fields().unwrap();
    assert_eq!((fields.user.as_str(), fields.ip_address.as_str()), ("john.doe", "203.0.113.10"));
    assert_eq!((fields.service.as_str(), fields.time.as_str()), ("AzureAD", "2024-01-15 10:30:00 UTC"));
    assert!(fields.time.has_offset());
}

#[test]
fn sentences_vary_and_other_text_is_no_error() {
    use connectsecure::{AssetPorts, CriticalProblemsFound, CriticalVulnerabilitiesFound};
    let body = |subject: &str, body: &str| json!({ "subject": subject, "body": body }).to_string();
    let text = "Critical vulnerabilities detected for asset with IP 10.0.0.1 in company A. B. & Sons\nProduct: X. Severity: High";
    let found = CriticalProblemsFound::from_slice(body("Critical Problems Found", text).as_bytes()).unwrap();
    let fields = found.body.fields().unwrap();
    assert_eq!((fields.company.as_deref(), fields.product.as_str()), (Some("A. B. & Sons"), "X"));
    assert_eq!((fields.hostname, fields.vulnerability_id, fields.severity.as_deref()), (None, None, Some("High")));
    let found =
        CriticalVulnerabilitiesFound::from_slice(body("Critical Vulnerabilities Found", text).as_bytes()).unwrap();
    assert!(found.body.fields().is_some());
    for text in [
        "",
        "a new sentence",
        "Open Port many Discovered for Asset x",
        "Open Port 99999999999999999999 Discovered for Asset x",
    ] {
        let ports = AssetPorts::from_slice(body("Asset Ports", text).as_bytes()).unwrap();
        assert_eq!(ports.body.fields(), None, "{text}");
        assert_eq!(ports.body.as_str(), text);
    }
}

#[test]
fn events_sit_in_structs_of_users() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Stored {
        id: u32,
        event: crowdsec::Event,
    }
    #[derive(Serialize, Deserialize)]
    struct Envelope {
        received: String,
        #[serde(flatten)]
        alert: canary::Incident,
    }
    #[derive(Serialize, Deserialize)]
    struct Bodies {
        wallarm: wallarm::Batch,
        by_name: HashMap<String, crowdsec::Metadata>,
    }
    let event: Value = serde_json::from_str(example(crowdsec::EXAMPLES, "am_i_under_attack")).unwrap();
    let stored: Stored = serde_json::from_value(json!({ "id": 7, "event": event })).unwrap();
    assert!(matches!(stored.event, crowdsec::Event::AmIUnderAttack(_)));
    let text = serde_json::to_string(&stored).unwrap();
    assert_eq!(serde_json::from_str::<Stored>(&text).unwrap(), stored);
    let broken = serde_json::from_value::<Stored>(
        json!({ "id": 7, "event": { "details": { "event_type": "payment_failed" } } }),
    );
    assert!(broken.unwrap_err().to_string().contains("payment_failed: 4 violations"));

    let mut incident: Value = serde_json::from_str(example(canary::EXAMPLES, "incident")).unwrap();
    incident["received"] = "now".into();
    let envelope: Envelope = serde_json::from_value(incident.clone()).unwrap();
    assert_eq!(canary::Incident::ALERT_TYPE, "CanaryIncident");
    assert_eq!(serde_json::to_value(&envelope).unwrap(), incident);

    let bodies = json!({ "wallarm": [{ "object_type": "hit" }], "by_name": { "a": { "version": 1, "issuer": "crowdsec.net" } } });
    let read: Bodies = serde_json::from_value(bodies.clone()).unwrap();
    assert!(webhook_runtime::__private::equal(&serde_json::to_value(&read).unwrap(), &bodies));
}

#[test]
fn events_are_built_for_tests_and_senders() {
    let event: crowdsec::Event = crowdsec::PaymentFailed {
        details: crowdsec::PaymentFailedDetails {
            event_id: "1".into(),
            event_timestamp: "2025-01-01T00:00:00Z".into(),
            ..Default::default()
        },
        ..Default::default()
    }
    .into();
    let text = serde_json::to_string(&event).unwrap();
    assert!(matches!(crowdsec::Event::from_slice(text.as_bytes()).unwrap(), crowdsec::Event::PaymentFailed(_)));
    let batch: wallarm::Batch =
        [wallarm::Hit::default().into(), wallarm::Event::Unknown(Unknown::new(None, json!(1)))].into_iter().collect();
    let object = r#"{"remote_country":null}"#;
    assert_eq!(
        serde_json::to_string(&batch).unwrap(),
        r#"[{"object_type":"hit"},1]"#,
        "not {object}: absent stays absent"
    );
}

#[test]
fn names_outside_the_body_identify_events_too() {
    let body = example(crowdsec::EXAMPLES, "payment_failed").as_bytes();
    assert!(matches!(
        crowdsec::Event::from_slice_with_name("payment_failed", body).unwrap(),
        crowdsec::Event::PaymentFailed(_)
    ));
    assert!(crowdsec::Event::from_slice_with_name("alert_triggered", body).is_err());
    let crowdsec::Event::Unknown(unknown) = crowdsec::Event::from_slice_with_name("something else", body).unwrap()
    else {
        panic!("a known event")
    };
    assert_eq!(unknown.name(), Some("something else"));

    use golden_events::named::Event;
    let opened = br#"{"action": "opened", "number": 1}"#;
    assert!(matches!(Event::from_slice_with_name("issue", opened).unwrap(), Event::IssueOpened(_)));
    assert!(matches!(Event::from_slice_with_name("issue", br#"{"action": "closed"}"#).unwrap(), Event::IssueClosed(_)));
    assert!(matches!(Event::from_slice_with_name("issue", br#"{"action": "moved"}"#).unwrap(), Event::Unknown(_)));
    assert!(matches!(Event::from_slice_with_name("repo:push", b"{}").unwrap(), Event::Push(_)));
    // The body alone does not identify the event here, and nothing is guessed.
    assert!(matches!(Event::from_slice(opened).unwrap(), Event::Unknown(_)));
}

#[test]
fn traits_name_an_event_and_validate_its_parts() {
    assert_eq!(<crowdsec::AlertTriggered as Payload>::NAME, "alert_triggered");
    assert!(<crowdsec::Metadata as HasSchema>::validate(&json!({ "version": 1, "issuer": "crowdsec.net" })).is_ok());
}

#[test]
fn violations_name_the_keyword_of_the_schema() {
    let error = wallarm::Event::from_slice(br#"{"threat": 99999, "title": 12345}"#).unwrap_err();
    let output = serde_json::to_value(error.violations().unwrap()).unwrap();
    assert_eq!(output["valid"], false);
    assert_eq!(output["errors"][0]["instanceLocation"], "/threat");
    assert_eq!(output["errors"][0]["keywordLocation"], "/properties/threat/type");
    let absolute = "webhooks:///wallarm/vulnerability/schema.json#/properties/threat/type";
    assert_eq!(output["errors"][0]["absoluteKeywordLocation"], absolute);
}

#[test]
fn every_way_of_reading_gives_the_same() {
    for event in crowdsec::PROVIDER.events {
        for example in event.examples {
            let value: Value = serde_json::from_str(example.payload).unwrap();
            let read = crowdsec::Event::from_slice(example.payload.as_bytes()).unwrap();
            assert_eq!(read.name(), Some(event.name));
            assert_eq!(example.payload.parse::<crowdsec::Event>().unwrap(), read);
            assert_eq!(crowdsec::Event::from_value(value.clone()).unwrap(), read);
            assert_eq!(
                crowdsec::Event::from_slice_with_name(event.wire_name, example.payload.as_bytes()).unwrap(),
                read
            );
            assert!(event.validate(&value).is_ok());
        }
    }
    let alert = example(crowdsec::EXAMPLES, "alert_triggered");
    let payload = crowdsec::AlertTriggered::from_slice(alert.as_bytes()).unwrap();
    assert_eq!(crowdsec::AlertTriggered::from_value(serde_json::from_str(alert).unwrap()).unwrap(), payload);
    assert_eq!(crowdsec::Event::from(payload.clone()), crowdsec::Event::from_slice(alert.as_bytes()).unwrap());
    let expected = serde_json::from_str::<Value>(crowdsec::PROVIDER.events[0].schema).unwrap();
    assert_eq!(serde_json::from_str::<Value>(crowdsec::AlertTriggered::SCHEMA).unwrap(), expected);
}
