//! `openapi.json` of `cargo xtask docs`.

use conformance::folder::{goldens, vendors};
use serde_json::Value;
use super::pages::{events, site_of};

/// The OpenAPI document has every event, its references lead somewhere, and another validator accepts every payload.
#[test]
fn the_openapi_document_describes_every_webhook() {
    for defs in [vendors(), goldens()] {
        let document: Value = serde_json::from_str(&site_of(&defs)["openapi.json"]).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
        assert!(document.get("paths").is_none(), "a receiver has webhooks only");
        let webhooks = document["webhooks"].as_object().unwrap();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert_eq!(webhooks.len(), events(&defs).len());
        let mut payloads = 0;
        for (name, methods) in webhooks {
            assert!(schemas.contains_key(name), "{name}");
            for operation in methods.as_object().unwrap().values() {
                let content = operation["requestBody"]["content"].as_object().unwrap();
                assert!(!operation["responses"].as_object().unwrap().is_empty());
                for media in content.values() {
                    // The schema of the body with the components in a place where a validator looks for schemas.
                    let mut whole = media["schema"].clone();
                    whole["$defs"] = document["components"]["schemas"].clone();
                    let text = whole.to_string().replace("\"#/components/schemas/", "\"#/$defs/");
                    let mut whole: Value = serde_json::from_str(&text).unwrap();
                    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
                    let validator = jsonschema::validator_for(&whole).unwrap_or_else(|error| panic!("{name}: {error}"));
                    // Of an embedded schema in another dialect, the validator does not change to it.
                    let dialect = schemas[name]["$schema"].as_str().unwrap_or_default();
                    let comparable = dialect.is_empty() || dialect.contains("2020-12");
                    let examples = media["examples"].as_object().into_iter().flat_map(|all| all.values());
                    for example in examples.filter(|_| comparable) {
                        assert!(validator.is_valid(&example["value"]), "{name}");
                        payloads += 1;
                    }
                    if defs == vendors() && media["schema"]["type"] != "string" {
                        assert!(!validator.is_valid(&Value::from("no event")), "{name}");
                    }
                }
                for requirement in operation["security"].as_array().into_iter().flatten() {
                    for scheme in requirement.as_object().unwrap().keys() {
                        assert!(document["components"]["securitySchemes"].get(scheme).is_some(), "{name}: {scheme}");
                    }
                }
            }
        }
        assert!(payloads >= 30, "{payloads}");
    }
}
