//! The seal of traits that only this crate and generated code implement, so that they can get methods in any release.

/// A type that implements one of the sealed traits.
pub trait Sealed {}
