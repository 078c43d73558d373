//! Measures the time of a group's contenders: `time GROUP INPUT [MILLISECONDS]`. Without arguments it lists all
//! benchmarks.

use std::time::Duration;

use bench::{GROUPS, group, input, rounds};
use serde_json::json;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, source, rest @ ..] = arguments.as_slice() else {
        for (group, inputs) in GROUPS {
            inputs.iter().for_each(|input| println!("{group} {input}"));
        }
        return;
    };
    let milliseconds = rest.first().and_then(|text| text.parse().ok()).unwrap_or(1500);
    let input = input(source).expect("a known input");
    let contenders = group(name, &input).expect("a known group");
    let runs: Vec<&dyn Fn()> = contenders.iter().map(|contender| &*contender.run).collect();
    let (rounds, figures) = rounds::measure(&runs, Duration::from_millis(milliseconds));
    let rows: Vec<_> = contenders
        .iter()
        .zip(&figures)
        .map(|(contender, figures)| {
            json!({
                "contender": contender.name,
                "ratio": figures.ratio,
                "nanoseconds": figures.nanoseconds / input.payloads.len() as f64,
            })
        })
        .collect();
    let bytes: usize = input.payloads.iter().map(|(_, payload)| payload.len()).sum();
    println!(
        "{}",
        json!({
            "group": name, "input": source, "payloads": input.payloads.len(), "bytes": bytes, "rounds": rounds,
            "rows": rows,
        })
    );
}
