//! The versions of the contenders, from the lock files.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Failure;
use crate::package::repository;

/// The version of each contender.
pub(crate) struct Versions {
    pub(crate) serde: String,
    pub(crate) typify: String,
    pub(crate) quicktype: String,
    pub(crate) jsonschema: String,
    pub(crate) boon: String,
    pub(crate) own: String,
}

impl Versions {
    /// Reads the lock files.
    pub(crate) fn read() -> Result<Versions, Failure> {
        let root = repository();
        let text = |path: &str| {
            let path = root.join(path);
            fs::read_to_string(&path).map_err(|error| Failure::new(path.display(), error))
        };
        let lock = text("tests/bench/Cargo.lock")?;
        let npm = Path::new("tests/compare/quicktype/package-lock.json");
        let npm_lock: Value =
            serde_json::from_str(&text(&npm.to_string_lossy())?).map_err(|error| Failure::new(npm.display(), error))?;
        let quicktype = npm_lock["packages"]["node_modules/quicktype-core"]["version"].as_str();
        Ok(Versions {
            serde: of(&lock, "serde")?,
            typify: of(&text("tests/compare/Cargo.lock")?, "typify-impl")?,
            quicktype: quicktype.ok_or_else(|| Failure::new(npm.display(), "quicktype-core is not there"))?.to_owned(),
            jsonschema: of(&lock, "jsonschema")?,
            boon: of(&lock, "boon")?,
            own: of(&text("Cargo.lock")?, "webhook-codegen")?,
        })
    }
}

/// The version of a package in a lock file.
fn of(lock: &str, package: &str) -> Result<String, Failure> {
    let lock: toml::Table = lock.parse().map_err(|error| Failure::new("Cargo.lock", error))?;
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let mut own = packages.filter(|known| known.get("name").and_then(toml::Value::as_str) == Some(package));
    let version = own.next_back().and_then(|known| known.get("version")).and_then(toml::Value::as_str);
    version.map(str::to_owned).ok_or_else(|| Failure::new("Cargo.lock", format!("{package} is not there")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_that_of_the_lock_file() {
        let lock =
            "[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"ab\"\nversion = \"2.0.0\"\n";
        assert_eq!(of(lock, "a").as_deref(), Ok("1.2.3"));
        assert!(of(lock, "b").is_err());
    }
}
