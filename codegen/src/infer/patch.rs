//! Expresses the difference between two documents as a JSON Patch (RFC 6902) that fails if the original document has
//! changed.

use crate::json::{Json, step};

/// The maximum length of an object's text up to which the whole object is tested.
const WHOLE: usize = 400;

/// Returns the operations that transform one document into another. Before each change, `test` checks the current
/// value: the whole object whose members change or, if its text is long, each member that is replaced or removed.
pub fn patch(from: &Json, to: &Json) -> Vec<Json> {
    let mut operations = Vec::new();
    compare(from, to, "", &mut operations);
    operations
}

fn compare(from: &Json, to: &Json, pointer: &str, operations: &mut Vec<Json>) {
    if from == to {
        return;
    }
    let (Json::Object(old), Json::Object(new)) = (from, to) else {
        operations.push(operation("test", pointer, Some(from)));
        operations.push(operation("replace", pointer, Some(to)));
        return;
    };
    let nested = |name: &str| matches!((from.get(name), to.get(name)), (Some(Json::Object(_)), Some(Json::Object(_))));
    let gone: Vec<&(String, Json)> = old.iter().filter(|(name, _)| to.get(name).is_none()).collect();
    let changed: Vec<&(String, Json)> =
        new.iter().filter(|(name, value)| !nested(name) && from.get(name).is_some_and(|old| old != value)).collect();
    let added: Vec<&(String, Json)> = new.iter().filter(|(name, _)| from.get(name).is_none()).collect();
    let whole = from.to_string().len() <= WHOLE && !(gone.is_empty() && changed.is_empty() && added.is_empty());
    if whole {
        operations.push(operation("test", pointer, Some(from)));
    }
    for (name, _) in gone {
        operations.extend((!whole).then(|| operation("test", &step(pointer, name), from.get(name))));
        operations.push(operation("remove", &step(pointer, name), None));
    }
    for (name, value) in changed {
        operations.extend((!whole).then(|| operation("test", &step(pointer, name), from.get(name))));
        operations.push(operation("replace", &step(pointer, name), Some(value)));
    }
    operations.extend(added.into_iter().map(|(name, value)| operation("add", &step(pointer, name), Some(value))));
    for (name, value) in new.iter().filter(|(name, _)| nested(name)) {
        if let Some(old) = from.get(name) {
            compare(old, value, &step(pointer, name), operations);
        }
    }
}

fn operation(name: &str, path: &str, value: Option<&Json>) -> Json {
    let mut members =
        vec![("op".to_owned(), Json::String(name.to_owned())), ("path".to_owned(), Json::String(path.to_owned()))];
    members.extend(value.map(|value| ("value".to_owned(), value.clone())));
    Json::Object(members)
}
