//! The text of violations: all of them in document order, the best branch of a union, the limits, masking, and data for programs.

use serde_json::{Value, json};
use webhook_runtime::Violations;

fn explain(schema: Value, instance: Value) -> Violations {
    conformance::violations(&schema, &instance)
}

#[test]
fn every_keyword_says_what_it_asks_for() {
    let schema = json!({
        "type": "object",
        "required": ["id", "name"],
        "properties": {
            "integer": { "type": "integer", "minimum": 5, "multipleOf": 2 },
            "number": { "exclusiveMinimum": 0, "exclusiveMaximum": 1, "maximum": 0.5 },
            "short": { "type": "string", "minLength": 3, "pattern": "^[a-z]+$" },
            "long": { "maxLength": 2 },
            "one": { "const": { "a": [1] } },
            "some": { "enum": ["a", 1, null] },
            "list": { "minItems": 3, "uniqueItems": true, "items": { "type": "string" }, "contains": { "const": "x" } },
            "much": { "maxItems": 1, "prefixItems": [{ "type": "null" }], "items": false },
            "map": { "minProperties": 3, "propertyNames": { "maxLength": 1 }, "additionalProperties": { "type": "null" } },
            "closed": { "maxProperties": 1, "properties": { "a": true }, "additionalProperties": false },
            "not": { "not": { "type": "string" } },
            "never": false,
            "if": { "if": { "required": ["a"] }, "then": { "required": ["b"] }, "else": false },
            "dependent": { "dependentRequired": { "a": ["b"] }, "dependentSchemas": { "a": { "required": ["c"] } } },
            "all": { "allOf": [{ "type": "string" }, { "$ref": "#/$defs/short" }] },
            "rest": { "properties": { "a": true }, "unevaluatedProperties": { "type": "null" } }
        },
        "$defs": { "short": { "maxLength": 1 } }
    });
    let instance = json!({
        "integer": 3, "number": 2, "short": "A", "long": "long\n\"text\"", "one": { "a": [2] }, "some": "b",
        "list": ["x", "x", 5], "much": [1, 2], "map": { "ab": 1 }, "closed": { "a": 1, "b/c": 2 }, "not": "x", "never": null,
        "if": { "a": 1 }, "dependent": { "a": 1 }, "all": 12, "rest": { "a": 1, "b": 2 }
    });
    conformance::assert_snapshot!(explain(schema, instance));
}

#[test]
fn of_a_union_the_branch_that_fits_best_is_explained() {
    let schema = json!({
        "oneOf": [
            { "type": "object", "properties": { "kind": { "const": "circle" }, "radius": { "type": "number" } }, "required": ["kind", "radius"] },
            { "type": "object", "properties": { "kind": { "const": "square" }, "side": { "type": "number" }, "colour": { "type": "string" } }, "required": ["kind", "side"] },
            { "type": "null" },
            { "$ref": "#/$defs/text" }
        ],
        "$defs": { "text": { "type": "string", "maxLength": 3 } }
    });
    let shown = |instance: Value| explain(schema.clone(), instance).to_string();
    let texts = [
        json!({ "kind": "square", "colour": 5 }),
        json!({ "kind": "triangle", "side": 1 }),
        json!("too long"),
        json!(5),
    ];
    conformance::assert_snapshot!(texts.map(shown).join("\n\n"));
}

#[test]
fn a_value_that_fits_two_branches_says_which() {
    let violations = explain(json!({ "oneOf": [{ "minimum": 1 }, { "maximum": 5 }, { "type": "string" }] }), json!(3));
    insta::assert_snapshot!(violations, @r"
    1 violation
      (root): expected a value that fits one branch only (it fits branches 0 and 1), found 3 (schema: /oneOf)
    ");
}

#[test]
fn there_is_an_end_to_the_list() {
    let violations =
        explain(json!({ "items": { "type": "string" } }), Value::Array((0..5000).map(Value::from).collect()));
    assert_eq!((violations.count(), violations.iter().count(), violations.truncated()), (5000, 100, 4900));
    let first: Vec<&str> = violations.iter().take(3).map(|violation| violation.instance_location.as_str()).collect();
    assert_eq!(first, ["/0", "/1", "/2"]);
    assert!(violations.to_string().ends_with("and 4900 more"));
}

#[test]
fn long_values_are_cut_and_masked_on_request() {
    let secret = "s3cret".repeat(100);
    let violations =
        explain(json!({ "additionalProperties": { "type": "integer" } }), json!({ "a": secret, "b": [1], "c": {} }));
    let (open, masked) = (violations.to_string(), violations.masked().to_string());
    assert!(open.contains("\"s3crets3cret") && open.contains('…') && open.len() < 500, "{open}");
    insta::assert_snapshot!(masked, @r"
    3 violations
      /a: expected an integer, found a string (schema: /additionalProperties/type)
      /b: expected an integer, found an array (schema: /additionalProperties/type)
      /c: expected an integer, found an object (schema: /additionalProperties/type)
    ");
}

#[test]
fn machines_get_the_basic_output_format() {
    let schema = json!({ "properties": { "a b": { "$ref": "#/$defs/n%" } }, "$defs": { "n%": { "type": "null" } } });
    let schema = json!({ "$defs": schema["$defs"], "properties": { "a b": { "$ref": "#/$defs/n%25" } } });
    let violations = explain(schema, json!({ "a b": 1 }));
    assert_eq!(
        serde_json::to_value(&violations).unwrap(),
        json!({ "valid": false, "errors": [{
            "keywordLocation": "/properties/a b/$ref/type",
            "absoluteKeywordLocation": "#/$defs/n%25/type",
            "instanceLocation": "/a b",
            "error": "expected null, found 1"
        }] })
    );
    assert_eq!(serde_json::to_value(explain(json!({}), json!(1))).unwrap(), json!({ "valid": true, "errors": [] }));
    // A violation alone does not know the URI of its schema.
    let unit = |violations: &Violations| serde_json::to_value(violations.iter().next()).unwrap();
    assert_eq!(unit(&violations), serde_json::to_value(&violations).unwrap()["errors"][0]);
    let violations = violations.with_base_uri("https://acme.example/schema.json");
    assert_eq!(unit(&violations)["absoluteKeywordLocation"], "#/$defs/n%25/type");
}

#[test]
fn violations_stand_in_the_order_of_the_text() {
    let text = r#"{"details": {"event_type": "payment_failed", "z": 1, "event_timestamp": 5, "event_id": 4}, "metadata": {"version": 2, "issuer": 1}}"#;
    let error = security_webhooks::crowdsec::Event::from_slice(text.as_bytes()).unwrap_err();
    let places: Vec<&str> =
        error.violations().unwrap().iter().map(|violation| violation.instance_location.as_str()).collect();
    assert_eq!(
        places,
        [
            "/details",
            "/details/event_timestamp",
            "/details/event_id",
            "/metadata/version",
            "/metadata/issuer",
            "/metadata/issuer"
        ]
    );
}

/// Without hashes, each item would be compared with every other.
#[test]
fn many_items_are_distinct_in_linear_time() {
    let items = Value::Array((0..200_000).map(|n| json!({ "n": n })).collect());
    assert!(explain(json!({ "uniqueItems": true }), items).is_empty());
}
