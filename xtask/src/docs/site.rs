//! The files of the site, written whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::Failure;

/// A file that marks a folder as a catalogue, which may be replaced.
const MARKER: &str = ".catalogue";

/// The files, by path.
#[derive(Debug, Default)]
pub(super) struct Site {
    files: BTreeMap<String, String>,
}

impl Site {
    pub(super) fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Writes the site beside the folder, and puts it in the folder's place; returns how many files it has.
    ///
    /// # Errors
    ///
    /// The folder has something else in it, or cannot be written. It is then as it was.
    pub(super) fn write(&self, out: &Path) -> Result<usize, Failure> {
        let at = |error: io::Error| Failure::of(out.display(), error);
        if is_foreign(out).map_err(at)? {
            let message = "this is not a catalogue and not an empty folder; --out takes another one";
            return Err(Failure::of(out.display(), message));
        }
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(at)?;
        let staged = tempfile::Builder::new().prefix(".catalogue-").tempdir_in(parent).map_err(at)?;
        let site = staged.path().join("new");
        for (path, text) in &self.files {
            let path = site.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&site)).map_err(at)?;
            fs::write(path, text).map_err(at)?;
        }
        fs::write(site.join(MARKER), "").map_err(at)?;
        replace(&site, out, &staged.path().join("old")).map_err(at)?;
        Ok(self.files.len())
    }
}

/// Whether the folder has something that is not ours.
fn is_foreign(out: &Path) -> io::Result<bool> {
    match fs::read_dir(out) {
        Ok(mut entries) => Ok(entries.next().is_some() && !out.join(MARKER).exists()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts a folder in the place of another, which is moved away, and back if that fails.
fn replace(new: &Path, out: &Path, old: &Path) -> io::Result<()> {
    let existed = out.exists();
    if existed {
        fs::rename(out, old)?;
    }
    fs::rename(new, out).inspect_err(|_| {
        if existed {
            let _ = fs::rename(old, out);
        }
    })
}
