//! Payloads: the types of single events, and how they are read.

use serde::ser::Serialize;
use serde_json::{Number, Value};

use crate::deviation::Deviations;
use crate::error::{Error, ValidationError, utf8};
use crate::evaluate::{Decisions, Validator};
use crate::provider::{EventInfo, Example, Reading};
use crate::read::depth::take_exceeded;
use crate::read::{self, Mismatch, Node, Read};
use crate::sealed::Sealed;
use crate::text_order;
use crate::value;
use crate::violation::Violations;
use crate::write::{WriteJson, to_vec};

/// A type that is generated from a schema. The trait is sealed: only generated code implements it.
pub trait HasSchema: Read + Sealed {
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
/// Every implementing type has these functions as inherent functions too; the trait is only needed by generic code. It is sealed:
/// only generated code implements it.
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
        read::from_text(text).or_else(|Mismatch| read_via_value(text))
    }

    /// Reads a payload from a JSON value.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`], with every violation and the value, if the value is not accepted.
    fn from_value(value: Value) -> Result<Self, Error> {
        read_value(&value).map_err(|Mismatch| rejected(Self::NAME, Self::BASE_URI, Self::VALIDATOR, value, None))
    }

    /// How the payload deviates from its schema, although it was accepted: members that the schema does not name,
    /// values that it does not allow, and strings that it does not list. They are computed on each call.
    fn deviations(&self) -> Deviations {
        deviations(Self::VALIDATOR, &to_vec(self))
    }
}

impl EventInfo {
    /// Describes the event whose payload a type is.
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

/// Reads a value, tolerantly if that is how the type is read.
fn read_value<T: HasSchema>(value: &Value) -> read::Result<T> {
    // Reading text in one pass may have exceeded the limit before; only this reading counts.
    take_exceeded();
    T::read_value(Node::new(value, T::READING == Reading::Tolerant, &Decisions::default()))
}

/// Reads a value for an implementation of serde's `Deserialize`.
pub fn deserialize_value<T: HasSchema, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    read_value(value).map_err(|Mismatch| {
        let violations = T::VALIDATOR.violations_typed(value);
        let violations = if violations.is_empty() { unrepresentable(value, take_exceeded()) } else { violations };
        E::custom(violations.iter().next().map(ToString::to_string).unwrap_or_default())
    })
}

/// Reads text by way of a `Value`, which decides where the parser gave up.
///
/// # Errors
///
/// The same as for [`Payload::from_slice`].
#[cold]
pub fn read_via_value<T: Payload>(text: &str) -> Result<T, Error> {
    let value = value::from_text(text)?;
    read_value(&value).map_err(|Mismatch| rejected(T::NAME, T::BASE_URI, T::VALIDATOR, value, Some(text)))
}

/// The deviations of a payload that was written as JSON text.
fn deviations(validator: Validator<'static>, written: &[u8]) -> Deviations {
    let value = utf8(written).ok().and_then(value::from_written).unwrap_or_default();
    validator.deviations(&value)
}

/// Why a type cannot hold a payload that its schema accepts, where no violation explains it: one of the documented
/// exceptions. `exceeded`: whether objects took too much of the stack. The reader does not say where, so the payload is searched.
fn unrepresentable(payload: &Value, exceeded: bool) -> Violations {
    let mut search = Search::default();
    search.visit(payload, &mut Vec::new());
    let nested = || format!("objects of many members, {} levels deep, take too much of the stack", search.depth);
    let (place, reason, number) = match search.large {
        _ if exceeded => (search.deepest, nested(), None),
        Some((place, number)) => (place, "no integer of more than 64 bits".to_owned(), Some(number)),
        None => (String::new(), "a value of the payload is beyond what the Rust type holds".to_owned(), None),
    };
    let mut violations = Violations::unrepresentable(reason);
    for violation in &mut violations.list {
        violation.instance_location.clone_from(&place);
        if let Some(number) = &number {
            (violation.found, violation.actual_type) = (number.to_string(), "number");
        }
    }
    violations
}

/// Searches a payload for what types may not hold.
#[derive(Default)]
struct Search {
    /// The first integer beyond 64 bits, and its location.
    large: Option<(String, Number)>,
    /// The location of the object that is in the most objects, and how many those are.
    deepest: String,
    depth: usize,
}

/// Whether neither integer type holds the integer.
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

/// The error for a payload that its type rejected. The violations are in the order of the text, if there is one.
fn rejected(
    name: &'static str,
    base_uri: &'static str,
    validator: Validator<'static>,
    payload: Value,
    text: Option<&str>,
) -> Error {
    let mut violations = validator.violations_typed(&payload);
    if let Some(text) = text {
        text_order::sort(&mut violations, text);
    }
    if violations.is_empty() {
        // The schema accepts the payload and the type cannot hold it: one of the documented exceptions.
        violations = unrepresentable(&payload, take_exceeded());
    }
    Error::Invalid(ValidationError::new(name, violations.with_base_uri(base_uri), payload))
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
