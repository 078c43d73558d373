//! Passes payloads through generated types: what the commands `validate --types`, `roundtrip` and `suite` do with a generated
//! package, whose types are given as [`TypedProvider`]s.

pub mod json_diff;
mod printable;
pub mod read;
mod request;
pub mod roundtrip;
pub mod suite;
mod typed;

pub use crate::printable::{printable, printable_lines};
pub use crate::request::{Request, main};
pub use crate::typed::{Typed, TypedEvent, TypedProvider};
