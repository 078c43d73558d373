//! What `cargo xtask` runs: it compiles the command line and runs it.
//!
//! `cargo run` either shows nothing while it compiles, or prints two lines for each command when all is compiled. This shows
//! what is compiled, and nothing else.

use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _};
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    match build().and_then(|is_built| if is_built { run() } else { Ok(ExitCode::FAILURE) }) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: cargo xtask cannot be started: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Compiles the command line, next to this program. What cargo prints goes to standard error, without its last line.
fn build() -> io::Result<bool> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--bin", "xtask", "--features", "commands", "--manifest-path"]);
    cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    // What compiles the tests too saves time with their features, and the profile of the workspace.
    if env::var_os("XTASK_AS_TESTED").is_some() {
        cargo.args(["--features", "tested", "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml")]);
    }
    // `cargo run` sets them for this program. A build script that reads them would run again for each other command.
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_package(name)) {
        cargo.env_remove(name);
    }
    cargo.args(["--color", if io::stderr().is_terminal() { "always" } else { "never" }]);
    let mut cargo = cargo.stderr(Stdio::piped()).spawn()?;
    for line in cargo.stderr.take().into_iter().flat_map(|messages| BufReader::new(messages).lines()) {
        let line = line?;
        if !line.contains("Finished") {
            eprintln!("{line}");
        }
    }
    Ok(cargo.wait()?.success())
}

/// Returns whether a variable describes the package that cargo runs.
fn is_of_package(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_"))
}

fn run() -> io::Result<ExitCode> {
    let program = env::current_exe()?.with_file_name(format!("xtask{}", env::consts::EXE_SUFFIX));
    let status = Command::new(program).args(env::args_os().skip(1)).status()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
