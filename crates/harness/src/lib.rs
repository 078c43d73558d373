//! Passes payloads through generated types. The commands `validate`, `roundtrip` and `suite` use this with a generated
//! package, whose types are represented by [`TypedProvider`]s.

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
