//! The object around the events of a body: its schema is read, named and compared like an event's.

use std::collections::BTreeMap;

use conformance::folder::{goldens, write};
use webhook_codegen::catalog::Catalog;
use webhook_codegen::compare::{ChangeKind, Class, Sent, providers};
use webhook_codegen::json::Json;
use webhook_codegen::{Code, Diagnostic, Generated, Options, generate_folder};

const SETTINGS: (&str, &str) = ("shop/provider.toml", "delivery = \"wrapped\"\nitems = \"/orders\"\n");
const ORDER: (&str, &str) = (
    "shop/order/schema.json",
    r#"{"type": "object", "required": ["kind"], "properties": {"kind": {"const": "order"}}}"#,
);
const FILE: &str = "shop/envelope.schema.json";

fn generated(files: &[(&str, &str)]) -> Result<(Catalog, Generated), Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files.iter().copied());
    generate_folder(folder.path(), &Options::default())
}

/// The problems of a folder with these files: codes and places.
fn problems(files: &[(&str, &str)]) -> Vec<(Code, String, String)> {
    let problems = generated(files).expect_err("a broken folder is refused");
    problems.into_iter().map(|problem| (problem.code, problem.file, problem.pointer)).collect()
}

#[test]
fn problems_of_the_envelope_are_listed_with_those_of_events() {
    let broken = (FILE, r#"{"properties": {"a": {"maxLenth": 1}}}"#);
    let found = problems(&[SETTINGS, ("shop/order/schema.json", r#"{"typ": "object"}"#), broken]);
    let mut files: Vec<&str> = found.iter().map(|(_, file, _)| file.as_str()).collect();
    files.sort_unstable();
    assert_eq!(files, [FILE, "shop/order/schema.json"]);
    let found = problems(&[SETTINGS, ORDER, broken]);
    assert_eq!((found.len(), found[0].2.as_str()), (1, "/properties/a/maxLenth"), "{found:?}");

    let body = ("shop/envelope.examples/page.json", r#"{"orders": [], "n": "x"}"#);
    let schema = (FILE, r#"{"type": "object", "properties": {"n": {"type": "integer"}}}"#);
    let found = problems(&[SETTINGS, ORDER, schema, body]);
    assert_eq!(found, [(Code::InvalidExample, body.0.to_owned(), "/n".to_owned())]);

    // The overlay of an envelope is next to its schema.
    let overlay = r#"[{"op": "replace", "path": "/properties/n/type", "value": "string"}]"#;
    let overlay = ("shop/envelope.overlay.json", overlay);
    assert!(generated(&[SETTINGS, ORDER, schema, body, overlay]).is_ok());
}

#[test]
fn an_envelope_needs_a_place_for_events() {
    let found = problems(&[("shop/provider.toml", "delivery = \"batch\"\n"), ORDER, (FILE, "{}")]);
    assert_eq!(found, [(Code::InvalidSettings, FILE.to_owned(), String::new())]);
    let event = ("shop/envelope/schema.json", &*ORDER.1.replace("order", "seal"));
    let found = problems(&[SETTINGS, ORDER, event, (FILE, "{}")]);
    assert_eq!(found[0], (Code::NameConflict, "shop/envelope".to_owned(), String::new()), "{found:?}");
    // Without the file, the name has no meaning.
    assert!(generated(&[SETTINGS, ORDER, event]).is_ok());
}

/// A schema that is added to a provider changes no name.
#[test]
fn the_type_takes_no_name_of_an_event() {
    let order = r##"{"type": "object", "properties": {"wrap": {"$ref": "#/$defs/Envelope"}}, "required": ["wrap"],
        "$defs": {"Envelope": {"type": "object", "properties": {"size": {"type": "integer"}}}}}"##;
    let order = ("shop/order/schema.json", order);
    let around =
        r#"{"type": "object", "properties": {"page": {"type": "object", "properties": {"n": {"type": "integer"}}}}}"#;
    let module = |files: &[(&str, &str)]| {
        let (_, made) = generated(files).unwrap();
        let files = made.tree.files().filter(|(path, _)| path.starts_with("src/shop/"));
        files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
    };
    let before: BTreeMap<String, String> = module(&[SETTINGS, order]);
    let after: BTreeMap<String, String> = module(&[SETTINGS, order, (FILE, around)]);
    assert_eq!(before["src/shop/order.rs"], after["src/shop/order.rs"]);
    let envelope = &after["src/shop/envelope.rs"];
    assert!(envelope.contains("pub struct Envelope2 {"), "{envelope}");
    assert!(after["src/shop/mod.rs"].contains("envelope: Envelope2"), "{}", after["src/shop/mod.rs"]);
}

#[test]
fn changes_of_the_envelope_are_named() {
    let mut providers_of_goldens = conformance::catalog(&goldens()).providers.iter();
    let old = providers_of_goldens.find(|provider| provider.name == "wrapped").unwrap();
    let mut new = old.clone();
    let envelope = new.envelope.as_mut().unwrap();
    let text = envelope.schema.to_string();
    envelope.schema = Json::parse(&text.replace("\"maxLength\":8", "\"maxLength\":9")).unwrap();
    assert_ne!(envelope.schema.to_string(), text);
    let changes = providers(old, &new, Sent::default()).unwrap();
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    let expected = ("envelope", ChangeKind::RuleLoosened, Class::Breaking);
    assert_eq!((change.event.as_str(), change.what, change.class), expected);
    let without = webhook_codegen::catalog::Provider { envelope: None, ..old.clone() };
    let changes = providers(old, &without, Sent::default()).unwrap();
    assert_eq!((changes.len(), changes[0].what, changes[0].class), (1, ChangeKind::EventRemoved, Class::Breaking));
    let changes = providers(&without, old, Sent::default()).unwrap();
    assert_eq!((changes.len(), changes[0].what, changes[0].class), (1, ChangeKind::EventAdded, Class::Compatible));
}
