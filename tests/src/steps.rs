//! Limits on the work of an evaluation. Work is counted in steps and never in time. A step evaluates one schema at one
//! place.

use serde_json::Value;
use webhook_runtime::__private::steps;

/// How often a schema may be evaluated at one place: to decide, to compare the branches of a union, and to report.
pub const PURPOSES: u64 = 3;

/// How many steps an evaluation may take before it remembers anything.
const START: u64 = 512;

/// Runs a closure, and returns the number of its steps.
pub fn counted<T>(run: impl FnOnce() -> T) -> (T, u64) {
    let before = steps();
    let result = run();
    (result, steps() - before)
}

/// Returns the number of values in a JSON value, including the names of members.
pub fn size(value: &Value) -> u64 {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<u64>(),
        Value::Object(members) => 1 + members.values().map(|value| 1 + size(value)).sum::<u64>(),
        _ => 1,
    }
}

/// Returns the number of steps that `times` evaluations may take: one step for each schema at each place.
pub fn bound(schema: &Value, instance: &Value, times: u64) -> u64 {
    times * (size(schema) * size(instance) + START)
}
