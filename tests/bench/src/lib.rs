//! Measures reading and writing of payloads, compared with the alternatives of a receiver.
//!
//! A *benchmark* is a group of at most eight contenders with one input: more contenders in one process slow each other
//! down. The other contenders are compared with the first. `time` measures time, `allocations` counts allocations; both
//! print one JSON object on one line.

mod groups;
pub mod inputs;
pub mod rounds;

use std::hint::black_box;

pub use groups::{Contender, GROUPS, group};
pub use inputs::{Input, input};

/// The functions for one event.
pub struct Functions {
    /// The vendor.
    pub vendor: &'static str,
    /// The event.
    pub event: &'static str,
    /// serde_json into derived types.
    pub derived: fn(&[u8]),
    /// sonic-rs into derived types.
    pub sonic: fn(&[u8]),
    /// jzon-rs into types that it derives, if it can.
    pub jzon: Option<fn(&[u8])>,
    /// Writing derived types.
    pub derived_writer: fn(&[u8]) -> Box<dyn Fn()>,
    /// serde_json into the types that typify emits, if it emits any.
    pub typify: Option<fn(&[u8])>,
    /// Our type of the event.
    pub ours: fn(&[u8]),
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) {
    drop(black_box(serde_json::from_slice::<T>(bytes)));
}

fn read_sonic<T: serde::de::DeserializeOwned>(bytes: &[u8]) {
    drop(black_box(sonic_rs::from_slice::<T>(bytes)));
}

fn read_jzon<T: for<'t> jzon::FromJson<'t>>(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    drop(black_box(T::from_json_str(text)));
}

fn writer<T: serde::de::DeserializeOwned + serde::Serialize + 'static>(bytes: &[u8]) -> Box<dyn Fn()> {
    let value: T = serde_json::from_slice(bytes).expect("the derived types hold the examples");
    Box::new(move || drop(black_box(serde_json::to_vec(&value))))
}

/// The functions of an event.
pub fn functions(vendor: &str, event: &str) -> &'static Functions {
    let known = |functions: &&Functions| functions.vendor == vendor && functions.event == event;
    FUNCTIONS.iter().find(known).expect("every event with an example has functions")
}

/// Types for serde's derive, as somebody would write them from the examples.
#[allow(dead_code, missing_docs)]
mod derived {
    include!(concat!(env!("OUT_DIR"), "/derived.rs"));
}

/// The same types for jzon-rs.
#[allow(dead_code, missing_docs)]
mod jzon_types {
    include!(concat!(env!("OUT_DIR"), "/jzon.rs"));
}

/// What typify makes of the schemas.
#[allow(dead_code, missing_docs, clippy::all)]
mod typify {
    include!(concat!(env!("OUT_DIR"), "/typify.rs"));
}

include!(concat!(env!("OUT_DIR"), "/table.rs"));

// The types of `schema-defs/`, whose schemas have many expressions.
include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));
