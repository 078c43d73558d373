//! `cargo xtask validate`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::cargo::{cargo, root};
use crate::package::make;
use crate::scratch::ScratchPackage;
use crate::{Failure, Outcome};

/// Says of each file which provider and event it is, whether it is accepted, what differs from the schema, and whether
/// nothing of it is lost.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    payloads: webhook_harness::validate::Options,
    /// The folder of schema-defs; without it, the generated crate of this repository is asked.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Outcome {
    match &options.defs {
        Some(defs) => run_on(defs, options.payloads.arguments()),
        None => run_on_own(options.payloads.arguments()),
    }
}

/// Generates the package of some schema-defs, and asks that.
fn run_on(defs: &Path, arguments: Vec<String>) -> Outcome {
    let scratch = ScratchPackage::new("validate", defs)?;
    let made = make(defs, &scratch.package(), Some(&scratch.package_name()), false)?;
    scratch.write(&made.generated.tree)?;
    scratch.write_source("main.rs", MAIN)?;
    scratch.run("", &arguments)
}

const MAIN: &str = r#"//! Looks at payloads.

fn main() -> std::process::ExitCode {
    let providers: Vec<_> = validate_events::Provider::ALL.iter().map(|provider| provider.visit(webhook_harness::Typed)).collect();
    webhook_harness::validate::main(&providers)
}
"#;

/// Runs the binary that needs the generated crate; it is not a part of this one.
fn run_on_own(arguments: Vec<String>) -> Outcome {
    let manifest = root().join("Cargo.toml");
    let mut command = cargo(&["run", "--quiet", "--package", "payloads"], &manifest);
    command.arg("--").args(arguments);
    let status = command.status().map_err(|error| Failure::of("cargo cannot be run", error))?;
    match status.code() {
        Some(101) => Err(Failure::Other(
            "the generated crate does not compile: run `cargo xtask codegen`, and try again".to_owned(),
        )),
        Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::Other("the validating process was ended by a signal".to_owned())),
    }
}
