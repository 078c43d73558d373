//! The commands of `cargo xtask` and `cargo webhooks`, and what is released.

mod commands;
mod compare;
mod dependencies;
#[cfg(unix)]
mod release;
mod send;
mod tool;
