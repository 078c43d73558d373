//! The command line, as people call it.

use std::path::Path;
use std::process::{Command, Output};

use crate::folder::root;

/// `cargo xtask` of a repository, with this build's folder for what it compiles.
pub fn xtask(repository: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "--manifest-path"]).arg(repository.join("xtask/launch/Cargo.toml")).arg("--");
    command.args(arguments).current_dir(repository).env("CARGO_TARGET_DIR", root().join("target"));
    command
}

/// Runs a command; returns its exit code, standard output and standard error.
///
/// # Panics
///
/// Cargo cannot be run.
pub fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("cargo can be run");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned())
}
