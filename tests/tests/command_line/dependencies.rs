//! The dependencies that a user of the generated crate builds.

use std::collections::BTreeSet;
use std::process::Command;

use crate::command::Outcome as _;
use conformance::command::output;
use conformance::folder::root;

/// Returns the names of the crates that are built for the generated crate with only these features.
fn crates(features: &str) -> BTreeSet<String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{lib}"]);
    command
        .args(["--package", "security-webhooks", "--no-default-features", "--features", features])
        .current_dir(root());
    let (tree, _) = output(&mut command).exits(0);
    tree.split_whitespace().filter(|word| !word.starts_with('(')).map(str::to_owned).collect()
}

#[test]
fn one_provider_needs_no_http_code() {
    let expected =
        ["itoa", "memchr", "security_webhooks", "serde", "serde_core", "serde_json", "webhook_runtime", "zmij"];
    assert_eq!(crates("canary"), expected.map(str::to_owned).into());
    assert_eq!(crates("canary,crowdsec,connectsecure,procustodibus,wallarm"), expected.map(str::to_owned).into());
    // The features for endpoints add dependencies.
    let endpoint = crates("canary,axum,tower");
    assert!(
        ["axum_core", "http", "subtle", "tower_service"].iter().all(|name| endpoint.contains(*name)),
        "{endpoint:?}"
    );
}
