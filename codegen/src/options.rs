//! How a package is generated.

use crate::model::Dialect;

/// What the generated package is to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name; by default, the one in `package.toml`.
    pub package: Option<String>,
    /// How the package depends on the runtime, as the right-hand side of its line in `Cargo.toml`: a TOML inline table
    /// without `features`, such as `version = "0.1.0", path = "../crates/runtime"`.
    pub runtime: String,
    /// Whether the package is a workspace of its own, because it is inside another that it is not a member of.
    pub standalone: bool,
    /// Whether unknown keywords are annotations, as the specification has it; otherwise they are errors.
    pub unknown_keywords: bool,
    /// The dialect of schemas that declare none.
    pub dialect: Dialect,
    /// Whether the document that typify is given for each provider is written beside the code, in `lowered/`.
    pub lowered: bool,
}

impl Default for Options {
    /// A package of the name that `package.toml` gives, with a released runtime, in no workspace; unknown keywords are
    /// errors.
    fn default() -> Options {
        Options {
            package: None,
            runtime: format!("version = {:?}", env!("CARGO_PKG_VERSION")),
            standalone: false,
            unknown_keywords: false,
            dialect: Dialect::default(),
            lowered: false,
        }
    }
}
