//! Which Rust type holds the integers that a schema allows.

use webhook_runtime::__private::number::{is_integer, to_integer};
use webhook_runtime::__private::schema::Types;

use super::types::Width;
use crate::json::Json;
use crate::model::Keywords;

fn number(text: &str) -> Option<serde_json::Number> {
    serde_json::from_str(text).ok()
}

/// The type for the integers within the bounds: `u64` if they exclude negative integers, and else `i64`.
pub(super) fn width(keywords: &Keywords) -> Width {
    let integer = |text: &Option<String>| {
        let number = number(text.as_ref()?)?;
        // A bound with a fraction lets the integers on its inner side through.
        to_integer(&number).or_else(|| number.as_f64().map(|value| value as i128))
    };
    let least = integer(&keywords.minimum).into_iter().chain(integer(&keywords.exclusive_minimum)).max();
    if least.is_some_and(|least| least >= 0) { Width::U64 } else { Width::I64 }
}

/// The type for some integers: `u64` if one of them is more than `i64` holds; `None` if neither type holds all of them.
pub(super) fn width_of_values(values: &[&Json]) -> Option<Width> {
    let integers: Option<Vec<i128>> =
        values.iter().map(|value| number(&value.to_string()).as_ref().and_then(to_integer)).collect();
    let integers = integers?;
    let all = |least: i128, greatest: i128| integers.iter().all(|value| (least..=greatest).contains(value));
    if all(i64::MIN.into(), i64::MAX.into()) { Some(Width::I64) } else { all(0, u64::MAX.into()).then_some(Width::U64) }
}

/// The integers that the keywords list.
fn listed(keywords: &Keywords) -> Vec<&Json> {
    let listed = match (&keywords.const_value, &keywords.enum_values) {
        (Some(value), _) => vec![value],
        (None, Some(values)) => values.iter().collect(),
        (None, None) => Vec::new(),
    };
    let is_integer = |value: &&Json| number(&value.to_string()).is_some_and(|number| is_integer(&number));
    listed.into_iter().filter(is_integer).collect()
}

/// Whether `i64` holds the integers that the keywords list.
pub(super) fn fits_signed(keywords: &Keywords) -> bool {
    width_of_values(&listed(keywords)) == Some(Width::I64) && !is_beyond(keywords)
}

/// Whether neither `i64` nor `u64` holds the integers that the keywords allow: a listed one is beyond both, or every one is.
pub(crate) fn is_beyond(keywords: &Keywords) -> bool {
    const LEAST: f64 = i64::MIN as f64;
    const GREATEST: f64 = u64::MAX as f64;
    if !keywords.types.is_some_and(|types| types.contains(Types::INTEGER) && !types.contains(Types::NUMBER)) {
        return false;
    }
    let listed = listed(keywords);
    if !listed.is_empty() {
        return width_of_values(&listed).is_none();
    }
    // A bound that 64 bits hold leaves at least that integer.
    let bound = |text: &Option<String>| number(text.as_ref()?).filter(|n| to_integer(n).is_none())?.as_f64();
    let mut least = [&keywords.minimum, &keywords.exclusive_minimum].into_iter().filter_map(bound);
    let mut greatest = [&keywords.maximum, &keywords.exclusive_maximum].into_iter().filter_map(bound);
    least.any(|least| least >= GREATEST) || greatest.any(|greatest| greatest <= LEAST)
}
