//! Diagnostics: what is wrong with the input, where, and what to do about it.

use std::fmt;

use crate::json::location::{self, Location};

/// One problem of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the folder of schema-defs; empty for the folder itself.
    pub file: String,
    /// Where in the file: a JSON Pointer, empty for the file as a whole. In a TOML file its steps are keys and indexes.
    pub pointer: String,
    /// Where in the text of the file, once [`locate`](Diagnostic::locate) has looked there.
    pub location: Option<Location>,
    /// The kind of problem, for programs.
    pub code: Code,
    /// What is wrong, for people.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

impl Diagnostic {
    /// A defect of the generator, found while it worked on a file or folder.
    pub(crate) fn internal(file: impl Into<String>, message: impl Into<String>) -> Diagnostic {
        let advice = "this is a defect of the generator: please report it with the schemas";
        Diagnostic::of_file(Code::Internal, file, message, advice)
    }

    /// A problem of a file as a whole.
    pub fn of_file(
        code: Code,
        file: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::at(code, file, "", message, advice)
    }

    /// A problem at a place in a file.
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

    /// The same problem, at a known place in the text of its file.
    #[must_use]
    pub fn located(self, location: Location) -> Diagnostic {
        Diagnostic { location: Some(location), ..self }
    }

    /// Finds the line and the column of the pointer in the text of the file. A location that is known stays.
    pub fn locate(&mut self, text: &str) {
        if self.location.is_some() || self.pointer.is_empty() {
            return;
        }
        let find = if self.file.ends_with(".toml") { location::in_toml } else { location::in_json };
        let by_name = matches!(
            self.code,
            Code::UnknownKeyword | Code::UnsupportedKeyword | Code::OtherDialectKeyword | Code::UnknownEvent
        );
        self.location = find(text, &self.pointer).map(|found| Location::new(text, found.excerpt(text, by_name)));
    }
}

/// `file:line:column#pointer: message`, as far as they are known, and the advice on a line of its own.
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

/// The kinds of problems. [`as_str`](Code::as_str) gives the text form, which stays the same from version to version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A file or folder cannot be read.
    Unreadable,
    /// A file is not UTF-8.
    NotUtf8,
    /// A file is not JSON, or has an object with the same name twice.
    NotJson,
    /// A file is not TOML.
    NotToml,
    /// A file is not YAML, or is YAML that JSON cannot express.
    NotYaml,
    /// A document to import is none that can be imported.
    UnsupportedDocument,
    /// The folder has no provider.
    NoProviders,
    /// A provider has no event, or a body has none.
    NoEvents,
    /// An event has no schema.
    MissingSchema,
    /// A value in `provider.toml` or `package.toml` is of the wrong type, or not one of the choices.
    InvalidSettings,
    /// `provider.toml` names an event that the provider does not have.
    UnknownEvent,
    /// A package, provider or event has a name that it cannot have.
    InvalidName,
    /// Two things would have the same name.
    NameConflict,
    /// An overlay is not a JSON Patch.
    InvalidOverlay,
    /// An overlay does not apply to the documented schema.
    OverlayConflict,
    /// A schema declares a dialect that is not implemented.
    UnsupportedDialect,
    /// A schema is neither an object nor a boolean.
    InvalidSchema,
    /// A keyword is not known.
    UnknownKeyword,
    /// A keyword is known, and not implemented.
    UnsupportedKeyword,
    /// A keyword belongs to another dialect than the schema's.
    OtherDialectKeyword,
    /// A keyword has a value that it cannot have.
    InvalidKeyword,
    /// A regular expression cannot be translated to one that runs in linear time.
    InvalidPattern,
    /// A text template cannot be read.
    InvalidTemplate,
    /// A reference leads nowhere.
    UnresolvedReference,
    /// A reference leads back to itself without a step into the instance.
    CircularReference,
    /// Too many schemas apply to one instance location, one by way of the other.
    TooDeep,
    /// One payload can be valid for both events, and no precedence is given.
    AmbiguousEvents {
        /// The names of the events.
        events: [String; 2],
    },
    /// An event that `precedence` puts first takes every payload of a later one.
    ShadowedEvent {
        /// The event that gets no payload.
        event: String,
        /// The event that takes them.
        by: String,
    },
    /// An example is not valid for the schema of its event.
    InvalidExample,
    /// A payload given on the command line cannot be used.
    InvalidPayload,
    /// A file that would be written exists, with other content.
    FileExists,
    /// A defect of the generator.
    Internal,
}

impl Code {
    /// The text form: lower-case words with hyphens between them.
    pub fn as_str(&self) -> &'static str {
        match self {
            Code::Unreadable => "unreadable",
            Code::NotUtf8 => "not-utf8",
            Code::NotJson => "not-json",
            Code::NotToml => "not-toml",
            Code::NotYaml => "not-yaml",
            Code::UnsupportedDocument => "unsupported-document",
            Code::NoProviders => "no-providers",
            Code::NoEvents => "no-events",
            Code::MissingSchema => "missing-schema",
            Code::InvalidSettings => "invalid-settings",
            Code::UnknownEvent => "unknown-event",
            Code::InvalidName => "invalid-name",
            Code::NameConflict => "name-conflict",
            Code::InvalidOverlay => "invalid-overlay",
            Code::OverlayConflict => "overlay-conflict",
            Code::UnsupportedDialect => "unsupported-dialect",
            Code::InvalidSchema => "invalid-schema",
            Code::UnknownKeyword => "unknown-keyword",
            Code::UnsupportedKeyword => "unsupported-keyword",
            Code::OtherDialectKeyword => "other-dialect-keyword",
            Code::InvalidKeyword => "invalid-keyword",
            Code::InvalidPattern => "invalid-pattern",
            Code::InvalidTemplate => "invalid-template",
            Code::UnresolvedReference => "unresolved-reference",
            Code::CircularReference => "circular-reference",
            Code::TooDeep => "too-deep",
            Code::AmbiguousEvents { .. } => "ambiguous-events",
            Code::ShadowedEvent { .. } => "shadowed-event",
            Code::InvalidExample => "invalid-example",
            Code::InvalidPayload => "invalid-payload",
            Code::FileExists => "file-exists",
            Code::Internal => "internal",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
