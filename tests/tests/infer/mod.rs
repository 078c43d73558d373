//! Schemas inferred from payloads.

mod command;
mod payloads;
mod rules;
mod vendors;
