//! Puts the sources of the packages that generated code needs into the binary, when it is built from a checkout.
//!
//! A binary that was installed from a registry has none: there the same version of those packages is in the registry too.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The packages, and their folders in a checkout.
const PACKAGES: [(&str, &str); 2] = [("webhook-runtime", "crates/runtime"), ("webhook-harness", "crates/harness")];

fn main() -> Result<(), Box<dyn Error>> {
    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let root = own.join("../..");
    let mut text = String::new();
    let is_checkout = PACKAGES.iter().all(|(_, folder)| root.join(folder).join("Cargo.toml").exists());
    writeln!(text, "/// The packages: the name, and the files of each, by path.")?;
    writeln!(text, "const PACKAGES: &[(&str, &[(&str, &str)])] = &[")?;
    for (name, folder) in PACKAGES.iter().filter(|_| is_checkout) {
        let folder = root.join(folder);
        watch(&folder);
        writeln!(text, "({name:?}, &[")?;
        for file in ["LICENSE-APACHE", "LICENSE-MIT"].into_iter().filter(|file| root.join(file).exists()) {
            writeln!(text, "({file:?}, include_str!({:?})),", root.join(file).canonicalize()?)?;
        }
        for file in files(&folder)? {
            let below = file.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/");
            writeln!(text, "({below:?}, include_str!({:?})),", file.canonicalize()?)?;
        }
        writeln!(text, "]),")?;
    }
    writeln!(text, "];")?;
    let documents = [
        ("WORKSPACE", "Cargo.toml", "The manifest of the workspace, from which the packages inherit."),
        ("LOCK", "Cargo.lock", "The versions of dependencies that the packages were tested with."),
    ];
    for (name, file, description) in documents {
        let file = root.join(file);
        let value = match is_checkout && file.exists() {
            true => format!("Some(include_str!({:?}))", file.canonicalize()?),
            false => "None".to_owned(),
        };
        writeln!(text, "/// {description}\nconst {name}: Option<&str> = {value};")?;
    }
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("sources.rs"), text)?;
    watch(&own.join("build.rs"));
    Ok(())
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

/// Returns the manifest, the README and the sources of a package.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = vec![folder.join("Cargo.toml")];
    found.extend(Some(folder.join("README.md")).filter(|readme| readme.exists()));
    let mut open = vec![folder.join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
