//! Connections that send little, late, or nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::process::{Receiver, limited, records, wait_until};
use serde_json::json;

/// A connection that has sent some bytes.
fn sent(receiver: &Receiver, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(receiver.host()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    stream
}

/// Whether the receiver closes the connection, without another byte.
fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 64]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

/// The start of an answer.
fn answer(stream: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

const HALF_HEAD: &str = "POST /crowdsec HTTP/1.1\r\nHost: localhost\r\nX-A: ";
const HALF_BODY: &str = "POST /crowdsec HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"a\":";
const NEWS: &str = "{\"details\":{\"event_type\":\"news\"}}";

fn news() -> String {
    format!("POST /crowdsec HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{NEWS}", NEWS.len())
}

#[test]
fn connections_without_a_request_keep_nobody_out() {
    let (receiver, data) = Receiver::logging(&["--max-connections", "8", "--head-timeout", "600000"]);
    for start in ["", "P", HALF_HEAD, HALF_BODY, &news()] {
        let held: Vec<TcpStream> = (0..40).map(|_| sent(&receiver, start)).collect();
        for _ in 0..4 {
            assert_eq!(receiver.post("crowdsec", NEWS).status(), 200, "{start}");
        }
        assert!(receiver.metric("webhooks_connections") <= 8);
        drop(held);
    }
    assert!(receiver.metric("webhooks_connections_closed_total{reason=\"evicted\"}") >= 100);
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(log.contains("too many connections") && log.lines().count() < 100, "{log}");
}

#[test]
fn a_request_that_is_being_answered_is_not_given_up_for_another_connection() {
    let (receiver, data) = Receiver::fresh(&["--max-connections", "4"]);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                for _ in 0..8 {
                    // The request is there as a whole when the connection is accepted.
                    let mut stream = sent(&receiver, &news());
                    assert_eq!(answer(&mut stream), "HTTP/1.1 200");
                }
            });
        }
    });
    assert_eq!(records(data.path()).len(), 32 * 8);
}

#[test]
fn fewer_files_than_connections_may_be_open() {
    let data = tempfile::tempdir().unwrap();
    let mut limited = limited("ulimit -n 100", data.path(), &["--head-timeout", "600000"]);
    let receiver = Receiver::start_logging(&mut limited, data.path());
    let _held: Vec<TcpStream> = (0..200).map(|_| sent(&receiver, HALF_HEAD)).collect();
    assert_eq!((receiver.post("crowdsec", NEWS).status().as_u16(), receiver.health()), (200, 200));
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(log.contains("at most 36 connections"), "{log}");
}

#[test]
fn a_connection_waits_for_a_request_for_a_limited_time() {
    let (receiver, data) = Receiver::logging(&["--head-timeout", "300"]);
    for start in ["", "P", HALF_HEAD] {
        assert!(is_closed(&mut sent(&receiver, start)), "{start}");
    }
    // A byte now and then is not enough.
    let mut stream = sent(&receiver, HALF_HEAD);
    while stream.write_all(b"a").is_ok() {
        std::thread::sleep(Duration::from_millis(50));
    }
    // After a request, too.
    let mut stream = sent(&receiver, &news());
    assert_eq!(answer(&mut stream), "HTTP/1.1 200");
    stream.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(receiver.metric("webhooks_connections_closed_total{reason=\"timeout\"}"), 5);
    assert_eq!(receiver.metric("webhooks_connections"), 0);
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(log.contains("no complete request head within 300ms"), "{log}");
}

#[test]
fn a_client_that_takes_no_answers_is_left() {
    let (receiver, _data) = Receiver::fresh(&["--head-timeout", "500"]);
    let mut stream = sent(&receiver, "");
    let requests = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1000);
    let error = loop {
        if let Err(error) = stream.write_all(requests.as_bytes()) {
            break error;
        }
    };
    assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
}

#[test]
fn the_process_ends_although_requests_are_incomplete() {
    let (receiver, data) =
        Receiver::logging(&["--head-timeout", "600000", "--body-timeout", "600000", "--shutdown-timeout", "300"]);
    let _held: Vec<TcpStream> = ["", "P", HALF_HEAD, HALF_BODY].iter().map(|start| sent(&receiver, start)).collect();
    assert_eq!(receiver.post("crowdsec", NEWS).status(), 200);
    assert!(receiver.terminate());
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(log.contains("shutting down") && log.contains("connections that were not done within 300ms"), "{log}");
}

#[test]
fn a_request_that_has_begun_is_answered_when_the_process_ends() {
    let (receiver, data) = Receiver::logging(&["--shutdown-timeout", "60000"]);
    let news = news().replacen("Host:", "Expect: 100-continue\r\nHost:", 1);
    let (start, end) = news.split_at(news.len() - 10);
    let mut stream = sent(&receiver, start);
    // The receiver says so when it waits for the body: before that, the connection might still be idle to it.
    let mut goes_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut goes_on).unwrap();
    assert_eq!(&goes_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let mut idle = sent(&receiver, "");
    receiver.signal();
    // The listener is closed first, and connections that wait for a request.
    assert!(is_closed(&mut idle));
    wait_until("no connection is accepted", || TcpStream::connect(receiver.host()).is_err());
    stream.write_all(end.as_bytes()).unwrap();
    assert_eq!(answer(&mut stream), "HTTP/1.1 200");
    wait_until("the process ends", || {
        std::fs::read_to_string(data.path().join("log")).unwrap().contains("no request is left")
    });
    assert_eq!(records(data.path())[0]["payload"], json!({"details": {"event_type": "news"}}));
}
