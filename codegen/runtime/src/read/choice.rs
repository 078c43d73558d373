//! Readers of values that are read whole first: the variant is chosen by its rule.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

use super::{Object, Positional, Read, Union, refused};
use crate::event::Typed;
use crate::instance::Instance;
use crate::schema::Rule;

/// One variant of a choice: the rule that chooses it, and how it is made of the value.
pub type Choice<T> = (Rule<'static>, fn(Value) -> Result<T, serde_json::Error>);

/// Reads a value whole; the rule must accept it.
///
/// # Errors
///
/// Those of the deserializer, and any value that the rule refuses.
pub fn whole_value<'de, D: Deserializer<'de>>(deserializer: D, rule: Rule<'static>) -> Result<Value, D::Error> {
    let value = Value::deserialize(deserializer)?;
    match rule.accepts(Instance::from(&value)) {
        true => Ok(value),
        false => Err(refused(rule, &value)),
    }
}

/// Reads a value whole, and makes it the first variant whose rule accepts it.
///
/// # Errors
///
/// Those of the deserializer, and any value that the rule, or every variant's, refuses.
pub fn choose<'de, T, D>(deserializer: D, rule: Rule<'static>, choices: &[Choice<T>]) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    let value = whole_value(deserializer, rule)?;
    match choices.iter().find(|(rule, _)| rule.accepts(&value)) {
        Some((_, make)) => make(value).map_err(D::Error::custom),
        None => Err(refused(rule, &value)),
    }
}

/// Reads an object that a rule must see whole.
///
/// # Errors
///
/// Those of the deserializer, and any value that the type's schema refuses.
pub fn whole_object<'de, T: Object<'de> + Typed, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    super::object(whole_value(deserializer, T::RULE)?).map_err(D::Error::custom)
}

/// Reads an array by position that a rule must see whole.
///
/// # Errors
///
/// Those of the deserializer, and any value that the type's schema refuses.
pub fn whole_positional<'de, T: Positional<'de> + Typed, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    super::positional(whole_value(deserializer, T::RULE)?).map_err(D::Error::custom)
}

/// Reads a value of several types that a rule must see whole.
///
/// # Errors
///
/// Those of the deserializer, and any value that the type's schema refuses.
pub fn whole_union<'de, T: Union<'de> + Typed, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    super::union(whole_value(deserializer, T::RULE)?).map_err(D::Error::custom)
}

/// Reads a type from a value.
///
/// # Errors
///
/// Any value that the type's schema refuses.
pub fn from_value<T: for<'de> Read<'de>>(value: Value) -> Result<T, serde_json::Error> {
    T::read(value)
}
