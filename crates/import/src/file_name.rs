//! Names of files and folders.

/// How many bytes the name of a file or a folder may have.
const LONGEST: usize = 100;

/// The name of a file or a folder for something that a document names.
pub(crate) fn file_name(text: &str) -> String {
    let name = webhook_codegen::infer::folder_name(text);
    name.get(..LONGEST).map(|name| name.trim_end_matches('_').to_owned()).unwrap_or(name)
}
