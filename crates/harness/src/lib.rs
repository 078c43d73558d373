//! Passes payloads through generated types: what the commands `validate`, `roundtrip` and `suite` do with a generated
//! package, whose types are given as [`TypedProvider`]s.

pub mod json_diff;
mod printable;
mod repeated;
mod request;
pub mod roundtrip;
pub mod suite;
mod typed;
pub mod validate;

pub use crate::printable::{printable, printable_lines};
pub use crate::request::{Request, main};
pub use crate::typed::{Typed, TypedEvent, TypedProvider};
