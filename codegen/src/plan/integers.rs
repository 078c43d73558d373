//! Which Rust type holds the integers that a schema allows.

use super::types::Width;
use crate::json::Json;
use crate::model::Keywords;

/// The type for the integers within the bounds: `u64` if they exclude negative integers, and else `i64`.
pub(super) fn width(keywords: &Keywords) -> Width {
    let integer = |text: &Option<String>| {
        let number = serde_json::from_str::<serde_json::Number>(text.as_ref()?).ok()?;
        // A bound with a fraction lets the integers on its inner side through.
        webhook_runtime::__private::number::to_integer(&number).or_else(|| number.as_f64().map(|value| value as i128))
    };
    let least = integer(&keywords.minimum).into_iter().chain(integer(&keywords.exclusive_minimum)).max();
    if least.is_some_and(|least| least >= 0) { Width::U64 } else { Width::I64 }
}

/// The type for some integers: `u64` if one of them is more than `i64` holds.
pub(super) fn width_of_values(values: &[&Json]) -> Width {
    let is_large = |value: &&Json| {
        let number = serde_json::from_str(&value.to_string()).ok();
        number
            .and_then(|number| webhook_runtime::__private::number::to_integer(&number))
            .is_some_and(|value| value > i128::from(i64::MAX))
    };
    if values.iter().any(is_large) { Width::U64 } else { Width::I64 }
}
