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

/// What a mutant changes at a place.
enum Change {
    Remove,
    Replace(&'static str, Value),
    Extend,
}

/// Returns every mutant of a payload that differs from the payload in one place.
pub fn mutants(payload: &Value) -> Vec<Mutant> {
    some_mutants(payload, 1).collect()
}

/// Returns one of `every` mutants. Only these are built: a payload has several times as many mutants as values, and
/// each is as large as the payload.
pub fn some_mutants(payload: &Value, every: usize) -> impl Iterator<Item = Mutant> {
    let mut changes = Vec::new();
    for steps in places(payload) {
        let pointer: String =
            steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
        let target = payload.pointer(&pointer).expect("the place of a value");
        changes.extend((!steps.is_empty()).then(|| (steps.clone(), Change::Remove)));
        let others = others().into_iter().filter(|(_, other)| other != target);
        changes.extend(others.map(|(name, other)| (steps.clone(), Change::Replace(name, other))));
        changes.extend(target.is_object().then_some((steps, Change::Extend)));
    }
    changes.into_iter().step_by(every).map(|(steps, change)| change.apply(payload.clone(), &steps))
}

impl Change {
    fn apply(self, mut value: Value, steps: &[String]) -> Mutant {
        let place = steps.iter().map(|step| format!("/{step}")).collect::<String>();
        let outer = match self {
            Change::Remove => &steps[..steps.len() - 1],
            _ => steps,
        };
        let target = at_mut(&mut value, outer).expect("the place of a value");
        let what = match (self, target) {
            (Change::Replace(name, other), target) => {
                *target = other;
                format!("{place} made {name}")
            }
            (Change::Extend, target) => {
                target["member of the future"] = json!({ "deep": [null, 1.5, {}] });
                format!("{place} has one more member")
            }
            (Change::Remove, target) => {
                let last = &steps[outer.len()];
                match target {
                    Value::Array(items) => drop(items.remove(last.parse().expect("an index"))),
                    target => drop(target.as_object_mut().and_then(|members| members.remove(last))),
                }
                format!("{place} removed")
            }
        };
        Mutant { what, value }
    }
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
