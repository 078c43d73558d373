//! Payloads: the types of single events, and how they are read.

use serde::ser::Serialize;
use serde_json::Value;

use crate::deviation::Deviations;
use crate::error::{Error, ValidationError, text};
use crate::evaluate::Decisions;
use crate::provider::{Example, Reading};
use crate::read::{self, Mismatch, Node, Read};
use crate::schema::Validator;
use crate::value;
use crate::violation::Violations;
use crate::write::{WriteJson, to_vec};

/// A type that is generated from a schema.
pub trait HasSchema: Read {
    /// The validator of the schema.
    #[doc(hidden)]
    const VALIDATOR: Validator<'static>;
    /// What decides whether a value is accepted.
    const READING: Reading;

    /// Validates a JSON value against the schema.
    ///
    /// # Errors
    ///
    /// Every violation, in document order.
    fn validate(value: &Value) -> Result<(), Violations> {
        Self::VALIDATOR.violations(value).into_result()
    }
}

/// The payload of one event.
///
/// Every implementing type has these functions as inherent functions too; the trait is only needed by generic code.
pub trait Payload: HasSchema + Serialize + WriteJson {
    /// The JSON name of the event.
    const NAME: &'static str;
    /// The JSON Schema of the payload, as a self-contained document.
    const SCHEMA: &'static str;
    /// The URI of the schema, which the schema locations of violations are relative to.
    const BASE_URI: &'static str;
    /// The documented payloads.
    const EXAMPLES: &'static [Example];

    /// Reads a payload from JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the bytes are not JSON, and [`Error::Invalid`], with every violation, if the payload is not
    /// accepted.
    fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_str(text(bytes)?)
    }

    /// Reads a payload from JSON text.
    ///
    /// # Errors
    ///
    /// Those of [`Payload::from_slice`].
    fn from_str(text: &str) -> Result<Self, Error> {
        match read::from_text(text) {
            Ok((payload, _)) => Ok(payload),
            Err(Mismatch) => reread(text),
        }
    }

    /// Reads a payload from a JSON value.
    ///
    /// # Errors
    ///
    /// Those of [`Payload::from_slice`]. The error has the value.
    fn from_value(value: Value) -> Result<Self, Error> {
        read_value(&value).map_err(|Mismatch| refused(Self::NAME, Self::BASE_URI, Self::VALIDATOR, value, None))
    }

    /// How the payload deviates from its schema, although it was accepted: members that the schema does not name,
    /// values that it does not allow, and strings that it does not list. Computed by each call.
    fn deviations(&self) -> Deviations {
        deviations(Self::VALIDATOR, &to_vec(self))
    }
}

/// Reads a value, tolerantly if that is how the type is read.
fn read_value<T: HasSchema>(value: &Value) -> read::Result<T> {
    T::read_value(Node { value, tolerant: T::READING == Reading::Tolerant, decisions: &Decisions::default() })
}

/// Reads a value for an implementation of serde's `Deserialize`.
pub fn deserialize_value<T: HasSchema, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    read_value(value).map_err(|Mismatch| {
        let violations = T::VALIDATOR.violations_typed(value);
        E::custom(violations.iter().next().map_or_else(|| UNREPRESENTABLE.to_owned(), ToString::to_string))
    })
}

/// Reads text that the parser gave up on, by way of a `Value`, which decides.
///
/// # Errors
///
/// Those of [`Payload::from_slice`].
#[cold]
pub fn reread<T: Payload>(text: &str) -> Result<T, Error> {
    let value = value::from_text(text)?;
    read_value(&value).map_err(|Mismatch| refused(T::NAME, T::BASE_URI, T::VALIDATOR, value, Some(text)))
}

/// The deviations of a payload that was written as JSON text.
fn deviations(validator: Validator<'static>, written: &[u8]) -> Deviations {
    let value = text(written).ok().and_then(value::from_written).unwrap_or_default();
    validator.deviations(&value)
}

/// Why a type cannot represent a payload that its schema accepts, if no violation explains it.
const UNREPRESENTABLE: &str = "objects of many members are nested too deep";

/// The error of a payload that its type does not hold. The violations are in the order of the text, if there is one.
fn refused(
    name: &'static str,
    base_uri: &'static str,
    validator: Validator<'static>,
    payload: Value,
    text: Option<&str>,
) -> Error {
    let mut violations = validator.violations_typed(&payload);
    if let Some(text) = text {
        crate::evaluate::sort(&mut violations, text);
    }
    if violations.is_empty() {
        // The schema accepts the payload and the type cannot hold it: one of the documented exceptions.
        violations = Violations::unrepresentable(UNREPRESENTABLE.to_owned());
    }
    Error::Invalid(ValidationError::new(name, violations.with_base_uri(base_uri), payload))
}
