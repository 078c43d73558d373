//! Schemas whose types nest deep, contain each other, or have no finite value. The package and a crate that depends on it
//! compile, and the types accept the same payloads as another validator. One package has all of these schemas, and is built
//! separately.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use conformance::folder::{root, write};
use conformance::planned::{catalog, options};
use fastrand::Rng;
use serde_json::{Value, json};
use webhook_codegen::compare;
use webhook_codegen::describe::describe;
use webhook_codegen::{Options, generate, generate_folder};

use crate::command::{Outcome as _, dependency, run_user};

/// More definitions than types can nest, whatever is between them.
const LONG: usize = 100;

fn definition(index: usize) -> Value {
    json!({ "$ref": format!("#/$defs/d{index}") })
}

/// Returns the schema of an event with a member that refers to the first of the given definitions.
fn event(definitions: Vec<Value>) -> Value {
    let definitions: serde_json::Map<String, Value> =
        definitions.into_iter().enumerate().map(|(index, schema)| (format!("d{index}"), schema)).collect();
    json!({ "type": "object", "properties": { "top": definition(0) }, "$defs": definitions })
}

/// A step from a definition to the next one, in schemas and in their values.
struct Link {
    name: &'static str,
    schema: fn(Value) -> Value,
    value: fn(Value) -> Value,
}

const LINKS: [Link; 8] = [
    Link {
        name: "arrays",
        schema: |next| json!({ "type": "object", "properties": { "m": { "type": "array", "items": next } } }),
        value: |next| json!({ "m": [next] }),
    },
    Link {
        name: "maps",
        schema: |next| json!({ "type": "object", "properties": { "m": { "type": "object", "additionalProperties": next } } }),
        value: |next| json!({ "m": { "key": next } }),
    },
    Link {
        name: "objects",
        schema: |next| json!({ "type": "object", "properties": { "m": next } }),
        value: |next| json!({ "m": next }),
    },
    Link {
        name: "required",
        schema: |next| json!({ "type": "object", "properties": { "m": next }, "required": ["m"] }),
        value: |next| json!({ "m": next }),
    },
    Link {
        name: "nullable",
        schema: |next| json!({ "type": "object", "properties": { "m": { "anyOf": [next, { "type": "null" }] } } }),
        value: |next| json!({ "m": next }),
    },
    Link {
        name: "unions",
        schema: |next| {
            let list = json!({ "type": "array", "items": next });
            json!({ "type": "object", "properties": { "m": { "anyOf": [next, { "type": "string" }, list] } } })
        },
        value: |next| json!({ "m": [next] }),
    },
    Link {
        name: "tuples",
        schema: |next| json!({ "type": "array", "prefixItems": [next, { "type": "string" }] }),
        value: |next| json!([next, "s"]),
    },
    Link {
        // Large enough to be boxed at each level.
        name: "large",
        schema: |next| {
            let mut properties: serde_json::Map<String, Value> =
                (0..50).map(|index| (format!("s{index}"), json!({ "type": "string" }))).collect();
            properties.insert("m".to_owned(), next);
            json!({ "type": "object", "properties": properties })
        },
        value: |next| json!({ "m": next }),
    },
];

/// Returns a chain of definitions, with values that end at several depths, in valid and in invalid values.
fn chain(link: &Link) -> (Value, Vec<Value>) {
    let mut definitions: Vec<Value> = (1..LONG).map(|next| (link.schema)(definition(next))).collect();
    definitions.push(json!({ "type": "object" }));
    let mut values = Vec::new();
    for depth in [0, 1, 7, 30] {
        for end in [json!({}), json!([]), json!(5), json!({ "m": 5 })] {
            values.push(json!({ "top": (0..depth).fold(end, |value, _| (link.value)(value)) }));
        }
    }
    (event(definitions), values)
}

/// Returns definitions with random references to later definitions, or to any definition if `cyclic` is true.
fn graph(random: &mut Rng, count: usize, is_cyclic: bool) -> Value {
    let mut definitions = Vec::new();
    for index in 0..count {
        let mut parts = Vec::new();
        for _ in 0..random.usize(1..4) {
            let target =
                if is_cyclic { random.usize(0..count) } else { (index + 1 + random.usize(0..3)).min(count - 1) };
            if is_cyclic || target > index {
                parts.push((random.choice(&LINKS).unwrap().schema)(definition(target)));
            }
        }
        let properties: serde_json::Map<String, Value> =
            parts.into_iter().enumerate().map(|(at, part)| (format!("p{at}"), part)).collect();
        definitions.push(json!({ "type": "object", "properties": properties }));
    }
    event(definitions)
}

/// Returns the schemas that the planner must treat specially, with values.
fn special() -> Vec<(&'static str, Value, Vec<Value>)> {
    let needs = |name: &str, next: Value| json!({ "type": "object", "properties": { name: next }, "required": [name] });
    let ring = (1..=60).map(|next| json!({ "type": "object", "properties": { "m": definition(next % 60) } })).collect();
    let all = |count: usize| {
        let of = |at: usize| (format!("m{at}"), json!({ "type": "array", "items": definition(at) }));
        let one = json!({ "type": "object", "properties": (0..count).map(of).collect::<serde_json::Map<_, _>>() });
        event(vec![one; count])
    };
    let twice = |next: usize| json!({ "type": "object", "required": ["l", "r"], "properties": { "l": definition(next), "r": definition(next) } });
    let mut doubled: Vec<Value> = (1..31).map(twice).collect();
    doubled.push(json!({ "type": "object" }));
    let tops = [
        json!({}),
        json!([]),
        json!({ "p": {} }),
        json!({ "c": {} }),
        json!({ "l": {} }),
        json!({ "m": { "m": 1 } }),
        json!(1),
    ];
    let tops: Vec<Value> = tops.into_iter().map(|top| json!({ "top": top })).collect();
    let choice = json!({ "oneOf": [
        { "type": "object", "required": ["kind", "of"], "properties": { "kind": { "const": "not" }, "of": definition(0) } },
        { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "all" } } },
    ]});
    vec![
        ("ring", event(ring), tops.clone()),
        ("knot", all(20), tops.clone()),
        ("small_knot", all(3), tops.clone()),
        ("doubled", event(doubled), tops.clone()),
        ("each_other", event(vec![needs("p", definition(1)), needs("c", definition(0))]), tops.clone()),
        (
            "each_other_in_items",
            event(vec![json!({ "type": "array", "items": definition(0), "minItems": 1 })]),
            tops.clone(),
        ),
        (
            "itself",
            json!({ "type": "object", "properties": { "a": { "$ref": "#" } }, "required": ["a"] }),
            vec![json!({}), json!({ "a": {} }), json!({ "a": { "a": 1 } })],
        ),
        (
            "itself_or_other",
            event(vec![json!({ "properties": { "a": definition(0) }, "required": ["a"] })]),
            vec![
                json!({ "top": {} }),
                json!({ "top": { "a": {} } }),
                json!({ "top": { "a": { "a": 1 } } }),
                json!({ "top": 1 }),
            ],
        ),
        (
            "first_of_choice",
            event(vec![choice]),
            vec![
                json!({ "top": { "kind": "not", "of": { "kind": "not", "of": { "kind": "all" } } } }),
                json!({ "top": { "kind": "not", "of": {} } }),
                json!({ "top": { "kind": "all" } }),
            ],
        ),
    ]
}

/// Returns every schema, with its values.
fn cases() -> Vec<(String, Value, Vec<Value>)> {
    let mut cases: Vec<(String, Value, Vec<Value>)> = Vec::new();
    for link in &LINKS {
        let (schema, values) = chain(link);
        cases.push((link.name.to_owned(), schema, values));
    }
    let mut random = Rng::with_seed(7);
    for (index, (count, is_cyclic)) in [(8, true), (30, true), (40, false), (60, false)].into_iter().enumerate() {
        let values = vec![json!({ "top": {} }), json!({ "top": { "p0": 1 } }), json!({ "top": { "p0": {} } })];
        cases.push((format!("graph{index}"), graph(&mut random, count, is_cyclic), values));
    }
    cases.extend(special().into_iter().map(|(name, schema, values)| (name.to_owned(), schema, values)));
    cases
}

/// Returns the types of a module.
fn types(module: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let files = fs::read_dir(module).unwrap().map(|file| file.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let text = fs::read_to_string(file).unwrap();
        for line in text.lines() {
            let name = ["pub struct ", "pub enum "].iter().find_map(|start| line.strip_prefix(start));
            names.extend(
                name.map(|name| name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()),
            );
        }
    }
    names.sort();
    names.dedup();
    names
}

/// The code of a crate that depends on the package.
const HEAD: &str = r#"
use std::fmt::Debug;

fn shared<T: Send + Sync + Unpin + Clone + Debug + PartialEq + serde::Serialize + serde::de::DeserializeOwned + 'static>() {}

fn made<T: Default + PartialEq + Clone + Debug>() {
    let value = T::default();
    assert_eq!(value.clone(), value);
}

/// Futures add to the depth of the types that they hold.
async fn held<T>(value: T) {
    std::future::ready(()).await;
    drop(value);
}

async fn held_deeper<T>(value: T) {
    held(Ok::<Vec<T>, String>(vec![value])).await;
}

fn sent<F: Future + Send + 'static>(_: F) {}

/// Checks that a payload is accepted exactly if it is valid, and is written back equal.
fn agrees<T: nested::Payload>(name: &str, text: &str, is_valid: bool) {
    match T::from_slice(text.as_bytes()) {
        Ok(value) => {
            assert!(is_valid, "{name} accepts {text}");
            let written: nested::serde_json::Value = nested::serde_json::from_str(&nested::to_string(&value)).unwrap();
            assert_eq!(written, nested::serde_json::from_str::<nested::serde_json::Value>(text).unwrap(), "{name}");
        }
        Err(error) => {
            assert!(!is_valid, "{name} rejects {text}: {error}");
            assert!(error.violations().is_some_and(|violations| violations.count() > 0), "{name}: {text}: {error}");
        }
    }
}

"#;

#[test]
#[ignore = "compiles packages"]
fn whatever_types_contain_compiles() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let cases = cases();
    for (name, schema, _) in &cases {
        let settings = format!("title = {name:?}\nschemas = \"documented\"\n");
        write(
            &folder.join("defs").join(name),
            [("provider.toml", settings), ("thing/schema.json", schema.to_string())],
        );
    }
    let runtime = root().join("crates/runtime").display().to_string().replace('\\', "/");
    let runtime = format!("version = {:?}, path = {runtime:?}", env!("CARGO_PKG_VERSION"));
    let options = Options::default().package("nested").runtime(runtime);
    let (_, generated) = generate_folder(&folder.join("defs"), &options).unwrap();
    let package = folder.join("package");
    generated.tree.write(&package).unwrap();
    let notes = generated.buffered.join("\n");
    for (provider, note) in [
        ("arrays", "it is kept as a `Value`: types that nest deeper would not compile"),
        ("graph1", "it is kept as a `Value` here: too many types contain each other"),
        ("doubled", "it is kept as a `Value`: every valid one has more than 1000 objects inside"),
        ("each_other", "no finite JSON value is valid: every value must contain another such value"),
        ("each_other_in_items", "no finite JSON value is valid: every value must contain another such value"),
    ] {
        let is_it = |line: &str| line.starts_with(&format!("{provider}/thing: ")) && line.ends_with(note);
        assert!(notes.lines().any(is_it), "{provider}: {notes}");
    }
    // A schema that is small enough has types, even if it is recursive.
    for provider in ["small_knot", "first_of_choice", "itself_or_other"] {
        assert!(!notes.lines().any(|line| line.starts_with(provider)), "{provider}: {notes}");
    }

    let mut program = HEAD.to_owned() + "fn main() {\n";
    for (name, schema, values) in &cases {
        let module = format!("nested::{name}");
        writeln!(program, "    sent(held_deeper(None::<{module}::Event>));").unwrap();
        for ty in types(&package.join("src").join(name)) {
            writeln!(program, "    shared::<{module}::{ty}>();").unwrap();
            if ty != "Event" {
                writeln!(program, "    made::<{module}::{ty}>();").unwrap();
            }
        }
        for value in values {
            let is_valid = jsonschema::draft202012::is_valid(schema, value);
            let text = value.to_string();
            writeln!(program, "    agrees::<{module}::Thing>({name:?}, {text:?}, {is_valid});").unwrap();
        }
    }
    program.push_str("}\n");
    let dependencies = dependency("nested", &package) + "serde = \"1\"\n";
    run_user(&folder.join("user"), "nesting-user", &dependencies, &program).exits(0);
}

/// Returns the schema of an event in which each of many schemas refers to the next one twice.
fn doubled(levels: usize, link: impl Fn(Value) -> Value, leaf: Value) -> Value {
    let mut definitions: Vec<Value> = (1..=levels).map(|next| link(definition(next))).collect();
    definitions.push(leaf);
    event(definitions)
}

#[test]
fn schemas_that_lead_to_the_next_twice_are_read_once() {
    let leaf = |text: &str| json!({ "type": "object", "properties": { text: { "type": "string" } }, "not": { "required": ["x"] } });
    /// Returns a schema that refers to the given schema twice.
    type Link = fn(Value) -> Value;
    let links: [(&str, Link); 9] = [
        ("all_of", |next| json!({ "allOf": [next, next] })),
        ("any_of", |next| json!({ "anyOf": [next, next] })),
        ("one_of", |next| json!({ "oneOf": [next, next] })),
        ("if_then", |next| json!({ "if": next, "then": next, "else": next })),
        ("dependent", |next| json!({ "dependentSchemas": { "a": next, "b": next } })),
        ("properties", |next| json!({ "type": "object", "properties": { "a": next, "b": next } })),
        (
            "required",
            |next| json!({ "type": "object", "properties": { "a": next, "b": next }, "required": ["a", "b"] }),
        ),
        ("items", |next| json!({ "type": "array", "prefixItems": [next, next], "items": next })),
        ("mixed", |next| json!({ "allOf": [next, { "anyOf": [next, { "properties": { "a": next } }] }] })),
    ];
    // If each path were visited, the tests would not end: 24 levels have 2^24 paths.
    for (name, link) in links {
        let old = doubled(24, link, leaf("old"));
        let old = catalog(&[("event", &old.to_string())], "");
        let new = doubled(24, link, leaf("new"));
        let new = catalog(&[("event", &new.to_string())], "");
        let generated = generate(&old, &options()).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        let size: usize = generated.tree.files().map(|(_, text)| text.len()).sum();
        assert!(size < 400_000, "{name}: {size} bytes");
        assert!(describe(&old, &options()).is_ok(), "{name}");
        assert!(compare::providers(&old.providers[0], &new.providers[0], compare::Sent::default()).is_ok(), "{name}");
    }
}

#[test]
fn schemas_in_one_place_are_at_most_so_many() {
    let chain =
        |levels: usize| doubled(levels, |next| json!({ "allOf": [next, { "type": "object" }] }), json!({})).to_string();
    let accepted = catalog(&[("event", &chain(70))], "");
    assert!(generate(&accepted, &options()).is_ok());
    let refused = catalog(&[("event", &chain(80))], "");
    let problems = generate(&refused, &options()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["too-deep"]);
    assert!(problems[0].pointer.starts_with("/$defs/d"), "{problems:?}");
}

/// Names of members can be data. If the letters of such names were compared, this would go on for an hour.
#[test]
fn long_names_are_not_compared_letter_by_letter() {
    let version = |letter: &str| {
        let name = letter.repeat(300_000);
        let schema =
            json!({ "type": "object", "properties": { name.as_str(): { "type": "string" } }, "required": [name] });
        catalog(&[("event", &schema.to_string())], "")
    };
    let (old, new) = (version("a"), version("b"));
    let changes = compare::providers(&old.providers[0], &new.providers[0], compare::Sent::default()).unwrap();
    assert!(!changes.is_empty());
}
