//! `cargo xtask drift`, as people and workflows call it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use conformance::command::{output, xtask};
use conformance::folder::{copy, root, vendors};
use conformance::pages::Draft;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A copy of the vendors' schema-defs, and a place for pages.
struct Bench(TempDir);

impl Bench {
    fn new() -> Bench {
        let bench = Bench(tempfile::tempdir().unwrap());
        copy(&vendors(), &bench.defs());
        bench
    }

    fn defs(&self) -> PathBuf {
        self.0.path().join("defs")
    }

    fn page(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// Runs `drift`: the exit code and all that is printed, with the folder's name taken out.
    fn drift(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let defs = self.defs().display().to_string();
        let all: Vec<&str> = ["drift", "--defs", &defs].into_iter().chain(arguments.iter().copied()).collect();
        let (code, shown, errors) = output(&mut xtask(&root(), &all));
        let folder = self.0.path().display().to_string();
        let plain = |text: String| text.replace(&format!("{folder}/"), "").replace(&folder, "");
        (code, plain(shown), plain(errors))
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A page on which an event is new, one has another type, one an example that had to be repaired.
fn changed_page() -> String {
    let mut draft = Draft::of(&vendors(), "wallarm", false);
    draft.payload("hit")["remote_port"] = json!("41616");
    let page = draft.print("page.md");
    format!(
        "{page}\n## Rule\n\n```json\n[{{\"object_type\": \"rule\", \"action\": \"created\", \"rule_id\": 5,}}, ...]\n```\n"
    )
}

#[test]
fn what_was_found_is_accepted() {
    let bench = Bench::new();
    let page = bench.page("page.md", changed_page().as_bytes());
    let (code, shown, errors) = bench.drift(&["wallarm", &page, "--accept"]);
    assert_eq!(code, Some(1), "{errors}");
    insta::assert_snapshot!("accepted", format!("{shown}---\n{errors}"));
    let port = &read(&bench.defs().join("wallarm/hit/schema.json"))["properties"]["remote_port"];
    assert_eq!(port["type"], json!(["integer", "string"]));
    let examples: Vec<_> = fs::read_dir(bench.defs().join("wallarm/hit/examples")).unwrap().collect();
    assert_eq!(examples.len(), 1, "the example that the page shows no more is the one that it shows now");
    let rule = read(&bench.defs().join("wallarm/rule/schema.json"));
    assert_eq!(
        (&rule["properties"]["object_type"], &rule["required"]),
        (&json!({"const": "rule"}), &json!(["object_type"]))
    );
    let settings = fs::read_to_string(bench.defs().join("wallarm/provider.toml")).unwrap();
    assert!(settings.contains("[events.rule]\nschema = \"inferred\"\norigin = \"page.md, line "), "{settings}");
    assert!(settings.contains("repair = \"As printed it is no JSON: a trailing comma"), "{settings}");
    // What was left to a person: which of two events is asked first.
    let settings = settings.replace("[\"hit\", \"vulnerability\"]", "[\"hit\", \"rule\", \"vulnerability\"]");
    fs::write(bench.defs().join("wallarm/provider.toml"), settings).unwrap();
    let (code, shown, errors) = bench.drift(&["wallarm", &page]);
    assert_eq!(code, Some(0), "{shown}{errors}");
    let (code, _, errors) = bench.drift(&["wallarm", &page, "--accept"]);
    assert!(code == Some(0) && errors.starts_with("0 files written, 0 left to do"), "{errors}");
    let defs = bench.defs().display().to_string();
    let out = bench.0.path().join("out").display().to_string();
    assert_eq!(output(&mut xtask(&root(), &["codegen", "--defs", &defs, "--out", &out])).0, Some(0));
}

#[test]
fn a_documented_schema_is_accepted_as_it_is_printed() {
    let bench = Bench::new();
    let mut draft = Draft::of(&vendors(), "crowdsec", true);
    let schema = draft.schema("security_engine_offline");
    schema["properties"]["details"]["properties"] = json!({"event_type": {"const": "security_engine_offline"}});
    let printed = schema.clone();
    let page = bench.page("page.html", draft.print("page.html").as_bytes());
    let (code, _, errors) = bench.drift(&["crowdsec", &page, "--accept"]);
    assert_eq!(read(&bench.defs().join("crowdsec/security_engine_offline/schema.json")), printed);
    // The overlay over what is gone is for a person to see.
    assert_eq!(code, Some(1));
    assert!(errors.contains("crowdsec/security_engine_offline/overlay.json does not fit the new schema"), "{errors}");
    let draft = Draft::of(&vendors(), "crowdsec", true);
    let page = bench.page("page.html", draft.print("page.html").as_bytes());
    let (code, _, errors) = bench.drift(&["crowdsec", &page, "--accept"]);
    assert!(code == Some(3) && errors.contains("see whether the overlay is still needed"), "{errors}");
    fs::remove_file(bench.defs().join("crowdsec/security_engine_offline/overlay.json")).unwrap();
    assert_eq!(bench.drift(&["crowdsec", &page, "--accept"]).0, Some(0));
    let same = read(&vendors().join("crowdsec/security_engine_offline/schema.json"));
    assert_eq!(read(&bench.defs().join("crowdsec/security_engine_offline/schema.json")), same);
}

#[test]
fn a_report_for_programs() {
    let bench = Bench::new();
    let page = bench.page("page.md", changed_page().as_bytes());
    let (code, shown, _) = bench.drift(&["wallarm", &page, "--json"]);
    assert_eq!(code, Some(2));
    assert_eq!(shown.lines().count(), 1);
    let report: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (&report["provider"], &report["breaking"], &report["compatible"]),
        (&json!("wallarm"), &json!(1), &json!(1))
    );
    let finding = json!({
        "event": "hit", "what": "type-changed", "class": "breaking", "guess": false, "instance": "/remote_port",
        "old": "integer", "new": "string", "page": "page.md", "line": 10,
    });
    assert_eq!(report["findings"][0], finding);
    assert_eq!(report["pages"][0]["repairs"].as_array().unwrap().len(), 2);
}

#[test]
fn two_versions_ask_for_a_step() {
    let bench = Bench::new();
    let base = vendors().display().to_string();
    let step = |bench: &Bench| {
        let (code, shown, errors) = bench.drift(&["--base", &base]);
        (code, shown.lines().last().unwrap_or_else(|| panic!("{errors}")).to_owned())
    };
    assert_eq!(step(&bench), (Some(0), "version step: none (0.1.0 → 0.1.0)".to_owned()));
    let schema = bench.defs().join("wallarm/hit/schema.json");
    let change = |pointer: &str, new: Value| {
        let mut json = read(&schema);
        *json.pointer_mut(pointer).unwrap() = new;
        fs::write(&schema, json.to_string()).unwrap();
    };
    change("/properties/domain/description", "Other words.".into());
    assert_eq!(step(&bench), (Some(0), "version step: patch (0.1.0 → 0.1.1)".to_owned()));
    change("/properties/domain", json!({"type": "string", "maxLength": 253}));
    assert_eq!(step(&bench), (Some(1), "version step: minor (0.1.0 → 0.1.1)".to_owned()));
    change("/properties/domain", json!({"type": ["string", "null"]}));
    assert_eq!(step(&bench), (Some(2), "version step: major (0.1.0 → 0.2.0)".to_owned()));
    fs::remove_dir_all(bench.defs().join("connectsecure")).unwrap();
    let (_, shown, _) = bench.drift(&["--base", &base, "--all"]);
    insta::assert_snapshot!("base", shown);
    let (code, _, errors) = bench.drift(&["--base", &base, "nobody"]);
    assert!(code == Some(3) && errors.contains("\"nobody\" is no provider"), "{errors}");
}

#[test]
fn a_page_that_is_none_is_answered_at_once() {
    let bench = Bench::new();
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
        let page = bench.page(name, bytes);
        let (code, shown, errors) = bench.drift(&["wallarm", &page]);
        assert_eq!((code, shown.as_str()), (Some(3), ""), "{name}: {errors}");
        said.push(errors);
    }
    let (code, _, errors) = bench.drift(&["wallarm", "nowhere.md"]);
    assert_eq!(code, Some(3));
    said.push(errors);
    insta::assert_snapshot!("pages_that_are_none", said.join(""));
    assert_eq!(bench.drift(&[]).0, Some(3));
    assert_eq!(bench.drift(&["--help"]).0, Some(0));
}

#[test]
fn a_block_that_cannot_be_read_is_said() {
    let bench = Bench::new();
    let page = Draft::of(&vendors(), "wallarm", false).print("page.md");
    let page = bench.page("page.md", format!("{page}\n```json\n{{\"a\": [1, 2}}, \"b\" 5 6}}\n```\n").as_bytes());
    let (code, shown, _) = bench.drift(&["wallarm", &page]);
    assert_eq!(code, Some(3));
    assert!(shown.contains("no drift") && shown.contains("  not read  page.md:"), "{shown}");
}

#[test]
fn a_page_from_standard_input() {
    let page = Draft::of(&vendors(), "canary", false).print("page.html");
    let mut command = xtask(&root(), &["drift", "canary", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "canary: 5 payloads in standard input: no drift\n");
}
