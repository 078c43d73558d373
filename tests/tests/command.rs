//! Helpers that run the command line.

use std::fs;
use std::path::Path;
use std::process::Command;

pub(crate) use conformance::command::output;
use conformance::folder::root;

/// The program with the command lines, which cargo builds with these tests.
pub(crate) const TOOLKIT: &str = env!("CARGO_BIN_EXE_toolkit");

/// `cargo xtask` of a repository.
pub(crate) fn xtask(repository: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(TOOLKIT);
    command.arg("xtask").arg(repository).args(arguments).current_dir(repository);
    command
}

/// The debug information of `.cargo/config.toml`: with another, cargo compiles the dependencies again.
pub(crate) const DEBUG: &str = "false";

/// Cargo for a package that a test has written, with the tested versions of dependencies and without a network. All such
/// packages are compiled in one folder, so their dependencies are compiled once. Programs need names of their own.
pub(crate) fn scratch(package: &Path, arguments: &[&str]) -> Command {
    fs::copy(root().join("Cargo.lock"), package.join("Cargo.lock")).expect("a lock file that can be copied");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(package).env("CARGO_NET_OFFLINE", "true");
    command.env("CARGO_TARGET_DIR", root().join("target")).env("CARGO_PROFILE_DEV_DEBUG", DEBUG);
    command
}

/// Links the folder `target/debug` of a repository or package to the folder of this repository, so that nothing is
/// compiled twice.
pub(crate) fn share_target(folder: &Path) {
    let (shared, own) = (root().join("target/debug"), folder.join("target/debug"));
    fs::create_dir_all(&shared).expect("a folder");
    fs::create_dir_all(folder.join("target")).expect("a folder");
    #[cfg(unix)]
    if !own.exists() {
        std::os::unix::fs::symlink(shared, own).expect("a link");
    }
}
