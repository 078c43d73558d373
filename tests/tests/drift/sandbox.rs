//! A copy of schema-defs in which commands may write.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{output, xtask};
use conformance::folder::{copy, five_documents, root};

/// A copy of the schema-defs of the first five documents, with a folder for pages. The copy is removed with this value.
pub struct Sandbox(TempDir);

impl Sandbox {
    /// Copies the schema-defs of the five documents.
    pub fn new() -> Sandbox {
        let sandbox = Sandbox(tempfile::tempdir().unwrap());
        copy(&five_documents(), &sandbox.defs());
        sandbox
    }

    /// The copy of schema-defs.
    pub fn defs(&self) -> PathBuf {
        self.0.path().join("defs")
    }

    /// Writes a page; returns its path.
    pub fn page(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// Runs `drift`. Returns the exit code and the output without the name of the folder.
    pub fn drift(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let defs = self.defs().display().to_string();
        let all: Vec<&str> = ["drift", "--defs", &defs].into_iter().chain(arguments.iter().copied()).collect();
        let (code, shown, errors) = output(&mut xtask(&root(), &all));
        let folder = self.0.path().display().to_string();
        let plain = |text: String| text.replace(&format!("{folder}/"), "").replace(&folder, "");
        (code, plain(shown), plain(errors))
    }

    /// Runs `codegen` into a folder of its own. Returns the exit code and the errors.
    pub fn codegen(&self) -> (Option<i32>, String) {
        let (defs, out) = (self.defs().display().to_string(), self.0.path().join("out").display().to_string());
        let (code, _, errors) = output(&mut xtask(&root(), &["codegen", "--defs", &defs, "--out", &out]));
        (code, errors)
    }
}

/// Reads a JSON file.
pub fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
