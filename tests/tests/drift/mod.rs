//! Pages of documentation and new versions of schemas, compared with schema-defs.

#[cfg(feature = "commands")]
mod accept;
#[cfg(feature = "commands")]
mod command;
#[cfg(feature = "commands")]
mod documents;
#[cfg(feature = "commands")]
mod first_page;
mod pages;
mod payloads;
#[cfg(all(feature = "commands", unix))]
mod propose;
#[cfg(feature = "commands")]
mod sandbox;
mod schema_changes;
mod schema_changes_members;
mod verdicts;
