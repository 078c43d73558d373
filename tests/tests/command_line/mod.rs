//! The commands of `cargo xtask` and `cargo webhooks`, and what is released.

mod commands;
mod compare;
mod dependencies;
mod release;
mod send;
mod tool;
