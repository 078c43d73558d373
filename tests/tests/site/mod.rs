//! The guide and the catalogue.

mod catalogue;
mod guide;
mod openapi;
mod pages;
