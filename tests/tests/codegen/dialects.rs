//! Schemas of every dialect: their documents are self-contained, and inferred schemas have the same dialect.

use std::collections::BTreeMap;

use conformance::folder::write;
use serde_json::{Value, json};
use webhook_codegen::infer::widen;
use webhook_codegen::json::Json;
use webhook_codegen::{Diagnostic, Dialect, Options, Validator, generate, load};

/// The dialects, with the keyword that identifies a schema in each.
const DIALECTS: [(&str, &str); 6] = [
    ("http://json-schema.org/draft-04/schema#", "id"),
    ("http://json-schema.org/draft-06/schema#", "$id"),
    ("http://json-schema.org/draft-07/schema#", "$id"),
    ("https://json-schema.org/draft/2019-09/schema", "$id"),
    ("https://json-schema.org/draft/2020-12/schema", "$id"),
    ("https://json-schema.org/v1", "$id"),
];

/// Returns the other validator for a schema. It does not know `v1`. The keywords of these tests mean the same in `v1` and 2020-12.
fn other_validator(schema: &Value) -> jsonschema::Validator {
    let known =
        schema.to_string().replace("https://json-schema.org/v1", "https://json-schema.org/draft/2020-12/schema");
    let known: Value = serde_json::from_str(&known).unwrap();
    jsonschema::validator_for(&known).unwrap_or_else(|error| panic!("{schema:#}: {error}"))
}

/// Returns the document of the event `acme/event` in a generated package. The folder of the provider has the given other files.
fn document(schema: &Value, others: &[(&str, Value)]) -> Value {
    generated("", schema, others).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Returns the document of the event with more settings in `provider.toml`, or the problems.
fn generated(settings: &str, schema: &Value, others: &[(&str, Value)]) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("title = \"Acme\"\n{settings}");
    write(folder.path(), [("acme/provider.toml", settings), ("acme/event/schema.json", schema.to_string())]);
    write(folder.path(), others.iter().map(|(path, json)| (format!("acme/{path}"), json.to_string())));
    let options = Options::default().package("acme-events");
    let listed = |problems: Vec<Diagnostic>| problems.iter().map(|problem| format!("{problem}\n")).collect::<String>();
    let generated = generate(&load(folder.path()).map_err(listed)?, &options).map_err(listed)?;
    Ok(serde_json::from_str(generated.tree.get("src/acme/json/event.schema.json").unwrap()).unwrap())
}

#[test]
fn the_provider_decides_where_a_schema_does_not_declare_its_dialect() {
    let schema = json!({
        "type": "object",
        "properties": { "n": { "minimum": 3, "exclusiveMinimum": true }, "part": { "$ref": "../common/part.json" } },
    });
    let part = json!({ "maximum": 5, "exclusiveMaximum": true });
    let document = generated("dialect = \"draft-04\"\n", &schema, &[("common/part.json", part.clone())]).unwrap();
    let validator = jsonschema::validator_for(&document).unwrap();
    for (instance, is_valid) in [
        (json!({ "n": 4, "part": 4 }), true),
        (json!({ "n": 3, "part": 4 }), false),
        (json!({ "n": 4, "part": 5 }), false),
    ] {
        assert_eq!(validator.is_valid(&instance), is_valid, "{instance}");
    }
    // In the default dialect, the same schemas are wrong. An unknown name of a dialect is an error.
    let problems = generated("", &schema, &[("common/part.json", part)]).unwrap_err();
    assert!(problems.contains("`exclusiveMinimum` must be a number, but is a boolean"), "{problems}");
    let problems = generated("dialect = \"draft-4\"\n", &json!({}), &[]).unwrap_err();
    assert!(problems.contains("`draft-4` is not one of `draft-04`"), "{problems}");
    // The dialect that a schema declares has precedence.
    let declared = json!({ "$schema": DIALECTS[4].0, "exclusiveMinimum": 3 });
    generated("dialect = \"draft-04\"\n", &declared, &[]).unwrap();
}

#[test]
fn dynamic_references_of_v1_name_an_anchor_of_the_dynamic_scope() {
    let v1 = DIALECTS[5].0;
    let problems = generated("", &json!({ "$schema": v1, "$dynamicRef": "#nowhere" }), &[]).unwrap_err();
    assert!(problems.contains("no schema has the dynamic anchor \"nowhere\""), "{problems}");
    // In the scope of `inner` alone there is no such anchor: nothing is accepted.
    let schema = |start: &str| {
        json!({
            "$schema": v1,
            "$id": "https://acme.example/start",
            "properties": { "a": { "$ref": start } },
            "$defs": {
                "inner": { "$id": "inner", "$defs": { "place": { "$dynamicRef": "#item" } }, "$ref": "#/$defs/place" },
                "outer": { "$id": "outer", "$ref": "inner", "$defs": { "item": { "$dynamicAnchor": "item", "type": "string" } } },
            },
        })
    };
    let decide = |start: &str, instance: Value| {
        let schema = Json::from_value(&schema(start), None);
        Validator::new(&schema, &BTreeMap::new(), Dialect::V1).unwrap().are_valid(&[&instance])
    };
    assert_eq!(decide("outer", json!({ "a": "text" })), [true]);
    assert_eq!(decide("outer", json!({ "a": 1 })), [false]);
    assert_eq!(decide("inner", json!({ "a": "text" })), [false]);
    assert_eq!(decide("inner", json!({})), [true]);
}

#[test]
fn documents_with_shared_schemas_are_self_contained() {
    for (dialect, id) in DIALECTS {
        let schema = json!({
            "$schema": dialect, "type": "object", "required": ["part"],
            "properties": { "part": { "$ref": "../common/part.json" } },
        });
        let part = json!({
            "$schema": dialect, id: "https://acme.example/part.json", "type": "object",
            "properties": { "name": { "$ref": "#/definitions/name" }, "next": { "$ref": "#" } },
            "definitions": { "name": { "type": "string" } },
        });
        let document = document(&schema, &[("common/part.json", part)]);
        // The other validator has only the document.
        let validator = other_validator(&document);
        for (instance, is_valid) in [
            (json!({ "part": { "name": "a", "next": { "name": "b" } } }), true),
            (json!({ "part": { "name": 1 } }), false),
            (json!({ "part": { "next": { "name": 1 } } }), false),
            (json!({}), false),
        ] {
            assert_eq!(validator.is_valid(&instance), is_valid, "{dialect}: {instance}\n{document:#}");
        }
    }
}

#[test]
fn what_is_inferred_has_no_keyword_of_another_dialect() {
    for (dialect, _) in DIALECTS {
        let schema = json!({ "$schema": dialect, "type": "object", "properties": { "a": { "type": "string" } } });
        let payload = json!({ "a": "x", "b": [["k", 1]], "c": { "d": "e" } });
        let made = widen(&Json::from_value(&schema, None), &BTreeMap::new(), &[Json::from_value(&payload, None)]);
        let widened: Value = serde_json::from_str(&made.schema.to_string()).unwrap();
        assert!(widened["properties"]["b"].is_object(), "{widened:#}");
        // A keyword of another dialect is a problem.
        document(&widened, &[("event/examples/a.json", payload.clone())]);
        let validator = other_validator(&widened);
        assert!(validator.is_valid(&payload));
        // The items of the array in `b` are declared in the dialect's own way.
        let other = json!({ "a": "x", "b": [[1, "k"]] });
        assert!(!validator.is_valid(&other), "{dialect}: {widened:#}");
    }
}
