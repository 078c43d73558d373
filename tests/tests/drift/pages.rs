//! Pages with one known change each, as Markdown, HTML and text: the reported difference and its class.

use conformance::folder::{five_documents, goldens, realistic, shared, vendors};
use conformance::pages::{Draft, FORMATS};
use serde_json::{Value, json};
use webhook_codegen::compare::{Class, Sent, providers};
use webhook_drift::page::read;
use webhook_drift::report::{Compared, Report, exit_code, shown, text};
use webhook_drift::{Finding, drift, worst};

/// The findings of a page, and the report for people.
fn found(draft: &Draft, format: &str, all: bool) -> (Vec<Finding>, String) {
    let page = read(format, draft.print(format).as_bytes()).unwrap_or_else(|error| panic!("{format}: {error}"));
    assert!(page.unparsed.is_empty(), "{format}: {:?}", page.unparsed);
    let pages = vec![(format.to_owned(), page)];
    let drift = drift(&draft.provider, &pages, Sent::default()).unwrap();
    let findings = shown(&drift.findings, all);
    let report = Report {
        provider: &draft.provider.name,
        seen: String::new(),
        pages: &pages,
        findings,
        undetermined: &[],
        compared: Compared::Pages,
    };
    (drift.findings.clone(), text(&report, false))
}

/// Every format must be read alike; the report of the Markdown page is kept, with the exit code.
fn check(name: &str, draft: &Draft) {
    let (first, report) = found(draft, FORMATS[0], false);
    // How a page is formatted makes no difference. Each case tries one more format, or every one in a long run.
    let others = &FORMATS[1..];
    let first_other = name.bytes().map(usize::from).sum::<usize>() % others.len();
    for format in others.iter().cycle().skip(first_other).take(others.len()).step_by(conformance::stride(others.len()))
    {
        let (other, _) = found(draft, format, false);
        let changes = |findings: &[Finding]| findings.iter().map(|finding| finding.change.clone()).collect::<Vec<_>>();
        assert_eq!(changes(&first), changes(&other), "{name}: {format}");
    }
    // Payloads are on one line, to be copied.
    for line in report.lines().filter(|line| !line.contains("by today's types: ")) {
        assert!(line.chars().count() <= 100, "{name}: {line}");
    }
    let lines: Vec<&str> = report.lines().skip(2).collect();
    let report = format!("exit {}\n{}", exit_code(worst(&first)), lines.join("\n"));
    conformance::assert_snapshot!(name, report);
}

fn crowdsec() -> Draft {
    Draft::of(&five_documents(), "crowdsec", true)
}

/// Returns the page of a vendor without its schemas.
fn draft(vendor: &str) -> Draft {
    Draft::of(&five_documents(), vendor, false)
}

fn canary() -> Draft {
    draft("canary")
}

fn wallarm() -> Draft {
    draft("wallarm")
}

fn features() -> Draft {
    Draft::of(&goldens(), "features", true)
}

/// Returns the value at a place in a schema or a payload.
fn at<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Value {
    value.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

fn remove(value: &mut Value, pointer: &str, name: &str) -> Value {
    at(value, pointer).as_object_mut().expect("an object").remove(name).expect("a member")
}

fn insert(value: &mut Value, pointer: &str, name: &str, member: Value) {
    at(value, pointer).as_object_mut().expect("an object").insert(name.to_owned(), member);
}

/// Removes a name from a list, such as `required`.
fn strike(value: &mut Value, pointer: &str, name: &str) {
    at(value, pointer).as_array_mut().expect("a list").retain(|known| known != name);
}

const TARGET: &str = "/$defs/AlertTarget";

#[test]
fn pages_as_they_are_have_not_drifted() {
    for (defs, provider, schemas) in [
        (vendors(), "crowdsec", true),
        (vendors(), "connectsecure", false),
        (vendors(), "procustodibus", false),
        (vendors(), "canary", false),
        (vendors(), "wallarm", false),
        (goldens(), "features", true),
    ] {
        let draft = Draft::of(&defs, provider, schemas);
        for format in FORMATS {
            assert_eq!(found(&draft, format, true).0, [], "{provider}: {format}");
        }
    }
}

/// Features that the vendors do not use: references to schemas of other events, `dispatch = "named"`, lines and unions.
#[test]
fn pages_of_the_realistic_set_have_not_drifted() {
    for provider in conformance::catalog(&realistic()).providers.iter().step_by(conformance::stride(3)) {
        let draft = Draft::of(&realistic(), &provider.name, true);
        let (findings, _) = found(&draft, "page.md", true);
        assert_eq!(findings, [], "{}", provider.name);
    }
}

#[test]
fn two_equal_versions_do_not_differ() {
    for defs in [vendors(), goldens(), realistic()] {
        for provider in &conformance::catalog(&defs).providers {
            assert_eq!(providers(provider, provider, Sent::default()).unwrap(), [], "{}", provider.name);
        }
    }
}

#[test]
fn a_schema_that_stands_there_twice_is_one() {
    let mut page = crowdsec();
    let again: Vec<_> = page.blocks.iter().filter(|block| block.event == "payment_failed").cloned().collect();
    page.blocks.extend(again.clone());
    assert_eq!(found(&page, "page.html", true).0, []);
    // The pages may not agree with each other.
    page.blocks.extend(again.into_iter().filter(|block| block.schema));
    let other = page.blocks.last_mut().unwrap();
    remove(&mut other.json, "/properties/metadata/properties", "issuer");
    check("two_schemas_of_one_event", &page);
}

#[test]
fn the_documents_of_the_vendors_have_not_drifted() {
    let Some(seeds) = shared("seeds") else { return };
    for provider in ["canary", "connectsecure", "crowdsec", "procustodibus", "wallarm"] {
        let name = format!("{provider}.txt");
        let page = read(&name, &std::fs::read(seeds.join(&name)).unwrap()).unwrap();
        assert!(page.unparsed.is_empty(), "{provider}: {:?}", page.unparsed);
        let repairs = page.blocks.iter().map(|block| block.repairs.len()).sum::<usize>();
        let drift = drift(&draft(provider).provider, &[(name, page)], Sent::default()).unwrap();
        assert_eq!(drift.findings, [], "{provider}");
        let seen = (drift.counts.schemas, drift.counts.payloads, drift.counts.structures, repairs);
        let expected = match provider {
            "canary" => (0, 5, 2, 0),
            "connectsecure" => (0, 4, 1, 1),
            "crowdsec" => (14, 14, 0, 0),
            "procustodibus" => (0, 4, 0, 4),
            _ => (0, 2, 0, 0),
        };
        assert_eq!(seen, expected, "{provider}");
    }
}

#[test]
fn the_pages_of_today_have_not_drifted() {
    let Some(pages) = shared("pages") else { return };
    for (provider, file) in [("crowdsec", "crowdsec.mdx"), ("wallarm", "wallarm.md"), ("canary", "canary.md")] {
        let page = read(file, &std::fs::read(pages.join(file)).unwrap()).unwrap();
        assert!(page.unparsed.is_empty(), "{provider}: {:?}", page.unparsed);
        let mut draft = Draft::of(&vendors(), provider, false);
        // The saved pages do not show events that were added to schema-defs later.
        let first = Draft::of(&five_documents(), provider, false).provider.events;
        let later = ["blocking_safe_ip", "ip_blocked", "new_hits", "security_issue"];
        let is_shown = |name: &str| later.contains(&name) || first.iter().any(|event| event.name == name);
        draft.provider.events.retain(|event| is_shown(&event.name));
        draft.provider.settings.precedence.retain(|event| is_shown(event));
        let drift = drift(&draft.provider, &[(file.to_owned(), page)], Sent::default()).unwrap();
        // White space inside a text that the page prints over several lines is no difference.
        assert!(
            worst(&drift.findings).is_none_or(|class| class == Class::Cosmetic),
            "{provider}: {:?}",
            drift.findings
        );
        assert_eq!(drift.undetermined, Vec::<String>::new());
    }
}

#[test]
fn order_and_words_are_no_difference() {
    let mut page = crowdsec();
    page.blocks.reverse();
    target(&mut page)["properties"]["ip"]["description"] = "Other words".into();
    at(target(&mut page), "/required").as_array_mut().unwrap().reverse();
    for format in FORMATS {
        assert_eq!(exit_code(worst(&found(&page, format, false).0)), 0);
        assert!(found(&page, format, false).1.ends_with("no drift\n"));
    }
    let (_, all) = found(&page, "page.md", true);
    insta::assert_snapshot!(all.lines().nth(2).unwrap(), @"  words       alert_triggered  /details/target/ip: other words, description: The IP targeted by the");
}

#[test]
fn events() {
    let mut page = crowdsec();
    for block in page.blocks.iter_mut().filter(|block| block.event == "payment_failed") {
        block.heading = block.heading.replace("Payment failed", "Quota reached");
        let text = block.json.to_string().replace("payment_failed", "quota_reached");
        block.json = serde_json::from_str(&text).unwrap();
    }
    check("event_added_and_another_gone", &page);

    let mut page = crowdsec();
    page.blocks.retain(|block| block.event != "payment_failed");
    check("event_gone", &page);

    let mut page = wallarm();
    let mut rule = page.blocks[0].clone();
    rule.heading = "Rule changed".to_owned();
    rule.json = json!([{"object_type": "rule", "action": "created", "rule_id": 5}]);
    page.blocks.push(rule);
    check("event_added_without_a_schema", &page);

    // Only some of the provider's events have their name in this member.
    let mut page = Draft::of(&goldens(), "groups", false);
    for block in page.blocks.iter_mut().filter(|block| block.event == "ip_blocked") {
        block.heading = "IP released".to_owned();
        block.json = serde_json::from_str(&block.json.to_string().replace("ip_blocked", "ip_released")).unwrap();
    }
    check("event_of_a_group_added_and_another_gone", &page);
}

/// A name, a page, and its one change.
type Case = (&'static str, fn() -> Draft, fn(&mut Draft));

fn check_all(cases: &[Case]) {
    for (name, page, change) in cases {
        let mut page = page();
        change(&mut page);
        check(name, &page);
    }
}

/// Returns the schema of an event of CrowdSec.
fn alert(page: &mut Draft) -> &mut Value {
    page.schema("alert_triggered")
}

/// Returns the target of an alert in that schema.
fn target(page: &mut Draft) -> &mut Value {
    at(alert(page), TARGET)
}

#[test]
fn members_of_schemas() {
    check_all(&[
        ("member_added", crowdsec, |page| insert(target(page), "/properties", "port", json!({"type": "integer"}))),
        ("optional_member_gone", crowdsec, |page| drop(remove(target(page), "/properties", "name"))),
        ("required_member_gone", crowdsec, |page| {
            remove(target(page), "/properties", "ip");
            strike(target(page), "/required", "ip");
        }),
        ("member_renamed", crowdsec, |page| {
            let ip = remove(target(page), "/properties", "ip");
            insert(target(page), "/properties", "ip_address", ip);
            strike(target(page), "/required", "ip");
        }),
        ("member_moved_into_an_envelope", crowdsec, |page| {
            let schema = page.schema("payment_failed");
            let details = remove(schema, "/properties", "details");
            insert(schema, "/properties", "data", json!({"type": "object", "properties": {"details": details}}));
            strike(schema, "/required", "details");
        }),
    ]);
}

#[test]
fn types_of_schemas() {
    check_all(&[
        ("type_widened", crowdsec, |page| target(page)["properties"]["id"]["type"] = json!(["string", "integer"])),
        ("type_changed", crowdsec, |page| target(page)["properties"]["id"]["type"] = json!("integer")),
        ("null_added", crowdsec, |page| target(page)["properties"]["id"]["type"] = json!(["string", "null"])),
        ("null_gone", crowdsec, |page| target(page)["properties"]["name"]["anyOf"] = json!([{"type": "string"}])),
        ("type_narrowed", features, |page| page.schema("bounds")["properties"]["share"]["type"] = json!("integer")),
        ("required_gone", crowdsec, |page| strike(target(page), "/required", "ip")),
        ("required_added", crowdsec, |page| at(target(page), "/required").as_array_mut().unwrap().push("name".into())),
    ]);
}

#[test]
fn values_and_rules_of_schemas() {
    let cases: [(&str, &str, &str, Value); 9] = [
        ("values_added", "enums", "/level/enum", json!(["low", "high", "not so `high`", "urgent"])),
        ("values_gone", "enums", "/level/enum", json!(["low", "high"])),
        ("rule_loosened", "bounds", "/port/maximum", json!(100_000)),
        ("rule_tightened", "bounds", "/name/maxLength", json!(3)),
        ("rule_changed", "bounds", "/name/pattern", json!("^[a-z]+$")),
        ("items_loosened", "bounds", "/tags/uniqueItems", json!(false)),
        ("step_changed", "bounds", "/share/multipleOf", json!(0.001)),
        ("condition_changed", "bounds", "/labels/propertyNames", json!({"minLength": 2})),
        ("values_of_an_open_list", "enums", "/open_level/anyOf/0/enum", json!(["low", "high", "urgent"])),
    ];
    for (name, event, pointer, new) in cases {
        let mut page = features();
        *at(&mut page.schema(event)["properties"], pointer) = new;
        check(name, &page);
    }
    check_all(&[
        ("constant_changed", crowdsec, |page| {
            *at(alert(page), "/properties/metadata/properties/issuer/const") = "crowdsec.com".into();
        }),
        ("object_closed", crowdsec, |page| target(page)["additionalProperties"] = json!(false)),
    ]);
}

#[test]
fn members_and_types_of_payloads() {
    check_all(&[
        ("example_that_its_own_schema_refuses", crowdsec, |page| {
            page.payload("alert_triggered")["details"]["target"]["ip"] = Value::Null;
        }),
        ("example_that_types_lose_something_of", crowdsec, |page| {
            page.payload("alert_triggered")["details"]["score"] = "a number of 25 digits".into();
        }),
        ("payload_member_added", wallarm, |page| page.payload("hit")["session"] = "abc".into()),
        ("payload_member_gone", wallarm, |page| drop(remove(page.payload("hit"), "", "datacenter"))),
        ("payload_required_member_gone", wallarm, |page| drop(remove(page.payload("vulnerability"), "", "threat"))),
        ("payload_member_renamed", canary, |page| {
            let payload = page.payload("incident");
            payload["canary_name"] = remove(payload, "", "CanaryName");
        }),
        ("payload_members_moved_into_an_envelope", canary, |page| {
            let payload = page.payload("incident");
            let members =
                ["CanaryName", "CanaryID", "CanaryIP"].map(|name| (name.to_owned(), remove(payload, "", name)));
            payload["Canary"] = Value::Object(members.into_iter().collect());
        }),
        ("payload_number_became_a_string", wallarm, |page| page.payload("hit")["remote_port"] = "41616".into()),
        ("payload_null_added", wallarm, |page| page.payload("hit")["domain"] = Value::Null),
        // According to the schema, the names of the members are data.
        (
            "payload_map_with_another_name",
            || draft("procustodibus"),
            |page| {
                let parameters = &mut page.payload("alerts")["attributes"]["params"];
                parameters["country_title"] = remove(parameters, "", "country_name");
            },
        ),
        // The schema already allows both types.
        ("payload_type_that_the_schema_has", canary, |page| page.payload("incident")["LogType"] = json!(2000)),
        ("payload_discriminator_changed", wallarm, |page| page.payload("hit")["object_type"] = "web_hit".into()),
        (
            "text_that_fits_no_template",
            || draft("connectsecure"),
            |page| {
                let body = "Port 443/tcp is open on asset 192.168.1.100 (server-01.example.com)";
                page.payload("asset_ports")["body"] = body.into();
            },
        ),
    ]);
}

#[test]
fn a_block_under_an_ignored_heading_is_no_event() {
    let mut page = wallarm();
    let mut block = page.blocks[0].clone();
    block.heading = "Configuration".to_owned();
    block.json = json!({"endpoint": "https://example.com", "retries": 3});
    page.blocks.push(block);
    check("json_that_is_like_no_event", &page);
    page.provider.settings.ignore_headings.push("Configuration".to_owned());
    assert_eq!(found(&page, "page.md", false).0, []);
}
