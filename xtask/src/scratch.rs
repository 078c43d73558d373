//! Folders below `target/` in which generated code is built and run.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use webhook_codegen::Tree;

use crate::cargo::{cargo, root};
use crate::package::{absolute, dependency};
use crate::{Failure, Outcome};

/// A folder for some work on some input: a generated package, and a program that uses it.
pub(crate) struct ScratchPackage {
    folder: PathBuf,
    work: &'static str,
    /// What tells it from others: cargo takes packages of one name and one place in their workspaces for one, and would run
    /// what was built for the other.
    hash: String,
}

impl ScratchPackage {
    /// The scratch for some work on a folder.
    pub(crate) fn new(work: &'static str, input: &Path) -> Result<ScratchPackage, Failure> {
        let mut state = DefaultHasher::new();
        absolute(input)?.hash(&mut state);
        let hash = format!("{:016x}", state.finish());
        Ok(ScratchPackage { folder: root().join(format!("target/xtask/{work}-{hash}")), work, hash })
    }

    /// Where the generated package stands.
    pub(crate) fn package(&self) -> PathBuf {
        self.folder.join("package")
    }

    /// What the generated package is called. The program knows it without the hash, as `{work}_events`.
    pub(crate) fn package_name(&self) -> String {
        format!("{}-events-{}", self.work, self.hash)
    }

    /// Puts the generated package there.
    pub(crate) fn write(&self, tree: &Tree) -> Result<(), Failure> {
        // The program's workspace takes the package in.
        let manifest = tree.get("Cargo.toml").unwrap_or_default().replace("\n[workspace]\n", "");
        let mut tree = tree.clone();
        tree.add("Cargo.toml", manifest);
        let package = self.package();
        tree.write(&package).map(drop).map_err(|error| Failure::of(package.display(), error))
    }

    /// Puts a file of the program there.
    pub(crate) fn write_source(&self, name: &str, text: &str) -> Result<(), Failure> {
        write(&self.folder.join("src").join(name), text)
    }

    /// Builds the program with the versions of this repository's lock file, and runs it with some arguments. `dependencies`:
    /// further lines of its manifest.
    pub(crate) fn run(&self, dependencies: &str, arguments: &[String]) -> Outcome {
        let harness = dependency("xtask/harness", &self.folder)?;
        let manifest = format!(
            "[workspace]\nmembers = [\"package\"]\n\n[package]\nname = \"{work}-runner-{hash}\"\nversion = \"0.0.0\"\n\
             edition = \"2024\"\n\n[dependencies]\n{work}-events = {{ path = \"package\", package = {name:?} }}\n\
             webhook-harness = {{ {harness} }}\n{dependencies}",
            work = self.work,
            hash = self.hash,
            name = self.package_name(),
        );
        write(&self.folder.join("Cargo.toml"), &manifest)?;
        let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| Failure::of("Cargo.lock", error))?;
        write_once(&self.folder.join("Cargo.lock"), &lock)?;
        let mut command = cargo(&["run", "--quiet"], &self.folder.join("Cargo.toml"));
        command.arg("--target-dir").arg(root().join("target")).current_dir(root());
        command.arg("--").args(arguments);
        let status = command.status().map_err(|error| Failure::of("cargo cannot be run", error))?;
        match status.code() {
            Some(101) => {
                Err(Failure::Other(format!("the generated code in {} does not compile", self.folder.display())))
            }
            Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
            None => Err(Failure::Other("the process was ended by a signal".to_owned())),
        }
    }
}

/// Writes a file if it would change, so that nothing is built again for nothing.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| Failure::of(path.display(), error))
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
