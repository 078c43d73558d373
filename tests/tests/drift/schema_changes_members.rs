//! Two versions of a schema: members, items and branches that only one version has, that moved, or that have another name.

use conformance::changes::{Versions, between};
use webhook_codegen::compare::{Acceptance, Declared, Version};
use webhook_codegen::json::Json;
use webhook_runtime::Reading;

/// An object with these properties.
fn object(properties: &str) -> String {
    format!(r#"{{"type": "object", "properties": {{{properties}}}}}"#)
}

/// Compares two objects with these properties.
#[track_caller]
fn members(old: &str, new: &str, expected: &[&str]) {
    between(&object(old), &object(new)).are(expected);
}

/// Compares two objects with these properties and a payload each.
#[track_caller]
fn with_payloads(old: (&str, &str), new: (&str, &str), expected: &[&str]) {
    let schemas = (object(old.0), object(new.0));
    Versions::with_payloads((&schemas.0, &[old.1]), (&schemas.1, &[new.1])).are(expected);
}

#[test]
fn a_member_that_one_version_has() {
    let (closed, open) = (r#"{"additionalProperties": false}"#, "{}");
    let optional = r#"{"properties": {"a": {"type": "string"}}}"#;
    let required = r#"{"properties": {"a": {"type": "string"}}, "required": ["a"]}"#;
    between(open, optional).are(&["member-added compatible /a: - -> string"]).only_forbids(r#"{"a": 1}"#);
    between(optional, open).are(&["member-gone compatible /a: string -> -"]);
    between(required, open)
        .are(&["required-gone breaking /a: required -> optional", "member-gone breaking /a: string -> -"][1..])
        .admits("{}");
    let closed_with = r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": false}"#;
    between(closed, closed_with).are(&["member-added breaking /a: - -> string"]).admits(r#"{"a": ""}"#);
    // A member that the old schema did not name was read as an unknown member.
    between(
        r#"{"additionalProperties": {"type": "string"}}"#,
        r#"{"properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "string"}}"#,
    )
    .are(&["type-changed breaking /a: string -> integer", "member-added compatible /a: - -> integer"])
    .admits(r#"{"a": 1}"#);
}

#[test]
fn whether_a_member_is_always_there() {
    let properties = r#""properties": {"a": {"type": "string"}}"#;
    let (optional, required) = (format!("{{{properties}}}"), format!(r#"{{{properties}, "required": ["a"]}}"#));
    between(&required, &optional).are(&["required-gone breaking /a: required -> optional"]).admits("{}");
    between(&optional, &required).are(&["required-added compatible /a: optional -> required"]).only_forbids("{}");
    // A member that no version declares.
    let required = r#"{"required": ["a"]}"#;
    between(required, "{}").are(&["required-gone breaking /a: required -> optional"]).admits("{}");
    between("{}", required).are(&["required-added compatible /a: optional -> required"]).only_forbids("{}");
    between(required, required).are(&[]);
}

#[test]
fn other_members_and_items() {
    for (keyword, payload) in [("additionalProperties", r#"{"a": 1}"#), ("items", "[1]")] {
        let schema = |value: &str| format!(r#"{{"{keyword}": {value}}}"#);
        let (any, none, string) = (schema("true"), schema("false"), schema(r#"{"type": "string"}"#));
        let text = |of: (&str, &str)| format!("{keyword}: {} -> {keyword}: {}", of.0, of.1);
        let tightened = |of| format!("rule-tightened compatible: {}", text(of));
        let loosened = |of| format!("rule-loosened breaking: {}", text(of));
        between(&any, &none).are(&[&tightened(("any", "none"))]).only_forbids(payload);
        between(&none, &any).are(&[&loosened(("none", "any"))]).admits(payload);
        between("{}", &string).are(&[&tightened(("any", "a schema"))]).only_forbids(payload);
        between(&string, "{}").are(&[&loosened(("a schema", "any"))]).admits(payload);
        between(&string, &none).are(&[&tightened(("a schema", "none"))]);
        between(&none, &string).are(&[&loosened(("none", "a schema"))]);
        between(&none, &none).are(&[]);
        let integer = schema(r#"{"type": "integer"}"#);
        between(&string, &integer).are(&["type-changed breaking /*: string -> integer"]).admits(payload);
    }
}

#[test]
fn items_by_position() {
    let of = |prefix: &str, items: &str| format!(r#"{{"prefixItems": [{prefix}], "items": {items}}}"#);
    let (string, integer) = (r#"{"type": "string"}"#, r#"{"type": "integer"}"#);
    between(&of(string, "true"), &of(integer, "true"))
        .are(&["type-changed breaking /0: string -> integer"])
        .admits("[1]");
    let two = format!("{string}, {integer}");
    let one = format!(r#"{{"prefixItems": [{string}]}}"#);
    let more = format!(r#"{{"prefixItems": [{two}]}}"#);
    between(&one, &more)
        .are(&["rule-tightened compatible /1: items: any -> items: a schema"])
        .only_forbids(r#"["", ""]"#);
    between(&more, &one).are(&["rule-loosened breaking /1: items: a schema -> items: any"]).admits(r#"["", ""]"#);
    // The additional items of both versions are compared with each other.
    let rest = format!(r#"{{"items": {string}}}"#);
    between(&rest, &of(&two, string)).are(&["type-changed breaking /1: string -> integer"]).admits(r#"["", 1]"#);
}

#[test]
fn branches_are_matched_by_discriminator_title_and_members() {
    let union = |branches: &[String]| format!(r#"{{"oneOf": [{}]}}"#, branches.join(", "));
    let tagged = |tag: &str, kind: &str| {
        let properties = format!(r#""kind": {{"const": "{tag}"}}, "x": {{"type": "{kind}"}}"#);
        format!(r#"{{"type": "object", "properties": {{{properties}}}, "required": ["kind"]}}"#)
    };
    between(
        &union(&[tagged("a", "string"), tagged("b", "string")]),
        &union(&[tagged("c", "boolean"), tagged("a", "integer")]),
    )
    .are(&[
        "values-added breaking: - -> the branch with `kind` = \"c\"",
        "values-gone compatible: the branch with `kind` = \"b\" -> -",
        "type-changed breaking /x: string -> integer",
    ])
    .admits(r#"{"kind": "c"}"#);
    let named = |title: &str, members: &str| {
        format!(r#"{{"title": "{title}", "type": "object", "properties": {{{members}}}, "minProperties": 1}}"#)
    };
    // A title counts for more than a member.
    let (with_p, with_q) = (r#""p": {"type": "string"}"#, r#""q": {"type": "string"}"#);
    let (with_c, with_two) = (r#""c": {"type": "string"}"#, format!(r#"{with_p}, "r": {{"type": "string"}}"#));
    between(&union(&[named("A", with_p), named("C", with_c)]), &union(&[named("B", &with_two), named("A", with_q)]))
        .are(&[
            "values-added breaking: - -> the branch \"B\"",
            "values-gone compatible: the branch \"C\" -> -",
            "member-gone compatible /p: string -> -",
            "member-added compatible /q: - -> string",
        ]);
    // Without a title or a constant, the branch with most members in common counts.
    let plain = |members: &[&str]| {
        let members: Vec<String> = members.iter().map(|name| format!(r#""{name}": {{"type": "string"}}"#)).collect();
        format!(r#"{{"type": "object", "properties": {{{}}}}}"#, members.join(", "))
    };
    between(
        &union(&[plain(&["a", "b", "c"]), plain(&["x"])]),
        &union(&[plain(&["a", "q"]), plain(&["a", "b", "c", "d"])]),
    )
    .are(&[
        "values-added breaking: - -> a branch of a, q",
        "values-gone compatible: a branch of x -> -",
        "member-added compatible /d: - -> string",
    ]);
    // A branch can also be an array.
    let array = |count: usize| format!(r#"{{"type": "array", "minItems": {count}}}"#);
    between(&union(&[array(1), array(2)]), &union(&[array(2), array(1)])).are(&[]);
    // A value that fits the new schema fits both of the old branches.
    between(&union(&[array(1), array(2)]), &array(2))
        .are(&[
            "values-gone compatible: a branch of its own -> -",
            "rule-changed breaking: a value that fits one branch only (it fits branches 0 and 1) -> -",
        ])
        .admits("[1, 2]");
}

#[test]
fn a_member_that_moved() {
    // With a member in common, neither is an envelope of the other.
    let members = |old: &str, new: &str, expected: &[&str]| {
        let kept = |properties: &str| format!(r#""kept": {{"type": "boolean"}}, {properties}"#);
        members(&kept(old), &kept(new), expected);
    };
    let id = r#""id": {"type": "string"}"#;
    let data = |members: &str| format!(r#""data": {}"#, object(members));
    members(&format!("{id}, {}", data("")), &data(id), &["member-moved compatible /id: /id -> /data/id"]);
    // The member moves to the place nearest to the root, in a new object or in the items of an array.
    let far = format!(r#""far": {}"#, object(&data(id)));
    members(
        id,
        &format!(r#"{far}, "near": {}"#, object(id)),
        &[
            "member-added compatible /far: - -> object",
            "member-moved compatible /id: /id -> /near/id",
            "member-added compatible /near: - -> object",
        ],
    );
    let list = format!(r#""list": {{"type": "array", "items": {}}}"#, object(id));
    members(
        id,
        &list,
        &["member-moved compatible /id: /id -> /list/*/id", "member-added compatible /list: - -> array"],
    );
    // Another type is another member.
    members(
        id,
        &data(r#""id": {"type": "integer"}"#),
        &["member-added compatible /data: - -> object", "member-gone compatible /id: string -> -"],
    );
    // Each place is used once.
    let holder = |name: &str, members: &str| format!(r#""{name}": {}"#, object(members));
    let old = format!("{}, {}, {}", holder("a", id), holder("b", id), holder("c", ""));
    let new = format!("{}, {}, {}", holder("a", ""), holder("b", ""), holder("c", id));
    members(
        &old,
        &new,
        &["member-moved compatible /a/id: /a/id -> /c/id", "member-gone compatible /b/id: string -> -"],
    );
}

#[test]
fn a_member_with_another_name() {
    let renamed = |old: &str, new: &str| {
        let text = |name: &str| format!(r#""{name}": {{"type": "string"}}"#);
        let line = format!("member-renamed compatible /{old}: {old} -> {new}");
        members(&text(old), &text(new), &[&line]);
    };
    let other = |old: &str, new: &str| {
        let text = |name: &str| format!(r#""{name}": {{"type": "string"}}"#);
        let mut lines = [
            (old, format!("member-gone compatible /{old}: string -> -")),
            (new, format!("member-added compatible /{new}: - -> string")),
        ];
        lines.sort();
        members(&text(old), &text(new), &[&lines[0].1, &lines[1].1]);
    };
    renamed("user_name", "userName");
    renamed("user", "user_id");
    renamed("user_id", "user");
    // 22 of 24 letters are the same.
    renamed("organisation", "organization");
    // 8 of 11 are.
    other("status", "state");
    // 12 of 14 letters are 85.7 percent, and 10 of 12 are 83.3.
    renamed("abcdefg", "abcdefx");
    other("abcdef", "abcdex");
    other("first", "second");
}

#[test]
fn a_member_is_recognized_by_its_value() {
    let of =
        |name: &str| format!(r#""{name}": {{"type": ["string", "number", "boolean", "array", "object", "null"]}}"#);
    let (old, new) = (of("first"), of("second"));
    let renamed = ["member-renamed compatible /first: first -> second"];
    let apart = ["member-gone compatible /first: anything -> -", "member-added compatible /second: - -> anything"];
    for (value, expected) in [
        ("\"abc\"", &renamed[..]),
        ("\"ab\"", &apart),
        ("\" ab \"", &apart),
        ("123", &renamed),
        ("-1.23", &renamed),
        ("-1.2", &apart),
        ("[1]", &renamed),
        ("[]", &apart),
        (r#"{"a": 1}"#, &renamed),
        ("{}", &apart),
        ("true", &apart),
        ("null", &apart),
    ] {
        let (was, is) = (format!(r#"{{"first": {value}}}"#), format!(r#"{{"second": {value}}}"#));
        with_payloads((&old, &was), (&new, &is), expected);
    }
    with_payloads((&old, r#"{"first": "abc"}"#), (&new, r#"{"second": "abd"}"#), &apart);
    // If two members have the value, neither is evidence.
    let two = format!("{new}, {}", of("third"));
    with_payloads(
        (&old, r#"{"first": "abc"}"#),
        (&two, r#"{"second": "abc", "third": "abc"}"#),
        &[
            "member-gone compatible /first: anything -> -",
            "member-added compatible /second: - -> anything",
            "member-added compatible /third: - -> anything",
        ],
    );
    // A value in the first item of an array.
    let list = |members: &str| format!(r#""list": {{"type": "array", "items": {}}}"#, object(members));
    with_payloads(
        (&list(&old), r#"{"list": [{"first": "abc"}]}"#),
        (&list(&new), r#"{"list": [{"second": "abc"}]}"#),
        &["member-renamed compatible /list/*/first: first -> second"],
    );
}

#[test]
fn an_object_is_recognized_by_its_members() {
    let holder = |name: &str, members: &[&str]| {
        let members: Vec<String> =
            members.iter().map(|member| format!(r#""{member}": {{"type": "string"}}"#)).collect();
        format!(r#""{name}": {}"#, object(&members.join(", ")))
    };
    members(
        &holder("first", &["a", "b"]),
        &holder("second", &["a", "b"]),
        &["member-renamed compatible /first: first -> second"],
    );
    let apart = ["member-gone compatible /first: object -> -", "member-added compatible /second: - -> object"];
    // An object is renamed if at least half of its members are the same.
    members(
        &holder("first", &["a"]),
        &holder("second", &["a", "b"]),
        &["member-renamed compatible /first: first -> second"],
    );
    members(&holder("first", &["a"]), &holder("second", &["a", "b", "c"]), &apart);
    members(&holder("first", &[]), &holder("second", &[]), &apart);
    // With another new member next to it, the new name is ambiguous.
    let two = format!("{}, {}", holder("second", &["a", "b"]), holder("third", &["x"]));
    members(
        &holder("first", &["a", "b"]),
        &two,
        &[
            "member-gone compatible /first: object -> -",
            "member-added compatible /second: - -> object",
            "member-added compatible /third: - -> object",
        ],
    );
}

#[test]
fn an_event_in_an_envelope() {
    let event = r#""a": {"type": "string"}, "b": {"type": "string"}"#;
    let within = |depth: usize, members: &str| {
        (0..depth).fold(object(members), |inner, _| object(&format!(r#""in": {inner}, "at": {{"type": "string"}}"#)))
    };
    between(&object(event), &within(1, event)).are(&["event-moved compatible: - -> /in"]);
    between(&object(event), &within(3, event)).are(&["event-moved compatible: - -> /in/in/in"]);
    between(&object(event), &within(4, event)).are(&[
        "member-moved compatible /a: /a -> /in/in/in/in/a",
        "member-added compatible /at: - -> string",
        "member-moved compatible /b: /b -> /in/in/in/in/b",
        "member-added compatible /in: - -> object",
    ]);
    // The payload is compared inside the envelope.
    let changed = r#""a": {"type": "string"}, "b": {"type": "integer"}"#;
    between(&object(event), &within(1, changed))
        .are(&["event-moved compatible: - -> /in", "type-changed compatible /in/b: string -> integer"]);
}

#[test]
fn what_a_schema_declares_for_a_location() {
    let schema = r#"{
        "type": "object",
        "properties": {
            "any": {},
            "object": {"type": "object", "properties": {"a": {"type": "string"}}},
            "closed": {"type": "object", "properties": {"a": {}}, "additionalProperties": false},
            "map": {"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "object", "properties": {"x": {}}}},
            "needs": {"type": "object", "required": ["a"]},
            "list": {"type": "array", "items": {"type": "object", "properties": {"x": {}}}},
            "pair": {"type": "array", "prefixItems": [{"properties": {"x": {}}}, {"properties": {"y": {}}}]},
            "either": {"oneOf": [{"properties": {"l": {}}, "required": ["l"]}, {"properties": {"r": {}}, "required": ["r"]}]}
        }
    }"#;
    let json = Json::parse(schema).unwrap();
    let library = std::collections::BTreeMap::new();
    let version = Version { schema: &json, library: &library, instances: &[] };
    let mut places = Acceptance::new(version, Reading::Exact).unwrap();
    for (place, expected) in [
        ("/any", Declared::Named),
        ("/other", Declared::No),
        ("/any/a", Declared::Any),
        ("/object/a", Declared::Named),
        ("/object/b", Declared::No),
        ("/closed/a", Declared::Named),
        ("/map/a", Declared::Named),
        ("/map/b", Declared::Any),
        ("/map/b/x", Declared::Named),
        ("/map/b/y", Declared::No),
        ("/needs/b", Declared::No),
        ("/list/*", Declared::Named),
        ("/list/0/x", Declared::Named),
        ("/list/*/y", Declared::No),
        ("/pair/0/x", Declared::Named),
        ("/pair/1/x", Declared::No),
        ("/pair/*/x", Declared::Named),
        ("/pair/*/y", Declared::Named),
        ("/pair/*", Declared::Named),
        ("/either/l", Declared::Named),
        ("/either/r", Declared::Named),
        ("/either/m", Declared::No),
    ] {
        assert_eq!(places.declared(place), expected, "{place}");
    }
}
