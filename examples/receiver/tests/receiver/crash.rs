//! Acknowledged records are still stored after the process is killed.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::process::{Receiver, agent, records};
use security_webhooks::crowdsec;
use security_webhooks::crowdsec::Event;
use serde_json::{Value, json};

/// How many connections send at once.
const CONNECTIONS: usize = 64;

/// A number from the environment, for longer runs.
fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// `CRASH_REQUESTS` (2,000) requests on 64 connections, of which the process is killed after a part; `CRASH_ROUNDS` (2)
/// times in the same folder.
#[test]
fn what_was_acknowledged_survives_a_kill() {
    let (requests, rounds) = (number("CRASH_REQUESTS", 2_000), number("CRASH_ROUNDS", 2));
    let data = tempfile::tempdir().unwrap();
    let payloads: Vec<Value> =
        crowdsec::EXAMPLES.iter().map(|example| serde_json::from_str(example.payload).unwrap()).collect();
    let mut acknowledged: HashSet<usize> = HashSet::new();
    for round in 0..rounds {
        let receiver = Mutex::new(Receiver::writing(data.path(), &[]));
        let url = receiver.lock().unwrap().url("crowdsec");
        let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let kill_at = requests / 4 + fastrand::usize(..requests / 2);
        std::thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    let agent = agent();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= requests {
                            return;
                        }
                        let number = round * requests + index;
                        let mut payload = payloads[number % payloads.len()].clone();
                        payload["x_number"] = json!(number);
                        match agent.post(&url).send(payload.to_string()) {
                            Ok(response) if response.status() == 200 => done.lock().unwrap().push(number),
                            // The process was killed.
                            _ => return,
                        }
                    }
                });
            }
            scope.spawn(|| {
                while done.lock().unwrap().len() < kill_at {
                    std::thread::sleep(Duration::from_millis(1));
                }
                receiver.lock().unwrap().kill();
            });
        });
        acknowledged.extend(done.into_inner().unwrap());
    }
    // The next start removes the incomplete line.
    let receiver = Receiver::writing(data.path(), &[]);
    let mut found = HashSet::new();
    for record in records(data.path()) {
        let payload = &record["payload"];
        let number = usize::try_from(payload["x_number"].as_u64().unwrap()).unwrap();
        let mut expected = payloads[number % payloads.len()].clone();
        expected["x_number"] = json!(number);
        assert_eq!(payload, &expected);
        let event = Event::from_value(payload.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), expected);
        found.insert(number);
    }
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), acknowledged.len());
    assert!(acknowledged.len() >= rounds * requests / 4);
    println!("{} acknowledged, {} found, none lost", acknowledged.len(), found.len());
    drop(receiver);
}
