//! A tree of generated files: written to a folder, or compared with it. The one place that writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
    /// A file of the folder that cannot be read.
    pub fn compare(&self, folder: &Path) -> io::Result<Vec<Difference>> {
        let found = read(folder, &self.owned())?;
        let paths: BTreeSet<&String> = self.files.keys().chain(found.keys()).collect();
        let difference = |path: &String| {
            let (expected, found) = (self.files.get(path), found.get(path));
            let same = expected.map(String::as_bytes) == found.map(Vec::as_slice);
            (!same).then(|| Difference {
                path: path.clone(),
                found: found.map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
                expected: expected.cloned(),
            })
        };
        Ok(paths.into_iter().filter_map(difference).collect())
    }

    /// Makes the folder equal to the tree: writes what differs, and removes what is no longer generated. Gives the paths
    /// that changed.
    ///
    /// # Errors
    ///
    /// A file that cannot be written or removed.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<String>> {
        let differences = self.compare(folder)?;
        for difference in &differences {
            let path = folder.join(&difference.path);
            let result = match &difference.expected {
                Some(text) => replace(&path, text),
                None => fs::remove_file(&path),
            };
            result.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        }
        for name in self.owned() {
            prune(&folder.join(name))?;
        }
        Ok(differences.into_iter().map(|difference| difference.path).collect())
    }
}

/// Writes a file whole or not at all.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // There may be a folder of the file's name.
    if path.is_dir() {
        fs::remove_dir_all(path)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    fs::write(&new, text)?;
    fs::rename(&new, path)
}

/// The generated files of a folder, by path.
fn read(folder: &Path, owned: &BTreeSet<&str>) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open: Vec<(PathBuf, String)> =
        owned.iter().map(|name| (folder.join(name), (*name).to_owned())).filter(|(path, _)| path.exists()).collect();
    while let Some((path, name)) = open.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                open.push((entry.path(), format!("{name}/{}", entry.file_name().to_string_lossy())));
            }
        } else {
            let bytes = fs::read(&path)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
            found.insert(name, bytes);
        }
    }
    Ok(found)
}

/// Removes folders that have become empty.
fn prune(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            prune(&path)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        }
    }
    Ok(())
}
