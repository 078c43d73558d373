//! Changes payloads in one place: removes every member, and replaces every value by values of the other JSON types.

use serde_json::{Value, json};

/// A changed payload.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// A description of the change and its place.
    pub what: String,
    /// The payload.
    pub value: Value,
}

/// A place in a value, as steps: names of members, and indices of items.
pub type Place = Vec<String>;

/// Returns every place in a value, including the value itself.
pub fn places(value: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    add_places(value, &mut Vec::new(), &mut found);
    found
}

fn add_places(value: &Value, here: &mut Place, found: &mut Vec<Place>) {
    found.push(here.clone());
    let mut below = |step: String, value: &Value| {
        here.push(step);
        add_places(value, here, found);
        here.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| below(at.to_string(), item)),
        Value::Object(members) => members.iter().for_each(|(name, value)| below(name.clone(), value)),
        _ => {}
    }
}

/// Returns the value at a place.
pub fn at_mut<'v>(value: &'v mut Value, steps: &[String]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        Value::Object(members) => members.get_mut(step),
        _ => None,
    })
}

/// Returns every mutant of a payload that differs from the payload in one place.
pub fn mutants(payload: &Value) -> Vec<Mutant> {
    let mut all = Vec::new();
    for steps in places(payload) {
        let place = steps.iter().map(|step| format!("/{step}")).collect::<String>();
        if let Some((last, outer)) = steps.split_last() {
            let mut value = payload.clone();
            match at_mut(&mut value, outer) {
                Some(Value::Object(members)) => drop(members.remove(last)),
                Some(Value::Array(items)) => drop(items.remove(last.parse().unwrap_or_default())),
                _ => continue,
            }
            all.push(Mutant { what: format!("{place} removed"), value });
        }
        for (name, other) in others() {
            let mut value = payload.clone();
            let Some(target) = at_mut(&mut value, &steps) else { continue };
            if *target != other {
                *target = other;
                all.push(Mutant { what: format!("{place} made {name}"), value });
            }
        }
        let mut value = payload.clone();
        if let Some(Value::Object(members)) = at_mut(&mut value, &steps) {
            members.insert("member of the future".to_owned(), json!({ "deep": [null, 1.5, {}] }));
            all.push(Mutant { what: format!("{place} has one more member"), value });
        }
    }
    all
}

/// Returns a value of each JSON type, and values that are near the border between two types.
pub fn others() -> Vec<(&'static str, Value)> {
    vec![
        ("null", Value::Null),
        ("false", json!(false)),
        ("an integer", json!(7)),
        ("an integer with a fraction of zero", json!(7.0)),
        ("a number", json!(7.25)),
        ("a negative number", json!(-7)),
        ("the largest integer", json!(u64::MAX)),
        ("the smallest integer", json!(i64::MIN)),
        ("a string", json!("another string")),
        ("an empty string", json!("")),
        ("an empty array", json!([])),
        ("an array", json!([1, "two"])),
        ("an empty object", json!({})),
        ("an object", json!({ "one": 1 })),
    ]
}
