//! The generator's output: it is equal to the committed trees, in every run, and depends only on schema-defs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use conformance::folder::{copy, goldens, root, vendors, write};
use conformance::planned::generated;
use webhook_codegen::catalog::{Event, Provider, Settings};
use webhook_codegen::json::Json;
use webhook_codegen::{Catalog, Generated, Options, generate, generate_folder, load};

use crate::command::{Outcome as _, output, scratch};

fn options(package: Option<&str>, runtime: &str) -> Options {
    let options =
        Options::default().runtime(format!("version = \"={}\", path = {runtime:?}", env!("CARGO_PKG_VERSION")));
    match package {
        Some(package) => options.package(package),
        None => options,
    }
}

/// The package of the goldens.
static GOLDENS: LazyLock<Generated> =
    LazyLock::new(|| generate(conformance::catalog(&goldens()), &options(None, "r")).unwrap());

/// The vendors' crate is compared by the tests of `cargo xtask codegen`.
#[test]
fn the_goldens_are_what_codegen_makes() {
    let options = options(None, "../../../crates/runtime").lowered(true);
    let (_, generated) = generate_folder(&goldens(), &options).unwrap();
    let differing = generated.tree.compare(&root().join("tests/goldens/package")).unwrap();
    let differing: Vec<String> = differing.into_iter().map(|difference| difference.path).collect();
    let command = "cargo xtask codegen --defs tests/goldens/schema-defs --out tests/goldens/package --lowered";
    assert_eq!(differing, Vec::<String>::new(), "run {command}");
}

#[test]
fn the_output_depends_on_the_input_alone() {
    let folder = tempfile::tempdir().unwrap();
    copy(&goldens(), &folder.path().join("elsewhere"));
    for _ in 0..2 {
        let there = generate(&load(&folder.path().join("elsewhere")).unwrap(), &options(None, "r")).unwrap();
        assert_eq!(GOLDENS.tree, there.tree);
        assert_eq!(GOLDENS.buffered, there.buffered);
    }
}

/// The text that generated code has if a value is buffered before it is read.
const BUFFERED: [&str; 4] = ["buffered: true", "read::buffered(", "read::value(", "first_valid("];

#[test]
fn no_payload_of_a_vendor_is_read_whole() {
    let generated = generate(conformance::catalog(&vendors()), &options(None, "r")).unwrap();
    assert_eq!(generated.buffered, Vec::<String>::new());
    for (path, text) in generated.tree.files().filter(|(path, _)| path.ends_with(".rs")) {
        for detour in BUFFERED {
            assert!(!text.contains(detour), "{path} has {detour}");
        }
    }
    for detour in BUFFERED {
        assert!(GOLDENS.tree.files().any(|(_, text)| text.contains(detour)), "no code has {detour}");
    }
}

#[test]
fn what_is_read_whole_is_said() {
    conformance::assert_snapshot!(GOLDENS.buffered.join("\n"));
}

#[test]
fn a_provider_may_have_hundreds_of_events() {
    let json = |text: &str| Json::parse(text).unwrap();
    let shared =
        r##"{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "up": {"$ref": "#"}}}"##;
    let event = |number: usize| Event {
        name: format!("event_{number}"),
        schema: json(&format!(
            r#"{{"type": "object", "required": ["type"], "properties": {{
                "type": {{"const": "event.{number}"}}, "data": {{"$ref": "../common/data.json"}}, "n{number}": {{"minimum": {number}}}
            }}}}"#
        )),
        overlay: None,
        examples: Vec::new(),
    };
    let provider = Provider {
        name: "many".to_owned(),
        settings: Settings::default(),
        events: (0..300).map(event).collect(),
        envelope: None,
        documents: [("many/common/data.json".to_owned(), json(shared))].into(),
    };
    let catalog = Catalog { providers: vec![provider], ..Catalog::default() };
    let generated = generate(&catalog, &options(None, "r")).unwrap();
    let modules = generated.tree.files().filter(|(path, _)| path.starts_with("src/many/event_")).count();
    assert_eq!(modules, 300);
    let shared = generated.tree.get("src/many/shared.rs").unwrap();
    assert_eq!(shared.matches("pub struct Data {").count(), 1);
}

/// Returns whether every line of a text is in another text, in the same order.
fn has_lines_of(longer: &str, shorter: &str) -> bool {
    let mut lines = longer.lines();
    shorter.lines().all(|line| lines.by_ref().any(|other| other == line))
}

#[test]
fn a_new_event_changes_its_own_files_and_lists() {
    let catalog = conformance::catalog(&vendors());
    let after = generate(catalog, &options(None, "r")).unwrap().tree;
    let new_events = [("crowdsec", "am_i_under_attack"), ("crowdsec", "payment_failed"), ("wallarm", "ip_blocked")];
    for (provider, event) in new_events {
        let mut catalog = catalog.clone();
        let of_provider = catalog.providers.iter_mut().find(|known| known.name == provider).unwrap();
        of_provider.events.retain(|known| known.name != event);
        let before = generate(&catalog, &options(None, "r")).unwrap().tree;
        let mut changed = Vec::new();
        for (path, text) in after.files() {
            match before.files().find(|(known, _)| *known == path) {
                Some((_, old)) if old == text => {}
                // The examples in the documentation of a package are of the first event.
                Some(_) if path == "README.md" || path == "src/lib.rs" => {}
                Some((_, old)) => {
                    changed.push(path.trim_start_matches(&format!("src/{provider}/")).to_owned());
                    // Imports and the first lines of a list may be broken at other places.
                    assert!(
                        path.ends_with("/mod.rs") || path.ends_with("/dispatch.rs") || has_lines_of(text, old),
                        "{path}"
                    );
                }
                None => assert!(path.contains(event), "{path} is new with {event}"),
            }
        }
        assert_eq!(changed, ["dispatch.rs", "mod.rs", "schemas.rs"], "{event}");
    }
}

/// Returns the code that identifies the events of a provider.
fn dispatch(events: &[(&str, &str)], settings: &str) -> String {
    generated(events, settings).0.get("src/acme/dispatch.rs").unwrap().to_owned()
}

#[test]
fn payloads_that_are_constant_strings_are_identified() {
    let code = dispatch(&[("up", r#"{"const": "up"}"#), ("down", r#"{"const": "down"}"#)], "");
    // The payload itself decides, and it has no member from which to guess the event.
    let code: String = code.split_whitespace().collect();
    for expected in ["\"up\"=>[string([],\"up\")]", "\"down\"=>[string([],\"down\")]"] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
    assert!(!code.contains("discriminator:"), "{code}");
}

#[test]
fn events_with_the_same_string_are_guessed_in_order_of_precedence() {
    let event = |members: &str, required: &str| {
        format!(r#"{{ "type": "object", "properties": {{ {members} }}, "required": [{required}] }}"#)
    };
    let first = event(r#""kind": { "const": "x" }, "n": { "const": 1 }"#, r#""kind", "n""#);
    let listed = event(r#""kind": { "const": "x" }, "items": { "type": "array" }, "n": {}"#, r#""kind", "items""#);
    let other = event(r#""kind": { "enum": ["x", "y"] }, "n": {}, "items": {}"#, r#""kind""#);
    let alone = event(r#""kind": { "const": "z" }"#, r#""kind""#);
    let events = [("first", &*first), ("listed", &listed), ("other", &other), ("alone", &alone)];
    let code = dispatch(&events, "precedence = [\"first\", \"listed\", \"other\"]\n");
    for expected in [
        r#""x" => certain("first") | certain("listed") | certain("other"),"#,
        r#""y" => certain("first") | certain("listed") | certain("other"),"#,
        r#""z" => certain("alone"),"#,
    ] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
}

/// Schemas of odd shapes: definitions that nothing uses, roots that are no objects, names that are no identifiers. Each is
/// the event of a provider of its own, read in both ways, and one provider has all.
#[test]
#[ignore = "compiles packages"]
fn generated_code_has_no_warnings() {
    let folder = tempfile::tempdir().unwrap();
    let defs = folder.path().join("defs");
    write(&defs, [("all/provider.toml", "title = \"All\"\nschemas = \"documented\"\ndispatch = \"named\"\n")]);
    let schemas = include_str!("../../fixtures/odd_schemas.json");
    for (name, schema) in serde_json::from_str::<BTreeMap<String, serde_json::Value>>(schemas).unwrap() {
        write(&defs, [(format!("all/{name}/schema.json"), schema.to_string())]);
        for source in ["documented", "inferred"] {
            let settings = format!("title = \"{name} {source}\"\nschemas = \"{source}\"\n");
            let provider = defs.join(format!("{name}_{source}"));
            write(&provider, [("provider.toml", settings), ("only/schema.json", schema.to_string())]);
        }
    }
    let package = folder.path().join("zoo");
    let runtime = root().join("crates/runtime").display().to_string().replace('\\', "/");
    let options = options(Some("zoo"), &runtime).standalone(true);
    let (_, generated) = generate_folder(&defs, &options).unwrap();
    generated.tree.write(&package).unwrap();
    let check = ["check", "--quiet", "--features", "arbitrary_precision"];
    assert_eq!(output(&mut scratch(&package, &check)).exits(0).1, "");
}
