//! The Rust that the catalogue shows for each member compiles with the generated packages, and reads the member.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::pages::{Element, Site, events};
use crate::command::{Outcome as _, dependency, run_user};
use conformance::folder::{ExampleFile, examples, goldens, root, vendors};
use conformance::lossless::difference;
use serde_json::Value;

/// A member of an event's page, and the code that reads it.
struct Listed {
    /// The event, as `provider/event`.
    event: String,
    /// The segments of its anchor.
    path: Vec<String>,
    /// `let` statements and an expression, one on each line.
    ways: Vec<String>,
}

/// Returns the Rust type of an event and its members, as its page shows them.
fn listed(event: &str, elements: &[Element], krate: &str) -> (String, Vec<Listed>) {
    let ty = elements.iter().find(|element| element.text().starts_with(&format!("{krate}::"))).expect("a Rust type");
    let mut found: Vec<Listed> = Vec::new();
    for element in elements {
        if let Some(anchor) = element.attributes.get("id").and_then(|id| id.strip_prefix("member-")) {
            let path = anchor.split('.').map(str::to_owned).collect();
            found.push(Listed { event: event.to_owned(), path, ways: Vec::new() });
        } else if let Some(code) = element.attributes.get("data-copy").filter(|_| element.name == "div") {
            found.last_mut().expect("a member").ways.push(code.clone());
        }
    }
    (ty.text().to_owned(), found)
}

/// Returns the values of a member in a payload, for each item of each array. Returns no values if a segment stands for any name.
fn values_at<'v>(payload: &'v Value, path: &[String]) -> Vec<&'v Value> {
    let step = |value: &'v Value, segment: &String| -> Vec<&'v Value> {
        match (segment.as_str(), value) {
            ("*", Value::Array(items)) => items.iter().collect(),
            (name, Value::Array(items)) => {
                let place = name.strip_prefix("~i").and_then(|place| place.parse::<usize>().ok());
                place.and_then(|place| items.get(place)).into_iter().collect()
            }
            (name, Value::Object(members)) if !is_any(name) => members.get(&decoded(name)).into_iter().collect(),
            _ => Vec::new(),
        }
    };
    path.iter()
        .fold(vec![payload], |values, segment| values.into_iter().flat_map(|value| step(value, segment)).collect())
}

/// Returns whether a segment of an anchor stands for any name, or for any name that matches an expression.
fn is_any(segment: &str) -> bool {
    segment.starts_with("~any") || segment.starts_with("~m")
}

/// Returns the name in a segment of an anchor, in which `~` and two digits encode a byte.
fn decoded(name: &str) -> String {
    let mut parts = name.split('~');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).expect("a name")
}

/// Returns a program that prints the value that each expression reads from each documented payload.
struct Program {
    functions: String,
    calls: String,
    members: Vec<Listed>,
}

const HEAD: &str = "#![allow(unused, irrefutable_let_patterns)]
use security_webhooks::{Payload, serde_json};

fn call<T: Payload>(functions: &[(usize, fn(&Box<T>) -> Option<String>)]) {
    for example in T::EXAMPLES {
        let payload = Box::new(T::from_slice(example.payload.as_bytes()).unwrap());
        for (index, function) in functions {
            println!(\"{index}\\t{}\\t{}\", example.name, function(&payload).unwrap_or_default());
        }
    }
}

";

impl Program {
    fn of(sets: [(&str, PathBuf); 2]) -> Program {
        let mut program = Program { functions: HEAD.to_owned(), calls: String::new(), members: Vec::new() };
        for (krate, defs) in sets {
            let site = Site::of(&defs);
            for (provider, event) in events(&defs) {
                let (ty, members) = listed(&format!("{provider}/{event}"), site.event(provider, event), krate);
                program.add(&ty, members);
            }
        }
        program
    }

    /// Adds the functions of an event.
    fn add(&mut self, ty: &str, members: Vec<Listed>) {
        let module = ty.rsplit_once("::").expect("a module").0;
        let mut list = String::new();
        for member in members {
            for way in &member.ways {
                let (bindings, expression) = way.rsplit_once('\n').unwrap_or(("", way));
                let index = self.members.len();
                writeln!(
                    self.functions,
                    "fn f{index}(event: &Box<{ty}>) -> Option<String> {{\n    use {module}::*;\n    {bindings}\n    \
                     Some(serde_json::to_string(&{expression}).unwrap())\n}}"
                )
                .expect("a text can be written to");
                write!(list, "({index}, f{index}), ").expect("a text can be written to");
                let (event, path) = (member.event.clone(), member.path.clone());
                self.members.push(Listed { event, path, ways: vec![way.clone()] });
            }
        }
        writeln!(self.calls, "    call::<{ty}>(&[{list}]);").expect("a text can be written to");
    }

    fn text(&self) -> String {
        format!("{}\nfn main() {{\n{}}}\n", self.functions, self.calls)
    }
}

#[test]
#[ignore = "compiles packages"]
fn expressions_compile_and_read_their_members() {
    let program = Program::of([("security_webhooks", vendors()), ("golden_events", goldens())]);
    let folder = tempfile::tempdir().expect("a folder");
    let dependencies = dependency("security-webhooks", &root().join("generated"))
        + &dependency("golden-events", &root().join("tests/goldens/package"));
    let (printed, _) = run_user(folder.path(), "catalogue-expressions", &dependencies, &program.text()).exits(0);

    let payloads: Vec<ExampleFile> = examples(&vendors()).into_iter().chain(examples(&goldens())).collect();
    let mut read = 0;
    // Whether a member that a payload has is read in one of the ways that are shown.
    let mut reads: BTreeMap<(String, String, Vec<String>), bool> = BTreeMap::new();
    for line in printed.lines() {
        let [index, name, found] = line.splitn(3, '\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let member = &program.members[index.parse::<usize>().expect("a number")];
        let is_it =
            |file: &&ExampleFile| format!("{}/{}", file.provider, file.event) == member.event && file.name == name;
        let payload: Value = serde_json::from_str(&payloads.iter().find(is_it).expect("a payload").text).expect("JSON");
        let shown = format!("{} {:?} in {name}: {}", member.event, member.path, member.ways[0]);
        if member.path.iter().any(|segment| is_any(segment)) {
            continue;
        }
        let values = values_at(&payload, &member.path);
        let is_same = |value: &&Value| difference(&value.to_string(), found).expect("JSON").is_none();
        let same = !found.is_empty() && values.iter().any(is_same);
        let is_null = values.is_empty() && found == "null";
        // A constant needs no payload. If several variants have the member, each has a constant of its own.
        let is_constant = member.ways[0].contains("::") && !member.ways[0].contains('\n');
        // A value to which no condition applies is in `extra`, and the field is absent.
        let is_kept = found == "null" && member.event == "features/conditions";
        let is_right = found.is_empty() || same || is_null || is_constant || is_kept;
        assert!(is_right, "{shown} is {found} and not {values:?}");
        if is_kept {
            continue;
        }
        // The expression reads the first item; others may have members that it lacks.
        let is_everywhere = values.len() == 1 && !member.path.iter().any(|segment| segment == "*");
        if same || is_everywhere {
            *reads.entry((member.event.clone(), name.to_owned(), member.path.clone())).or_default() |= same;
        }
        read += usize::from(same);
    }
    // `email` and `phone` are members of two variants. A payload with both is the first variant, and `phone` is in its `extra`.
    let unread: Vec<String> = reads.iter().filter(|(_, same)| !**same).map(|(key, _)| format!("{key:?}")).collect();
    assert_eq!(unread, [r#"("features/unions", "b", ["by_members", "phone"])"#]);
    assert!(read >= 500, "{read}");
}
