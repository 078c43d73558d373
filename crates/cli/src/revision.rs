//! Reads folders of another git revision.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::failure::Failure;

/// Writes the files that a folder has in a git revision into a temporary folder. Returns the path of the folder there.
///
/// # Errors
///
/// Returns a failure if there is no such revision, if the folder is not in a git repository, or if the revision does
/// not have the folder.
pub(crate) fn revision_of(folder: &Path, revision: &str) -> Result<(PathBuf, TempDir), Failure> {
    let none = |why: &str| {
        Failure::with_help(
            format!("{revision:?} is neither a folder nor a revision: {why}"),
            "give the folder of an older version of schema-defs, or a tag, a branch or a commit",
        )
    };
    // git would take it for an option.
    if revision.starts_with('-') {
        return Err(none("it begins with `-`"));
    }
    let temporary = TempDir::new().map_err(|error| Failure::of("a temporary folder", error))?;
    let (index, files) = (temporary.path().join("index"), temporary.path().join("files"));
    let git = |at: &Path, arguments: &[&str]| {
        // With a separate index, the index and the working tree of the repository stay unchanged.
        let run = Command::new("git").arg("-C").arg(at).args(arguments).env("GIT_INDEX_FILE", &index).output();
        let output = run.map_err(|error| Failure::of("git", error))?;
        let text = String::from_utf8_lossy(&output.stdout).trim_end_matches(['\r', '\n']).to_owned();
        Ok::<_, Failure>(output.status.success().then_some(text))
    };
    let commit = git(folder, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?;
    let commit = commit.ok_or_else(|| none("the repository has no revision of that name"))?;
    let tree = git(folder, &["rev-parse", "--verify", "--quiet", &format!("{commit}:./")])?;
    let tree = tree.ok_or_else(|| none(&format!("it has no {}", folder.display())))?;
    let top = git(folder, &["rev-parse", "--show-toplevel"])?.map(PathBuf::from);
    let top = top.ok_or_else(|| none("the repository has no working tree"))?;
    let prefix = format!("--prefix={}/", files.display());
    let written =
        git(&top, &["read-tree", &tree])?.is_some() && git(&top, &["checkout-index", "--all", &prefix])?.is_some();
    if !written || !files.is_dir() {
        return Err(none(&format!("git cannot write {} of that revision", folder.display())));
    }
    Ok((files, temporary))
}
