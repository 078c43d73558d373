//! A tree of generated files: written to a folder, or compared with it. The one place that writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{Folder, FolderEntry};
use super::mark;

/// Generated files, by path. A path has `/` between its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// A difference between a tree and a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path of the file.
    pub path: String,
    /// The contents of the folder; `None`: no such file.
    pub found: Option<String>,
    /// What the tree has; `None`: the file is no longer generated.
    pub expected: Option<String>,
}

/// The files of a folder that are generated: everything below these, and these themselves.
const OWNED: [&str; 4] = ["Cargo.toml", "README.md", "lowered", "src"];

impl Tree {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Adds a file that is copied from a package that generated code depends on.
    pub fn add_copy(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), mark::copied(path, text));
    }

    /// The files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// What of a folder is the tree's: what is always generated, and whatever else the tree has.
    fn owned(&self) -> BTreeSet<&str> {
        let first = |path: &'_ String| path.find('/').unwrap_or(path.len());
        self.files.keys().map(|path| &path[..first(path)]).chain(OWNED).collect()
    }

    /// How the folder differs from the tree, by path.
    ///
    /// # Errors
    ///
    /// A file of the folder cannot be read.
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

    /// Makes the folder equal to the tree: writes the files that differ, and removes those that are no longer generated.
    /// Returns the paths that changed.
    ///
    /// # Errors
    ///
    /// A file would be replaced or removed that was not generated, or that is read-only; or a file cannot be written or
    /// removed. In the first two cases, and if the new files do not fit on the disk, nothing has changed.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<String>> {
        let found = Folder::read(folder, &self.owned())?;
        let differences = self.differences(&found);
        if differences.is_empty() {
            return Ok(Vec::new());
        }
        found.check(folder, &differences)?;
        let at = |path: PathBuf| move |error: io::Error| in_file(&path, error);
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
        // A Rust file names the JSON files that belong to it: it is there as long as any of them is.
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

fn in_file(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Removes a folder and the folders in it that are empty.
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
