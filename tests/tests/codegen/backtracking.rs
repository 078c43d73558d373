//! Expressions that need backtracking: rejected by default, and matched in a limited number of steps where a provider opts in.

use std::fs;
use std::path::Path;

use crate::command::{Outcome as _, codegen, run};
use conformance::folder::{root, write};
use serde_json::{Value, json};

fn schema() -> Value {
    let slow = "^(a|b|ab)*(?!x)c";
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["kind", "user"],
        "properties": {
            "kind": { "const": "login" },
            "user": { "type": "string", "pattern": r"^(?!root$)\w+$" },
            "quoted": { "type": "string", "pattern": r"^(['\x22]).*\1$" },
            "note": { "type": "string", "pattern": slow },
            "tags": { "type": "object", "patternProperties": { "^(?!x)": { "type": "integer" } } },
        },
        "not": { "required": ["bad"], "properties": { "bad": { "pattern": slow } } },
    })
}

fn defs(folder: &Path, settings: &str) {
    let settings = format!("title = \"Acme\"\nschemas = \"documented\"\n{settings}");
    write(folder, [("acme/provider.toml", settings), ("acme/login/schema.json", schema().to_string())]);
    write(folder, [("acme/login/examples/a.json", r#"{"kind": "login", "user": "alice"}"#)]);
}

#[test]
fn they_are_refused_by_default() {
    let folder = tempfile::tempdir().unwrap();
    defs(folder.path(), "");
    let out = folder.path().join("out");
    let expected = ["looks ahead, which needs backtracking", "refers back to a group", "patterns = \"backtracking\""];
    codegen(folder.path(), &out).says(1, expected);
    assert!(!out.exists());
}

#[test]
fn a_provider_opts_in() {
    let folder = tempfile::tempdir().unwrap();
    defs(folder.path(), "patterns = \"backtracking\"\n");
    let given = folder.path().display().to_string();
    let payload = |member: &str, value: Value| {
        let mut payload = json!({ "kind": "login", "user": "alice" });
        payload[member] = value;
        payload
    };
    let decided = [
        payload("user", json!("root")),
        payload("user", json!("rooted")),
        payload("quoted", json!("'a'")),
        payload("quoted", json!("'a\"")),
        payload("note", json!("ababc")),
        payload("note", json!("abab")),
        payload("tags", json!({ "x": "text", "y": 1 })),
        payload("tags", json!({ "y": "text" })),
        payload("bad", json!("abab")),
        payload("bad", json!("ababc")),
    ];
    let slow = "ab".repeat(1_000);
    let undecided = [payload("note", json!(slow)), payload("bad", json!(slow))];
    let files: Vec<String> = decided
        .iter()
        .chain(&undecided)
        .enumerate()
        .map(|(index, payload)| {
            write(folder.path(), [(format!("{index}.json"), payload.to_string())]);
            folder.path().join(format!("{index}.json")).display().to_string()
        })
        .collect();
    let mut arguments = vec!["validate", "--json", "--defs", &given, "--provider", "acme", "--event", "login"];
    arguments.extend(files.iter().map(String::as_str));
    let (_, shown, errors) = run(&arguments);
    let verdicts: Vec<Value> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), files.len(), "{errors}");
    // The other validator backtracks too.
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (payload, verdict) in decided.iter().zip(&verdicts) {
        assert_eq!(verdict["valid"], json!(validator.is_valid(payload)), "{payload}: {verdict}");
    }
    for verdict in &verdicts[decided.len()..] {
        assert_eq!(verdict["valid"], json!(false), "{verdict}");
        let text = verdict["violations"].to_string();
        assert!(text.contains("within the allowed number of steps") && text.contains("a|b|ab"), "{verdict}");
    }
    // Only the package of a provider that opts in needs the engine.
    let out = folder.path().join("out");
    assert_eq!(codegen(folder.path(), &out).0, Some(0));
    let manifest = fs::read_to_string(out.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("acme = [\"webhook-runtime/backtracking\"]"), "{manifest}");
    let vendors = fs::read_to_string(root().join("generated/Cargo.toml")).unwrap();
    assert!(!vendors.contains("backtracking"), "{vendors}");
}
