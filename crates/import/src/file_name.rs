//! Names of files and folders.

/// The maximum length of the name of a file or a folder, in bytes.
const LONGEST: usize = 100;

/// Returns the name of a file or a folder for a name in a document.
pub(crate) fn file_name(text: &str) -> String {
    let name = webhook_codegen::infer::folder_name(text);
    name.get(..LONGEST).map(|name| name.trim_end_matches('_').to_owned()).unwrap_or(name)
}
