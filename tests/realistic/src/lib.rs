//! Webhook events of invented vendors, modelled on public webhook APIs. They have features that the vendors of this repository do
//! not use. A build script generates the code from `schema-defs/`, as in a crate of a user.

#![deny(missing_docs)]
#![deny(warnings)]
// rustc takes this permission from the crate's root alone.
#![allow(mixed_script_confusables)]

include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));

pub use webhooks::*;
