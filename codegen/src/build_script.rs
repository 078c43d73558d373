//! Generates code from a build script, as a module of the crate.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::generate::generate_folder;
use crate::options::Options;
use crate::output::tree::Tree;

/// The name of the generated module, and of the folder with its files.
const MODULE: &str = "webhooks";

/// Generates the code of a folder of schema-defs as the module `webhooks`, from a build script.
///
/// The module is written to `OUT_DIR`, to be included with `include!`, usually in the root of the crate. It has the
/// contents of a generated package without Cargo features, so it includes every provider. Cargo runs the script again
/// when the folder changes. Problems of the folder are reported as build errors with their locations.
///
/// In `Cargo.toml`, the crate needs `webhook-codegen` as a build dependency and `webhook-runtime` as a dependency, with
/// the features that the schemas need: `pattern` for expressions with a large automaton, `backtracking` for expressions
/// that need backtracking, and `arbitrary_precision` for decimal numbers. In `build.rs`:
///
/// ```no_run
/// // fn main()
/// webhook_codegen::build("schema-defs");
/// ```
///
/// In `src/lib.rs`, to use types such as `crate::webhooks::acme::Event`:
///
/// ```ignore
/// include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));
/// ```
///
/// If vendors use names in scripts other than Latin, rustc may report `mixed_script_confusables`. This lint can only be
/// allowed in the root of the crate: write `#![allow(mixed_script_confusables)]` there.
pub fn build(schema_defs: impl AsRef<Path>) {
    let folder = schema_defs.as_ref();
    println!("cargo::rerun-if-changed={}", folder.display());
    if let Err(problems) = write(folder) {
        for problem in problems {
            println!("cargo::error={}", problem.replace("\n    ", ": ").replace('\n', " "));
        }
        std::process::exit(1);
    }
}

fn write(folder: &Path) -> Result<(), Vec<String>> {
    let out = env::var_os("OUT_DIR").map(PathBuf::from);
    let out = out.ok_or_else(|| vec!["OUT_DIR is not set: call this from a build script".to_owned()])?;
    let options = Options { module: true, ..Options::default().package("webhook-events") };
    let (catalog, generated) = generate_folder(folder, &options).map_err(|problems| {
        problems.iter().map(|problem| format!("{}/{problem}", folder.display())).collect::<Vec<_>>()
    })?;
    for warning in &catalog.warnings {
        println!("cargo::warning={warning}");
    }
    let made = out.join(MODULE);
    let at = |error: std::io::Error| vec![format!("{}: {error}", made.display())];
    module(&generated.tree).write(&made).map_err(at)?;
    let root = made.join("src/lib.rs");
    // rustc ignores some of the lint attributes of a package's root if the root is a module (`unused_attributes`).
    let text = format!(
        "#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs, unreachable_pub, unused_attributes, \
         unused_imports)]\n\
         #[path = {root:?}]\npub mod {MODULE};\n"
    );
    fs::write(out.join(format!("{MODULE}.rs")), text).map_err(at)
}

/// Converts the sources of a package to the sources of a module.
fn module(package: &Tree) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in package.files().filter(|(path, _)| path.starts_with("src/")) {
        let text = if path.ends_with(".rs") { without_doctests(text) } else { text.to_owned() };
        tree.add(path, text);
    }
    tree
}

/// Marks the examples in module docs as ignored, because they name the package. Descriptions by vendors cannot
/// interfere: they are on one line there, so they contain no fence.
fn without_doctests(text: &str) -> String {
    let mut is_inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_fence = line == "//! ```";
        lines.push(if is_fence && !is_inside { format!("{line}ignore") } else { line.to_owned() });
        is_inside ^= is_fence;
    }
    lines.push(String::new());
    lines.join("\n")
}
