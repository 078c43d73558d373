//! Malicious bodies, and requests without permission.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use crate::process::{Receiver, agent, documented, records, writing};
use security_webhooks::Provider;
use serde_json::{Value, json};

/// How many bytes the files and the log have.
fn written(data: &Path) -> (usize, usize) {
    let size = |path: &Path| usize::try_from(path.metadata().unwrap().len()).unwrap();
    let files = crate::process::files(data).iter().map(|path| size(path)).sum();
    (files, size(&data.join("log")))
}

fn repeated(item: &str, separator: &str, ends: (&str, &str), length: usize) -> String {
    let count = length / (item.len() + separator.len());
    format!("{}{}{}", ends.0, vec![item; count].join(separator), ends.1)
}

/// Bodies of a length that are many payloads, or that are longer as JSON.
fn hostile(length: usize) -> Vec<String> {
    let array = |item: &str| repeated(item, ",", ("[", "]"), length);
    let lines = |item: &str| repeated(item, "\n", ("", "\n"), length);
    let mut bodies: Vec<String> = ["0", "{}", "0,{}", "null", "[]", "\"\"", "{\"details\":{}}"].map(array).into();
    bodies.extend(["0", "{}", "{}\nx", "0\n{}", "x", "{}\n\u{1}"].map(lines));
    bodies.extend(["\u{1}", "\"", "\\", "\u{1b}[2J\u{202e}"].map(|text| repeated(text, "", ("", ""), length)));
    // Many events with names of their own, and one name that is long.
    let named = (0..length / 40).map(|n| format!("{{\"details\":{{\"event_type\":\"{n}\"}}}}"));
    bodies.push(format!("[{}]", named.collect::<Vec<_>>().join(",")));
    let name = "\\u0001".repeat(length / 6);
    bodies.push(format!("{{\"details\":{{\"event_type\":\"{name}\"}}}}"));
    bodies.push(format!("{{\"details\":{{\"event_type\":\"payment_failed\",\"{name}\":0}}}}"));
    // Nested brackets, which are not JSON that can be read.
    bodies.push("[".repeat(length));
    bodies
}

/// A body costs a small multiple of its size on disk, in the log, and in memory.
#[test]
fn no_body_costs_much_more_than_it_weighs() {
    const LENGTH: usize = 100_000;
    for (index, provider) in Provider::ALL.iter().enumerate() {
        let (receiver, data) = Receiver::logging(&[]);
        assert_eq!(receiver.post(provider.name(), "{}").status(), 200);
        let memory = receiver.peak_memory();
        // Each of them goes to every third provider: to all of them, it takes a minute.
        for body in hostile(LENGTH).into_iter().skip(index % 3).step_by(3) {
            let start: String = body.chars().take(30).collect();
            let before = written(data.path());
            assert_eq!(receiver.post(provider.name(), body).status(), 200, "{provider} {start}");
            let after = written(data.path());
            let (files, log) = (after.0 - before.0, after.1 - before.1);
            assert!(files <= 6 * LENGTH, "{provider} {start}: {files} bytes are written");
            assert!(log <= 16 << 10, "{provider} {start}: {log} bytes are logged");
            assert!(files > 100, "{provider} {start}: {files} bytes are written");
        }
        let memory = receiver.peak_memory() - memory;
        assert!(memory <= 60 * LENGTH, "{provider}: {memory}");
    }
}

/// Every documented payload without the members that its schema does not require, as often as a body has room.
#[test]
fn many_small_events_are_kept_one_by_one() {
    const LENGTH: usize = 50_000;
    for (provider, event, body) in documented() {
        let whole: Value = serde_json::from_str(&body).unwrap();
        let payload = whole.as_array().map_or(&whole, |items| &items[0]);
        let (receiver, data) = Receiver::logging(&["--strict"]);
        let is_kept = |payload: &Value| {
            receiver.post(provider, payload.to_string()).status() == 200
                && records(data.path()).last().unwrap()["event"] == event
        };
        let least = least(payload, &is_kept);
        let before = (written(data.path()).0, records(data.path()).len());
        let body = repeated(&least.to_string(), ",", ("[", "]"), LENGTH);
        let count = LENGTH / (least.to_string().len() + 1);
        assert_eq!(receiver.post(provider, body).status(), 200);
        let (size, number) = (written(data.path()).0 - before.0, records(data.path()).len() - before.1);
        println!("{provider} {event}: {} bytes, {size} on disk", least.to_string().len());
        assert_eq!(number, count);
        assert!(size <= 10 * LENGTH, "{provider} {event}: {size}");
    }
}

/// A payload without every member that can be left out.
fn least(payload: &Value, is_kept: &dyn Fn(&Value) -> bool) -> Value {
    let mut least = payload.clone();
    let mut open = vec![String::new()];
    while let Some(pointer) = open.pop() {
        let names: Vec<String> = match least.pointer(&pointer) {
            Some(Value::Object(members)) => members.keys().cloned().collect(),
            _ => continue,
        };
        for name in names {
            let mut without = least.clone();
            without.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().remove(&name);
            match is_kept(&without) {
                true => least = without,
                false => open.push(format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))),
            }
        }
    }
    least
}

#[test]
fn rejected_items_of_a_body_are_one_record() {
    let (receiver, data) = Receiver::fresh(&[]);
    let news = "{\"details\":{\"event_type\":\"news\"}}";
    let failed = "{\"details\":{\"event_type\":\"payment_failed\"}}";
    assert_eq!(
        receiver
            .post(
                "crowdsec",
                format!("[{failed},{news},{failed},\n{{\"details\":\r\n{{\"event_type\":\"payment_failed\"}} }}]")
            )
            .status(),
        200
    );
    assert_eq!(receiver.post("crowdsec", format!("{news}\n{{\"torn\n{failed}\n")).status(), 200);
    let found: Vec<Value> = records(data.path());
    let kinds: Vec<_> = found.iter().map(|record| record["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["refused", "unknown", "unknown", "refused"]);
    assert_eq!((&found[3]["items"], &found[3]["text"]), (&json!(2), &json!(format!("{{\"torn\n{failed}"))));
    let failed: Value = serde_json::from_str(failed).unwrap();
    assert_eq!((&found[0]["items"], &found[0]["payload"]), (&json!(3), &json!([failed, failed, failed])));
    assert_eq!(receiver.metric("webhooks_refused_total{provider=\"crowdsec\",event=\"payment_failed\"}"), 4);
    assert_eq!(receiver.metric("webhooks_refused_total{provider=\"crowdsec\",event=\"\"}"), 1);
    let ids: BTreeSet<_> = found.iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 4);
}

#[test]
fn a_body_that_is_not_json_is_one_record() {
    let pretty = format!("{:#}", json!([{}, { "a": {} }]));
    let bodies = [
        format!("\u{feff}{pretty}"),
        "\u{feff}{\"details\":{\"event_type\":\"news\"}}".to_owned(),
        "\u{feff}{}\n{}\n".to_owned(),
        "<html>\n<body>\n{}\n</body>\n</html>\n".to_owned(),
        "a=1&b=2\nc".to_owned(),
        format!("{pretty}]"),
        "{}{}".to_owned(),
        "\n\n".to_owned(),
        String::new(),
    ];
    for (options, status) in [(&[][..], 200), (&["--strict"], 400)] {
        for provider in Provider::ALL {
            let (receiver, data) = Receiver::fresh(options);
            for (index, body) in bodies.iter().enumerate() {
                assert_eq!(receiver.post(provider.name(), body.clone()).status(), status, "{provider}: {body:?}");
                let found = records(data.path());
                assert_eq!(found.len(), if status == 200 { index + 1 } else { 0 }, "{provider}: {body:?}");
                if status == 200 {
                    let last = &found[index];
                    assert_eq!((&last["kind"], &last["text"]), (&json!("refused"), &json!(body)), "{provider}");
                }
            }
        }
    }
}

#[test]
fn a_body_that_is_said_to_be_too_large_is_rejected_at_once() {
    let (receiver, _data) = Receiver::fresh(&["--body-limit", "1000", "--body-timeout", "600000"]);
    let answer = |head: &str| {
        let mut stream = TcpStream::connect(receiver.host()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(stream, "POST /crowdsec HTTP/1.1\r\nHost: localhost\r\n{head}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    for expect in ["", "Expect: 100-continue\r\n"] {
        let answer = answer(&format!("{expect}Content-Length: 1001\r\n\r\n"));
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("connection: close"), "{answer}");
    }
    // A length that is not known is found out.
    let answer = answer(&format!("Transfer-Encoding: chunked\r\n\r\n{}", "1\r\n \r\n".repeat(1001)));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let body = format!("{{{}}}", " ".repeat(998));
    assert_eq!(receiver.post("crowdsec", body.clone()).status(), 200);
    assert_eq!(receiver.post("crowdsec", body + " ").status(), 413);
}

#[test]
fn a_large_body_holds_up_no_other_request() {
    let data = tempfile::tempdir().unwrap();
    // One thread for all requests.
    let receiver = Receiver::start(writing(data.path(), &[]).env("TOKIO_WORKER_THREADS", "1"));
    let body = repeated("{}", ",", ("[", "]"), 1_900_000);
    let mut large = TcpStream::connect(receiver.host()).unwrap();
    write!(large, "POST /crowdsec HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .unwrap();
    // The small one is answered first, although the large one was there before.
    assert_eq!(receiver.post("crowdsec", "{}").status(), 200);
    large.set_nonblocking(true).unwrap();
    let early = large.read(&mut [0; 12]);
    assert!(early.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock));
    large.set_nonblocking(false).unwrap();
    let mut answer = [0; 12];
    large.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[test]
fn a_secret_can_be_replaced() {
    let data = tempfile::tempdir().unwrap();
    let mut command = writing(data.path(), &[]);
    command.env("WEBHOOKS_CROWDSEC", "bearer old-secret\nbearer new-secret\nheader X-Key: 1");
    let receiver = Receiver::start_logging(&mut command, data.path());
    for (value, expected) in [("Bearer old-secret", 200), ("Bearer new-secret", 200), ("Bearer wrong-secret", 401)] {
        assert_eq!(receiver.status("crowdsec", &[("authorization", value), ("x-key", "1")], "{}"), expected);
        assert_eq!(receiver.status("crowdsec", &[("authorization", value)], "{}"), 401);
    }
    for _ in 0..50 {
        assert_eq!(receiver.status("crowdsec", &[("authorization", "Bearer wrong-secret")], "{}"), 401);
    }
    // They are counted, and logged at intervals, without the credentials that were sent.
    assert_eq!(receiver.metric("webhooks_unauthorized_total{provider=\"crowdsec\"}"), 54);
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    let lines = log.lines().filter(|line| line.contains("the credentials are missing or wrong")).count();
    assert!((1..10).contains(&lines) && !log.contains("secret"), "{log}");
}

#[test]
fn paths_that_are_not_served_do_not_exist() {
    let data = tempfile::tempdir().unwrap();
    let mut command = writing(data.path(), &[]);
    for provider in Provider::ALL {
        command.env(format!("WEBHOOKS_{}", provider.name().to_uppercase()), "bearer token");
    }
    let receiver = Receiver::start(&mut command);
    for path in ["", "nowhere", "crowdsec/", "crowdsec/x", "CrowdSec", "healthz", "metrics", "crowdsec%2F", "."] {
        assert_eq!(receiver.status(path, &[], "{}"), 404, "{path}");
    }
    assert_eq!(receiver.status("crowdsec?x=1", &[], "{}"), 401);
    assert_eq!(agent().get(receiver.admin("crowdsec")).call().unwrap().status(), 404);
    assert_eq!(
        (receiver.health(), agent().get(receiver.admin("metrics")).call().unwrap().status().as_u16()),
        (200, 200)
    );
}

/// Names of members, and of events, are in the log, and must neither forge lines nor reach a terminal.
#[test]
fn the_log_has_only_printable_characters() {
    let (receiver, data) = Receiver::logging(&[]);
    let tricks =
        ["\r", "\n", "\r\nINFO forged", "\u{1b}[2J", "\u{9b}2J", "\u{202e}", "\u{2028}", "\u{85}", "\0", "\u{feff}"];
    for (provider, _, body) in documented().into_iter().step_by(4) {
        for trick in tricks.iter().map(|trick| (*trick).to_owned()).chain(["n".repeat(100_000)]) {
            let mut whole: Value = serde_json::from_str(&body).unwrap();
            let payload = if whole.is_array() { &mut whole[0] } else { &mut whole };
            // A member that the schema does not know, and one that has the wrong type.
            payload[&trick] = json!(1);
            let first = payload.as_object().unwrap().keys().next().unwrap().clone();
            assert_eq!(receiver.post(provider, whole.to_string()).status(), 200);
            let payload = if whole.is_array() { &mut whole[0] } else { &mut whole };
            payload[&first] = json!({ &trick: { &trick: 1 } });
            assert_eq!(receiver.post(provider, whole.to_string()).status(), 200);
        }
    }
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(log.contains("\\u{202e}") && log.contains("\\u{1b}") && log.contains('…'));
    for line in log.lines() {
        assert!(line.len() < 1500 && !line.contains("2J\u{9b}") && !line.starts_with("INFO"), "{line}");
        let bad = line.chars().find(|c| c.is_control() || matches!(c, '\u{202e}' | '\u{2028}' | '\u{feff}'));
        assert_eq!(bad, None, "{line}");
    }
}

/// A body that was compressed.
fn compressed(encoding: &str, body: impl Read) -> Vec<u8> {
    use flate2::Compression;
    use flate2::read::{GzEncoder, ZlibEncoder};
    let mut out = Vec::new();
    let read = match encoding {
        "gzip" => GzEncoder::new(body, Compression::best()).read_to_end(&mut out),
        _ => ZlibEncoder::new(body, Compression::best()).read_to_end(&mut out),
    };
    read.unwrap();
    out
}

#[test]
fn compressed_bodies_are_kept_as_they_were_before() {
    let (receiver, data) = Receiver::fresh(&[]);
    let post = |encoding: &str, body: Vec<u8>| receiver.status("crowdsec", &[("content-encoding", encoding)], body);
    let event = documented().into_iter().find(|(provider, ..)| *provider == "crowdsec").unwrap().2;
    let whole: Value = serde_json::from_str(&event).unwrap();
    // `{}` in a stream of Brotli that is not compressed.
    let brotli = [0x8b, 0x00, 0x80, 0x7b, 0x7d, 0x03];
    assert_eq!(post("br", brotli.to_vec()), 200);
    assert_eq!(records(data.path()).last().unwrap()["payload"], json!({}));
    for (encoding, format) in [("gzip", "gzip"), ("deflate", "deflate"), ("GZIP", "gzip"), ("x-gzip", "gzip")] {
        assert_eq!(post(encoding, compressed(format, event.as_bytes())), 200, "{encoding}");
        assert_eq!(records(data.path()).last().unwrap()["payload"], whole);
    }
    assert_eq!(post("identity", event.clone().into_bytes()), 200);
    let count = records(data.path()).len();
    assert_eq!(post("gzip", event.clone().into_bytes()), 400);
    assert_eq!(post("compress", event.into_bytes()), 415);
    assert_eq!(records(data.path()).len(), count);
}

/// The limit counts what comes out of a body, and nothing more than that is held in memory.
#[test]
fn a_bomb_is_answered_413() {
    const MEGABYTE: usize = 1 << 20;
    let (receiver, _data) = Receiver::fresh(&[]);
    assert_eq!(receiver.post("crowdsec", "{}").status(), 200);
    let memory = receiver.peak_memory();
    for encoding in ["gzip", "deflate"] {
        let body = compressed(encoding, std::io::repeat(b' ').take(64 << 20));
        assert!(body.len() < MEGABYTE);
        assert_eq!(receiver.status("crowdsec", &[("content-encoding", encoding)], body), 413, "{encoding}");
    }
    let memory = receiver.peak_memory() - memory;
    assert!(memory < 16 * MEGABYTE, "{memory}");
}
