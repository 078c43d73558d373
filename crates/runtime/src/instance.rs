//! JSON values as a schema sees them: equality, hashing, and constants of a schema.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use serde_json::{Map, Number, Value};

use crate::number::{self, NumberLiteral};
use crate::violation_kind::Count;

/// A borrowed JSON value. It can be made from a `&str` or a `&Number`, so a scalar can be validated before a `Value` is
/// built.
#[derive(Clone, Copy, Debug)]
pub enum Instance<'v> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number.
    Number(&'v Number),
    /// A string.
    String(&'v str),
    /// An array.
    Array(&'v [Value]),
    /// An object.
    Object(&'v Map<String, Value>),
}

impl<'v> From<&'v Value> for Instance<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Null => Instance::Null,
            Value::Bool(value) => Instance::Boolean(*value),
            Value::Number(value) => Instance::Number(value),
            Value::String(value) => Instance::String(value),
            Value::Array(value) => Instance::Array(value),
            Value::Object(value) => Instance::Object(value),
        }
    }
}

impl Instance<'_> {
    /// Returns the name of the JSON type.
    pub fn type_name(self) -> &'static str {
        match self {
            Instance::Null => "null",
            Instance::Boolean(_) => "boolean",
            Instance::Number(_) => "number",
            Instance::String(_) => "string",
            Instance::Array(_) => "array",
            Instance::Object(_) => "object",
        }
    }

    /// Returns whether the instance has members or items.
    pub(crate) fn has_parts(self) -> bool {
        match self {
            Instance::Array(items) => !items.is_empty(),
            Instance::Object(members) => !members.is_empty(),
            _ => false,
        }
    }

    /// Returns the value as JSON text, cut after `limit` characters. Of an array or an object, only the size is shown.
    pub(crate) fn excerpt(self, limit: usize) -> String {
        let text = match self {
            Instance::Null => "null".to_owned(),
            Instance::Boolean(value) => value.to_string(),
            Instance::Number(value) => value.to_string(),
            Instance::String(value) => {
                // A long string is cut before it is escaped, so that an excerpt does not copy all of it.
                let head: String = value.chars().take(limit + 1).collect();
                Value::String(head).to_string()
            }
            Instance::Array([]) => "[]".to_owned(),
            Instance::Array(items) => format!("an array with {}", Count(items.len() as u64, "item")),
            Instance::Object(members) if members.is_empty() => "{}".to_owned(),
            Instance::Object(members) => format!("an object with {}", Count(members.len() as u64, "member")),
        };
        if text.chars().count() <= limit {
            return text;
        }
        let mut cut: String = text.chars().take(limit).collect();
        cut.push('…');
        cut
    }
}

/// A constant that a schema fixes (`const`, a member of `enum`).
#[derive(Clone, Copy, Debug)]
pub enum Literal<'s> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number.
    Number(NumberLiteral<'s>),
    /// A string.
    String(&'s str),
    /// An array.
    Array(&'s [Literal<'s>]),
    /// An object. Its names are unique.
    Object(&'s [(&'s str, Literal<'s>)]),
}

impl Literal<'_> {
    /// Returns whether the instance is this constant, under JSON Schema's instance equality.
    pub fn equals(&self, instance: Instance<'_>) -> bool {
        match (self, instance) {
            (Literal::Null, Instance::Null) => true,
            (Literal::Boolean(a), Instance::Boolean(b)) => *a == b,
            (Literal::Number(a), Instance::Number(b)) => number::compare(b, *a).is_eq(),
            (Literal::String(a), Instance::String(b)) => *a == b,
            (Literal::Array(a), Instance::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b.into()))
            }
            (Literal::Object(a), Instance::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(name, a)| b.get(*name).is_some_and(|b| a.equals(b.into())))
            }
            _ => false,
        }
    }
}

impl serde::Serialize for Literal<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Literal::Null => serializer.serialize_unit(),
            Literal::Boolean(value) => serializer.serialize_bool(*value),
            Literal::Number(literal) => match literal.to_number() {
                Some(number) => number.serialize(serializer),
                None => Err(serde::ser::Error::custom(format_args!("the number {literal} is out of range"))),
            },
            Literal::String(value) => serializer.serialize_str(value),
            Literal::Array(items) => serializer.collect_seq(*items),
            Literal::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl std::fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |f: &mut std::fmt::Formatter<'_>, index: usize| if index > 0 { f.write_str(",") } else { Ok(()) };
        match self {
            Literal::Null => f.write_str("null"),
            Literal::Boolean(value) => value.fmt(f),
            Literal::Number(value) => value.fmt(f),
            Literal::String(value) => Value::from(*value).fmt(f),
            Literal::Array(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    list(f, index)?;
                    item.fmt(f)?;
                }
                f.write_str("]")
            }
            Literal::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    list(f, index)?;
                    write!(f, "{}:{value}", Value::from(*name))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// Returns whether two values are equal under JSON Schema's instance equality: numbers by mathematical value, strings
/// code point by code point, arrays in order, objects by name.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// assert!(webhook_runtime::__private::equal(&json!({"a": 1, "b": [2.0]}), &json!({"b": [2], "a": 1.0})));
/// assert!(!webhook_runtime::__private::equal(&json!({"a": null}), &json!({})));
/// ```
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => number::equal(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            // Both have the same number of members, so no member of `b` is left over.
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

/// Returns the JSON Pointer of the first difference between two values, with the value on either side (`None` if it is
/// absent). Returns `None` if the values are equal.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// let (sent, kept) = (json!({"a": [1, 2]}), json!({"a": [1]}));
/// let (pointer, left, right) = webhook_runtime::__private::first_difference(&sent, &kept).unwrap();
/// assert_eq!(pointer, "/a/1");
/// assert_eq!((left, right), (Some(&json!(2)), None));
/// ```
pub fn first_difference<'v>(a: &'v Value, b: &'v Value) -> Option<(String, Option<&'v Value>, Option<&'v Value>)> {
    let below = |step: String, found: Option<(String, _, _)>| found.map(|(rest, a, b)| (step + &rest, a, b));
    match (a, b) {
        (Value::Array(left), Value::Array(right)) => (0..left.len().max(right.len())).find_map(|index| {
            let step = format!("/{index}");
            match (left.get(index), right.get(index)) {
                (Some(a), Some(b)) => below(step, first_difference(a, b)),
                (a, b) => Some((step, a, b)),
            }
        }),
        (Value::Object(left), Value::Object(right)) => {
            let added = right.keys().filter(|name| !left.contains_key(*name));
            left.keys().chain(added).find_map(|name| {
                let step = format!("/{}", crate::violation::escape(name));
                match (left.get(name), right.get(name)) {
                    (Some(a), Some(b)) => below(step, first_difference(a, b)),
                    (a, b) => Some((step, a, b)),
                }
            })
        }
        _ if equal(a, b) => None,
        _ => Some((String::new(), Some(a), Some(b))),
    }
}

/// Returns the indices of the first two equal items, in time proportional to the size of the items.
pub(crate) fn first_repeat(items: &[Value]) -> Option<(usize, usize)> {
    // A sender who knew the keys could choose items that differ and hash alike.
    let keys = RandomState::new();
    let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        let alike = seen.entry(hash(item, &keys)).or_default();
        if let Some(earlier) = alike.iter().find(|earlier| equal(&items[**earlier], item)) {
            return Some((*earlier, index));
        }
        alike.push(index);
    }
    None
}

fn hash(value: &Value, keys: &RandomState) -> u64 {
    let mut state = keys.build_hasher();
    // The type is part of the hash: otherwise `null`, `false`, `""` and `[]` would hash alike.
    Instance::from(value).type_name().hash(&mut state);
    match value {
        Value::Null => {}
        Value::Bool(value) => value.hash(&mut state),
        Value::Number(value) => number::hash(value, &mut state),
        Value::String(value) => value.hash(&mut state),
        Value::Array(items) => items.iter().for_each(|item| hash(item, keys).hash(&mut state)),
        Value::Object(members) => {
            // Members have no order: their hashes are added.
            let sum = members
                .iter()
                .fold(0_u64, |sum, (name, value)| sum.wrapping_add(keys.hash_one((name, hash(value, keys)))));
            sum.hash(&mut state);
        }
    }
    state.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repeats_are_found_by_value() {
        assert_eq!(first_repeat(&[json!(1), json!(true), json!(1.0)]), Some((0, 2)));
        assert_eq!(first_repeat(&[json!({"a": 1, "b": 2}), json!({"b": 2.0, "a": 1})]), Some((0, 1)));
        assert_eq!(first_repeat(&[json!(0), json!(false), json!(""), json!([]), json!({}), json!(null)]), None);
        assert_eq!(first_repeat(&[json!([1, 2]), json!([2, 1])]), None);
    }

    #[test]
    fn values_that_differ_hash_differently() {
        let keys = RandomState::new();
        // Each number is a list of bits, which are `null` and `false`, or `""` and `{}`.
        for (zero, one) in [(json!(null), json!(false)), (json!(""), json!({})), (json!([]), json!(0))] {
            let bit = |number: u32, bit: u32| if number & 1 << bit == 0 { zero.clone() } else { one.clone() };
            let list = |number| (0..10).map(|at| bit(number, at)).collect::<Value>();
            let hashes: std::collections::HashSet<u64> = (0..1024).map(|number| hash(&list(number), &keys)).collect();
            assert_eq!(hashes.len(), 1024);
        }
        assert_eq!(hash(&json!({"a": 1, "b": [2]}), &keys), hash(&json!({"b": [2.0], "a": 1.0}), &keys));
        assert_ne!(hash(&json!(1), &keys), hash(&json!(1), &RandomState::new()), "nobody can prepare collisions");
    }

    #[test]
    fn literals_equal_instances() {
        let literal = Literal::Object(&[
            ("a", Literal::Number(NumberLiteral::Integer(1))),
            ("b", Literal::Array(&[Literal::Null, Literal::Boolean(false)])),
        ]);
        assert!(literal.equals((&json!({"b": [null, false], "a": 1.0})).into()));
        assert!(!literal.equals((&json!({"b": [null, 0], "a": 1})).into()));
        assert!(!literal.equals((&json!({"b": [null, false]})).into()));
        assert_eq!(literal.to_string(), r#"{"a":1,"b":[null,false]}"#);
    }
}
