//! The receiver as a process, over loopback.

#![allow(clippy::unwrap_used, clippy::panic, reason = "every function here is part of a test")]

mod bodies;
mod connections;
mod crash;
mod faults;
mod files;
mod forward;
mod load;
mod nats;
mod process;
