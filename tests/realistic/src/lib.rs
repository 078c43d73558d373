//! Webhook events of invented vendors, after the way public webhook APIs are: what the toolkit must take beyond the five
//! vendors of this repository. The code is generated from `schema-defs/` while this is built.

#![allow(
    mixed_script_confusables,
    confusable_idents,
    uncommon_codepoints,
    non_camel_case_types,
    clippy::large_enum_variant
)]

include!(concat!(env!("OUT_DIR"), "/src/root.rs"));
