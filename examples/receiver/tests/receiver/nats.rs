//! The receiver as a process that publishes to NATS JetStream. Skipped, with a printed line, where no `nats-server` is installed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::process::{Receiver, agent, command, documented, items, wait_until};
use async_nats::jetstream::{self, consumer};
use serde_json::Value;
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
        println!("skipped: nats-server is not installed");
    }
    found
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    fn start(program: &Path, data: &Path, port: u16) -> Server {
        let mut command = Command::new(program);
        command.args(["--jetstream", "--addr", "127.0.0.1", "--port", &port.to_string()]);
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
    let receivers = [(), ()].map(|()| Receiver::start(command(&["--sink", &server.url])));
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

#[test]
fn a_server_that_is_gone_is_answered_503_until_it_is_back() {
    let Some(program) = program() else { return };
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let url = format!("nats://127.0.0.1:{port}");
    let receiver = Receiver::start(command(&["--sink", &url, "--store-timeout", "500"]));
    let (provider, _, body) = documented().swap_remove(0);
    let status = || receiver.post(provider, body.clone()).status().as_u16();
    let health = || agent().get(receiver.url("healthz")).call().unwrap().status().as_u16();
    assert_eq!((status(), health()), (503, 503));
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
