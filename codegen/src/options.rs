//! How a package is generated.

use crate::model::Dialect;

/// What the generated package is to be.
///
/// # Examples
///
/// ```
/// let options = webhook_codegen::Options::default().package("my-events").standalone(true);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) package: Option<String>,
    pub(crate) runtime: String,
    pub(crate) standalone: bool,
    pub(crate) unknown_keywords: bool,
    pub(crate) dialect: Dialect,
    pub(crate) lowered: bool,
}

impl Options {
    /// Sets the package's name; by default, the name in `package.toml`.
    #[must_use]
    pub fn package(self, name: impl Into<String>) -> Options {
        Options { package: Some(name.into()), ..self }
    }

    /// Sets how the package depends on the runtime, as the right-hand side of its line in `Cargo.toml`: the content of a TOML
    /// inline table without `features`, such as `version = "=0.1.0", path = "../crates/runtime"`. Generated code calls private items
    /// of the runtime, so the version is exact. By default, it is the released version.
    #[must_use]
    pub fn runtime(self, dependency: impl Into<String>) -> Options {
        Options { runtime: dependency.into(), ..self }
    }

    /// Sets whether the package is a workspace of its own, because it is inside another that it is not a member of.
    #[must_use]
    pub fn standalone(self, standalone: bool) -> Options {
        Options { standalone, ..self }
    }

    /// Sets whether unknown keywords are annotations, as the specification has it; by default they are errors.
    #[must_use]
    pub fn unknown_keywords(self, allowed: bool) -> Options {
        Options { unknown_keywords: allowed, ..self }
    }

    /// Sets the dialect of schemas that declare none.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Options {
        Options { dialect, ..self }
    }

    /// Sets whether the document that typify is given for each provider is written next to the code, in `lowered/`.
    #[must_use]
    pub fn lowered(self, lowered: bool) -> Options {
        Options { lowered, ..self }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            package: None,
            runtime: concat!("version = \"=", env!("CARGO_PKG_VERSION"), "\"").to_owned(),
            standalone: false,
            unknown_keywords: false,
            dialect: Dialect::default(),
            lowered: false,
        }
    }
}
