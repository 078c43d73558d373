//! Finds repeated members in the objects of a body. Parsers keep one of the repeated members, but differ in which one
//! they keep.

use std::collections::HashMap;
use std::fmt;

use serde_json::value::RawValue;
use webhook_codegen::Location;
use webhook_codegen::json::RawMembers;
use webhook_codegen::location::range_of;
use webhook_runtime::__private::escape;

/// The maximum number of repeated members that are listed.
const LIMIT: usize = 100;

/// A member with the same name as an earlier member of the same object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repeated {
    /// The location of the members, as a JSON Pointer.
    pub(crate) pointer: String,
    name: String,
    /// The earlier name.
    first: Location,
    /// This name.
    pub(crate) second: Location,
}

impl fmt::Display for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repeated { name, first, second, .. } = self;
        let name = serde_json::Value::from(name.as_str());
        write!(f, "the member {name} is repeated: at line {} column {}, ", first.line, first.column)?;
        write!(f, "and at line {} column {}; the last one counts", second.line, second.column)
    }
}

/// Returns the repeated members of a body, which is a JSON text or has a JSON text on each line.
pub(crate) fn repeated(body: &str) -> Vec<Repeated> {
    let mut found = Vec::new();
    match serde_json::from_str::<&RawValue>(body) {
        Ok(value) => visit(body, value.get(), "", &mut found),
        Err(_) => {
            let lines = body.lines().filter(|line| !line.trim().is_empty()).enumerate();
            for (index, value) in lines.filter_map(|(index, line)| Some((index, serde_json::from_str(line).ok()?))) {
                let value: &RawValue = value;
                visit(body, value.get(), &format!("/{index}"), &mut found);
            }
        }
    }
    found
}

fn visit(body: &str, value: &str, pointer: &str, found: &mut Vec<Repeated>) {
    match value.as_bytes().first() {
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(value).unwrap_or_default();
            for (index, item) in items.iter().enumerate() {
                visit(body, item.get(), &format!("{pointer}/{index}"), found);
            }
        }
        Some(b'{') => {
            let Ok(RawMembers(members)) = serde_json::from_str(value) else { return };
            let mut seen: HashMap<String, &str> = HashMap::with_capacity(members.len());
            for (written, member) in members {
                let Ok(name) = serde_json::from_str::<String>(written.get()) else { return };
                let pointer = format!("{pointer}/{}", escape(&name));
                if let Some(first) = seen.insert(name.clone(), written.get())
                    && found.len() < LIMIT
                {
                    let [first, second] = [first, written.get()].map(|name| Location::new(body, range_of(body, name)));
                    found.push(Repeated { pointer: pointer.clone(), name, first, second });
                }
                visit(body, member.get(), &pointer, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> Vec<String> {
        repeated(body).iter().map(|found| format!("{}: {found}", found.pointer)).collect()
    }

    #[test]
    fn both_places_are_named() {
        assert_eq!(
            shown("{\"a\": 1,\n  \"ö\": {\"b/c\": [{}, {\"x\": 1, \"\\u0078\": 2}]}, \"a\": 2}"),
            [
                "/ö/b~1c/1/x: the member \"x\" is repeated: at line 2 column 22, and at line 2 column 30; the last one counts",
                "/a: the member \"a\" is repeated: at line 1 column 2, and at line 2 column 46; the last one counts",
            ]
        );
        assert_eq!(shown("{\"a\": {\"a\": 1}}\n\n{\"b\": 1, \"b\": 1}\n")[0].split(':').next(), Some("/1/b"));
        assert!(shown("{\"a\": [1, 1], \"A\": {}}").is_empty() && shown("no JSON").is_empty());
        assert_eq!(repeated(&format!("[{}]", ["{\"a\":1,\"a\":1}"; 500].join(","))).len(), LIMIT);
    }
}
