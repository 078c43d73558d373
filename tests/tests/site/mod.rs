//! The guide and the catalogue.

mod catalogue;
mod guide;
mod pages;
