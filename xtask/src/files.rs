//! Files that are written together or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::Failure;

/// A file below schema-defs: its path, its text now, and the text that it is to have.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) old: Option<String>,
    pub(crate) new: String,
}

impl File {
    /// A file as it stands in a folder, and what is to become of it.
    pub(crate) fn of(defs: &Path, path: String, new: String) -> File {
        let old = fs::read_to_string(defs.join(&path)).ok();
        File { path, old, new }
    }

    /// The difference, as `diff -u` shows it.
    pub(crate) fn difference(&self) -> String {
        let old = self.old.as_deref().unwrap_or_default();
        let before = self.old.as_ref().map_or("/dev/null".to_owned(), |_| format!("a/{}", self.path));
        let diff = TextDiff::from_lines(old, &self.new);
        diff.unified_diff().context_radius(3).header(&before, &format!("b/{}", self.path)).to_string()
    }
}

/// Writes files: all texts first, under other names, and then the names. What fails leaves everything as it was.
pub(crate) fn write(defs: &Path, files: &[File]) -> Result<(), Failure> {
    let mut staged: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut made: Vec<PathBuf> = Vec::new();
    let outcome = files.iter().try_for_each(|file| {
        let path = defs.join(&file.path);
        let folder = path.parent().unwrap_or(defs);
        let missing: Vec<PathBuf> = folder.ancestors().take_while(|f| !f.exists()).map(Path::to_owned).collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stage = folder.join(format!(".{name}.new"));
        fs::create_dir_all(folder)
            .and_then(|()| {
                made.extend(missing);
                staged.push((stage.clone(), path.clone()));
                fs::write(&stage, &file.new)
            })
            .map_err(|error| Failure::of(path.display(), error))
    });
    let outcome = outcome.and_then(|()| {
        staged
            .iter()
            .try_for_each(|(stage, path)| fs::rename(stage, path).map_err(|error| Failure::of(path.display(), error)))
    });
    if outcome.is_err() {
        for (stage, _) in &staged {
            let _ = fs::remove_file(stage);
        }
        // Folders that are not empty stay.
        made.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        for folder in made {
            let _ = fs::remove_dir(folder);
        }
    }
    outcome
}
