//! The traits of payload types: [`HasSchema`] and [`Payload`].

use serde::ser::Serialize;
use serde_json::{Number, Value};

use crate::deviation::Deviations;
use crate::error::{Error, ValidationError, utf8};
use crate::evaluate::Validator;
use crate::provider::{EventInfo, Example, Reading};
use crate::read::depth::take_exceeded;
use crate::read::{self, Mismatch, Parser, Read};
use crate::sealed::Sealed;
use crate::text_order;
use crate::value::{self, Parsed};
use crate::violation::Violations;
use crate::write::{WriteJson, to_vec};

/// A type that is generated from a schema. Only generated code can implement this trait.
pub trait HasSchema: Read + Sealed {
    /// The validator of the schema.
    #[doc(hidden)]
    const VALIDATOR: Validator<'static>;
    /// How a value is read: exactly or tolerantly.
    const READING: Reading;

    /// Validates a JSON value against the schema.
    ///
    /// # Errors
    ///
    /// The value is invalid. The error has every violation, in document order.
    fn validate(value: &Value) -> Result<(), Violations> {
        Self::VALIDATOR.violations(value).into_result()
    }
}

/// The payload of an event.
///
/// Generic code needs this trait. Other code does not, because every implementing type has the same functions as
/// inherent functions. Only generated code can implement it.
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
        let text = utf8(bytes)?;
        read::from_text(text)
            .or_else(|Mismatch| PayloadInfo::of::<Self>().read_again(Parsed::new(text)?, text, read::from_parser))
    }

    /// Reads a payload from a JSON value.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`], with every violation and the value, if the value is not accepted.
    fn from_value(value: Value) -> Result<Self, Error> {
        PayloadInfo::of::<Self>().read_value(value, read::from_parser)
    }

    /// Returns how an accepted payload deviates from its schema: members that the schema does not name, values that the
    /// schema does not allow, and strings that the schema does not list. The deviations are computed on each call.
    fn deviations(&self) -> Deviations {
        deviations(Self::VALIDATOR, &to_vec(self))
    }
}

impl EventInfo {
    /// Describes the event with the payload type `T`.
    #[doc(hidden)]
    pub const fn of<T: Payload>(wire_name: &'static str) -> EventInfo {
        EventInfo {
            name: T::NAME,
            wire_name,
            schema: T::SCHEMA,
            examples: T::EXAMPLES,
            reading: T::READING,
            validator: T::VALIDATOR,
        }
    }
}

/// The facts about a payload's type that appear in errors.
#[derive(Clone, Copy, Debug)]
pub struct PayloadInfo {
    name: &'static str,
    base_uri: &'static str,
    validator: Validator<'static>,
}

impl PayloadInfo {
    /// Describes the type of a payload.
    pub const fn of<T: Payload>() -> PayloadInfo {
        PayloadInfo { name: T::NAME, base_uri: T::BASE_URI, validator: T::VALIDATOR }
    }

    /// Reads JSON text, which was parsed after a single pass failed. If the parser gave up, a name is repeated, and the payload may still
    /// be accepted. Otherwise, the type rejects the payload, and the error has the violations.
    ///
    /// # Errors
    ///
    /// The same as for [`Payload::from_slice`].
    #[cold]
    pub(crate) fn read_again<T>(
        self,
        Parsed { value, may_have_repeated_names }: Parsed,
        text: &str,
        read: fn(&mut Parser<'_>) -> read::Result<T>,
    ) -> Result<T, Error> {
        // Without repeated names, the value is what the type has read, so its violations are the reason. Otherwise, the
        // type may accept the value, in which only the last of repeated members is left.
        if !may_have_repeated_names {
            let violations = self.validator.violations_typed(&value);
            if !violations.is_empty() {
                return Err(self.invalid(violations, value, Some(text)));
            }
        }
        read::from_value(&value, read).map_err(|Mismatch| self.rejected(value, Some(text)))
    }

    /// Reads a JSON value.
    ///
    /// # Errors
    ///
    /// The same as for [`Payload::from_value`].
    pub(crate) fn read_value<T>(self, value: Value, read: fn(&mut Parser<'_>) -> read::Result<T>) -> Result<T, Error> {
        read::from_value(&value, read).map_err(|Mismatch| self.rejected(value, None))
    }

    /// Returns the error for a payload that the type rejected.
    fn rejected(self, payload: Value, text: Option<&str>) -> Error {
        self.invalid(violations(self.validator, &payload), payload, text)
    }

    /// Returns the error for a payload with these violations. If there is a text, the violations are sorted by their
    /// positions in it.
    fn invalid(self, mut violations: Violations, payload: Value, text: Option<&str>) -> Error {
        if let Some(text) = text {
            text_order::sort(&mut violations, text);
        }
        Error::Invalid(ValidationError::new(self.name, violations.with_base_uri(self.base_uri), payload))
    }
}

/// Reads a value for an implementation of serde's `Deserialize`.
pub fn deserialize_value<T: HasSchema, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    read::from_value(value, read::from_parser).map_err(|Mismatch| {
        let violations = violations(T::VALIDATOR, value);
        E::custom(violations.iter().next().map(ToString::to_string).unwrap_or_default())
    })
}

/// Returns the violations of a payload that a type has just rejected.
fn violations(validator: Validator<'static>, payload: &Value) -> Violations {
    let violations = validator.violations_typed(payload);
    // If the schema accepts the payload, the type cannot hold it: one of the documented exceptions.
    if violations.is_empty() { unrepresentable(payload, take_exceeded()) } else { violations }
}

/// Returns the deviations of a payload that was written as JSON text.
fn deviations(validator: Validator<'static>, written: &[u8]) -> Deviations {
    // A type keeps no copy of its payload, so the payload is written and parsed again.
    let value = utf8(written).ok().and_then(value::from_written).unwrap_or_default();
    validator.deviations(&value)
}

/// Returns the violation of a payload that its schema accepts, but its type cannot hold. `exceeded` says whether nested
/// objects took too much of the stack. The reader does not report a location, so the payload is searched.
fn unrepresentable(payload: &Value, exceeded: bool) -> Violations {
    let mut search = Search::default();
    search.visit(payload, &mut Vec::new());
    let nested = || format!("objects of many members, {} levels deep, take too much of the stack", search.depth);
    // If objects took too much of the stack, reading ended there, and a large integer elsewhere is not the reason.
    let (place, reason, number) = match search.large {
        _ if exceeded => (search.deepest, nested(), None),
        Some((place, number)) => (place, "no integer of more than 64 bits".to_owned(), Some(number)),
        None => (String::new(), "a value of the payload is beyond what the Rust type holds".to_owned(), None),
    };
    Violations::unrepresentable(reason, place, number.as_ref())
}

/// A search for values of a payload that its type may be unable to hold.
#[derive(Default)]
struct Search {
    /// The first integer beyond 64 bits, and its location.
    large: Option<(String, Number)>,
    /// The location of the object that is nested deepest, and its depth.
    deepest: String,
    depth: usize,
}

/// Returns whether neither integer type holds the integer.
fn is_large(number: &Number) -> bool {
    crate::number::is_integer(number) && crate::number::to_integer(number).is_none()
}

impl Search {
    fn visit(&mut self, value: &Value, path: &mut Vec<String>) {
        match value {
            Value::Number(number) if self.large.is_none() && is_large(number) => {
                self.large = Some((path.concat(), number.clone()));
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(format!("/{index}"));
                    self.visit(item, path);
                    path.pop();
                }
            }
            Value::Object(members) => {
                if path.len() > self.depth {
                    (self.deepest, self.depth) = (path.concat(), path.len());
                }
                for (name, member) in members {
                    path.push(format!("/{}", crate::violation::escape(name)));
                    self.visit(member, path);
                    path.pop();
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_type_cannot_hold_is_named_with_its_location() {
        let found = |payload: &str| {
            unrepresentable(&serde_json::from_str(payload).unwrap(), false).iter().next().cloned().unwrap()
        };
        let large = found(r#"{"a": [1, {"b/c": 1e20}], "d": 2e20}"#);
        assert_eq!(large.instance_location, "/a/1/b~1c");
        assert!(large.message().contains("no integer of more than 64 bits"), "{large}");
        assert!(large.message().ends_with(", found 1e+20"), "{large}");
        assert!(!large.masked_message().contains("1e+20"), "{}", large.masked_message());
        let deep = unrepresentable(&json!({ "a": 1e20, "b": { "c": [{ "d": {} }] } }), true);
        let deep = deep.iter().next().unwrap();
        assert_eq!(deep.instance_location, "/b/c/0/d");
        assert!(deep.message().contains("objects of many members, 4 levels deep"), "{deep}");
    }
}
