//! The receiver as a process, over loopback.

#![allow(clippy::unwrap_used, clippy::panic, reason = "every function here is part of a test")]

mod crash;
mod files;
mod nats;
mod process;
