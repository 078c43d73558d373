//! Every part of a document that is not kept is listed in a note.

use super::{import_text, imported};

/// Checks that each of some texts is in a note.
#[track_caller]
fn notes(name: &str, texts: &[&str]) {
    let notes = imported(name).notes;
    for text in texts {
        assert!(notes.iter().any(|note| note.contains(text)), "{text}: {notes:#?}");
    }
    assert_eq!(notes.len(), texts.len(), "{notes:#?}");
}

#[test]
fn of_openapi() {
    notes(
        "openapi_3_0.yaml",
        &[
            "the body is imported as application/json, and not as application/xml",
            "the body is application/x-www-form-urlencoded and not JSON",
            "reward/nullable: `nullable` next to a `$ref` is ignored",
            "status/nullable: `nullable` does not make null valid here",
            "anything/nullable: `nullable` without `type` next to it changes nothing",
            "name/const: `const` is not a keyword of OpenAPI 3.0",
            "examples/wrong: the example is not valid for the schema of parcel_moved",
        ],
    );
    notes(
        "openapi_3_1.yaml",
        &[
            "total/example: `example` is not a keyword",
            "currency/nullable and 1 more place: `nullable` is not a keyword",
        ],
    );
    notes("openapi_3_2.json", &["examples/two: the example is a string that contains JSON"]);
}

#[test]
fn of_asyncapi() {
    notes(
        "asyncapi_2.yaml",
        &[
            "LampRecord/payload: a payload whose schema is of the format \"application/vnd.apache.avro;version=1.9.0\"",
            "publish/message: a message that the application receives and does not send",
            "externalDocs: `externalDocs` is not a keyword",
        ],
    );
    notes("asyncapi_3.json", &["operations/command/messages/0: a message that the application receives"]);
}

#[test]
fn of_examples_elsewhere_and_read_only_members() {
    let text = r##"{"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "x-webhooks": {"a": {"post": {"requestBody":
        {"content": {"application/json": {"schema": {"type": "object", "required": ["id"], "properties":
        {"id": {"type": "integer", "readOnly": true}}}, "examples": {"far": {"externalValue": "https://a.example/far.json"}}}}}}}}}"##;
    let notes = import_text("a.json", text).unwrap().notes;
    assert!(notes[0].contains("give it with --with https://a.example/far.json=FILE"), "{notes:#?}");
    assert!(notes[1].contains("properties/id: `readOnly` and required"), "{notes:#?}");
    assert_eq!(notes.len(), 2, "{notes:#?}");
}

/// Events may share an example, and an example may be a list of events.
#[test]
fn a_dropped_example_is_noted_once() {
    let events: Vec<String> = (0..12)
        .map(|n| {
            format!(
                r##""e{n}": {{"post": {{"requestBody": {{"content": {{"application/json": {{
                    "schema": {{"type": "object", "required": ["type"], "properties": {{"type": {{"const": "e{n}"}}}}}},
                    "examples": {{"shared": {{"$ref": "#/components/examples/shared"}}}}}}}}}}}}}}"##
            )
        })
        .collect();
    let document = format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "A", "version": "1"}}, "webhooks": {{{}}},
            "components": {{"examples": {{"shared": {{"value": {{"type": "e3"}}}}}}}}}}"##,
        events.join(",")
    );
    let imported = import_text("a.json", &document).unwrap();
    let kept: usize = imported.provider.events.iter().map(|event| event.examples.len()).sum();
    assert_eq!(kept, 1, "{imported:#?}");
    let about: Vec<&String> = imported.notes.iter().filter(|note| note.contains("is not kept")).collect();
    assert_eq!(about.len(), 1, "{about:#?}");
    assert!(about[0].contains("of e0 and of 10 other events, and is not kept: /type: expected \"e0\""), "{}", about[0]);
}
