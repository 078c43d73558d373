//! Measures the time of a group's contenders: `time GROUP INPUT [MILLISECONDS]`. Without arguments it lists all benchmarks.
//!
//! The contenders take turns, round after round; a figure is the median of the rounds' ratios to the first contender, so that
//! a machine that is slow for a while is slow for all.

use std::time::{Duration, Instant};

use bench::{Contender, GROUPS, group, input};
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
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    let repeat = repetitions(&contenders[0]);
    let end = Instant::now() + Duration::from_millis(milliseconds);
    while times[0].len() < 15 || Instant::now() < end {
        for (times, contender) in times.iter_mut().zip(&contenders) {
            times.push(time(contender, repeat).as_secs_f64() / f64::from(repeat));
        }
    }
    // The first rounds warm up.
    let warm = times[0].len() / 10;
    let rows: Vec<_> = contenders
        .iter()
        .zip(&times)
        .map(|(contender, own)| {
            let ratios = own.iter().zip(&times[0]).skip(warm).map(|(own, first)| own / first).collect();
            let nanoseconds = median(own.iter().skip(warm).map(|own| own * 1e9).collect());
            json!({
                "contender": contender.name,
                "ratio": median(ratios),
                "nanoseconds": nanoseconds / input.payloads.len() as f64,
            })
        })
        .collect();
    let bytes: usize = input.payloads.iter().map(|(_, payload)| payload.len()).sum();
    println!(
        "{}",
        json!({
            "group": name, "input": source, "payloads": input.payloads.len(), "bytes": bytes, "rounds": times[0].len(),
            "rows": rows,
        })
    );
}

/// How often a contender is run for one measurement, so that a measurement takes some hundred microseconds.
fn repetitions(first: &Contender) -> u32 {
    let mut repeat = 1;
    while repeat < 1 << 16 && time(first, repeat) < Duration::from_micros(100) {
        repeat *= 2;
    }
    repeat
}

fn time(contender: &Contender, repeat: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..repeat {
        (contender.run)();
    }
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
