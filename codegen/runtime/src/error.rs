//! Why a payload could not be read.

use std::fmt;

use crate::violation::Violations;

/// Why a payload could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not JSON that this crate can hold: not UTF-8, not JSON, nested more than 128 deep, a string with a
    /// lone surrogate, or a number out of range.
    Json(serde_json::Error),
    /// The payload is JSON, and breaks rules of its event.
    Invalid(Invalid),
}

/// A payload that breaks rules of its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    pub(crate) event: &'static str,
    pub(crate) violations: Violations,
}

impl Invalid {
    /// The event that the payload was told to be, by its JSON name.
    pub fn event(&self) -> &'static str {
        self.event
    }

    /// Every rule that the payload breaks.
    pub fn violations(&self) -> &Violations {
        &self.violations
    }
}

impl Error {
    /// The violations, if the payload is JSON and invalid.
    pub fn violations(&self) -> Option<&Violations> {
        match self {
            Error::Invalid(invalid) => Some(&invalid.violations),
            Error::Json(_) => None,
        }
    }

    /// The same error for logs: no value of the payload is shown, only its type.
    pub fn masked(&self) -> impl fmt::Display + '_ {
        struct Masked<'e>(&'e Error);
        impl fmt::Display for Masked<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.0 {
                    Error::Invalid(invalid) => write!(f, "{}: {}", invalid.event, invalid.violations.masked()),
                    Error::Json(error) => {
                        write!(f, "not readable as JSON at line {} column {}", error.line(), error.column())
                    }
                }
            }
        }
        Masked(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Json(error) => write!(f, "not readable as JSON: {error}"),
            Error::Invalid(invalid) => write!(f, "{}: {}", invalid.event, invalid.violations),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Json(error) => Some(error),
            Error::Invalid(invalid) => Some(&invalid.violations),
        }
    }
}

/// The bytes as text, without a byte being looked at twice later.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Error::Json(serde::de::Error::custom(format_args!("the bytes are not UTF-8 from byte {at} on")))
    })
}
