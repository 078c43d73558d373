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

/// Returns how many tests have the expected output, how many ask for annotations, and how many for other formats.
fn run(folder: &str, dialect: Dialect) -> Option<[usize; 3]> {
    let suite = shared("json-schema-test-suite/output-tests")?.join(folder);
    let output_schema: Value =
        serde_json::from_str(&fs::read_to_string(suite.join("output-schema.json")).unwrap()).unwrap();
    let [mut as_expected, mut annotations, mut other_formats] = [0; 3];
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
                    other_formats += 1;
                    continue;
                };
                let expected = expected.to_value();
                let violations = validator.violations(&[&data]).remove(0).with_base_uri(base.to_owned().leak());
                let output = serde_json::to_value(&violations).unwrap();
                if output["valid"] == Value::Bool(true) {
                    assert!(expected["properties"].get("annotations").is_some(), "{}: {test}", path.display());
                    annotations += 1;
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
                as_expected += 1;
            }
        }
    }
    Some([as_expected, annotations, other_formats])
}

#[test]
fn basic_output_is_as_expected() {
    for (folder, dialect, expected) in [
        ("draft2020-12", Dialect::Draft202012, [3, 1, 0]),
        ("draft2019-09", Dialect::Draft201909, [3, 1, 0]),
        ("v1", Dialect::V1, [0, 0, 3]),
    ] {
        let Some(counts) = run(folder, dialect) else { return };
        assert_eq!(counts, expected, "{folder}");
    }
}
