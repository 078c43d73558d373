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
        let below = |name: &str| webhook_codegen::json::step(&place, name);
        match smallest.pointer(&place) {
            Some(Value::Array(items)) => open.extend((0..items.len()).map(|index| below(&index.to_string()))),
            Some(Value::Object(members)) => {
                let names: Vec<String> = members.keys().cloned().collect();
                // Most members are not needed, so many are removed at once: first all, then each half of those that
                // cannot be removed together.
                let mut parts = vec![names.as_slice()];
                while let Some(part) = parts.pop().filter(|part| !part.is_empty()) {
                    let mut other = smallest.clone();
                    if let Some(Value::Object(members)) = other.pointer_mut(&place) {
                        part.iter().for_each(|name| drop(members.remove(name)));
                    }
                    match (is_evidence(&other), part) {
                        (true, _) => smallest = other,
                        (false, [name]) => open.push(below(name)),
                        (false, part) => {
                            let (first, second) = part.split_at(part.len() / 2);
                            parts.extend([second, first]);
                        }
                    }
                }
            }
            _ => {}
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

    #[test]
    fn members_that_are_not_needed_are_removed_together() {
        let payload: Value = (0..900).map(|at| (format!("m{at}"), json!({"in": at}))).collect();
        let mut tried = 0;
        let found = smallest(&payload, |value| {
            tried += 1;
            value.pointer("/m7/in").is_some() && value.get("m600").is_some()
        });
        assert_eq!(found, json!({"m7": {"in": 7}, "m600": {}}));
        assert!(tried < 100, "{tried}");
    }
}
