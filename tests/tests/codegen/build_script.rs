//! `webhook_codegen::build`, as a build script calls it. The package of the realistic set is built with it.

use std::fs;
use std::process::Command;

use conformance::folder::{copy, vendors};

use crate::command::{Outcome as _, TOOLKIT, output};

#[test]
fn a_problem_of_the_folder_is_an_error_of_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let build = || {
        let mut script = Command::new(TOOLKIT);
        output(script.args(["build", "schema-defs"]).current_dir(folder.path()).env("OUT_DIR", folder.path()))
    };
    copy(&vendors().join("canary"), &folder.path().join("schema-defs/canary"));
    assert_eq!(build().exits(0).0, "cargo::rerun-if-changed=schema-defs\n");
    assert!(folder.path().join("webhooks/src/canary/incident.rs").exists());
    let module = fs::read_to_string(folder.path().join("webhooks.rs")).unwrap();
    assert!(module.contains("pub mod webhooks;"), "{module}");
    // The runtime of a crate with a generated module may lack the items that features add to a package.
    let root = fs::read_to_string(folder.path().join("webhooks/src/lib.rs")).unwrap();
    let root: String = root.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    assert!(root.contains("pub mod canary;") && !root.contains("cfg("), "{root}");
    for item in ["AsyncBatchReader", "CredentialsLayer", "Signatures", "SignatureLayer", "StrictWebhook"] {
        assert!(!root.contains(item), "{item}: {root}");
    }

    fs::write(folder.path().join("schema-defs/canary/incident/schema.json"), "{ \"type\": \"objekt\" }").unwrap();
    let (shown, _) = build().exits(1);
    let error = shown.lines().find(|line| line.starts_with("cargo::error=")).unwrap();
    assert!(error.contains("schema-defs/canary/incident/schema.json:1:11"), "{error}");
}
