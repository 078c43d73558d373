//! The receiver as a process that writes files.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use crate::process::{Receiver, agent, documented, items, limited, records, send, wait_until, writing};
use security_webhooks::{Provider, ProviderVisitor, WebhookEvent};
use serde_json::{Value, json};

/// Reads a payload as the provider's event. Returns the JSON name of the event, and the event as written.
struct Typed<'p>(&'p Value);

impl ProviderVisitor for Typed<'_> {
    type Output = (Option<String>, Value);

    fn visit<E: WebhookEvent>(self) -> Self::Output {
        let event = self.0.to_string().parse::<E>().expect("what was stored is accepted");
        assert!(event.as_unknown().is_none());
        (event.name().map(str::to_owned), serde_json::to_value(&event).unwrap())
    }
}

#[test]
fn every_documented_payload_is_stored_as_it_was_sent() {
    let (receiver, data) = Receiver::fresh(&[]);
    for provider in Provider::ALL {
        assert!(send(provider.name(), &receiver.url(provider.name())), "{provider:?}");
    }
    let records = records(data.path());
    assert_eq!(records.len(), documented().len());
    for ((provider, event, body), record) in documented().iter().zip(records) {
        let named = (record["provider"].as_str(), record["event"].as_str(), record["kind"].as_str());
        assert_eq!(named, (Some(*provider), Some(*event), Some("event")));
        assert_eq!(record["payload"], items(body)[0]);
        let known = Provider::ALL.iter().find(|known| known.name() == *provider).unwrap();
        assert_eq!(known.visit(Typed(&record["payload"])), (Some((*event).to_owned()), record["payload"].clone()));
        assert!(record["received"].as_str().is_some_and(|time| time.ends_with('Z')));
    }
    assert!(receiver.terminate());
}

#[test]
fn what_cannot_be_read_is_stored_and_answered_alike() {
    let (receiver, data) = Receiver::fresh(&[]);
    let refused = json!({ "details": { "event_type": "payment_failed" } });
    let batch = format!("[{refused},\n {{\"details\": {{\"event_type\": \"news\"}}, \"n\": 1.50}}]");
    for body in [refused.to_string().into_bytes(), batch.into_bytes(), b"{\n\"broken\"".to_vec(), vec![0xff, b'\n']] {
        assert_eq!(receiver.post("crowdsec", body).status(), 200);
    }
    assert_eq!(receiver.post("wallarm", "[]").status(), 200);
    let records = records(data.path());
    let found: Vec<_> = records.iter().map(|record| (record["kind"].as_str().unwrap(), &record["event"])).collect();
    let failed = json!("payment_failed");
    let expected = [
        ("refused", &failed),
        ("refused", &failed),
        ("unknown", &json!("news")),
        ("refused", &Value::Null),
        ("refused", &Value::Null),
    ];
    assert_eq!(found, expected);
    assert_eq!((&records[0]["payload"], &records[1]["payload"]), (&refused, &refused));
    assert_eq!((&records[3]["text"], &records[4]["base64"]), (&json!("{\n\"broken\""), &json!("/wo=")));
    for (name, event, count) in [("refused", "payment_failed", 2), ("refused", "", 2), ("unknown", "", 1)] {
        let metric = receiver.metric(&format!("webhooks_{name}_total{{provider=\"crowdsec\",event={event:?}}}"));
        assert_eq!(metric, count, "{name} {event}");
    }
    assert_eq!(receiver.health(), 200);
}

#[test]
fn deviations_are_counted() {
    let (receiver, _data) = Receiver::fresh(&[]);
    let (provider, event, body) = documented().into_iter().find(|(provider, ..)| *provider == "crowdsec").unwrap();
    let mut payload: Value = serde_json::from_str(&body).unwrap();
    payload["new"] = json!(1);
    assert_eq!(receiver.post(provider, payload.to_string()).status(), 200);
    let name = format!("webhooks_deviations_total{{provider=\"{provider}\",event=\"{event}\"}}");
    assert_eq!(receiver.metric(&name), 1);
}

#[test]
fn a_strict_receiver_refuses_and_keeps_nothing() {
    let (receiver, data) = Receiver::fresh(&["--strict"]);
    let mut response = receiver.post("crowdsec", "{\"details\": {\"event_type\": \"payment_failed\"}}");
    assert_eq!(response.status(), 422);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap();
    assert!(problem["violations"].as_array().is_some_and(|violations| !violations.is_empty()), "{problem}");
    assert_eq!(receiver.post("crowdsec", "{").status(), 400);
    assert_eq!(receiver.post("crowdsec", "{\"details\": {\"event_type\": \"news\"}}").status(), 200);
    assert_eq!(records(data.path()).len(), 1);
}

#[test]
fn credentials_are_required() {
    let data = tempfile::tempdir().unwrap();
    let mut command = writing(data.path(), &[]);
    command.env("WEBHOOKS_CROWDSEC", "header X-Key: a secret\nbearer token").env_remove("WEBHOOKS_CANARY");
    let receiver = Receiver::start(&mut command);
    let status = |path: &str, headers: &[_]| receiver.status(path, headers, &*documented()[0].2);
    let key = ("x-key", "a secret");
    let bearer = ("authorization", "Bearer token");
    for wrong in
        [&[][..], &[key], &[bearer], &[("x-key", "a secret!"), bearer], &[key, ("authorization", "Basic token")]]
    {
        assert_eq!(status("crowdsec", wrong), 401, "{wrong:?}");
    }
    assert_eq!(records(data.path()).len(), 0);
    assert_eq!(status("crowdsec", &[key, bearer]), 200);
    // A provider whose variable is not set is not served.
    assert_eq!(status("canary", &[]), 404);
    let get = agent().get(receiver.url("crowdsec")).header(key.0, key.1).header(bearer.0, bearer.1);
    assert_eq!(get.call().unwrap().status(), 405);
}

#[test]
fn a_receiver_without_credentials_does_not_start() {
    let output = Command::new(env!("CARGO_BIN_EXE_receiver")).env_clear().output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("WEBHOOKS_CROWDSEC=none"));
}

#[test]
fn bodies_that_are_too_large_or_too_slow_are_refused() {
    let (receiver, data) = Receiver::fresh(&["--body-timeout", "300"]);
    let host = receiver.host();
    let large = 10 << 20;
    for (length, status) in [(large, "HTTP/1.1 413 "), (1000, "HTTP/1.1 408 ")] {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "POST /crowdsec HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n").unwrap();
        // The receiver may close the connection before the body is sent.
        let _ = stream.write_all(&vec![b' '; if length == large { large } else { 10 }]);
        let mut answer = [0; 13];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), status);
    }
    assert_eq!(records(data.path()).len(), 0);
}

#[test]
fn a_full_disk_is_answered_503_until_there_is_space() {
    let data = tempfile::tempdir().unwrap();
    // A limit on the size of files, in blocks of 512 bytes, is what can be set without privileges.
    let receiver = Receiver::start(&mut limited("trap '' XFSZ; ulimit -f 8", data.path(), &[]));
    let mut stored = 0;
    let body = |index: usize| {
        json!({ "details": { "event_type": "news" }, "index": index, "text": "x".repeat(700) }).to_string()
    };
    while receiver.post("crowdsec", body(stored)).status() == 200 {
        stored += 1;
        assert!(stored < 100, "there is no limit on the size of files");
    }
    let response = receiver.post("crowdsec", body(stored));
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()), (503, "30"));
    assert_eq!(receiver.health(), 503);
    let kept = records(data.path());
    assert!(stored > 0 && kept.len() == stored, "{stored} were acknowledged, and {} are there", kept.len());
    // A smaller record fits after it, because nothing of the failed record is left.
    assert_eq!(receiver.post("crowdsec", "{\"details\":{\"event_type\":\"news\"}}").status(), 200);
    assert_eq!(records(data.path()).len(), stored + 1);
    // The receiver finds out by itself that it could store again.
    assert_eq!((receiver.post("crowdsec", body(stored)).status().as_u16(), receiver.health()), (503, 503));
    wait_until("the receiver is healthy", || receiver.health() == 200);
}

#[test]
fn a_folder_belongs_to_one_receiver() {
    let (receiver, data) = Receiver::fresh(&[]);
    let output = writing(data.path(), &[]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("another receiver"), "{output:?}");
    drop(receiver);
    let again = Receiver::writing(data.path(), &[]);
    wait_until("the receiver is healthy", || agent().get(again.admin("healthz")).call().is_ok());
}
