//! References: between files, to addresses, to anchors, and in circles.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use webhook_import::{Given, Options, import};

use super::{examples, folder, import_text, names, shown, validator, written};

fn with(given: &[Given]) -> Options {
    Options { given: given.to_vec(), ..Options::default() }
}

const MAIN: &str = r##"
openapi: 3.1.0
info: {title: T, version: "1"}
webhooks:
  a: {$ref: "parts/paths.yaml#/a"}
"##;

const PATHS: &str = r##"
a:
  post:
    requestBody:
      content:
        application/json:
          schema: {$ref: "schemas.json#/Order"}
          examples:
            far: {externalValue: "far.json"}
"##;

const SCHEMAS: &str = r##"{
  "Order": {"type": "object", "required": ["id"], "properties": {
    "id": {"$ref": "https://vendor.example/id.json#number"},
    "parts": {"type": "array", "items": {"$ref": "#/Order"}},
    "user": {"$ref": "../user.yaml"}
  }}
}"##;

const ID: &str = r##"{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"n": {"$anchor": "number", "type": "integer"}}}"##;

#[test]
fn files_and_addresses_are_bundled() {
    let folder = folder(&[
        ("main.yaml", MAIN),
        ("parts/paths.yaml", PATHS),
        ("parts/schemas.json", SCHEMAS),
        ("parts/far.json", r#"{"id": 1, "parts": [{"id": 2}], "user": {"friend": {"friend": null}}}"#),
        ("user.yaml", "type: [object, 'null']\nproperties: {friend: {$ref: '#'}}\n"),
        ("saved/id", ID),
    ]);
    let path = |name: &str| folder.path().join(name);
    let given = |url: &str| vec![Given::File(url.to_owned(), path("saved/id"))];
    let imported = import("vendor", &[path("main.yaml")], &with(&given("https://vendor.example/id.json")));
    let provider = written(&imported.unwrap());
    let validator = validator(&provider, "a");
    let valid = |value: Value| validator.are_valid(&[&value])[0];
    assert!(valid(json!({ "id": 1, "parts": [{ "id": 2 }], "user": { "friend": { "friend": null } } })));
    assert!(!valid(json!({ "id": "1" })));
    assert!(!valid(json!({ "id": 1, "parts": [{}] })));
    assert!(!valid(json!({ "id": 1, "user": { "friend": { "friend": 5 } } })));
    assert_eq!(provider.events[0].examples[0].name, "far");
    assert!(provider.library().values().all(|json| !json.to_string().contains("vendor.example/id")));
    // Without the file, the error names the address, the place and the option.
    let error = import("vendor", &[path("main.yaml")], &with(&given("https://vendor.example/other.json"))).unwrap_err();
    let text = shown(&error);
    assert!(text.contains("schemas.json:3:"), "{text}");
    assert!(text.contains("no file is given for https://vendor.example/id.json"), "{text}");
    assert!(text.contains("--with https://vendor.example/id.json=FILE"), "{text}");
    assert!(text.starts_with("[unresolved-reference]"), "{text}");
}

#[test]
fn what_is_not_there_is_named() {
    let document = |reference: &str| MAIN.replace("parts/paths.yaml#/a", reference);
    let problem = |reference: &str| {
        let folder = folder(&[("main.yaml", &document(reference)), ("empty.yaml", "b: 1\n")]);
        let error = import("vendor", &[folder.path().join("main.yaml")], &Options::default()).unwrap_err();
        shown(&error).replace(&folder.path().display().to_string(), "FOLDER")
    };
    let text = problem("missing.yaml#/a");
    assert!(text.contains("main.yaml:5:") && text.contains("there is no file FOLDER/missing.yaml"), "{text}");
    assert!(problem("empty.yaml#/a").contains("there is no /a in FOLDER/empty.yaml"), "{}", problem("empty.yaml#/a"));
    assert!(problem("#nothing").contains("there is no anchor \"nothing\""), "{}", problem("#nothing"));
    assert!(problem("#/webhooks/a").contains("lead to each other"), "{}", problem("#/webhooks/a"));
    assert!(problem("http://[").contains("no URI"), "{}", problem("http://["));
}

#[test]
fn schemas_with_addresses_and_dynamic_references_are_kept_whole() {
    let text = r##"
openapi: 3.1.0
info: {title: T, version: "1"}
webhooks:
  a:
    post:
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Numbers"}}}
components:
  schemas:
    Numbers:
      $id: https://vendor.example/numbers
      $ref: list#/$defs/list
      $defs: {item: {$dynamicAnchor: item, type: integer}}
    List:
      $id: https://vendor.example/list
      $defs:
        list: {type: object, properties: {list: {type: array, items: {$dynamicRef: "#item"}}}}
        item: {$dynamicAnchor: item}
"##;
    let folder = folder(&[("main.yaml", text)]);
    let imported = import("vendor", &[folder.path().join("main.yaml")], &Options::default());
    let provider = written(&imported.unwrap());
    let validator = validator(&provider, "a");
    let valid = |value: Value| validator.are_valid(&[&value])[0];
    assert_eq!([valid(json!({ "list": [1] })), valid(json!({ "list": ["1"] }))], [true, false]);
    // Where the document around the schema decides, it is rejected.
    let text = text
        .replace("      $id: https://vendor.example/numbers\n", "")
        .replace("$ref: list#/$defs/list", "$dynamicRef: '#item'");
    let folder = super::folder(&[("main.yaml", &text)]);
    let error = import("vendor", &[folder.path().join("main.yaml")], &Options::default()).unwrap_err();
    assert!(shown(&error).contains("[unsupported-keyword]"), "{}", shown(&error));
}

#[test]
fn a_folder_with_a_document_is_that_document() {
    let files = [
        ("main.yaml", MAIN),
        ("parts/paths.yaml", PATHS),
        ("parts/schemas.json", SCHEMAS),
        ("user.yaml", "{}"),
        ("parts/far.json", "{\"id\": 1}"),
    ];
    let folder = folder(&[files.as_slice(), &[("id.json", ID)]].concat());
    let given = [Given::File("https://vendor.example/id.json".to_owned(), folder.path().join("id.json"))];
    let sources: Vec<PathBuf> = vec![folder.path().to_owned()];
    let imported = import("vendor", &sources, &with(&given)).unwrap();
    assert_eq!(names(&imported.provider), ["a"]);
    assert!(imported.notes.iter().any(|note| note.starts_with("5 other files")), "{:#?}", imported.notes);
}

#[test]
fn a_document_that_gives_itself_an_address() {
    let text = MAIN.replace("openapi: 3.1.0", "openapi: 3.2.0\n$self: https://vendor.example/api/main.yaml");
    let paths = PATHS.replace("schemas.json#/Order", "https://vendor.example/api/main.yaml#/components/schemas/S");
    let text =
        format!("{text}components: {{schemas: {{S: {{type: object, properties: {{s: {{$ref: other.yaml}}}}}}}}}}\n");
    let files = [("main.yaml", text.as_str()), ("saved/paths", &paths), ("saved/other", "type: integer\n")];
    let folder = folder(&files);
    let path = |name: &str| folder.path().join(name);
    let given = [("parts/paths.yaml", "saved/paths"), ("other.yaml", "saved/other"), ("parts/far.json", "saved/other")];
    let given = given.map(|(name, file)| Given::File(format!("https://vendor.example/api/{name}"), path(file)));
    let imported = import("vendor", &[path("main.yaml")], &with(&given)).unwrap();
    let validator = validator(&written(&imported), "a");
    assert_eq!(validator.are_valid(&[&json!({ "s": 1 }), &json!({ "s": "1" })]), [true, false]);
}

#[test]
fn a_schema_as_deep_as_json_may_be() {
    let deep = (0..100).fold("{\"type\": \"string\"}".to_owned(), |schema, _| format!("{{\"not\": {schema}}}"));
    let text = format!(
        r##"{{"openapi": "3.0.0", "x-webhooks": {{"a": {{"post": {{"requestBody": {{"content": {{"application/json": {{"schema": {deep}}}}}}}}}}}}}}}"##
    );
    let provider = written(&import_text("a.json", &text).unwrap());
    assert_eq!(validator(&provider, "a").are_valid(&[&json!("text"), &json!(1)]), [true, false]);
}

#[test]
fn a_folder_whose_schemas_refer_to_each_other_from_its_top() {
    let event = |name: &str| {
        format!(
            r##"{{"$schema": "http://json-schema.org/draft-07/schema", "$id": "{name}", "type": "object", "required": ["kind", "user"],
            "properties": {{"kind": {{"const": "{name}"}}, "user": {{"$ref": "common/user.schema.json"}}}}}}"##
        )
    };
    let (opened, closed, merged) = (event("issue$opened"), event("issue$closed"), event("pull$opened"));
    let index = r#"{"oneOf": [{"$ref": "issue/opened.schema.json"}, {"$ref": "issue/closed.schema.json"}]}"#;
    let user =
        r#"{"$schema": "http://json-schema.org/draft-07/schema", "$id": "common/user.schema.json", "type": "string"}"#;
    let folder = folder(&[
        ("all/common/user.schema.json", user),
        ("all/index.json", index),
        ("all/issue/opened.schema.json", &opened),
        ("all/issue/closed.schema.json", &closed),
        ("all/pull/opened.schema.json", &merged),
        ("examples/pull/opened.1.payload.json", r#"{"kind": "pull$opened", "user": "a"}"#),
        ("examples/other.json", "{}"),
    ]);
    let sources = [folder.path().join("all"), folder.path().join("examples")];
    let imported = import("vendor", &sources, &Options::default()).unwrap();
    let notes = ["index.json: a list of schemas in other files", "other.json: neither a schema nor named after"];
    assert!(notes.iter().all(|text| imported.notes.iter().any(|note| note.contains(text))), "{:#?}", imported.notes);
    let provider = written(&imported);
    assert_eq!(names(&provider), ["issue_closed", "issue_opened", "pull_opened"]);
    assert_eq!(provider.events[2].examples[0].value, json!({ "kind": "pull$opened", "user": "a" }));
    let validator = validator(&provider, "issue_opened");
    let values = [json!({ "kind": "issue$opened", "user": "a" }), json!({ "kind": "issue$opened", "user": 1 })];
    assert_eq!(validator.are_valid(&[&values[0], &values[1]]), [true, false]);
}

#[test]
fn a_name_with_a_slash_is_found_whether_it_is_escaped_or_not() {
    for reference in ["#/components/schemas/a~1b", "#/components/schemas/a/b"] {
        let text = MAIN.replace(
            "{$ref: \"parts/paths.yaml#/a\"}",
            &format!(
                "{{post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: \"{reference}\"}}}}}}}}}}}}"
            ),
        );
        let text = format!("{text}components: {{schemas: {{a/b: {{type: integer}}, a: {{}}}}}}\n");
        let provider = written(&import_text("a.yaml", &text).unwrap());
        assert_eq!(validator(&provider, "a").are_valid(&[&json!(1), &json!("1")]), [true, false]);
    }
}

/// A document with a reference, in the folder `given`, with files of others around it.
fn beside(reference: &str) -> tempfile::TempDir {
    folder(&[
        ("given/api/main.yaml", &MAIN.replace("parts/paths.yaml#/a", reference)),
        ("given/api/below/paths.yaml", OTHER_PATHS),
        ("given/paths.yaml", OTHER_PATHS),
        ("outside.yaml", &OTHER_PATHS.replace("integer", "SECRET")),
        ("secret.json", "SECRET"),
    ])
}

const OTHER_PATHS: &str = "a: {post: {requestBody: {content: {application/json: {schema: {type: integer}}}}}}\n";

#[test]
fn references_stay_below_what_is_given() {
    let sources = |folder: &tempfile::TempDir, source: &str| [folder.path().join(source)];
    // From a document, its folder; from a folder, that folder; and whatever else is given.
    for (source, reference) in [
        ("given/api/main.yaml", "below/paths.yaml#/a"),
        ("given/api/main.yaml", "../api/./below/paths.yaml#/a"),
        ("given", "../paths.yaml#/a"),
    ] {
        let folder = beside(reference);
        let imported = import("vendor", &sources(&folder, source), &Options::default());
        assert!(imported.is_ok(), "{reference}: {}", shown(&imported.unwrap_err()));
    }
    let folder = beside("../paths.yaml#/a");
    let given = [Given::Folder(folder.path().join("given"))];
    assert!(import("vendor", &sources(&folder, "given/api/main.yaml"), &with(&given)).is_ok());
    for reference in [
        "../paths.yaml#/a",
        "../../outside.yaml#/a",
        "../../secret.json",
        "..%2f..%2foutside.yaml#/a",
        "%2e%2e/%2E%2E/secret.json#/a",
        "below/../../../secret.json",
        "FOLDER/secret.json",
        "file://FOLDER/secret.json",
        "file://FOLDER/given/api/../../secret.json",
        "file:///etc/passwd",
        "/etc/passwd#/a",
    ] {
        let folder = beside(reference);
        let path = folder.path().display().to_string();
        let main = folder.path().join("given/api/main.yaml");
        fs::write(&main, fs::read_to_string(&main).unwrap().replace("FOLDER", &path)).unwrap();
        let error = import("vendor", &[main], &Options::default()).unwrap_err();
        let text = shown(&error).replace(&path, "");
        assert!(text.starts_with("[unresolved-reference]") && text.contains("--with DIR"), "{reference}: {text}");
        assert!(!text.contains("SECRET") && !text.contains("root:"), "{reference}: {text}");
    }
}

#[cfg(unix)]
#[test]
fn links_to_files_elsewhere_are_not_followed() {
    use std::os::unix::fs::symlink;

    let folder = beside("link.yaml#/a");
    let (main, link) = (folder.path().join("given/api/main.yaml"), folder.path().join("given/api/link.yaml"));
    symlink(folder.path().join("outside.yaml"), &link).unwrap();
    let error = import("vendor", std::slice::from_ref(&main), &Options::default()).unwrap_err();
    assert!(shown(&error).contains("--with DIR") && !shown(&error).contains("SECRET"), "{}", shown(&error));
    // Nor where the folder is given that it is in.
    let error = import("vendor", &[folder.path().join("given")], &Options::default()).unwrap_err();
    assert!(shown(&error).contains("[unreadable]") && !shown(&error).contains("SECRET"), "{}", shown(&error));
    fs::remove_file(&link).unwrap();
    symlink(folder.path().join("given/api/below"), folder.path().join("given/api/folder")).unwrap();
    fs::write(&main, MAIN.replace("parts/paths.yaml#/a", "folder/paths.yaml#/a")).unwrap();
    assert!(import("vendor", &[main], &Options::default()).is_ok(), "a link inside of the folder");
}

/// A file that declares a URI refers to a file next to its folder, which is not below a given folder.
#[test]
fn a_file_that_is_not_below_what_is_given_is_named() {
    let event = r#"{"$id": "https://vendor.example/v1/events/a.json", "type": "object", "properties": {"id": {"$ref": "../common/id.json"}}}"#;
    let files = folder(&[("all/events/a.json", event), ("all/common/id.json", r#"{"type": "integer"}"#)]);
    let events = files.path().join("all/events");
    let text = shown(&import("vendor", std::slice::from_ref(&events), &Options::default()).unwrap_err());
    assert!(text.contains("common/id.json is not below a folder of the documents"), "{text}");
    assert!(text.contains("--with DIR"), "{text}");
    let given = [Given::Folder(files.path().join("all"))];
    let provider = written(&import("vendor", &[events], &with(&given)).unwrap());
    assert_eq!(validator(&provider, "a").are_valid(&[&json!({ "id": 1 }), &json!({ "id": "1" })]), [true, false]);
}

/// If one of several files is broken at its root, next to its examples, the others are imported.
#[test]
fn a_file_that_leads_nowhere_spares_the_others() {
    let event = |kind: &str, target: &str| {
        format!(
            r##"{{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/{target}", "examples": [{{"kind": "{kind}"}}],
            "definitions": {{"Event": {{"type": "object", "required": ["kind"], "properties": {{"kind": {{"const": "{kind}"}}}}}}}}}}"##
        )
    };
    let (a, b) = (event("a", "Event"), event("b", "Missing"));
    let files = folder(&[("events/a.json", &a), ("events/b.json", &b)]);
    let imported = import("vendor", &[files.path().join("events")], &Options::default()).unwrap();
    let notes = imported.notes.join("\n");
    assert!(notes.contains("b is not imported: the reference \"#/definitions/Missing\" leads nowhere"), "{notes}");
    let provider = written(&imported);
    assert_eq!(names(&provider), ["a"]);
    assert_eq!(examples(&provider, "a"), [("documented", &json!({ "kind": "a" }))]);
}
