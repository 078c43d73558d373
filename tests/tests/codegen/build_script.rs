//! `webhook_codegen::build`, from the build script of a user's crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::command::output;
use conformance::folder::{copy, examples, root, vendors};
use serde_json::Value;

/// A crate whose build script makes the types of some vendors, and whose program reads bodies.
fn user(folder: &Path) -> PathBuf {
    let user = folder.join("user");
    for provider in ["canary", "crowdsec", "wallarm"] {
        copy(&vendors().join(provider), &user.join("schema-defs").join(provider));
    }
    let path = |package: &str| root().join(package).display().to_string().replace('\\', "/");
    let manifest = format!(
        "[package]\nname = \"user\"\nedition = \"2021\"\n\n[workspace]\n\n[lints.rust]\nwarnings = \"deny\"\n\n\
         [dependencies]\nwebhook-runtime = {{ path = {:?}, features = [\"pattern\"] }}\n\n\
         [build-dependencies]\nwebhook-codegen = {{ path = {:?} }}\n",
        path("crates/runtime"),
        path("codegen"),
    );
    let write = |name: &str, text: &str| {
        let path = user.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", &manifest);
    write("build.rs", "fn main() {\n    webhook_codegen::build(\"schema-defs\");\n}\n");
    write(
        "src/lib.rs",
        "//! Types.\n\n#![deny(missing_docs)]\n\ninclude!(concat!(env!(\"OUT_DIR\"), \"/webhooks.rs\"));\n",
    );
    write(
        "src/main.rs",
        "use user::webhooks::{Provider, crowdsec::Event, identify};\n\n\
         fn main() {\n    \
             assert_eq!(Provider::ALL.len(), 3);\n    \
             let body = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();\n    \
             assert_eq!(identify(&body).unwrap().provider, Provider::CrowdSec);\n    \
             print!(\"{}\", Event::from_slice(&body).unwrap().to_string());\n\
         }\n",
    );
    fs::copy(root().join("Cargo.lock"), user.join("Cargo.lock")).unwrap();
    user
}

fn cargo(user: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    output(
        Command::new(cargo)
            .args(arguments)
            .env("CARGO_NET_OFFLINE", "true")
            .current_dir(user)
            .env("CARGO_TARGET_DIR", root().join("target/xtask/build_script")),
    )
}

#[test]
fn a_build_script_makes_a_module() {
    let folder = tempfile::tempdir().unwrap();
    let user = user(folder.path());
    let example = examples(&vendors()).into_iter().find(|file| file.event == "payment_failed").unwrap();
    let body = user.join("body.json");
    fs::write(&body, &example.text).unwrap();
    let (code, shown, errors) = cargo(&user, &["run", "--quiet", "--", "body.json"]);
    assert_eq!(code, Some(0), "{errors}");
    let sent: Value = serde_json::from_str(&example.text).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), sent);

    // A problem of the folder is an error of the build, with its place.
    fs::write(user.join("schema-defs/canary/incident/schema.json"), "{ \"type\": \"objekt\" }").unwrap();
    let (code, _, errors) = cargo(&user, &["check"]);
    assert_eq!(code, Some(101), "{errors}");
    assert!(errors.contains("schema-defs/canary/incident/schema.json:1:11"), "{errors}");
}
