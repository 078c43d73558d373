//! Schemas of every dialect: their documents are self-contained, and what is inferred for them is of their dialect.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use webhook_codegen::infer::widen;
use webhook_codegen::json::Json;
use webhook_codegen::{Options, generate, load};

/// The dialects, with the keyword that identifies a schema in each.
const DIALECTS: [(&str, &str); 6] = [
    ("http://json-schema.org/draft-04/schema#", "id"),
    ("http://json-schema.org/draft-06/schema#", "$id"),
    ("http://json-schema.org/draft-07/schema#", "$id"),
    ("https://json-schema.org/draft/2019-09/schema", "$id"),
    ("https://json-schema.org/draft/2020-12/schema", "$id"),
    ("https://json-schema.org/v1", "$id"),
];

/// The other validator for a schema. It does not know `v1`, in which the keywords used here mean what they do in 2020-12.
fn other_validator(schema: &Value) -> jsonschema::Validator {
    let known =
        schema.to_string().replace("https://json-schema.org/v1", "https://json-schema.org/draft/2020-12/schema");
    let known: Value = serde_json::from_str(&known).unwrap();
    jsonschema::validator_for(&known).unwrap_or_else(|error| panic!("{schema:#}: {error}"))
}

fn write(path: &Path, json: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, json.to_string()).unwrap();
}

/// The document that a generated package has of an event `acme/event`, whose folder has other files too.
fn document(schema: &Value, others: &[(&str, Value)]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let acme = folder.path().join("acme");
    fs::create_dir_all(&acme).unwrap();
    fs::write(acme.join("provider.toml"), "title = \"Acme\"\n").unwrap();
    write(&acme.join("event/schema.json"), schema);
    others.iter().for_each(|(path, json)| write(&acme.join(path), json));
    let options = Options { package: Some("acme-events".to_owned()), ..Options::default() };
    let generated = generate(&load(folder.path()).unwrap(), &options).unwrap_or_else(|problems| panic!("{problems:?}"));
    serde_json::from_str(generated.tree.get("src/acme/json/event.schema.json").unwrap()).unwrap()
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
        // The other validator is given nothing but the document.
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
