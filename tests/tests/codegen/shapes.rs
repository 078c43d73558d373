//! The Rust type of a member by its schema, and whether it is read in one pass or buffered as a `Value` first.

use conformance::planned::{catalog, generated, options, planned, planned_with};
use webhook_codegen::generate;

/// Checks the type of a member, and the keyword that causes it to be buffered, if any.
#[track_caller]
fn check(schema: &str, expected: &str, buffered_for: Option<&str>) {
    let found = planned(schema);
    assert_eq!(found.ty, expected, "{schema}");
    assert_eq!(found.reasons(), Vec::from_iter(buffered_for), "{schema}");
}

#[test]
fn scalars() {
    for (schema, expected) in [
        (r#"{"enum": [1, 9223372036854775807]}"#, "i64"),
        (r#"{"enum": [1, 9223372036854775808]}"#, "u64"),
        // Neither type holds all of them.
        (r#"{"enum": [-1, 9223372036854775808]}"#, "Number"),
        (r#"{"enum": [1, 18446744073709551616]}"#, "Number"),
        (r#"{"type": "integer", "const": 1e20}"#, "Number"),
        (r#"{"type": "integer", "minimum": 18446744073709551616}"#, "Number"),
        (r#"{"type": "integer", "exclusiveMaximum": -1e20}"#, "Number"),
        (r#"{"type": "integer", "minimum": 18446744073709551615}"#, "u64"),
        (r#"{"type": "integer", "minimum": 0, "maximum": 18446744073709552000}"#, "u64"),
        (r#"{"type": "integer", "maximum": 9223372036854776000}"#, "i64"),
        (r#"{"anyOf": [{"const": 1}, {"const": 18446744073709551616}]}"#, "Number"),
        (r#"{"type": "integer", "minimum": 0}"#, "u64"),
        (r#"{"type": "integer", "minimum": -1}"#, "i64"),
        (r#"{"type": "boolean", "not": {"const": true}}"#, "bool"),
        (r#"{"enum": ["a", "b"], "minLength": 1}"#, "String"),
        (r#"{"enum": [null]}"#, "()"),
        (r#"{"enum": ["a", null]}"#, "Option<EventEventMember>"),
        (r#"{"allOf": [{"type": "string"}, {"format": "date-time"}]}"#, "Timestamp"),
        (r#"{"allOf": [{"format": "date-time"}, {"type": "string"}]}"#, "Timestamp"),
        (r#"{"minLength": 1}"#, "Value"),
        ("{}", "Value"),
    ] {
        check(schema, expected, None);
    }
}

#[test]
fn branches_of_one_type() {
    let local = r#"{"type": "string", "format": "date-time-local"}"#;
    for (branches, expected) in [
        (r#"{"const": true}, {"type": "boolean"}"#, "bool"),
        (r#"{"type": "integer", "maximum": 5}, {"type": "integer", "minimum": 9}"#, "i64"),
        (r#"{"type": "integer", "maximum": 5}, {"type": "number", "minimum": 9}"#, "Number"),
        (&format!(r#"{local}, {{"type": "string", "format": "date-time", "minLength": 3}}"#), "Timestamp"),
        (&format!(r#"{local}, {{"type": "string", "minLength": 3}}"#), "String"),
        (r#"{"enum": ["a"]}, {"type": "string"}"#, "EventEventMember"),
        (r#"{"enum": ["a"]}, {"const": "b"}, {"type": "string"}"#, "EventEventMember"),
        // The second branch restricts the other strings by length, or lists them.
        (r#"{"enum": ["a"]}, {"type": "string", "minLength": 1}"#, "String"),
        (r#"{"enum": ["a"]}, {"type": "string", "maxLength": 1, "enum": ["b"]}"#, "String"),
        (r#"{"type": "null"}, {"type": "string"}"#, "Option<String>"),
        (r#"{"const": null}, {"type": "string"}"#, "Option<String>"),
        (r#"{"type": "null", "not": {}}, {"type": "string"}"#, "Value"),
        // A branch without any type.
        (r#"{}, {"required": ["a"]}"#, "Value"),
        (r#"{"properties": {"a": {"type": "string"}}}, {"minLength": 1}"#, "Value"),
    ] {
        check(&format!(r#"{{"anyOf": [{branches}]}}"#), expected, None);
    }
    // Exactly one branch must match: a value that both accept is rejected.
    check(r#"{"oneOf": [{"type": "null"}, {"type": ["null", "string"]}]}"#, "Value", None);
    check(r#"{"oneOf": [{"enum": ["a"]}, {"type": "string"}]}"#, "String", None);
}

#[test]
fn what_is_read_whole() {
    let object =
        |rest: &str| format!(r#"{{"type": "object", "properties": {{"a": {{"type": "string"}}, "b": {{}}}}{rest}}}"#);
    let constant = |rest: &str| {
        let properties = r#""properties": {"a": {"type": "string"}, "k": {"const": "c"}}"#;
        format!(r#"{{"type": "object", "required": ["k"], {properties}{rest}}}"#)
    };
    for (schema, expected) in [
        (object(""), None),
        (object(r#", "dependentRequired": {"a": ["b"]}"#), None),
        (object(r#", "dependentRequired": {"a": ["x"]}"#), None),
        (object(r#", "dependentRequired": {"x": ["y"]}"#), None),
        (object(r#", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]"#), None),
        (object(r#", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]"#), None),
        (object(r#", "anyOf": [{"required": ["a"], "not": {"required": ["b"]}}, {"required": ["b"]}]"#), Some("anyOf")),
        (object(r#", "not": {"required": ["a"]}"#), None),
        (object(r#", "not": {"required": ["a"], "properties": {"a": {"maxLength": 1}}}"#), Some("not")),
        // What a branch evaluates depends on the value. Without branches, all other members are unevaluated.
        (object(r#", "unevaluatedProperties": {"type": "string"}"#), None),
        (object(r#", "allOf": [{"required": ["c"]}], "unevaluatedProperties": false"#), None),
        (
            object(r#", "if": {"properties": {"c": {}}}, "unevaluatedProperties": false"#),
            Some("if, unevaluatedProperties"),
        ),
        // A constant has no field, and is always there.
        (constant(r#", "dependentRequired": {"a": ["k"]}"#), None),
        (constant(r#", "dependentRequired": {"k": ["a"]}"#), Some("dependentRequired")),
    ] {
        check(&schema, "EventEventMember", expected);
    }
    for (schema, item, expected) in [
        (r#"{"type": "array", "uniqueItems": true, "items": {"type": "string"}}"#, "String", None),
        (r#"{"allOf": [{"type": "array", "items": {"type": "string"}}, {"uniqueItems": true}]}"#, "String", None),
        (r#"{"allOf": [{"type": "array"}, {"uniqueItems": true}]}"#, "Value", None),
        (r#"{"type": "array", "contains": {"const": 1}}"#, "Value", Some("contains")),
        (r#"{"type": "array", "unevaluatedItems": {"type": "string"}}"#, "String", None),
        (
            r#"{"type": "array", "unevaluatedItems": {"type": "string"}, "contains": {"const": 1}}"#,
            "Value",
            Some("contains, unevaluatedItems"),
        ),
        (r#"{"type": "array", "minItems": 1, "items": {"type": "string"}}"#, "String", None),
    ] {
        check(schema, &format!("Vec<{item}>"), expected);
    }
}

#[test]
fn a_schema_without_a_type_is_a_union_with_the_rest() {
    for schema in [
        r#"{"properties": {"a": {"type": "string"}}}"#,
        r#"{"required": ["a"]}"#,
        r#"{"patternProperties": {"^a": {"type": "string"}}}"#,
        r#"{"items": {"type": "string"}}"#,
        r#"{"prefixItems": [{"type": "string"}]}"#,
    ] {
        check(schema, "EventEventMember", None);
    }
}

#[test]
fn items_by_position_are_required_as_far_as_the_least_number_goes() {
    for (least, most, required, rest) in [(0, 9, 0, true), (1, 3, 1, true), (2, 2, 2, false), (5, 9, 2, true)] {
        let schema = format!(
            r#"{{"type": "array", "minItems": {least}, "maxItems": {most},
                "prefixItems": [{{"type": "string"}}, {{"type": "string"}}]}}"#
        );
        let code = planned(&schema).code;
        for index in 0..2 {
            let ty = if index < required { "String" } else { "Option<String>" };
            assert!(code.contains(&format!("pub item_{index}: {ty},")), "{schema}: {code}");
        }
        assert_eq!(code.contains("pub rest: "), rest, "{schema}");
    }
}

#[test]
fn variants_are_named_by_what_only_they_have() {
    let branch = |members: &str, required: &str| {
        format!(r#"{{"type": "object", "properties": {{{members}}}, "required": [{required}]}}"#)
    };
    let union = |branches: &[String]| planned(&format!(r#"{{"oneOf": [{}]}}"#, branches.join(", "))).code;
    let declared = |code: &str, variants: &[&str]| {
        for variant in variants {
            let found = code.lines().any(|line| line.trim().starts_with(&format!("{variant}(")));
            assert!(found, "{variant}: {code}");
        }
    };
    // The first constant is the same in both.
    let tagged = |tag: &str| branch(&format!(r#""of": {{"const": "same"}}, "kind": {tag}"#), r#""of", "kind""#);
    declared(&union(&[tagged(r#"{"const": "red"}"#), tagged(r#"{"const": "blue"}"#)]), &["Red", "Blue"]);
    declared(&union(&[tagged(r#"{"enum": ["red"]}"#), tagged(r#"{"enum": ["blue"]}"#)]), &["Red", "Blue"]);
    // Two of three branches have the same constant, and a member distinguishes them.
    let by_member =
        |name: &str| branch(&format!(r#""{name}": {{"type": "string"}}, "all": {{}}"#), &format!(r#""all", "{name}""#));
    declared(&union(&[by_member("first"), by_member("second")]), &["First", "Second"]);
}

#[test]
fn descriptions_come_from_what_a_schema_is_made_of() {
    for (schema, expected, deprecated) in [
        (r#"{"type": "string", "title": "T", "description": "D."}"#, "D.", false),
        (r#"{"type": "string", "title": "A title"}"#, "A title", false),
        (r##"{"allOf": [{"$ref": "#/$defs/described"}]}"##, "Described.", false),
        (
            r##"{"title": "T", "allOf": [{"type": "string", "title": "U"}, {"$ref": "#/$defs/described"}]}"##,
            "Described.",
            false,
        ),
        (r#"{"title": "A title", "allOf": [{"type": "string", "title": "Another"}]}"#, "A title", false),
        (r##"{"$ref": "#/$defs/described", "deprecated": true}"##, "Described.", true),
        (r##"{"$ref": "#/$defs/described", "description": "Own."}"##, "Own.", false),
    ] {
        let definitions = r#"{"described": {"type": "string", "description": "Described."}}"#;
        let found = planned_with(schema, definitions);
        assert_eq!(found.ty, "String", "{schema}");
        let docs = found.docs();
        assert!(docs.contains(&format!("/// {expected}\n")), "{schema}: {docs}");
        assert_eq!(docs.contains("**Deprecated**"), deprecated, "{schema}: {docs}");
    }
}

#[test]
fn a_member_without_a_schema_has_no_description() {
    let event = r#"{"type": "object", "description": "The event.", "title": "An event", "required": ["a"]}"#;
    let tree = generated(&[("event", event)], "").0;
    let code = tree.get("src/acme/event.rs").unwrap();
    assert!(code.contains("pub a: ") && !code.contains("    /// The event."), "{code}");
}

/// Returns the schema of an object with the given number of strings, and other members.
fn object_of(strings: usize, others: &str) -> String {
    let strings: Vec<String> = (0..strings).map(|index| format!(r#""m{index}": {{"type": "string"}}"#)).collect();
    let members = strings.iter().map(String::as_str).chain(Some(others).filter(|others| !others.is_empty()));
    format!(r#"{{"type": "object", "properties": {{{}}}}}"#, members.collect::<Vec<_>>().join(", "))
}

#[test]
fn large_structs_are_behind_a_pointer() {
    // A string takes 24 bytes, as do the members that no schema names: more than 1,024 in all are large.
    assert_eq!(planned(&object_of(41, "")).ty, "EventEventMember");
    assert_eq!(planned(&object_of(42, "")).ty, "Box<EventEventMember>");
    let closed = object_of(42, "").replacen('{', r#"{"additionalProperties": false, "#, 1);
    assert_eq!(planned(&closed).ty, "EventEventMember");
    let nullable = object_of(42, "").replacen("\"object\"", "[\"object\", \"null\"]", 1);
    assert_eq!(planned(&nullable).ty, "Option<Box<EventEventMember>>");
    // An integer takes 16, a boolean 2, and a `Value` 32.
    let with = |member: &str| planned(&object_of(41, &format!(r#""x": {member}"#))).ty;
    assert_eq!(with(r#"{"type": "integer"}"#), "EventEventMember");
    assert_eq!(with(r#"{"type": "boolean"}"#), "EventEventMember");
    assert_eq!(with("{}"), "Box<EventEventMember>");
    // A list that contains itself has its own type, which is as large as any list.
    let list = r##"{"list": {"type": "array", "items": {"$ref": "#/$defs/list"}}}"##;
    let with_list = object_of(40, r##""x": {"type": "integer"}, "list": {"$ref": "#/$defs/list"}"##);
    assert_eq!(planned_with(&with_list, list).ty, "EventEventMember");
    // A boxed member takes 8 bytes, and large nested objects are boxed.
    let nested = format!(r#""a": {}, "b": {}"#, object_of(42, ""), object_of(42, ""));
    assert_eq!(planned(&object_of(40, &nested)).ty, "EventEventMember");
    assert_eq!(planned(&object_of(42, &nested)).ty, "Box<EventEventMember>");
}

#[test]
fn a_struct_of_many_small_structs_is_brought_below_a_limit() {
    let parts = |count: usize, strings: usize, other: &str| {
        let part = object_of(strings, other);
        let parts: Vec<String> = (0..count).map(|index| format!(r#""p{index}": {part}"#)).collect();
        parts.join(", ")
    };
    let boxed = |members: &str| planned(&object_of(0, members)).code.contains("pub p0: Option<Box<");
    // Twenty parts of 264 bytes are more than 4,096, and fifteen are not; parts of 120 bytes are not worth a pointer.
    assert!(boxed(&parts(20, 10, "")));
    assert!(!boxed(&parts(15, 10, "")));
    assert!(!boxed(&parts(40, 4, "")));
    // Exactly 4,096 bytes are not too much, and parts of exactly 128 bytes are not worth a pointer.
    let fifteen = parts(15, 10, "");
    let others: String = (0..5).map(|index| format!(r#", "m{index}": {{"type": "string"}}"#)).collect();
    assert!(!boxed(&format!(r#"{fifteen}{others}, "i": {{"type": "integer"}}"#)));
    assert!(boxed(&format!(r#"{fifteen}{others}, "n": {{"type": "string"}}"#)));
    assert!(!boxed(&parts(40, 3, r#""x": {}"#)));
    assert!(boxed(&parts(40, 4, r#""x": {"type": "integer"}"#)));
}

#[test]
fn the_items_of_a_list_are_called_after_it_within_the_type_that_has_it() {
    // The items are not named like the list, which is a definition with its own name.
    let list = r#"{"tags": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"a": {}}}}}"#;
    let planned = planned_with(r##"{"$ref": "#/$defs/tags"}"##, list);
    assert_eq!(planned.ty, "Vec<EventEventTag>");
}

#[test]
fn a_template_has_a_limited_number_of_optional_parts() {
    let template = |optional: usize| {
        let parts: String = (0..optional).map(|index| format!("[ and {{m{index}}}]")).collect();
        format!(r#"{{"type": "string", "x-text-templates": ["From {{from}}{parts}"]}}"#)
    };
    assert!(planned(&template(6)).ty.starts_with("TemplatedText<"), "{}", planned(&template(6)).ty);
    let problems = generate(&catalog(&[("event", &template(7))], ""), &options()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.to_string().contains("7 optional parts")), "{problems:?}");
}
