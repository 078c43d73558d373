//! Errors of payloads that could not be read.

use std::fmt;

use serde_json::Value;
use serde_json::error::Category;

use crate::violation::{FormattedBy, Violations};

/// The error for a payload that could not be read.
///
/// `Display` lists every violation. [`source`](std::error::Error::source) returns `None`, so that a reporter that
/// prints the chain of sources prints each violation once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not UTF-8, are not JSON, or are JSON that this crate cannot represent: nested more than 127 levels
    /// deep, with a lone surrogate in a string, or with a number out of range.
    Json(JsonError),
    /// The payload is JSON, but violates the schema of its event.
    Invalid(ValidationError),
}

/// The reason why bytes are not JSON, with the message and the position of [`serde_json::Error`]. Unlike that error, it
/// can be cloned and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(Box<JsonDetails>);

/// The fields of a JSON error, boxed to keep `Result` small.
#[derive(Clone, Debug, PartialEq, Eq)]
struct JsonDetails {
    message: Box<str>,
    line: usize,
    column: usize,
    category: Category,
}

impl JsonError {
    /// Returns the line of the error, counted from 1, or 0 if the error has no position.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// Returns the column of the error in bytes, counted from 1, or 0 if the error has no position.
    pub fn column(&self) -> usize {
        self.0.column
    }

    /// Returns the category of the error: for example, a syntax error or an unexpected end of the input.
    pub fn classify(&self) -> Category {
        self.0.category
    }
}

impl JsonError {
    fn new(message: &str, line: usize, column: usize, category: Category) -> JsonError {
        JsonError(Box::new(JsonDetails { message: message.into(), line, column, category }))
    }

    /// Returns the error for a text that starts with a byte order mark, which RFC 8259 forbids senders to add.
    pub(crate) fn byte_order_mark() -> JsonError {
        let message = "the text starts with a byte order mark (U+FEFF), which JSON does not have, at line 1 column 1";
        JsonError::new(message, 1, 1, Category::Syntax)
    }

    /// Returns an error of a body that is read from a stream, whose lines are not counted.
    pub(crate) fn of_stream(message: &str, ends: bool) -> JsonError {
        let category = if ends { Category::Eof } else { Category::Syntax };
        JsonError::new(message, 0, 0, category)
    }
}

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        JsonError::new(&error.to_string(), error.line(), error.column(), error.classify())
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.message)
    }
}

impl std::error::Error for JsonError {}

/// A payload that violates the schema of its event, with its violations.
///
/// `Debug` omits the payload and masks the violations, so that no value of the payload gets into logs. `Display` shows
/// values.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidationError(Box<Details>);

/// The fields of a validation error, boxed to keep `Result` small.
#[derive(Clone, PartialEq, Eq)]
struct Details {
    event: &'static str,
    violations: Violations,
    payload: Value,
}

impl ValidationError {
    pub(crate) fn new(event: &'static str, violations: Violations, payload: Value) -> ValidationError {
        ValidationError(Box::new(Details { event, violations, payload }))
    }

    /// Returns the JSON name of the event whose schema the payload violates.
    pub fn event(&self) -> &'static str {
        self.0.event
    }

    /// Returns every violation, in document order.
    pub fn violations(&self) -> &Violations {
        &self.0.violations
    }

    /// Returns the payload, as received.
    pub fn payload(&self) -> &Value {
        &self.0.payload
    }

    /// Returns the payload, as received, without a copy.
    pub fn into_payload(self) -> Value {
        self.0.payload
    }
}

impl fmt::Debug for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidationError")
            .field("event", &self.0.event)
            .field("violations", &format_args!("{}", self.0.violations.masked()))
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.event, self.0.violations)
    }
}

impl std::error::Error for ValidationError {}

impl Error {
    /// Returns the error for bytes that are not JSON.
    pub(crate) fn json(error: serde_json::Error) -> Error {
        Error::Json(error.into())
    }

    /// Returns the error for a text that is not JSON.
    pub(crate) fn json_in(text: &str, error: serde_json::Error) -> Error {
        if text.starts_with('\u{feff}') { Error::Json(JsonError::byte_order_mark()) } else { Error::json(error) }
    }

    /// Returns the violations, if the payload is JSON and invalid.
    pub fn violations(&self) -> Option<&Violations> {
        match self {
            Error::Invalid(invalid) => Some(invalid.violations()),
            Error::Json(_) => None,
        }
    }

    /// Returns the payload, if it is JSON and invalid.
    pub fn payload(&self) -> Option<&Value> {
        match self {
            Error::Invalid(invalid) => Some(invalid.payload()),
            Error::Json(_) => None,
        }
    }

    /// Returns the payload without a copy, if it is JSON and invalid.
    ///
    /// # Examples
    ///
    /// Keep a rejected payload for later:
    ///
    /// ```
    /// # use webhook_runtime as security_webhooks;
    /// use security_webhooks::WebhookEvent;
    ///
    /// # fn quarantine(payload: serde_json::Value) {}
    /// # fn receive<E: WebhookEvent>(body: &[u8]) {
    /// if let Err(error) = E::from_slice(body) {
    ///     eprintln!("{}", error.masked());
    ///     if let Some(payload) = error.into_payload() {
    ///         quarantine(payload);
    ///     }
    /// }
    /// # }
    /// ```
    pub fn into_payload(self) -> Option<Value> {
        match self {
            Error::Invalid(invalid) => Some(invalid.into_payload()),
            Error::Json(_) => None,
        }
    }

    /// Returns the error for logs, with the type of each value instead of the value.
    pub fn masked(&self) -> impl fmt::Display + '_ {
        FormattedBy(move |f: &mut fmt::Formatter<'_>| match self {
            Error::Invalid(invalid) => write!(f, "{}: {}", invalid.event(), invalid.violations().masked()),
            // The message may quote the payload, so only the position is shown.
            Error::Json(error) => write!(f, "not readable as JSON at line {} column {}", error.line(), error.column()),
        })
    }
}

impl Error {
    /// Keeps the description of the first violation, and only counts the others.
    pub(crate) fn keep_first_violation(&mut self) {
        if let Error::Invalid(ValidationError(details)) = self {
            let violations = &mut details.violations;
            violations.more += violations.list.len().saturating_sub(1);
            violations.list.truncate(1);
            // Truncating alone would keep the memory of the list.
            violations.list.shrink_to_fit();
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Json(error) => write!(f, "not readable as JSON: {error}"),
            Error::Invalid(invalid) => invalid.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// The error for a string that could not be converted.
///
/// `FromStr` and `TryFrom` of a string enum return it for a string that the schema does not list, and `FromStr` of a
/// generated `Provider` for a string that is not the name of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionError(&'static str);

impl ConversionError {
    #[doc(hidden)]
    pub const UNLISTED_VALUE: ConversionError = ConversionError("the schema does not list the string");

    #[doc(hidden)]
    pub const UNKNOWN_PROVIDER: ConversionError = ConversionError("the string is not the name of a provider");

    #[cfg(feature = "arbitrary_precision")]
    pub(crate) const NOT_A_NUMBER: ConversionError = ConversionError("the string is not a JSON number");
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl std::error::Error for ConversionError {}

/// Returns the bytes as text, or an error if they are not UTF-8.
#[inline]
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(not_utf8)
}

#[cold]
fn not_utf8(error: std::str::Utf8Error) -> Error {
    let at = error.valid_up_to();
    Error::json(serde::de::Error::custom(format_args!("the bytes are not UTF-8 from byte {at} on")))
}
