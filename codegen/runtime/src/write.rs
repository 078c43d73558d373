//! Writing objects: the members that are there, and nothing else.

use serde::ser::{Serialize, SerializeMap, Serializer};

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

/// Implements serde's traits for generated types by way of their readers.
#[macro_export]
#[doc(hidden)]
macro_rules! readable {
    ($($kind:ident $type:ident;)*) => {$(
        impl<'de> $crate::read::Read<'de> for $type {
            fn read<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read::$kind(deserializer)
            }
        }

        $crate::deserializable!($type);
    )*};
}

/// Implements serde's `Deserialize` for a type that reads itself.
#[macro_export]
#[doc(hidden)]
macro_rules! deserializable {
    ($type:ident) => {
        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read::Read::read(deserializer)
            }
        }
    };
}
