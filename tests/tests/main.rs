//! Tests of all promises of the toolkit and the generated crates, against documents and other validators.

mod runtime;
mod validation;

#[cfg(feature = "toolkit")]
mod codegen;
#[cfg(feature = "toolkit")]
mod command;
#[cfg(feature = "toolkit")]
mod command_line;
#[cfg(feature = "toolkit")]
mod drift;
#[cfg(feature = "toolkit")]
mod import;
#[cfg(feature = "toolkit")]
mod infer;
#[cfg(feature = "toolkit")]
mod sandbox;
#[cfg(feature = "toolkit")]
mod site;
