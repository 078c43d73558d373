//! The documented differences between our decisions and the decisions of other validators.

use serde_json::{Number, Value};
use webhook_runtime::__private::number;

/// Returns whether a number is an integer that `i64` does not hold: the validator accepts it, but a type may reject it.
pub fn is_unheld(number: &Number) -> bool {
    number::is_integer(number) && number::to_integer(number).is_none_or(|value| i64::try_from(value).is_err())
}

/// Returns whether a number is at least 2^53 and has an exponent or a point. Our validator compares the shortest
/// decimal of the nearest `f64`, in text and in a `Value` alike. Other validators compare the binary number, which may
/// be on the other side of a bound.
pub fn is_large_decimal(number: &Number) -> bool {
    number.is_f64() && number.as_f64().is_some_and(|number| number.abs() >= 9_007_199_254_740_992.0)
}

/// Returns whether a value contains a number for which `exception` returns true.
pub fn has(value: &Value, exception: fn(&Number) -> bool) -> bool {
    match value {
        Value::Number(number) => exception(number),
        Value::Array(items) => items.iter().any(|item| has(item, exception)),
        Value::Object(members) => members.values().any(|member| has(member, exception)),
        _ => false,
    }
}
