//! Writing objects: the members that are there, and nothing else.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::nullable::Nullable;

/// The members of an object that is being written.
pub struct Members<S: Serializer>(S::SerializeMap);

/// Begins an object.
///
/// # Errors
///
/// Those of the serializer.
pub fn object<S: Serializer>(serializer: S) -> Result<Members<S>, S::Error> {
    serializer.serialize_map(None).map(Members)
}

impl<S: Serializer> Members<S> {
    /// Writes a member that is always there.
    ///
    /// # Errors
    ///
    /// Those of the serializer; so for every function here.
    pub fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.0.serialize_entry(name, value)
    }

    /// Writes a member that may be absent.
    pub fn optional<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) -> Result<(), S::Error> {
        match value {
            Some(value) => self.member(name, value),
            None => Ok(()),
        }
    }

    /// Writes a member that may be absent, and may be null.
    pub fn nullable<T: Serialize>(&mut self, name: &'static str, value: &Nullable<T>) -> Result<(), S::Error> {
        match value {
            Nullable::Absent => Ok(()),
            Nullable::Null => self.member(name, &()),
            Nullable::Value(value) => self.member(name, value),
        }
    }

    /// Writes the members that the schema does not name.
    pub fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), S::Error>
    where
        T: Serialize + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>,
    {
        extra.into_iter().try_for_each(|(name, value)| self.0.serialize_entry(name, value))
    }

    /// Ends the object.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

/// The items of an array that is being written.
pub struct Items<S: Serializer>(S::SerializeSeq);

/// Begins an array.
///
/// # Errors
///
/// Those of the serializer.
pub fn array<S: Serializer>(serializer: S) -> Result<Items<S>, S::Error> {
    serializer.serialize_seq(None).map(Items)
}

impl<S: Serializer> Items<S> {
    /// Writes an item that is always there.
    ///
    /// # Errors
    ///
    /// Those of the serializer; so for every function here.
    pub fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.0.serialize_element(value)
    }

    /// Writes an item that may be absent.
    pub fn optional<T: Serialize>(&mut self, value: &Option<T>) -> Result<(), S::Error> {
        value.iter().try_for_each(|value| self.item(value))
    }

    /// Writes further items.
    pub fn rest<T: Serialize>(&mut self, items: &[T]) -> Result<(), S::Error> {
        items.iter().try_for_each(|item| self.item(item))
    }

    /// Ends the array.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

/// Writes one of some constants.
///
/// # Errors
///
/// Those of the serializer.
pub fn literal<T: crate::read::Literals + PartialEq, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match T::ALL.iter().find(|(_, known)| known == value) {
        Some((literal, _)) => literal.serialize(serializer),
        None => serializer.serialize_unit(),
    }
}

/// What every generated type has: its rule, reading by way of one of the traits of [`crate::read`], and its schema, which
/// stands at a pointer in an event's.
#[macro_export]
#[doc(hidden)]
macro_rules! typed {
    ($kind:ident $type:ident, $rule:expr, $event:path, $pointer:literal) => {
        impl $crate::Typed for $type {
            const RULE: $crate::schema::Rule<'static> = $rule;
        }

        impl<'de> $crate::read::Read<'de> for $type {
            fn read<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read::$kind(deserializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read::Read::read(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        $crate::json_schema!($type, $event, $pointer);
    };
}

/// What makes a generated type the payload of an event: its name, the URI and text of its schema, and its examples.
#[macro_export]
#[doc(hidden)]
macro_rules! payload {
    ($type:ident, $name:literal, $base:literal, $schema:expr, [$(($example:literal, $payload:expr)),* $(,)?]) => {
        impl $type {
            /// Reads a payload of this event.
            ///
            /// # Errors
            ///
            /// The bytes are no JSON, or break rules of the schema: then the error has every violation.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, $crate::Error> {
                $crate::Payload::from_slice(bytes)
            }

            /// Every violation of a JSON value, in document order.
            ///
            /// # Errors
            ///
            /// The violations, when there are any.
            pub fn validate(value: &$crate::serde_json::Value) -> Result<(), $crate::Violations> {
                <Self as $crate::Typed>::validate(value)
            }
        }

        impl $crate::Payload for $type {
            const NAME: &'static str = $name;
            const SCHEMA: &'static str = $schema;
            const BASE: &'static str = $base;
            const EXAMPLES: &'static [$crate::Example] =
                &[$($crate::Example { event: $name, name: $example, payload: $payload }),*];
        }
    };
}

/// Implements serde's `Deserialize` for an `Event`: the event is told from the whole value.
#[macro_export]
#[doc(hidden)]
macro_rules! event {
    ($type:ident) => {
        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = $crate::serde::Deserialize::deserialize(deserializer)?;
                $crate::WebhookEvent::from_value(value).map_err($crate::serde::de::Error::custom)
            }
        }
    };
}
