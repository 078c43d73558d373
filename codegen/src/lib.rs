//! Turns a folder of JSON Schemas and example payloads into a Rust crate.

pub mod catalog;
mod diagnostic;
pub mod json;
mod load;
mod model;
mod overlay;
mod settings;

pub use crate::catalog::Catalog;
pub use crate::diagnostic::Diagnostic;
pub use crate::load::load;
