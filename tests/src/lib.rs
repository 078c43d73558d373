//! What the tests have in common: the folders of schema-defs as they stand on the disk, other validators to agree with, and
//! instances made from schemas.

pub mod command;
pub mod exceptions;
pub mod folder;
pub mod instances;
pub mod meaning;
pub mod mutate;
pub mod oracle;
pub mod pages;
pub mod tolerant;

use std::path::PathBuf;

use webhook_runtime::ProviderInfo;

/// The providers of the five vendors.
pub fn vendors() -> Vec<&'static ProviderInfo> {
    security_webhooks::Provider::ALL.iter().map(|provider| provider.info()).collect()
}

/// The providers of the goldens: small schemas, one for each feature.
pub fn goldens() -> Vec<&'static ProviderInfo> {
    golden_events::Provider::ALL.iter().map(|provider| provider.info()).collect()
}

/// The providers of the larger set: invented vendors, whose schemas are as those of public webhook APIs.
///
/// None without the feature `larger`.
pub fn larger() -> Vec<&'static ProviderInfo> {
    #[cfg(not(feature = "larger"))]
    return Vec::new();
    #[cfg(feature = "larger")]
    larger_events::Provider::ALL.iter().map(|provider| provider.info()).collect()
}

/// The three sets: their providers, and the folders that they are generated from. Without the feature `larger`, two.
pub fn sets() -> Vec<(Vec<&'static ProviderInfo>, PathBuf)> {
    let all = [(vendors(), folder::vendors()), (goldens(), folder::goldens()), (larger(), folder::larger())];
    all.into_iter().filter(|(providers, _)| !providers.is_empty()).collect()
}

/// All providers.
pub fn everything() -> Vec<&'static ProviderInfo> {
    sets().into_iter().flat_map(|(providers, _)| providers).collect()
}
