//! The files of a generated package: their format, their tree, and their API.

pub(crate) mod api;
mod folder;
pub(crate) mod format;
pub(crate) mod mark;
pub(crate) mod tree;
