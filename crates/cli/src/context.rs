//! The context of a run: a checkout of this repository, or any other folder.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use webhook_codegen::Tree;

use crate::failure::Failure;
use crate::files::write_if_changed;
use crate::paths::absolute;
use crate::sources;

/// The version of the toolkit's packages.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The package that every generated package depends on.
const RUNTIME: &str = "webhook-runtime";

/// The package that reads payloads for the commands that compile types.
const HARNESS: &str = "webhook-harness";

/// The folders and dependencies of a run.
#[derive(Clone, Debug)]
pub struct Context {
    /// The folder that contains the default folders.
    root: PathBuf,
    /// Whether `root` is a checkout of this repository.
    is_checkout: bool,
}

impl Context {
    /// Returns the context of a run in a checkout, whose packages are the dependencies of generated code.
    pub fn checkout(root: PathBuf) -> Context {
        Context { root, is_checkout: true }
    }

    /// Returns the context of a run outside of a checkout. Default folders are below the current folder.
    pub fn anywhere() -> Context {
        Context { root: PathBuf::new(), is_checkout: false }
    }

    /// Returns how users call the command line: `cargo xtask` or `cargo webhooks`.
    pub fn call(&self) -> &'static str {
        if self.is_checkout { "cargo xtask" } else { "cargo webhooks" }
    }

    /// Returns the path of a default folder, such as `schema-defs`.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Returns the folder of schema-defs: the given folder, or the default folder.
    pub fn defs(&self, given: Option<&Path>) -> PathBuf {
        given.map_or_else(|| self.folder("schema-defs"), Path::to_owned)
    }

    /// Returns the folder `target/`, for compiled packages and for output.
    pub fn target(&self) -> Result<PathBuf, Failure> {
        absolute(&self.folder("target"))
    }

    /// Returns the folder of packages that are generated to be compiled and run.
    pub(crate) fn scratch(&self) -> Result<PathBuf, Failure> {
        Ok(self.target()?.join(if self.is_checkout { "xtask" } else { "webhooks" }))
    }

    /// Returns the checkout, if the command line runs in one.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.is_checkout.then_some(self.root.as_path())
    }

    /// Returns the dependency of the generated package in `out` on the runtime, as in a manifest.
    pub fn runtime(&self, out: &Path) -> Result<String, Failure> {
        match (self.is_checkout, sources::are_here()) {
            (true, _) => self.path_dependency("crates/runtime", out),
            (false, false) => Ok(version()),
            (false, true) => Ok(format!("{}, path = {RUNTIME:?}", version())),
        }
    }

    /// Adds the sources of the path dependencies of the generated package called `package` to its files.
    ///
    /// Cargo tells packages without a registry apart by name and version, and rejects a program that has two packages
    /// with the same name and version. The version of the copy therefore has the package's name as build metadata,
    /// which requirements of a version ignore.
    ///
    /// # Errors
    ///
    /// Fails if the manifest of the runtime inherits a key that the workspace does not have.
    pub fn add_runtime(&self, tree: &mut Tree, package: &str) -> Result<(), Failure> {
        if self.is_checkout {
            return Ok(());
        }
        let version = format!("version = {VERSION:?}");
        let own = format!("version = \"{VERSION}+{}\"", package.replace('_', "-"));
        for (path, text) in sources::files(RUNTIME)? {
            // The first version in the manifest is the version of the package.
            let text = if path == "Cargo.toml" { text.replacen(&version, &own, 1).into() } else { text };
            tree.add_copy(&format!("{RUNTIME}/{path}"), &text);
        }
        Ok(())
    }

    /// Returns the dependencies of a package in `folder` on the runtime and the harness, as in a manifest. Outside of a
    /// checkout, their sources are in this binary and are written to `folder`.
    pub fn harness(&self, folder: &Path) -> Result<Dependencies, Failure> {
        if self.is_checkout {
            return Ok(Dependencies {
                runtime: self.path_dependency("crates/runtime", &folder.join("package"))?,
                harness: self.path_dependency("crates/harness", folder)?,
            });
        }
        for name in [RUNTIME, HARNESS] {
            for (path, text) in sources::files(name)? {
                write_if_changed(&folder.join(name).join(path), &text)?;
            }
        }
        Ok(match sources::are_here() {
            false => Dependencies { runtime: version(), harness: version() },
            true => Dependencies {
                runtime: format!("{}, path = \"../{RUNTIME}\"", version()),
                harness: format!("{}, path = {HARNESS:?}", version()),
            },
        })
    }

    /// Returns the lock file that has the tested versions of dependencies.
    pub(crate) fn lock(&self) -> Result<Option<Cow<'static, str>>, Failure> {
        if !self.is_checkout {
            return Ok(sources::TESTED_VERSIONS.map(Cow::Borrowed));
        }
        let path = self.root.join("Cargo.lock");
        fs::read_to_string(&path).map(|text| Some(Cow::Owned(text))).map_err(|error| Failure::of(path.display(), error))
    }

    /// Returns the dependency of a package in `out` on a package of the checkout: its version and relative path.
    pub fn path_dependency(&self, package: &str, out: &Path) -> Result<String, Failure> {
        let to = absolute(&self.root.join(package))?;
        let path = pathdiff::diff_paths(&to, absolute(out)?).unwrap_or(to);
        let path = path.to_string_lossy().replace('\\', "/");
        Ok(format!("{}, path = {path:?}", version()))
    }
}

/// Dependencies, as in a manifest.
#[derive(Clone, Debug)]
pub struct Dependencies {
    /// The dependency of the generated package on the runtime.
    pub runtime: String,
    /// The dependency of the program on the harness.
    pub harness: String,
}

/// Requires exactly this version, because generated code calls private items of the runtime.
fn version() -> String {
    format!("version = \"={VERSION}\"")
}
