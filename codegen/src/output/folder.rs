//! Reads the folder that a tree is written to, and determines which of its files were generated.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::mark::{is_marked, is_unmarked_readme};
use super::tree::Difference;
use crate::json::Json;
use crate::lower::COMMENT;
use crate::render::declare::string;

/// The maximum number of files in a message.
const LISTED: usize = 5;

/// The folder of the runtime's copy in a generated package, if the package has one.
const COPY: &str = "webhook-runtime/";

/// The files of a folder, by path.
pub(super) struct Folder {
    pub(super) files: BTreeMap<String, FolderEntry>,
}

/// The entry at a path.
pub(super) enum FolderEntry {
    /// The contents of a file, and whether the file is writable.
    File(Vec<u8>, bool),
    /// A link, a device or anything else that is not a regular file. It is never followed.
    Other,
}

impl FolderEntry {
    /// Returns the text of a file.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            FolderEntry::File(bytes, _) => String::from_utf8_lossy(bytes),
            FolderEntry::Other => Cow::Borrowed(""),
        }
    }
}

impl Folder {
    /// Reads the `owned` files and folders of a folder, with all files below them.
    pub(super) fn read(folder: &Path, owned: &BTreeSet<&str>) -> io::Result<Folder> {
        let mut files = BTreeMap::new();
        let at = |path: &Path, error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        if folder.exists() && !folder.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "this is a file; name a folder"));
        }
        let mut open: Vec<(PathBuf, String)> =
            owned.iter().map(|name| (folder.join(name), (*name).to_owned())).collect();
        while let Some((path, name)) = open.pop() {
            let kind = match fs::symlink_metadata(&path) {
                Ok(kind) => kind,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(at(&path, error)),
            };
            if kind.is_dir() {
                for entry in fs::read_dir(&path).map_err(|error| at(&path, error))? {
                    let entry = entry?;
                    open.push((entry.path(), format!("{name}/{}", entry.file_name().to_string_lossy())));
                }
            } else if kind.is_file() {
                let bytes = fs::read(&path).map_err(|error| at(&path, error))?;
                files.insert(name, FolderEntry::File(bytes, !kind.permissions().readonly()));
            } else {
                files.insert(name, FolderEntry::Other);
            }
        }
        Ok(Folder { files })
    }

    /// Returns whether the entry at a path is not a regular file.
    pub(super) fn is_other(&self, path: &str) -> bool {
        matches!(self.files.get(path), Some(FolderEntry::Other))
    }

    /// Checks that the differences can be written: no file is replaced or removed that was not generated or is
    /// read-only.
    pub(super) fn check(&self, folder: &Path, differences: &[Difference]) -> io::Result<()> {
        let known = || differences.iter().map(|it| it.path.as_str()).filter(|path| self.files.contains_key(*path));
        let foreign: Vec<&str> = known().filter(|path| !self.is_generated(path)).collect();
        if !foreign.is_empty() {
            let message = format!(
                "not generated, so nothing was written: {}; move {} away, or generate into another folder",
                listed(&foreign),
                if foreign.len() == 1 { "it" } else { "them" }
            );
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        let is_read_only = |path: &str| {
            let parent = folder.join(path).parent().and_then(|parent| fs::metadata(parent).ok());
            let in_read_only = parent.is_some_and(|parent| parent.permissions().readonly());
            in_read_only || matches!(self.files.get(path), Some(FolderEntry::File(_, false)))
        };
        let all = differences.iter().map(|it| it.path.as_str());
        let read_only: Vec<&str> = all.filter(|path| is_read_only(path)).collect();
        if !read_only.is_empty() {
            let message = format!("read-only, so nothing was written: {}", listed(&read_only));
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
        }
        Ok(())
    }

    /// Returns whether a file was generated. A file in a format without comments has no mark, so a marked file must
    /// refer to it.
    fn is_generated(&self, path: &str) -> bool {
        let Some(FolderEntry::File(bytes, _)) = self.files.get(path) else { return false };
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        is_marked(text)
            || path == "README.md" && is_unmarked_readme(text)
            || path.starts_with("lowered/") && is_lowered(text)
            || self.is_included(path)
            || self.is_copied(path)
    }

    /// Returns whether a generated module includes a JSON file.
    fn is_included(&self, path: &str) -> bool {
        let Some((module, name)) = path.rsplit_once("/json/") else { return false };
        let included = format!("include_str!({})", string(&format!("json/{name}")));
        let below = format!("{module}/");
        let files = self.files.range(below.clone()..).take_while(|(path, _)| path.starts_with(&below));
        let sources = files.filter(|(path, _)| path.ends_with(".rs") && !path[below.len()..].contains('/'));
        let vouches = |text: &str| is_marked(text) && text.contains(&included);
        name.ends_with(".json") && sources.into_iter().any(|(_, source)| vouches(&source.text()))
    }

    /// Returns whether a file is part of the copy of the runtime. Its Rust files had no mark before version 0.2 of the
    /// generator.
    fn is_copied(&self, path: &str) -> bool {
        let Some(manifest) = self.files.get(&format!("{COPY}Cargo.toml")).map(FolderEntry::text) else { return false };
        let is_unmarked_copy = || {
            let manifest: Option<toml::Table> = manifest.parse().ok();
            manifest.is_some_and(|manifest| {
                let untested = |key: &str| manifest.get("lib").and_then(|lib| lib.get(key)?.as_bool()) == Some(false);
                let name = manifest.get("package").and_then(|package| package.get("name")?.as_str());
                name == Some("webhook-runtime") && untested("test") && untested("doctest")
            })
        };
        path.starts_with(COPY) && (is_marked(&manifest) && !path.ends_with(".rs") || is_unmarked_copy())
    }
}

/// Returns whether a text is a lowered document.
fn is_lowered(text: &str) -> bool {
    Json::parse(text).is_ok_and(|json| json.get("$comment").and_then(Json::as_str) == Some(COMMENT))
}

fn listed(paths: &[&str]) -> String {
    let mut text = paths.iter().take(LISTED).map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    if paths.len() > LISTED {
        text.push_str(&format!(" and {} more", paths.len() - LISTED));
    }
    text
}
