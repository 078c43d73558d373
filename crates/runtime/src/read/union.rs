//! Values of several JSON types: the type chooses.

use serde_json::Value;

use super::{Mismatch, Node, Parser, Result};

/// A JSON type, as a union chooses by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The type of what comes next in a text.
    pub fn of_text(parser: &mut Parser<'_>) -> Result<Kind> {
        Ok(match parser.peek()? {
            b'n' => Kind::Null,
            b't' | b'f' => Kind::Boolean,
            b'"' => Kind::String,
            b'[' => Kind::Array,
            b'{' => Kind::Object,
            b'-' | b'0'..=b'9' => Kind::Number,
            _ => return Err(Mismatch),
        })
    }

    /// The type of a value.
    pub fn of_value(value: &Value) -> Kind {
        match value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Boolean,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        }
    }
}

impl Node<'_> {
    /// The string that a member of the object has.
    pub fn tag(&self, name: &str) -> Result<&str> {
        self.object()?.get(name).and_then(Value::as_str).ok_or(Mismatch)
    }

    /// The first of some names that is the name of a member.
    pub fn first_member(&self, names: &[&'static str]) -> Result<Option<&'static str>> {
        let members = self.object()?;
        Ok(names.iter().copied().find(|name| members.contains_key(*name)))
    }
}
