//! Options for code generation.

use crate::model::Dialect;

/// Options of the generated package.
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
    /// Whether the code becomes a module of another crate, which has no features of its own.
    pub(crate) module: bool,
}

impl Options {
    /// Sets the package's name. The default is the name in `package.toml`.
    #[must_use]
    pub fn package(self, name: impl Into<String>) -> Options {
        Options { package: Some(name.into()), ..self }
    }

    /// Sets how the package depends on the runtime: the value of its line in `Cargo.toml`, written as the content of a
    /// TOML inline table without `features`, such as `version = "=0.1.0", path = "../crates/runtime"`. Generated code
    /// calls private items of the runtime, so the version must be exact. The default is the released version.
    #[must_use]
    pub fn runtime(self, dependency: impl Into<String>) -> Options {
        Options { runtime: dependency.into(), ..self }
    }

    /// Sets whether the package is the root of its own workspace. A package inside the folder of a workspace that it is
    /// not a member of needs this.
    #[must_use]
    pub fn standalone(self, standalone: bool) -> Options {
        Options { standalone, ..self }
    }

    /// Sets whether unknown keywords are annotations, as the specification says. By default they are errors.
    #[must_use]
    pub fn unknown_keywords(self, allowed: bool) -> Options {
        Options { unknown_keywords: allowed, ..self }
    }

    /// Sets the dialect of schemas without `$schema`.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Options {
        Options { dialect, ..self }
    }

    /// Sets whether the lowered document of each provider, which typify reads, is also written to `lowered/`, next to
    /// the code.
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
            module: false,
        }
    }
}
