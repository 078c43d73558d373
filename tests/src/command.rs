//! Runs programs.

use std::process::{Command, Output};

/// Runs a command. Returns its exit code, its standard output and its standard error.
pub fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("cargo can be run");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned())
}
