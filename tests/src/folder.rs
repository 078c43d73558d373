//! Folders of schema-defs, read without the toolkit.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Returns the repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// Returns the schema-defs of all vendors.
pub fn vendors() -> PathBuf {
    root().join("schema-defs")
}

/// Returns the schema-defs of the first five documents of the project. Tests that change a page start from these
/// schema-defs, so that newer documents of the vendors do not change snapshots.
pub fn five_documents() -> PathBuf {
    root().join("tests/fixtures/five_documents")
}

/// Returns the schema-defs of the goldens.
pub fn goldens() -> PathBuf {
    root().join("tests/goldens/schema-defs")
}

/// Returns the schema-defs of the realistic set.
pub fn realistic() -> PathBuf {
    root().join("tests/realistic/schema-defs")
}

/// Returns a folder of data next to the repository. If it is missing, prints which test is skipped and why, and returns
/// `None`. The line is written to standard error without a macro: libtest does not capture such lines, so it is shown
/// although the test passes.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = root().parent()?.join("shared").join(name);
    if path.is_dir() {
        return Some(path);
    }
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {} does not exist", path.display());
    None
}

/// Returns the text of every file in a folder and its subfolders, by the file's path below the folder, with `/` as the
/// separator.
pub fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder that can be listed");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else {
            let below = path.strip_prefix(folder).expect("below the folder").to_string_lossy().replace('\\', "/");
            found.insert(below, fs::read_to_string(path).expect("a file of text"));
        }
    }
    found
}

/// Writes files below a folder, and creates the folders that they are in.
pub fn write<P: AsRef<Path>, T: AsRef<[u8]>>(folder: &Path, files: impl IntoIterator<Item = (P, T)>) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file that can be written");
    }
}

/// A payload on the disk.
#[derive(Clone, Debug)]
pub struct ExampleFile {
    /// The provider's folder.
    pub provider: String,
    /// The event's folder.
    pub event: String,
    /// The file's name without its extension.
    pub name: String,
    /// The text of the payload.
    pub text: String,
}

/// Returns every payload of a folder of schema-defs.
pub fn examples(defs: &Path) -> Vec<ExampleFile> {
    let mut found = Vec::new();
    for provider in folders(defs) {
        for event in folders(&defs.join(&provider)) {
            let folder = defs.join(&provider).join(&event).join("examples");
            if !folder.is_dir() {
                continue;
            }
            for file in names(&folder) {
                if let Some(name) = file.strip_suffix(".json") {
                    let text = fs::read_to_string(folder.join(&file)).expect("a file that can be read");
                    found.push(ExampleFile {
                        provider: provider.clone(),
                        event: event.clone(),
                        name: name.to_owned(),
                        text,
                    });
                }
            }
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder that can be listed");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn folders(folder: &Path) -> Vec<String> {
    names(folder).into_iter().filter(|name| folder.join(name).is_dir()).collect()
}

/// Copies a file or a folder, without build output and without git's files.
pub fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a file that can be read and written");
        fs::copy(from, to).expect("a file that can be read and written");
        return;
    }
    fs::create_dir_all(to).expect("a file that can be read and written");
    for entry in fs::read_dir(from).expect("a file that can be read and written") {
        let path = entry.expect("a file that can be read and written").path();
        if path.file_name().is_some_and(|name| name != "target" && name != ".git") {
            copy(&path, &to.join(path.file_name().expect("a name")));
        }
    }
}
