//! The problems that codegen reports for a broken folder: each has its file, its place, and advice.

use std::fs;
use std::path::Path;

use conformance::folder::write;
use webhook_codegen::{Options, generate, generate_folder, load};

fn options() -> Options {
    Options::default().package("broken")
}

/// Returns the problems of a folder with these files, one paragraph for each problem.
fn problems<P: AsRef<Path>, T: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, T)>) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    let problems = generate_folder(folder.path(), &options()).expect_err("a broken folder is refused");
    let text: Vec<String> = problems.iter().map(|problem| format!("[{}] {problem}", problem.code)).collect();
    text.join("\n").replace(&folder.path().display().to_string(), "DEFS")
}

#[test]
fn nothing_to_read() {
    conformance::assert_snapshot!(problems([("", ""); 0]));
    let missing = load(Path::new("/no such folder")).unwrap_err();
    assert!(missing[0].to_string().contains("cannot be listed"), "{}", missing[0]);
}

#[test]
fn files_that_are_missing_or_no_json() {
    conformance::assert_snapshot!(problems([
        (
            "shop/provider.toml",
            "title = \"Shop\"\ndelivery = \"sometimes\"\nprecedence = [\"nowhere\"]\n[events.gone]\nwire_name = 5\n"
        ),
        ("shop/order/examples/a.json", "{}"),
        ("shop/comma/schema.json", "{\"type\": \"object\",}"),
        ("shop/twice/schema.json", "{\"type\": \"object\", \"type\": \"array\"}"),
        ("shop/latin/schema.json", "{}"),
        ("shop/latin/examples/a.json", "{\"a\": nul}"),
        ("other/provider.toml", "title = "),
        ("other/event/schema.json", "[]"),
    ]));
}

#[test]
fn a_header_that_names_no_event() {
    let files = |settings: &'static str| [("shop/provider.toml", settings), ("shop/a/schema.json", "{}")];
    let unused = problems(files("[requests]\nevent_header = \"X-Event\"\n"));
    assert!(unused.contains("shop/provider.toml:2:16#/requests/event_header: a header names the event"), "{unused}");
    let wrong = problems(files("dispatch = \"named\"\n[requests]\nevent_header = \"X Event\"\n"));
    assert!(wrong.contains("`X Event` is not the name of a header"), "{wrong}");
}

#[test]
fn keywords_that_are_unknown_or_malformed() {
    conformance::assert_snapshot!(problems([(
        "shop/order/schema.json",
        r##"{
            "type": "objekt",
            "nullable": true,
            "colour": "red",
            "required": "id",
            "properties": {
                "a/b": {"minLength": -1, "pattern": "(?=x)", "maximum": "5"},
                "c": {"type": "string", "enum": "x", "dependencies": {}},
                "d": {"multipleOf": 0e-08, "anyOf": []},
                "e": 5,
                "f": {"$recursiveRef": "#", "id": "x"}
            }
        }"##
    )]));
}

#[test]
fn keywords_of_another_dialect() {
    conformance::assert_snapshot!(problems([
        (
            "shop/old/schema.json",
            r##"{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {"prefixItems": [], "minContains": 2}}}"##
        ),
        ("shop/older/schema.json", r##"{"$schema": "http://json-schema.org/draft-03/schema#"}"##),
        ("shop/new/schema.json", r##"{"additionalItems": false}"##),
    ]));
}

#[test]
fn references_that_lead_nowhere() {
    conformance::assert_snapshot!(problems([
        (
            "shop/order/schema.json",
            r##"{"properties": {
                "a": {"$ref": "#/$defs/missing"},
                "b": {"$ref": "../common/missing.json"},
                "c": {"$ref": "#anchor"},
                "d": {"$ref": "../common/known.json#/$defs/missing"},
                "e": {"$ref": "#/properties/f/const"},
                "f": {"const": 5},
                "g": {"$ref": "https://example.com/schema.json"},
                "h": {"$ref": "a b"}
            }}"##
        ),
        ("shop/common/known.json", "{}"),
    ]));
}

#[test]
fn references_that_go_round() {
    conformance::assert_snapshot!(problems([(
        "shop/order/schema.json",
        r##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}, "properties": {"a": {"$ref": "#/$defs/a"}}}"##
    )]));
}

#[test]
fn events_that_cannot_be_told_apart() {
    let same = r#"{"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"]}"#;
    let wider = r#"{"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]}"#;
    conformance::assert_snapshot!(problems([
        ("shop/one/schema.json", same),
        ("shop/two/schema.json", same),
        ("shop/wide/schema.json", wider),
        ("ordered/provider.toml", "precedence = [\"wide\", \"one\"]"),
        ("ordered/one/schema.json", same),
        ("ordered/wide/schema.json", wider),
    ]));
}

#[test]
fn overlays_that_do_not_apply() {
    conformance::assert_snapshot!(problems([
        ("shop/order/schema.json", r#"{"properties": {"at": {"type": "string", "format": "date-time"}}}"#),
        (
            "shop/order/overlay.json",
            r#"[{"op": "test", "path": "/properties/at", "value": {"type": "string"}}, {"op": "add", "path": "/properties/at/format", "value": "x"}]"#
        ),
        ("shop/gone/schema.json", "{}"),
        ("shop/gone/overlay.json", r#"[{"op": "replace", "path": "/properties/gone/type", "value": "string"}]"#),
        ("shop/odd/schema.json", "{}"),
        ("shop/odd/overlay.json", r#"{"op": "add"}"#),
    ]));
}

#[test]
fn what_an_overlay_wrote_is_wrong_in_the_overlay() {
    let schema = "{\n  \"type\": \"object\",\n  \"required\": \"id\",\n  \"properties\": {\"a\": {}}\n}";
    let overlay = r#"[
        {"op": "test", "path": "/properties/a", "value": {}},
        {"op": "add", "path": "/properties/a", "value": {"type": "sting"}},
        {"op": "add", "path": "/properties/a/maximum", "value": "5"},
        {"op": "add", "path": "/properties/ab", "value": {
            "colour": "red"
        }}
    ]"#;
    conformance::assert_snapshot!(problems([("shop/order/schema.json", schema), ("shop/order/overlay.json", overlay)]));
}

#[test]
fn examples_that_their_schema_refuses() {
    conformance::assert_snapshot!(problems([
        (
            "shop/order/schema.json",
            r#"{"type": "object", "properties": {"id": {"type": "integer", "minimum": 1}, "items": {"type": "array", "items": {"type": "string"}}}, "required": ["id", "state"]}"#
        ),
        ("shop/order/examples/a.json", r#"{"id": 0, "items": ["a", 5, null]}"#),
        ("shop/order/examples/b.json", r#"{"id": 1, "state": null}"#),
    ]));
}

#[test]
fn templates_that_cannot_be_read() {
    conformance::assert_snapshot!(problems([(
        "shop/order/schema.json",
        r#"{"type": "object", "properties": {"body": {"type": "string", "x-text-templates": ["{a}{b}", "no field", "[open {x}"]}}}"#
    )]));
}

#[test]
fn providers_whose_names_collide() {
    conformance::assert_snapshot!(problems([
        ("my-shop/order/schema.json", "{}"),
        ("my_shop/order/schema.json", "{}"),
        ("axum/order/schema.json", "{}"),
    ]));
}

#[test]
fn every_problem_is_listed_at_once() {
    let sound = |kind: &str| {
        format!(r#"{{"type": "object", "properties": {{"kind": {{"const": "{kind}"}}}}, "required": ["kind"]}}"#)
    };
    conformance::assert_snapshot!(problems([
        ("shop/no_schema/examples/a.json", "{}"),
        ("shop/bad_json/schema.json", "{"),
        ("shop/unknown_keyword/schema.json", r#"{"colour": "red"}"#),
        ("shop/dangling/schema.json", r##"{"$ref": "#/nowhere"}"##),
        ("shop/overlaid/schema.json", &sound("overlaid")),
        ("shop/overlaid/overlay.json", r#"[{"op": "remove", "path": "/nowhere"}]"#),
        ("shop/one/schema.json", &sound("same")),
        ("shop/two/schema.json", &sound("same")),
        ("shop/refused/schema.json", &sound("refused")),
        ("shop/refused/examples/a.json", "{}"),
        ("other/fine/schema.json", &sound("fine")),
    ]));
}

#[test]
fn an_input_with_a_problem_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let defs = folder.path().join("defs");
    write(&defs, [("shop/order/schema.json", r#"{"type": "object", "required": ["id"]}"#)]);
    let out = folder.path().join("out");
    let made = generate(&load(&defs).unwrap(), &options()).unwrap();
    made.tree.write(&out).unwrap();
    assert!(made.tree.compare(&out).unwrap().is_empty());
    write(&defs, [("shop/order/schema.json", r#"{"type": "object", "required": "id"}"#)]);
    assert!(generate(&load(&defs).unwrap(), &options()).is_err());
    assert!(made.tree.compare(&out).unwrap().is_empty());
}

#[test]
fn a_folder_is_made_equal_to_the_tree_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let defs = folder.path().join("defs");
    write(
        &defs,
        [
            ("shop/order/schema.json", "{}"),
            ("shop/gone/schema.json", "{\"type\": \"array\"}"),
            ("shop/provider.toml", "dispatch = \"named\""),
        ],
    );
    let out = folder.path().join("out");
    generate(&load(&defs).unwrap(), &options()).unwrap().tree.write(&out).unwrap();
    assert!(out.join("src/shop/gone.rs").exists());
    write(
        &out,
        [
            ("copied/mine.rs", ""),
            ("NOTES.md", "mine"),
            ("src/shop/stray.rs", "// @generated by webhook-codegen from schema-defs/shop; edit that instead\n"),
            ("src/stray/deep.rs", "// @generated by webhook-codegen from schema-defs/stray; edit that instead\n"),
        ],
    );
    fs::remove_dir_all(defs.join("shop/gone")).unwrap();
    let mut tree = generate(&load(&defs).unwrap(), &options()).unwrap().tree;
    let changed = tree.write(&out).unwrap();
    assert!(out.join("copied/mine.rs").exists());
    assert!(
        !out.join("src/shop/gone.rs").exists()
            && !out.join("src/stray").exists()
            && !out.join("src/shop/stray.rs").exists()
    );
    assert_eq!(fs::read_to_string(out.join("NOTES.md")).unwrap(), "mine");
    assert!(changed.contains(&"src/shop/mod.rs".to_owned()));
    assert_eq!(tree.write(&out).unwrap(), Vec::<String>::new(), "a second time changes nothing");
    // If the tree has a file in a folder, the whole folder belongs to the tree, and contains no other files.
    tree.add("copied/file.rs", "");
    assert!(tree.write(&out).unwrap_err().to_string().contains("`copied/mine.rs`"));
    fs::remove_file(out.join("copied/mine.rs")).unwrap();
    assert_eq!(tree.write(&out).unwrap(), ["copied/file.rs"]);
}

/// Checks that a folder with an event of the given name is rejected, with a message that contains the given text.
#[track_caller]
fn refuses(files: &[(&str, &str)], expected: &str) {
    let text = problems(files.iter().copied());
    assert!(text.contains(expected), "{text}");
    assert!(text.lines().all(|line| !line.contains(|c: char| c.is_control() || c == '\u{202e}')), "{text:?}");
}

#[test]
fn names_that_no_module_or_path_can_have() {
    for module in ["std", "core", "alloc", "proc_macro", "serde_json", "webhook_runtime", "lib", "bin", "Std"] {
        let file = format!("{module}/a/schema.json");
        refuses(&[(&file, "{}")], &format!("[invalid-name] {module}: a module cannot be called"));
    }
    for feature in ["default", "tokio", "arbitrary_precision"] {
        refuses(&[(&format!("{feature}/a/schema.json"), "{}")], "every package has a feature");
    }
    refuses(&[("üml/a/schema.json", "{}")], "[invalid-name] üml: the names of modules and features are ASCII");
    refuses(&[("a/one/schema.json", "{}"), ("A/one/schema.json", "{}")], "would both be the module `a`");
    let titled = [
        ("a/one/schema.json", "{}"),
        ("b/two/schema.json", "{}"),
        ("a/provider.toml", "title = \"Same one\""),
        ("b/provider.toml", "title = \"Same-one\""),
    ];
    refuses(&titled, "[name-conflict] b/provider.toml: the titles of `a` and `b` would both be `Provider::SameOne`");
    refuses(
        &[("a/one/schema.json", "{}"), ("a/one/examples/schema.json", "{}")],
        "two files of the package would both be src/a/json/one.schema.json",
    );
}

#[cfg(unix)]
#[test]
fn names_with_characters_that_cannot_be_seen() {
    let code = "a\npub fn evil() {}\n";
    for name in [code, "a\r", "a\u{202e}b", "a\u{2028}b", "\u{7f}", "a\tb"] {
        refuses(&[(&format!("{name}/one/schema.json"), "{}")], "the name of the folder has the character \\u{");
        refuses(&[(&format!("shop/{name}/schema.json"), "{}")], "the name of the folder has the character \\u{");
        let example = format!("shop/one/examples/{name}.json");
        refuses(&[("shop/one/schema.json", "{}"), (&example, "{}")], "the name of the file has the character \\u{");
        let shared = format!("shop/common/{name}.json");
        refuses(&[("shop/one/schema.json", "{}"), (&shared, "{}")], "the name of the file has the character \\u{");
    }
}

#[test]
fn unusual_names_of_events_are_modules_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let events = ["std", "crate", "type", "ünïcode", "日本", "日本2", "json", "mod", "a \"b\"", "a.b", "+1"];
    let schema = |event: &str| {
        format!(r#"{{"properties": {{"kind": {{"const": {event:?}}}}}, "required": ["kind"], "type": "object"}}"#)
    };
    write(folder.path(), events.map(|event| (format!("shop/{event}/schema.json"), schema(event))));
    let (_, made) = generate_folder(folder.path(), &options()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    // The compiler finds no file of a module whose name is not ASCII.
    assert!(made.tree.files().filter(|(path, _)| path.ends_with(".rs")).all(|(path, _)| path.is_ascii()));
    let modules = made.tree.files().filter(|(path, _)| path.starts_with("src/shop/") && path.ends_with(".rs")).count();
    assert_eq!(modules, events.len() + 3);
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_folder_are_not_followed() {
    use std::os::unix::fs::symlink;

    let elsewhere = tempfile::tempdir().unwrap();
    write(
        elsewhere.path(),
        [
            ("secret.json", "{\"secret\": tru"),
            ("provider.toml", "secret = "),
            ("folder/a/schema.json", "{}"),
            ("folder/b.json", "{}"),
        ],
    );
    let sound = [("shop/one/schema.json", "{}"), ("shop/one/examples/a.json", "{}"), ("shop/common/a.json", "{}")];
    for (link, target) in [
        ("shop/one/examples/b.json", "secret.json"),
        ("shop/two/schema.json", "secret.json"),
        ("shop/one/overlay.json", "secret.json"),
        ("shop/common/b.json", "secret.json"),
        ("shop/provider.toml", "provider.toml"),
        ("package.toml", "provider.toml"),
        ("shop/two", "folder/a"),
        ("other", "folder"),
        ("shop/one/examples", "folder"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), sound);
        let path = folder.path().join(link);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(elsewhere.path().join(target), &path).unwrap();
        let problems = generate_folder(folder.path(), &options()).unwrap_err();
        let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(text.contains(link) && text.contains("leads out of schema-defs"), "{link}: {text}");
        assert!(!text.contains("secret\""), "{text}");
    }
    // Links inside the folder are followed. A link to an enclosing folder causes no endless recursion.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), sound);
    symlink(folder.path().join("shop/one/examples/a.json"), folder.path().join("shop/one/examples/b.json")).unwrap();
    assert_eq!(load(folder.path()).unwrap().providers[0].events[0].examples.len(), 2);
    symlink(folder.path().join("shop/common"), folder.path().join("shop/common/again")).unwrap();
    assert!(load(folder.path()).unwrap_err()[0].to_string().contains("links to folders are not followed"));
    // The folder itself may be reached by a link.
    fs::remove_file(folder.path().join("shop/common/again")).unwrap();
    symlink(folder.path(), elsewhere.path().join("link")).unwrap();
    assert!(load(&elsewhere.path().join("link")).is_ok());
}

/// JSON that is rejected for another reason than its syntax.
#[test]
fn json_beyond_a_limit() {
    let deep = format!("{{\"not\": {}{{}}{}}}", "{\"not\": ".repeat(127), "}".repeat(127));
    for (schema, place, expected) in [
        ("{\n \"maximum\": 1e400}", ":2:13", "the number 1e400 is out of range"),
        (deep.as_str(), ":1:", "nests more than 127 deep"),
        (r#"{"pattern": "[\ud800-\udbff]"}"#, ":1:", "a string has a lone surrogate"),
        (
            "{\"type\": \"object\",\n \"type\": \"array\"}",
            ":2:2",
            "the member \"type\" is repeated, first at line 1 column 2",
        ),
    ] {
        let found = problems([("shop/order/schema.json", schema)]);
        assert!(found.contains(&format!("shop/order/schema.json{place}")) && found.contains(expected), "{found}");
        assert!(!found.contains("no comments"), "{found}");
        let found = problems([("shop/order/schema.json", "{}"), ("shop/order/examples/a.json", schema)]);
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn a_byte_order_mark_before_a_file_is_ignored() {
    let marked = |text: &str| format!("\u{feff}{text}");
    let files = [
        ("shop/provider.toml", marked("title = \"Shop\"\nschemas = \"documented\"\n")),
        (
            "shop/order/schema.json",
            marked("{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"../common/a.json\"}}}"),
        ),
        ("shop/order/overlay.json", marked("[{\"op\": \"add\", \"path\": \"/properties/b\", \"value\": true}]")),
        ("shop/order/examples/a.json", marked("{\"a\": 1}")),
        ("shop/common/a.json", marked("{\"type\": \"integer\"}")),
        ("package.toml", marked("name = \"shop\"\n")),
    ];
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    let (_, generated) = generate_folder(folder.path(), &Options::default()).unwrap();
    assert!(generated.tree.files().all(|(_, text)| !text.contains('\u{feff}')));
    assert!(generated.tree.get("src/shop/order.rs").is_some_and(|text| text.contains("pub a: Option<i64>")));
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("shop/order/overlay.json"), utf16).unwrap();
    let found = load(folder.path()).unwrap_err();
    assert!(found[0].message.contains("UTF-16 by its byte order mark"), "{}", found[0]);
    // Columns are counted without the byte order mark.
    let found = problems([("shop/order/schema.json", "\u{feff}{\"type\": \"objekt\"}")]);
    assert!(found.contains("shop/order/schema.json:1:10#/type"), "{found}");
}

#[test]
fn names_for_other_values_than_there_are() {
    let schema = |names: &str| format!(r#"{{"properties": {{"a": {{"enum": ["x", "y"], {names}}}}}}}"#);
    for (names, expected) in [
        (r#""x-enum-varnames": ["X"]"#, "`x-enum-varnames` has the length 1, and `enum` has the length 2"),
        (
            r#""x-enum-descriptions": ["X", "Y", "Z"]"#,
            "`x-enum-descriptions` has the length 3, and `enum` has the length 2",
        ),
        (r#""x-enum-varnames": {"x": "X"}"#, "`x-enum-varnames` must be a list of strings, but is an object"),
        (r#""x-enum-descriptions": ["X", 5]"#, "must be a list of strings"),
    ] {
        let found = problems([("shop/order/schema.json", &schema(names))]);
        assert!(found.contains("[invalid-keyword]") && found.contains(expected), "{found}");
    }
}

/// Events that share a definition share its problems.
#[test]
fn every_problem_is_listed_once() {
    let schema = r#"{"type": "object", "properties": {"a": {"$ref": "../common/a.json"}}}"#;
    let events = (0..9).map(|n| (format!("shop/e{n}/schema.json"), schema));
    let found = problems(events.chain([
        ("shop/common/a.json".to_owned(), r#"{"pattern": "(", "colour": "red", "minLength": 1e30}"#),
        ("shop/e9/schema.json".to_owned(), r#"{"type": 5}"#),
    ]));
    let lines: Vec<&str> = found.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(lines.len(), 4, "{found}");
}

#[test]
fn backtracking_is_offered_where_it_helps() {
    let of = |pattern: &str| {
        let schema = serde_json::json!({ "type": "string", "pattern": pattern }).to_string();
        problems([("shop/order/schema.json", &schema)])
    };
    for pattern in [r"^(?=.*\d).+$", r"^(a)\1$"] {
        assert!(of(pattern).contains("backtracking\""), "{}", of(pattern));
    }
    for (pattern, expected) in
        [("(?i)abc", "(?i"), (r"\Aabc", "is `^`"), (r"(?=a)\Z", "is `$`"), ("[b-a]", "`b` to `a`")]
    {
        let found = of(pattern);
        assert!(found.contains(expected) && !found.contains("backtracking"), "{found}");
    }
}

#[test]
fn names_that_no_package_can_have() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), [("shop/a/schema.json", "{}")]);
    for name in ["", "1a", "a b", "a\nb", "ü", "crate", "self", "type", "std", "core", "webhook-runtime"] {
        let options = Options::default().package(name);
        let problems = generate_folder(folder.path(), &options).unwrap_err();
        assert_eq!(problems[0].code.as_str(), "invalid-name", "{name}: {problems:?}");
    }
}
