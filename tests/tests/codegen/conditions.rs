//! The conditions that identify the events of a provider, computed from the schemas of the events.

use conformance::planned::{catalog, generated, options};
use webhook_codegen::generate;

/// Returns the schema of an object with the given members, all of them required.
fn object(members: &[(&str, &str)]) -> String {
    let properties: Vec<String> = members.iter().map(|(name, schema)| format!(r#""{name}": {schema}"#)).collect();
    let required: Vec<String> = members.iter().map(|(name, _)| format!(r#""{name}""#)).collect();
    format!(
        r#"{{"type": "object", "properties": {{{}}}, "required": [{}]}}"#,
        properties.join(", "),
        required.join(", ")
    )
}

/// Returns the conditions of each event, the conditions of the provider, and the members that name events, as text.
fn conditions(events: &[(&str, &str)], settings: &str) -> String {
    let (tree, _) = generated(events, settings);
    let text = tree.get("src/acme/dispatch.rs").unwrap();
    let (head, events) = text.split_once("\n    }\n").unwrap();
    let head = &head[head.find("provider: ").unwrap()..head.find("fallback: ").unwrap()];
    let head = head.split("discriminator: ").next().unwrap().replace("event_name_paths: ", "\nevent_name_paths: ");
    // One line for each part, and for each event.
    let one_line = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.replace("[ ", "[").replace(", ]", "]").trim_end_matches(',').to_owned()
    };
    let mut lines: Vec<String> = head.lines().fold(Vec::new(), |mut parts: Vec<String>, line| {
        match parts.last_mut() {
            Some(part) if !line.starts_with("event_name_paths") => part.push_str(line),
            _ => parts.push(line.to_owned()),
        }
        parts
    });
    for line in events.trim_end().trim_end_matches('}').lines() {
        match lines.last_mut() {
            Some(event) if line.starts_with("        ") || line.starts_with("    ]") => event.push_str(line),
            _ => lines.push(line.to_owned()),
        }
    }
    let lines: Vec<String> = lines.iter().map(|line| one_line(line)).filter(|line| !line.is_empty()).collect();
    format!("{}\n", lines.join("\n"))
}

/// A heading, the events of a provider with their schemas, and its settings.
type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], &'c str);

/// The conditions of several providers, each with a heading.
fn all(providers: &[Case<'_>]) -> String {
    let text = |(title, events, settings): &Case<'_>| format!("=== {title}\n{}", conditions(events, settings));
    providers.iter().map(text).collect()
}

#[test]
fn of_two_events() {
    let kind = |value: &str, others: &[(&str, &str)]| {
        let value = format!(r#"{{"const": "{value}"}}"#);
        object(&[&[("kind", value.as_str())], others].concat())
    };
    let string = r#"{"type": "string"}"#;
    let integer = r#"{"type": "integer"}"#;
    let number = r#"{"type": "number"}"#;
    let two = |first: &str, second: &str, settings: &str| conditions(&[("one", first), ("two", second)], settings);
    let ordered = "precedence = [\"one\", \"two\"]\n";
    let mut text = String::new();
    let mut add = |title: &str, found: String| text.push_str(&format!("=== {title}\n{found}"));
    add("constants", two(&kind("a", &[]), &kind("b", &[]), ""));
    add(
        "constants in one member of two",
        two(&kind("a", &[("sub", r#"{"const": "x"}"#)]), &kind("a", &[("sub", r#"{"const": "y"}"#)]), ""),
    );
    add("types", two(&kind("a", &[("id", string)]), &kind("a", &[("id", integer)]), ""));
    add("types that overlap", two(&kind("a", &[("id", number)]), &kind("b", &[("id", integer)]), ""));
    let never = r#"{"type": "object", "properties": {"x": false, "y": {"type": "string"}}, "required": ["y"]}"#;
    add("a member that is never there", two(&object(&[("x", string)]), never, ""));
    add("the same, the other way round", two(never, &object(&[("x", string)]), ""));
    let narrow = object(&[("kind", r#"{"const": "a"}"#)]);
    let wide = object(&[("kind", r#"{"enum": ["a", "b"]}"#)]);
    add("some of the values", two(&narrow, &wide, ordered));
    let open = object(&[("kind", string)]);
    add("values where any string is", two(&narrow, &open, ordered));
    add(
        "members that only one requires",
        two(&object(&[("a", string), ("b", string)]), &object(&[("a", string)]), ordered),
    );
    add("nested", two(&object(&[("in", &kind("a", &[]))]), &object(&[("in", &kind("b", &[]))]), ""));
    let deep = |value: &str| {
        let inner = |inside: &str| object(&[("m", inside)]);
        inner(&inner(&inner(&inner(&format!(r#"{{"const": "{value}"}}"#)))))
    };
    add("four levels deep", two(&deep("a"), &deep("b"), ""));
    conformance::assert_snapshot!(text);
}

#[test]
fn of_values_in_every_branch() {
    let branch = |kind: &str| object(&[("kind", &format!(r#"{{"const": "{kind}"}}"#))]);
    let union = |keyword: &str, kinds: &[&str]| {
        let branches: Vec<String> = kinds.iter().map(|kind| branch(kind)).collect();
        format!(r#"{{"type": "object", "{keyword}": [{}]}}"#, branches.join(", "))
    };
    let partly =
        format!(r#"{{"type": "object", "anyOf": [{}, {{"type": "object", "required": ["kind"]}}]}}"#, branch("a"));
    let beside = r#"{"type": "object", "properties": {"kind": {"enum": ["a"]}}, "required": ["kind"],
        "oneOf": [{"properties": {"kind": {"const": "a"}}, "required": ["kind"]}, {"properties": {"kind": {"const": "b"}}, "required": ["kind"]}]}"#;
    let other = branch("z");
    let ordered = "precedence = [\"other\", \"one\"]\n";
    conformance::assert_snapshot!(all(&[
        ("oneOf", &[("one", &union("oneOf", &["a", "b", "a"])), ("other", &other)], ""),
        ("anyOf", &[("one", &union("anyOf", &["a", "b"])), ("other", &other)], ""),
        ("not in every branch", &[("one", &partly), ("other", &other)], ordered),
        ("beside the branches", &[("one", beside), ("other", &other)], ""),
    ]));
}

#[test]
fn of_required_members_without_a_schema_of_their_own() {
    let required = |rest: &str| format!(r#"{{"type": "object", "required": ["kind", "id"]{rest}}}"#);
    let known = object(&[("kind", r#"{"const": 5}"#), ("id", r#"{"type": "string"}"#)]);
    let ordered = "precedence = [\"known\", \"one\"]\n";
    let pattern = required(r#", "patternProperties": {"^k": {"type": "string"}}"#);
    let additional = required(r#", "additionalProperties": {"type": "string"}"#);
    conformance::assert_snapshot!(all(&[
        ("anything", &[("known", &known), ("one", &required(""))], ordered),
        ("a pattern", &[("known", &known), ("one", &pattern)], ordered),
        ("additional", &[("known", &known), ("one", &additional)], ""),
    ]));
}

#[test]
fn of_a_sole_event() {
    let nested = object(&[("a", &object(&[("b", "{}")]))]);
    conformance::assert_snapshot!(all(&[
        ("values", &[("one", &object(&[("a", r#"{"const": "x"}"#), ("b", r#"{"enum": [1, 2]}"#), ("c", "{}")]))], ""),
        ("members", &[("one", &object(&[("a", "{}"), ("b", r#"{"type": "string"}"#)]))], ""),
        ("nested members", &[("one", &nested)], ""),
        ("a type", &[("one", r#"{"type": "object", "properties": {"a": {}}}"#)], ""),
        ("some types", &[("one", r#"{"type": ["string", "null"]}"#)], ""),
        ("any type", &[("one", "{}")], ""),
        ("a constant", &[("one", r#"{"const": 5}"#)], ""),
        // The scan for members steps over arrays and objects.
        ("a constant array", &[("one", &object(&[("a", r#"{"const": ["x"]}"#), ("b", r#"{"const": {}}"#)]))], ""),
    ]));
}

#[test]
fn of_groups_of_events() {
    let constant = |value: &str| format!(r#"{{"const": "{value}"}}"#);
    let string = r#"{"type": "string"}"#;
    let named = |member: &str, value: &str, others: &[(&str, &str)]| {
        object(&[&[(member, constant(value).as_str())], others].concat())
    };
    let of_kind =
        |value: &str| named("kind", value, &[("kind_id", string), ("at", string), ("shared", r#"{"const": "s"}"#)]);
    let of_sort = |value: &str| named("sort", value, &[("sort_id", string), ("at", string)]);
    let alone = named("label", "only", &[("at", string)]);
    let both = named("kind", "c", &[("sort", &constant("z")), ("at", string)]);
    let inside = |value: &str| object(&[("data", &named("kind", value, &[("id", string), ("of", string)]))]);
    let (a, b, c) = (of_kind("a"), of_kind("b"), of_kind("c"));
    let (x, y) = (of_sort("x"), of_sort("y"));
    let same_label = named("label", "only", &[("at", r#"{"type": "integer"}"#)]);
    let (in_a, in_b) = (inside("a"), inside("b"));
    let vendor = ("by", r#"{"const": "acme"}"#);
    let by = |member: &str, value: &str, others: &[(&str, &str)]| named(member, value, &[&[vendor], others].concat());
    let (by_a, by_b) = (by("kind", "a", &[("at", string)]), by("kind", "b", &[("at", string)]));
    let (by_x, by_y) = (by("sort", "x", &[("at", string)]), by("sort", "y", &[("at", string)]));
    let common = |member: &str, value: &str| named(member, value, &[("at", string), ("id", string)]);
    let (common_a, common_b) = (common("kind", "a"), common("kind", "b"));
    let (common_x, common_y) = (common("sort", "x"), common("sort", "y"));
    let some = |value: &str| named("kind", value, &[("at", string), ("id", string), vendor]);
    let (some_a, some_b) = (some("a"), some("b"));
    let numbers = |value: &str| object(&[("kind", &format!(r#"{{"const": {value}}}"#)), ("at", string)]);
    let (one, two) = (numbers("1"), numbers("2"));
    let four = "precedence = [\"a\", \"b\", \"x\", \"y\"]\n";
    conformance::assert_snapshot!(all(&[
        ("one group of all", &[("a", &a), ("b", &b), ("c", &c)], ""),
        ("two groups", &[("a", &a), ("b", &b), ("x", &x), ("y", &y)], four),
        (
            "two groups and one alone",
            &[("a", &a), ("alone", &alone), ("b", &b), ("x", &x), ("y", &y)],
            "precedence = [\"a\", \"b\", \"x\", \"y\", \"alone\"]\n"
        ),
        (
            "one event in both",
            &[("a", &a), ("b", &b), ("both", &both), ("x", &x), ("y", &y)],
            "precedence = [\"both\", \"a\", \"b\", \"x\", \"y\"]\n"
        ),
        (
            "one group and one alone",
            &[("a", &a), ("alone", &alone), ("b", &b)],
            "precedence = [\"a\", \"b\", \"alone\"]\n"
        ),
        ("two with one name", &[("alone", &alone), ("labelled", &same_label)], ""),
        ("inside a member", &[("a", &in_a), ("b", &in_b), ("x", &x)], "precedence = [\"a\", \"b\", \"x\"]\n"),
        ("two groups with a constant of all", &[("a", &by_a), ("b", &by_b), ("x", &by_x), ("y", &by_y)], four),
        (
            "two groups with members of all",
            &[("a", &common_a), ("b", &common_b), ("x", &common_x), ("y", &common_y)],
            four
        ),
        (
            "two groups, and a constant in one",
            &[("a", &some_a), ("b", &some_b), ("x", &common_x), ("y", &common_y)],
            four
        ),
        ("numbers", &[("one", &one), ("two", &two)], ""),
        ("named", &[("a", &a), ("b", &b), ("x", &x)], "dispatch = \"named\"\n"),
        (
            "named, with one name",
            &[("a", &a), ("b", &b)],
            "dispatch = \"named\"\n[events.a]\nwire_name = \"w\"\n[events.b]\nwire_name = \"w\"\n"
        ),
        (
            "a name for all, and a more selective member",
            &[
                ("a", &named("kind", "a", &[("sort", &constant("x"))])),
                ("b", &named("kind", "a", &[("sort", &constant("y"))])),
                ("c", &named("kind", "c", &[("sort", &constant("z"))])),
            ],
            ""
        ),
    ]));
}

/// A new combination of values that name events together is a new event, although one of the values is enough to
/// distinguish an event from its present rivals.
#[test]
fn of_members_that_name_events_together() {
    let constant = |value: &str| format!(r#"{{"const": "{value}"}}"#);
    let of = |thing: &str, verb: &str| object(&[("resource", &constant(thing)), ("action", &constant(verb))]);
    let (update, create, destroy) = (of("app", "update"), of("dyno", "create"), of("dyno", "destroy"));
    let release = of("release", "update");
    let grid =
        [("app_update", &*update), ("dyno_create", &create), ("dyno_destroy", &destroy), ("release_update", &release)];
    conformance::assert_snapshot!(all(&[("some combinations", &grid, "")]));
}

#[test]
fn of_a_provider() {
    let string = r#"{"type": "string"}"#;
    let both = |kind: &str, others: &[(&str, &str)]| {
        object(&[&[("kind", format!(r#"{{"const": "{kind}"}}"#).as_str())], others].concat())
    };
    let vendor = r#"{"const": "acme"}"#;
    let versions = r#"{"enum": ["1", "2"]}"#;
    let swapped = r#"{"enum": ["2", "1"]}"#;
    let more = r#"{"enum": ["1", "2", "3"]}"#;
    let number = r#"{"const": 5}"#;
    let nested = object(&[("x", string), ("y", string)]);
    conformance::assert_snapshot!(all(&[
        ("a constant of all", &[("a", &both("a", &[("by", vendor)])), ("b", &both("b", &[("by", vendor)]))], ""),
        ("the same values", &[("a", &both("a", &[("by", versions)])), ("b", &both("b", &[("by", swapped)]))], ""),
        ("more values", &[("a", &both("a", &[("by", versions)])), ("b", &both("b", &[("by", more)]))], ""),
        ("numbers", &[("a", &both("a", &[("by", number)])), ("b", &both("b", &[("by", number)]))], ""),
        ("members of all", &[("a", &both("a", &[("x", string)])), ("b", &both("b", &[("x", string)]))], ""),
        ("one member of all", &[("a", &both("a", &[])), ("b", &both("b", &[("x", string)]))], ""),
        ("nested members", &[("a", &both("a", &[("in", &nested)])), ("b", &both("b", &[("in", &nested)]))], ""),
    ]));
}

/// Returns the problems of a provider with two events.
fn problems(first: &str, second: &str) -> Vec<String> {
    problems_of(&[("one", first), ("two", second)], "")
}

/// Returns the problems of a provider with the given settings and schemas of events.
fn problems_of(events: &[(&str, &str)], settings: &str) -> Vec<String> {
    match generate(&catalog(events, settings), &options()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn events_that_no_payload_is_both_of() {
    let a = object(&[("k", r#"{"const": "a"}"#)]);
    let b = object(&[("k", r#"{"const": "b"}"#)]);
    let k = |schema: &str| object(&[("k", schema)]);
    let any = |first: &str, second: &str| format!(r#"{{"anyOf": [{first}, {second}]}}"#);
    let optional = r#"{"type": "object", "properties": {"k": {"const": "b"}}}"#;
    let additional = r#"{"type": "object", "required": ["z"], "additionalProperties": {"const": "b"}}"#;
    let pattern = r#"{"type": "object", "required": ["z"], "patternProperties": {"^k": {}}, "additionalProperties": {"const": "b"}}"#;
    let closed = r#"{"type": "object", "properties": {"z": {}}, "additionalProperties": false}"#;
    let never = r#"{"type": "object", "properties": {"k": false}}"#;
    let nested = |depth: usize, value: &str| (0..depth).fold(k(value), |inner, _| k(&inner));
    let in_branches = |depth: usize, schema: &str| (0..depth).fold(schema.to_owned(), |inner, _| any(&inner, schema));
    for (first, second, disjoint) in [
        (a.clone(), b.clone(), true),
        (a.clone(), a.clone(), false),
        (a.clone(), k(r#"{"type": "integer"}"#), true),
        (a.clone(), k(r#"{"type": "string"}"#), false),
        (k(r#"{"enum": ["a", "b"]}"#), k(r#"{"enum": ["c", "d"]}"#), true),
        (k(r#"{"enum": ["a", "b"]}"#), k(r#"{"enum": ["b", "c"]}"#), false),
        (r#"{"type": "object"}"#.to_owned(), r#"{"type": "array"}"#.to_owned(), true),
        (r#"{"type": ["object", "null"]}"#.to_owned(), r#"{"type": ["array", "null"]}"#.to_owned(), false),
        (r#"{"const": 1}"#.to_owned(), r#"{"const": 2}"#.to_owned(), true),
        (r#"{"const": 1}"#.to_owned(), r#"{"const": 1.0}"#.to_owned(), false),
        // A member that only one event requires, or no event.
        (a.clone(), optional.to_owned(), true),
        (optional.to_owned(), optional.replace("\"b\"", "\"a\""), false),
        // A member that the other event does not name.
        (a.clone(), additional.to_owned(), true),
        (a.clone(), pattern.to_owned(), false),
        (a.clone(), closed.to_owned(), true),
        (a.clone(), never.to_owned(), true),
        // Branches.
        (any(&a, &b), k(r#"{"const": "c"}"#), true),
        (any(&a, &b), b.clone(), false),
        (k(r#"{"const": "c"}"#), any(&a, &b), true),
        (any(&a, &b).replace("anyOf", "oneOf"), k(r#"{"const": "c"}"#), true),
        // The value may be something else than an object.
        (a.replace("\"object\"", "[\"object\", \"null\"]"), b.replace("\"object\"", "[\"object\", \"null\"]"), false),
        (b.clone(), a.replace("\"object\"", "[\"object\", \"null\"]"), true),
        // Members at the maximum depth at which members are examined.
        (nested(3, r#"{"const": "a"}"#), nested(3, r#"{"const": "b"}"#), true),
        // Members and branches that are too deep for the proof.
        (in_branches(3, &a), b.clone(), true),
        (in_branches(7, &a), b.clone(), false),
        (nested(6, r#"{"const": "a"}"#), nested(6, r#"{"const": "b"}"#), false),
    ] {
        let found = problems(&first, &second);
        assert_eq!(found.is_empty(), disjoint, "{first} {second}: {found:?}");
        assert!(found.iter().all(|problem| problem.contains("a payload can be both `one` and `two`")), "{found:?}");
    }
}

/// No payload is valid for both events, but payloads of the second event would meet the conditions of the first.
#[test]
fn events_that_are_distinguished_by_what_is_not_looked_at() {
    let k = |schema: &str| object(&[("k", schema)]);
    let nested = |depth: usize, value: &str| (0..depth).fold(k(value), |inner, _| k(&inner));
    let (a, b) = (r#"{"const": "a"}"#, r#"{"const": "b"}"#);
    let or_null = |schema: &str| schema.replacen("\"object\"", "[\"object\", \"null\"]", 1);
    let never = r#"{"type": "object", "properties": {"k": false}}"#.to_owned();
    let optional = never.replace("false", b);
    for (first, second, may_be_ordered) in [
        (nested(4, a), nested(4, b), false),
        (nested(5, a), nested(5, b), false),
        ((0..6).fold(never.clone(), |inner, _| k(&inner)), nested(6, a), false),
        (or_null(&k(a)), k(b), true),
        (optional, k(a), true),
    ] {
        let found = problems(&first, &second);
        assert!(found[0].contains("a payload of `two` would be taken for `one`"), "{first} {second}: {found:?}");
        if may_be_ordered {
            conditions(&[("one", &first), ("two", &second)], "precedence = [\"two\", \"one\"]\n");
        }
    }
}

#[test]
fn an_order_is_of_all_events_that_it_is_needed_for() {
    let narrow = object(&[("k", r#"{"const": "a"}"#), ("n", "{}")]);
    let wide = object(&[("k", r#"{"const": "a"}"#)]);
    let other = object(&[("k", r#"{"const": "b"}"#)]);
    let events = [("another", other.as_str()), ("narrow", &narrow), ("wide", &wide)];
    // Events that are listed in `precedence` come first.
    let found = conditions(&events, "precedence = [\"narrow\", \"wide\"]\n");
    let names: Vec<&str> =
        found.lines().filter_map(|line| line.split_once(" => [")?.0.trim_matches('"').into()).collect();
    assert_eq!(names, ["narrow", "wide", "another"]);
    for listed in ["narrow", "wide"] {
        let found = problems_of(&events, &format!("precedence = [\"{listed}\", \"another\"]\n"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("a payload can be both `narrow` and `wide`"), "{found:?}");
    }
}
