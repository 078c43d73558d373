//! Reduces payloads of a page that are evidence for a difference.

use serde_json::Value;

/// The number of members above which a payload is not reduced.
const MOST: usize = 2_000;

/// Removes members from a payload as long as it remains evidence.
pub(crate) fn smallest(payload: &Value, mut is_evidence: impl FnMut(&Value) -> bool) -> Value {
    let mut smallest = payload.clone();
    if members(payload) > MOST {
        return smallest;
    }
    let mut open = vec![String::new()];
    while let Some(place) = open.pop() {
        let names: Vec<String> = match smallest.pointer(&place) {
            Some(Value::Object(members)) => members.keys().cloned().collect(),
            Some(Value::Array(items)) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => continue,
        };
        for name in names {
            let mut other = smallest.clone();
            match other.pointer_mut(&place) {
                Some(Value::Object(members)) => drop(members.remove(&name)),
                _ => {
                    open.push(webhook_codegen::json::step(&place, &name));
                    continue;
                }
            }
            match is_evidence(&other) {
                true => smallest = other,
                false => open.push(webhook_codegen::json::step(&place, &name)),
            }
        }
    }
    smallest
}

fn members(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(members).sum::<usize>(),
        Value::Object(inner) => inner.values().map(members).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_makes_it_evidence_is_left() {
        let payload = json!({"a": {"b": [{"c": 1, "d": 2}], "e": 3}, "f": {"g": 4}});
        let is_evidence = |value: &Value| value.pointer("/a/b/0/c") == Some(&json!(1)) && value.get("f").is_some();
        assert_eq!(smallest(&payload, is_evidence), json!({"a": {"b": [{"c": 1}]}, "f": {}}));
    }
}
