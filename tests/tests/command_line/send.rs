//! `cargo xtask send`: an endpoint receives requests as the vendor documents them.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::command::{Outcome as _, run};
use conformance::folder::root;
use conformance::lossless::assert_lossless;

/// A request as it arrived: its first line, its headers by lowercase name, and its body.
struct Arrived {
    line: String,
    headers: HashMap<String, String>,
    body: String,
}

/// An endpoint that returns the given answers in turn, and then repeats the last one.
fn endpoint(answers: &'static [&'static str]) -> (String, Receiver<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut answers = answers.iter().copied().peekable();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_nodelay(true).unwrap();
            while let Some(arrived) = read(&stream) {
                let answer = if answers.len() > 1 { answers.next() } else { answers.peek().copied() };
                // The request is recorded before the answer, because the command may end after the answer.
                if sender.send(arrived).is_err() {
                    return;
                }
                stream.write_all(answer.unwrap().as_bytes()).unwrap();
            }
        }
    });
    (address, receiver)
}

fn read(stream: &TcpStream) -> Option<Arrived> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Arrived { line, headers, body: String::from_utf8(body).ok()? })
}

/// Sends requests that are all accepted. Returns the output.
#[track_caller]
fn accepted(arguments: &[&str]) -> String {
    send(arguments).exits(0).0
}

fn send(arguments: &[&str]) -> (Option<i32>, String, String) {
    run(&[&["send"], arguments].concat())
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";
const REFUSED: &str = "HTTP/1.1 422 Unprocessable Content\r\ncontent-type: application/problem+json\r\n\
                       content-length: 27\r\n\r\n{\"detail\": \"2 violations\" }";

#[test]
fn every_documented_payload_arrives_unchanged() {
    let (address, arrived) = endpoint(&[OK]);
    let output = accepted(&["crowdsec", &address, "--header", "Authorization: Bearer secret"]);
    let examples: Vec<&str> = security_webhooks::crowdsec::EXAMPLES.iter().map(|example| example.payload).collect();
    assert!(output.ends_with(&format!("{} requests: {0} accepted, 0 rejected\n", examples.len())), "{output}");
    let arrived: Vec<Arrived> = arrived.try_iter().collect();
    assert_eq!(arrived.len(), examples.len());
    for (arrived, example) in arrived.iter().zip(examples) {
        assert_lossless(example, &arrived.body);
        assert_eq!(arrived.line, "POST /hook HTTP/1.1\r\n");
        assert_eq!(arrived.headers["authorization"], "Bearer secret");
        assert_eq!(arrived.headers["content-type"], "application/json");
    }
}

#[test]
fn generated_payloads_arrive_after_the_documented_ones() {
    let (address, arrived) = endpoint(&[OK]);
    let output = accepted(&["crowdsec/alert_triggered", &address, "--generate", "3", "--seed", "5"]);
    let documented = security_webhooks::crowdsec::EXAMPLES.iter().filter(|it| it.event == "alert_triggered").count();
    let arrived: Vec<Arrived> = arrived.try_iter().collect();
    assert_eq!(arrived.len(), documented + 3);
    assert!(output.contains("alert_triggered/generated_3: 200 OK"), "{output}");
    for arrived in &arrived[documented..] {
        let event = security_webhooks::crowdsec::Event::from_slice(arrived.body.as_bytes()).unwrap();
        assert!(matches!(event, security_webhooks::crowdsec::Event::AlertTriggered(_)), "{}", arrived.body);
    }
}

#[test]
fn the_header_that_names_the_event_is_sent() {
    let (address, arrived) = endpoint(&[OK]);
    let defs = root().join("tests/goldens/schema-defs").display().to_string();
    accepted(&["named/push", &address, "--defs", &defs]);
    assert_eq!(arrived.recv().unwrap().headers["x-named-event"], "repo:push");
    accepted(&["named/push", &address, "--defs", &defs, "--header", "X-Named-Event: other"]);
    assert_eq!(arrived.recv().unwrap().headers["x-named-event"], "other");
}

#[test]
fn a_vendor_of_batches_sends_an_array() {
    let (address, arrived) = endpoint(&[OK]);
    accepted(&["procustodibus/alerts", &address]);
    let arrived = arrived.recv().unwrap();
    let items: Vec<serde_json::Value> = serde_json::from_str(&arrived.body).unwrap();
    assert_eq!(items.len(), 1);
}

/// Generated code checks the received requests.
#[test]
fn bodies_are_wrapped_and_signed() {
    let (address, arrived) = endpoint(&[OK]);
    let defs = root().join("tests/goldens/schema-defs").display().to_string();
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    accepted(&["wrapped/raised", &address, "--defs", &defs, "--sign", key]);
    let request = arrived.recv().unwrap();
    let batch = golden_events::wrapped::Batch::from_slice(request.body.as_bytes()).unwrap();
    assert_eq!((batch.events().count(), batch.format()), (1, golden_events::BodyFormat::Wrapped));
    // The schema of the envelope requires members around the events.
    assert!(batch.envelope().is_some_and(|envelope| envelope.is_ok()), "{}", request.body);
    let header = |name: &str| request.headers.get(&name.to_ascii_lowercase()).map(String::as_str);
    assert!(header("webhook-signature").is_some_and(|value| value.starts_with("v1,")));
    #[cfg(feature = "extras")]
    for (keys, expected) in [(key, true), ("AAAA", false)] {
        let scheme = golden_events::wrapped::PROVIDER.requests.signature.unwrap();
        let signatures = golden_events::Signatures::new(scheme, [keys]).unwrap();
        assert_eq!(signatures.verify(header, request.body.as_bytes()).is_ok(), expected);
    }
    accepted(&["member/changed", &address, "--defs", &defs, "--sign", "a"]);
    let request = arrived.recv().unwrap();
    assert_eq!(
        (request.body.trim_end(), request.headers["x-event"].as_str()),
        (
            r#"{"event":{ "id": "a" }
}"#,
            "changed"
        )
    );
    assert!(request.headers["x-signature"].starts_with("t="), "{:?}", request.headers);
    send(&["crowdsec/payment_failed", &address, "--sign", "a"]).says(3, ["does not say how requests are signed"]);
}

#[test]
fn a_refusal_is_shown_and_retried_until_it_is_accepted() {
    // CrowdSec counts only 200 as success.
    let (address, arrived) = endpoint(&[REFUSED, NO_CONTENT, OK]);
    let output = accepted(&["crowdsec/payment_failed", &address, "--retries", "2"]);
    for text in ["422", "\"detail\": \"2 violations\"", "204"] {
        assert!(output.contains(text), "{text}: {output}");
    }
    let retries: Vec<&str> = output.lines().filter_map(|line| line.split_once(": retry ")).map(|(_, r)| r).collect();
    assert_eq!(retries, ["1/2 in 1 s", "2/2 in 2 s"], "{output}");
    assert_eq!(arrived.try_iter().count(), 3);
}

#[test]
fn the_address_is_checked_before_anything_is_sent() {
    for (address, expected) in [
        ("127.0.0.1:8080/hook", "write http://127.0.0.1:8080/hook"),
        ("localhost", "`localhost` has no scheme"),
        ("https://127.0.0.1:8080/hook", "send by http"),
        ("ftp://127.0.0.1/", "is not an http address"),
        ("http:///hook", "names no host"),
        ("http://a b/", "not an address"),
    ] {
        assert_eq!(send(&["crowdsec", address]).says(3, [expected]).0, "", "{address}");
    }
}

#[test]
fn a_refused_connection_ends_the_command_unless_asked() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("http://{address}/hook");
    let sent = send(&["crowdsec", &address, "--retries", "5"]);
    assert_eq!(sent.says(3, ["no connection to", "--retry-connection"]).0, "");
    let sent = send(&["crowdsec/payment_failed", &address, "--retries", "1", "--retry-connection"]);
    sent.shows(3, [": retry 1/1 in 1 s\n"]);
}

#[test]
fn what_is_not_accepted_gives_exit_code_1() {
    let (address, _arrived) = endpoint(&[REFUSED]);
    let (output, _) = send(&["crowdsec/payment_failed", &address, "--retries", "0"]).exits(1);
    assert!(output.ends_with("1 request: 0 accepted, 1 rejected\n"), "{output}");
    for (unknown, nearest) in [("crowdsek", "crowdsec"), ("crowdsec/payment_faild", "payment_failed")] {
        send(&[unknown, &address]).says(3, [&format!("did you mean `{nearest}`?")]);
    }
}
