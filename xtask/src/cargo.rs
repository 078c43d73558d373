//! Cargo, called from here: for what has to be compiled first.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use webhook_harness::validate::Options;

use crate::{Failure, Outcome};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// Cargo, with the repository's own manifest unless another is given.
pub(crate) fn cargo(arguments: &[&str], manifest: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).arg("--manifest-path").arg(manifest);
    // What cargo tells a build of this package is not for another.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" || name == "CARGO_MANIFEST_PATH" {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the binary that validates payloads; it needs the generated crate, so it is not a part of this one.
pub(crate) fn validate(options: &Options) -> Outcome {
    let manifest = root().join("Cargo.toml");
    let mut command = cargo(&["run", "--quiet", "--package", "payloads"], &manifest);
    command.arg("--").args(options.arguments());
    let status = command.status().map_err(|error| Failure::of("cargo cannot be run", error))?;
    match status.code() {
        Some(101) => Err(Failure::Other(
            "the generated crate does not compile: run `cargo xtask codegen`, and try again".to_owned(),
        )),
        Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::Other("the validating process was ended by a signal".to_owned())),
    }
}
