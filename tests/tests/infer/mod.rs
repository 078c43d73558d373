//! Schemas from payloads.

#[cfg(feature = "commands")]
mod command;
mod payloads;
mod rules;
mod vendors;
