//! A folder with schema-defs in which commands may write.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{codegen, run};
use conformance::folder::{copy, five_documents, texts, write};

/// A folder with the folder `defs` of schema-defs, and files next to it. The folder is removed with this value.
pub(crate) struct Sandbox(TempDir);

/// Returns a file of the first five documents as JSON.
pub(crate) fn documented(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(five_documents().join(path)).unwrap()).unwrap()
}

impl Sandbox {
    /// Makes a sandbox with empty schema-defs.
    pub(crate) fn new() -> Sandbox {
        let sandbox = Sandbox(tempfile::tempdir().unwrap());
        fs::create_dir(sandbox.defs()).unwrap();
        sandbox
    }

    /// Makes a sandbox with the schema-defs of the first five documents.
    pub(crate) fn of_five_documents() -> Sandbox {
        let sandbox = Sandbox::new();
        copy(&five_documents(), &sandbox.defs());
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn defs(&self) -> PathBuf {
        self.path("defs")
    }

    /// Writes a file next to schema-defs. Returns its path.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        write(self.0.path(), [(name, text)]);
        self.path(name).display().to_string()
    }

    /// Writes a file of schema-defs.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        write(&self.defs(), [(path, text)]);
    }

    /// Returns the text of a file of schema-defs.
    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.defs().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Returns a file of schema-defs as JSON.
    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path)).unwrap()
    }

    /// Returns every file of schema-defs with its text.
    pub(crate) fn all(&self) -> BTreeMap<String, String> {
        texts(&self.defs())
    }

    /// Runs a command with these schema-defs. Returns its exit code, its output and its errors, without the name of the folder.
    pub(crate) fn run(&self, command: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
        let defs = self.defs().display().to_string();
        let (code, shown, errors) = run(&[&[command, "--defs", &defs], arguments].concat());
        let folder = self.0.path().display().to_string();
        let plain = |text: String| text.replace(&format!("{folder}/"), "").replace(&folder, "");
        (code, plain(shown), plain(errors))
    }

    pub(crate) fn drift(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        self.run("drift", arguments)
    }

    /// Runs `codegen` into the folder `out`.
    pub(crate) fn codegen(&self) -> (Option<i32>, String, String) {
        codegen(&self.defs(), &self.path("out"))
    }
}
