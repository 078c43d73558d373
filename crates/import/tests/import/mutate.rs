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
        with(&|value| {
            if let Value::Object(members) = value {
                members.insert("more".to_owned(), json!(1));
            }
        });
        with(&|value| {
            if let Value::Array(items) = value {
                items.push(json!(1));
            }
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
    let numbers = [json!(0), json!(-1), json!(1), json!(0.25), json!(1.5), json!(0.1), json!(1e300)];
    let others =
        [json!(null), json!(true), json!(""), json!("another text, of more than twenty letters"), json!("new")];
    let more = [json!("a"), json!([]), json!([1, 2, 3]), json!({}), json!({ "shape": "tube" }), json!({ "name": "A" })];
    numbers.into_iter().chain(others).chain(more).collect()
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
