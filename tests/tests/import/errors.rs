//! Documents that cannot be imported. Each error states the place and what to do.

use std::fs;

use conformance::mutate::{at_mut, places};
use conformance::stride;
use webhook_import::{Options, import};

use super::{document, fixture, problems, shown};

/// Checks that the problems of a text have each of some parts.
#[track_caller]
fn refused(file: &str, text: &str, parts: &[&str]) {
    let problems = problems(file, text);
    for part in parts {
        assert!(problems.contains(part), "{part}: {problems}");
    }
}

#[test]
fn what_is_no_document() {
    refused("a.json", "{\"a\": 1,}", &["[not-json]", "a.json:1:9: not JSON: trailing comma"]);
    refused("a.yaml", "a: [1\nb: 2\n", &["[not-yaml]", "a.yaml:", "not YAML"]);
    refused("a.json", "[1, 2]", &["[unsupported-document]", "neither an OpenAPI document", "the command `infer`"]);
    refused("a.yaml", "", &["[unsupported-document]"]);
    refused("a.yaml", "just text", &["[unsupported-document]"]);
    let parts = ["[unsupported-document]", "a.json:1:13#/swagger", "OpenAPI 1.2 cannot be imported", "convert it"];
    refused("a.json", r#"{"swagger": "1.2"}"#, &parts);
    refused("a.json", r#"{"swagger": "2.0"}"#, &["[no-events]", "has no webhook and no callback", "--path"]);
    let parts = ["[unsupported-document]", "a.yaml:1:1#/openapi", "OpenAPI 4.0.0 cannot be imported"];
    refused("a.yaml", "openapi: 4.0.0\n", &parts);
    refused("a.yaml", "asyncapi: 4.0.0\n", &["[unsupported-document]", "AsyncAPI 4.0.0"]);
    refused("a.yaml", "openapi: 3.1.0\npaths: {}\n", &["[no-events]", "has no webhook and no callback"]);
    // The path that a document has may be the one.
    let paths = "openapi: 3.1.0\npaths: {/hook: {post: {}}, /list: {get: {}}}\n";
    refused("a.yaml", paths, &["[no-events]", "--path '/hook'"]);
    refused("a.yaml", "asyncapi: 3.0.0\nchannels: {}\n", &["[no-events]", "no message"]);
    let dialect = "openapi: 3.1.0\njsonSchemaDialect: https://a.example/dialect\n";
    refused("a.yaml", dialect, &["[unsupported-dialect]", "a.yaml:2:"]);
}

#[test]
fn yaml_that_json_cannot_express() {
    refused("a.yaml", "a: &x [*x]\n", &["[not-yaml]", "a.yaml:1:8", "the value has no end"]);
    refused("a.yaml", "a: .nan\n", &["[not-yaml]", "a.yaml:1:4", ".nan is a number"]);
    refused("a.yaml", "a: 1\na: 2\n", &["[not-yaml]", "a.yaml:2:1", "is repeated, first at line 1 column 1"]);
    let nested = format!("a: {}1{}\n", "[".repeat(300), "]".repeat(300));
    refused("a.yaml", &nested, &["[not-yaml]"]);
    let levels = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1)
    });
    refused("a.yaml", &levels, &["[not-yaml]", "aliases repeat more than 64 MiB"]);
}

#[test]
fn files_that_are_missing_too_large_or_not_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let error = |name: &str| shown(&import("vendor", &[path(name)], &Options::default()).unwrap_err());
    assert!(error("none.yaml").contains("[unreadable]"), "{}", error("none.yaml"));
    fs::create_dir(path("empty")).unwrap();
    assert!(error("empty").contains("[no-events]"), "{}", error("empty"));
    fs::write(path("latin.json"), b"{\"a\": \"\xe9\"}").unwrap();
    assert!(error("latin.json").contains("[not-utf8]"), "{}", error("latin.json"));
    // Sparse, so that it takes no room.
    fs::File::create(path("large.json")).unwrap().set_len(100 << 20).unwrap();
    assert!(error("large.json").contains("more than 64 MiB"), "{}", error("large.json"));
}

#[test]
fn schemas_that_are_none() {
    let document = |schema: &str| {
        format!(
            "openapi: 3.1.0\nwebhooks: {{a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema} }} }} }} }} }} }}\n"
        )
    };
    refused("a.yaml", &document("5"), &["[invalid-schema]", "a.yaml:2:", "this is a number"]);
    refused("a.yaml", &document("{$schema: https://a.example/s}"), &["[unsupported-dialect]"]);
    refused("a.yaml", &document("{properties: {x: {$ref: other.yaml}}}"), &["[unresolved-reference]", "a.yaml:2:"]);
}

#[test]
fn references_that_lead_only_to_each_other_are_refused_when_code_is_generated() {
    let text = "openapi: 3.0.0\nx-webhooks: {a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}\n\
                components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}\n";
    refused("a.yaml", text, &["lead to each other"]);
}

/// Every value of a document replaced by one of another type: whatever is wrong then, it is a problem or a note.
#[test]
fn no_document_makes_the_import_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let mut rejected = 0;
    for name in ["openapi_3_0.yaml", "openapi_3_1.yaml", "openapi_3_2.json", "asyncapi_2.yaml", "asyncapi_3.json"] {
        let document = document(name);
        // Every schema is an event too.
        let payloads: Vec<String> = document["components"]
            .get("schemas")
            .filter(|_| name.starts_with("openapi"))
            .map(|_| "*".to_owned())
            .into_iter()
            .collect();
        let options = Options { payloads, ..Options::default() };
        assert!(import("vendor", &[fixture(name)], &options).is_ok(), "{name}");
        // A prime, so that places of the same kind are not all left out.
        for place in places(&document).into_iter().step_by(stride(11)) {
            for other in [serde_json::json!(null), serde_json::json!([1, "#"]), serde_json::json!({ "$ref": "#" })] {
                let mut changed = document.clone();
                *at_mut(&mut changed, &place).unwrap() = other;
                fs::write(&path, changed.to_string()).unwrap();
                rejected += usize::from(import("vendor", std::slice::from_ref(&path), &options).is_err());
            }
        }
    }
    assert!(rejected > 0);
}
