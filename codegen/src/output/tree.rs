//! A tree of generated files, which can be written to a folder or compared with a folder. No other module writes files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{Folder, FolderEntry};
use super::mark;

/// Generated files by path. Paths use `/` as separator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// A difference between a tree and a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path of the file.
    pub path: String,
    /// The contents of the file in the folder; `None` if it does not exist.
    pub found: Option<String>,
    /// The contents of the file in the tree; `None` if the file is no longer generated.
    pub expected: Option<String>,
}

/// The files and folders that always belong to a generated package, with everything below them.
const OWNED: [&str; 4] = ["Cargo.toml", "README.md", "lowered", "src"];

impl Tree {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Adds a copy of a file from a package that generated code depends on.
    pub fn add_copy(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), mark::copied(path, text));
    }

    /// Iterates over the paths and texts of the files.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Returns the text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Returns the entries of a folder that belong to the tree: the entries of every package, and others that the tree has
    /// files in.
    fn owned(&self) -> BTreeSet<&str> {
        let first = |path: &'_ String| path.find('/').unwrap_or(path.len());
        self.files.keys().map(|path| &path[..first(path)]).chain(OWNED).collect()
    }

    /// Returns the differences between a folder and the tree, by path.
    ///
    /// # Errors
    ///
    /// Returns an error if a file of the folder cannot be read.
    pub fn compare(&self, folder: &Path) -> io::Result<Vec<Difference>> {
        Ok(self.differences(&Folder::read(folder, &self.owned())?))
    }

    fn differences(&self, folder: &Folder) -> Vec<Difference> {
        let paths: BTreeSet<&String> = self.files.keys().chain(folder.files.keys()).collect();
        let difference = |path: &String| {
            let (expected, found) = (self.files.get(path), folder.files.get(path).map(FolderEntry::text));
            (expected.map(String::as_str) != found.as_deref() || folder.is_other(path)).then(|| Difference {
                path: path.clone(),
                found: found.map(|text| text.into_owned()),
                expected: expected.cloned(),
            })
        };
        paths.into_iter().filter_map(difference).collect()
    }

    /// Makes the folder equal to the tree: writes the files that differ, and removes files that are no longer
    /// generated. Returns the paths that changed.
    ///
    /// # Errors
    ///
    /// Returns an error if a file would be replaced or removed that was not generated or is read-only, or if a file
    /// cannot be written or removed. Nothing has changed if a file must not be replaced or removed, or if the new files
    /// do not fit on the disk.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<String>> {
        let found = Folder::read(folder, &self.owned())?;
        let differences = self.differences(&found);
        if differences.is_empty() {
            return Ok(Vec::new());
        }
        found.check(folder, &differences)?;
        let at = |path: PathBuf| {
            move |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        };
        fs::create_dir_all(folder).map_err(at(folder.to_owned()))?;
        let staged = tempfile::Builder::new().prefix(".codegen-").tempdir_in(folder).map_err(at(folder.to_owned()))?;
        let (mut written, mut removed) = (Vec::new(), Vec::new());
        for (index, difference) in differences.iter().enumerate() {
            let path = folder.join(&difference.path);
            match &difference.expected {
                Some(text) => {
                    let new = staged.path().join(index.to_string());
                    fs::write(&new, text).map_err(at(path.clone()))?;
                    written.push((new, path));
                }
                None => removed.push(path),
            }
        }
        // A Rust file includes its JSON files, so it must exist as long as any of them does: JSON files are removed
        // first and written last.
        let is_json = |path: &Path| path.extension().is_some_and(|ending| ending == "json");
        removed.sort_by_key(|path| !is_json(path));
        written.sort_by_key(|(_, path)| is_json(path));
        for path in removed {
            fs::remove_file(&path).map_err(at(path))?;
        }
        for name in self.owned() {
            prune(&folder.join(name))?;
        }
        for (new, path) in written {
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).and_then(|()| fs::rename(&new, &path)).map_err(at(path))?;
        }
        Ok(differences.into_iter().map(|difference| difference.path).collect())
    }
}

/// Removes the empty folders in a folder, and the folder itself if it is empty then.
fn prune(folder: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()) {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        prune(&entry?.path())?;
    }
    if fs::read_dir(folder)?.next().is_none() {
        fs::remove_dir(folder)?;
    }
    Ok(())
}
