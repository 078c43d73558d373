//! The guide and the catalogue.

mod catalogue;
mod expressions;
#[cfg(unix)]
mod guide;
mod pages;
