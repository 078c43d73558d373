//! Swagger 2.0: schemas and paths that the command names, and the meaning of Schema Objects.

use serde_json::{Value, json};
use webhook_codegen::catalog::Delivery;
use webhook_import::Options;

use super::evaluate30::accepts;
use super::{agrees, examples, import_schemas, import_text, import_with, names, owned, shown, written};

const DOCUMENT: &str = r##"
swagger: "2.0"
info: {title: Alarms, version: "1"}
consumes: [application/json]
securityDefinitions: {key: {type: apiKey, in: header, name: X-Key}, user: {type: basic}}
parameters:
  Kind: {name: X-Kind, in: header, type: string, enum: [alarm]}
paths:
  /alarms:
    get: {responses: {200: {description: all}}}
  /hooks/alarm-raised:
    parameters: [{$ref: "#/parameters/Kind"}]
    post:
      security: [{user: []}]
      parameters:
        - {name: body, in: body, schema: {$ref: "#/definitions/Alarm"}}
      responses: {200: {description: taken}}
  /hooks/{id}:
    post:
      operationId: alarmList
      parameters:
        - {name: id, in: path, type: string}
        - {name: body, in: body, schema: {$ref: "#/definitions/Alarms"}}
      responses: {204: {description: taken}}
definitions:
  Alarms: {type: array, items: {$ref: "#/definitions/Alarm"}}
  Alarm:
    type: object
    required: [id, labels]
    properties:
      id: {type: integer, format: int64}
      labels: {type: array, items: {type: string}, x-nullable: true}
      source: {$ref: "#/definitions/Source", x-nullable: true}
      level: {type: string, enum: [low, high], x-nullable: true}
      note: {type: string, nullable: true, oneOf: [{maxLength: 1}]}
    example: {id: 1, labels: null, source: null, level: null, note: long}
  Source: {type: object, required: [value], properties: {value: {type: string}}}
"##;

#[test]
fn definitions_accept_what_the_document_accepts() {
    let document: Value = serde_norway::from_str(DOCUMENT).unwrap();
    let imported = import_schemas(DOCUMENT, &["Alarm"]).unwrap();
    let provider = written(&imported);
    assert_eq!(names(&provider), ["alarm"]);
    let alarm = &document["definitions"]["Alarm"];
    assert_eq!(examples(&provider, "alarm"), [("documented", &alarm["example"])]);
    let full = json!({ "id": 1, "labels": ["a"], "source": { "value": "b" }, "level": "high", "note": "c" });
    agrees(&provider, "alarm", &[&alarm["example"], &full], |value| accepts(&document, alarm, value));
    assert_eq!(provider.settings.origin, "a.yaml: Swagger 2.0, Alarms 1");
    let notes = imported.notes.join("\n");
    for keyword in ["nullable", "oneOf"] {
        assert!(notes.contains(&format!("`{keyword}` is not a keyword of Swagger 2.0")), "{notes}");
    }
}

#[test]
fn an_array_of_events_is_a_batch() {
    let provider = written(&import_schemas(DOCUMENT, &["Alarms"]).unwrap());
    assert_eq!(provider.settings.delivery, Delivery::Batch);
}

#[test]
fn requests_of_paths_that_are_named_are_events() {
    let import =
        |paths: &[&str]| import_with("a.yaml", DOCUMENT, &Options { paths: owned(paths), ..Options::default() });
    let raised = written(&import(&["/hooks/alarm-raised"]).unwrap());
    assert_eq!(names(&raised), ["alarm_raised"]);
    assert_eq!(raised.settings.requests.methods, ["POST"]);
    assert_eq!(format!("{:?}", raised.settings.requests.credentials), "[Basic]");
    assert_eq!(raised.settings.requests.content_type.as_deref(), Some("application/json"));
    let both = written(&import(&["/hooks/*"]).unwrap());
    assert_eq!(names(&both), ["alarm_list", "alarm_raised"]);
    let error = import(&["/hook"]).unwrap_err();
    assert!(shown(&error).contains("the documents have no path /hook"), "{error:?}");
}

/// The values of a `discriminator` are the names of the definitions that extend the definition with the
/// `discriminator`.
#[test]
fn the_names_of_definitions_are_the_values_of_a_discriminator() {
    let text = r##"{"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}, "definitions": {
        "Base": {"type": "object", "required": ["kind"], "discriminator": "kind", "properties": {"kind": {"type": "string"}}},
        "CatEvent": {"allOf": [{"$ref": "#/definitions/Base"}, {"properties": {"lives": {"type": "integer"}}}]},
        "DogEvent": {"allOf": [{"$ref": "#/definitions/Base"}, {"properties": {"barks": {"type": "boolean"}}}]}}}"##;
    let provider = written(&import_schemas(text, &["*Event"]).unwrap());
    assert_eq!(names(&provider), ["cat_event", "dog_event"]);
    let overlay = provider.events[0].overlay.as_ref().unwrap().to_string();
    assert!(overlay.contains(r#""const":"CatEvent""#), "{overlay}");
    assert!(import_text("a.json", text).is_err());
}
