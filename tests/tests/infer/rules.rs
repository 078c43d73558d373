//! The rules of inference: small payloads, and the schema that is inferred or changed.

use std::collections::BTreeMap;

use webhook_codegen::infer::{Events, Sibling, infer_schemas, patch, widen};
use webhook_codegen::json::Json;

fn json(text: &str) -> Json {
    Json::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Infers the events of payloads, each with its name.
fn inferred(events: &[(&str, &[&str])]) -> Events {
    let all: Vec<(&str, Vec<Json>)> =
        events.iter().map(|(name, payloads)| (*name, payloads.iter().map(|text| json(text)).collect())).collect();
    let events: Vec<Sibling<'_>> =
        all.iter().map(|(name, payloads)| Sibling { name, schema: None, payloads }).collect();
    infer_schemas(&events, false)
}

/// Returns the schema of `x` that is inferred from payloads, and the notes about it.
fn x(values: &[&str]) -> String {
    let payloads: Vec<String> = values.iter().map(|value| format!("{{\"x\": {value}}}")).collect();
    let made = inferred(&[("event", &payloads.iter().map(String::as_str).collect::<Vec<_>>())]);
    let schema = made.events[0].schema.at("/properties/x").map(Json::to_string).unwrap_or_default();
    let notes = made.events[0].notes.iter().map(|note| format!("  {note}"));
    format!("{}\n{}", values.join(" "), std::iter::once(schema).chain(notes).collect::<Vec<_>>().join("\n"))
}

#[test]
fn what_values_are() {
    let cases: [&[&str]; 33] = [
        &["1", "2"],
        &["1", "1.0"],
        &["1e3"],
        &["18446744073709551615"],
        &["18446744073709551616"],
        &["1", "\"1\"", "null", "true"],
        &["null"],
        &["[]"],
        &["{}"],
        &["[null]"],
        &["\"2021-07-29T12:00:00+00:00\"", "\"2021-07-29T12:00:00Z\""],
        &["\"2024-09-17T07:06:21\""],
        &["\"2026-02-02 14:10:14 (UTC)\"", "null"],
        &["\"2021-07-29T12:00:00Z\"", "\"yesterday\""],
        &["\"192.168.1.1\""],
        &["\"{\\\"a\\\": 1}\"", "\"[]\""],
        &["{\"a\": 1, \"b\": {\"c\": 2}}", "{\"b\": {\"d\": null}, \"a\": \"x\"}"],
        &["{\"a\": 1}", "\"text\"", "null"],
        &["{\"a\": 1}", "[1]"],
        &["[{\"a\": 1}, {\"b\": null}]", "[{\"a\": null}]"],
        &["[1, \"two\", [3]]"],
        &["[[\"Host\", \"a\"], [\"Port\", 80]]"],
        &["[[\"Host\", \"a\"]]"],
        &["[[\"Port\", 80]]"],
        &["[[1, 2], [3, 4]]"],
        &["[\"index\", \"key\"]"],
        &["{\"id\": [\"index\", \"key\"], \"ids\": [\"a\", \"b\"]}"],
        &["{\"10.0.0.1\": {\"n\": 1}, \"10.0.0.2\": {\"n\": 2, \"m\": null}}"],
        &["{\"550e8400-e29b-41d4-a716-446655440000\": 1}"],
        &["{\"alice\": {\"n\": 1, \"m\": 1}}", "{\"bob\": {\"n\": 2, \"m\": 2}}"],
        &["{\"reason\": \"a\"}", "{\"code\": \"b\"}"],
        &["{\"a\": \"1\", \"b\": \"2\"}", "{\"c\": \"3\"}", "{\"d\": \"4\"}"],
        &["{\"2024-01-01\": 1, \"2024-01-02\": 2.5}"],
    ];
    conformance::assert_snapshot!(cases.map(x).join("\n\n"));
}

#[test]
fn media_types_are_no_names_of_members() {
    let made =
        x(&[r#"{"text/plain; charset=utf-8": {"score": 1}}"#, r#"{"application/json": {"score": 2, "ok": true}}"#]);
    assert!(
        made.contains(r#""additionalProperties":{"type":"object","properties":{"score":{"type":"integer"},"ok":"#),
        "{made}"
    );
    assert!(x(&[r#"{"application/json": {"score": 1}}"#]).contains("additionalProperties"));
    assert!(!x(&[r#"{"read/write": {"score": 1}}"#]).contains("additionalProperties"));
}

/// Returns what identifies each of some events, which are given by their payloads.
fn identified(events: &[(&str, &[&str])]) -> String {
    let made = inferred(events);
    let lines = made.events.iter().map(|event| {
        let values = event.identity.iter().map(|(place, values)| {
            let values: Vec<String> = values.iter().map(Json::to_string).collect();
            format!(" {place} is {}", values.join(" or "))
        });
        let required = event.required.iter().map(|name| format!(" has {name}"));
        let absent = event.absent.iter().map(|place| format!(" lacks {place}"));
        let confused = event.confused_with.iter().map(|name| format!(" confused with {name}"));
        let all: String = values.chain(required).chain(absent).chain(confused).collect();
        format!("{}:{all}\n", event.name)
    });
    format!("{}in order {:?}, named: {}\n", lines.collect::<String>(), made.precedence, made.is_named)
}

#[test]
fn what_tells_an_event() {
    let said = [
        identified(&[
            ("user_created", &[r#"{"id": "a", "type": "user.created"}"#]),
            ("user_deleted", &[r#"{"id": "b", "type": "user.deleted"}"#]),
        ]),
        // The name of a user does not name an event.
        identified(&[("ping", &[r#"{"user": {"name": "x"}, "zen": "y"}"#])]),
        // Two members together distinguish the events.
        identified(&[
            ("issue_opened", &[r#"{"object": "issue", "action": "opened"}"#]),
            ("issue_closed", &[r#"{"object": "issue", "action": "closed"}"#]),
            ("pull_opened", &[r#"{"object": "pull", "action": "opened"}"#]),
        ]),
        // The discriminator is nested.
        identified(&[
            ("payment_failed", &[r#"{"meta": {"event_type": "payment_failed", "n": 1}}"#]),
            ("other", &[r#"{"meta": {"event_type": "other"}}"#]),
        ]),
        // The member has several values, of which another event has one.
        identified(&[
            ("scan", &[r#"{"kind": "a", "scan": 1}"#, r#"{"kind": "b", "scan": 2}"#]),
            ("leak", &[r#"{"kind": "a", "leak": 1}"#]),
        ]),
        // IDs and numbers as text are data.
        identified(&[
            ("scan", &[r#"{"type": "2000", "event": "550e8400-e29b-41d4-a716-446655440000"}"#]),
            ("leak", &[r#"{"type": "3000"}"#]),
        ]),
        // The same payloads.
        identified(&[("one", &[r#"{"a": 1}"#]), ("two", &[r#"{"a": 1}"#])]),
    ];
    conformance::assert_snapshot!(said.join("\n"));
}

#[test]
fn the_member_that_a_documented_event_uses_is_used() {
    let sibling = json(r#"{"properties": {"sort": {"const": "b"}}, "required": ["sort"]}"#);
    let payloads = [json(r#"{"type": "zeta", "sort": "a"}"#)];
    let events = [
        Sibling { name: "first", schema: None, payloads: &payloads },
        Sibling { name: "second", schema: Some(&sibling), payloads: &[] },
    ];
    assert_eq!(infer_schemas(&events, false).events[0].identity, [("/sort".to_owned(), vec![json("\"a\"")])]);
}

/// Widens a schema for payloads. Returns both schemas, the changes, the notes and the patch as text.
fn widened(schema: &str, payloads: &[&str]) -> String {
    let shared = r#"{"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}"#;
    let library = BTreeMap::from([("webhooks:///common/shared.json".to_owned(), json(shared))]);
    let (schema, payloads) = (json(schema), payloads.iter().map(|text| json(text)).collect::<Vec<_>>());
    let made = widen(&schema, &library, &payloads);
    let operations: Vec<String> = patch(&schema, &made.schema).iter().map(Json::to_string).collect();
    let lines =
        |title: &str, list: &[String]| list.iter().map(|line| format!("  {title}: {line}\n")).collect::<String>();
    format!(
        "{schema}\n{}\n{}{}{}{}",
        made.schema,
        lines("change", &made.changes),
        lines("to do", &made.unresolved),
        lines("note", &made.notes),
        lines("patch", &operations),
    )
}

#[test]
fn what_is_widened() {
    let said = [
        widened(
            r#"{"properties": {"a": {"type": "integer"}}}"#,
            &[r#"{"a": 1.5}"#, r#"{"a": null}"#, r#"{"a": {"b": 1}}"#],
        ),
        widened(r#"{"properties": {"a": {"type": "string", "enum": ["x"]}}}"#, &[r#"{"a": "y"}"#, r#"{"a": 5}"#]),
        widened(
            r#"{"properties": {"type": {"const": "x"}, "n": {"const": 1}}, "required": ["type", "n", "m"]}"#,
            &[r#"{"n": 2}"#, r#"{"type": "y", "n": 1}"#],
        ),
        widened(
            r#"{"properties": {"a": {"minimum": 5, "multipleOf": 2}, "b": {"maxLength": 2, "pattern": "^a"}}}"#,
            &[r#"{"a": 3, "b": "long"}"#],
        ),
        widened(r#"{"properties": {"a": true}, "additionalProperties": false}"#, &[r#"{"b": [1]}"#]),
        widened(
            r#"{"oneOf": [{"properties": {"k": {"const": "a"}}, "required": ["k"]}, {"type": "null"}]}"#,
            &[r#"{"k": "b", "n": 1}"#],
        ),
        widened(
            r#"{"properties": {"a": {"oneOf": [{"type": "number"}, {"type": "integer"}]}, "b": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}"#,
            &[r#"{"a": 5, "b": 5}"#],
        ),
        widened(r#"{"properties": {"a": {"$ref": "../common/shared.json"}}}"#, &[r#"{"a": {"id": "x", "new": 1}}"#]),
        widened(
            r##"{"properties": {"a": {"$ref": "#/$defs/u"}}, "$defs": {"u": {"properties": {"n": {"type": "string"}}}}}"##,
            &[r#"{"a": {"n": 1, "m": 2}}"#],
        ),
        widened(
            r#"{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": true}}"#,
            &[r#"{"b": [["k", 1]]}"#],
        ),
        widened(
            r#"{"properties": {"a": {"type": "object"}, "m": {"additionalProperties": {"type": "integer"}}}}"#,
            &[r#"{"a": {"open": 1}, "m": {"x": 1}}"#],
        ),
        widened(r#"{"properties": {"a": {"not": {"type": "string"}}}}"#, &[r#"{"a": "x"}"#]),
        widened(r#"{"type": "object"}"#, &["[1]"]),
        widened(r#"{"type": "objekt"}"#, &["{}"]),
    ];
    conformance::assert_snapshot!(said.join("\n"));
}

/// The keyword of a violation decides, and not the names of the members on its path.
#[test]
fn rules_about_names_are_distinguished_from_members_of_that_name() {
    let schema = |schema: &str, payload: &str| widen(&json(schema), &BTreeMap::new(), &[json(payload)]).schema;
    let expected = json(r#"{"properties": {"propertyNames": {"minimum": 3}}}"#);
    assert_eq!(schema(r#"{"properties": {"propertyNames": {"minimum": 5}}}"#, r#"{"propertyNames": 3}"#), expected);
    assert_eq!(
        schema(r#"{"propertyNames": {"enum": ["a"]}}"#, r#"{"a": 1, "b": 2}"#).get("propertyNames"),
        Some(&json(r#"{"enum": ["a", "b"]}"#))
    );
    assert_eq!(
        schema(r#"{"propertyNames": {"maxLength": 1, "pattern": "^[ab]"}}"#, r#"{"ab": 1}"#).get("propertyNames"),
        Some(&json(r#"{"pattern": "^[ab]"}"#))
    );
}
