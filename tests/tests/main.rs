//! Everything that the toolkit and the generated crates promise, tested against documents and other validators.

mod codegen;
mod command;
#[cfg(feature = "commands")]
mod command_line;
mod drift;
#[cfg(feature = "commands")]
mod import;
mod infer;
mod runtime;
#[cfg(feature = "commands")]
mod site;
mod validation;
