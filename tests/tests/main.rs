//! Everything that the toolkit and the generated crates promise, tested against documents and other validators.

mod codegen;
mod command_line;
mod drift;
mod import;
mod infer;
mod runtime;
mod site;
mod validation;
