//! The commands of `cargo xtask` and `cargo webhooks`, and what is released.

mod commands;
mod dependencies;
mod generate;
#[cfg(unix)]
mod release;
mod send;
mod tool;
