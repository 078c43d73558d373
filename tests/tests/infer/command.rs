//! `cargo xtask infer`: its files, its output, and its errors for wrong input.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::vendors::VENDORS;
use crate::command::{Outcome as _, run, run_with_input};
use crate::sandbox::Sandbox;
use conformance::folder::{five_documents, write};

impl Sandbox {
    /// Copies the events of a vendor.
    fn vendor(&self, name: &str, events: &[&str]) {
        let (from, to) = (five_documents().join(name), self.defs().join(name));
        for event in events {
            fs::create_dir_all(to.join(event).join("examples")).unwrap();
            for file in ["schema.json", "overlay.json", "examples/documented.json"] {
                let _ = fs::copy(from.join(event).join(file), to.join(event).join(file));
            }
        }
        let settings = fs::read_to_string(from.join("provider.toml")).unwrap();
        self.write(&format!("{name}/provider.toml"), settings.split("\n[").next().unwrap_or_default());
    }

    /// Returns the output of the command and its exit code.
    fn infer(&self, arguments: &[&str]) -> String {
        let (code, shown, errors) = self.run("infer", arguments);
        format!("exit {}\n{shown}{errors}", code.unwrap_or(-1)).trim_end().to_owned()
    }
}

const CREATED: &str =
    r#"{"event": "user.created", "at": "2024-01-02T03:04:05Z", "user": {"id": 5, "tags": []}, "note": null}"#;
const DELETED: &str = r#"{"event": "user.deleted", "at": "2024-01-02T03:04:05Z", "user": {"id": 5.50}}"#;

#[test]
fn a_new_provider_and_its_events() {
    let sandbox = Sandbox::new();
    let first = sandbox.infer(&["acme_cloud/user_created", &sandbox.file("a body.json", CREATED)]);
    let second = sandbox.infer(&["acme_cloud/user_deleted", &sandbox.file("b.json", DELETED)]);
    let settings = sandbox.text("acme_cloud/provider.toml");
    let schema = sandbox.text("acme_cloud/user_deleted/schema.json");
    conformance::assert_snapshot!([first, second, settings, schema].join("\n---\n"));
    let kept = sandbox.text("acme_cloud/user_created/examples/a_body.json");
    assert_eq!(kept.trim_end(), CREATED, "the text is kept as given");
    let known = sandbox.infer(&["acme_cloud/user_deleted", &sandbox.file("c.json", DELETED)]);
    conformance::assert_snapshot!("a_payload_that_is_known", known);
}

/// Names of members are shown, and must not control the terminal.
#[test]
fn only_printable_characters_are_shown() {
    let sandbox = Sandbox::new();
    let payload = |event: &str, value: &str| {
        let bad = "\\u001b[2J\\r\\n\u{9b}2J\u{202e}\u{2028}";
        let text =
            format!("{{\"event\": \"{event}{bad}\", \"{bad}\": {value}, \"at{bad}\": [{{\"{bad}\": {value}}}]}}");
        sandbox.file(&format!("{event}.json"), &text)
    };
    let shown = [
        sandbox.infer(&["acme/one", &payload("one", "1")]),
        sandbox.infer(&["acme/one", &payload("one", "\"x\"")]),
        sandbox.infer(&["acme/one", "--write", &payload("one", "[null]")]),
        sandbox.infer(&["acme/two", &payload("two", "1")]),
        sandbox.infer(&["acme/two", &sandbox.file("torn.json", "{\"\u{9b}2J\u{202e}\u{2028}\u{1b}[2J\": ")]),
        sandbox.infer(&["acme/\u{9b}2J\u{202e}", &payload("two", "1")]),
    ];
    let is_bad = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{2028}'));
    for shown in &shown {
        assert!(!shown.contains(is_bad), "{shown:?}");
    }
    let number = |bad: &str| shown.iter().filter(|shown| shown.contains(bad)).count();
    assert!(number("\\u{9b}2J\\u{202e}\\u{2028}") >= 3, "{shown:?}");
}

#[test]
fn bodies_of_several_events() {
    let sandbox = Sandbox::new();
    let batch = sandbox.file(
        "batch.json",
        "[\n  {\"type\": \"alert\", \"level\": 1},\n  {\n    \"type\": \"note\",\n    \"text\": \"x\",\n    \"n\": 1.50\n  }\n]",
    );
    let made = sandbox.infer(&["many/item", &batch]);
    let example = sandbox.text("many/item/examples/batch_2.json");
    let settings = sandbox.text("many/provider.toml");
    let lines = sandbox
        .infer(&["log/entry", &sandbox.file("lines", "{\"kind\": \"a\", \"n\": 1}\n\n{\"kind\": \"b\", \"n\": 2}\n")]);
    conformance::assert_snapshot!([made, example, settings, lines].join("\n---\n"));
    assert!(sandbox.text("log/provider.toml").contains("delivery = \"lines\""));
}

#[test]
fn standard_input_is_a_payload() {
    let sandbox = Sandbox::new();
    let defs = sandbox.defs().display().to_string();
    run_with_input(&["infer", "--defs", &defs, "acme/user_created", "-"], CREATED).exits(0);
    assert_eq!(sandbox.text("acme/user_created/examples/payload.json").trim_end(), CREATED);
}

#[test]
fn an_inferred_event_is_widened() {
    let sandbox = Sandbox::new();
    sandbox.infer(&["acme/user_created", &sandbox.file("a.json", CREATED)]);
    let before = sandbox.all();
    let odd =
        r#"{"event": "user.created", "at": null, "user": {"id": "five", "roles": [{"name": "x"}]}, "note": "hello"}"#;
    let odd = sandbox.file("odd.json", odd);
    let shown = sandbox.infer(&["acme/user_created", &odd]);
    assert_eq!(sandbox.all(), before, "nothing is written unless --write is given");
    let written = sandbox.infer(&["--write", "acme/user_created", &odd]);
    let again = sandbox.infer(&["--write", "acme/user_created", &odd]);
    conformance::assert_snapshot!(
        [shown, written.lines().skip_while(|line| !line.starts_with("acme")).collect::<Vec<_>>().join("\n"), again]
            .join("\n---\n")
    );
    assert!(sandbox.defs().join("acme/user_created/examples/odd.json").exists());
}

#[test]
fn a_shared_document_is_widened_with_an_inferred_event() {
    let sandbox = Sandbox::new();
    let canary = |defs: &Path| defs.join("canary");
    conformance::folder::copy(&canary(&five_documents()), &canary(&sandbox.defs()));
    let mut payload = sandbox.json("canary/incident/examples/ftp_login.json");
    payload["AdditionalDetails"][0][1] = true.into();
    payload["CanaryLocation"] = 5.into();
    let odd = sandbox.file("odd.json", payload.to_string());
    let shown = sandbox.infer(&["--write", "canary/incident", &odd]);
    assert!(shown.starts_with("exit 0\n") && shown.contains("(common/details.json#/$defs/Detail/"), "{shown}");
    let (schema, details) = (sandbox.json("canary/incident/schema.json"), sandbox.json("canary/common/details.json"));
    // Another validator reads the files as they were written.
    let registry = jsonschema::Registry::new()
        .add("webhooks:///canary/common/details.json", details)
        .and_then(jsonschema::RegistryBuilder::prepare)
        .unwrap();
    let options = jsonschema::options().with_base_uri("webhooks:///canary/incident/schema.json");
    let validator = options.with_registry(&registry).build(&schema).unwrap();
    assert!(validator.is_valid(&payload));
    payload["AdditionalDetails"][0][1] = serde_json::Value::Null;
    assert!(!validator.is_valid(&payload));
}

#[test]
fn a_documented_event_gets_an_overlay() {
    let sandbox = Sandbox::new();
    sandbox.vendor("crowdsec", &["payment_failed", "log_processor_offline"]);
    let documented = sandbox.text("crowdsec/log_processor_offline/schema.json");
    let example = sandbox.text("crowdsec/log_processor_offline/examples/documented.json");
    let odd = example.replacen("\"details\": {", "\"sent_by\": \"x\", \"details\": {\"new\": 1, ", 1);
    assert_ne!(odd, example);
    let odd = sandbox.file("odd.json", &odd);
    let shown = sandbox.infer(&["crowdsec/log_processor_offline", &odd]);
    let written = sandbox.infer(&["--write", "crowdsec/log_processor_offline", &odd]);
    assert!(written.starts_with("exit 0"), "{written}");
    assert_eq!(sandbox.text("crowdsec/log_processor_offline/schema.json"), documented, "word for word");
    let again = sandbox.infer(&["crowdsec/log_processor_offline", &odd]);
    conformance::assert_snapshot!([shown, again].join("\n---\n"));
    // Another event of a provider whose schemas are documented.
    let new = sandbox.infer(&[
        "crowdsec/new_one",
        &sandbox.file(
            "new.json",
            r#"{"metadata": {"version": 1, "issuer": "crowdsec.net"}, "details": {"event_type": "new_one", "n": 1}}"#,
        ),
    ]);
    let settings = sandbox.text("crowdsec/provider.toml");
    conformance::assert_snapshot!("a_new_event_among_documented_ones", [new, settings].join("\n---\n"));
}

#[test]
fn events_that_nothing_tells_apart() {
    let sandbox = Sandbox::new();
    sandbox.infer(&["acme/first", &sandbox.file("a.json", r#"{"id": 1, "state": "open", "by": {"name": "x"}}"#)]);
    let same =
        sandbox.infer(&["acme/second", &sandbox.file("b.json", r#"{"id": 2, "state": "shut", "by": {"name": "x"}}"#)]);
    let other = Sandbox::new();
    other.vendor("wallarm", &["hit"]);
    let ambiguous = other.infer(&[
        "wallarm/vulnerability",
        &five_documents().join("wallarm/vulnerability/examples/documented.json").display().to_string(),
    ]);
    let ambiguous = ambiguous.replace(&five_documents().display().to_string(), "DEFS");
    let third = Sandbox::new();
    third.infer(&["acme/special", &third.file("a.json", r#"{"type": "incident", "special_type": "drill"}"#)]);
    let late = third.infer(&["acme/incident", &third.file("b.json", r#"{"type": "incident", "special_type": "17"}"#)]);
    fs::remove_dir_all(third.defs().join("acme/special")).unwrap();
    let drill = third.file("c.json", r#"{"type": "incident", "special_type": "drill"}"#);
    let ordered = third.infer(&["acme/special", &drill]);
    conformance::assert_snapshot!([same, ambiguous, late, ordered].join("\n---\n"));
}

/// `infer` looks for a new condition that identifies an event if a payload contradicts the condition.
#[test]
fn a_constant_that_a_payload_contradicts_is_undone() {
    let sandbox = Sandbox::new();
    sandbox.infer(&["acme/user_changed", &sandbox.file("a.json", CREATED)]);
    let deleted = sandbox.file("b.json", DELETED);
    let before = sandbox.all();
    let shown = sandbox.infer(&["acme/user_changed", &deleted]);
    assert!(shown.contains("it says what the event is"), "{shown}");
    assert_eq!(sandbox.all(), before);
    let written = sandbox.infer(&["--write", "acme/user_changed", &deleted]);
    assert!(written.contains(r#"(2 payloads, changed): /event = "user.created" or "user.deleted""#), "{written}");
    let schema = sandbox.text("acme/user_changed/schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for text in [CREATED, DELETED] {
        assert!(validator.is_valid(&serde_json::from_str(text).unwrap()), "{schema}");
    }
}

/// One command for all payloads of a vendor has the same result as several commands in any order.
#[test]
fn all_payloads_of_a_vendor() {
    let files = [
        ("a.json", r#"{"type": "issue", "action": "opened", "issue": {"id": 1, "labels": {"a": "x", "b": "y"}}}"#),
        ("b.json", r#"{"type": "issue", "action": "closed", "issue": {"id": 1, "labels": {"c": "x"}}}"#),
        ("c.json", r#"{"type": "comment", "action": "opened", "comment": {"id": 18446744073709551616}}"#),
        ("d.json", r#"[{"type": "comment", "action": "closed", "comment": {"id": 2}}, {"zen": "x"}]"#),
    ];
    let all = Sandbox::new();
    let folder = all.path("captured");
    write(&folder, files);
    let shown = all.infer(&["acme", &folder.display().to_string()]);
    let report = all.infer(&["--json", "acme", &folder.display().to_string()]);
    let report: serde_json::Value = serde_json::from_str(report.strip_prefix("exit 0\n").unwrap()).unwrap();
    assert_eq!(report.pointer("/events/0/identity/0/member"), Some(&"/type".into()), "{report}");
    assert_eq!(report["written"], serde_json::json!([]), "nothing is new");
    conformance::assert_snapshot!(shown);
    for order in [[0, 1, 2, 3], [1, 3, 2, 0], [2, 0, 3, 1]] {
        let one_by_one = Sandbox::new();
        for at in order {
            let said = one_by_one.infer(&["acme", &one_by_one.file(files[at].0, files[at].1)]);
            assert!(said.starts_with("exit 0"), "{said}");
        }
        assert_eq!(one_by_one.all(), all.all(), "{order:?}");
    }
}

/// Bodies of several events, each saved in its own way.
#[test]
fn payloads_are_read_as_they_were_saved() {
    let sandbox = Sandbox::new();
    let single = sandbox.file("a.json", r#"{"type": "user.added", "id": 1}"#);
    let lines =
        sandbox.file("b.ndjson", "{\"type\": \"user.gone\", \"id\": 1}\n{\"type\": \"user.added\", \"id\": 2}\n");
    let shown = sandbox.infer(&["acme", &single, &lines]);
    assert!(shown.contains("user_added (2 payloads)") && shown.contains("user_gone (1 payload)"), "{shown}");
    assert!(sandbox.text("acme/provider.toml").contains("delivery = \"single\""));
}

/// With `--keep-last`, the last of repeated members counts, as it does for readers.
#[test]
fn the_last_of_repeated_members_is_kept() {
    let sandbox = Sandbox::new();
    let twice = sandbox.file("twice.json", r#"{"event": "user.added", "n": 1, "n": 2.50}"#);
    assert!(sandbox.infer(&["acme", &twice]).contains("the member \"n\" is repeated, first at line 1 column 25"));
    assert!(sandbox.infer(&["--keep-last", "acme", &twice]).starts_with("exit 0"));
    assert!(sandbox.text("acme/user_added/examples/twice.json").contains("\"n\": 2.50"));
}

/// The decisions of a person about maps are stored and used by later commands.
#[test]
fn decisions_about_maps_are_kept() {
    let sandbox = Sandbox::new();
    let first = sandbox.file("a.json", r#"{"event": "fired", "labels": {"severity": "high"}}"#);
    assert!(sandbox.infer(&["acme", &first]).contains("`/labels`: a map?"));
    sandbox.infer(&["--map", "/labels", "acme", &first]);
    assert!(sandbox.text("acme/provider.toml").contains("maps = [\"/labels\"]"));
    assert!(sandbox.text("acme/fired/schema.json").contains("additionalProperties"));
    let said = sandbox.infer(&["acme", &sandbox.file("b.json", r#"{"event": "fired", "labels": {"team": "x"}}"#)]);
    assert!(!said.contains("a map?") && sandbox.text("acme/fired/schema.json").contains("additionalProperties"));
    sandbox.infer(&["--struct", "/labels", "acme", &first]);
    assert!(!sandbox.text("acme/fired/schema.json").contains("additionalProperties"));
    assert!(sandbox.infer(&["--map", "labels", "acme", &first]).contains("write a JSON Pointer"));
}

/// A schema that a person changed is changed only with `--write`.
#[test]
fn what_people_changed_is_kept() {
    let sandbox = Sandbox::new();
    sandbox.infer(&["acme", &sandbox.file("a.json", CREATED)]);
    let edited =
        sandbox.text("acme/user_created/schema.json").replace("\"title\": \"User created\"", "\"title\": \"A user\"");
    sandbox.write("acme/user_created/schema.json", &edited);
    let odd = sandbox.file("odd.json", r#"{"event": "user.created", "at": 5}"#);
    let shown = sandbox.infer(&["acme", &odd, &sandbox.file("b.json", DELETED)]);
    assert!(shown.contains("nothing is written; --write applies it"), "{shown}");
    assert_eq!(sandbox.text("acme/user_created/schema.json"), edited);
    assert!(sandbox.text("acme/user_deleted/schema.json").contains("\"const\": \"user.deleted\""));
    assert!(sandbox.infer(&["--write", "acme", &odd]).starts_with("exit 0"));
    let written = sandbox.text("acme/user_created/schema.json");
    assert!(written.contains("\"A user\"") && written.contains("\"integer\""), "{written}");
}

/// The command asks about a name that is similar to the name of a known provider. Nobody can answer in a test.
#[test]
fn a_misspelled_provider_is_no_new_one() {
    let sandbox = Sandbox::new();
    sandbox.infer(&["crowdsec", &sandbox.file("a.json", CREATED)]);
    let before = sandbox.all();
    let typo = sandbox.infer(&["crowdsc/alert", &sandbox.file("b.json", r#"{"id": 1}"#)]);
    assert!(typo.starts_with("exit 3\n") && typo.contains("did you mean `crowdsec`?"), "{typo}");
    assert_eq!(sandbox.all(), before);
    assert!(sandbox.infer(&["--new", "crowdsc/alert", &sandbox.file("b.json", r#"{"id": 1}"#)]).starts_with("exit 0"));
    assert!(sandbox.infer(&["crowdsec2", &sandbox.file("b.json", r#"{"id": 1}"#)]).starts_with("exit 0"));
}

#[test]
fn input_that_is_wrong_writes_nothing() {
    let sandbox = Sandbox::new();
    let good = sandbox.file("good.json", CREATED);
    sandbox.infer(&["acme/user_created", &good]);
    sandbox.write("lined/provider.toml", "delivery = \"lines\"\n");
    let before = sandbox.all();
    let cut = sandbox.file("cut.json", "{\"a\": 1}\r\n\r\n  {\"ö\": nul}\r\n");
    let comma = sandbox.file("comma.json", "{\n  \"a\": 1,\n}");
    let text = sandbox.file("text.json", "\"text\"");
    let array = sandbox.file("array.json", "[{\"a\": 1}]");
    let twice = sandbox.file("twice.json", "{\"a\": 1, \"a\": 2}");
    let items = sandbox.file("items.json", "[{\"a\": 1}, 5, null]");
    let none = sandbox.file("none.json", "[]");
    let latin = sandbox.file("latin.json", b"{\"a\": \"\xe9\"}");
    let missing = sandbox.path("missing.json").display().to_string();
    let cases: [&[&str]; 9] = [
        &["acme/new", &good, &comma, &text, &array, &twice, &latin, &missing],
        &["new/event", &items],
        &["lined/event", &cut],
        &["new/event", &none],
        &["Acme/User Created", &good],
        &["acme/", &good],
        &["acme/common", &good],
        &["../acme", &good],
        &["acme/new"],
    ];
    let said: Vec<String> = cases.iter().map(|case| sandbox.infer(case)).collect();
    assert_eq!(sandbox.all(), before);
    conformance::assert_snapshot!(said.join("\n---\n"));
    sandbox.write("acme/provider.toml", "title = ");
    let broken = sandbox.infer(&["acme/new", &good]);
    let expected = "error[not-toml]: not TOML: string values must be quoted, expected literal string\n \
                    --> defs/acme/provider.toml:1:9\n";
    assert!(broken.starts_with("exit 1") && broken.contains(expected), "{broken}");
    assert!(!sandbox.path("defs/acme/new").exists());
}

/// Events inside an object: `items` is proposed. Once `provider.toml` has it, each event is inferred on its own.
#[test]
fn events_inside_an_object_are_proposed_and_taken() {
    let sandbox = Sandbox::new();
    let body =
        r#"{"page": 1, "data": {"events": [{"record": {"kind": "a", "n": 1}}, {"record": {"kind": "a", "n": "x"}}]}}"#;
    let file = sandbox.file("body.json", body);
    let shown = sandbox.infer(&["acme/made", &file]);
    let expected =
        "write delivery = \"wrapped\", items = \"/data/events\", item = \"/record\" in a new acme/provider.toml";
    assert!(shown.starts_with("exit 0") && shown.contains(expected), "{shown}");
    fs::remove_dir_all(sandbox.defs().join("acme/made")).unwrap();
    let settings = "title = \"Acme\"\ndelivery = \"wrapped\"\nitems = \"/data/events\"\nitem = \"/record\"\nschemas = \"inferred\"\n";
    sandbox.write("acme/provider.toml", settings);
    let shown = sandbox.infer(&["acme/made", &file]);
    assert!(shown.contains("acme: 1 event from 2 payloads"), "{shown}");
    let schema = sandbox.text("acme/made/schema.json");
    assert!(schema.contains("\"kind\"") && !schema.contains("record"), "{schema}");
}

/// A rule that rejects a payload may be in a shared document of the vendor: the document stays, and an overlay repairs it.
#[test]
fn shared_documents_of_a_vendor_are_repaired_by_overlays() {
    let sandbox = Sandbox::new();
    sandbox.write("acme/provider.toml", "title = \"Acme\"\nschemas = \"documented\"\n");
    let user = r#"{"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}"#;
    sandbox.write("acme/common/user.json", user);
    let schema = r#"{"type": "object", "required": ["type", "user"],
        "properties": {"type": {"const": "user.added"}, "user": {"$ref": "../common/user.json"}}}"#;
    sandbox.write("acme/added/schema.json", schema);
    let first = sandbox.file("a.json", r#"{"type": "user.added", "user": {"name": null, "age": 5}}"#);
    let shown = sandbox.infer(&["--write", "acme/added", &first]);
    assert!(shown.starts_with("exit 0"), "{shown}");
    assert_eq!(sandbox.text("acme/common/user.json"), user);
    assert_eq!(sandbox.text("acme/added/schema.json"), schema);
    let overlay = sandbox.text("acme/common/user.overlay.json");
    assert!(overlay.contains("/properties/name"), "{overlay}");
    // The overlay grows, and its earlier repairs stay.
    let second = sandbox.file("b.json", r#"{"type": "user.added", "user": {"name": "b", "age": 1.5}}"#);
    let shown = sandbox.infer(&["--write", "acme/added", &second]);
    assert!(shown.starts_with("exit 0"), "{shown}");
    let overlay = sandbox.text("acme/common/user.overlay.json");
    assert!(overlay.contains("/properties/name") && overlay.contains("/properties/age"), "{overlay}");
    let shown = sandbox.infer(&["acme/added", &first, &second]);
    assert!(shown.contains("accepts 2 payloads"), "{shown}");
}

/// All invented vendors together, with one command for each. Its output is short, and no payload is identified as another vendor's.
#[test]
fn payloads_of_many_vendors_are_told_apart() {
    let sandbox = Sandbox::new();
    let mut owners = BTreeMap::new();
    for (at, vendor) in VENDORS.iter().enumerate() {
        let name = format!("vendor_{at}");
        let files: Vec<String> = vendor
            .payloads
            .iter()
            .enumerate()
            .map(|(index, payload)| sandbox.file(&format!("{name}_{index}.json"), payload.get()))
            .collect();
        let arguments: Vec<&str> =
            ["--new", name.as_str()].into_iter().chain(files.iter().map(String::as_str)).collect();
        let shown = sandbox.infer(&arguments);
        assert!(shown.starts_with("exit 0"), "{}: {shown}", vendor.name);
        // The exit code, a line for each event, the summary, the next command, and up to five notes and decisions.
        assert!(shown.lines().count() <= vendor.events.len() + 8, "{}: {shown}", vendor.name);
        owners.extend(files.into_iter().map(|file| (file, name.clone())));
    }
    let defs = sandbox.defs().display().to_string();
    let files = owners.keys().map(String::as_str);
    let arguments: Vec<&str> = ["validate", "--json", "--defs", &defs].into_iter().chain(files).collect();
    let (_, shown, errors) = run(&arguments);
    let lines: Vec<Value> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), owners.len(), "{errors}");
    let (mut right, mut tied, mut wrong) = (0, 0, Vec::new());
    for line in &lines {
        let owner = &owners[line["file"].as_str().unwrap()];
        match line["provider"].as_str() {
            Some(provider) if provider == owner => right += 1,
            Some(_) => wrong.push(line.to_string()),
            None => tied += 1,
        }
    }
    // Most payloads fit only their vendor. A tie is reported as a tie, and no payload is identified as the wrong vendor's.
    assert!(wrong.len() * 50 <= lines.len(), "{}", wrong.join("\n"));
    assert!(right * 3 >= lines.len() * 2, "{right} right, {tied} tied of {}", lines.len());
}
