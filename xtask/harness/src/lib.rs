//! Sends payloads through generated types: what the commands `validate`, `roundtrip` and `suite` do with a generated
//! package, whose types they know as [`TypedProvider`]s.

pub mod json_diff;
pub mod roundtrip;
pub mod suite;
mod typed;
pub mod validate;

pub use crate::typed::{Typed, TypedEvent, TypedProvider};
