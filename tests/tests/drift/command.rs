//! `cargo xtask drift`, as people and workflows call it.

use std::fs;

use crate::command::{Outcome as _, run_with_input};
use conformance::folder::five_documents;
use conformance::pages::Draft;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, documented};

/// A page on which an event is new, one has another type, one an example that had to be repaired.
fn changed_page() -> String {
    let mut draft = Draft::of(&five_documents(), "wallarm", false);
    draft.payload("hit")["remote_port"] = json!("41616");
    let page = draft.print("page.md");
    format!(
        "{page}\n## Rule\n\n```json\n[{{\"object_type\": \"rule\", \"action\": \"created\", \"rule_id\": 5,}}, ...]\n```\n"
    )
}

#[test]
fn what_was_found_is_accepted() {
    let sandbox = Sandbox::of_five_documents();
    let page = sandbox.file("page.md", changed_page());
    let (shown, errors) = sandbox.drift(&["wallarm", &page, "--accept"]).exits(1);
    conformance::assert_snapshot!("accepted", format!("{shown}---\n{errors}"));
    let port = &sandbox.json("wallarm/hit/schema.json")["properties"]["remote_port"];
    assert_eq!(port["type"], json!(["integer", "string"]));
    let examples: Vec<_> = fs::read_dir(sandbox.defs().join("wallarm/hit/examples")).unwrap().collect();
    assert_eq!(examples.len(), 2, "what the page showed before stays beside what it shows now");
    let old = documented("wallarm/hit/examples/documented.json");
    assert_eq!(sandbox.json("wallarm/hit/examples/documented.json"), old);
    let rule = sandbox.json("wallarm/rule/schema.json");
    let expected = (&json!({"const": "rule"}), &json!(["object_type"]));
    assert_eq!((&rule["properties"]["object_type"], &rule["required"]), expected);
    let settings = sandbox.text("wallarm/provider.toml");
    assert!(settings.contains("[events.rule]\nschema = \"inferred\"\norigin = \"page.md, line "), "{settings}");
    // The types that there are keep their names when the new event brings others.
    assert!(settings.contains("since = \"0.1.0\"\n"), "{settings}");
    assert!(settings.contains("repair = \"Repaired: a trailing comma"), "{settings}");
    // A person had to decide which of two events is tried first.
    let order = errors.lines().find_map(|line| line.trim().strip_prefix("precedence = ")).unwrap();
    let settings = settings.replace("[\"hit\", \"vulnerability\"]", order);
    sandbox.write("wallarm/provider.toml", settings);
    sandbox.drift(&["wallarm", &page]).exits(0);
    let (code, _, errors) = sandbox.drift(&["wallarm", &page, "--accept"]);
    assert!(code == Some(0) && errors.starts_with("0 files written, 0 left to do"), "{errors}");
    assert_eq!(sandbox.codegen().0, Some(0));
}

#[test]
fn a_documented_schema_is_accepted_as_it_is_printed() {
    let sandbox = Sandbox::of_five_documents();
    let mut draft = Draft::of(&five_documents(), "crowdsec", true);
    let schema = draft.schema("security_engine_offline");
    schema["properties"]["details"]["properties"] = json!({"event_type": {"const": "security_engine_offline"}});
    let printed = schema.clone();
    let page = sandbox.file("page.html", draft.print("page.html"));
    let (code, _, errors) = sandbox.drift(&["crowdsec", &page, "--accept"]);
    assert_eq!(sandbox.json("crowdsec/security_engine_offline/schema.json"), printed);
    // A person has to look at the overlay of a member that is gone.
    assert_eq!(code, Some(1));
    assert_eq!(
        errors.matches("crowdsec/security_engine_offline/overlay.json#/0: does not apply").count(),
        1,
        "{errors}"
    );
    assert!(errors.contains("1 file written, 1 left to do"), "{errors}");
    let draft = Draft::of(&five_documents(), "crowdsec", true);
    let page = sandbox.file("page.html", draft.print("page.html"));
    sandbox.drift(&["crowdsec", &page, "--accept"]).says(3, ["see whether the overlay is still needed"]);
    fs::remove_file(sandbox.defs().join("crowdsec/security_engine_offline/overlay.json")).unwrap();
    assert_eq!(sandbox.drift(&["crowdsec", &page, "--accept"]).0, Some(0));
    let same = documented("crowdsec/security_engine_offline/schema.json");
    assert_eq!(sandbox.json("crowdsec/security_engine_offline/schema.json"), same);
}

#[test]
fn a_page_has_the_dialect_of_its_provider() {
    let sandbox = Sandbox::of_five_documents();
    let schema = json!({
        "type": "object",
        "required": ["kind", "level"],
        "properties": {
            "kind": { "enum": ["opened"] },
            "level": { "type": "integer", "minimum": 0, "exclusiveMinimum": true },
        },
    });
    sandbox.write("acme/provider.toml", "title = \"Acme\"\ndialect = \"draft-04\"\n");
    sandbox.write("acme/opened/schema.json", schema.to_string());
    let page = |schema: &serde_json::Value| format!("# Opened\n\n```json\n{schema:#}\n```\n");
    let same = sandbox.file("same.md", page(&schema));
    sandbox.drift(&["acme", &same]).shows(0, ["no drift"]);
    let mut changed = schema.clone();
    changed["properties"]["level"]["exclusiveMinimum"] = json!(false);
    let changed = sandbox.file("changed.md", page(&changed));
    sandbox.drift(&["acme", &changed]).shows(2, ["exclusiveMinimum"]);
    sandbox.drift(&["acme", &changed, "--accept"]).exits(0);
    assert_eq!(sandbox.drift(&["acme", &changed]).0, Some(0));
    assert_eq!(sandbox.codegen().0, Some(0));
}

#[test]
fn a_report_for_programs() {
    let sandbox = Sandbox::of_five_documents();
    let page = sandbox.file("page.md", changed_page());
    let (shown, _) = sandbox.drift(&["wallarm", &page, "--json"]).exits(1);
    assert_eq!(shown.lines().count(), 1);
    let report: Value = serde_json::from_str(&shown).unwrap();
    let expected = (&json!("wallarm"), &json!(0), &json!(1), &json!(1));
    assert_eq!((&report["provider"], &report["breaking"], &report["deviating"], &report["compatible"]), expected);
    let finding = json!({
        "event": "hit", "what": "type-changed", "class": "deviation", "verdict": "deviation",
        "witness": {"object_type": "hit", "remote_port": "41616"}, "guess": false, "instance": "/remote_port",
        "old": "integer", "new": "string", "page": "page.md", "line": 10,
    });
    assert_eq!(report["findings"][0], finding);
    assert_eq!(report["pages"][0]["repairs"].as_array().unwrap().len(), 2);
}

#[test]
fn two_versions_ask_for_a_step() {
    let sandbox = Sandbox::of_five_documents();
    let base = five_documents().display().to_string();
    let step = |sandbox: &Sandbox| {
        let (code, shown, errors) = sandbox.drift(&["--base", &base]);
        (code, shown.lines().last().unwrap_or_else(|| panic!("{errors}")).to_owned())
    };
    assert_eq!(step(&sandbox), (Some(0), "version step: none (0.1.0 → 0.1.0)".to_owned()));
    let change = |pointer: &str, new: Value| {
        let mut schema = sandbox.json("wallarm/hit/schema.json");
        *schema.pointer_mut(pointer).unwrap() = new;
        sandbox.write("wallarm/hit/schema.json", schema.to_string());
    };
    change("/properties/domain/description", "Other words.".into());
    assert_eq!(step(&sandbox), (Some(0), "version step: patch (0.1.0 → 0.1.1)".to_owned()));
    change("/properties/domain", json!({"type": "string", "maxLength": 253}));
    assert_eq!(step(&sandbox), (Some(1), "version step: minor (0.1.0 → 0.1.1)".to_owned()));
    change("/properties/domain", json!({"type": ["string", "null"]}));
    // Today's types keep a null as a deviation, but code that uses the field must change.
    assert_eq!(step(&sandbox), (Some(1), "version step: major (0.1.0 → 0.2.0)".to_owned()));
    fs::remove_dir_all(sandbox.defs().join("connectsecure")).unwrap();
    let (_, shown, _) = sandbox.drift(&["--base", &base, "--all"]);
    conformance::assert_snapshot!("base", shown);
    sandbox.drift(&["--base", &base, "nobody"]).says(3, ["there is no provider `nobody`"]);
}

#[test]
fn problems_of_a_version_are_in_the_files_of_that_version() {
    let (sound, broken) = (Sandbox::of_five_documents(), Sandbox::of_five_documents());
    broken.write("wallarm/hit/schema.json", "{\n  \"type\": \"objekt\"\n}\n");
    let whole = broken.path("defs/wallarm/hit/schema.json").display().to_string();
    let cases = [(&sound, broken.defs(), whole.as_str()), (&broken, sound.defs(), "defs/wallarm/hit/schema.json")];
    for (sandbox, base, file) in cases {
        let (code, shown, errors) = sandbox.drift(&["--base", &base.display().to_string(), "wallarm"]);
        assert_eq!((code, shown.as_str()), (Some(3), ""), "{errors}");
        let expected = format!("error[invalid-keyword]: \"objekt\" is not a type\n --> {file}:2:11\n");
        assert!(errors.starts_with(&expected), "{errors}");
    }
}

#[test]
fn a_page_that_is_none_is_answered_at_once() {
    let sandbox = Sandbox::of_five_documents();
    let mut said = Vec::new();
    let large = vec![b'x'; 100 << 20];
    let pages: [(&str, &[u8]); 7] = [
        ("empty.html", b" \n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("prose.md", b"# Hello\n\nNo JSON here.\n"),
        ("broken.md", b"## Event\n\n```json\n{\"a\": [1, 2}, \"b\" 5 6}\n```\n"),
        ("brackets.txt", &b"[".repeat(1_000_000)),
        ("objects.txt", &b"{\"a\":".repeat(1_000_000)),
        ("large.html", &large),
    ];
    for (name, bytes) in pages {
        let page = sandbox.file(name, bytes);
        let (code, shown, errors) = sandbox.drift(&["wallarm", &page]);
        assert_eq!((code, shown.as_str()), (Some(3), ""), "{name}: {errors}");
        said.push(errors);
    }
    let (_, errors) = sandbox.drift(&["wallarm", "nowhere.md"]).exits(3);
    said.push(errors);
    conformance::assert_snapshot!("pages_that_are_none", said.join(""));
    assert_eq!(sandbox.drift(&[]).0, Some(3));
    assert_eq!(sandbox.drift(&["--help"]).0, Some(0));
}

#[test]
fn a_block_that_cannot_be_read_is_said() {
    let sandbox = Sandbox::of_five_documents();
    let page = Draft::of(&five_documents(), "wallarm", false).print("page.md");
    let page = sandbox.file("page.md", format!("{page}\n```json\n{{\"a\": [1, 2}}, \"b\" 5 6}}\n```\n"));
    let (shown, _) = sandbox.drift(&["wallarm", &page]).exits(3);
    assert!(shown.contains("no drift in what could be read") && shown.contains("  not read  line "), "{shown}");
}

/// An event that is missing on the page may be in a block that could not be read.
#[test]
fn no_event_is_gone_while_a_block_cannot_be_read() {
    let sandbox = Sandbox::of_five_documents();
    let mut draft = Draft::of(&five_documents(), "wallarm", false);
    draft.blocks.retain(|block| block.event != "vulnerability");
    let complete = draft.print("page.md");
    let page = sandbox.file("page.md", &complete);
    let (code, shown, _) = sandbox.drift(&["wallarm", &page]);
    assert!(code == Some(2) && shown.contains("the event is gone") && !shown.contains("missing"), "{shown}");

    let broken = "## Vulnerability\n\n```\n[ { title:\"x\" y, threat:\"z\" } ]\n```\n";
    let page = sandbox.file("page.md", format!("{complete}\n{broken}"));
    let (shown, _) = sandbox.drift(&["wallarm", &page]).exits(3);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "wallarm: 1 payload in page.md: no drift in what could be read");
    assert!(lines[1].starts_with("  not read  line "), "{shown}");
    assert_eq!(lines[2..], ["  missing   vulnerability: it is gone, or in a block that could not be read"]);
    let (code, shown, _) = sandbox.drift(&["wallarm", &page, "--json"]);
    let report: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((code, &report["undetermined"]), (Some(3), &json!(["vulnerability"])));
    assert_eq!((&report["findings"], &report["breaking"]), (&json!([]), &json!(0)));
    let (_, errors) = sandbox.drift(&["wallarm", &page, "--accept"]).exits(1);
    assert!(
        errors.contains("wallarm/vulnerability was not found; it may be in a block that could not be read"),
        "{errors}"
    );
    assert!(!errors.contains("remove its folder"), "{errors}");

    // Differences of known events are reported, although the comparison is incomplete.
    let other = complete.replace("\"remote_port\": 41616", "\"remote_port\": \"41616\"");
    assert_ne!(other, complete);
    let other = sandbox.file("other.md", format!("{other}\n{broken}"));
    sandbox.drift(&["wallarm", &other]).shows(3, ["0 breaking, 1 deviating, 0 compatible"]);
    // The other page has the event.
    let second = sandbox.file("second.md", Draft::of(&five_documents(), "wallarm", false).print("page.md"));
    let (code, shown, _) = sandbox.drift(&["wallarm", &page, &second]);
    assert!(code == Some(3) && !shown.contains("missing"), "{shown}");
}

#[test]
fn a_page_from_standard_input() {
    let page = Draft::of(&five_documents(), "canary", false).print("page.html");
    let expected = "canary: 5 payloads in standard input: no drift\n";
    assert_eq!(run_with_input(&["drift", "canary", "-"], &page).exits(0).0, expected);
}

#[test]
fn the_older_version_may_be_a_revision() {
    let sandbox = Sandbox::of_five_documents();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
        let mut git = std::process::Command::new("git");
        let run = git.arg("-C").arg(sandbox.defs()).args(identity).args(arguments).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    sandbox.drift(&["--base", "v0.1.0"]).says(3, ["\"v0.1.0\" is neither a folder nor a revision"]);
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "Release"]);
    git(&["tag", "v0.1.0"]);
    let mut schema = sandbox.json("wallarm/hit/schema.json");
    schema["properties"]["object_type"] = json!({"const": "web_hit"});
    sandbox.write("wallarm/hit/schema.json", schema.to_string());
    let mut payload = sandbox.json("wallarm/hit/examples/documented.json");
    payload["object_type"] = json!("web_hit");
    sandbox.write("wallarm/hit/examples/documented.json", payload.to_string());
    let before = git(&["status", "--short"]);
    let (shown, _) = sandbox.drift(&["--base", "v0.1.0", "wallarm"]).exits(2);
    let witness = "valid now, rejected by the types of the older version: {\"object_type\":\"web_hit\"}";
    assert!(shown.contains(witness), "{shown}");
    assert_eq!(git(&["status", "--short"]), before, "the repository is as it was");
    sandbox.drift(&["--base", "v9.9.9"]).says(3, ["the repository has no revision of that name"]);
}

#[test]
fn a_verdict_has_evidence_for_programs() {
    let sandbox = Sandbox::of_five_documents();
    let mut draft = Draft::of(&five_documents(), "crowdsec", true);
    let schema = draft.schema("alert_triggered");
    schema["$defs"]["AlertTarget"]["properties"]["id"] = json!({"type": "integer"});
    let page = sandbox.file("page.md", draft.print("page.md"));
    let (shown, _) = sandbox.drift(&["crowdsec", &page, "--json"]).exits(2);
    let report: Value = serde_json::from_str(&shown).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["what"] == "type-changed").unwrap();
    assert_eq!((&finding["verdict"], &finding["class"]), (&json!("breaking"), &json!("breaking")));
    assert!(finding["witness"]["details"]["target"]["id"].is_i64(), "{finding}");
    let event = &report["events"][0];
    assert_eq!((&event["event"], &event["verdict"]), (&json!("alert_triggered"), &json!("breaking")));
    assert_eq!(event["witness"], finding["witness"]);
    assert_eq!((&report["unproven"], &report["deviating"]), (&json!(0), &json!(0)));
}

#[test]
fn by_the_letter_a_member_that_is_no_longer_declared_may_have_any_value() {
    let sandbox = Sandbox::of_five_documents();
    let mut draft = Draft::of(&five_documents(), "crowdsec", true);
    let schema = draft.schema("alert_triggered");
    schema["$defs"]["AlertSource"]["properties"].as_object_mut().unwrap().remove("city");
    let page = sandbox.file("page.md", draft.print("page.md"));
    sandbox.drift(&["crowdsec", &page]).shows(1, ["/details/source/city: member gone"]);
    sandbox.drift(&["crowdsec", &page, "--open"]).shows(2, ["rejected by today's types: {"]);
}
