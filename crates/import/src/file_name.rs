//! Forms the names of files and folders from names in documents.

/// The maximum length of the name of a file or a folder, in bytes.
const LONGEST: usize = 100;

/// Converts a name in a document to the name of a file or a folder.
pub(crate) fn file_name(text: &str) -> String {
    let name = webhook_codegen::infer::folder_name(text);
    name.get(..LONGEST).map(|name| name.trim_end_matches('_').to_owned()).unwrap_or(name)
}
