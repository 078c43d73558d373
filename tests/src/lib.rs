//! Shared by the tests: folders of schema-defs, other validators to compare with, generated instances, and assertions.

pub mod canonical;
pub mod command;
pub mod exceptions;
pub mod folder;
pub mod instances;
pub mod lossless;
pub mod mutate;
pub mod oracle;
pub mod pages;
pub mod payload;
pub mod readers;
pub mod snapshots;
pub mod streaming;
pub mod tolerant;

use std::path::PathBuf;

use webhook_harness::{Typed, TypedProvider};

/// The providers of the five vendors.
pub fn vendors() -> Vec<TypedProvider> {
    security_webhooks::Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect()
}

/// The providers of the goldens: small schemas, one for each feature.
pub fn goldens() -> Vec<TypedProvider> {
    golden_events::Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect()
}

/// The providers of the realistic set: invented vendors, whose schemas are as those of public webhook APIs.
///
/// None without the feature `realistic`.
pub fn realistic() -> Vec<TypedProvider> {
    #[cfg(not(feature = "realistic"))]
    return Vec::new();
    #[cfg(feature = "realistic")]
    realistic_events::Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect()
}

/// The three sets: their providers, and the folders that they are generated from. Without the feature `realistic`, two.
pub fn sets() -> Vec<(Vec<TypedProvider>, PathBuf)> {
    let all = [(vendors(), folder::vendors()), (goldens(), folder::goldens()), (realistic(), folder::realistic())];
    all.into_iter().filter(|(providers, _)| !providers.is_empty()).collect()
}

/// All providers.
pub fn everything() -> Vec<TypedProvider> {
    sets().into_iter().flat_map(|(providers, _)| providers).collect()
}
