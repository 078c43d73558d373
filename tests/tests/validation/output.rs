//! The official tests of output formats: the basic format of drafts 2019-09 and 2020-12, checked by another validator.
//!
//! Two kinds of output are not produced, and their tests are counted here: annotations of a valid instance, and the formats of
//! the coming `v1` (`list` and `hierarchical`).

use std::collections::BTreeMap;
use std::fs;

use conformance::folder::shared;
use serde_json::Value;
use webhook_codegen::json::Json;
use webhook_codegen::{Dialect, Validator};

/// The results of a folder's tests.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    as_expected: usize,
    /// Tests that ask for annotations.
    annotations: usize,
    /// Tests of a format other than basic.
    other_formats: usize,
}

fn run(folder: &str, dialect: Dialect) -> Option<Counts> {
    let suite = shared("json-schema-test-suite/output-tests")?.join(folder);
    let output_schema: Value =
        serde_json::from_str(&fs::read_to_string(suite.join("output-schema.json")).unwrap()).unwrap();
    let mut counts = Counts::default();
    for entry in fs::read_dir(suite.join("content")).unwrap() {
        let path = entry.unwrap().path();
        let groups = Json::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        for group in groups.as_array().unwrap() {
            let schema = group.get("schema").unwrap();
            let base = schema.get("$id").and_then(Json::as_str).unwrap();
            let validator = Validator::new(schema, &BTreeMap::new(), dialect).unwrap();
            for test in group.get("tests").and_then(Json::as_array).unwrap() {
                let data = test.get("data").unwrap().to_value();
                let Some(expected) = test.get("output").and_then(|output| output.get("basic")) else {
                    counts.other_formats += 1;
                    continue;
                };
                let expected = expected.to_value();
                let violations = validator.violations(&[&data]).remove(0).with_base_uri(base.to_owned().leak());
                let output = serde_json::to_value(&violations).unwrap();
                if output["valid"] == Value::Bool(true) {
                    assert!(expected["properties"].get("annotations").is_some(), "{}: {test}", path.display());
                    counts.annotations += 1;
                    continue;
                }
                let mut schemas = boon::Schemas::new();
                let mut compiler = boon::Compiler::new();
                let id = expected["$id"].as_str().unwrap().to_owned();
                compiler.add_resource(output_schema["$id"].as_str().unwrap(), output_schema.clone()).unwrap();
                compiler.add_resource(&id, expected).unwrap();
                let index = compiler.compile(&id, &mut schemas).unwrap();
                if let Err(error) = schemas.validate(&output, index) {
                    panic!("{}: {test}\n{output:#}\n{error:#}", path.display());
                }
                counts.as_expected += 1;
            }
        }
    }
    Some(counts)
}

#[test]
fn draft_2020_12() {
    if let Some(counts) = run("draft2020-12", Dialect::Draft202012) {
        assert_eq!(counts, Counts { as_expected: 3, annotations: 1, other_formats: 0 });
    }
}

#[test]
fn draft_2019_09() {
    if let Some(counts) = run("draft2019-09", Dialect::Draft201909) {
        assert_eq!(counts, Counts { as_expected: 3, annotations: 1, other_formats: 0 });
    }
}

#[test]
fn v1_has_other_formats() {
    if let Some(counts) = run("v1", Dialect::V1) {
        assert_eq!(counts, Counts { as_expected: 0, annotations: 0, other_formats: 3 });
    }
}
