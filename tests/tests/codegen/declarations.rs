//! The declarations of generated code for schemas of every shape: types, readers, and the schemas that they check. If the planner
//! chooses a slower way to read a type, the decisions are the same, so only the declarations show the choice.

use std::collections::BTreeMap;

use conformance::planned::{code, declarations, generated, planned, planned_with};

const A: &str = r#"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}"#;
const B: &str = r#"{"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]}"#;

/// Returns the declarations for members with the given schemas, in which `@A` and `@B` are objects.
fn declared(schemas: &[&str]) -> String {
    let text = |schema: &&str| {
        let full = schema.replace("@A", A).replace("@B", B);
        format!("=== {schema}\n{}", planned(&full).declared())
    };
    schemas.iter().map(text).collect::<String>()
}

#[test]
fn branches() {
    conformance::assert_snapshot!(declared(&[
        r#"{"oneOf": [@A, @B]}"#,
        r#"{"anyOf": [@A, @B], "type": "object", "properties": {"k": {"const": 1}}}"#,
        // Two combinations, and keywords next to a combination.
        r#"{"anyOf": [@A, @B], "oneOf": [@A, @B]}"#,
        r#"{"anyOf": [@A, @B], "oneOf": [@A, @B], "type": "object", "properties": {"k": {"type": "integer"}}}"#,
        r#"{"minLength": 2, "anyOf": [{"type": "string", "maxLength": 5}, {"type": "integer", "minimum": 3}]}"#,
        r#"{"type": "string", "anyOf": [{"maxLength": 5}, {"pattern": "^a"}]}"#,
        r#"{"type": "string", "anyOf": [{"maxLength": 5}, {"pattern": "^a"}], "oneOf": [{"minLength": 1}, {"maxLength": 0}]}"#,
        r#"{"items": {"type": "string"}, "anyOf": [@A, @B], "oneOf": [@A, @B]}"#,
        r#"{"properties": {"a": {"type": "string"}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
        r#"{"required": ["a"], "anyOf": [{"minProperties": 2}, {"required": ["b"]}]}"#,
        r#"{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
        // Members that no branch declares.
        r#"{"oneOf": [@A, @B], "unevaluatedProperties": false}"#,
        r#"{"oneOf": [@A, {"type": "null"}], "unevaluatedProperties": false}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "boolean"}], "unevaluatedItems": false}"#,
        r#"{"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}], "unevaluatedItems": false}"#,
        // Merged inexactly.
        r#"{"allOf": [{"type": "object", "properties": {"c": {}}, "unevaluatedProperties": false}], "oneOf": [@A, @B]}"#,
    ]));
}

#[test]
fn branches_about_what_must_be_there() {
    let object = |branch: &str| {
        let properties = r#""properties": {"a": {"type": "string"}, "b": {"type": "integer"}}"#;
        format!(r#"{{"type": "object", {properties}, "anyOf": [{{"required": ["a"]}}, {branch}]}}"#)
    };
    let schemas = [
        r#"{"type": "object", "required": ["b"]}"#,
        r#"{"not": {"required": ["b"]}}"#,
        r#"{"dependentRequired": {"a": ["b"]}}"#,
        r#"{"minProperties": 2}"#,
        r#"{"maxProperties": 2}"#,
        r#"{"type": ["object", "string"], "required": ["b"]}"#,
        r#"{"properties": {"b": {"minimum": 3}}}"#,
    ]
    .map(object);
    conformance::assert_snapshot!(declared(&schemas.each_ref().map(String::as_str)));
}

#[test]
fn branches_of_several_types() {
    conformance::assert_snapshot!(declared(&[
        r#"{"anyOf": [{"type": ["string", "integer"]}, {"type": ["integer", "null"]}]}"#,
        r#"{"anyOf": [{"type": ["integer", "number"]}, {"type": ["string", "boolean"], "minLength": 1}]}"#,
        r#"{"anyOf": [{"type": "number"}, {"type": "integer", "minimum": 2}, {"type": "array"}]}"#,
        r#"{"anyOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"properties": {"b": {}}}]}"#,
        r#"{"anyOf": [{"required": ["a"]}, {"properties": {"b": {"type": "string"}}}]}"#,
        r#"{"anyOf": [{"type": "object", "required": ["a"]}, {"minLength": 2}]}"#,
        r#"{"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "array", "items": {"type": "integer"}}]}"#,
        r#"{"anyOf": [@A, {"type": ["object", "array"], "minProperties": 3, "minItems": 3}]}"#,
        // Null.
        r#"{"anyOf": [{"type": "null"}, {"type": ["null", "string"]}]}"#,
        r#"{"oneOf": [{"type": "null"}, {"type": ["null", "string"]}]}"#,
        r#"{"oneOf": [{"type": "null"}, {"type": "null"}]}"#,
        r#"{"anyOf": [{"type": "null"}, {"const": null}]}"#,
        r#"{"anyOf": [{"type": "null"}, {"enum": [null]}, {"type": "string"}]}"#,
        r#"{"oneOf": [{"type": "null"}, @A, @B]}"#,
        // Nothing.
        r#"{"type": "integer", "anyOf": [{"type": "string"}, {"type": "boolean"}]}"#,
    ]));
}

#[test]
fn branches_of_strings() {
    conformance::assert_snapshot!(declared(&[
        r#"{"anyOf": [{"const": "a"}, {"enum": ["b", "a", 5]}, {"type": "string"}]}"#,
        r#"{"anyOf": [{"const": "a"}, {"enum": ["b"]}]}"#,
        r#"{"anyOf": [{"type": "string"}, {"type": "string", "title": "Other"}]}"#,
        r#"{"anyOf": [{"const": "a", "enum": ["a"]}, {"type": "string"}]}"#,
        r#"{"anyOf": [{"enum": ["a"], "not": {"const": "b"}}, {"type": "string"}]}"#,
        r#"{"oneOf": [{"enum": ["a"]}, {"type": "string"}]}"#,
        r#"{"anyOf": [{"type": "string", "x-timestamp": true}, {"type": "string", "format": "date-time"}]}"#,
        r#"{"anyOf": [{"type": "string", "format": "uuid"}, {"type": "string", "format": "date-time"}]}"#,
        r#"{"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date-time-local"}]}"#,
        r#"{"anyOf": [{"enum": ["a"]}, {"type": "string"}, {"type": "integer"}]}"#,
    ]));
}

#[test]
fn tags() {
    let branch = |members: &str, required: &str| {
        format!(r#"{{"type": "object", "properties": {{{members}}}, "required": [{required}]}}"#)
    };
    let union = |branches: &[String]| planned(&format!(r#"{{"oneOf": [{}]}}"#, branches.join(", "))).declared();
    let k = |value: &str| format!(r#""k": {value}"#);
    let mut text = String::new();
    for (first, second, required) in [
        (r#"{"const": "x"}"#, r#"{"const": "y"}"#, r#""k""#),
        (r#"{"enum": ["x", "z"]}"#, r#"{"const": "y"}"#, r#""k""#),
        (r#"{"enum": ["x", "z"]}"#, r#"{"enum": ["z", "y"]}"#, r#""k""#),
        (r#"{"enum": ["x", 1]}"#, r#"{"const": "y"}"#, r#""k""#),
        (r#"{"const": "x"}"#, r#"{"type": "string"}"#, r#""k""#),
        (r#"{"const": "x"}"#, r#"{"const": "y"}"#, r#""j""#),
        (r#"{"enum": []}"#, r#"{"const": "y"}"#, r#""k""#),
    ] {
        let branches = [branch(&k(first), required), branch(&k(second), required)];
        text.push_str(&format!("=== {first} {second} {required}\n{}", union(&branches)));
    }
    // The first member distinguishes only some branches, and one branch does not have it.
    let two = |j: &str, k: &str| branch(&format!(r#""j": {{"const": "{j}"}}, "k": {{"const": "{k}"}}"#), r#""j", "k""#);
    text.push_str(&format!("=== two members\n{}", union(&[two("a", "x"), two("a", "y"), two("b", "z")])));
    let branches = [two("a", "x"), branch(r#""k": {"const": "y"}"#, r#""k""#)];
    text.push_str(&format!("=== one without\n{}", union(&branches)));
    let branches = [two("a", "x"), branch(r#""m": {"type": "string"}"#, r#""m""#)];
    text.push_str(&format!("=== of one only\n{}", union(&branches)));
    conformance::assert_snapshot!(text);
}

#[test]
fn names_of_variants() {
    let definitions = r#"{"Card": {"type": "object", "properties": {"c": {"type": "string"}}, "required": ["c"]},
        "EventEventMember": {"type": "object", "properties": {"d": {"type": "string"}}, "required": ["d"]},
        "EventEventMemberCard": {"type": "object", "properties": {"e": {"type": "string"}}, "required": ["e"]},
        "CardMember": {"type": "object", "properties": {"f": {"type": "string"}}, "required": ["f"]}}"#;
    let mut text = String::new();
    for branches in [
        r##"{"$ref": "#/$defs/Card"}, {"$ref": "#/$defs/EventEventMember"}"##,
        r##"{"$ref": "#/$defs/EventEventMemberCard"}, {"$ref": "#/$defs/CardMember"}"##,
        r##"{"title": "Mine", "type": "object", "required": ["x"]}, {"title": "Yours", "type": "object", "required": ["y"]}"##,
        r##"{"type": "object", "required": ["x", "y"]}, {"type": "object", "required": ["y", "z"]}"##,
        r##"{"type": "object", "required": ["x"]}, {"type": "object", "required": ["x"]}"##,
        r##"{"title": "Mine", "type": "object", "properties": {"x": {}}}, {"type": "object", "required": ["y"]}"##,
        r##"{"type": "string", "format": "date-time"}, {"type": "integer"}, {"type": "array"}, {"type": "boolean"}"##,
    ] {
        for title in ["", r#""title": "Mine", "#] {
            let schema = format!(r#"{{{title}"anyOf": [{branches}]}}"#);
            text.push_str(&format!("=== {schema}\n{}", planned_with(&schema, definitions).declared()));
        }
    }
    conformance::assert_snapshot!(text);
}

#[test]
fn lists_of_types() {
    conformance::assert_snapshot!(declared(&[
        r#"{"type": ["null", "boolean", "number", "string", "array", "object"]}"#,
        r#"{"type": ["null", "boolean", "number", "string", "array", "object"], "required": ["a"]}"#,
        r#"{"type": ["integer", "number"]}"#,
        r#"{"type": ["integer", "null"], "minimum": 0}"#,
        r#"{"type": ["null", "string"], "not": {"const": "a"}}"#,
        r#"{"type": ["null", "string", "boolean"], "not": {"const": "a"}}"#,
        r#"{"type": ["string", "array"], "minLength": 1, "items": {"type": "integer"}}"#,
        r#"{"type": ["null", "object", "string"], "properties": {"a": {"type": "string"}}}"#,
        r#"{"type": "null", "not": {"const": 5}}"#,
        r#"{"type": []}"#,
        r#"{"type": ["null", "object"], "allOf": [{"properties": {"a": {}}, "unevaluatedProperties": false}]}"#,
        r#"{"type": ["string", "object"], "allOf": [{"properties": {"a": {}}, "unevaluatedProperties": false}]}"#,
    ]));
}

#[test]
fn schemas_without_a_type() {
    conformance::assert_snapshot!(declared(&[
        r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": false}"#,
        r#"{"required": ["a"]}"#,
        r#"{"patternProperties": {"^a": {"type": "string"}}}"#,
        r#"{"additionalProperties": {"type": "string"}}"#,
        r#"{"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#,
        r#"{"items": {"type": "string"}}"#,
        r#"{"items": {"type": "string"}, "minLength": 2}"#,
        r#"{"properties": {"a": {}}, "minItems": 2}"#,
        r#"{"required": ["a"], "items": {"type": "string"}}"#,
        r#"{"required": ["a"], "not": {"const": 5}}"#,
        r#"{"allOf": [{"properties": {"a": {}}, "unevaluatedProperties": false}]}"#,
        r#"{"allOf": [{"properties": {"a": {}}, "unevaluatedProperties": false}, {"required": ["a"]}]}"#,
        r#"{"minimum": 5}"#,
    ]));
}

#[test]
fn scalars() {
    conformance::assert_snapshot!(declared(&[
        r#"{"type": "boolean"}"#,
        r#"{"type": "boolean", "not": {"const": true}}"#,
        r#"{"type": "integer", "x-number": "decimal"}"#,
        r#"{"type": "integer", "x-number": "number", "minimum": 1}"#,
        r#"{"type": "number", "x-number": "decimal"}"#,
        r#"{"type": "number", "x-number": "decimal", "minimum": 1}"#,
        r#"{"type": "number", "minimum": 1}"#,
        r#"{"type": "integer", "exclusiveMinimum": -1}"#,
        r#"{"type": "integer", "exclusiveMinimum": -0.5}"#,
        r#"{"type": "integer", "minimum": -5, "exclusiveMinimum": 3}"#,
        r#"{"type": "string", "x-timestamp": true, "minLength": 3}"#,
        r#"{"enum": [1, 2]}"#,
        r#"{"enum": [1.0, 2e3, 3]}"#,
        r#"{"enum": [1, 2.5]}"#,
        r#"{"enum": [true, false, null]}"#,
        r#"{"enum": [true, "a", 1, 1.5, [1], {"a": 1}, null, [2]]}"#,
        r#"{"enum": [true, "a"], "not": {"const": 1}}"#,
        r#"{"enum": ["a", 1], "type": "string"}"#,
        r#"{"enum": ["a", null], "const": null}"#,
        r#"{"enum": ["a", "b"], "const": "a"}"#,
        r#"{"enum": ["a", null], "minLength": 1}"#,
        r#"{"enum": ["a", "a", "b"]}"#,
        r#"{"enum": [null], "not": {"const": 1}}"#,
        r#"{"enum": []}"#,
    ]));
}

#[test]
fn arrays() {
    let mut schemas = [
        r#"{"type": "array"}"#,
        r#"{"type": "array", "minItems": 1}"#,
        r#"{"type": "array", "maxItems": 1}"#,
        r#"{"type": "array", "items": {"type": "string", "minLength": 1}}"#,
        r#"{"type": "array", "contains": {"const": 1}}"#,
        r#"{"type": "array", "not": {"const": []}}"#,
        r#"{"type": "array", "unevaluatedItems": {"type": "string"}}"#,
        r#"{"type": "array", "items": {"type": "string"}, "allOf": [{"unevaluatedItems": false}]}"#,
        r#"{"type": "array", "prefixItems": [{"type": "string"}], "uniqueItems": true}"#,
        r#"{"type": "array", "prefixItems": [{"type": ["string", "null"]}, {"title": "Rest"}], "items": false}"#,
        r#"{"type": "array", "prefixItems": [{"type": "integer"}], "minItems": 1, "items": {"type": "string"}}"#,
        r#"{"type": "array", "prefixItems": [{"allOf": [{"title": "Size"}, {"type": "integer"}]}], "contains": {}}"#,
        r#"{"type": "array", "prefixItems": [{"type": "integer"}], "maxItems": 1, "items": {"type": "string"}}"#,
    ]
    .map(str::to_owned)
    .to_vec();
    for item in ["string", "boolean", "integer", "number", "null", "object", "array"] {
        schemas.push(format!(r#"{{"type": "array", "uniqueItems": true, "items": {{"type": "{item}"}}}}"#));
    }
    schemas
        .push(r#"{"type": "array", "uniqueItems": true, "items": {"type": "string", "format": "date-time"}}"#.into());
    schemas.push(r#"{"type": "array", "uniqueItems": true, "items": {"type": ["string", "null"]}}"#.into());
    conformance::assert_snapshot!(declared(&schemas.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn maps() {
    conformance::assert_snapshot!(declared(&[
        r#"{"type": "object"}"#,
        r#"{"type": "object", "additionalProperties": false}"#,
        r#"{"type": "object", "additionalProperties": {"type": "integer"}}"#,
        r#"{"type": "object", "additionalProperties": {"type": "integer", "minimum": 5}}"#,
        r#"{"type": "object", "additionalProperties": {"minLength": 1}}"#,
        r#"{"type": "object", "minProperties": 1}"#,
        r#"{"type": "object", "maxProperties": 1, "additionalProperties": {"type": "boolean"}}"#,
        r#"{"type": "object", "propertyNames": {"minLength": 2}}"#,
        r#"{"type": "object", "patternProperties": {"^a": {"type": "string"}}, "additionalProperties": false}"#,
        r#"{"type": "object", "patternProperties": {"^a": true}, "additionalProperties": false, "minProperties": 1}"#,
        r#"{"type": "object", "patternProperties": {"^a": false}, "additionalProperties": false}"#,
        r#"{"type": "object", "patternProperties": {"^a": {"type": "string"}}}"#,
        r#"{"type": "object", "patternProperties": {"^a": {}, "^b": {}}, "additionalProperties": false}"#,
        r#"{"type": "object", "additionalProperties": {"type": "string"}, "not": {"required": ["a"]}}"#,
        r#"{"type": "object", "additionalProperties": {"type": "string"}, "unevaluatedProperties": false}"#,
        r#"{"type": "object", "additionalProperties": {"type": "string"}, "dependentSchemas": {"a": {"minProperties": 2}}}"#,
        r#"{"type": "object", "additionalProperties": {"type": "string"}, "dependentRequired": {"a": ["b"]}}"#,
        r#"{"type": "object", "allOf": [{"additionalProperties": {"type": "string"}, "unevaluatedProperties": false}]}"#,
    ]));
}

#[test]
fn objects() {
    conformance::assert_snapshot!(declared(&[
        r#"{"type": "object", "required": ["a"]}"#,
        r#"{"type": "object", "required": ["a"], "additionalProperties": {"type": "string"}}"#,
        r#"{"type": "object", "required": ["ab"], "additionalProperties": {"type": "string"}, "patternProperties": {"^a": {"type": "integer"}}}"#,
        r#"{"type": "object", "properties": {"ab": {"minimum": 1}, "b": {}}, "patternProperties": {"^a": {"type": "integer"}}}"#,
        r#"{"type": "object", "properties": {"a": false, "b": {}}}"#,
        r#"{"type": "object", "properties": {"a": false, "b": {}}, "required": ["a"]}"#,
        r#"{"type": "object", "properties": {"a": {"type": "string", "enum": [1]}, "b": {}}, "additionalProperties": false}"#,
        r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": {}}"#,
        r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "string"}}"#,
        r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "object", "required": ["x"]}}"#,
        r#"{"type": "object", "properties": {"a": {}}, "propertyNames": {"maxLength": 3}}"#,
        r#"{"type": "object", "properties": {"a": {}}, "minProperties": 1}"#,
        r#"{"type": "object", "properties": {"a": {}}, "maxProperties": 1}"#,
        r#"{"type": "object", "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b", "c"], "d": ["a"]}}"#,
        r#"{"type": "object", "properties": {"a": {}, "b": false}, "dependentRequired": {"a": ["b"]}}"#,
        r#"{"type": "object", "properties": {"a": {}, "b": false}, "dependentRequired": {"b": ["a"]}}"#,
        r#"{"type": "object", "properties": {"a": {}, "b": {}}, "dependentSchemas": {"a": {"required": ["b"]}}}"#,
        r#"{"type": "object", "properties": {"extra": {}, "Extra": {}, "extra_2": {}, "foo bar": {}, "foo_bar": {}}}"#,
    ]));
}

#[test]
fn constants() {
    conformance::assert_snapshot!(declared(&[
        r#"{"type": "object", "properties": {"a": {"const": "x"}, "b": {"enum": [1]}, "c": {"const": true}}, "required": ["a", "b", "c"]}"#,
        r#"{"type": "object", "properties": {"a": {"const": 1.5}, "b": {"const": null}, "c": {"const": []}}, "required": ["a", "b", "c"]}"#,
        r#"{"type": "object", "properties": {"a": {"const": "x"}, "b": {"enum": [1]}, "c": {"const": true}}}"#,
        r#"{"type": "object", "properties": {"a": {"const": "x", "enum": ["x"]}, "b": {"const": "x", "type": "integer"}}, "required": ["a", "b"]}"#,
        r#"{"type": "object", "properties": {"a": {"const": "x", "type": "string"}, "b": {"const": "x", "minLength": 1}}, "required": ["a", "b"]}"#,
        r#"{"type": "object", "properties": {"name": {"const": 1}, "NAME": {"const": 2}, "type": {"const": 3}}, "required": ["name", "NAME", "type"]}"#,
        r#"{"type": "object", "properties": {"x": {}, "a": {"const": 1}, "y": {}, "b": {"const": 2}}, "required": ["a", "b"]}"#,
        r#"{"type": "object", "properties": {"a": {"const": 1}, "b": {}}, "required": ["a"], "dependentRequired": {"a": ["b"]}}"#,
        r#"{"type": "object", "properties": {"a": {"const": 1}, "c": {"const": 1}}, "required": ["a", "c"], "dependentRequired": {"a": ["c"]}}"#,
        r#"{"type": "object", "properties": {"a": {"const": 1}, "b": {}}, "required": ["a"], "dependentRequired": {"b": ["a"]}}"#,
    ]));
}

#[test]
fn schemas_that_have_themselves_inside() {
    let definitions = r##"{
        "list": {"type": "array", "items": {"$ref": "#/$defs/list"}},
        "map": {"type": "object", "additionalProperties": {"$ref": "#/$defs/map"}},
        "nullable": {"type": ["array", "null"], "items": {"$ref": "#/$defs/nullable"}},
        "tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}, "all": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}},
        "either": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/either"}}]},
        "extended": {"allOf": [{"$ref": "#/$defs/tree"}, {"properties": {"left": {"$ref": "#/$defs/extended"}}}]}
    }"##;
    let mut text = String::new();
    for name in ["list", "map", "nullable", "tree", "either", "extended"] {
        let schema = format!(
            r##"{{"type": "object", "properties": {{"a": {{"$ref": "#/$defs/{name}"}}, "b": {{"$ref": "#/$defs/{name}"}}}}}}"##
        );
        text.push_str(&format!("=== {name}\n{}", planned_with(&schema, definitions).declared()));
    }
    conformance::assert_snapshot!(text);
}

#[test]
fn events_that_are_no_objects() {
    let mut text = String::new();
    let part = r##""$defs": {"Part": {"type": "object", "required": ["a"]}}"##;
    for schema in [
        r##"{"type": "array", "items": {"type": "string"}}"##,
        r##"{"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Part"}}"##,
        r##"{"enum": [1, 2]}"##,
        r##"{"type": "object", "allOf": [{"additionalProperties": {"type": "string"}}, {"additionalProperties": {"minLength": 1}}]}"##,
        r##"{"minLength": 2, "anyOf": [{"type": "string"}, {"type": "null"}]}"##,
        r##"{"type": ["object", "null"], "required": ["a"]}"##,
        r##"{"$ref": "#/$defs/Part"}"##,
        r##"{"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Part"}]}"##,
        r##"{"type": "object", "additionalProperties": {"type": "integer"}}"##,
        r##"{}"##,
        r##"{"$dynamicAnchor": "n", "type": "object", "properties": {"a": {"$dynamicRef": "#n"}}}"##,
        r##"{"$dynamicAnchor": "n", "type": "object", "additionalProperties": {"$dynamicRef": "#n"}}"##,
        r##"{"$dynamicAnchor": "n", "type": "object", "properties": {"ab": {"type": "string"}}, "patternProperties": {"^a": {"$dynamicRef": "#n"}}}"##,
        r##"{"$dynamicAnchor": "n", "type": ["object", "null"], "properties": {"a": {"$dynamicRef": "#n"}}}"##,
        r##"{"$dynamicAnchor": "n", "type": "object", "required": ["b"], "anyOf": [{"properties": {"a": {"$dynamicRef": "#n"}}}, {"required": ["c"]}]}"##,
    ] {
        let document = match schema {
            "{}" => "{}".to_owned(),
            schema => format!("{{{part}, {}", &schema[1..]),
        };
        let (tree, buffered) = generated(&[("own", &document)], "");
        let reasons: Vec<&str> = buffered.iter().filter_map(|note| note.split(", for ").nth(1)).collect();
        let code = code(&tree);
        let types: Vec<&str> =
            code.lines().filter(|line| line.starts_with("pub enum ") || line.starts_with("pub struct ")).collect();
        text.push_str(&format!("=== {schema}\nread whole for {reasons:?}\n{}\n", types.join("\n")));
        declarations(&code).iter().for_each(|declaration| text.push_str(declaration));
    }
    conformance::assert_snapshot!(text);
}

/// The entries of a provider's table, by name.
fn entries(events: &[(&str, &str)]) -> BTreeMap<String, String> {
    let (tree, _) = generated(events, "");
    let text = tree.get("src/acme/schemas.rs").unwrap();
    let (_, entries) = text.split_once("schemas! {\n").unwrap();
    let entries = entries.trim_end().trim_end_matches('}').split_terminator(";\n");
    entries.map(|entry| entry.trim().split_once(" = ").unwrap()).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

#[test]
fn entries_are_named_after_their_content() {
    let event = |ty: &str, members: &str| {
        format!(
            r##"{{"type": "object", "required": ["type", "d"], "$defs": {{"Code": {{"type": "string", "minLength": 3}}}},
                "properties": {{"type": {{"const": "{ty}"}}, {members}}}}}"##
        )
    };
    let old = event(
        "old",
        r##""a": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "b": {"type": ["null", "string"]},
            "c": {"type": "array", "items": {"type": "string"}}, "d": {"type": "string", "const": "on"},
            "e": {"type": "integer", "const": -1}, "f": {"$ref": "#/$defs/Code"}, "g": {"type": "string", "minLength": 3},
            "h": {"oneOf": [{"type": "array", "items": {"$ref": "#/$defs/Code"}}, {"type": "null"}]}"##,
    );
    let alone = entries(&[("old", &old)]);
    let names: Vec<&str> = alone.keys().map(String::as_str).collect();
    let expected = "ANY_OF_STRING_NULL ARRAY_OF_OLD_CODE_REF ARRAY_OF_STRING CONST_OLD INTEGER_CONST_MINUS_1 NULL \
            OLD OLD_CODE OLD_CODE_REF OLD_G ONE_OF_ARRAY_OF_OLD_CODE_REF_NULL STRING STRING_CONST_ON \
            STRING_OR_NULL";
    assert_eq!(names.join(" "), expected);
    // The entries do not depend on other events, before or after the event.
    let other = |ty: &str| {
        let members = r##""g": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "f": {"type": "string", "minLength": 3},
            "d": {"type": "string", "const": "on"}, "i": {"$ref": "#/$defs/Code"}"##;
        event(ty, members)
    };
    for ty in ["earlier", "recent"] {
        let both = entries(&[("old", &old), (ty, &other(ty))]);
        assert!(alone.iter().all(|(name, entry)| both.get(name) == Some(entry)), "{both:#?}");
        assert_eq!(both.len(), alone.len() + 5, "{both:#?}");
    }
}
