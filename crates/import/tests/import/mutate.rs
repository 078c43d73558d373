//! Generates payloads that differ from a payload in one place.

use serde_json::{Value, json};

/// The payload itself, and every mutant of it: a value replaced, removed, or added.
pub(crate) fn mutants(payload: &Value) -> Vec<Value> {
    let mut found = vec![payload.clone()];
    for pointer in pointers(payload) {
        let mut with = |change: &dyn Fn(&mut Value)| {
            let mut mutant = payload.clone();
            change(mutant.pointer_mut(&pointer).unwrap());
            found.push(mutant);
        };
        for other in others() {
            with(&|value| *value = other.clone());
        }
        with(&|value| match value {
            Value::Object(members) => drop(members.insert("more".to_owned(), json!(1))),
            Value::Array(items) => items.push(json!(1)),
            _ => {}
        });
        if let Value::Object(members) = payload.pointer(&pointer).unwrap() {
            for name in members.keys() {
                with(&|value| drop(value.as_object_mut().unwrap().remove(name)));
            }
        }
    }
    found
}

fn others() -> Vec<Value> {
    let others = json!([
        0, -1, 1, 0.25, 1.5, 0.1, 1e300, null, true, "", "another text, of more than twenty letters", "new", "a", [],
        [1, 2, 3], {}, { "shape": "tube" }, { "name": "A" }
    ]);
    others.as_array().unwrap().clone()
}

/// The JSON Pointers of a value and everything in it.
pub(crate) fn pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    all_pointers(value, "", &mut found);
    found
}

fn all_pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| all_pointers(item, &format!("{pointer}/{at}"), found));
        }
        Value::Object(members) => {
            for (name, value) in members {
                all_pointers(value, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        _ => {}
    }
}
