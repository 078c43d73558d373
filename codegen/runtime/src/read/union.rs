//! Readers of values that may be of several JSON types: the type decides, without a look ahead.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{
    BorrowedStrDeserializer, MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer, StringDeserializer,
};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::object::{NameSeed, Pushed, is_number};

/// A type with a variant for each JSON type that the schema allows. What a type has no variant for is refused.
pub trait Union<'de>: Sized {
    /// What is allowed, in words.
    const EXPECTED: &'static str;

    /// From `null`.
    fn null<E: Error>() -> Result<Self, E> {
        Err(E::custom(format_args!("expected {}, found null", Self::EXPECTED)))
    }

    /// From `true` or `false`.
    fn boolean<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _ = deserializer;
        Err(D::Error::custom(format_args!("expected {}, found a boolean", Self::EXPECTED)))
    }

    /// From a number.
    fn number<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _ = deserializer;
        Err(D::Error::custom(format_args!("expected {}, found a number", Self::EXPECTED)))
    }

    /// From a string.
    fn string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _ = deserializer;
        Err(D::Error::custom(format_args!("expected {}, found a string", Self::EXPECTED)))
    }

    /// From an array.
    fn array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _ = deserializer;
        Err(D::Error::custom(format_args!("expected {}, found an array", Self::EXPECTED)))
    }

    /// From an object.
    fn object<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _ = deserializer;
        Err(D::Error::custom(format_args!("expected {}, found an object", Self::EXPECTED)))
    }
}

/// Reads a value of one of several JSON types.
///
/// # Errors
///
/// Those of the deserializer, and any value that the schema refuses.
pub fn union<'de, T: Union<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(UnionVisitor(PhantomData))
}

struct UnionVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Union<'de>> UnionVisitor<T> {
    fn number<E: Error>(number: Number) -> Result<T, E> {
        T::number(number).map_err(E::custom)
    }
}

impl<'de, T: Union<'de>> Visitor<'de> for UnionVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        T::null()
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        T::null()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        T::boolean(serde::de::value::BoolDeserializer::new(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        Self::number(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        Self::number(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        Self::number(Number::from_f64(value).ok_or_else(|| E::custom("a number that is not finite"))?)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        T::string(StrDeserializer::new(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<T, E> {
        T::string(BorrowedStrDeserializer::new(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<T, E> {
        T::string(StringDeserializer::new(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::array(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let first = members.next_key_seed(NameSeed)?;
        match first {
            Some(name) if is_number(&name) => {
                let text: String = members.next_value()?;
                Self::number(text.parse().map_err(A::Error::custom)?)
            }
            first => T::object(MapAccessDeserializer::new(Pushed::new(first, members))),
        }
    }
}
