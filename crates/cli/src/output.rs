//! Helpers for the output of all commands.

use std::io::IsTerminal;
use std::path::Path;

/// Returns whether output to a stream is coloured.
pub(crate) fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Returns a count with its noun: `1 file`, `2 files`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Returns a path relative to the current folder, or the whole path if it is not below the current folder.
pub(crate) fn shown(path: &Path) -> String {
    let below = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).map(Path::to_owned).ok());
    let path = below.unwrap_or_else(|| path.to_owned()).display().to_string();
    if path.is_empty() { ".".to_owned() } else { path }
}
