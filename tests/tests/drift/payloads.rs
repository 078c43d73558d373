//! Payloads on pages that changed in several ways at once: which changes are one difference, which are a new event, and the names
//! of new events.

use std::mem::take;

use conformance::folder::five_documents;
use conformance::pages::Draft;
use serde_json::{Value, json};
use webhook_codegen::compare::{Change, ChangeKind, Class, Sent};
use webhook_drift::page::read;
use webhook_drift::report::{Compared, Report, text};
use webhook_drift::{Drift, drift};

fn found(draft: &Draft) -> Drift {
    let page = read("page.md", draft.print("page.md").as_bytes()).unwrap();
    drift(&draft.provider, &[("page.md".to_owned(), page)], Sent::default()).unwrap()
}

/// The differences of one event: the kind, the place, the old and the new value, and whether the difference is breaking.
fn changes(drift: &Drift, event: &str) -> Vec<String> {
    let own = drift.findings.iter().map(|finding| &finding.change).filter(|change| change.event == event);
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let line = |change: &Change| {
        let class = if change.class == Class::Breaking { "!" } else { "" };
        format!("{}{class} {} {} {}", change.what.as_str(), change.place, said(&change.old), said(&change.new))
    };
    own.filter(|change| change.class != Class::Cosmetic).map(line).collect()
}

fn events(drift: &Drift, what: ChangeKind) -> Vec<&str> {
    let of = drift.findings.iter().map(|finding| &finding.change).filter(|change| change.what == what);
    of.map(|change| change.event.as_str()).collect()
}

fn wallarm() -> Draft {
    Draft::of(&five_documents(), "wallarm", false)
}

fn member(payload: &mut Value, name: &str) -> Value {
    payload.as_object_mut().unwrap().remove(name).unwrap()
}

/// A page on which the hit is in an envelope, with other changes inside.
fn envelope() -> Draft {
    let mut page = wallarm();
    let hit = page.payload("hit");
    hit["host"] = member(hit, "domain");
    hit["anomaly"] = member(hit, "anomality");
    hit["lom_id"] = 932.into();
    hit["proxy_type"] = Value::Null;
    hit["method"] = Value::Null;
    member(hit, "tor");
    let details = json!({"client_name": "Test Company", "notification_type": "new_hits", "hit": take(hit)});
    *hit = json!({"summary": "[Wallarm] New hit detected", "details": details});
    page
}

#[test]
fn a_payload_in_an_envelope_is_one_difference_and_is_compared_inside() {
    let drift = found(&envelope());
    let expected = [
        "event-moved!  - /details/hit",
        "member-renamed /details/hit/anomality anomality anomaly",
        "member-renamed /details/hit/domain domain host",
        "null-added /details/hit/method string null",
        "member-gone /details/hit/tor string -",
        "members-added /details/hit - lom_id (integer), proxy_type (null)",
    ];
    assert_eq!(changes(&drift, "hit"), expected);
    let moved = drift.findings.iter().find(|finding| finding.change.what == ChangeKind::EventMoved).unwrap();
    assert_eq!(moved.change.witness, Some(json!({"details": {"hit": {}}})));
    // The envelope is not an event of its own.
    assert_eq!(events(&drift, ChangeKind::EventAdded), [""; 0]);
    assert_eq!(events(&drift, ChangeKind::EventRemoved), [""; 0]);
}

/// A page on which the schema and the payload of an event are in an envelope.
fn documented_envelope() -> Draft {
    let mut page = Draft::of(&five_documents(), "crowdsec", true);
    let schema = page.schema("payment_failed");
    let defs = schema.as_object_mut().unwrap().remove("$defs");
    let inner = take(schema);
    let id = json!({"type": "string"});
    *schema = json!({"type": "object", "properties": {"data": inner, "id": id}, "required": ["data"]});
    schema["$defs"] = defs.unwrap_or_else(|| json!({}));
    let payload = page.payload("payment_failed");
    *payload = json!({"data": take(payload), "id": "c"});
    page
}

#[test]
fn a_schema_in_an_envelope_is_one_difference_and_is_compared_inside() {
    let mut page = documented_envelope();
    assert_eq!(changes(&found(&page), "payment_failed"), ["event-moved!  - /data"]);
    assert_eq!(events(&found(&page), ChangeKind::EventAdded), [""; 0]);
    page.schema("payment_failed")["properties"]["data"]["properties"]["plan"] = json!({"type": "string"});
    let expected = ["event-moved!  - /data", "member-added /data/plan - string"];
    assert_eq!(changes(&found(&page), "payment_failed"), expected);
}

#[test]
fn a_payload_that_the_page_shows_as_it_was_has_not_moved() {
    let (mut page, other) = (wallarm(), envelope());
    page.blocks.push(other.blocks[0].clone());
    let drift = found(&page);
    assert_eq!(changes(&drift, "hit"), [""; 0]);
    assert_eq!(events(&drift, ChangeKind::EventAdded), ["new_hits"]);
}

#[test]
fn only_the_required_member_that_is_missing_is_breaking() {
    let mut page = wallarm();
    for name in ["threat", "link", "domain"] {
        member(page.payload("vulnerability"), name);
    }
    let expected = ["member-gone /domain string -", "member-gone /link string -", "member-gone! /threat string -"];
    assert_eq!(changes(&found(&page), "vulnerability"), expected);
}

#[test]
fn a_member_is_a_member_if_it_is_called_like_a_keyword() {
    for name in ["required", "const", "properties", "items"] {
        let mut page = wallarm();
        page.payload("vulnerability")[name] = json!({"level": 1});
        assert_eq!(changes(&found(&page), "vulnerability"), [format!("member-added /{name} - object")]);
    }
}

#[test]
fn a_renamed_member_is_recognized_by_its_value() {
    let mut page = wallarm();
    let hit = page.payload("hit");
    hit["host"] = member(hit, "domain");
    hit["reply_bytes"] = member(hit, "response_len");
    let expected = ["member-renamed /domain domain host", "member-renamed /response_len response_len reply_bytes"];
    assert_eq!(changes(&found(&page), "hit"), expected);

    // A schema has no values; its examples do.
    let mut page = Draft::of(&five_documents(), "crowdsec", true);
    let target = &mut page.schema("alert_triggered")["$defs"]["AlertTarget"];
    target["properties"]["endpoint"] = member(&mut target["properties"], "ip");
    target["required"].as_array_mut().unwrap().retain(|name| name != "ip");
    let target = &mut page.payload("alert_triggered")["details"]["target"];
    target["endpoint"] = member(target, "ip");
    let expected = ["member-renamed! /details/target/ip ip endpoint"];
    assert_eq!(changes(&found(&page), "alert_triggered"), expected);
}

#[test]
fn members_that_have_nothing_in_common_are_not_called_renamed() {
    let mut page = Draft::of(&five_documents(), "canary", false);
    let incident = page.payload("incident");
    member(incident, "SourceIP");
    incident["sourcetype"] = "canary".into();
    member(incident, "CanaryLocation");
    incident["event_id"] = "Server".into();
    let expected = [
        "member-gone /CanaryLocation string -",
        "member-gone /SourceIP string -",
        "member-added /event_id - string",
        "member-added /sourcetype - string",
    ];
    assert_eq!(changes(&found(&page), "incident"), expected);
}

#[test]
fn a_placeholder_says_nothing_about_the_type() {
    let mut page = wallarm();
    let hit = page.payload("hit");
    hit["remote_port"] = "<number>".into();
    hit["response_time"] = "{{time}}".into();
    hit["remote_country"] = "<country>".into();
    assert_eq!(changes(&found(&page), "hit"), [""; 0]);
    // A member that no example has is also new.
    page.payload("hit")["session"] = "<session>".into();
    assert_eq!(changes(&found(&page), "hit"), ["member-added /session - string"]);
}

#[test]
fn a_fact_is_said_once() {
    // The page's schema requires the member too.
    let mut page = Draft::of(&five_documents(), "crowdsec", true);
    member(&mut page.payload("alert_triggered")["details"]["target"], "ip");
    assert_eq!(changes(&found(&page), "alert_triggered"), ["member-gone! /details/target/ip string -"]);

    // Two payloads with the same members.
    let mut page = wallarm();
    page.payload("hit")["session"] = "abc".into();
    let again = page.blocks[0].clone();
    page.blocks.push(again);
    assert_eq!(changes(&found(&page), "hit"), ["member-added /session - string"]);
}

#[test]
fn a_page_is_named_once() {
    let mut draft = wallarm();
    draft.payload("hit")["session"] = "abc".into();
    draft.blocks.truncate(1);
    let page =
        |name: &str, draft: &Draft| (format!("folder/{name}"), read(name, draft.print(name).as_bytes()).unwrap());
    let mut other = wallarm();
    other.blocks.remove(0);
    other.payload("vulnerability")["score"] = 5.into();
    let pages = [page("page.md", &draft), page("page.txt", &other)];
    let drift = drift(&draft.provider, &pages, Sent::default()).unwrap();
    let findings = drift.findings.iter().filter(|finding| finding.change.class != Class::Cosmetic).collect();
    let report = Report {
        provider: "wallarm",
        seen: "2 payloads".to_owned(),
        pages: &pages,
        findings,
        undetermined: &[],
        compared: Compared::Pages,
    };
    insta::assert_snapshot!(text(&report, false), @r"
    wallarm: 2 payloads in folder/page.md (page 1), folder/page.txt (page 2)

      compatible  hit            /session: new member: string (page 1, line 10)
      compatible  vulnerability  /score: new member: integer (page 2, line 7)

    0 breaking, 2 compatible
    ");
}

#[test]
fn a_new_event_is_called_what_it_calls_itself() {
    let named = |heading: &str, json: Value| {
        let mut page = wallarm();
        let mut block = page.blocks[0].clone();
        (block.heading, block.json) = (heading.to_owned(), json!([json]));
        page.blocks.push(block);
        let drift = found(&page);
        events(&drift, ChangeKind::EventAdded).join(" ")
    };
    let blocked = json!({"summary": "A", "details": {"notification_type": "ip_blocked", "ip": "1.1.1.1"}});
    assert_eq!(named("Example: notification to Webhook URL if IP address is added", blocked), "ip_blocked");
    assert_eq!(named("Parameter:", json!({"action": "created", "object_type": "rule"})), "rule");
    assert_eq!(named("Rule changed example", json!({"rule_id": 5, "by": "somebody"})), "rule_changed");
    // The name of another event is taken.
    assert_eq!(named("Other", json!({"kind": "hit", "by": "somebody"})), "hit_2");

    // An event without the envelope of the other events.
    let mut page = Draft::of(&five_documents(), "crowdsec", true);
    let (mut schema, mut payload) = (page.blocks[0].clone(), page.blocks[1].clone());
    let text = |json: &Value| json.to_string().replace("alert_triggered", "blocking_safe_ip");
    let flat = |json: &Value| serde_json::from_str::<Value>(&text(json)).unwrap();
    let defs = schema.json["$defs"].clone();
    let reference = schema.json["properties"]["details"]["$ref"].as_str().map(str::to_owned);
    let details = match reference {
        Some(reference) => schema.json.pointer(&reference[1..]).unwrap().clone(),
        None => schema.json["properties"]["details"].clone(),
    };
    schema.json = flat(&details);
    schema.json["$defs"] = defs;
    payload.json = flat(&payload.json["details"]);
    for block in [&mut schema, &mut payload] {
        block.heading = "Blocking Known Safe IP".to_owned();
    }
    page.blocks.extend([schema, payload]);
    assert_eq!(events(&found(&page), ChangeKind::EventAdded), ["blocking_safe_ip"]);
}

#[test]
fn an_event_that_is_documented_no_longer_is_not_missed() {
    let mut page = wallarm();
    let known = page.blocks.clone();
    page.blocks.retain(|block| block.event != "hit");
    assert_eq!(events(&found(&page), ChangeKind::EventRemoved), ["hit"]);
    let settings = page.provider.settings.events.entry("hit".to_owned()).or_default();
    settings.undocumented_since = Some("2021-06".to_owned());
    assert_eq!(changes(&found(&page), "hit"), [""; 0]);
    // If the page shows the event, it is compared.
    page.blocks = known;
    page.payload("hit")["session"] = "abc".into();
    assert_eq!(changes(&found(&page), "hit"), ["member-added /session - string"]);
}
