//! A contender's package below target/compare: its types, and a program that reads cases with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use compare_runner::protocol::{Answer, Outcome, Speed};
use serde_json::Value;

use crate::Failure;
use crate::cargo::cargo;
use crate::child::{Cost, measured};
use crate::data::{DataSet, write};

/// The package, and the program.
pub(crate) struct Package {
    /// The name of the package with the types.
    pub(crate) name: String,
    folder: PathBuf,
    dependencies: String,
    files: BTreeMap<String, String>,
    runner: (String, String),
}

/// What the compiler finds.
pub(crate) enum Checked {
    Compiles,
    Fails {
        /// The first error.
        reason: String,
        /// The files with errors, relative to the package.
        files: BTreeSet<String>,
    },
}

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.ancestors().nth(2).unwrap_or(folder).to_owned()
}

/// The folder for everything that is made.
pub(crate) fn scratch() -> PathBuf {
    repository().join("target/compare")
}

impl Package {
    /// A package of a contender for a set; `dependencies`: those of its types, as lines of a manifest.
    pub(crate) fn new(set: &DataSet, slug: &str, dependencies: &str) -> Package {
        Package {
            name: format!("compare-{}-{slug}", set.slug),
            folder: scratch().join(&set.slug).join(slug),
            dependencies: dependencies.to_owned(),
            files: BTreeMap::new(),
            runner: Default::default(),
        }
    }

    /// The folder of the program.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the types.
    pub(crate) fn types(&self) -> PathBuf {
        self.folder.join("types")
    }

    /// Adds a file to the types.
    pub(crate) fn add(&mut self, path: &str, text: String) {
        self.files.insert(path.to_owned(), text);
    }

    /// Sets the expression for the program's entries, and the features of compare-runner that it needs.
    pub(crate) fn runner(&mut self, features: &[&str], entries: &str) {
        let (name, folder) = (&self.name, Path::new(env!("CARGO_MANIFEST_DIR")).join("runner"));
        let manifest = format!(
            "[workspace]\nmembers = [\"types\"]\n\n[package]\nname = \"{name}-runner\"\nversion = \"0.0.0\"\n\
             edition = \"2024\"\n\n[dependencies]\ntypes = {{ path = \"types\", package = {name:?} }}\n\
             compare-runner = {{ path = {folder:?}, features = {features:?} }}\n\n[profile.release]\ndebug = false\n"
        );
        let main = format!("fn main() -> std::process::ExitCode {{\n    compare_runner::main({entries})\n}}\n");
        self.runner = (manifest, main);
    }

    /// Writes everything; a package that is generated in the folder of the types stays.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let types = self.types();
        if !self.files.is_empty() {
            if types.exists() {
                fs::remove_dir_all(&types).map_err(|error| Failure::new(types.display(), error))?;
            }
            let manifest = format!(
                "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n{}",
                self.name, self.dependencies
            );
            write(&types.join("Cargo.toml"), &manifest)?;
            self.files.iter().try_for_each(|(path, text)| write(&types.join(path), text))?;
        }
        let (manifest, main) = &self.runner;
        write(&self.folder.join("Cargo.toml"), manifest)?;
        write(&self.folder.join("src/main.rs"), main)?;
        // The versions of tests/bench; cargo removes what is not needed.
        let lock = repository().join("tests/bench/Cargo.lock");
        let lock = fs::read_to_string(&lock).map_err(|error| Failure::new(lock.display(), error))?;
        let (own, from) = (self.folder.join("Cargo.lock"), self.folder.join("Cargo.lock.from"));
        if !own.exists() || fs::read_to_string(&from).ok().as_ref() != Some(&lock) {
            write(&own, &lock)?;
            write(&from, &lock)?;
        }
        Ok(())
    }

    fn cargo(&self, arguments: &[&str], target: &Path) -> Command {
        let mut command = cargo(arguments, &self.folder.join("Cargo.toml"));
        command.arg("--target-dir").arg(target).current_dir(&self.folder);
        command
    }

    /// Checks the types.
    pub(crate) fn check(&self) -> Result<Checked, Failure> {
        let arguments = ["check", "--quiet", "--package", &self.name, "--message-format=json"];
        let output = self.cargo(&arguments, &scratch().join("target")).output();
        let output = output.map_err(|error| Failure::new("cargo", error))?;
        if output.status.success() {
            return Ok(Checked::Compiles);
        }
        let (mut reason, mut files) = (None, BTreeSet::new());
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let message = serde_json::from_str::<Value>(line).unwrap_or_default()["message"].take();
            if message["level"] != "error" {
                continue;
            }
            let spans = message["spans"].as_array().into_iter().flatten();
            files.extend(spans.filter_map(|span| Some(span["file_name"].as_str()?.strip_prefix("types/")?.to_owned())));
            let code = message["code"]["code"].as_str().map(|code| format!(" ({code})")).unwrap_or_default();
            reason.get_or_insert_with(|| format!("{}{code}", message["message"].as_str().unwrap_or_default()));
        }
        match reason {
            Some(reason) => Ok(Checked::Fails { reason, files }),
            None => Err(Failure::new("cargo check", String::from_utf8_lossy(&output.stderr).trim())),
        }
    }

    /// What checking the types costs from nothing, with everything that they depend on.
    pub(crate) fn cold_check(&self) -> Result<Cost, Failure> {
        let target = self.folder.join("cold");
        let remove = || match target.exists() {
            true => fs::remove_dir_all(&target).map_err(|error| Failure::new(target.display(), error)),
            false => Ok(()),
        };
        remove()?;
        let mut command = self.cargo(&["check", "--quiet", "--package", &self.name], &target);
        let (output, cost) = measured(&mut command).map_err(|error| Failure::new("cargo", error))?;
        remove()?;
        match output.status.success() {
            true => Ok(cost),
            false => Err(Failure::new("cargo check", String::from_utf8_lossy(&output.stderr).trim())),
        }
    }

    /// Compiles the program; returns its path.
    pub(crate) fn build(&self, release: bool) -> Result<PathBuf, Failure> {
        let target = scratch().join("target");
        let program = format!("{}-runner", self.name);
        let mut command = self.cargo(&["build", "--quiet", "--package", &program], &target);
        if release {
            command.arg("--release");
        }
        let output = command.output().map_err(|error| Failure::new("cargo", error))?;
        if !output.status.success() {
            return Err(Failure::new("cargo build", String::from_utf8_lossy(&output.stderr).trim()));
        }
        let folder = if release { "release" } else { "debug" };
        Ok(target.join(folder).join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
    }
}

/// The answers of a program for the cases in a file, as far as it gets.
pub(crate) fn answers(program: &Path, cases: &Path) -> Result<HashMap<usize, Outcome>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(program.display(), error);
    let mut command = Command::new(program);
    command.arg("check").arg(cases).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let mut answers = HashMap::new();
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        let line = line.map_err(|error| failed(&error))?;
        // The last line of a program that crashed may be incomplete.
        if let Ok(answer) = serde_json::from_str::<Answer>(&line) {
            answers.insert(answer.id, answer.outcome);
        }
    }
    child.wait().map_err(|error| failed(&error))?;
    Ok(answers)
}

/// How fast a program reads the cases in a file.
pub(crate) fn speed(program: &Path, cases: &Path, milliseconds: u64) -> Result<Speed, Failure> {
    let mut command = Command::new(program);
    command.arg("time").arg(cases).arg(milliseconds.to_string());
    let output = command.output().map_err(|error| Failure::new(program.display(), error))?;
    serde_json::from_slice(&output.stdout).map_err(|error| Failure::new(program.display(), error))
}
