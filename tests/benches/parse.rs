//! What reading the documented CrowdSec payloads costs, beside what else a receiver could do: `cargo bench -p conformance`.
//!
//! Every contender reads every payload in turn, round after round; what is printed is the median of the rounds' ratios to
//! the first contender, so that a machine that is slow for a while is slow for all.

use std::hint::black_box;
use std::time::{Duration, Instant};

use security_webhooks::{crowdsec, identify};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The alert as somebody writes it by hand, with serde's derive: nothing is checked but types, and nothing else is kept.
#[derive(Deserialize)]
#[allow(dead_code, reason = "it is read and not looked at")]
struct Derived {
    metadata: Metadata,
    details: Details,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is read and not looked at")]
struct Metadata {
    version: i64,
    issuer: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is read and not looked at")]
struct Details {
    event_id: String,
    organization_id: String,
    event_timestamp: String,
    event_type: String,
}

struct Contender<'c> {
    name: &'static str,
    run: Box<dyn Fn(&str) + 'c>,
}

fn main() {
    // `cargo test --benches` runs it once, to see that it runs.
    let rounds = if std::env::args().any(|argument| argument == "--bench") { 300 } else { 2 };
    let payloads: Vec<&str> = crowdsec::EXAMPLES.iter().map(|example| example.payload).collect();
    let schemas =
        |event: &str| crowdsec::PROVIDER.events.iter().find(|known| known.name == event).expect("an event").schema;
    let validators: Vec<(String, jsonschema::Validator)> = crowdsec::EXAMPLES
        .iter()
        .map(|example| {
            let schema: Value = serde_json::from_str(schemas(example.event)).expect("a schema");
            (example.payload.to_owned(), jsonschema::validator_for(&schema).expect("a validator"))
        })
        .collect();
    let mut compiled = boon::Schemas::new();
    let indices: Vec<(String, boon::SchemaIndex)> = crowdsec::EXAMPLES
        .iter()
        .map(|example| {
            let mut compiler = boon::Compiler::new();
            let uri = format!("https://bench.example/{}", example.event);
            let schema: Value = serde_json::from_str(schemas(example.event)).expect("a schema");
            compiler.add_resource(&uri, schema).expect("a document");
            (example.payload.to_owned(), compiler.compile(&uri, &mut compiled).expect("a schema"))
        })
        .collect();
    let contenders = [
        contender("serde_json into IgnoredAny", |text| drop(black_box(serde_json::from_str::<IgnoredAny>(text)))),
        contender("serde_json into Value", |text| drop(black_box(serde_json::from_str::<Value>(text)))),
        contender("a few derived members, nothing else kept", |text| {
            drop(black_box(serde_json::from_str::<Derived>(text)));
        }),
        contender("crowdsec::Event::from_slice", |text| drop(black_box(crowdsec::Event::from_slice(text.as_bytes())))),
        contender("identify, among five providers", |text| {
            black_box(identify(text.as_bytes()));
        }),
        contender("Value, and jsonschema", |text| {
            let value: Value = serde_json::from_str(text).expect("JSON");
            let validator = validators.iter().find(|(payload, _)| payload == text).expect("a validator");
            black_box(validator.1.is_valid(&value));
        }),
        contender("Value, and boon", |text| {
            let value: Value = serde_json::from_str(text).expect("JSON");
            let index = indices.iter().find(|(payload, _)| payload == text).expect("a schema").1;
            black_box(compiled.validate(&value, index).is_ok());
        }),
        contender("Value, and Event::validate", |text| {
            let value: Value = serde_json::from_str(text).expect("JSON");
            drop(black_box(crowdsec::Event::validate(&value)));
        }),
    ];
    let mut ratios: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    for round in 0..rounds {
        let times: Vec<Duration> = contenders.iter().map(|contender| time(contender, &payloads)).collect();
        // The first rounds warm up.
        if round >= rounds / 10 {
            for (ratios, time) in ratios.iter_mut().zip(&times) {
                ratios.push(time.as_secs_f64() / times[0].as_secs_f64());
            }
        }
    }
    let bytes: usize = payloads.iter().map(|payload| payload.len()).sum();
    println!("{} payloads, {bytes} bytes, {rounds} rounds", payloads.len());
    for (contender, ratios) in contenders.iter().zip(&mut ratios) {
        ratios.sort_by(f64::total_cmp);
        println!("{:6.2}  {}", ratios[ratios.len() / 2], contender.name);
    }
}

fn contender<'c>(name: &'static str, run: impl Fn(&str) + 'c) -> Contender<'c> {
    Contender { name, run: Box::new(run) }
}

fn time(contender: &Contender<'_>, payloads: &[&str]) -> Duration {
    let start = Instant::now();
    for _ in 0..20 {
        payloads.iter().for_each(|payload| (contender.run)(payload));
    }
    start.elapsed()
}
