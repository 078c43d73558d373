//! Puts the sources of the packages that generated code needs into the binary, when it is built from a checkout.
//!
//! A binary that was installed from a registry has none: there the same version of those packages is in the registry too.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// The packages, and their folders in a checkout.
const PACKAGES: [(&str, &str); 2] = [("webhook-runtime", "crates/runtime"), ("webhook-harness", "crates/harness")];

fn main() -> Result<(), Box<dyn Error>> {
    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let root = own.join("../..");
    let mut text = String::new();
    let is_checkout = PACKAGES.iter().all(|(_, folder)| root.join(folder).join("Cargo.toml").exists());
    let packages: &[(&str, &str)] = if is_checkout { &PACKAGES } else { &[] };
    writeln!(text, "/// The packages: the name, and the files of each, by path.")?;
    writeln!(text, "pub(super) const PACKAGES: &[(&str, &[(&str, &str)])] = &[")?;
    if is_checkout {
        watch(&root.join("Cargo.toml"));
    }
    for (name, folder) in packages {
        let folder = root.join(folder);
        watch(&folder);
        writeln!(text, "({name:?}, &[")?;
        writeln!(text, "(\"Cargo.toml\", {:?}),", manifest(&root, &folder)?)?;
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
    writeln!(text, "/// The versions of dependencies that they were tested with.")?;
    let lock = root.join("Cargo.lock");
    match is_checkout && lock.exists() {
        true => {
            watch(&lock);
            writeln!(text, "pub(super) const LOCK: Option<&str> = Some(include_str!({:?}));", lock.canonicalize()?)?;
        }
        false => writeln!(text, "pub(super) const LOCK: Option<&str> = None;")?,
    }
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("sources.rs"), text)?;
    watch(&own.join("build.rs"));
    Ok(())
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

/// The README and the sources of a package, by path.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = vec![];
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

/// Returns the manifest of a package, with the values of keys that it inherits from the workspace, and without the
/// dependencies of its own tests.
fn manifest(root: &Path, folder: &Path) -> Result<String, Box<dyn Error>> {
    let read = |path: PathBuf| -> Result<Table, Box<dyn Error>> { Ok(fs::read_to_string(path)?.parse()?) };
    let workspace = read(root.join("Cargo.toml"))?;
    let inherited = |table: &str, key: &str| workspace.get("workspace")?.get(table)?.get(key).cloned();
    let mut package = read(folder.join("Cargo.toml"))?;
    package.remove("dev-dependencies");
    package.remove("lints");
    // A copy is not tested where it is used.
    let untested = ["test", "doctest"].map(|key| (key.to_owned(), Value::Boolean(false)));
    package.insert("lib".to_owned(), Value::Table(Table::from_iter(untested)));
    for (key, value) in package.get_mut("package").and_then(Value::as_table_mut).into_iter().flatten() {
        if is_inherited(value) {
            *value = inherited("package", key).ok_or_else(|| format!("the workspace has no package.{key}"))?;
        }
    }
    for (name, value) in package.get_mut("dependencies").and_then(Value::as_table_mut).into_iter().flatten() {
        if !is_inherited(value) {
            continue;
        }
        let known = inherited("dependencies", name).ok_or_else(|| format!("the workspace has no dependency {name}"))?;
        let mut dependency = match known {
            Value::Table(table) => table,
            version => Table::from_iter([("version".to_owned(), version)]),
        };
        if dependency.contains_key("path") {
            dependency.insert("path".to_owned(), Value::String(format!("../{name}")));
        }
        for (key, own) in value.as_table().cloned().unwrap_or_default() {
            match (key.as_str(), dependency.get_mut(&key)) {
                ("workspace", _) => {}
                ("features", Some(Value::Array(features))) => {
                    features.extend(own.as_array().cloned().unwrap_or_default());
                }
                _ => drop(dependency.insert(key, own)),
            }
        }
        *value = Value::Table(dependency);
    }
    // The table of the package comes first, so that its version is the first.
    let own = Table::from_iter(package.remove("package").map(|table| ("package".to_owned(), table)));
    Ok(format!("{}\n{}", toml::to_string(&own)?, toml::to_string(&package)?))
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}
