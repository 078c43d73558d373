//! The command line, as people call it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use conformance::command::{output, xtask};
use conformance::folder::{copy, goldens, root};
use serde_json::{Value, json};

#[test]
fn codegen_needs_nothing_of_what_it_makes() {
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path().join("clone");
    for part in ["Cargo.toml", "Cargo.lock", ".cargo", "codegen", "schema-defs", "xtask"] {
        copy(&root().join(part), &clone.join(part));
    }
    // Another test may run `launch` of this repository at the same time, from the same target folder.
    for file in ["Cargo.toml", "Cargo.lock"] {
        let path = clone.join("xtask/launch").join(file);
        let text = fs::read_to_string(&path).unwrap().replace("name = \"launch\"", "name = \"launch-clone\"");
        fs::write(path, text).unwrap();
    }
    // No generated/ at all, and neither the tests that need it.
    let (code, _, errors) = output(&mut xtask(&clone, &["codegen", "--check"]));
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("cargo xtask codegen"), "{errors}");
    assert!(!clone.join("generated").exists(), "a check writes nothing");
    let (code, _, errors) = output(&mut xtask(&clone, &["codegen"]));
    assert_eq!(code, Some(0), "{errors}");
    assert_same(&root().join("generated/src"), &clone.join("generated/src"));
    // A generated/ that is no crate.
    fs::write(clone.join("generated/Cargo.toml"), "no TOML").unwrap();
    fs::write(clone.join("generated/src/lib.rs"), "no Rust").unwrap();
    fs::remove_dir_all(clone.join("generated/src/crowdsec")).unwrap();
    let (code, shown, errors) = output(&mut xtask(&clone, &["codegen", "--check"]));
    assert_eq!(code, Some(1), "{errors}");
    assert!(
        shown.contains("-no Rust") && shown.contains("+//! Typed, validated, lossless"),
        "the difference is shown: {shown}"
    );
    assert_eq!(fs::read_to_string(clone.join("generated/src/lib.rs")).unwrap(), "no Rust");
    assert_eq!(output(&mut xtask(&clone, &["codegen"])).0, Some(0));
    assert_same(&root().join("generated"), &clone.join("generated"));
    let (code, shown, _) = output(&mut xtask(&clone, &["codegen"]));
    assert!(code == Some(0) && shown.contains("0 changed"), "a second time changes nothing: {shown}");
    // A broken input changes nothing.
    fs::write(clone.join("schema-defs/wallarm/hit/schema.json"), "{").unwrap();
    fs::write(clone.join("schema-defs/canary/incident/examples/bad.json"), "{\"AlertType\": 5}").unwrap();
    let (code, _, errors) = output(&mut xtask(&clone, &["codegen"]));
    assert_eq!(code, Some(1));
    assert!(errors.contains("--> schema-defs/wallarm/hit/schema.json:1:1\n"), "{errors}");
    assert!(errors.contains("--> schema-defs/canary/incident/examples/bad.json:1:15\n"), "{errors}");
    assert_same(&root().join("generated"), &clone.join("generated"));
}

#[test]
fn problems_are_shown_with_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.join("defs").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("other/provider.toml", "title = \"Other\"\ndelivery = \"sometimes\"\n");
    write("shop/empty/examples/a.json", "{}");
    write("shop/order/schema.json", "{\n  \"title\": \"größe\", \"colour\": \"red\",\n  \"type\": \"objekt\"\n}\n");
    write("shop/cut/schema.json", "{\n  \"type\": \"object\",\n");
    let same = "{\"type\": \"object\"}";
    for (path, text) in [("one/schema.json", same), ("two/schema.json", same), ("two/examples/a.json", "[\n  1\n]\n")] {
        write(&format!("acme/{path}"), text);
    }
    let run = |defs: &str| {
        let arguments = ["codegen", "--defs", defs, "--out", "out"];
        let (code, shown, errors) = output(xtask(&root(), &arguments).current_dir(&folder));
        assert_eq!((code, shown.as_str()), (Some(1), ""), "{errors}");
        errors
    };
    let errors = run("defs");
    assert!(!folder.join("out").exists());
    // Paths are given from the current folder, however they were named.
    assert_eq!(run(&folder.join("defs").display().to_string()), errors);
    conformance::assert_snapshot!(errors);
}

fn assert_same(left: &Path, right: &Path) {
    let mut open = vec![(left.to_owned(), right.to_owned())];
    while let Some((left, right)) = open.pop() {
        if left.is_dir() {
            let names = |folder: &Path| {
                let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
                names.retain(|name| name != "target" && name != "Cargo.lock");
                names.sort();
                names
            };
            assert_eq!(names(&left), names(&right), "{}", left.display());
            open.extend(names(&left).into_iter().map(|name| (left.join(&name), right.join(&name))));
        } else {
            assert_eq!(fs::read(&left).unwrap(), fs::read(&right).unwrap(), "{}", left.display());
        }
    }
}

#[test]
fn a_package_for_another_folder_builds_and_round_trips() {
    let folder = tempfile::tempdir().unwrap();
    let (defs, out) = (folder.path().join("defs"), folder.path().join("some/where/out"));
    copy(&goldens(), &defs);
    let (defs_text, out_text) = (defs.display().to_string(), out.display().to_string());
    let arguments = ["codegen", "--defs", &defs_text, "--out", &out_text, "--package", "my-events"];
    let (code, shown, errors) = output(&mut xtask(&root(), &arguments));
    assert_eq!(code, Some(0), "{errors}");
    let examples = conformance::folder::examples(&goldens());
    let providers: BTreeSet<&str> = examples.iter().map(|example| example.provider.as_str()).collect();
    assert!(shown.contains(&format!("events of {} providers", providers.len())), "{shown}");
    let mut check = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock")).unwrap();
    check.args(["check", "--quiet", "--all-features"]).current_dir(&out).env("CARGO_TARGET_DIR", root().join("target"));
    let (code, _, errors) = output(&mut check);
    assert_eq!(code, Some(0), "{errors}");
    assert!(!errors.contains("warning"), "{errors}");
    let mut arguments = arguments.to_vec();
    arguments.push("--check");
    assert_eq!(output(&mut xtask(&root(), &arguments)).0, Some(0));
    let (code, shown, errors) = output(&mut xtask(&root(), &["roundtrip", "--defs", &defs_text]));
    let expected = format!("exact {}, lossy 0, refused 0", examples.len());
    assert_eq!((code, shown.lines().last()), (Some(0), Some(expected.as_str())), "{errors}");
}

fn validate(arguments: &[&str], input: &str) -> (Option<i32>, Vec<Value>, String) {
    let mut all = vec!["validate", "--json"];
    all.extend(arguments);
    let mut child = xtask(&root(), &all)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo can be run");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&stdout).into_owned();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    (status.code(), lines.collect(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn validate_says_what_each_payload_is() {
    let alert = "schema-defs/crowdsec/alert_triggered/examples/documented.json";
    let login = "schema-defs/canary/audit_trail/examples/user_login.json";
    let (code, lines, errors) = validate(&[alert, login], "");
    assert_eq!(code, Some(0), "{errors}");
    let line = |file: &str, provider: &str, event: &str| json!({ "file": file, "provider": provider, "event": event, "valid": true, "lossless": true, "violations": [], "deviations": [] });
    assert_eq!(lines, [line(alert, "crowdsec", "alert_triggered"), line(login, "canary", "audit_trail")]);

    let (code, lines, _) = validate(&["-"], r#"{"subject": "Login Failure", "body": 5, "new": 1}"#);
    assert_eq!(code, Some(1));
    assert_eq!(lines[0]["file"], "-");
    assert_eq!((&lines[0]["event"], &lines[0]["valid"]), (&json!("login_failure"), &json!(false)));
    let violation =
        json!({ "instance": "/body", "schema": "/properties/body/type", "message": "expected a string, found 5" });
    assert_eq!(lines[0]["violations"], json!([violation]));

    let (code, lines, _) = validate(&["-"], r#"[{"object_type": "hit"}, {"title": 1, "threat": "Low"}, {"new": 1}]"#);
    assert_eq!(code, Some(1));
    let items = lines[0]["items"].as_array().unwrap();
    assert_eq!((&lines[0]["provider"], &lines[0]["event"]), (&json!("wallarm"), &Value::Null));
    assert_eq!((&lines[0]["valid"], &lines[0]["lossless"]), (&json!(false), &json!(false)));
    let valid: Vec<&Value> = items.iter().map(|item| &item["valid"]).collect();
    assert_eq!(valid, [&json!(true), &json!(false), &Value::Null]);
    assert_eq!(items[1]["violations"][0]["instance"], "/title");
    assert_eq!(lines[0]["violations"][0]["instance"], "/1/title");

    // What differs from what was seen is accepted, and said; --strict makes it an exit code.
    let deviating = r#"[{"object_type": "hit"}, {"object_type": "hit", "method": 5, "new": true}]"#;
    let (code, lines, _) = validate(&["-"], deviating);
    assert_eq!((code, &lines[0]["valid"], &lines[0]["lossless"]), (Some(0), &json!(true), &json!(true)));
    let invalid = json!({ "instance": "/1/method", "kind": "invalid_value", "message": "expected a string, found 5" });
    assert_eq!(lines[0]["deviations"][0], invalid);
    assert_eq!(lines[0]["deviations"][1]["kind"], "unknown_member");
    let (code, lines, _) = validate(&["--strict", "--mask", "-"], deviating);
    assert_eq!(code, Some(3));
    assert_eq!(lines[0]["items"][1]["deviations"][0]["message"], "expected a string, found a number");

    let (code, lines, _) = validate(&["-"], r#"[{"object_type": "hit"}, {"object_type": "hit"}]"#);
    assert_eq!(code, Some(0));
    assert_eq!(
        (&lines[0]["event"], &lines[0]["valid"], &lines[0]["lossless"]),
        (&json!("hit"), &json!(true), &json!(true))
    );

    let (code, lines, _) = validate(&["-"], r#"{"what": "is this"}"#);
    assert_eq!(code, Some(0));
    let unknown = json!({ "file": "-", "provider": null, "event": null, "valid": null, "lossless": true, "violations": [], "deviations": [] });
    assert_eq!(lines[0], unknown);
    let (code, lines, _) = validate(&["--provider", "crowdsec", "-"], r#"{"what": "is this"}"#);
    assert_eq!(
        (code, &lines[0]["provider"], &lines[0]["event"], &lines[0]["valid"]),
        (Some(0), &json!("crowdsec"), &Value::Null, &Value::Null)
    );

    // An event of which only the name is known; which name is a value of the payload.
    let unknown =
        r#"{"summary": "s", "details": {"client_name": "c", "cloud": "EU", "notification_type": "rule_create"}}"#;
    let (code, lines, _) = validate(&["-"], unknown);
    assert_eq!((code, &lines[0]["provider"], &lines[0]["name"]), (Some(0), &json!("wallarm"), &json!("rule_create")));
    let (_, lines, _) = validate(&["--mask", "-"], unknown);
    assert_eq!((&lines[0]["provider"], lines[0].get("name")), (&json!("wallarm"), None));

    // Several events where single ones are usual.
    let alert: Value = serde_json::from_str(&fs::read_to_string(root().join(alert)).unwrap()).unwrap();
    for body in [format!("[{alert},{alert}]"), format!("{alert}\n{alert}\n")] {
        let (code, lines, _) = validate(&["-"], &body);
        assert_eq!(
            (code, &lines[0]["event"], &lines[0]["lossless"]),
            (Some(0), &json!("alert_triggered"), &json!(true))
        );
        assert_eq!(lines[0]["items"].as_array().map(Vec::len), Some(2));
    }

    // Parsers do not agree on which of two members counts.
    let twice = "{\"object_type\": \"hit\",\n \"new\": {\"a\": 1, \"a\": 2}}";
    let (code, lines, _) = validate(&["--strict", "-"], twice);
    assert_eq!(code, Some(3), "{lines:?}");
    let found = lines[0]["deviations"].as_array().unwrap();
    let repeated = found.iter().find(|deviation| deviation["kind"] == "repeated_member").unwrap();
    let message = "the member \"a\" is repeated: at line 2 column 10, and at line 2 column 18; the last one counts";
    assert_eq!((&repeated["instance"], &repeated["message"]), (&json!("/new/a"), &json!(message)));

    let (code, lines, _) = validate(&["-"], "\u{feff}{\"object_type\": \"hit\"}");
    assert_eq!(code, Some(1));
    assert!(lines[0]["violations"][0]["message"].as_str().unwrap().contains("byte order mark"), "{lines:?}");

    let (code, lines, _) = validate(&["-"], "{\"a\": ");
    assert_eq!(code, Some(1));
    assert_eq!(lines[0]["valid"], false);
    assert!(lines[0]["violations"][0]["message"].as_str().unwrap().contains("JSON"));

    let (code, _, errors) = validate(&["--provider", "nobody", "-"], "{}");
    assert!(code == Some(2) && errors.contains("crowdsec"), "{errors}");
    let (code, _, errors) = validate(&["no such file"], "");
    assert!(code == Some(2) && errors.contains("no such file"), "{errors}");
}

/// Names and values of payloads are shown, and must not control the terminal or forge a line.
#[test]
fn validate_shows_only_printable_characters() {
    let bad = "\u{1b}[2J\r\n\u{9b}2J\u{202e}\u{2028}ä";
    let payloads = [
        json!([{ "object_type": "hit", bad: 1, "method": { bad: bad } }, { "title": { bad: bad }, "threat": "Low" }]),
        json!({ "summary": "s", "details": { "client_name": "c", "cloud": "EU", "notification_type": bad } }),
    ];
    for payload in payloads {
        let mut command = xtask(&root(), &["validate", "--provider", "wallarm", "-"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(payload.to_string().as_bytes()).unwrap();
        let shown = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        assert!(shown.contains("\\u{1b}[2J\\r\\n\\u{9b}2J\\u{202e}\\u{2028}ä"), "{shown}");
        let is_bad = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{2028}'));
        assert!(!shown.contains(is_bad) && shown.lines().all(|line| !line.starts_with("\\u{9b}")), "{shown:?}");
    }
}

#[test]
fn validate_asks_schema_defs_of_another_folder() {
    let folder = tempfile::tempdir().unwrap();
    let event = folder.path().join("defs/acme/opened");
    fs::create_dir_all(event.join("examples")).unwrap();
    fs::write(event.parent().unwrap().join("provider.toml"), "title = \"Acme\"\nschemas = \"inferred\"\n").unwrap();
    let schema = r#"{"type": "object", "required": ["event"], "properties": {"event": {"const": "opened"}, "by": {"type": "string"}}}"#;
    fs::write(event.join("schema.json"), schema).unwrap();
    let defs = folder.path().join("defs").display().to_string();
    let (code, lines, errors) = validate(&["--defs", &defs, "--strict", "-"], r#"{"event": "opened", "by": 5}"#);
    assert_eq!(code, Some(3), "{errors}");
    assert_eq!((&lines[0]["provider"], &lines[0]["event"]), (&json!("acme"), &json!("opened")));
    assert_eq!(lines[0]["deviations"][0]["instance"], "/by");
    let (code, _, errors) = validate(&["--defs", &defs, "--provider", "crowdsec", "-"], "{}");
    assert!(code == Some(2) && errors.contains("no provider `crowdsec`") && errors.contains("acme"), "{errors}");
    let (code, lines, errors) = validate(&["--defs", &defs, "--provider", "acme", "--event", "opend", "-"], "{}");
    assert_eq!((code, lines), (Some(2), Vec::new()), "{errors}");
    assert!(errors.contains("no event of acme `opend`; did you mean `opened`?"), "{errors}");
}

/// Vendors send payloads of several shapes under one name.
#[test]
fn validate_tries_every_event_of_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "acme/provider.toml",
        "title = \"Acme\"\ndispatch = \"named\"\nschemas = \"documented\"\n\
         [events.short]\nwire_name = \"push\"\n[events.wide]\nwire_name = \"push\"\n",
    );
    let schema = |member: &str, other: &str| {
        let properties = json!({ member: { "type": "string" }, other: false, "count": { "type": "integer" } });
        json!({ "type": "object", "required": [member], "properties": properties }).to_string()
    };
    write("acme/short/schema.json", &schema("a", "b"));
    write("acme/wide/schema.json", &schema("b", "a"));
    let defs = folder.path().display().to_string();
    let read = |event: &str, payload: &str| {
        let arguments = ["--defs", &defs, "--provider", "acme", "--event", event, "--strict", "-"];
        let (code, lines, errors) = validate(&arguments, payload);
        assert!(lines.len() == 1, "{errors}");
        (code, lines[0]["event"].clone(), lines[0]["violations"][0]["instance"].clone())
    };
    let nowhere = Value::Null;
    assert_eq!(read("push", r#"{"a": "x"}"#), (Some(0), json!("short"), nowhere.clone()));
    assert_eq!(read("push", r#"{"b": "x"}"#), (Some(0), json!("wide"), nowhere));
    // What none of them accepts is explained by the nearest.
    assert_eq!(read("push", r#"{"b": "x", "count": "5"}"#), (Some(1), json!("wide"), json!("/count")));
    // A folder names one event.
    assert_eq!(read("short", r#"{"b": "x"}"#).0, Some(1));
}

#[test]
fn help_teaches() {
    let (code, shown, _) = output(&mut xtask(&root(), &["--help"]));
    assert_eq!(code, Some(0));
    for command in ["codegen", "infer", "validate", "roundtrip", "suite"] {
        assert!(shown.contains(command), "{shown}");
        let (code, help, _) = output(&mut xtask(&root(), &[command, "--help"]));
        assert!(code == Some(0) && help.len() > 300, "{help}");
    }
    assert_eq!(output(&mut xtask(&root(), &["no-such-command"])).0, Some(2));
}

#[test]
fn folders_with_the_same_providers_are_not_taken_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name: &str, examples: &[&str]| {
        let event = folder.path().join(name).join("acme/made");
        fs::create_dir_all(event.join("examples")).unwrap();
        fs::write(event.parent().unwrap().join("provider.toml"), "title = \"Acme\"\nschemas = \"inferred\"\n").unwrap();
        fs::write(event.join("schema.json"), r#"{"type": "object", "required": ["id"]}"#).unwrap();
        for example in examples {
            fs::write(event.join(format!("examples/{example}.json")), r#"{"id": 1}"#).unwrap();
        }
        folder.path().join(name).display().to_string()
    };
    let (one, two) = (made("one", &["a"]), made("two", &["a", "b"]));
    for (defs, count) in [(&one, 1), (&two, 2), (&one, 1)] {
        let (code, shown, errors) = output(&mut xtask(&root(), &["roundtrip", "--defs", defs]));
        let expected = format!("exact {count}, lossy 0, refused 0");
        assert_eq!((code, shown.lines().last()), (Some(0), Some(expected.as_str())), "{errors}");
    }
}
