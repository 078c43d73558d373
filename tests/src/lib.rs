//! Code that tests share: folders of schema-defs, other validators to compare with, generated instances, and
//! assertions.

pub mod changes;
pub mod command;
pub mod differential;
pub mod documentation;
pub mod exceptions;
pub mod folder;
pub mod fuzz;
pub mod instances;
pub mod lossless;
pub mod mutate;
pub mod oracle;
pub mod pages;
pub mod planned;
pub mod schemas;
pub mod snapshots;
pub mod steps;
pub mod streaming;
pub mod tolerant;
pub mod variations;

// The Rust code of the README and of the guide is compiled and run as doctests.
#[cfg(doctest)]
mod documents {
    macro_rules! documents {
        ($($name:ident $path:literal)*) => { $(#[doc = include_str!($path)] mod $name {})* };
    }

    documents! {
        package "../../generated/README.md"
        introduction "../../guide/src/introduction.md"
        rejected "../../guide/src/rejected.md"
        new_vendor "../../guide/src/new-vendor.md"
        changed_page "../../guide/src/changed-page.md"
        find_members "../../guide/src/find-members.md"
        vendors "../../guide/src/vendors.md"
        reading "../../guide/src/reading.md"
        promises "../../guide/src/promises.md"
        command_line "../../guide/src/command-line.md"
        schema_defs "../../guide/src/schema-defs.md"
        speed "../../guide/src/speed.md"
    }

    // These pages use axum or a database, and optional features of the crate.
    #[cfg(feature = "extras")]
    documents! {
        readme "../../README.md"
        receive "../../guide/src/receive.md"
        test_handler "../../guide/src/test-handler.md"
        database "../../guide/src/database.md"
        two_vendors "../../guide/src/two-vendors.md"
    }
}

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use serde_json::Value;
use webhook_codegen::json::Json;
use webhook_codegen::{Catalog, Dialect, Validator};
use webhook_harness::{Typed, TypedProvider};
use webhook_runtime::{Example, Violations};

/// Returns the number of rounds of a random test: `few`, multiplied by the variable `CONFORMANCE_ROUNDS` in long runs.
pub fn rounds(few: u64) -> u64 {
    let times = std::env::var("CONFORMANCE_ROUNDS").ok().and_then(|text| text.parse().ok());
    few * times.unwrap_or(1)
}

/// Returns the distance between the cases that a test tries if there are too many: `far`, or less in a long run with
/// `CONFORMANCE_ROUNDS`.
pub fn stride(far: usize) -> usize {
    (far / usize::try_from(rounds(1)).unwrap_or(usize::MAX)).max(1)
}

/// Returns the providers of all vendors.
pub fn vendors() -> Vec<TypedProvider> {
    security_webhooks::Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect()
}

/// Returns the providers of the goldens, which are small schemas, one for each feature.
pub fn goldens() -> Vec<TypedProvider> {
    golden_events::Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect()
}

/// Returns the providers of the realistic set: invented vendors, whose schemas are modelled on public webhook APIs.
///
/// Returns an empty list without the feature `realistic`.
pub fn realistic() -> Vec<TypedProvider> {
    #[cfg(not(feature = "realistic"))]
    return Vec::new();
    #[cfg(feature = "realistic")]
    realistic_events::Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect()
}

/// Returns the three sets of providers with the folders that they are generated from. Without the feature `realistic`,
/// there are two.
pub fn sets() -> Vec<(Vec<TypedProvider>, PathBuf)> {
    let all = [(vendors(), folder::vendors()), (goldens(), folder::goldens()), (realistic(), folder::realistic())];
    all.into_iter().filter(|(providers, _)| !providers.is_empty()).collect()
}

/// Returns all providers.
pub fn everything() -> Vec<TypedProvider> {
    sets().into_iter().flat_map(|(providers, _)| providers).collect()
}

/// Returns the catalog of a folder of schema-defs that no test changes. Each folder is loaded once.
pub fn catalog(defs: &Path) -> &'static Catalog {
    static ALL: LazyLock<Mutex<HashMap<PathBuf, &'static Catalog>>> = LazyLock::new(Mutex::default);
    let mut all = ALL.lock().expect("a lock that no test poisons");
    let load = || Box::leak(Box::new(webhook_codegen::load(defs).expect("schema-defs")));
    all.entry(defs.to_owned()).or_insert_with(|| load())
}

/// Returns the payloads of examples.
pub fn payloads(examples: &[Example]) -> Vec<Value> {
    examples.iter().map(|example| serde_json::from_str(example.payload).expect("a payload is JSON")).collect()
}

/// Returns our validator for a schema of draft 2020-12 that refers to no other document.
pub fn validator(schema: &str) -> Validator {
    let schema = Json::parse(schema).expect("a schema is JSON");
    Validator::new(&schema, &BTreeMap::new(), Dialect::default()).expect("a schema")
}

/// Returns the violations of an instance.
pub fn violations(schema: &Value, instance: &Value) -> Violations {
    validator(&schema.to_string()).violations(&[instance]).remove(0)
}

/// Asserts that no error repeats the text of its source.
pub fn says_everything_once(error: &dyn std::error::Error) {
    let mut shown = vec![error.to_string()];
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        assert!(!shown.iter().any(|before| before.contains(&text)), "{text:?} is said twice: {shown:?}");
        shown.push(text);
        next = source.source();
    }
}
