//! `cargo webhooks`, the command line that is installed: in an empty folder, without this repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use conformance::folder::{root, texts};
use serde_json::{Value, json};

use crate::command::{DEBUG, Outcome as _, TOOLKIT, dependency, output, run_user, share_target};

/// Returns the subcommand `cargo webhooks`, which runs in a folder without a network.
fn webhooks(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(TOOLKIT);
    command.arg("webhooks").args(arguments).current_dir(folder).env("CARGO_NET_OFFLINE", "true");
    output(command.env_remove("CARGO_MANIFEST_DIR").env("CARGO_PROFILE_DEV_DEBUG", DEBUG))
}

/// A vendor's document.
const SHOP: &str = "openapi: 3.0.3
info: { title: Shop, version: '1' }
paths: {}
x-webhooks:
  order.created:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [event, total]
              properties:
                event: { type: string, enum: [order.created] }
                total: { type: number, minimum: 0, exclusiveMinimum: true }
                coupon: { type: string, nullable: true }
            example: { event: order.created, total: 12.5, coupon: null }
      responses: { '200': { description: ok } }
";

#[test]
#[ignore = "compiles packages"]
fn from_nothing_to_types_that_read_a_payload() {
    let home = tempfile::tempdir().unwrap();
    let (shown, _) = webhooks(home.path(), &["new", "acme-events"]).exits(0);
    assert!(shown.contains("cargo webhooks codegen"), "{shown}");
    let team = home.path().join("acme-events");
    assert!(texts(&team).keys().eq([".ci/webhooks", ".gitignore", "schema-defs/package.toml"]));

    // A second run changes nothing.
    webhooks(home.path(), &["new", "acme-events"]).says(3, ["nothing was written"]);

    let payload = json!({ "type": "user.created", "id": 7, "at": "2026-01-02T03:04:05+01:00", "note": null });
    fs::write(home.path().join("captured.json"), payload.to_string()).unwrap();
    webhooks(&team, &["infer", "acme/user_created", "../captured.json"]).exits(0);
    fs::write(home.path().join("shop.yaml"), SHOP).unwrap();
    webhooks(&team, &["import", "shop", "../shop.yaml"]).exits(0);
    let (shown, _) = webhooks(&team, &["codegen"]).exits(0);
    assert!(shown.contains("for 2 events of 2 providers"), "{shown}");
    webhooks(&team, &["codegen", "--check"]).shows(0, ["up to date"]);

    // No written file refers to a path outside of the folder.
    let here = root().display().to_string();
    for (file, text) in texts(&team) {
        assert!(!text.contains(&here), "{file} has a path of this repository");
    }

    share_target(&team);
    let (code, shown, errors) = webhooks(&team, &["roundtrip"]);
    assert_eq!((code, shown.lines().last()), (Some(0), Some("exact 2, lossy 0, rejected 0")), "{errors}");
    let (shown, _) = webhooks(&team, &["validate", "--types", "--json", "../captured.json"]).exits(0);
    let verdict: Value = serde_json::from_str(shown.trim()).unwrap();
    assert_eq!((&verdict["event"], &verdict["lossless"]), (&json!("user_created"), &json!(true)), "{verdict}");

    // The crate compiles as a dependency and reads the payload, and its doctest passes.
    let (code, shown, errors) = run_user(
        &team.join("user"),
        "tool-user",
        &dependency("acme-events", &team.join("generated")),
        "fn main() {\n    let body = std::fs::read(\"../../captured.json\").unwrap();\n    \
         let event = acme_events::acme::Event::from_slice(&body).unwrap();\n    \
         print!(\"{}\", acme_events::to_string(&event));\n}\n",
    );
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), payload);
}

#[test]
#[ignore = "compiles packages"]
fn generated_crates_are_in_one_program_with_each_other_and_with_ours() {
    let home = tempfile::tempdir().unwrap();
    let payload = json!({ "type": "user.created", "id": 7 });
    fs::write(home.path().join("captured.json"), payload.to_string()).unwrap();
    for (team, package) in [("acme", "acme-events"), ("shop", "shop_events"), ("hook", "webhook")] {
        let folder = home.path().join(team);
        webhooks(home.path(), &["new", team, "--package", package]).exits(0);
        let infer = ["infer", &format!("{team}/user_created"), "../captured.json"];
        assert_eq!(webhooks(&folder, &infer).0, Some(0));
        assert_eq!(webhooks(&folder, &["codegen"]).0, Some(0));
    }
    let packages = [("acme-events", "acme"), ("shop_events", "shop"), ("webhook", "hook")];
    let packages = packages.map(|(name, team)| dependency(name, &home.path().join(team).join("generated"))).concat();
    let ours = dependency("security-webhooks", &root().join("generated"));
    let (code, shown, errors) = run_user(
        &home.path().join("user"),
        "user-of-all",
        &(packages + &ours.replace(" }", ", default-features = false, features = [\"procustodibus\"] }")),
        "fn main() {\n    let body = std::fs::read(\"../captured.json\").unwrap();\n    \
         let acme = acme_events::acme::Event::from_slice(&body).unwrap();\n    \
         let shop = shop_events::shop::Event::from_slice(&body).unwrap();\n    \
         let hook = webhook::hook::Event::from_slice(&body).unwrap();\n    \
         let ours = security_webhooks::procustodibus::Event::from_slice(&body).unwrap();\n    \
         let texts = [acme_events::to_vec(&acme), shop_events::to_vec(&shop), webhook::to_vec(&hook), \
         security_webhooks::to_vec(&ours)];\n    \
         assert!(texts.iter().all(|text| *text == texts[0]));\n    \
         print!(\"{:?}\", [acme.name(), shop.name(), hook.name(), ours.name()]);\n    \
         // `Value` is one type in all of them.\n    \
         let value: acme_events::serde_json::Value = security_webhooks::serde_json::Value::Null;\n    \
         assert!(value.is_null());\n}\n",
    );
    assert_eq!(code, Some(0), "{errors}");
    let expected = "[Some(\"user_created\"), Some(\"user_created\"), Some(\"user_created\"), Some(\"user.created\")]";
    assert_eq!(shown, expected);
}

#[test]
fn names_that_no_package_can_have() {
    let home = tempfile::tempdir().unwrap();
    webhooks(home.path(), &["new", "42"]).says(3, ["--package"]);
    assert!(!home.path().join("42").exists());
    assert_eq!(webhooks(home.path(), &["new", "42", "--package", "events"]).0, Some(0));
    webhooks(home.path(), &["codegen"]).says(3, ["schema-defs"]);
}

#[test]
fn completions_name_every_command() {
    let home = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (shown, _) = webhooks(home.path(), &["completions", shell]).exits(0);
        for command in ["codegen", "infer", "drift", "validate", "roundtrip", "new"] {
            assert!(shown.contains(command), "{shell}: {command}");
        }
    }
}

#[test]
fn the_action_reports_the_worst_drift() {
    let home = tempfile::tempdir().unwrap();
    let payload = json!({ "type": "user.created", "id": 7 });
    fs::write(home.path().join("captured.json"), payload.to_string()).unwrap();
    assert_eq!(webhooks(home.path(), &["infer", "acme/user_created", "captured.json"]).0, Some(0));
    let page = |name: &str, payload: &Value| {
        let path = home.path().join(name);
        fs::write(&path, format!("# User created\n\n```json\n{payload:#}\n```\n")).unwrap();
    };
    page("same.md", &payload);
    page("changed.md", &json!({ "type": "user.created", "id": 7, "new": true }));
    let run = |lines: &str| {
        let mut command = Command::new("bash");
        command.arg(root().join(".ci/drift-pages")).arg("schema-defs").current_dir(home.path());
        let given = home.path().join("lines");
        fs::write(&given, lines).unwrap();
        command.env("WEBHOOKS", format!("{TOOLKIT} webhooks"));
        output(command.stdin(fs::File::open(given).unwrap()))
    };
    run("acme same.md\n").shows(0, ["no drift"]);
    let (code, shown, errors) = run("acme changed.md\n\nacme same.md\n");
    assert!(code == Some(1) && shown.contains("/new"), "{shown}{errors}");
    // A page may be at an address. A page that cannot be fetched decides the exit code, whatever the differences.
    let address = |name: &str| format!("file://{}", home.path().join(name).display());
    assert_eq!(run(&format!("acme {}\n", address("changed.md"))).0, Some(1));
    run(&format!("acme {}\n", address("none.md"))).says(3, ["cannot be fetched"]);
    assert_eq!(run("acme\n").0, Some(3));
    assert_eq!(run("\n").0, Some(0));
}

#[test]
fn the_action_has_the_options_of_the_program() {
    let action = fs::read_to_string(root().join("action.yml")).unwrap();
    let home = tempfile::tempdir().unwrap();
    for line in action.lines().map(str::trim).filter(|line| line.starts_with("cargo webhooks ")) {
        let words: Vec<&str> = line.split(' ').skip(2).collect();
        let (help, _) = webhooks(home.path(), &[words[0], "--help"]).exits(0);
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(option), "{line}: {option}");
        }
    }
}
