//! The arguments in addition to the documents: addresses, names, and the handling of files that cannot be read.

use webhook_import::{Given, Options};

use super::{examples, folder, import_text, import_with, names, problems, shown, written};

fn schema(kind: &str, more: &str) -> String {
    format!(r#"{{"type": "object", "required": ["kind"], "properties": {{"kind": {{"const": "{kind}"}}{more}}}}}"#)
}

/// A document with a webhook for each schema.
fn webhooks(schemas: &[(&str, String)]) -> String {
    super::dispatch::webhooks(&schemas.iter().map(|(name, schema)| (*name, "", schema.as_str())).collect::<Vec<_>>())
}

#[test]
fn a_folder_has_what_is_below_an_address() {
    let files = [("common/v1/id.json", r#"{"type": "integer"}"#), ("secret.json", r#"{"type": "string"}"#)];
    let folder = folder(&files);
    let found = |reference: &str| {
        let text = webhooks(&[("made", schema("made", &format!(r#", "id": {{"$ref": "{reference}"}}"#)))]);
        let given = vec![Given::Below("https://a.example/schemas/".to_owned(), folder.path().join("common"))];
        import_with("a.json", &text, &Options { given, ..Options::default() })
    };
    for reference in ["https://a.example/schemas/v1/id.json", "https://a.example/schemas/v1/id"] {
        let provider = written(&found(reference).unwrap());
        assert_eq!(provider.documents["vendor/common/id.json"].get("type").unwrap().as_str(), Some("integer"));
    }
    for reference in [
        "https://a.example/schemas/v1/other",
        "https://a.example/schemas/%2e%2e/secret.json",
        "https://b.example/v1/id",
    ] {
        let problems = shown(&found(reference).unwrap_err());
        assert!(problems.contains("no file is given for") || problems.contains("leads nowhere"), "{problems}");
    }
}

/// One event that cannot be imported does not keep the others out.
#[test]
fn what_cannot_be_resolved_drops_its_event() {
    let broken = |reference: &str| schema("gone", &format!(r#", "id": {{"$ref": "{reference}"}}"#));
    let text = webhooks(&[
        ("made", schema("made", "")),
        ("gone", broken("https://a.example/gone.json")),
        ("lost", broken("#/components/schemas/Lost")),
    ]);
    let imported = import_text("a.json", &text).unwrap();
    let provider = written(&imported);
    assert_eq!(names(&provider), ["made"]);
    assert!(provider.documents.is_empty() && !provider.settings.events.contains_key("gone"));
    for expected in
        ["gone is not imported: the reference \"https://a.example/gone.json\" leads nowhere", "lost is not imported"]
    {
        assert!(imported.notes.iter().any(|note| note.contains(expected)), "{:#?}", imported.notes);
    }
    // All at once, if nothing is left.
    let text = webhooks(&[("gone", broken("https://a.example/gone.json")), ("lost", broken("#/x"))]);
    let error = import_text("a.json", &text).unwrap_err();
    assert_eq!(error.problems.len(), 2, "{}", shown(&error));
}

#[test]
fn names_are_those_of_titles_versions_and_the_command() {
    let import = |file: &str, text: &str, options: &Options| {
        import_with(file, text, options).map(|imported| names(&written(&imported)).join(" "))
    };
    let titled = r#"{"title": "Eve log", "type": "object", "properties": {"a": {}}}"#;
    assert_eq!(import("schema.json", titled, &Options::default()).unwrap(), "eve_log");
    assert_eq!(import("eve.json", titled, &Options::default()).unwrap(), "eve");
    let event = Options { event: Some("log".to_owned()), ..Options::default() };
    assert_eq!(import("schema.json", titled, &event).unwrap(), "log");
    let known = Options { known: vec!["bom_1_6".to_owned(), "other".to_owned()], ..Options::default() };
    assert_eq!(import("bom-1.7.schema.json", titled, &known).unwrap(), "bom_1_6");
    assert_eq!(import("bomb-1.7.schema.json", titled, &known).unwrap(), "bomb_1_7");
    let two = webhooks(&[("a", schema("a", "")), ("b", schema("b", ""))]);
    let error = shown(&import("a.json", &two, &event).unwrap_err());
    assert!(error.contains("the documents describe 2 events, and --event names one"), "{error}");
}

/// Where a whole payload is missing, the examples of its members make one.
#[test]
fn members_have_examples() {
    let text = webhooks(&[
        (
            "made",
            schema(
                "made",
                r##", "id": {"type": "integer", "examples": [7]}, "who": {"$ref": "#/components/schemas/Who"},
                "tags": {"type": "array", "items": {"type": "string", "examples": ["a"]}}, "none": {"type": "string"}"##,
            ),
        ),
        ("gone", schema("gone", r#", "id": {"type": "integer"}"#)),
    ]);
    let who = r#"{"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "example": "x"}, "at": {"type": "string"}}}"#;
    let text =
        text.strip_suffix('}').unwrap().to_owned() + &format!(r#", "components": {{"schemas": {{"Who": {who}}}}}}}"#);
    let imported = import_text("a.json", &text).unwrap();
    let provider = written(&imported);
    let expected = serde_json::json!({ "kind": "made", "id": 7, "who": { "name": "x" }, "tags": ["a"] });
    assert_eq!(examples(&provider, "made"), [("members", &expected)]);
    assert_eq!(examples(&provider, "gone"), []);
    assert!(imported.notes.iter().any(|note| note.contains("put together")), "{:#?}", imported.notes);
}

/// If the example had the members of every level, it would have 40 to the power of 5 objects.
#[test]
fn an_example_of_members_has_a_limited_size() {
    let members: Vec<String> =
        (0..40).map(|at| format!(r##""m{at}": {{"$ref": "#/components/schemas/Node"}}"##)).collect();
    let node = format!(
        r#"{{"type": "object", "properties": {{"name": {{"type": "string", "example": "x"}}, {}}}}}"#,
        members.join(", ")
    );
    let text = webhooks(&[("made", schema("made", r##", "node": {"$ref": "#/components/schemas/Node"}"##))]);
    let text =
        text.strip_suffix('}').unwrap().to_owned() + &format!(r#", "components": {{"schemas": {{"Node": {node}}}}}}}"#);
    let provider = written(&import_text("a.json", &text).unwrap());
    let found = examples(&provider, "made");
    let [(name, payload)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(*name, "members");
    assert_eq!(payload.pointer("/node/m39/name"), Some(&serde_json::json!("x")));
    assert!(payload.to_string().len() < 100_000);
}

/// A vendor's own metaschema extends a dialect: its schemas have that dialect.
#[test]
fn a_metaschema_may_be_given() {
    let meta =
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://a.example/meta", "allOf": []}"#;
    let folder = folder(&[("meta.json", meta)]);
    let text = r#"{"$schema": "https://a.example/meta#", "type": "object", "required": ["a"], "properties": {"a": {"const": 1, "secret": true}}}"#;
    let given = vec![Given::File("https://a.example/meta".to_owned(), folder.path().join("meta.json"))];
    let imported = import_with("made.json", text, &Options { given, ..Options::default() }).unwrap();
    let provider = written(&imported);
    let declared = provider.events[0].schema.get("$schema").and_then(webhook_codegen::json::Json::as_str);
    assert_eq!(declared, Some("http://json-schema.org/draft-07/schema#"));
    assert_eq!(provider.settings.annotations, ["secret"]);
    let problems = problems("made.json", text);
    assert!(problems.contains("--with https://a.example/meta#=FILE"), "{problems}");
}
