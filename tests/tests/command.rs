//! Helpers that run the command line.

use std::fmt::Debug;
use std::fs;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::process::Command;

pub(crate) use conformance::command::output;
use conformance::folder::{root, write};

/// The program with the command lines, which cargo builds with these tests.
pub(crate) const TOOLKIT: &str = env!("CARGO_BIN_EXE_toolkit");

/// `cargo xtask` of a repository.
pub(crate) fn xtask(repository: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(TOOLKIT);
    command.arg("xtask").arg(repository).args(arguments).current_dir(repository);
    command
}

/// The exit code, the standard output and the standard error of a program.
pub(crate) trait Outcome<T>: Sized {
    /// Checks the exit code, and that the standard error has each of the texts. Returns the output.
    fn says<const N: usize>(self, code: i32, texts: [&str; N]) -> (T, String);

    /// Checks the exit code. Returns the output.
    #[track_caller]
    fn exits(self, code: i32) -> (T, String) {
        self.says(code, [])
    }

    /// Checks the exit code, and that the standard output has each of the texts. Returns the output.
    #[track_caller]
    fn shows<const N: usize>(self, code: i32, texts: [&str; N]) -> (T, String)
    where
        T: AsRef<str>,
    {
        let (shown, errors) = self.exits(code);
        texts.iter().for_each(|text| assert!(shown.as_ref().contains(text), "{text}: {}", shown.as_ref()));
        (shown, errors)
    }
}

impl<T: Debug> Outcome<T> for (Option<i32>, T, String) {
    #[track_caller]
    fn says<const N: usize>(self, code: i32, texts: [&str; N]) -> (T, String) {
        assert_eq!(self.0, Some(code), "{:?}\n{}", self.1, self.2);
        texts.iter().for_each(|text| assert!(self.2.contains(text), "{text}: {}", self.2));
        (self.1, self.2)
    }
}

/// Runs `cargo xtask` of this repository. Returns its exit code, its standard output and its standard error.
pub(crate) fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    output(&mut xtask(&root(), arguments))
}

/// Runs `cargo xtask` of this repository with the given standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(input.as_bytes()).and_then(|()| file.rewind()).expect("a file that can be written");
    output(xtask(&root(), arguments).stdin(file))
}

/// Runs `codegen` for a folder of schema-defs.
pub(crate) fn codegen(defs: &Path, out: &Path) -> (Option<i32>, String, String) {
    run(&["codegen", "--defs", &defs.display().to_string(), "--out", &out.display().to_string()])
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

/// Runs a program of a user in a folder, with these dependencies. The name must be its own among all tests.
pub(crate) fn run_user(folder: &Path, name: &str, dependencies: &str, main: &str) -> (Option<i32>, String, String) {
    let manifest =
        format!("[package]\nname = {name:?}\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}");
    write(folder, [("Cargo.toml", manifest.as_str()), ("src/main.rs", main)]);
    output(&mut scratch(folder, &["run", "--quiet"]))
}

/// Returns a dependency on a package in a folder, as a line of a manifest.
pub(crate) fn dependency(name: &str, folder: &Path) -> String {
    format!("{name} = {{ path = {:?} }}\n", folder.display().to_string().replace('\\', "/"))
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
