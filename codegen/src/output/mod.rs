//! Formats the files of a generated package, writes them to a folder, and lists their public API.

pub(crate) mod api;
mod folder;
pub(crate) mod format;
pub(crate) mod mark;
pub(crate) mod tree;
