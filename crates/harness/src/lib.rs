//! Passes payloads through generated types, for the commands `validate --types`, `roundtrip` and `suite`. The types of
//! a generated package are given as [`TypedProvider`]s.

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
