//! What is wrong with the input, said so that whoever reads it knows where to look and what to do.

use std::fmt;

/// One problem of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the folder of schema-defs; empty for the folder itself.
    pub file: String,
    /// Where in the file: a JSON Pointer, empty for the file as a whole.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

impl Diagnostic {
    /// A problem of a file as a whole.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>, advice: impl Into<String>) -> Diagnostic {
        Diagnostic::at(file, "", message, advice)
    }

    /// A problem at a place in a file.
    pub fn at(
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic { file: file.into(), pointer: pointer.into(), message: message.into(), advice: advice.into() }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = if self.file.is_empty() { "." } else { &self.file };
        write!(f, "{file}")?;
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
