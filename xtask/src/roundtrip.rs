//! `cargo xtask roundtrip`

use std::path::PathBuf;

use clap::Args;

use crate::Outcome;
use crate::cargo::root;
use crate::package::make;
use crate::scratch::ScratchPackage;

/// Generates, builds, and sends every documented payload through its type.
///
/// Each example goes through the type of its event and, where the body tells the event, through dispatch. What is refused
/// or comes back different is listed with the place of the first difference; numbers are compared digit for digit. The
/// last line counts: exact, lossy, refused. Exit with 1 unless all are exact.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of schema-defs; without it, this repository's.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let defs = options.defs.clone().unwrap_or_else(|| root().join("schema-defs"));
    let scratch = ScratchPackage::new("roundtrip", &defs)?;
    let made = make(&defs, &scratch.package(), Some(&scratch.package_name()), false)?;
    scratch.write(&made.generated.tree)?;
    scratch.write_source("main.rs", MAIN)?;
    scratch.run("", &[])
}

const MAIN: &str = r#"//! Sends every example through.

fn main() -> std::process::ExitCode {
    let providers: Vec<_> = roundtrip_events::Provider::ALL.iter().map(|provider| provider.visit(webhook_harness::Typed)).collect();
    match webhook_harness::roundtrip::run(&providers, &mut std::io::stdout().lock()) {
        Ok(summary) if summary.is_clean() => std::process::ExitCode::SUCCESS,
        _ => std::process::ExitCode::FAILURE,
    }
}
"#;
