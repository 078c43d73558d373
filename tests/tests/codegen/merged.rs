//! The declarations of generated code for schemas that `allOf` and `$ref` merge: the merged keywords, and whether the original
//! schema has to decide because not all keywords could be kept.

use conformance::planned::{planned, planned_with};

/// Returns the declarations for members whose schemas merge others.
fn merged(type_name: &str, cases: &[&[&str]]) -> String {
    let text = |parts: &&[&str]| {
        let schema = format!(r#"{{"type": "{type_name}", "allOf": [{}]}}"#, parts.join(", "));
        format!("=== {}\n{}", parts.join(" "), planned(&schema).declared())
    };
    cases.iter().map(text).collect::<String>()
}

#[test]
fn members() {
    let closed = r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": false}"#;
    let typed = r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}}"#;
    let open = r#"{"properties": {"a": {"minLength": 1}, "b": {}}}"#;
    conformance::assert_snapshot!(merged(
        "object",
        &[
            &[closed, open],
            &[open, closed],
            &[typed, open],
            &[open, typed],
            &[typed, r#"{"additionalProperties": {"minimum": 5}}"#],
            &[r#"{"required": ["a", "b"]}"#, r#"{"required": ["b", "c"]}"#],
            &[
                r#"{"minProperties": 2, "maxProperties": 9}"#,
                r#"{"minProperties": 3, "maxProperties": 8, "required": ["a"]}"#
            ],
            &[
                r#"{"minProperties": 3, "maxProperties": 8}"#,
                r#"{"minProperties": 2, "maxProperties": 9, "required": ["a"]}"#
            ],
            &[r#"{"propertyNames": {"minLength": 1}}"#, r#"{"propertyNames": {"maxLength": 3}}"#],
            &[r#"{"dependentRequired": {"a": ["b"]}}"#, r#"{"dependentRequired": {"b": ["c"]}}"#],
            &[
                r#"{"dependentSchemas": {"a": {"required": ["b"]}}}"#,
                r#"{"dependentSchemas": {"b": {"required": ["a"]}}, "required": ["b"]}"#
            ],
        ]
    ));
}

#[test]
fn members_by_pattern() {
    let strings = r#"{"patternProperties": {"^a": {"type": "string"}}}"#;
    let lengths = r#"{"patternProperties": {"^a": {"minLength": 1}}}"#;
    let closed = r#"{"patternProperties": {"^a": {"type": "string"}}, "additionalProperties": false}"#;
    let closed_lengths = r#"{"patternProperties": {"^a": {"minLength": 1}}, "additionalProperties": false}"#;
    let others = r#"{"patternProperties": {"^b": {"type": "integer"}}}"#;
    let two = r#"{"patternProperties": {"^b": {}, "^a": {}}, "additionalProperties": false}"#;
    let turned = r#"{"patternProperties": {"^a": {}, "^b": {}}, "additionalProperties": {"type": "string"}}"#;
    conformance::assert_snapshot!(merged(
        "object",
        &[
            // The same pattern, and others.
            &[strings, lengths],
            &[closed, closed_lengths],
            &[strings, others],
            &[two, turned],
            // A member that the pattern of one schema matches is an additional member of the other schema.
            &[strings, r#"{"additionalProperties": {"type": "integer"}}"#],
            &[r#"{"additionalProperties": {"type": "integer"}}"#, strings],
            &[closed, others],
            &[others, closed],
            &[strings, r#"{"additionalProperties": {}}"#],
            &[r#"{"additionalProperties": {}}"#, strings],
            &[strings, r#"{"properties": {"c": {"type": "string"}}}"#],
            // A member that a pattern of the other schema matches, and a member that it does not match.
            &[r#"{"properties": {"ab": {"maxLength": 5}, "c": {"type": "string"}}}"#, closed],
            &[closed, r#"{"properties": {"ab": {"maxLength": 5}, "c": {"type": "string"}}}"#],
        ]
    ));
}

#[test]
fn values() {
    let mut text = String::new();
    for parts in [
        r#"{"const": "a"}, {"const": "a"}"#,
        r#"{"const": "a"}, {"const": "b"}"#,
        r#"{"const": "a"}, {"type": "string"}"#,
        r#"{"type": "string"}, {"const": "a"}"#,
        r#"{"enum": ["a", "b", "c"]}, {"enum": ["c", "b", "d"]}"#,
        r#"{"enum": [1, 2]}, {"enum": [2.0, 3]}"#,
        r#"{"type": ["integer", "string"]}, {"type": ["number", "null"]}"#,
        r#"{"type": "string"}, {"type": "integer"}"#,
        r#"{"type": "string"}, false"#,
        r#"false, {"type": "string"}"#,
        r#"{"type": "number", "x-number": "number"}, {"x-number": "decimal"}"#,
        r#"{"type": ["string", "null"], "minLength": 2, "maxLength": 9}, {"minLength": 3, "maxLength": 8}"#,
        r#"{"type": ["string", "null"], "minLength": 3, "maxLength": 8}, {"minLength": 2, "maxLength": 9}"#,
        r#"{"type": ["string", "null"], "pattern": "^a"}, {"pattern": "b$"}"#,
        r#"{"type": ["integer", "null"], "minimum": 0, "maximum": 9}, {"minimum": -5, "maximum": 8}"#,
        r#"{"type": ["integer", "null"], "minimum": -5, "maximum": 8}, {"minimum": 0, "maximum": 9}"#,
        r#"{"type": ["integer", "null"], "exclusiveMinimum": -1, "exclusiveMaximum": 9}, {"exclusiveMinimum": -2, "exclusiveMaximum": 8}"#,
        r#"{"type": ["integer", "null"], "exclusiveMinimum": -2, "exclusiveMaximum": 8}, {"exclusiveMinimum": -1, "exclusiveMaximum": 9}"#,
        r#"{"type": ["integer", "null"], "minimum": -9007199254740993}, {"minimum": -9007199254740992}"#,
        r#"{"type": ["number", "null"], "multipleOf": 2}, {"multipleOf": 3}"#,
        r#"{"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "string", "minLength": 1}"#,
        r#"{"type": "string", "not": {"const": "a"}}, {"if": {"minLength": 2}, "then": {"pattern": "^a"}}"#,
        r#"{"oneOf": [{"minLength": 2}, {"maxLength": 1}]}, {"type": "string"}, {"anyOf": [{"minLength": 3}]}"#,
    ] {
        let schema = format!(r#"{{"allOf": [{parts}]}}"#);
        text.push_str(&format!("=== {parts}\n{}", planned(&schema).declared()));
    }
    conformance::assert_snapshot!(text);
}

#[test]
fn items() {
    conformance::assert_snapshot!(merged(
        "array",
        &[
            &[r#"{"items": {"type": "string"}}"#, r#"{"items": {"minLength": 1}}"#],
            &[
                r#"{"items": {"type": "string"}}"#,
                r#"{"minItems": 2, "maxItems": 9}"#,
                r#"{"minItems": 3, "maxItems": 8}"#
            ],
            &[r#"{"items": {"type": "string"}, "minItems": 3, "maxItems": 8}"#, r#"{"minItems": 2, "maxItems": 9}"#],
            &[r#"{"items": {"type": "string"}}"#, r#"{"uniqueItems": true}"#],
            &[r#"{"uniqueItems": true}"#, r#"{"items": {"type": "string"}}"#],
            &[r#"{"contains": {"const": 1}}"#, r#"{"contains": {"const": 2}}"#],
            // Items by position: `items` of one schema applies to the positions that only the other schema has.
            &[
                r#"{"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#,
                r#"{"prefixItems": [{"minLength": 1}, {"minimum": 2}, {}]}"#,
            ],
            &[
                r#"{"prefixItems": [{"minLength": 1}, {"minimum": 2}]}"#,
                r#"{"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#,
            ],
            &[r#"{"prefixItems": [{"type": "string"}]}"#, r#"{"items": {"minLength": 1}}"#],
            &[r#"{"unevaluatedItems": false}"#, r#"{"items": {"type": "string"}}"#],
            &[r#"{"items": {"type": "string"}}"#, r#"{"unevaluatedItems": false}"#],
        ]
    ));
}

#[test]
fn annotations() {
    let definitions = r##"{
        "time": {"type": "string", "format": "date-time", "title": "Time", "description": "When it was."},
        "spelled": {"type": "string", "x-timestamp": true, "deprecated": true},
        "sentence": {"type": "string", "x-text-templates": ["At {place}"]},
        "named": {"type": "object", "title": "Named", "properties": {"a": {"type": "string"}}},
        "nested": {"allOf": [{"$ref": "#/$defs/named"}, {"required": ["a"]}]}
    }"##;
    let mut text = String::new();
    for schema in [
        r##"{"allOf": [{"minLength": 1}, {"$ref": "#/$defs/time"}]}"##,
        r##"{"title": "Own", "allOf": [{"$ref": "#/$defs/time"}, {"minLength": 1}]}"##,
        r##"{"description": "Own.", "$ref": "#/$defs/time", "minLength": 1}"##,
        r##"{"format": "uuid", "$ref": "#/$defs/time", "minLength": 1}"##,
        r##"{"$ref": "#/$defs/spelled", "minLength": 1}"##,
        r##"{"$ref": "#/$defs/sentence", "minLength": 1}"##,
        r##"{"x-text-templates": ["In {town}"], "$ref": "#/$defs/sentence", "minLength": 1}"##,
        r##"{"$ref": "#/$defs/named", "required": ["a"]}"##,
        r##"{"$ref": "#/$defs/nested"}"##,
        r##"{"$ref": "#/$defs/nested", "required": ["b"]}"##,
        r##"{"allOf": [{"$ref": "#/$defs/nested"}]}"##,
        r##"{"allOf": [{"$ref": "#/$defs/nested"}, {"$ref": "#/$defs/named"}]}"##,
        r##"{"type": "object", "required": ["k"], "oneOf": [{"$ref": "#/$defs/named"}, {"required": ["x"], "properties": {"x": {}}, "deprecated": true}]}"##,
        r##"{"type": "object", "required": ["k"], "deprecated": true, "oneOf": [{"required": ["x"], "properties": {"x": {}}}, {"required": ["y"], "properties": {"y": {}}}]}"##,
        r##"{"type": "array", "items": {"allOf": [{"$ref": "#/$defs/time"}, {"maxLength": 30}]}}"##,
    ] {
        let found = planned_with(schema, definitions);
        let docs = found.docs();
        let deprecated = found.code.matches("**Deprecated**").count();
        text.push_str(&format!("=== {schema}\n{docs}deprecated: {deprecated}\n{}", found.declared()));
    }
    conformance::assert_snapshot!(text);
}

#[test]
fn schemas_that_extend_themselves() {
    let definitions = r##"{
        "base": {"type": "object", "properties": {"next": {"$ref": "#/$defs/base"}, "a": {"type": "string"}}},
        "more": {"allOf": [{"$ref": "#/$defs/base"}, {"properties": {"next": {"$ref": "#/$defs/more"}, "b": {"type": "string"}}}]},
        "most": {"allOf": [{"$ref": "#/$defs/more"}, {"$ref": "#/$defs/base"}, {"properties": {"next": {"$ref": "#/$defs/most"}}}]},
        "same": {"allOf": [{"properties": {"p": {"$ref": "#/$defs/base"}}}, {"properties": {"p": {"$ref": "#/$defs/base"}}}]},
        "loose": {"allOf": [{"properties": {"p": true}}, {"properties": {"p": {"$ref": "#/$defs/base"}}}]},
        "tight": {"allOf": [{"properties": {"p": {"$ref": "#/$defs/base"}}}, {"properties": {"p": {}}}]}
    }"##;
    let text = |name| {
        let schema = format!(r##"{{"$ref": "#/$defs/{name}", "type": "object"}}"##);
        format!("=== {name}\n{}", planned_with(&schema, definitions).declared())
    };
    conformance::assert_snapshot!(["more", "most", "same", "loose", "tight"].into_iter().map(text).collect::<String>());
}

#[test]
fn types_of_branches_within_branches() {
    let nest = |depth: usize| {
        (0..depth).fold(r#"{"type": "string"}"#.to_owned(), |inner, _| {
            format!(r#"{{"anyOf": [{inner}, {{"type": "boolean"}}]}}"#)
        })
    };
    let text = |depth| {
        let schema = format!(r#"{{"anyOf": [{}, {{"type": "integer"}}]}}"#, nest(depth));
        format!("=== {depth}\nmember: {}\n", planned(&schema).ty)
    };
    conformance::assert_snapshot!((1..7).map(text).collect::<String>());
}

/// Generators of schemas write `oneOf` for a list of one class, and `unevaluatedProperties` next to a reference.
#[test]
fn unions_with_one_branch() {
    let class = |name: &str| {
        format!(
            r#"{{"type": "object", "properties": {{"type": {{"oneOf": [{{"const": "{name}"}}]}}}}, "required": ["type"]}}"#
        )
    };
    let plain = class("a").replace(r#"{"oneOf": [{"const": "a"}]}"#, r#"{"const": "a"}"#);
    let types = |schema: &str| planned(schema).declared().split("schemas!").next().map(str::to_owned);
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let single = format!(r#"{{"{keyword}": [{}]}}"#, class("a"));
        assert_eq!(types(&single), types(&plain), "{keyword}");
    }
    let classes = format!(r#"{{"anyOf": [{}, {}]}}"#, class("a"), class("b"));
    let closed = format!(r#"{{"allOf": [{classes}], "type": "object", "unevaluatedProperties": false}}"#);
    conformance::assert_snapshot!(planned(&closed).declared());
}
