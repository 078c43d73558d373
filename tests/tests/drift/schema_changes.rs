//! Two versions of a schema: every keyword that decides a value, in both directions. Whether a change is breaking is decided by a
//! payload that two other validators accept under one version only.

use conformance::changes::between;

/// Compares a keyword with a strict and a loose value: loosened, tightened, added and removed.
#[track_caller]
fn rule(keyword: &str, (loose, strict): (&str, &str), around: &str, inside: &str) {
    let schema = |value: &str| format!("{{{around}\"{keyword}\": {value}}}");
    let none = format!("{{{}}}", around.trim_end_matches(", "));
    let (loose_schema, strict_schema) = (schema(loose), schema(strict));
    let (shown_loose, shown_strict) = (loose.trim_matches('"'), strict.trim_matches('"'));
    let loosened = format!("rule-loosened breaking: {keyword}: {shown_strict} -> {keyword}: {shown_loose}");
    between(&strict_schema, &loose_schema).are(&[&loosened]).admits(inside);
    let tightened = format!("rule-tightened compatible: {keyword}: {shown_loose} -> {keyword}: {shown_strict}");
    between(&loose_schema, &strict_schema).are(&[&tightened]).only_forbids(inside);
    alone(keyword, shown_strict, (&none, &strict_schema), inside);
    between(&strict_schema, &strict_schema).are(&[]);
}

/// Compares a keyword that only one version has. The keyword rejects `refused`.
#[track_caller]
fn alone(keyword: &str, shown: &str, (none, schema): (&str, &str), refused: &str) {
    let added = format!("rule-tightened compatible: - -> {keyword}: {shown}");
    between(none, schema).are(&[&added]).only_forbids(refused);
    let removed = format!("rule-loosened breaking: {keyword}: {shown} -> -");
    between(schema, none).are(&[&removed]).admits(refused);
}

/// Compares a keyword whose two values allow different payloads: the first of `payloads` is valid only under the second value.
#[track_caller]
fn other(keyword: &str, (one, two): (&str, &str), shown: &str, payload: &str) {
    let schema = |value: &str| format!("{{\"{keyword}\": {value}}}");
    between(&schema(one), &schema(two)).are(&[&format!("rule-changed breaking: {shown}")]).admits(payload);
}

#[test]
fn bounds_of_numbers() {
    for around in ["", "\"type\": \"number\", ", "\"type\": \"integer\", "] {
        rule("maximum", ("20", "10"), around, "15");
        rule("minimum", ("-20", "-10"), around, "-15");
        rule("exclusiveMaximum", ("20", "10"), around, "10");
        rule("exclusiveMinimum", ("10", "20"), around, "20");
    }
    // Numbers that an `f64` does not hold, which the other validators would round.
    between(r#"{"maximum": 9007199254740992}"#, r#"{"maximum": 9007199254740993}"#)
        .are(&["rule-loosened breaking: maximum: 9007199254740992 -> maximum: 9007199254740993"]);
    between(r#"{"minimum": 1}"#, r#"{"minimum": 1.0}"#).are(&[]);
    other("multipleOf", ("2", "3"), "multipleOf: 2 -> multipleOf: 3", "9");
    alone("multipleOf", "2", ("{}", r#"{"multipleOf": 2}"#), "3");
}

#[test]
fn rules_of_strings() {
    rule("maxLength", ("20", "3"), "", "\"abcde\"");
    rule("minLength", ("3", "20"), "\"type\": \"string\", ", "\"abcde\"");
    other("pattern", ("\"^a\"", "\"^b\""), "pattern: ^a -> pattern: ^b", "\"b\"");
    alone("pattern", "^a", ("{}", r#"{"pattern": "^a"}"#), "\"b\"");
}

#[test]
fn rules_of_arrays() {
    rule("maxItems", ("3", "1"), "", "[1, 2]");
    rule("minItems", ("1", "3"), "\"type\": \"array\", ", "[1, 2]");
    alone("uniqueItems", "true", ("{}", r#"{"uniqueItems": true}"#), "[1, 1]");
    alone("contains", "a schema", ("{}", r#"{"contains": {"const": 1}}"#), "[2]");
    other("contains", (r#"{"const": 1}"#, r#"{"const": 2}"#), "- -> contains has another schema", "[2]");
    // Whether an item is evaluated depends on the value.
    let none = r#"{"contains": {"const": 1}}"#;
    let unevaluated = r#"{"contains": {"const": 1}, "unevaluatedItems": {"type": "string"}}"#;
    alone("unevaluatedItems", "a schema", (none, unevaluated), "[1, 2]");
    // Otherwise the keyword says what `items` says.
    between(r#"{"unevaluatedItems": {"type": "string"}}"#, r#"{"items": {"type": "string"}}"#).are(&[]);
}

#[test]
fn rules_of_objects() {
    rule("maxProperties", ("3", "1"), "", r#"{"a": 1, "b": 1}"#);
    rule("minProperties", ("1", "3"), "\"type\": \"object\", ", r#"{"a": 1, "b": 1}"#);
    let dependent = r#"{"dependentRequired": {"a": ["b", "c"]}}"#;
    alone("dependentRequired", "a: b, c", ("{}", dependent), r#"{"a": 1}"#);
    let shown = "dependentRequired: a: b -> dependentRequired: a: c";
    other("dependentRequired", (r#"{"a": ["b"]}"#, r#"{"a": ["c"]}"#), shown, r#"{"a": 1, "c": 1}"#);
    alone("propertyNames", "a schema", ("{}", r#"{"propertyNames": {"maxLength": 1}}"#), r#"{"ab": 1}"#);
    let dependent = r#"{"dependentSchemas": {"a": {"required": ["b"], "type": "object"}}}"#;
    alone("dependentSchemas", "a schema", ("{}", dependent), r#"{"a": 1}"#);
    alone(
        "patternProperties",
        "a schema",
        ("{}", r#"{"patternProperties": {"^x": {"type": "string"}}}"#),
        r#"{"x": 1}"#,
    );
    let (one, two) = (r#"{"^x": {"type": "string"}}"#, r#"{"^y": {"type": "string"}}"#);
    other("patternProperties", (one, two), "patternProperties: ^x -> patternProperties: ^y", r#"{"x": 1}"#);
    let none = r#"{"dependentSchemas": {"a": {"properties": {"b": true}}}}"#;
    let unevaluated = none.replace("}}}}", r#"}}}, "unevaluatedProperties": {"type": "string"}}"#);
    alone("unevaluatedProperties", "a schema", (none, &unevaluated), r#"{"b": 1}"#);
    let additional = r#"{"properties": {"a": true}, "additionalProperties": false}"#;
    between(&additional.replace("additional", "unevaluated"), additional).are(&[]);
}

#[test]
fn conditions() {
    alone("not", "a schema", ("{}", r#"{"not": {"const": 1}}"#), "1");
    other("not", (r#"{"const": 1}"#, r#"{"const": 2}"#), "- -> not has another schema", "1");
    let conditional = r#"{"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"const": 1}}"#;
    alone("if", "a schema", ("{}", conditional), "\"a\"");
    // One different part is a difference.
    for changed in [("\"string\"", "\"array\""), (": 2", ": 1"), ("const\": 1", "const\": 2")] {
        let new = conditional.replace(changed.0, changed.1);
        between(conditional, &new).are(&["rule-changed breaking: - -> if has another schema"]);
    }
    between(conditional, conditional).are(&[]);
}

#[test]
fn types_are_added_removed_and_exchanged() {
    let (string, either) = (r#"{"type": "string"}"#, r#"{"type": ["string", "array"]}"#);
    between(string, either).are(&["type-widened breaking: string -> string or array"]).admits("[]");
    between(either, string).are(&["type-narrowed compatible: string or array -> string"]).only_forbids("[]");
    let boolean = r#"{"type": "boolean"}"#;
    between(string, boolean).are(&["type-changed breaking: string -> boolean"]).admits("true");
    between(r#"{"type": ["string", "boolean"]}"#, either)
        .are(&["type-changed breaking: boolean or string -> string or array"])
        .admits("[]");
    between(string, "{}").are(&["type-widened breaking: string -> anything"]).admits("1");
    let (integer, number) = (r#"{"type": "integer"}"#, r#"{"type": "number"}"#);
    between(integer, number).are(&["type-widened breaking: integer -> number"]).admits("1.5");
    between(number, integer).are(&["type-narrowed compatible: number -> integer"]).only_forbids("1.5");
    between(number, r#"{"type": ["integer", "number"]}"#).are(&[]);
}

#[test]
fn null_is_a_type_of_its_own() {
    let (string, nullable) = (r#"{"type": "string"}"#, r#"{"type": ["string", "null"]}"#);
    between(string, nullable).are(&["null-added breaking: string -> null or string"]).admits("null");
    between(nullable, string).are(&["null-gone compatible: null or string -> string"]).only_forbids("null");
    let null = r#"{"type": "null"}"#;
    between(null, string).are(&["type-changed breaking: null -> string"]).admits("\"\"");
    between(string, null).are(&["type-changed breaking: string -> null"]).admits("null");
    between(null, nullable).are(&["type-changed breaking: null -> null or string"]).admits("\"\"");
    between(null, null).are(&[]);
}

#[test]
fn listed_values() {
    let (one, two) = (r#"{"enum": ["a", "b"]}"#, r#"{"enum": ["a", "b", "c"]}"#);
    between(one, two).are(&["values-added breaking: - -> \"c\""]).admits("\"c\"");
    between(two, one).are(&["values-gone compatible: \"c\" -> -"]).only_forbids("\"c\"");
    between(r#"{"const": 1}"#, r#"{"const": 2}"#).are(&["constant-changed breaking: 1 -> 2"]).admits("2");
    between(r#"{"const": 1}"#, r#"{"const": 1.0}"#).are(&[]);
    between(r#"{"enum": ["a", "b"]}"#, r#"{"enum": ["b", "c"]}"#)
        .are(&["values-added breaking: - -> \"c\"", "values-gone compatible: \"a\" -> -"])
        .admits("\"c\"");
    let (any, of_string) = (r#"{"type": "string"}"#, r#"{"type": "string", "enum": ["a"]}"#);
    between(any, of_string).are(&["values-gone compatible: any value -> \"a\""]).only_forbids("\"b\"");
    between(of_string, any).are(&["values-added breaking: \"a\" -> any value"]).admits("\"b\"");
    // Each JSON type alone.
    between(r#"{"enum": [1, true, [], {}, "a"]}"#, r#"{"enum": [2, false, [1], {"a": 1}, "b"]}"#)
        .are(&[
            "constant-changed breaking: \"a\" -> \"b\"",
            "constant-changed breaking: 1 -> 2",
            "constant-changed breaking: true -> false",
            "constant-changed breaking: [] -> [1]",
            "constant-changed breaking: {} -> {\"a\":1}",
        ])
        .admits("false");
}

#[test]
fn long_lists_of_values_are_shortened() {
    let values = |count: usize| (0..count).map(|value| value.to_string()).collect::<Vec<_>>().join(", ");
    let of = |count: usize| format!(r#"{{"enum": [100, {}]}}"#, values(count));
    let none = r#"{"enum": [100]}"#;
    between(none, &of(8)).are(&["values-added breaking: - -> 0, 1, 2, 3, 4, 5, 6, 7"]);
    between(none, &of(10)).are(&["values-added breaking: - -> 0, 1, 2, 3, 4, 5, 6, 7, and 2 more"]);
}

#[test]
fn values_of_several_branches() {
    let of = |one: &str, two: &str| format!(r#"{{"anyOf": [{{"type": "string"{one}}}, {{"type": "string"{two}}}]}}"#);
    let (a, b, c) = (r#", "const": "a""#, r#", "const": "b""#, r#", "const": "c""#);
    let long = r#", "minLength": 2"#;
    between(&of(a, b), &of(a, c))
        .are(&["values-added breaking: - -> \"c\"", "values-gone compatible: \"b\" -> -"])
        .admits("\"c\"");
    between(&of(a, b), &of(a, "")).are(&["values-added breaking: \"a\", \"b\" -> any value"]).admits("\"x\"");
    between(&of(a, ""), &of(a, b)).are(&["values-gone compatible: any value -> \"a\", \"b\""]).only_forbids("\"x\"");
    // It is still a difference which values have names, even if the other branch accepts the values.
    between(&of(a, long), &of(b, long))
        .are(&["values-added breaking: - -> \"b\"", "values-gone compatible: \"a\" -> -"])
        .admits("\"b\"");
    let (aa, bb) = (r#", "const": "aa""#, r#", "const": "bb""#);
    between(&of(aa, long), &of(bb, long))
        .are(&["values-added compatible: - -> \"bb\"", "values-gone compatible: \"aa\" -> -"]);
    between(&of(a, long), &of(a, long)).are(&[]);
}

#[test]
fn words() {
    let old = r#"{"title": "A", "description": "b", "format": "date"}"#;
    let new = r#"{"title": "B", "format": "time", "deprecated": true}"#;
    between(old, new).are(&[
        "words-changed words: title: A -> title: B",
        "words-changed words: description: b -> -",
        "words-changed words: format: date -> format: time",
        "words-changed words: deprecated: false -> deprecated: true",
    ]);
    between(old, old).are(&[]);
}
