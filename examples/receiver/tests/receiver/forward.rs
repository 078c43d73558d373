//! The receiver as a process that forwards to another endpoint.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver as Arrivals, channel};
use std::thread;

use crate::process::{Receiver, command, documented};
use serde_json::Value;

/// A request that was forwarded: its head in small letters, and its body.
type Arrived = (String, String);

/// An endpoint that answers with these statuses in turn, and with the last one from then on. `None` closes the connection.
fn endpoint(answers: &'static [Option<u16>]) -> (String, Arrivals<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/in?a=1", listener.local_addr().unwrap());
    let (sender, arrivals) = channel();
    thread::spawn(move || {
        let mut answers = answers.iter().copied().peekable();
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
            let head = head.to_ascii_lowercase();
            // A probe of the health check connects, and sends nothing.
            let Some(length) = head.lines().find_map(|line| line.strip_prefix("content-length: ")) else { continue };
            let mut body = vec![0; length.parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            sender.send((head, String::from_utf8(body).unwrap())).unwrap();
            let answer = if answers.len() > 1 { answers.next().unwrap() } else { *answers.peek().unwrap() };
            if let Some(status) = answer {
                let text = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                reader.get_mut().write_all(text.as_bytes()).unwrap();
            }
        }
    });
    (url, arrivals)
}

#[test]
fn every_documented_payload_is_forwarded() {
    let (url, arrivals) = endpoint(&[Some(200)]);
    let header = "Authorization: Splunk a token";
    let receiver = Receiver::start(command(&["--forward", &url]).env("WEBHOOKS_FORWARD_HEADER", header));
    assert_eq!(receiver.health(), 200);
    for (provider, event, body) in documented() {
        assert_eq!(receiver.post(provider, body.clone()).status(), 200);
        let (head, lines) = arrivals.recv().unwrap();
        assert!(head.starts_with("post /in?a=1 http/1.1\r\n"), "{head}");
        assert!(head.contains("\r\nauthorization: splunk a token\r\n"), "{head}");
        assert!(head.contains("\r\ncontent-type: application/x-ndjson\r\n"), "{head}");
        let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let whole: Value = serde_json::from_str(&body).unwrap();
        let payloads: Vec<&Value> = whole.as_array().map_or(vec![&whole], |items| items.iter().collect());
        assert_eq!(records.iter().map(|record| &record["payload"]).collect::<Vec<_>>(), payloads);
        assert!(records.iter().all(|record| record["event"] == event && record["provider"] == provider));
    }
}

/// The vendor is answered only after the endpoint has acknowledged.
#[test]
fn failures_are_retried_and_then_told_to_the_vendor() {
    let event = documented().into_iter().find(|(provider, ..)| *provider == "crowdsec").unwrap().2;
    let (url, arrivals) = endpoint(&[Some(503), None, Some(429), Some(202)]);
    let receiver = Receiver::start(&mut command(&["--forward", &url]));
    assert_eq!(receiver.post("crowdsec", event.clone()).status(), 200);
    let attempts: Vec<String> = arrivals.try_iter().map(|(_, lines)| lines).collect();
    assert_eq!(attempts.len(), 4);
    assert!(attempts.iter().all(|lines| *lines == attempts[0]));
    for (answers, status, most) in
        [(&[Some(500)][..], 503, 9), (&[Some(401)], 503, 1), (&[Some(302)], 503, 1), (&[Some(413)], 413, 1)]
    {
        let (url, arrivals) = endpoint(answers);
        let receiver = Receiver::start(&mut command(&["--forward", &url, "--store-timeout", "500"]));
        assert_eq!(receiver.post("crowdsec", event.clone()).status(), status, "{answers:?}");
        let count = arrivals.try_iter().count();
        assert!((1..=most).contains(&count), "{answers:?}: {count}");
    }
    // Nobody listens.
    let receiver = Receiver::start(&mut command(&["--forward", "http://127.0.0.1:1/", "--store-timeout", "300"]));
    assert_eq!((receiver.post("crowdsec", event).status().as_u16(), receiver.health()), (503, 503));
}

#[test]
fn an_address_that_is_none_is_an_error_without_it() {
    for arguments in [
        &["--forward", "ftp://user:secret@a/"][..],
        &["--forward", "secret"],
        &["--forward", "http://127.0.0.1/", "--forward-header", "secret"],
    ] {
        let output = command(arguments).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && errors.contains("--forward") && !errors.contains("secret"), "{errors}");
    }
}
