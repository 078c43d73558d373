//! Diagnostics: a problem of the input, its location, and how to resolve it.

use std::fmt;

use crate::json::location::{self, Location};

/// The result of work on an input, or all problems of the input.
pub type Checked<T> = Result<T, Vec<Diagnostic>>;

/// A problem of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the folder of schema-defs. Empty for the folder itself.
    pub file: String,
    /// The location in the file: a JSON Pointer, which is empty for the whole file. In a TOML file, its segments are
    /// keys and indices.
    pub pointer: String,
    /// The location in the text of the file, once [`locate`](Diagnostic::locate) has found it.
    pub location: Option<Location>,
    /// The kind of problem, for programs.
    pub code: Code,
    /// A description of the problem, for people.
    pub message: String,
    /// Advice on how to resolve it.
    pub advice: String,
}

impl Diagnostic {
    /// Creates a diagnostic for a defect of the generator, found while it processed a file or folder.
    pub(crate) fn internal(file: impl Into<String>, message: impl Into<String>) -> Diagnostic {
        let advice = "this is a defect of the generator: please report it with the schemas";
        Diagnostic::of_file(Code::Internal, file, message, advice)
    }

    /// Creates a diagnostic for a whole file.
    pub fn of_file(
        code: Code,
        file: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::at(code, file, "", message, advice)
    }

    /// Creates a diagnostic for a location in a file.
    pub fn at(
        code: Code,
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            file: file.into(),
            pointer: pointer.into(),
            location: None,
            code,
            message: message.into(),
            advice: advice.into(),
        }
    }

    /// Sets the location in the text of the file.
    #[must_use]
    pub fn located(self, location: Location) -> Diagnostic {
        Diagnostic { location: Some(location), ..self }
    }

    /// Finds the line and column of the pointer in the text of the file, unless the location is already set.
    pub fn locate(&mut self, text: &str) {
        if self.location.is_some() || self.pointer.is_empty() {
            return;
        }
        let find = if self.file.ends_with(".toml") { location::in_toml } else { location::in_json };
        let by_name = matches!(
            self.code,
            Code::UnknownKey
                | Code::UnknownKeyword
                | Code::UnsupportedKeyword
                | Code::OtherDialectKeyword
                | Code::UnknownEvent
        );
        self.location = find(text, &self.pointer).map(|found| Location::new(text, found.excerpt(text, by_name)));
    }
}

/// Writes `file:line:column#pointer: message` as far as known, with the advice on a separate line.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = if self.file.is_empty() { "." } else { &self.file };
        write!(f, "{file}")?;
        if let Some(Location { line, column, .. }) = self.location {
            write!(f, ":{line}:{column}")?;
        }
        if !self.pointer.is_empty() {
            write!(f, "#{}", self.pointer)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.advice.is_empty() {
            write!(f, "\n    {}", self.advice)?;
        }
        Ok(())
    }
}

named_variants! {
    /// The kind of a problem. [`as_str`](Code::as_str) returns its text form, which is stable across versions.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum Code {
        /// A file or folder cannot be read.
        Unreadable = "unreadable",
        /// A file is not UTF-8.
        NotUtf8 = "not-utf8",
        /// A file is not JSON, or has an object with a repeated member.
        NotJson = "not-json",
        /// A file is not TOML.
        NotToml = "not-toml",
        /// A file is not YAML, or uses YAML that has no equivalent in JSON.
        NotYaml = "not-yaml",
        /// A document to import has an unsupported format.
        UnsupportedDocument = "unsupported-document",
        /// The folder contains no provider.
        NoProviders = "no-providers",
        /// A provider has no events, or a body contains none.
        NoEvents = "no-events",
        /// An event has no schema.
        MissingSchema = "missing-schema",
        /// A value in `provider.toml` or `package.toml` has the wrong type, or is not one of the allowed values.
        InvalidSettings = "invalid-settings",
        /// `provider.toml` or `package.toml` has a key that nothing reads.
        UnknownKey = "unknown-key",
        /// `provider.toml` names an event that the provider lacks.
        UnknownEvent = "unknown-event",
        /// A package, provider or event has a name that is not allowed.
        InvalidName = "invalid-name",
        /// Two items would get the same name.
        NameConflict = "name-conflict",
        /// An overlay is not a JSON Patch.
        InvalidOverlay = "invalid-overlay",
        /// An overlay does not apply to the documented schema.
        OverlayConflict = "overlay-conflict",
        /// A schema declares a dialect that is not implemented.
        UnsupportedDialect = "unsupported-dialect",
        /// A schema is neither an object nor a boolean.
        InvalidSchema = "invalid-schema",
        /// A keyword is unknown.
        UnknownKeyword = "unknown-keyword",
        /// A keyword is known but not implemented.
        UnsupportedKeyword = "unsupported-keyword",
        /// A keyword belongs to a dialect other than the schema's.
        OtherDialectKeyword = "other-dialect-keyword",
        /// A keyword has a value that is not allowed.
        InvalidKeyword = "invalid-keyword",
        /// A regular expression cannot be translated to an expression that runs in linear time.
        InvalidPattern = "invalid-pattern",
        /// A text template cannot be parsed.
        InvalidTemplate = "invalid-template",
        /// A reference cannot be resolved.
        UnresolvedReference = "unresolved-reference",
        /// A schema refers to itself at the same instance location.
        CircularReference = "circular-reference",
        /// A chain of schemas that apply to the same instance location is too long.
        TooDeep = "too-deep",
        /// A payload can be valid for both events, and `precedence` does not decide.
        AmbiguousEvents {
            /// The names of the events.
            events: [String; 2],
        } = "ambiguous-events",
        /// An event that `precedence` lists first takes every payload of a later event.
        ShadowedEvent {
            /// The event that receives no payloads.
            event: String,
            /// The event that takes its payloads.
            by: String,
        } = "shadowed-event",
        /// An example is rejected by the schema of its event.
        InvalidExample = "invalid-example",
        /// A payload on the command line cannot be used.
        InvalidPayload = "invalid-payload",
        /// A file that would be written already exists with other content.
        FileExists = "file-exists",
        /// A defect of the generator.
        Internal = "internal",
    }
}
