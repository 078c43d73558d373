//! The commands of `cargo xtask` and `cargo webhooks`, and the scripts for releases.

mod commands;
mod dependencies;
mod generate;
#[cfg(unix)]
mod release;
mod send;
mod tool;
