//! Webhook events of invented vendors, after the way public webhook APIs are: what the toolkit must take beyond the five
//! vendors of this repository. The code is generated from `schema-defs/` while this is built, as in a crate of a user.

#![deny(missing_docs)]
// The module allows the same for itself, where Rust ignores it.
#![allow(unused_attributes, mixed_script_confusables, confusable_idents, uncommon_codepoints, non_camel_case_types)]

include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));

pub use webhooks::*;
