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

/// Groups of schemas with the same keywords, below the name of their dialect. Each schema is compared with every other schema of
/// its group.
const GROUPS: &str = r##"
2020-12
true
false
{"type": "string"}
{"type": ["string", "null"]}
{"oneOf": [{"type": "number"}, {"type": "null"}]}
{"type": "null"}
{"not": {"type": "integer"}}
{"not": {"type": "number"}}

2020-12
{"type": "number", "minimum": 0}
{"type": "number", "exclusiveMinimum": 0}
{"type": "integer", "exclusiveMinimum": 0}
{"type": "integer", "minimum": 1}
{"type": "number", "minimum": 1}
{"enum": [1]}
{"enum": [0, 1], "minimum": 1}

2020-12
{"type": "integer", "maximum": 3}
{"type": "integer", "exclusiveMaximum": 4}
{"type": "integer", "minimum": 1, "maximum": 3}
{"enum": [1, 2, 3]}
{"enum": [1, 2]}
{"type": "integer", "enum": [1, 2, 2.5]}

2020-12
{"type": "number", "multipleOf": 2}
{"type": "number", "multipleOf": 10}
{"type": "number", "multipleOf": 1}
{"type": "number", "multipleOf": 1.0}
{"type": "integer"}
{"type": "number", "multipleOf": 0.5}
{"allOf": [{"type": "integer", "multipleOf": 2}, {"multipleOf": 5}]}

2020-12
{"type": "string", "minLength": 1}
{"type": "string", "maxLength": 2}
{"type": "string", "minLength": 1, "maxLength": 2}
{"enum": ["a", "ab"]}
{"const": "a"}
{"type": "string", "not": {"const": ""}}

2020-12
{"type": "string", "pattern": "^a"}
{"type": "string", "pattern": "^ab"}
{"type": "string", "pattern": "^(ab|ac)$"}
{"enum": ["ab", "ac"]}
{"type": "string", "pattern": "^[a-z]*$"}
{"type": "string", "pattern": "^[a-z]{1,3}$"}
{"type": "string", "pattern": "^[a-z]+$", "maxLength": 3}

2020-12
{"type": "boolean"}
{"enum": [true, false]}
{"const": true}
{"not": {"const": false}}
{"enum": [true, null]}

2020-12
{"const": {"k": 1}}
{"type": "object", "properties": {"k": {"const": 1}}, "required": ["k"], "additionalProperties": false}
{"type": "object", "properties": {"k": {"const": 1}}, "additionalProperties": false}
{"enum": [{}, {"k": 1}]}
{"type": "object", "properties": {"k": {"const": 1}}, "required": ["k"]}

2020-12
{"type": "array", "contains": {"type": "string"}, "maxContains": 1}
{"type": "array", "contains": {"type": "string"}, "maxContains": 2}
{"type": "array", "contains": {"type": "string"}}
{"type": "array", "contains": {"type": "string"}, "minContains": 2}
{"type": "array", "contains": {"type": ["string", "number"]}}
{"type": "array", "contains": {"type": "string"}, "minContains": 0}
{"type": "array"}

2020-12
{"type": "array", "items": {"type": "integer"}}
{"type": "array", "items": {"type": "number"}}
{"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "number"}}
{"type": "array", "prefixItems": [{"type": "integer"}], "items": false}
{"type": "array", "items": {"type": "integer"}, "maxItems": 1}
{"type": "array", "items": {"type": "integer"}, "minItems": 1}
{"type": "array", "items": {"type": "integer"}, "uniqueItems": true}

2020-12
{"type": "array", "items": {"type": "boolean"}, "uniqueItems": true}
{"type": "array", "items": {"type": "boolean"}, "uniqueItems": true, "maxItems": 2}
{"type": "array", "items": {"type": "boolean"}, "maxItems": 2}
{"const": []}
{"type": "array", "maxItems": 0}

2020-12
{"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "number"}}
{"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "number"}}
{"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": false}
{"type": "array", "contains": {"type": "string"}, "unevaluatedItems": {"type": "number"}}
{"type": "array", "contains": {"type": "string"}, "items": {"type": ["string", "number"]}}

2020-12
{"properties": {"a": {"type": "number"}, "b": {"type": "string"}}, "additionalProperties": {"type": "string"}}
{"properties": {"b": {"type": "string"}}, "additionalProperties": {"type": "string"}}
{"properties": {"a": {"type": "number"}, "b": {"type": "string"}}, "unevaluatedProperties": {"type": "string"}}
{"properties": {"b": {"type": "string"}}, "unevaluatedProperties": {"type": "string"}}
{"additionalProperties": {"type": "string"}}
{"properties": {"a": {"type": "number"}, "b": {"type": "string"}}}

2020-12
{"type": "object", "properties": {"a": {}}, "additionalProperties": false, "maxProperties": 1}
{"type": "object", "properties": {"a": {}}, "additionalProperties": false, "maxProperties": 3}
{"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": false, "maxProperties": 1}
{"type": "object", "maxProperties": 1}
{"type": "object", "minProperties": 1}
{"type": "object", "required": ["a"]}
{"type": "object", "required": ["a", "b"], "maxProperties": 2}

2020-12
{"type": "object", "patternProperties": {"^x": {"type": "integer"}}}
{"type": "object", "patternProperties": {"^x1": {"type": "integer"}}}
{"type": "object", "patternProperties": {"^x": {"type": "number"}}, "additionalProperties": false}
{"type": "object", "properties": {"x1": {"type": "integer"}}, "additionalProperties": false}
{"type": "object", "propertyNames": {"pattern": "^x"}, "additionalProperties": {"type": "number"}}
{"type": "object", "propertyNames": {"enum": ["x1"]}, "additionalProperties": {"type": "integer"}}

2020-12
{"type": "object", "dependentSchemas": {"a": false}}
{"type": "object", "dependentSchemas": {"b": false}}
{"type": "object", "properties": {"a": false}}
{"type": "object", "dependentRequired": {"a": ["b"]}}
{"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}}
{"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}

2020-12
{"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"const": 1}}
{"anyOf": [{"type": "string", "minLength": 2}, {"const": 1}]}
{"oneOf": [{"type": "string", "minLength": 2}, {"const": 1}]}
{"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"const": 1}}
{"anyOf": [{"type": "string"}, {"type": "integer"}]}
{"type": ["string", "integer"]}

2020-12
{"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object"}
{"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object"}
{"type": "object", "required": ["a"], "properties": {"b": false}}
{"type": "object", "not": {"required": ["a", "b"]}}
{"allOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object"}

2020-12
{"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"type": "integer"}}}
{"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"type": "number"}}}
{"type": "object", "properties": {"a": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "object"}}}
{"type": "object", "properties": {"a": {"$ref": "#"}}, "additionalProperties": false}
{"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"const": 1}}, "required": ["b"]}

2020-12
{"oneOf": [{"properties": {"k": {"const": "a"}, "v": {"type": "string"}}, "required": ["k"]}, {"properties": {"k": {"const": "b"}, "v": {"type": "integer"}}, "required": ["k"]}], "type": "object"}
{"oneOf": [{"properties": {"k": {"const": "a"}, "v": {"type": "string"}}, "required": ["k"]}], "type": "object"}
{"type": "object", "properties": {"k": {"enum": ["a", "b"]}, "v": {"type": ["string", "integer"]}}, "required": ["k"]}
{"oneOf": [{"properties": {"k": {"const": "a"}, "v": {"type": "string"}}, "required": ["k"]}, {"properties": {"k": {"const": "b"}, "v": {"type": "number"}}, "required": ["k"]}], "type": "object"}

2019-09
{"type": "array", "items": [{"type": "string"}], "additionalItems": false}
{"type": "array", "items": [{"type": "string"}], "additionalItems": {"type": "number"}}
{"type": "array", "items": [{"type": "string"}], "unevaluatedItems": false}
{"type": "array", "items": {"type": "string"}, "maxItems": 1}

2019-09
{"allOf": [{"properties": {"a": {"type": "string"}}}], "unevaluatedProperties": false, "type": "object"}
{"properties": {"a": {"type": "string"}}, "additionalProperties": false, "type": "object"}
{"anyOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string"}}}], "unevaluatedProperties": false, "type": "object"}
{"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "additionalProperties": false, "type": "object"}

draft-07
{"type": "object", "dependencies": {"a": ["b"]}}
{"type": "object", "dependencies": {"a": {"required": ["b"]}}}
{"type": "object", "dependencies": {"a": ["b", "x1"]}}
{"type": "object"}

draft-06
{"type": "number", "exclusiveMinimum": 1}
{"type": "number", "minimum": 1}
{"type": "array", "contains": {"const": 1}}
{"type": "array", "minItems": 1, "items": {"const": 1}}

draft-04
{"type": "number", "minimum": 0, "exclusiveMinimum": true}
{"type": "number", "minimum": 0}
{"type": "number", "minimum": 1}
{"type": "integer", "minimum": 0, "exclusiveMinimum": true}
{"type": "integer", "minimum": 1}

2020-12
{"$defs": {"v": {"type": "integer"}}, "type": "object", "properties": {"a": {"$ref": "#/$defs/v"}}, "required": ["a"]}
{"$defs": {"w": {"type": "number"}}, "type": "object", "properties": {"a": {"$ref": "#/$defs/w"}}, "required": ["a"]}
{"type": "object", "properties": {"a": {"type": "integer", "minimum": 0}}, "required": ["a", "b"]}
{"type": "object", "properties": {"a": {"type": ["integer", "null"]}}, "required": ["a"]}
{"type": "object", "properties": {"a": {"type": "integer"}}}
"##;

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
    for group in GROUPS.trim().split("\n\n") {
        let (dialect, schemas) = group.split_once('\n').unwrap();
        let schemas: Vec<Value> = schemas.lines().map(|text| schema(dialect, text)).collect();
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
