//! Counts the allocations of a group's contenders: `allocations GROUP INPUT`. It is a program of its own, because
//! counting costs time.

use std::alloc::System;

use bench::{group, input};
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, source, ..] = arguments.as_slice() else { return eprintln!("usage: allocations GROUP INPUT") };
    let input = input(source).expect("a known input");
    let contenders = group(name, &input).expect("a known group");
    let rows: Vec<_> = contenders
        .iter()
        .map(|contender| {
            // What is allocated once is not counted.
            (contender.run)();
            let region = Region::new(GLOBAL);
            (contender.run)();
            let change = region.change();
            let each = |count: usize| count as f64 / input.payloads.len() as f64;
            json!({
                "contender": contender.name,
                "allocations": each(change.allocations + change.reallocations),
                "bytes": each(change.bytes_allocated),
            })
        })
        .collect();
    println!("{}", json!({ "group": name, "input": source, "rows": rows }));
}
