//! Writes files: each file completely or not at all, and several files together or not at all.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use tempfile::TempPath;
use webhook_codegen::Diagnostic;

use crate::failure::Failure;
use crate::problems::Problems;

/// A file below schema-defs: its path, its present text, and its new text.
pub struct File {
    /// The path, with `/` between its names.
    pub path: String,
    /// The present text; `None` if there is no such file.
    pub old: Option<String>,
    /// The new text.
    pub new: String,
}

impl File {
    /// Returns a file of the folder `defs`, with its present text if it exists.
    pub fn of(defs: &Path, path: String, new: String) -> File {
        let old = fs::read_to_string(defs.join(&path)).ok();
        File { path, old, new }
    }

    /// Returns the difference, as `diff -u` shows it.
    pub fn difference(&self) -> String {
        let old = self.old.as_deref().unwrap_or_default();
        let before = self.old.as_ref().map_or("/dev/null".to_owned(), |_| format!("a/{}", self.path));
        let diff = TextDiff::from_lines(old, &self.new);
        diff.unified_diff().context_radius(3).header(&before, &format!("b/{}", self.path)).to_string()
    }
}

impl Failure {
    /// Returns a failure because of problems in a folder. Some of its files may not have been written yet.
    pub fn input_with(folder: &Path, files: &[File]) -> impl FnOnce(Vec<Diagnostic>) -> Failure {
        let folder = folder.to_owned();
        let texts = files.iter().map(|file| (file.path.clone(), file.new.clone())).collect();
        move |found| Failure::Input(Problems::new(found, folder, texts))
    }
}

/// Writes a file unless it has the text already, so that nothing is compiled again without need.
pub fn write_if_changed(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let at = |error: std::io::Error| Failure::of(path.display(), error);
    fs::create_dir_all(folder_of(path)).map_err(at)?;
    stage(path, text).map_err(at)?.persist(path).map(drop).map_err(|error| at(error.error))
}

/// Writes files. All texts are first written to temporary files, which are then renamed. If an error occurs before the
/// first rename, the folder is unchanged.
pub fn write(defs: &Path, files: &[File]) -> Result<(), Failure> {
    let mut created: Vec<PathBuf> = Vec::new();
    let outcome = files.iter().map(|file| {
        let path = defs.join(&file.path);
        let folder = folder_of(&path);
        created.extend(folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned));
        let staged = fs::create_dir_all(folder).and_then(|()| stage(&path, &file.new));
        staged.map(|staged| (staged, path.clone())).map_err(|error| Failure::of(path.display(), error))
    });
    let outcome = outcome.collect::<Result<Vec<_>, _>>().and_then(|staged| {
        let persist = |(staged, path): (TempPath, PathBuf)| {
            staged.persist(&path).map(drop).map_err(|error| Failure::of(path.display(), error.error))
        };
        staged.into_iter().try_for_each(persist)
    });
    if outcome.is_err() {
        // A folder that is not empty cannot be removed, and stays.
        created.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        for folder in created {
            let _ = fs::remove_dir(folder);
        }
    }
    outcome
}

/// Removes files below `folder`, and the folders that become empty.
pub fn remove(folder: &Path, files: &[String]) -> Result<(), Failure> {
    for file in files {
        let path = folder.join(file);
        fs::remove_file(&path).map_err(|error| Failure::of(path.display(), error))?;
        // A folder that is not empty cannot be removed, and stays.
        for outer in path.ancestors().skip(1).take_while(|outer| *outer != folder) {
            if fs::remove_dir(outer).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Writes the text to a temporary file next to `path`. The temporary file is removed unless it is persisted. It is
/// closed, because there may be more files than a process may have open.
fn stage(path: &Path, text: &str) -> std::io::Result<TempPath> {
    let mut builder = tempfile::Builder::new();
    // By default temporary files can be read by their owner only.
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666))
    };
    let mut file = builder.tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    Ok(file.into_temp_path())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| File::of(folder.path(), path.to_owned(), path.to_owned());
        write(folder.path(), &[file("a/b/one"), file("two")]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a/b/one")).unwrap(), "a/b/one");
        // `two` is a file, so no file can be below it.
        assert!(write(folder.path(), &[file("new/three"), file("two/four")]).is_err());
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a", "two"]);
    }

    #[test]
    fn more_files_are_written_than_may_be_open() {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<File> = (0..30_000).map(|at| File::of(folder.path(), format!("{at}"), String::new())).collect();
        write(folder.path(), &files).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), files.len());
    }

    #[cfg(unix)]
    #[test]
    fn files_have_the_usual_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("usual"), "").unwrap();
        write_if_changed(&folder.path().join("written"), "text").unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("written"), mode("usual"));
    }
}
