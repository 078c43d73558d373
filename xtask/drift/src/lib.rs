//! Reads what a vendor documents and tells where the schemas and examples here have drifted from it.

pub mod page;
