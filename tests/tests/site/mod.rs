//! The guide and the catalogue.

mod catalogue;
#[cfg(unix)]
mod guide;
mod pages;
