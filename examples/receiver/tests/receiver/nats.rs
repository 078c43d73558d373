//! The receiver as a process that publishes to NATS JetStream. Skipped, with a printed line, where no `nats-server` is installed.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::process::{Receiver, command, documented, items, send, wait_until};
use async_nats::jetstream::{self, consumer};
use futures_util::StreamExt as _;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The server. It is killed when it is dropped.
struct Server {
    url: String,
    child: Child,
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/bin".into()]);
    let found = folders.map(|folder| folder.join("nats-server")).find(|program| program.is_file());
    if found.is_none() {
        // libtest captures what the macros print.
        let _ = writeln!(std::io::stderr(), "skipped: nats-server is not installed");
    }
    found
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    fn start(program: &Path, data: &Path, port: u16) -> Server {
        Server::start_with(program, data, port, &[])
    }

    fn start_with(program: &Path, data: &Path, port: u16, arguments: &[&str]) -> Server {
        let mut command = Command::new(program);
        command.args(["--jetstream", "--addr", "127.0.0.1", "--port", &port.to_string()]);
        command.args(arguments);
        let child = command.arg("--store_dir").arg(data).stderr(Stdio::null()).spawn().unwrap();
        let url = format!("nats://127.0.0.1:{port}");
        wait_until("nats-server listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Server { url, child }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A receiver that publishes to a server, which has a folder.
fn publishing(arguments: &[&str]) -> Option<(Receiver, Server, TempDir)> {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(&program()?, data.path(), free_port());
    let receiver = Receiver::start(&mut command(&[&["--sink", &server.url], arguments].concat()));
    Some((receiver, server, data))
}

/// Every message of the stream, in order: its subject and its record.
fn messages(url: &str) -> Vec<(String, Value)> {
    Runtime::new().unwrap().block_on(async {
        let context = jetstream::new(async_nats::connect(url).await.unwrap());
        let mut stream = context.get_stream("WEBHOOKS").await.unwrap();
        let count = stream.info().await.unwrap().state.messages;
        let mut messages = Vec::new();
        for sequence in 1..=count {
            let message = stream.get_raw_message(sequence).await.unwrap();
            messages.push((message.subject.to_string(), serde_json::from_slice(&message.payload).unwrap()));
        }
        // A consumer sees the same.
        let config = consumer::pull::Config { filter_subject: "webhooks.>".to_owned(), ..Default::default() };
        let mut pending = stream.create_consumer(config).await.unwrap();
        assert_eq!(pending.info().await.unwrap().num_pending, count);
        messages
    })
}

#[test]
fn every_documented_payload_goes_through_the_stream() {
    let Some(program) = program() else { return };
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(&program, data.path(), free_port());
    let receivers = [(), ()].map(|()| Receiver::start(&mut command(&["--sink", &server.url])));
    for (index, (provider, _, body)) in documented().into_iter().enumerate() {
        // A vendor that got no answer sends the same again, and a load balancer gives it to another receiver.
        for receiver in [&receivers[index % 2], &receivers[(index + 1) % 2]] {
            assert_eq!(receiver.post(provider, body.clone()).status(), 200);
        }
    }
    assert_eq!(receivers[0].post("crowdsec", "{\"details\": {\"event_type\": \"a.b *>\"}}").status(), 200);
    assert_eq!(receivers[0].post("crowdsec", "{").status(), 200);
    let mut messages = messages(&server.url);
    let subjects: Vec<String> =
        messages.split_off(documented().len()).into_iter().map(|(subject, _)| subject).collect();
    assert_eq!(subjects, ["webhooks.crowdsec.a_b___", "webhooks.crowdsec.refused"]);
    for ((provider, event, body), (subject, record)) in documented().iter().zip(messages) {
        assert_eq!(subject, format!("webhooks.{provider}.{event}"));
        assert_eq!((record["kind"].as_str(), &record["payload"]), (Some("event"), &items(body)[0]));
    }
}

/// The recipe of the guide: a vendor sends, and a consumer that wants one event gets each and acknowledges it.
#[test]
fn a_consumer_gets_the_events_that_it_wants() {
    const GUIDE: &str = include_str!("../../../../guide/src/receive.md");
    const FILTER: &str = "webhooks.crowdsec_engine.alert";
    assert!(GUIDE.contains(&format!("--filter '{FILTER}'")) && GUIDE.contains("jq -r '.payload.source.value'"));
    let Some((receiver, server, _data)) = publishing(&[]) else { return };
    assert!(send("crowdsec_engine", &receiver.url("crowdsec_engine")));
    assert!(send("crowdsec", &receiver.url("crowdsec")));
    let alerts =
        documented().into_iter().filter(|(provider, event, _)| (*provider, *event) == ("crowdsec_engine", "alert"));
    let expected: Vec<Value> = alerts.map(|(_, _, body)| items(&body)[0]["source"]["value"].clone()).collect();
    assert!(expected.len() > 1 && expected.iter().all(Value::is_string), "{expected:?}");
    let found = Runtime::new().unwrap().block_on(async {
        let context = jetstream::new(async_nats::connect(&server.url).await.unwrap());
        let stream = context.get_stream("WEBHOOKS").await.unwrap();
        let config = consumer::pull::Config {
            durable_name: Some("blocker".to_owned()),
            filter_subject: FILTER.to_owned(),
            ..Default::default()
        };
        let mut blocker = stream.create_consumer(config).await.unwrap();
        let mut messages = blocker.fetch().max_messages(100).messages().await.unwrap();
        let mut found = Vec::new();
        while let Some(message) = messages.next().await {
            let message = message.unwrap();
            let record: Value = serde_json::from_slice(&message.payload).unwrap();
            found.push(record["payload"]["source"]["value"].clone());
            message.double_ack().await.unwrap();
        }
        let info = blocker.info().await.unwrap();
        assert_eq!((info.num_pending, info.num_ack_pending), (0, 0));
        found
    });
    assert_eq!(found, expected);
}

#[test]
fn a_server_that_is_gone_is_answered_503_until_it_is_back() {
    let Some(program) = program() else { return };
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let url = format!("nats://127.0.0.1:{port}");
    let receiver = Receiver::start(&mut command(&["--sink", &url, "--store-timeout", "500"]));
    let (provider, _, body) = documented().swap_remove(0);
    let status = || receiver.post(provider, body.clone()).status().as_u16();
    let health = || receiver.health();
    assert_eq!((health(), status(), health()), (503, 503, 503));
    let server = Server::start(&program, data.path(), port);
    wait_until("the receiver has connected", || status() == 200);
    assert_eq!(health(), 200);
    drop(server);
    assert_eq!((status(), health()), (503, 503));
    let _server = Server::start(&program, data.path(), port);
    wait_until("the receiver has connected again", || status() == 200);
    // The repeated request is one message, although it was answered 503 in between.
    assert_eq!(messages(&url).len(), 1);
}

fn count(url: &str) -> u64 {
    Runtime::new().unwrap().block_on(async {
        let context = jetstream::new(async_nats::connect(url).await.unwrap());
        let mut stream = context.get_stream("WEBHOOKS").await.unwrap();
        stream.info().await.unwrap().state.messages
    })
}

#[test]
fn the_receiver_finds_out_by_itself_whether_the_server_is_there() {
    let Some(program) = program() else { return };
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let receiver = Receiver::start(&mut command(&["--sink", &format!("nats://127.0.0.1:{port}")]));
    assert_eq!(receiver.health(), 503);
    for _ in 0..2 {
        let server = Server::start(&program, data.path(), port);
        wait_until("the receiver is healthy", || receiver.health() == 200);
        drop(server);
        wait_until("the receiver is unhealthy", || receiver.health() == 503);
    }
}

/// More events than the server's client lets wait for an acknowledgement, in several requests at once.
#[test]
fn large_batches_are_published() {
    let Some((receiver, server, _data)) = publishing(&["--store-timeout", "60000"]) else { return };
    let (provider, event, body) = documented().into_iter().min_by_key(|(.., body)| body.len()).unwrap();
    let payload = &items(&body)[0];
    let number = (2 << 20) / (payload.to_string().len() + 20);
    let batch = |request: usize| {
        let item = |index: usize| {
            let mut item = payload.clone();
            item["x_number"] = (request * number + index).into();
            item.to_string()
        };
        format!("[{}]", (0..number).map(item).collect::<Vec<_>>().join(","))
    };
    println!("{provider} {event}: {number} events in a request");
    assert!(number > 5000, "{number}");
    std::thread::scope(|scope| {
        for request in 0..6 {
            let (receiver, batch) = (&receiver, batch(request));
            scope.spawn(move || assert_eq!(receiver.post(provider, batch).status(), 200));
        }
    });
    assert_eq!(count(&server.url), 6 * number as u64);
    // Sent again, they are the same messages.
    assert_eq!(receiver.post(provider, batch(3)).status(), 200);
    assert_eq!(count(&server.url), 6 * number as u64);
}

#[test]
fn a_stream_that_was_deleted_is_made_again() {
    let Some((receiver, server, _data)) = publishing(&[]) else { return };
    for _ in 0..3 {
        assert_eq!(receiver.post("crowdsec", "{}").status(), 200);
        assert_eq!((count(&server.url), receiver.health()), (1, 200));
        Runtime::new().unwrap().block_on(async {
            let context = jetstream::new(async_nats::connect(&server.url).await.unwrap());
            context.delete_stream("WEBHOOKS").await.unwrap();
        });
    }
    assert_eq!((receiver.health(), count(&server.url)), (200, 0));
}

/// Whoever may call one endpoint must not make a request to another one vanish.
#[test]
fn the_same_body_for_another_provider_is_another_message() {
    let Some((receiver, server, _data)) = publishing(&[]) else { return };
    let body = "{\"details\":{\"event_type\":\"news\"}}";
    for _ in 0..2 {
        for (index, provider) in ["canary", "crowdsec", "wallarm"].into_iter().enumerate() {
            assert_eq!(receiver.post(provider, body).status(), 200);
            assert!(messages(&server.url).len() > index);
        }
    }
    let found = messages(&server.url);
    let providers: Vec<_> = found.iter().map(|(_, record)| record["provider"].as_str().unwrap()).collect();
    assert_eq!(providers, ["canary", "crowdsec", "wallarm"]);
}

#[test]
fn what_the_server_cannot_hold_is_too_large() {
    let Some((receiver, _server, _data)) = publishing(&[]) else { return };
    let body = format!("{{\"details\":{{\"event_type\":\"news\"}},\"text\":\"{}\"}}", "x".repeat(1 << 20));
    assert_eq!(receiver.post("crowdsec", body).status(), 413);
    assert_eq!((receiver.health(), receiver.post("crowdsec", "{}").status().as_u16()), (200, 200));
}

#[test]
fn the_password_of_the_server_is_not_shown() {
    for address in
        ["nats://me:s3cret@host:port", "nats://me:s3cret@", "nats://me:s3cret@[::", "me:s3cret", "ftp://me:s3cret@h"]
    {
        let output = command(&["--sink", address]).env("RUST_LOG", "info").output().unwrap();
        let shown = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(!output.status.success() && shown.contains("--sink") && !shown.contains("s3cret"), "{shown}");
    }
    let help = command(&["--help"]).env("WEBHOOKS_SINK", "nats://me:s3cret@host").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("s3cret"));
    let Some(program) = program() else { return };
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let _server = Server::start_with(&program, data.path(), port, &["--user", "me", "--pass", "s3cret"]);
    for (password, status) in [("wr0ng", 503), ("s3cret", 200)] {
        let mut command = command(&["--store-timeout", "1000"]);
        command.env("WEBHOOKS_SINK", format!("nats://me:{password}@127.0.0.1:{port}"));
        let receiver = Receiver::start_logging(&mut command, data.path());
        wait_until("the request is answered", || receiver.post("crowdsec", "{}").status() == status);
        assert_eq!(receiver.health(), status);
    }
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(!log.is_empty() && !log.contains("s3cret") && !log.contains("wr0ng"), "{log}");
}
