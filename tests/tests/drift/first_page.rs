//! `cargo xtask drift --accept` for a new provider: all of its schema-defs are made from its first page.

use std::fs;

use crate::command::Outcome as _;
use serde_json::json;

use crate::sandbox::Sandbox;

/// A page with payloads of jobs and users that `event` names, a part of a payload, and members that are placeholders.
const PAGE: &str = r#"# Webhooks

## Started

```json
{"event": "job.started", "job": {"...": "..."}, "sender": {"type": "user", "name": "A"}}
```

## Trigger jobs

```json
{
  "event": "job.finished",
  "job": {"type": "trigger", "retry": {"of": "5", "by": "B"}, "...": "..."},
  "sender": {"type": "user", "name": "A"}
}
```

For retries without a person, `by` is null:

```json
{"retry": {"of": "5", "by": null}}
```

## Blocked

```json
{"event": "user.blocked", "user": {"type": "admin", "id": 5}, "sender": {"type": "user", "name": "A"}}
```
"#;

/// A sandbox with a provider that has settings only.
fn sandbox(settings: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let common = "title = \"Acme\"\ndelivery = \"single\"\nschemas = \"inferred\"\norigin = \"a page\"\n";
    sandbox.write("acme/provider.toml", format!("{common}{settings}"));
    sandbox
}

fn events(sandbox: &Sandbox) -> Vec<String> {
    let entries = fs::read_dir(sandbox.defs().join("acme")).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_page_makes_a_provider() {
    let sandbox = sandbox("");
    let page = sandbox.file("page.md", PAGE);
    let (shown, errors) = sandbox.drift(&["acme", &page, "--accept"]).exits(0);
    conformance::assert_snapshot!("page", format!("{shown}---\n{errors}"));
    assert_eq!(events(&sandbox), ["job_finished", "job_started", "user_blocked"]);
    // Every release has these events, so they have no `since`.
    let settings = sandbox.text("acme/provider.toml");
    assert!(settings.contains("[events.job_finished]") && !settings.contains("since"), "{settings}");
    let finished = sandbox.json("acme/job_finished/schema.json");
    assert_eq!(finished["properties"]["event"], json!({"const": "job.finished"}));
    let job = &finished["properties"]["job"]["properties"];
    assert!(job.get("...").is_none() && job.get("retry").is_some(), "{job}");
    sandbox.drift(&["acme", &page]).shows(0, ["1 partial payload in page.md: no drift"]);
    sandbox.codegen().exits(0);
}

#[test]
fn a_provider_beside_others_is_of_the_present_release() {
    let sandbox = sandbox("");
    sandbox.write("other/provider.toml", "title = \"Other\"\n");
    sandbox.write("other/opened/schema.json", "{\"type\": \"object\"}");
    sandbox.write("package.toml", "name = \"events\"\nversion = \"0.7.3\"\n");
    let page = sandbox.file("page.md", PAGE);
    assert_eq!(sandbox.drift(&["acme", &page, "--accept"]).0, Some(0));
    let settings = sandbox.text("acme/provider.toml");
    assert_eq!(settings.matches("since = \"0.7.3\"").count(), 3, "{settings}");
}

#[test]
fn names_outside_the_body_are_written_down() {
    let sandbox = sandbox("dispatch = \"named\"\n");
    let page = sandbox.file("page.md", PAGE.replace("user.blocked", "blocked"));
    sandbox.drift(&["acme", &page, "--accept"]).exits(0);
    let settings = sandbox.text("acme/provider.toml");
    assert!(settings.contains("[events.job_started]\nwire_name = \"job.started\"\n"), "{settings}");
    assert!(settings.contains("[events.blocked]\nschema = \"inferred\"\n"), "{settings}");
    // The conditions also identify the payloads of a page.
    let changed = PAGE.replace("user.blocked", "blocked").replace("\"id\": 5", "\"id\": 5, \"mail\": \"a\"");
    let (shown, _) = sandbox
        .drift(&["acme", &sandbox.file("page.md", &changed)])
        .shows(1, ["compatible  blocked  /user/mail: new member: string"]);
    assert!(shown.ends_with("0 breaking, 1 compatible\n"), "{shown}");
}

#[test]
fn payloads_in_an_envelope_are_of_the_event_that_they_say() {
    let sandbox = sandbox("");
    let payload = |kind: &str| format!(r#"{{"type": "{kind}", "at": 5, "by": "a", "data": {{"id": 1, "name": "b"}}}}"#);
    let kinds = ["ADDED", "CHANGED", "REMOVED"];
    let page = |wrap: &dyn Fn(String) -> String| {
        let blocks = kinds.map(|kind| format!("## {kind}\n\n```json\n{}\n```\n\n", wrap(payload(kind))));
        sandbox.file("page.md", blocks.concat())
    };
    assert_eq!(sandbox.drift(&["acme", &page(&|payload| payload), "--accept"]).0, Some(0));
    let wrapped = page(&|payload| format!("{{\"version\": 2, \"delivery\": \"c\", \"notification\": {payload}}}"));
    let (shown, _) = sandbox.drift(&["acme", &wrapped]).exits(2);
    assert_eq!(shown.matches("moved to /notification").count(), kinds.len(), "{shown}");
    // The new envelope is one difference of each event.
    assert!(shown.ends_with("3 breaking, 0 compatible\n"), "{shown}");
}

#[test]
fn a_new_event_is_named_as_those_are_that_are_known() {
    let sandbox = sandbox("");
    let page = |subjects: &[&str]| {
        let block = |(at, subject): (usize, &&str)| {
            format!("```json\n{{\"subject\": \"{subject}\", \"type\": \"kind {at}\", \"at\": 1}}\n```\n\n")
        };
        sandbox.file("page.md", subjects.iter().enumerate().map(block).collect::<String>())
    };
    for event in ["paid", "refunded"] {
        let schema = json!({"type": "object", "properties": {"subject": {"const": event}}, "required": ["subject"]});
        sandbox.write(&format!("acme/{event}/schema.json"), schema.to_string());
    }
    let (_, shown, _) = sandbox.drift(&["acme", &page(&["paid", "refunded", "disputed"])]);
    assert!(shown.contains("compatible  disputed  a new event"), "{shown}");
}

#[test]
fn a_change_of_type_is_one_difference() {
    let sandbox = sandbox("");
    let page = |at: &str| {
        let block = |kind: &str| format!("```json\n{{\"type\": \"{kind}\", \"at\": {at}, \"by\": \"b\"}}\n```\n\n");
        sandbox.file("page.md", format!("{}{}", block("opened"), block("closed")))
    };
    assert_eq!(sandbox.drift(&["acme", &page("1680501893"), "--accept"]).0, Some(0));
    let (shown, _) = sandbox.drift(&["acme", &page("\"2023-04-03T06:04:53Z\"")]).exits(1);
    assert!(shown.contains("/at: type changed, integer → string") && !shown.contains("format"), "{shown}");
    assert!(shown.ends_with("0 breaking, 2 deviating, 0 compatible\n"), "{shown}");
}

#[test]
fn only_what_is_ambiguous_is_named() {
    let sandbox = sandbox("");
    let block = |text: &str| format!("```json\n{text}\n```\n\n");
    let page: String = [r#"{"type": "opened", "a": 1}"#, r#"{"type": "closed", "b": 1}"#].map(block).concat();
    let (heartbeat, status) =
        (block(r#"{"uptime": 5, "host": "a"}"#), block(r#"{"uptime": 5, "host": "a", "load": 1}"#));
    let page = format!("# Events\n\n{page}## Heartbeat\n\n{heartbeat}## Status\n\n{status}");
    let (_, errors) = sandbox.drift(&["acme", &sandbox.file("page.md", &page), "--accept"]).exits(1);
    assert!(errors.contains("a payload of `heartbeat`, `status` can also be one of another event"), "{errors}");
    assert!(errors.contains("precedence = [\"status\", \"heartbeat\"]\n"), "{errors}");
}

#[test]
fn payloads_without_what_names_the_others_may_be_ignored_by_section() {
    let sandbox = sandbox("");
    let block = |text: &str| format!("```json\n{text}\n```\n\n");
    let whole = [
        r#"{"event": {"event_type": "job.started", "data": {"id": 1, "by": "a"}}}"#,
        r#"{"event": {"event_type": "job.ended", "data": {"id": 1, "code": 0}}}"#,
    ];
    let payloads: String = whole.map(block).concat();
    let parts = ["runner", "artifact", "step"].map(|name| {
        format!("### {name}\n\n{}", block(&format!(r#"{{"{name}": {{"id": 1}}, "{name}_of": "a", "since": 5}}"#)))
    });
    let markdown = format!("# Webhooks\n\n## Payloads\n\n{payloads}## Data types\n\n{}", parts.concat());
    let html = |line: &str| match line.split_once(' ') {
        Some((marks, heading)) if marks.starts_with('#') => format!("<h{0}>{heading}</h{0}>\n", marks.len()),
        _ => line.replace("```json", "<pre><code>").replace("```", "</code></pre>") + "\n",
    };
    let html: String = markdown.lines().map(html).collect();
    for (name, page) in [("page.md", markdown), ("page.html", html)] {
        let page = sandbox.file(name, &page);
        let (_, errors) = sandbox.drift(&["acme", &page, "--accept"]).exits(1);
        assert!(errors.contains("a payload of `artifact`, `step` can also be one of another event"), "{errors}");
        let ignore = errors.lines().find_map(|line| line.trim().strip_prefix("ignore_headings = ")).unwrap();
        assert_eq!(ignore, "[\"Data types\"]");
        // The settings that a person then types.
        let settings = sandbox.text("acme/provider.toml");
        let settings = settings.split("\n[events").next().unwrap();
        let begin_again = |settings: &str| {
            fs::remove_dir_all(sandbox.defs()).unwrap();
            sandbox.write("acme/provider.toml", settings);
        };
        begin_again(&format!("{settings}\nignore_headings = {ignore}\n"));
        sandbox.drift(&["acme", &page, "--accept"]).shows(0, ["3 ignored blocks"]);
        assert_eq!(events(&sandbox), ["job_ended", "job_started"]);
        assert_eq!(sandbox.codegen().0, Some(0));
        begin_again(settings);
    }
}

#[test]
fn a_page_without_json_keeps_nobody_from_the_others() {
    let sandbox = sandbox("");
    let (page, prose) = (sandbox.file("page.md", PAGE), sandbox.file("prose.md", b"# Overview\n\nNo code.\n"));
    let broken =
        sandbox.file("broken.md", b"# Added\n\n```json\n{\"event\": \"added\", \"of\": {\n{\"id\": 1}\n}}\n```\n");
    let (code, shown, _) = sandbox.drift(&["acme", &page, &prose, &broken, "--accept"]);
    assert_eq!((code, events(&sandbox).len()), (Some(0), 3), "{shown}");
    assert!(shown.contains("  not read  page 2, line 1: there is no JSON on the page\n"), "{shown}");
    // The exit code distinguishes differences from pages that could not be read.
    let (shown, _) = sandbox.drift(&["acme", &page, &prose, &broken]).shows(3, ["no drift in what could be read"]);
    assert!(shown.contains("  not read  page 3, line 4: "), "{shown}");
    // Nothing at all, and a page that is not there, stop the comparison.
    sandbox.drift(&["acme", &prose, &broken]).says(3, ["error: broken.md: none of the JSON on the page can be read"]);
    sandbox.drift(&["acme", &page, "nowhere.md"]).says(3, ["nowhere.md: the page cannot be opened"]);
}

#[test]
fn a_schema_that_cannot_be_read_keeps_nobody_from_the_others() {
    let sandbox = sandbox("");
    let schema = |reference: &str| {
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"type": {"const": reference}, "of": {"$ref": reference}},
            "required": ["type"],
            "$defs": {"user": {"type": "string"}},
        })
    };
    let payload = json!({"type": "nowhere.json", "of": "a"});
    let page = format!(
        "## A\n\n```json\n{}\n```\n\n## B\n\n```json\n{}\n```\n\n```json\n{payload}\n```\n",
        schema("#/$defs/user"),
        schema("nowhere.json")
    );
    let (_, errors) = sandbox.drift(&["acme", &sandbox.file("page.md", &page), "--accept"]).exits(1);
    assert!(errors.contains("the reference \"nowhere.json\" leads nowhere"), "{errors}");
    assert_eq!(events(&sandbox).len(), 2, "{errors}");
}

/// For bodies that look like objects with events in them, `items` is proposed, for a new provider and for a changed page.
#[test]
fn events_inside_an_object_are_proposed() {
    let sandbox = sandbox("");
    let event = |kind: &str| format!(r#"{{"event": "{kind}", "id": 1, "by": {{"name": "a"}}}}"#);
    let wrapped = |kind: &str| format!(r#"{{"page": 1, "data": {{"events": [{}]}}}}"#, event(kind));
    let page = |blocks: &[String]| {
        let blocks: String = blocks.iter().map(|block| format!("## Body\n\n```json\n{block}\n```\n\n")).collect();
        sandbox.file("page.md", &blocks)
    };
    let lines = "in acme/provider.toml, above the first table,\ndelivery = \"wrapped\"\nitems = \"/data/events\"\n";
    sandbox.drift(&["acme", &page(&[wrapped("job.started"), wrapped("job.done")])]).says(1, [lines]);
    // Known events, which are sent in an object now.
    let single = page(&[event("job.started"), event("job.done")]);
    let (code, _, errors) = sandbox.drift(&["acme", &single, "--accept"]);
    assert!(code == Some(0) && !errors.contains("wrapped"), "{code:?} {errors}");
    let (_, _, errors) = sandbox.drift(&["acme", &single]);
    assert!(!errors.contains("wrapped"), "{errors}");
    let (_, _, errors) = sandbox.drift(&["acme", &page(&[wrapped("job.started"), wrapped("job.done")])]);
    assert!(errors.contains(lines), "{errors}");
}

/// A page may show bodies that are objects with events in them.
#[test]
fn events_inside_an_object_are_found() {
    let sandbox = sandbox("");
    let settings =
        "title = \"Acme\"\ndelivery = \"wrapped\"\nitems = \"/events\"\nschemas = \"inferred\"\norigin = \"a page\"\n";
    sandbox.write("acme/provider.toml", settings);
    let block = r#"{"page": 1, "events": [{"event": "job.started", "id": 1}, {"event": "job.finished", "at": "x"}]}"#;
    let page = sandbox.file("page.md", format!("# Jobs\n\n```json\n{block}\n```\n"));
    sandbox.drift(&["acme", &page, "--accept"]).exits(0);
    assert_eq!(events(&sandbox), ["job_finished", "job_started"]);
    let example = sandbox.json("acme/job_started/examples/documented.json");
    assert_eq!(example, json!({ "event": "job.started", "id": 1 }));
    sandbox.drift(&["acme", &page]).exits(0);
}
