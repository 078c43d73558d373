//! The sources of the packages that generated code needs, in a binary that was built from a checkout.

use std::borrow::Cow;

use toml::{Table, Value};

use crate::failure::Failure;

// The build script lists the files. It defines `PACKAGES`, `WORKSPACE` and `LOCK`.
include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The versions of dependencies that the packages were tested with.
pub(crate) const TESTED_VERSIONS: Option<&str> = LOCK;

/// Returns whether this binary has the sources. A binary that was installed from a registry has none.
pub(crate) fn are_here() -> bool {
    !PACKAGES.is_empty()
}

/// Returns the files of a package, by path.
pub(crate) fn files(package: &str) -> Result<Vec<(&'static str, Cow<'static, str>)>, Failure> {
    let files = PACKAGES.iter().filter(|(name, _)| *name == package).flat_map(|(_, files)| files.iter().copied());
    let file = |(path, text): (&'static str, &'static str)| match path {
        "Cargo.toml" => {
            let manifest = manifest(text, WORKSPACE.unwrap_or_default());
            let manifest = manifest.map_err(|error| Failure::of(format!("the manifest of {package}"), error))?;
            Ok((path, Cow::Owned(manifest)))
        }
        _ => Ok((path, Cow::Borrowed(text))),
    };
    files.map(file).collect()
}

/// Returns the manifest of a package outside of its workspace: with the values of keys that it inherits, and without
/// what its own tests need.
fn manifest(package: &str, workspace: &str) -> Result<String, String> {
    let read = |text: &str| text.parse::<Table>().map_err(|error| error.to_string());
    let (mut package, workspace) = (read(package)?, read(workspace)?);
    let inherited = |table: &str, key: &str| {
        let known = workspace.get("workspace").and_then(|workspace| workspace.get(table)?.get(key));
        known.cloned().ok_or_else(|| format!("the workspace has no {table}.{key}"))
    };
    package.remove("dev-dependencies");
    package.remove("lints");
    // A copy is not tested where it is used.
    let untested = ["test", "doctest"].map(|key| (key.to_owned(), Value::Boolean(false)));
    package.insert("lib".to_owned(), Value::Table(Table::from_iter(untested)));
    for (key, value) in package.get_mut("package").and_then(Value::as_table_mut).into_iter().flatten() {
        if is_inherited(value) {
            *value = inherited("package", key)?;
        }
    }
    for (name, value) in package.get_mut("dependencies").and_then(Value::as_table_mut).into_iter().flatten() {
        if !is_inherited(value) {
            continue;
        }
        let mut dependency = match inherited("dependencies", name)? {
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
    // The table of the package comes first, so that the first version in the text is the version of the package.
    let own = Table::from_iter(package.remove("package").map(|table| ("package".to_owned(), table)));
    Ok(format!("{own}\n{package}"))
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}
