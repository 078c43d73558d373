//! Verdicts on changes of schemas, judged by other validators.

use std::collections::BTreeMap;

use conformance::instances::InstanceGenerator;
use conformance::oracle::{Oracle, Verdict as Decision};
use conformance::schemas::{changed, random_schema, small_values};
use fastrand::Rng;
use jsonschema::canonical::{self, Containment};
use serde_json::Value;
use webhook_codegen::compare::{Rules, Sent, Verdict, Version, contained};
use webhook_codegen::json::Json;

/// Returns the verdict on a new version of a schema, with `--open`.
fn verdict(old: &Value, new: &Value) -> Verdict {
    let (old, new) = (Json::from_value(old, None), Json::from_value(new, None));
    let library = BTreeMap::new();
    let version = |schema| Version { schema, library: &library, instances: &[] };
    contained(version(&old), version(&new), Rules { sent: Sent::Anything, ..Rules::default() }).unwrap()
}

/// Returns the first instance that the new version accepts and the old one rejects, according to both other validators.
fn refuting<'i>(old: &Oracle, new: &Oracle, mut instances: impl Iterator<Item = &'i Value>) -> Option<&'i Value> {
    instances.find(|value| new.verdict(value) == Decision::Valid && old.verdict(value) == Decision::Invalid)
}

/// Groups of schemas of one dialect with the same keywords. Each schema is compared with every other schema of its group.
const GROUPS: [(&str, &[&str]); 26] = [
    (
        "2020-12",
        &[
            "true",
            "false",
            r#"{"type": "string"}"#,
            r#"{"type": ["string", "null"]}"#,
            r#"{"oneOf": [{"type": "number"}, {"type": "null"}]}"#,
            r#"{"type": "null"}"#,
            r#"{"not": {"type": "integer"}}"#,
            r#"{"not": {"type": "number"}}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "number", "minimum": 0}"#,
            r#"{"type": "number", "exclusiveMinimum": 0}"#,
            r#"{"type": "integer", "exclusiveMinimum": 0}"#,
            r#"{"type": "integer", "minimum": 1}"#,
            r#"{"type": "number", "minimum": 1}"#,
            r#"{"enum": [1]}"#,
            r#"{"enum": [0, 1], "minimum": 1}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "integer", "maximum": 3}"#,
            r#"{"type": "integer", "exclusiveMaximum": 4}"#,
            r#"{"type": "integer", "minimum": 1, "maximum": 3}"#,
            r#"{"enum": [1, 2, 3]}"#,
            r#"{"enum": [1, 2]}"#,
            r#"{"type": "integer", "enum": [1, 2, 2.5]}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "number", "multipleOf": 2}"#,
            r#"{"type": "number", "multipleOf": 10}"#,
            r#"{"type": "number", "multipleOf": 1}"#,
            r#"{"type": "number", "multipleOf": 1.0}"#,
            r#"{"type": "integer"}"#,
            r#"{"type": "number", "multipleOf": 0.5}"#,
            r#"{"allOf": [{"type": "integer", "multipleOf": 2}, {"multipleOf": 5}]}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "string", "minLength": 1}"#,
            r#"{"type": "string", "maxLength": 2}"#,
            r#"{"type": "string", "minLength": 1, "maxLength": 2}"#,
            r#"{"enum": ["a", "ab"]}"#,
            r#"{"const": "a"}"#,
            r#"{"type": "string", "not": {"const": ""}}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "string", "pattern": "^a"}"#,
            r#"{"type": "string", "pattern": "^ab"}"#,
            r#"{"type": "string", "pattern": "^(ab|ac)$"}"#,
            r#"{"enum": ["ab", "ac"]}"#,
            r#"{"type": "string", "pattern": "^[a-z]*$"}"#,
            r#"{"type": "string", "pattern": "^[a-z]{1,3}$"}"#,
            r#"{"type": "string", "pattern": "^[a-z]+$", "maxLength": 3}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "boolean"}"#,
            r#"{"enum": [true, false]}"#,
            r#"{"const": true}"#,
            r#"{"not": {"const": false}}"#,
            r#"{"enum": [true, null]}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"const": {"k": 1}}"#,
            r#"{"type": "object", "properties": {"k": {"const": 1}}, "required": ["k"], "additionalProperties": false}"#,
            r#"{"type": "object", "properties": {"k": {"const": 1}}, "additionalProperties": false}"#,
            r#"{"enum": [{}, {"k": 1}]}"#,
            r#"{"type": "object", "properties": {"k": {"const": 1}}, "required": ["k"]}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "array", "contains": {"type": "string"}, "maxContains": 1}"#,
            r#"{"type": "array", "contains": {"type": "string"}, "maxContains": 2}"#,
            r#"{"type": "array", "contains": {"type": "string"}}"#,
            r#"{"type": "array", "contains": {"type": "string"}, "minContains": 2}"#,
            r#"{"type": "array", "contains": {"type": ["string", "number"]}}"#,
            r#"{"type": "array", "contains": {"type": "string"}, "minContains": 0}"#,
            r#"{"type": "array"}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "array", "items": {"type": "integer"}}"#,
            r#"{"type": "array", "items": {"type": "number"}}"#,
            r#"{"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "number"}}"#,
            r#"{"type": "array", "prefixItems": [{"type": "integer"}], "items": false}"#,
            r#"{"type": "array", "items": {"type": "integer"}, "maxItems": 1}"#,
            r#"{"type": "array", "items": {"type": "integer"}, "minItems": 1}"#,
            r#"{"type": "array", "items": {"type": "integer"}, "uniqueItems": true}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "array", "items": {"type": "boolean"}, "uniqueItems": true}"#,
            r#"{"type": "array", "items": {"type": "boolean"}, "uniqueItems": true, "maxItems": 2}"#,
            r#"{"type": "array", "items": {"type": "boolean"}, "maxItems": 2}"#,
            r#"{"const": []}"#,
            r#"{"type": "array", "maxItems": 0}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "number"}}"#,
            r#"{"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "number"}}"#,
            r#"{"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": false}"#,
            r#"{"type": "array", "contains": {"type": "string"}, "unevaluatedItems": {"type": "number"}}"#,
            r#"{"type": "array", "contains": {"type": "string"}, "items": {"type": ["string", "number"]}}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"properties": {"a": {"type": "number"}, "b": {"type": "string"}}, "additionalProperties": {"type": "string"}}"#,
            r#"{"properties": {"b": {"type": "string"}}, "additionalProperties": {"type": "string"}}"#,
            r#"{"properties": {"a": {"type": "number"}, "b": {"type": "string"}}, "unevaluatedProperties": {"type": "string"}}"#,
            r#"{"properties": {"b": {"type": "string"}}, "unevaluatedProperties": {"type": "string"}}"#,
            r#"{"additionalProperties": {"type": "string"}}"#,
            r#"{"properties": {"a": {"type": "number"}, "b": {"type": "string"}}}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": false, "maxProperties": 1}"#,
            r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": false, "maxProperties": 3}"#,
            r#"{"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": false, "maxProperties": 1}"#,
            r#"{"type": "object", "maxProperties": 1}"#,
            r#"{"type": "object", "minProperties": 1}"#,
            r#"{"type": "object", "required": ["a"]}"#,
            r#"{"type": "object", "required": ["a", "b"], "maxProperties": 2}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "object", "patternProperties": {"^x": {"type": "integer"}}}"#,
            r#"{"type": "object", "patternProperties": {"^x1": {"type": "integer"}}}"#,
            r#"{"type": "object", "patternProperties": {"^x": {"type": "number"}}, "additionalProperties": false}"#,
            r#"{"type": "object", "properties": {"x1": {"type": "integer"}}, "additionalProperties": false}"#,
            r#"{"type": "object", "propertyNames": {"pattern": "^x"}, "additionalProperties": {"type": "number"}}"#,
            r#"{"type": "object", "propertyNames": {"enum": ["x1"]}, "additionalProperties": {"type": "integer"}}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"type": "object", "dependentSchemas": {"a": false}}"#,
            r#"{"type": "object", "dependentSchemas": {"b": false}}"#,
            r#"{"type": "object", "properties": {"a": false}}"#,
            r#"{"type": "object", "dependentRequired": {"a": ["b"]}}"#,
            r#"{"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}}"#,
            r#"{"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"const": 1}}"#,
            r#"{"anyOf": [{"type": "string", "minLength": 2}, {"const": 1}]}"#,
            r#"{"oneOf": [{"type": "string", "minLength": 2}, {"const": 1}]}"#,
            r#"{"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"const": 1}}"#,
            r#"{"anyOf": [{"type": "string"}, {"type": "integer"}]}"#,
            r#"{"type": ["string", "integer"]}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object"}"#,
            r#"{"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object"}"#,
            r#"{"type": "object", "required": ["a"], "properties": {"b": false}}"#,
            r#"{"type": "object", "not": {"required": ["a", "b"]}}"#,
            r#"{"allOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object"}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r##"{"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"type": "integer"}}}"##,
            r##"{"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"type": "number"}}}"##,
            r##"{"type": "object", "properties": {"a": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "object"}}}"##,
            r##"{"type": "object", "properties": {"a": {"$ref": "#"}}, "additionalProperties": false}"##,
            r##"{"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"const": 1}}, "required": ["b"]}"##,
        ],
    ),
    (
        "2020-12",
        &[
            r#"{"oneOf": [{"properties": {"k": {"const": "a"}, "v": {"type": "string"}}, "required": ["k"]}, {"properties": {"k": {"const": "b"}, "v": {"type": "integer"}}, "required": ["k"]}], "type": "object"}"#,
            r#"{"oneOf": [{"properties": {"k": {"const": "a"}, "v": {"type": "string"}}, "required": ["k"]}], "type": "object"}"#,
            r#"{"type": "object", "properties": {"k": {"enum": ["a", "b"]}, "v": {"type": ["string", "integer"]}}, "required": ["k"]}"#,
            r#"{"oneOf": [{"properties": {"k": {"const": "a"}, "v": {"type": "string"}}, "required": ["k"]}, {"properties": {"k": {"const": "b"}, "v": {"type": "number"}}, "required": ["k"]}], "type": "object"}"#,
        ],
    ),
    (
        "2019-09",
        &[
            r#"{"type": "array", "items": [{"type": "string"}], "additionalItems": false}"#,
            r#"{"type": "array", "items": [{"type": "string"}], "additionalItems": {"type": "number"}}"#,
            r#"{"type": "array", "items": [{"type": "string"}], "unevaluatedItems": false}"#,
            r#"{"type": "array", "items": {"type": "string"}, "maxItems": 1}"#,
        ],
    ),
    (
        "2019-09",
        &[
            r#"{"allOf": [{"properties": {"a": {"type": "string"}}}], "unevaluatedProperties": false, "type": "object"}"#,
            r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": false, "type": "object"}"#,
            r#"{"anyOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string"}}}], "unevaluatedProperties": false, "type": "object"}"#,
            r#"{"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "additionalProperties": false, "type": "object"}"#,
        ],
    ),
    (
        "draft-07",
        &[
            r#"{"type": "object", "dependencies": {"a": ["b"]}}"#,
            r#"{"type": "object", "dependencies": {"a": {"required": ["b"]}}}"#,
            r#"{"type": "object", "dependencies": {"a": ["b", "x1"]}}"#,
            r#"{"type": "object"}"#,
        ],
    ),
    (
        "draft-06",
        &[
            r#"{"type": "number", "exclusiveMinimum": 1}"#,
            r#"{"type": "number", "minimum": 1}"#,
            r#"{"type": "array", "contains": {"const": 1}}"#,
            r#"{"type": "array", "minItems": 1, "items": {"const": 1}}"#,
        ],
    ),
    (
        "draft-04",
        &[
            r#"{"type": "number", "minimum": 0, "exclusiveMinimum": true}"#,
            r#"{"type": "number", "minimum": 0}"#,
            r#"{"type": "number", "minimum": 1}"#,
            r#"{"type": "integer", "minimum": 0, "exclusiveMinimum": true}"#,
            r#"{"type": "integer", "minimum": 1}"#,
        ],
    ),
    (
        "2020-12",
        &[
            r##"{"$defs": {"v": {"type": "integer"}}, "type": "object", "properties": {"a": {"$ref": "#/$defs/v"}}, "required": ["a"]}"##,
            r##"{"$defs": {"w": {"type": "number"}}, "type": "object", "properties": {"a": {"$ref": "#/$defs/w"}}, "required": ["a"]}"##,
            r#"{"type": "object", "properties": {"a": {"type": "integer", "minimum": 0}}, "required": ["a", "b"]}"#,
            r#"{"type": "object", "properties": {"a": {"type": ["integer", "null"]}}, "required": ["a"]}"#,
            r#"{"type": "object", "properties": {"a": {"type": "integer"}}}"#,
        ],
    ),
];

/// A schema of a dialect.
fn schema(dialect: &str, text: &str) -> Value {
    let mut schema: Value = serde_json::from_str(text).unwrap();
    if let Value::Object(keywords) = &mut schema {
        let uri = match dialect {
            "2020-12" | "2019-09" => format!("https://json-schema.org/draft/{dialect}/schema"),
            _ => format!("http://json-schema.org/{dialect}/schema#"),
        };
        keywords.insert("$schema".to_owned(), uri.into());
    }
    schema
}

/// Returns whether the old version accepts every instance of the new version, as far as the crate `jsonschema` can tell.
fn covers(old: &Value, new: &Value) -> Containment {
    let canonical = |schema: &Value| canonical::options().canonicalize(schema);
    match (canonical(old), canonical(new)) {
        (Ok(old), Ok(new)) => old.covers(&new).unwrap_or(Containment::Unknown),
        _ => Containment::Unknown,
    }
}

#[test]
fn verdicts_on_changes_of_every_keyword() {
    let small = small_values();
    let (mut pairs, mut compatible, mut unproven) = (0, 0, 0);
    for (dialect, schemas) in GROUPS {
        let schemas: Vec<Value> = schemas.iter().map(|text| schema(dialect, text)).collect();
        let oracles: Vec<Oracle> = schemas.iter().map(|schema| Oracle::new(&schema.to_string())).collect();
        for (old, by_old) in schemas.iter().zip(&oracles) {
            for (new, by_new) in schemas.iter().zip(&oracles) {
                let context = || format!("{old} to {new}");
                pairs += 1;
                let refuted = refuting(by_old, by_new, small.iter());
                match verdict(old, new) {
                    Verdict::Compatible => {
                        compatible += 1;
                        assert_eq!(refuted, None, "{}", context());
                        assert!(!matches!(covers(old, new), Containment::No), "{}", context());
                    }
                    Verdict::Breaking(witness) => {
                        let witnesses = std::iter::once(&witness);
                        assert_eq!(refuting(by_old, by_new, witnesses), Some(&witness), "{}", context());
                        assert!(!matches!(covers(old, new), Containment::Yes), "{}", context());
                    }
                    Verdict::Unproven(reason) => {
                        unproven += 1;
                        println!("unproven, {reason}: {}", context());
                    }
                }
            }
        }
    }
    println!("{pairs} pairs: {compatible} compatible, {unproven} unproven");
    assert!(pairs > 700 && compatible > 200 && unproven * 100 <= pairs, "{pairs} {compatible} {unproven}");
}

#[test]
fn verdicts_on_random_changes_agree_with_other_validators() {
    let rounds = conformance::rounds(200);
    let mut rng = Rng::with_seed(0x0d21f7);
    let small = small_values();
    let mut counts = BTreeMap::new();
    for round in 0..rounds {
        let depth = rng.usize(1..4);
        let old = random_schema(&mut rng, depth);
        let mut new = changed(&mut rng, &old);
        for _ in 0..rng.usize(..3) {
            new = changed(&mut rng, &new);
        }
        let context = || format!("round {round}: {old} to {new}");
        let (by_old, by_new) = (Oracle::new(&old.to_string()), Oracle::new(&new.to_string()));
        let found = verdict(&old, &new);
        let kind = match &found {
            Verdict::Compatible => {
                let mut generator = InstanceGenerator::new(&new, small.clone(), round);
                let made: Vec<Value> = std::iter::repeat_with(|| generator.next_instance()).take(1000).collect();
                assert_eq!(refuting(&by_old, &by_new, small.iter().chain(&made)), None, "{}", context());
                "compatible"
            }
            Verdict::Breaking(witness) => {
                assert_eq!(refuting(&by_old, &by_new, std::iter::once(witness)), Some(witness), "{}", context());
                "breaking"
            }
            Verdict::Unproven(reason) => {
                println!("unproven, {reason}: {}", context());
                "unproven"
            }
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    println!("{counts:?}");
    let count = |kind| counts.get(kind).copied().unwrap_or(0);
    assert!(count("unproven") * 20 <= rounds, "{counts:?}");
    assert!(count("compatible") * 5 > rounds && count("breaking") * 5 > rounds, "{counts:?}");
}
