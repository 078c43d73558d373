//! Renders the code that typify does not generate.

pub(crate) mod context;
pub(crate) mod declare;
pub(crate) mod dispatch;
pub(crate) mod docs;
pub(crate) mod event;
pub(crate) mod imports;
pub(crate) mod package;
mod patterns;
pub(crate) mod provider;
pub(crate) mod readers;
pub(crate) mod structs;
pub(crate) mod tables;
pub(crate) mod templated_text;
pub(crate) mod types;
pub(crate) mod unions;
