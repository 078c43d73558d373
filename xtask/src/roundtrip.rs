//! `cargo xtask roundtrip`

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::cargo::{cargo, root};
use crate::package::{absolute, dependency, make};
use crate::{Failure, Outcome};

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

/// The name of the package that is built.
const PACKAGE: &str = "roundtrip-events";

pub(crate) fn run(options: &Options) -> Outcome {
    let defs = options.defs.clone().unwrap_or_else(|| root().join("schema-defs"));
    let runner = workshop("roundtrip", &defs)?;
    let package = runner.join("package");
    let made = make(&defs, &package, Some(PACKAGE))?;
    // The runner's workspace takes the package in.
    made.generated.tree.write(&package).map_err(|error| Failure::of(package.display(), error))?;
    write(&package.join("Cargo.toml"), &member(made.generated.tree.get("Cargo.toml").unwrap_or_default()))?;
    let harness = dependency("xtask/harness", &runner)?;
    write(&runner.join("Cargo.toml"), &manifest(&harness))?;
    write(&runner.join("src/main.rs"), MAIN)?;
    build_and_run(&runner)
}

/// A folder of its own for some work on some schema-defs.
pub(crate) fn workshop(work: &str, defs: &Path) -> Result<PathBuf, Failure> {
    let mut state = DefaultHasher::new();
    absolute(defs)?.hash(&mut state);
    Ok(root().join(format!("target/xtask/{work}-{:016x}", state.finish())))
}

/// The manifest of a package that is a member of another workspace.
pub(crate) fn member(manifest: &str) -> String {
    manifest.replace("\n[workspace]\n", "")
}

/// Writes a file if it would change, so that nothing is built again for nothing.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| Failure::of(path.display(), error))
}

/// Builds the program in a folder with the versions of this repository's lock file, and runs it.
pub(crate) fn build_and_run(runner: &Path) -> Outcome {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| Failure::of("Cargo.lock", error))?;
    write_once(&runner.join("Cargo.lock"), &lock)?;
    let target = root().join("target");
    let mut command = cargo(&["run", "--quiet"], &runner.join("Cargo.toml"));
    command.arg("--target-dir").arg(&target).current_dir(root());
    let status = command.status().map_err(|error| Failure::of("cargo cannot be run", error))?;
    match status.code() {
        Some(101) => Err(Failure::Other(format!("the generated code in {} does not compile", runner.display()))),
        Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::Other("the process was ended by a signal".to_owned())),
    }
}

/// Cargo takes out of the lock file what it does not need; it is only put there again when this repository's changes.
fn write_once(path: &Path, lock: &str) -> Result<(), Failure> {
    let kept = path.with_extension("lock.from");
    if fs::read_to_string(&kept).is_ok_and(|known| known == lock) && path.exists() {
        return Ok(());
    }
    write(path, lock)?;
    write(&kept, lock)
}

fn manifest(harness: &str) -> String {
    format!(
        "[workspace]\nmembers = [\"package\"]\n\n[package]\nname = \"roundtrip-runner\"\nversion = \"0.0.0\"\n\
         edition = \"2024\"\n\n[dependencies]\n{PACKAGE} = {{ path = \"package\" }}\nwebhook-harness = {{ {harness} }}\n"
    )
}

const MAIN: &str = r#"//! Sends every example through.

fn main() -> std::process::ExitCode {
    let infos: Vec<_> = roundtrip_events::Provider::ALL.iter().map(|provider| provider.info()).collect();
    match webhook_harness::roundtrip::run(&infos, &mut std::io::stdout().lock()) {
        Ok(summary) if summary.is_clean() => std::process::ExitCode::SUCCESS,
        _ => std::process::ExitCode::FAILURE,
    }
}
"#;
