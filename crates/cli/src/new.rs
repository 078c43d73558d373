//! The command `cargo webhooks new`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use webhook_codegen::is_package_name;

use crate::failure::{Failure, Outcome};
use crate::files::{File, write};

/// Creates a folder for the webhooks of a team: schema-defs/ with the name of the package, and a script for CI.
///
/// Nothing that exists is changed: a folder that has one of the files is an error.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder; it may exist.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The name of the generated package; by default, the name of the folder.
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
}

const PACKAGE: &str = "\
# The generated package. Other keys: version, description, license, repository, keywords, categories.
name = NAME
version = \"0.1.0\"
";

const CI: &str = "\
#!/usr/bin/env bash
# What CI runs: the generated crate is up to date, and every example payload comes back as it was.
set -euo pipefail
cd \"$(dirname \"$0\")/..\"
cargo webhooks codegen --check
cargo webhooks roundtrip
";

const IGNORED: &str = "/target\n";

pub(crate) fn run(options: &Options) -> Outcome {
    let folder = &options.folder;
    let name = options.package.clone().map_or_else(|| package_name(folder), Ok)?;
    if !is_package_name(&name) {
        let help = "give one with --package: letters, digits, `-` and `_`, a letter first";
        return Err(Failure::with_help(format!("{name:?} cannot be the name of a package"), help));
    }
    let texts = [
        ("schema-defs/package.toml", PACKAGE.replace("NAME", &format!("{name:?}"))),
        (".ci/webhooks", CI.to_owned()),
        (".gitignore", IGNORED.to_owned()),
    ];
    let files: Vec<File> = texts.map(|(path, text)| File::of(folder, path.to_owned(), text)).into();
    // An existing .gitignore is the team's own.
    let (ignored, others): (Vec<File>, Vec<File>) = files.into_iter().partition(|file| file.path == ".gitignore");
    if let Some(known) = others.iter().find(|file| folder.join(&file.path).exists()) {
        let message = format!("{} exists; nothing was written", folder.join(&known.path).display());
        return Err(Failure::with_help(message, "name a folder that has no schema-defs yet"));
    }
    let files: Vec<File> = others.into_iter().chain(ignored.into_iter().filter(|file| file.old.is_none())).collect();
    write(folder, &files)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let script = folder.join(".ci/webhooks");
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755))
            .map_err(|error| Failure::of(script.display(), error))?;
    }
    for file in &files {
        println!("  {}", file.path);
    }
    println!("{}: created for the package {name}; next, in that folder, one of:", folder.display());
    println!(
        "  cargo webhooks import acme OPENAPI.yaml                # a vendor's OpenAPI, AsyncAPI or JSON Schema document"
    );
    println!("  cargo webhooks infer acme/user_created PAYLOAD.json    # a schema from captured payloads");
    println!("  schema-defs/acme/user_created/schema.json              # a schema that you have");
    println!("then: cargo webhooks codegen");
    Ok(ExitCode::SUCCESS)
}

/// Returns a package name made from the name of its folder.
fn package_name(folder: &std::path::Path) -> Result<String, Failure> {
    let folder = crate::paths::absolute(folder)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    Ok(name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect())
}
