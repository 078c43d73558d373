//! The output of `cargo xtask drift --accept`: schema-defs from which code is generated, after a person has typed the decisions.

use std::fs;

use crate::command::Outcome as _;
use conformance::folder::{five_documents, shared, texts};
use conformance::pages::Draft;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, documented};

/// Types the decisions that `--accept` leaves to a person: the proposed order, and the events that are no longer documented.
/// Returns the number of decisions.
fn decide(sandbox: &Sandbox, provider: &str, errors: &str) -> usize {
    let file = format!("{provider}/provider.toml");
    let mut settings = sandbox.text(&file);
    let decisions: Vec<&str> = errors.split("to do: ").skip(1).collect();
    for decision in &decisions {
        let line = decision.lines().nth(1).map(str::trim).unwrap_or_else(|| panic!("{decision}"));
        if line.starts_with("precedence = ") {
            let known = settings.lines().find(|line| line.starts_with("precedence = ")).map(str::to_owned);
            settings = match known {
                Some(known) => settings.replace(&known, line),
                None => format!("{line}\n{settings}"),
            };
        } else {
            assert_eq!(line, "undocumented_since = \"YYYY-MM\"", "{decision}");
            let event = decision.split([' ', '/']).nth(1).unwrap();
            let header = format!("[events.{event}]\n");
            assert!(settings.contains(&header), "{settings}");
            settings = settings.replace(&header, &format!("{header}undocumented_since = \"2021-06\"\n"));
        }
    }
    sandbox.write(&file, settings);
    decisions.len()
}

/// Accepts a page, types the decisions, and checks that code is generated and that there is no drift any more. Returns the number
/// of decisions.
fn accept(sandbox: &Sandbox, provider: &str, page: &str) -> usize {
    let (code, _, errors) = sandbox.drift(&[provider, page, "--accept"]);
    let decisions = decide(sandbox, provider, &errors);
    assert_eq!(code, Some(i32::from(decisions > 0)), "{errors}");
    let (_, shown, _) = sandbox.drift(&[provider, page]);
    assert!(shown.lines().next().is_some_and(|line| line.ends_with(": no drift")), "{shown}");
    let (code, _, errors) = sandbox.drift(&[provider, page, "--accept"]);
    assert!(code == Some(0) && errors.starts_with("0 files written, 0 left to do"), "{errors}");
    decisions
}

fn examples(sandbox: &Sandbox, event: &str) -> Vec<String> {
    let folder = sandbox.defs().join(event).join("examples");
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_pages_of_the_vendors_are_accepted() {
    let Some(pages) = shared("pages") else { return };
    let sandbox = Sandbox::of_five_documents();
    for (provider, page, decisions) in
        [("wallarm", "wallarm.md", 3), ("crowdsec", "crowdsec.mdx", 1), ("canary", "canary.md", 0)]
    {
        let page = pages.join(page).display().to_string();
        let made = accept(&sandbox, provider, &page);
        assert!(made <= decisions, "{provider}: {made} decisions");
    }
    for event in ["wallarm/new_hits", "wallarm/security_issue", "wallarm/ip_blocked", "crowdsec/blocking_safe_ip"] {
        assert!(!examples(&sandbox, event).is_empty(), "{event}");
    }
    sandbox.codegen().exits(0);
}

#[test]
fn a_payload_in_an_envelope_becomes_an_event_of_its_own() {
    let sandbox = Sandbox::of_five_documents();
    let mut draft = Draft::of(&five_documents(), "wallarm", false);
    let hit = draft.payload("hit");
    let mut other = hit.clone();
    other["path"] = "/etc/passwd".into();
    let envelope = |hit: Value| json!({"summary": "A hit", "details": {"notification_type": "new_hits", "hit": hit}});
    let known = hit.clone();
    let items = json!([envelope(known), envelope(other.clone()), envelope(other)]);
    draft.blocks[0].json = items;
    let page = sandbox.file("page.md", draft.print("page.md"));
    assert_eq!(accept(&sandbox, "wallarm", &page), 2);
    // Each payload is written once.
    assert_eq!(examples(&sandbox, "wallarm/new_hits"), ["documented.json", "documented_2.json"]);
    for file in ["schema.json", "examples/documented.json"] {
        let path = format!("wallarm/hit/{file}");
        assert_eq!(sandbox.json(&path), documented(&path), "{path}");
    }
    let made = sandbox.json("wallarm/new_hits/schema.json");
    let kind = made.pointer("/properties/details/properties/notification_type");
    assert_eq!((&made["title"], kind), (&json!("New hits"), Some(&json!({"const": "new_hits"}))));
    sandbox.codegen().exits(0);
}

#[test]
fn events_that_a_new_schema_leaves_ambiguous_are_one_decision() {
    let sandbox = Sandbox::of_five_documents();
    let mut draft = Draft::of(&five_documents(), "crowdsec", true);
    let schema = draft.schema("payment_failed");
    *schema = json!({"$defs": {}, "type": "object", "properties": {"data": schema}, "required": ["data"]});
    let payload = draft.payload("payment_failed");
    *payload = json!({"data": payload});
    let page = sandbox.file("page.md", draft.print("page.md"));
    let (_, errors) = sandbox.drift(&["crowdsec", &page, "--accept"]).exits(1);
    assert_eq!(examples(&sandbox, "crowdsec/payment_failed"), ["documented.json", "documented_2.json"]);
    // The decisions are the order, and the old example that the schema rejects.
    assert!(errors.contains("2 files written, 2 left to do"), "{errors}");
    assert!(errors.contains("a payload of `payment_failed` can also be one of another event"), "{errors}");
    assert_eq!(errors.matches("examples/documented.json: the event's schema rejects it").count(), 1, "{errors}");
    let order = errors.lines().find_map(|line| line.trim().strip_prefix("precedence = ")).unwrap();
    let settings = sandbox.text("crowdsec/provider.toml");
    sandbox.write("crowdsec/provider.toml", format!("precedence = {order}\n{settings}"));
    fs::remove_file(sandbox.defs().join("crowdsec/payment_failed/examples/documented.json")).unwrap();
    assert_eq!(sandbox.codegen().0, Some(0));
    assert_eq!(sandbox.drift(&["crowdsec", &page]).0, Some(0));
}

#[test]
fn examples_stay_and_new_ones_stand_beside_them() {
    let sandbox = Sandbox::of_five_documents();
    let mut draft = Draft::of(&five_documents(), "canary", false);
    draft.payload("incident")["Flock"] = "flock:default".into();
    draft.payload("incident").as_object_mut().unwrap().remove("CanaryPort");
    let page = sandbox.file("page.md", draft.print("page.md"));
    assert_eq!(accept(&sandbox, "canary", &page), 0);
    assert_eq!(examples(&sandbox, "canary/incident"), ["documented.json", "ftp_login.json"]);
    let old = "canary/incident/examples/ftp_login.json";
    assert_eq!(sandbox.json(old), documented(old));
    let schema = sandbox.json("canary/incident/schema.json");
    assert_eq!(schema["properties"]["Flock"], json!({"type": "string"}));
}

/// What a change of the page leaves to a person: an example that its documented schema rejects, a known example that a new
/// schema rejects, and a payload that says that it is another event.
#[test]
fn what_does_not_fit_is_left_to_a_person() {
    type Change = fn(&mut Draft);
    let cases: [(&str, bool, Change, &str, &str); 3] = [
        (
            "crowdsec",
            true,
            |draft| draft.payload("alert_triggered")["details"]["target"]["ip"] = Value::Null,
            "0 files written, 1 left to do",
            "to do: crowdsec/alert_triggered: its schema rejects the payload of page.md, line 340: /details/target/ip: \
             expected a string, found null",
        ),
        (
            "crowdsec",
            true,
            |draft| {
                draft.schema("alert_triggered")["$defs"]["AlertTarget"]["properties"]["id"]["type"] = "integer".into()
            },
            "1 file written, 1 left to do",
            "to do: crowdsec/alert_triggered/examples/documented.json#/details/target/id",
        ),
        (
            "wallarm",
            false,
            |draft| draft.payload("hit")["object_type"] = "web_hit".into(),
            "0 files written, 1 left to do",
            "wallarm/hit: the payload of page.md, line 10 does not fit: /object_type",
        ),
    ];
    for (provider, has_schemas, change, summary, reason) in cases {
        let sandbox = Sandbox::of_five_documents();
        let mut draft = Draft::of(&five_documents(), provider, has_schemas);
        change(&mut draft);
        let page = sandbox.file("page.md", draft.print("page.md"));
        let (_, errors) = sandbox.drift(&[provider, &page, "--accept"]).exits(1);
        assert!(errors.contains(summary) && errors.contains(reason), "{reason}: {errors}");
        if summary.starts_with('0') {
            assert_eq!(sandbox.all(), texts(&five_documents()));
        }
    }
}

#[test]
fn a_provider_needs_settings_and_no_events() {
    let sandbox = Sandbox::of_five_documents();
    sandbox.write("acme/provider.toml", "title = \"Acme\"\n");
    let page = sandbox.file("page.md", b"# A\n\n```json\n{\"a\": 1}\n```\n");
    sandbox.drift(&["acme", &page]).shows(1, ["compatible  a  ", "a new event"]);
    // A folder without settings is not a provider.
    fs::remove_file(sandbox.defs().join("acme/provider.toml")).unwrap();
    sandbox.drift(&["acme", &page]).says(3, ["there is no provider `acme`"]);
    let (_, errors) = sandbox.drift(&["nobody", &page]).says(3, ["there is no provider `nobody`"]);
    assert!(errors.contains("nobody/provider.toml, such as") && errors.contains("title = \"Nobody\"\n"), "{errors}");
}
