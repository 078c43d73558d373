//! Sends payloads through generated types: what the commands `validate` and `roundtrip` do with a generated package, which
//! they know by its [`ProviderInfo`](webhook_runtime::ProviderInfo)s alone.

pub mod exact;
pub mod roundtrip;
pub mod suite;
pub mod validate;
