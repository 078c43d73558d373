//! The supertrait that seals traits. Only this crate and generated code implement sealed traits, so methods can be
//! added to them in any release.

/// A type that implements one of the sealed traits.
pub trait Sealed {}
