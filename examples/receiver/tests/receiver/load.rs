//! Measures how many requests the receiver handles, relative to a handler that only reads the body.
//!
//! ```sh
//! cargo test --release -p receiver --test receiver -- --ignored --nocapture load
//! ```
//!
//! `LOAD_RECEIVER` is another program to measure, such as one of an earlier version.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::process::{command, documented};
use axum::Router;
use axum::routing::post;
use bytes::Bytes;

const CONNECTIONS: usize = 64;
const SECONDS: u64 = 2;
const ROUNDS: usize = 7;

/// Sends the documented payloads of CrowdSec on every connection, one after the other, and returns the requests per second.
fn rate(host: &str) -> f64 {
    let requests: Vec<String> = (documented().iter())
        .filter(|(provider, ..)| *provider == "crowdsec")
        .map(|(.., body)| {
            format!("POST /crowdsec HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        })
        .collect();
    let (done, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut writer = TcpStream::connect(host).unwrap();
                let mut reader = BufReader::new(writer.try_clone().unwrap());
                for request in requests.iter().cycle() {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    writer.write_all(request.as_bytes()).unwrap();
                    let mut length = 0;
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
                    while line != "\r\n" {
                        line.clear();
                        reader.read_line(&mut line).unwrap();
                        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                            length = value.trim().parse().unwrap();
                        }
                    }
                    std::io::copy(&mut Read::by_ref(&mut reader).take(length), &mut std::io::sink()).unwrap();
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(Duration::from_secs(SECONDS));
        is_over.store(true, Ordering::Relaxed);
    });
    done.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64()
}

/// The program that the rate is relative to.
fn handler() -> String {
    let (sender, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap().to_string()).unwrap();
            axum::serve(listener, Router::new().route("/crowdsec", post(|_: Bytes| async {}))).await.unwrap();
        });
    });
    address.recv().unwrap()
}

#[test]
#[ignore = "takes half a minute, and the whole machine"]
fn load() {
    let data = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let plain = command(&["--data", data.path().to_str().unwrap()]);
    let program = std::env::var_os("LOAD_RECEIVER").unwrap_or_else(|| plain.get_program().to_owned());
    let mut command = Command::new(program);
    command.args(plain.get_args()).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut receiver = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(receiver.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let receiver_host = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    let handler_host = handler();
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (rate(&handler_host), rate(&receiver_host))).collect();
    rounds.sort_by(|(a, b), (c, d)| (b / a).total_cmp(&(d / c)));
    for (handled, received) in &rounds {
        println!("handler {handled:.0}/s, receiver {received:.0}/s: {:.2}", received / handled);
    }
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", receiver.id())).unwrap();
    let ticks: Vec<&str> = stat.rsplit(')').next().unwrap().split(' ').skip(12).take(2).collect();
    let (handled, received) = rounds[ROUNDS / 2];
    println!(
        "median: {:.2}; processor time, in ticks of the user and of the system: {}",
        received / handled,
        ticks.join(" ")
    );
    receiver.kill().unwrap();
    receiver.wait().unwrap();
}
