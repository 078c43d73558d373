//! The package that `cargo xtask codegen` generates.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Made;
use crate::Failure;
use crate::data::{DataSet, exact};
use crate::package::{Checked, Package, repository};

/// Makes the package; `is_exact`: with every event read exactly.
pub(super) fn make(slug: &'static str, is_exact: bool, set: &DataSet) -> Result<Made, Failure> {
    let mut package = Package::new(set, slug, "");
    let types = package.types();
    let mut defs = set.defs.clone();
    if is_exact {
        defs = package.folder().join("schema-defs");
        exact(&set.defs, &defs)?;
    }
    if types.exists() {
        fs::remove_dir_all(&types).map_err(|error| Failure::new(types.display(), error))?;
    }
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "--manifest-path"]).arg(repository().join("xtask/launch/Cargo.toml"));
    command.args(["--", "codegen", "--package", &package.name, "--defs"]).arg(&defs).arg("--out").arg(&types);
    let output = command.current_dir(repository()).output().map_err(|error| Failure::new("cargo", error))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::new("`cargo xtask codegen` gives no package", errors));
    }
    let manifest = types.join("Cargo.toml");
    let failed = |error| Failure::new(manifest.display(), error);
    // The package is a member of the program's workspace.
    let text = fs::read_to_string(&manifest).map_err(failed)?.replace("\n[workspace]\n", "");
    fs::write(&manifest, text).map_err(failed)?;
    let entries =
        "types::Provider::ALL.iter().flat_map(|provider| provider.visit(compare_runner::generated::Entries)).collect()";
    package.runner(&["generated"], entries);
    package.write()?;
    match package.check()? {
        Checked::Compiles => {
            let lines = lines(&types.join("src"))?;
            Ok(Made { package, events: set.events.len(), lines: Some(lines), missing: Vec::new() })
        }
        Checked::Fails { reason, .. } => Err(Failure::new("does not compile", reason)),
    }
}

/// The lines of Rust in a folder.
fn lines(folder: &Path) -> Result<usize, Failure> {
    let failed = |error| Failure::new(folder.display(), error);
    let mut count = 0;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            count += lines(&path)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            count += fs::read_to_string(&path).map_err(failed)?.lines().count();
        }
    }
    Ok(count)
}
