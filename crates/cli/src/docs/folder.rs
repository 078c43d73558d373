//! Writes a site completely, or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use crate::failure::Failure;
use crate::paths::absolute;

/// The file that marks a folder as a generated site, and lists its files.
const MARKER: &str = ".catalogue";

/// The first line of the marker.
const HEADER: &str = "Made by the command `docs`, which replaces this folder as a whole.";

/// The files of a site, by path. A path has `/` between its names.
pub(crate) type Files = BTreeMap<String, String>;

/// Replaces a folder with a site. The folder may be absent, empty, or an earlier site.
pub(super) fn replace(out: &Path, files: &Files) -> Result<(), Failure> {
    let out = absolute(out)?;
    check(&out)?;
    let failed = |error: io::Error| Failure::of(out.display(), error);
    let parent = out.parent().ok_or_else(|| {
        Failure::with_help(format!("{} has no parent folder", out.display()), "name a folder with --out")
    })?;
    fs::create_dir_all(parent).map_err(failed)?;
    let new = tempfile::Builder::new().prefix(".catalogue-").tempdir_in(parent).map_err(failed)?;
    let site = new.path().join("new");
    write(&site, files).map_err(failed)?;
    let old = new.path().join("old");
    let had = out.exists();
    if had {
        fs::rename(&out, &old).map_err(failed)?;
    }
    if let Err(error) = fs::rename(&site, &out) {
        if had {
            fs::rename(&old, &out).map_err(failed)?;
        }
        return Err(failed(error));
    }
    Ok(())
}

fn write(site: &Path, files: &Files) -> io::Result<()> {
    let mut marker = format!("{HEADER}\n");
    fs::create_dir_all(site)?;
    for (path, text) in files {
        let file = site.join(path);
        fs::create_dir_all(file.parent().unwrap_or(site))?;
        fs::write(file, text)?;
        marker.push_str(path);
        marker.push('\n');
    }
    fs::write(site.join(MARKER), marker)
}

/// Checks that a folder may be replaced: it has only files that its marker lists.
fn check(out: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::of(out.display(), error);
    if !out.exists() {
        return Ok(());
    }
    if !out.is_dir() {
        return Err(Failure::with_help(format!("{} is a file", out.display()), "name a folder with --out"));
    }
    let mut found = BTreeSet::new();
    list(out, "", &mut found).map_err(failed)?;
    if found.is_empty() {
        return Ok(());
    }
    let advice = "name another folder with --out, or move your files out of it";
    let marker = fs::read_to_string(out.join(MARKER)).unwrap_or_default();
    let mut lines = marker.lines();
    if lines.next() != Some(HEADER) {
        let message = format!("{} was not written by this command, so it is not replaced", out.display());
        return Err(Failure::with_help(message, advice));
    }
    let known: BTreeSet<String> = lines.map(str::to_owned).chain([MARKER.to_owned()]).collect();
    match found.difference(&known).next() {
        None => Ok(()),
        Some(other) => {
            let message =
                format!("`{other}` in {} is not part of the site, so the folder is not replaced", out.display());
            Err(Failure::with_help(message, advice))
        }
    }
}

/// Returns the files below a folder, by path.
fn list(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // Symbolic links are not followed: a link is listed like a file.
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}
