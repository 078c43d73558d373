//! Webhook events of invented vendors, after the way public webhook APIs are: what the toolkit must take beyond the five
//! vendors of this repository. The code is generated from `schema-defs/` while this is built, as in a crate of a user.

#![deny(missing_docs)]
#![deny(warnings)]
// rustc takes this permission from the crate's root alone.
#![allow(mixed_script_confusables)]

include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));

pub use webhooks::*;
