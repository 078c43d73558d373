//! Calls cargo, to compile generated code.

use std::path::Path;
use std::process::Command;

/// Returns a cargo command for the package of a manifest.
pub fn cargo(arguments: &[&str], manifest: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).arg("--manifest-path").arg(manifest);
    // Variables that cargo sets for this package do not apply to another.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" || name == "CARGO_MANIFEST_PATH" {
            command.env_remove(name);
        }
    }
    command
}
