//! `cargo xtask import`: its files, its report of a newer version, and its exit codes.

use std::fs;

use super::fixture;
use crate::command::Outcome as _;
use crate::sandbox::Sandbox;

#[test]
fn a_new_provider_is_written_and_generates() {
    let sandbox = Sandbox::new();
    let (shown, _) = sandbox.run("import", &["depot", fixture("openapi_3_0.yaml").to_str().unwrap()]).exits(0);
    assert!(shown.ends_with("depot: 2 events, 6 shared schemas, 3 examples\n"), "{shown}");
    let settings = sandbox.text("depot/provider.toml");
    for line in [
        "title = \"Depot\"",
        "origin = \"openapi_3_0.yaml: OpenAPI 3.0.3, Depot 1.4.0\"",
        "annotations = [\"discriminator\"]",
        "methods = [\"POST\"]",
        "success = \"200\"",
        "credentials = [\"bearer\"]",
        "headers: X-Depot-Signature\"",
    ] {
        assert!(settings.contains(line), "{line}: {settings}");
    }
    assert!(!settings.contains("since"), "{settings}");
    let out = sandbox.path("out").display().to_string();
    sandbox.run("codegen", &["--out", &out, "--package", "depot"]).exits(0);
    assert!(
        fs::read_to_string(sandbox.path("out/src/depot/parcel_moved.rs")).unwrap().contains("pub struct ParcelMoved")
    );
}

#[test]
fn a_newer_version_is_reported_and_accepted() {
    let sandbox = Sandbox::new();
    let old = fs::read_to_string(fixture("openapi_3_1.yaml")).unwrap();
    let import = |text: &str, options: &[&str]| {
        sandbox.run("import", &[options, &["ledger", &sandbox.file("ledger.yaml", text)]].concat())
    };
    assert_eq!(import(&old, &[]).0, Some(0));
    let before = sandbox.all();
    assert_eq!(import(&old, &[]).exits(0).0, "ledger: 2 events: no drift\n");
    // Changed descriptions are no drift.
    import(&old.replace("An invoice was paid in full.", "Paid."), &["--all"]).shows(0, ["words"]);
    // A new member is compatible. A changed type and a removed event are breaking.
    let wider =
        old.replace("        number: {type: string,", "        memo: {type: string}\n        number: {type: string,");
    let (shown, _) = import(&wider, &[]).exits(1);
    assert!(shown.contains("compatible  invoice_paid     /invoice/memo: new member: string"), "{shown}");
    let other =
        wider.replace("number: {type: string, pattern: \"^[0-9]+$\"}", "number: {type: integer}").replace("\"1\"", "1");
    let other = other.replace("  invoice.paid:", "  invoice.settled:").replace("invoice.paid", "invoice.settled");
    let other = other.replace("    Event:\n", "    Event:\n      xml: {name: event}\n");
    let (shown, _) = import(&other, &[]).exits(2);
    for line in [
        "breaking    invoice_created  /invoice/number: type changed, string → integer",
        "breaking    invoice_paid     the event is gone",
        "compatible  invoice_settled  a new event",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let (code, shown, _) = import(&other, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((code, &report["provider"]), (Some(2), &serde_json::json!("ledger")));
    assert_eq!(sandbox.all(), before, "nothing is written without --accept");
    let (_, errors) = import(&other, &["--accept"]).exits(1);
    assert!(errors.contains("to do: ledger/invoice_paid: no longer documented"), "{errors}");
    let settings = sandbox.text("ledger/provider.toml");
    assert!(settings.contains("annotations = [\"example\", \"nullable\", \"xml\"]"), "{settings}");
    assert!(settings.contains("[events.invoice_settled]") && settings.contains("since = \"0.1.0\""), "{settings}");
    // A person deletes the event that is gone.
    fs::remove_dir_all(sandbox.path("defs/ledger/invoice_paid")).unwrap();
    let (first, rest) = settings.split_once("\n[events.invoice_paid]").unwrap();
    let (_, last) = rest.split_once("\n[events.invoice_settled]").unwrap();
    sandbox.write("ledger/provider.toml", format!("{first}\n[events.invoice_settled]{last}"));
    assert_eq!(import(&other, &[]).exits(0).0, "ledger: 2 events: no drift\n");
}

#[test]
fn an_overlay_that_no_longer_fits_is_left_to_a_person() {
    let sandbox = Sandbox::new();
    let event = |name: &str| {
        format!("{{type: object, required: [at], properties: {{kind: {{enum: [{name}]}}, at: {{type: integer}}}}}}")
    };
    let webhook = |name: &str| {
        format!("  {name}: {{post: {{requestBody: {{content: {{application/json: {{schema: {}}}}}}}}}}}\n", event(name))
    };
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nwebhooks:\n{}{}", webhook("a"), webhook("b"));
    let document = sandbox.file("a.yaml", &text);
    let (_, errors) = sandbox.run("import", &["vendor", &document]).exits(0);
    assert!(errors.contains("`kind` names the event"), "{errors}");
    let overlay = sandbox.text("vendor/a/overlay.json");
    assert!(overlay.contains("\"test\"") && overlay.contains("\"/properties/kind\""), "{overlay}");
    assert_eq!(sandbox.run("import", &["vendor", &document]).exits(0).0, "vendor: 2 events: no drift\n");
    // The vendor describes the member now, and requires it, in one event.
    let described = text.replacen("required: [at]", "required: [at, kind]", 1).replacen("{enum: [a]}", "{const: a}", 1);
    sandbox.file("a.yaml", described);
    let (code, shown, errors) = sandbox.run("import", &["vendor", &document]);
    assert!(errors.contains("note: vendor/a/overlay.json#/0: does not apply"), "{errors}");
    assert_eq!((code, shown.as_str()), (Some(0), "vendor: 2 events: no drift\n"));
    sandbox.run("import", &["--accept", "vendor", &document]).says(1, ["to do: vendor/a/overlay.json"]);
    fs::remove_file(sandbox.path("defs/vendor/a/overlay.json")).unwrap();
    sandbox.run("import", &["--accept", "vendor", &document]).says(0, ["0 left to do"]);
}

#[test]
fn schemas_that_are_named_are_events_in_every_version() {
    let sandbox = Sandbox::new();
    let schema = |name: &str, value: &str| {
        let kind = format!("{{type: string, example: {value}}}");
        let example = format!("{{kind: {value}, at: 5}}");
        format!(
            "    {name}Event: {{type: object, properties: {{kind: {kind}, at: {{type: integer}}}}, example: {example}}}\n"
        )
    };
    let (first, second) = (schema("CardMade", "card.made"), schema("CardLost", "card.lost"));
    let text = format!("openapi: 3.0.0\ninfo: {{title: T}}\ncomponents:\n  schemas:\n{first}{second}");
    let import = |text: &str, options: &[&str]| {
        sandbox.run("import", &[options, &["vendor", &sandbox.file("a.yaml", text)]].concat())
    };
    import(&text, &[]).says(3, ["--schema '*Event' names 2"]);
    import(&text, &["--schema", "*Event", "--discriminator", "sort"]).says(3, ["no event has a member sort"]);
    import(&text, &["--schema", "*Event", "--schema", "!Nothing"]).says(3, ["the documents have no schema Nothing"]);
    assert!(!sandbox.path("defs/vendor").exists());
    let named = ["--schema", "*Event", "--discriminator", "kind"];
    import(&text, &named).says(0, ["note: `kind` names the event"]);
    assert_eq!(import(&text, &named).exits(0).0, "vendor: 2 events: no drift\n");
    // An event that is added gets an overlay too.
    let wider = format!("{text}{}", schema("CardFound", "card.found"));
    import(&wider, &named).shows(1, ["compatible  card_found_event  a new event"]);
    import(&wider, &["--accept", "--schema", "*Event", "--discriminator", "kind"]).says(0, ["0 left to do"]);
    // provider.toml keeps the options.
    assert_eq!(import(&wider, &[]).exits(0).0, "vendor: 3 events: no drift\n");
    for (kind, expected) in [("card.found", "vendor card_found_event, valid"), ("card.sold", "vendor unknown")] {
        let payload = sandbox.file("payload.json", format!("{{\"kind\": \"{kind}\", \"at\": 5}}"));
        sandbox.run("validate", &["--provider", "vendor", &payload]).shows(0, [expected]);
    }
}

#[test]
fn a_settings_file_that_a_person_began_with_is_kept() {
    let sandbox = Sandbox::new();
    let own = "title = \"My depot\" # ours\n# Notes of our team.\nannotations = [\n  \"x-team\",\n] # more follow\n";
    sandbox.write("depot/provider.toml", own);
    sandbox.run("import", &["depot", fixture("openapi_3_0.yaml").to_str().unwrap()]).exits(0);
    let settings = sandbox.text("depot/provider.toml");
    let extended = "# Notes of our team.\nannotations = [\"x-team\", \"discriminator\"] # more follow\n";
    assert!(settings.starts_with(&format!("title = \"My depot\" # ours\n{extended}")), "{settings}");
    assert!(settings.contains("[events.parcel_lost]"), "{settings}");
}

#[test]
fn a_failure_writes_nothing_and_has_a_code_of_its_own() {
    let sandbox = Sandbox::new();
    let text = fs::read_to_string(fixture("openapi_3_1.yaml")).unwrap();
    let text = text.replace("#/components/schemas/Invoice\"}", "https://ledger.example/invoice.yaml\"}");
    let document = sandbox.file("a.yaml", text);
    let (code, shown, errors) = sandbox.run("import", &["ledger", &document]);
    assert_eq!((code, shown.as_str()), (Some(3), ""), "{errors}");
    assert!(errors.contains("error[unresolved-reference]"), "{errors}");
    assert!(errors.contains("--with https://ledger.example/invoice.yaml=FILE"), "{errors}");
    assert!(sandbox.all().is_empty());
    let invoice = sandbox.file("invoice.yaml", "type: object\nproperties: {number: {type: string}}\n");
    let given = format!("https://ledger.example/invoice.yaml={invoice}");
    sandbox.run("import", &["--with", &given, "ledger", &document]).exits(0);
    assert!(sandbox.path("defs/ledger/common/invoice.json").exists());
    for arguments in [&["Ledger", "a.yaml"][..], &["ledger"], &["ledger", "a.yaml", "--with", "nothing"]] {
        sandbox.run("import", arguments).exits(3);
    }
}
