//! Paths of folders that may not exist yet.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Returns the canonical path, as far as it exists.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let path = std::path::absolute(path).map_err(|error| Failure::of(path.display(), error))?;
    let mut known = path.as_path();
    let mut rest = Vec::new();
    loop {
        if let Ok(real) = known.canonicalize() {
            return Ok(rest.iter().rev().fold(real, |path, name| path.join(name)));
        }
        match (known.parent(), known.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                known = parent;
            }
            _ => return Ok(path),
        }
    }
}
