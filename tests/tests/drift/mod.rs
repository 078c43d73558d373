//! Pages of documentation and new versions of schemas, compared with schema-defs.

mod accept;
mod command;
mod documents;
mod first_page;
mod page;
mod pages;
mod payloads;
#[cfg(unix)]
mod propose;
mod schema_changes;
mod schema_changes_members;
mod verdicts;
