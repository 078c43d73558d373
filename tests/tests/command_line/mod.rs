//! The commands of `cargo xtask` and `cargo webhooks`, and what is released.

mod commands;
mod dependencies;
#[cfg(unix)]
mod release;
mod send;
mod tool;
