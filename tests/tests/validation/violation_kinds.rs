//! The kinds of violations: the violated keyword and its values, compared with the errors of another validator.

use std::collections::BTreeMap;

use conformance::{validator, violations};
use jsonschema::error::{TypeKind, ValidationErrorKind as Theirs};
use serde_json::{Value, json};
use webhook_codegen::json::Json;
use webhook_codegen::{Dialect, Validator};
use webhook_runtime::{Violation, ViolationKind as Kind, Violations};

/// Checks the kinds of the violations of an instance.
#[track_caller]
fn are(schema: Value, instance: Value, expected: &[Kind]) {
    let found: Vec<Kind> = violations(&schema, &instance).iter().map(|violation| violation.kind.clone()).collect();
    assert_eq!(found, expected);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Returns our kind in words that both validators have.
fn ours(kind: &Kind) -> (&'static str, Value) {
    let texts = |list: &[String]| list.iter().map(|text| parsed(text)).collect();
    match kind {
        Kind::Type { expected, .. } => ("type", json!(expected)),
        Kind::Const { expected } => ("const", parsed(expected)),
        Kind::Enum { expected } => ("enum", texts(expected)),
        Kind::Minimum { limit, .. } => ("minimum", parsed(limit)),
        Kind::ExclusiveMinimum { limit, .. } => ("exclusiveMinimum", parsed(limit)),
        Kind::Maximum { limit, .. } => ("maximum", parsed(limit)),
        Kind::ExclusiveMaximum { limit, .. } => ("exclusiveMaximum", parsed(limit)),
        Kind::MultipleOf { divisor, .. } => ("multipleOf", json!(parsed(divisor).as_f64())),
        Kind::MinLength { limit, .. } => ("minLength", json!(limit)),
        Kind::MaxLength { limit, .. } => ("maxLength", json!(limit)),
        Kind::Pattern { pattern } => ("pattern", json!(pattern)),
        Kind::MinItems { limit, .. } => ("minItems", json!(limit)),
        Kind::MaxItems { limit, .. } => ("maxItems", json!(limit)),
        Kind::UniqueItems { .. } => ("uniqueItems", Value::Null),
        Kind::MinContains { .. } | Kind::MaxContains { .. } => ("contains", Value::Null),
        Kind::MinProperties { limit, .. } => ("minProperties", json!(limit)),
        Kind::MaxProperties { limit, .. } => ("maxProperties", json!(limit)),
        Kind::Required { name } | Kind::DependentRequired { name, .. } => ("required", json!(name)),
        Kind::PropertyNames { kind, .. } => ("propertyNames", json!(ours(kind))),
        Kind::AdditionalProperties { name } => ("additionalProperties", json!([name])),
        Kind::AdditionalItems { .. } => ("additionalItems", Value::Null),
        Kind::UnevaluatedProperties { name } => ("unevaluatedProperties", json!([name])),
        Kind::UnevaluatedItems { .. } => ("unevaluatedItems", Value::Null),
        Kind::False => ("false", Value::Null),
        Kind::AnyOf { branches, .. } => ("anyOf", json!(branches)),
        Kind::OneOf { branches, matching, .. } => ("oneOf", json!([branches, matching])),
        Kind::Not => ("not", Value::Null),
        other => panic!("{other:?}"),
    }
}

fn theirs(kind: &Theirs) -> (&'static str, Value) {
    match kind {
        Theirs::Type { kind: TypeKind::Single(one) } => ("type", json!([one.to_string()])),
        Theirs::Type { kind: TypeKind::Multiple(all) } => {
            ("type", all.iter().map(|one| Value::from(one.to_string())).collect())
        }
        Theirs::Constant { expected_value } => ("const", (**expected_value).clone()),
        Theirs::Enum { options } => ("enum", (**options).clone()),
        Theirs::Minimum { limit } => ("minimum", limit.clone()),
        Theirs::ExclusiveMinimum { limit } => ("exclusiveMinimum", limit.clone()),
        Theirs::Maximum { limit } => ("maximum", limit.clone()),
        Theirs::ExclusiveMaximum { limit } => ("exclusiveMaximum", limit.clone()),
        Theirs::MultipleOf { multiple_of } => ("multipleOf", json!(multiple_of)),
        Theirs::MinLength { limit } => ("minLength", json!(limit)),
        Theirs::MaxLength { limit } => ("maxLength", json!(limit)),
        Theirs::Pattern { pattern } => ("pattern", json!(pattern)),
        Theirs::MinItems { limit } => ("minItems", json!(limit)),
        Theirs::MaxItems { limit } => ("maxItems", json!(limit)),
        Theirs::UniqueItems => ("uniqueItems", Value::Null),
        Theirs::Contains => ("contains", Value::Null),
        Theirs::MinProperties { limit } => ("minProperties", json!(limit)),
        Theirs::MaxProperties { limit } => ("maxProperties", json!(limit)),
        Theirs::Required { property } => ("required", property.clone()),
        Theirs::PropertyNames { error } => ("propertyNames", json!(theirs(error.kind()))),
        Theirs::AdditionalProperties { unexpected } => ("additionalProperties", json!(unexpected)),
        Theirs::AdditionalItems { .. } => ("additionalItems", Value::Null),
        Theirs::UnevaluatedProperties { unexpected } => ("unevaluatedProperties", json!(unexpected)),
        Theirs::UnevaluatedItems { .. } => ("unevaluatedItems", Value::Null),
        Theirs::FalseSchema => ("false", Value::Null),
        Theirs::AnyOf { context } => ("anyOf", json!(context.len())),
        Theirs::OneOfNotValid { context } => ("oneOf", json!([context.len(), []])),
        Theirs::OneOfMultipleValid { context } => {
            let matching = context.iter().enumerate().filter(|(_, errors)| errors.is_empty());
            ("oneOf", json!([context.len(), matching.map(|(index, _)| index).collect::<Vec<_>>()]))
        }
        Theirs::Not { .. } => ("not", Value::Null),
        other => panic!("{other:?}"),
    }
}

#[test]
fn kinds_are_those_that_another_validator_finds() {
    let cases = [
        (json!({ "type": "integer" }), json!(1.5)),
        (json!({ "type": ["string", "null"] }), json!({})),
        (json!({ "const": { "a": [1, null] } }), json!(1)),
        (json!({ "enum": ["a", 1, null, [true]] }), json!("b")),
        (json!({ "minimum": 5 }), json!(4)),
        (json!({ "exclusiveMinimum": 5 }), json!(5)),
        (json!({ "maximum": 0.5 }), json!(0.75)),
        (json!({ "exclusiveMaximum": 1 }), json!(1)),
        (json!({ "multipleOf": 2 }), json!(3)),
        (json!({ "minLength": 3 }), json!("aé")),
        (json!({ "maxLength": 1 }), json!("aé")),
        (json!({ "pattern": "^[a-z]+$" }), json!("A")),
        (json!({ "minItems": 2 }), json!([])),
        (json!({ "maxItems": 1 }), json!([1, 2])),
        (json!({ "uniqueItems": true }), json!([1, 2, 1.0])),
        (json!({ "contains": { "type": "string" } }), json!([1])),
        (json!({ "contains": { "type": "string" }, "minContains": 2 }), json!(["a"])),
        (json!({ "contains": { "type": "string" }, "maxContains": 1 }), json!(["a", "b"])),
        (json!({ "minProperties": 1 }), json!({})),
        (json!({ "maxProperties": 1 }), json!({ "a": 1, "b": 2 })),
        (json!({ "required": ["a", "b"] }), json!({ "b": 1 })),
        (json!({ "dependentRequired": { "a": ["b"] } }), json!({ "a": 1 })),
        (json!({ "propertyNames": { "maxLength": 1 } }), json!({ "ab": 1 })),
        (json!({ "properties": { "a": true }, "additionalProperties": false }), json!({ "a": 1, "b/c": 2 })),
        (json!({ "properties": { "additionalProperties": false } }), json!({ "additionalProperties": 1 })),
        (
            json!({ "$schema": "http://json-schema.org/draft-07/schema#", "items": [true], "additionalItems": false }),
            json!([1, 2]),
        ),
        (json!({ "properties": { "a": true }, "unevaluatedProperties": false }), json!({ "a": 1, "b": 2 })),
        (json!({ "prefixItems": [true], "unevaluatedItems": false }), json!([1, 2])),
        (json!({ "properties": { "a": false } }), json!({ "a": 1 })),
        (json!(false), json!(1)),
        (json!({ "anyOf": [{ "type": "string" }, { "minimum": 5 }] }), json!(1)),
        (json!({ "oneOf": [{ "type": "string" }, { "minimum": 5 }] }), json!(1)),
        (json!({ "oneOf": [{ "minimum": 1 }, { "type": "string" }, { "maximum": 5 }] }), json!(3)),
        (json!({ "not": { "type": "string" } }), json!("a")),
        (json!({ "if": true, "then": { "required": ["b"] } }), json!({})),
    ];
    for (schema, instance) in cases {
        let validator = jsonschema::validator_for(&schema).unwrap();
        let expected: Vec<_> = validator.iter_errors(&instance).map(|error| theirs(error.kind())).collect();
        let found = violations(&schema, &instance);
        // The other validator has the errors of the branches of a union in the context of its error.
        let is_union = |one: &&Violation| matches!(one.kind, Kind::AnyOf { .. } | Kind::OneOf { .. });
        let union = found.iter().find(is_union).map(|one| format!("{}/", one.keyword_location));
        let explains = |one: &&Violation| union.as_ref().is_some_and(|union| one.keyword_location.starts_with(union));
        let found: Vec<_> = found.iter().filter(|one| !explains(one)).map(|one| ours(&one.kind)).collect();
        assert_eq!(found, expected, "{schema} {instance}");
    }
}

#[test]
fn kinds_say_what_the_payload_has() {
    let long = "é".repeat(100);
    are(
        json!({ "maxLength": 1, "pattern": "^$" }),
        json!(long),
        &[Kind::MaxLength { limit: 1, actual: 100 }, Kind::Pattern { pattern: "^$".to_owned() }],
    );
    are(json!({ "type": "integer" }), json!([]), &[Kind::Type { expected: vec!["integer"], actual: "array" }]);
    are(json!({ "uniqueItems": true }), json!([0, "a", 1, "a"]), &[Kind::UniqueItems { first: 1, second: 3 }]);
    are(
        json!({ "contains": { "type": "null" }, "minContains": 3 }),
        json!([null, 1]),
        &[Kind::MinContains { limit: 3, actual: 1 }],
    );
    are(
        json!({ "contains": { "type": "null" }, "minContains": 3, "maxContains": 1 }),
        json!([null, null]),
        &[Kind::MinContains { limit: 3, actual: 2 }, Kind::MaxContains { limit: 1, actual: 2 }],
    );
    are(
        json!({ "dependentRequired": { "a": ["b"] } }),
        json!({ "a": 1 }),
        &[Kind::DependentRequired { name: "b".to_owned(), because: "a".to_owned() }],
    );
    are(
        json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] }),
        json!(1),
        &[Kind::OneOf { branches: 2, matching: vec![], best: None, types: vec!["null", "string"] }],
    );
    let two = json!({ "anyOf": [{ "type": "string" }, { "type": "object", "required": ["a"] }] });
    are(
        two,
        json!({}),
        &[Kind::AnyOf { branches: 2, best: Some(1), types: vec![] }, Kind::Required { name: "a".to_owned() }],
    );
    let tuple = json!({ "prefixItems": [true], "items": false });
    are(tuple, json!([1, 2]), &[Kind::AdditionalItems { index: 1 }]);
}

#[test]
fn what_was_found_is_shown_in_a_few_words() {
    for (instance, shown) in [
        (json!(null), "null"),
        (json!(false), "false"),
        (json!(5), "5"),
        (json!("five"), "\"five\""),
        (json!([]), "[]"),
        (json!([5]), "an array with 1 item"),
        (json!([5, 6]), "an array with 2 items"),
        (json!({}), "{}"),
        (json!({ "five": 5 }), "an object with 1 member"),
    ] {
        let found = violations(&json!({ "const": "x" }), &instance);
        assert!(found.to_string().contains(&format!("expected \"x\", found {shown} (schema")), "{found}");
    }
    let text = |schema: &Value, instance: &Value| violations(schema, instance).to_string();
    let contains = |least: u64| json!({ "contains": { "type": "null" }, "minContains": least });
    for (least, instance, shown) in [
        (1, json!([5]), "at least 1 item that fits \"contains\" (0 do)"),
        (2, json!([null]), "at least 2 items that fit \"contains\" (1 does)"),
        (3, json!([null, null]), "at least 3 items that fit \"contains\" (2 do)"),
    ] {
        let found = text(&contains(least), &instance);
        assert!(found.contains(shown), "{found}");
    }
    let choices = |count: i32| text(&json!({ "enum": (0..count).collect::<Vec<_>>() }), &json!(-1));
    assert!(choices(1).contains("expected 0, found"), "{}", choices(1));
    assert!(choices(2).contains("expected one of 0, 1, found"), "{}", choices(2));
    assert!(choices(12).contains("10, 11, found"), "{}", choices(12));
    assert!(choices(13).contains("10, 11, … (13 in all), found"), "{}", choices(13));
}

/// The limit counts how deep references between schemas nest, not how many there are.
#[test]
fn many_references_are_not_deep() {
    let schema =
        json!({ "items": { "$ref": "#/$defs/list" }, "$defs": { "list": { "items": { "$ref": "#/$defs/list" } } } });
    assert!(violations(&schema, &Value::from(vec![json!([[], []]); 5000])).is_empty());
    let nested = |depth: usize| (0..depth).fold(json!([]), |inner, _| json!([inner]));
    assert!(violations(&schema, &nested(100)).is_empty());
}

/// Numbers keep every digit of the schema, and those that the payload's number has.
#[test]
fn kinds_keep_every_digit() {
    let schema = r#"{"maximum": 0.10000000000000000000000000000000000001, "const": 12345678901234567890123456789012345678901234567890.5}"#;
    let found = validator(schema).violations(&[&json!(0.25)]).remove(0);
    let kinds: Vec<&Kind> = found.iter().map(|one| &one.kind).collect();
    let maximum =
        Kind::Maximum { limit: "0.10000000000000000000000000000000000001".to_owned(), actual: "0.25".to_owned() };
    assert!(kinds.contains(&&maximum), "{kinds:?}");
    let expected = "12345678901234567890123456789012345678901234567890.5".to_owned();
    assert!(kinds.contains(&&Kind::Const { expected }), "{kinds:?}");
}

/// The expectation of a violation contains nothing of the payload, so that a masked message cannot show any of it.
#[test]
fn what_is_expected_names_no_value_of_the_payload() {
    let schema = json!({
        "maximum": 1, "multipleOf": 10, "maxLength": 1, "minLength": 90, "enum": [1], "type": "null", "not": true,
        "uniqueItems": true, "maxItems": 1, "maxProperties": 0, "oneOf": [{ "const": 1 }, { "type": "null" }],
        "propertyNames": { "pattern": "^a" }, "additionalProperties": false
    });
    for secret in [json!(57731), json!("57731"), json!(["57731", "57731"]), json!({ "b": 57731 })] {
        let found = violations(&schema, &secret);
        assert!(found.count() > 3, "{found}");
        assert!(!found.masked().to_string().contains("57731"), "{}", found.masked());
        assert!(found.iter().all(|one| !one.expected().contains("57731")), "{found}");
    }
}

/// At most as many unions are explained as violations are described: further unions are only decided.
#[test]
fn unions_beyond_the_list_are_not_explained() {
    let schema = json!({ "items": { "anyOf": [{ "type": "integer", "minimum": 5 }, { "type": "null" }] } });
    let found = violations(&schema, &Value::from(vec![1; 1000]));
    let unions = found.iter().filter(|one| matches!(one.kind, Kind::AnyOf { .. })).count();
    assert_eq!((found.iter().count(), unions), (Violations::LIMIT, Violations::LIMIT / 2));
    // A hundred unions are explained, with two violations each. Each further union is one violation.
    assert_eq!(found.count(), 200 + 900);
}

#[test]
#[cfg_attr(feature = "arbitrary_precision", ignore = "this mode keeps numbers that serde_json rejects or rounds")]
fn large_numbers_with_a_point_or_an_exponent_are_decimals() {
    let schema = json!({ "minimum": i64::MIN });
    let other = jsonschema::validator_for(&schema).unwrap();
    // The nearest `f64` of each is the minimum itself, whose shortest decimal is less.
    for text in ["-9.223372036854776e18", "-9223372036854775808.0", "-9223372036854775809"] {
        assert!(other.is_valid(&parsed(text)), "the other validator compares binary numbers: {text}");
        assert_eq!(violations(&schema, &parsed(text)).count(), 1, "{text}");
    }
    for text in ["-9223372036854775808", "-9.22337203685477e18"] {
        assert!(violations(&schema, &parsed(text)).is_empty() && other.is_valid(&parsed(text)), "{text}");
    }
}

/// Numbers that are not exact: both the schema's and the payload's are the nearest `f64`.
#[test]
#[cfg_attr(feature = "arbitrary_precision", ignore = "this mode keeps numbers that serde_json rejects or rounds")]
fn large_numbers_are_decided_as_another_validator_does() {
    let numbers = "9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616 \
            18446744073709551617 18446744073709555712 36893488147419103232 -9223372036854775808 \
            -9223372036854775809 -18446744073709551616 1e20 100000000000000000000 3e20 1e23 1e300 -1e300 \
            0.1000000000000000055511151231257827 1.8446744073709552e19";
    let numbers: Vec<&str> = numbers.split(' ').collect();
    let mut counts = [0, 0];
    for keyword in ["const", "enum", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"] {
        for limit in &numbers {
            let limit = if keyword == "enum" { format!("[\"x\", {limit}]") } else { (*limit).to_owned() };
            let schema = format!("{{\"{keyword}\": {limit}}}");
            let ours = validator(&schema);
            let theirs = jsonschema::validator_for(&parsed(&schema)).unwrap();
            for number in &numbers {
                let instance = parsed(number);
                let found = ours.violations(&[&instance]).remove(0).is_empty();
                // -2^63 is exact, and -2^63-1 is rounded to the same binary number, whose shortest decimal is less: they differ
                // here.
                let edges = ["-9223372036854775808", "-9223372036854775809"];
                if edges.contains(number) && edges.iter().any(|edge| edge != number && schema.contains(edge)) {
                    continue;
                }
                assert_eq!(found, theirs.is_valid(&instance), "{schema}: {number}");
                counts[usize::from(found)] += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 400), "{counts:?}");
}

#[test]
fn sizes_are_integers_however_written() {
    let decide = |schema: &str, instance: &Value| {
        let schema = Json::parse(schema).unwrap();
        let validator = Validator::new(&schema, &BTreeMap::new(), Dialect::default());
        validator.map(|validator| validator.violations(&[instance]).remove(0).is_empty())
    };
    let list = json!([1, 2]);
    for (schema, expected) in [
        (r#"{"maxItems": 18446744073709551616}"#, true),
        (r#"{"maxItems": 1e300}"#, true),
        (r#"{"maxItems": 2.0}"#, true),
        (r#"{"minItems": 1e3}"#, false),
        (r#"{"maxItems": 1e0}"#, false),
        (r#"{"maxItems": 18446744073709551615}"#, true),
    ] {
        assert_eq!(decide(schema, &list).unwrap(), expected, "{schema}");
    }
    for (schema, expected) in [
        (r#"{"minItems": 18446744073709551616}"#, "`minItems` is 18446744073709551616: no payload is that large"),
        (r#"{"minLength": 1e30}"#, "`minLength` is 1e30: no payload is that large"),
        (r#"{"maxItems": 1.5}"#, "`maxItems` must be an integer of 0 or more, but is 1.5"),
        (r#"{"maxItems": -18446744073709551616}"#, "must be an integer of 0 or more"),
    ] {
        let problems = decide(schema, &list).unwrap_err();
        assert!(problems.iter().any(|problem| problem.message.contains(expected)), "{schema}: {problems:?}");
    }
}
