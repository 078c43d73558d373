//! OpenAPI 3.0: schemas of 2020-12 that accept the same values.

use serde_json::Value;

use super::evaluate30::accepts;
use super::{agrees, document, examples, import_text, imported, names, written};

const MOVED: &str = "/paths/~1subscriptions/post/callbacks/parcelMoved/{$request.body#~1url}/post/requestBody/content/\
                     application~1json";
const LOST: &str = "/x-webhooks/parcelLost/post/requestBody/content/application~1json";

#[test]
fn callbacks_and_webhooks_accept_what_the_document_accepts() {
    let document = document("openapi_3_0.yaml");
    let provider = written(&imported("openapi_3_0.yaml"));
    assert_eq!(names(&provider), ["parcel_lost", "parcel_moved"]);
    let at = |pointer: String| document.pointer(&pointer).unwrap_or_else(|| panic!("{pointer}"));
    let scanned = at("/components/examples/Scanned/value".to_owned());
    let unknown = at(format!("{MOVED}/examples/unknown/value"));
    let lost = at(format!("{LOST}/example"));
    assert_eq!(examples(&provider, "parcel_moved"), [("scanned", scanned), ("unknown", unknown)]);
    assert_eq!(examples(&provider, "parcel_lost"), [("documented", lost)]);
    let moved = at(format!("{MOVED}/schema"));
    agrees(&provider, "parcel_moved", &[scanned, unknown], |value| accepts(&document, moved, value));
    // The document itself rejects this example.
    assert!(!accepts(&document, moved, at(format!("{MOVED}/examples/wrong/value"))));
    let schema = at(format!("{LOST}/schema"));
    agrees(&provider, "parcel_lost", &[lost], |value| accepts(&document, schema, value));
}

/// A schema of a document with one webhook.
fn with_schema(schema: &str) -> String {
    format!(
        r##"{{"openapi": "3.0.4", "info": {{"title": "T", "version": "1"}}, "x-webhooks": {{"a": {{"post": {{"requestBody":
        {{"content": {{"application/json": {{"schema": {schema} }} }} }} }} }} }},
        "components": {{"schemas": {{"S": {{"type": "string", "nullable": true}}, "N": {{"type": "integer"}} }} }} }}"##
    )
}

#[test]
fn every_rule_of_its_own_means_the_same() {
    let schemas = [
        r##"{"type": "object", "nullable": true}"##,
        r##"{"nullable": true}"##,
        r##"{"nullable": true, "enum": [1, "a"]}"##,
        r##"{"type": "string", "nullable": true, "enum": ["a", "new"]}"##,
        r##"{"type": "string", "nullable": true, "enum": ["a", null]}"##,
        r##"{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1, "exclusiveMaximum": true}"##,
        r##"{"type": "number", "minimum": 0, "exclusiveMinimum": false, "exclusiveMaximum": true}"##,
        r##"{"exclusiveMinimum": true}"##,
        r##"{"allOf": [{"$ref": "#/components/schemas/S"}], "nullable": true}"##,
        r##"{"type": "string", "nullable": true, "allOf": [{"$ref": "#/components/schemas/S"}]}"##,
        r##"{"type": "integer", "nullable": true, "allOf": [{"$ref": "#/components/schemas/N"}]}"##,
        r##"{"$ref": "#/components/schemas/N", "nullable": true, "enum": [5], "maximum": 0}"##,
        r##"{"oneOf": [{"$ref": "#/components/schemas/S"}, {"type": "integer", "nullable": true}]}"##,
        r##"{"anyOf": [{"type": "array", "items": {"type": "integer"}, "maxItems": 2}, {"type": "string", "maxLength": 2}]}"##,
        r##"{"not": {"type": "string", "nullable": true}}"##,
        r##"{"type": "object", "properties": {"shape": {"$ref": "#/components/schemas/S"}}, "additionalProperties": false}"##,
        r##"{"type": "object", "additionalProperties": {"$ref": "#/components/schemas/S"}}"##,
        r##"{"type": "integer", "const": 7, "if": {}, "then": false, "patternProperties": {"": false}, "dependencies": {}}"##,
        r##"{"type": "array", "items": {"$ref": "#/components/schemas/S"}, "prefixItems": [false], "contains": false}"##,
    ];
    for schema in schemas {
        let text = with_schema(&format!(r##"{{"type": "object", "properties": {{"v": {schema}}}}}"##));
        let document: Value = serde_json::from_str(&text).unwrap();
        let source = document.pointer("/x-webhooks/a/post/requestBody/content/application~1json/schema").unwrap();
        let provider = written(&import_text("a.json", &text).unwrap_or_else(|error| panic!("{schema}: {error:?}")));
        let payload = serde_json::json!({ "v": ["a", null] });
        agrees(&provider, "a", &[&payload], |value| accepts(&document, source, value));
    }
}
