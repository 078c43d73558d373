//! Readers of constants of several types.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::Literals;
use super::object::{NameSeed, Pushed, is_number};
use crate::instance::Instance;

/// Reads one of some constants of any type. Only an array or an object is built to be compared.
///
/// # Errors
///
/// Those of the deserializer, and a value that is none of the constants.
pub fn literals<'de, T: Literals, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(LiteralVisitor(PhantomData))
}

struct LiteralVisitor<T>(PhantomData<fn() -> T>);

impl<T: Literals> LiteralVisitor<T> {
    fn find<E: Error>(instance: Instance<'_>) -> Result<T, E> {
        let known = T::ALL.iter().find(|(literal, _)| literal.equals(instance)).map(|(_, value)| value.clone());
        known.ok_or_else(|| {
            let found = instance.excerpt(60);
            E::custom(format_args!("expected one of the constants of the schema, found {found}"))
        })
    }
}

impl<'de, T: Literals> Visitor<'de> for LiteralVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of the constants of the schema")
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Self::find(Instance::Null)
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        Self::find(Instance::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        Self::find(Instance::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        Self::find(Instance::Number(&value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        Self::find(Instance::Number(&value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number that is not finite"))?;
        Self::find(Instance::Number(&number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        Self::find(Instance::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        Self::find(Instance::from(&Value::deserialize(SeqAccessDeserializer::new(items))?))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        match members.next_key_seed(NameSeed)? {
            Some(name) if is_number(&name) => {
                let number: Number = members.next_value::<String>()?.parse().map_err(A::Error::custom)?;
                Self::find(Instance::Number(&number))
            }
            first => {
                let members = Pushed::new(first, members);
                Self::find(Instance::from(&Value::deserialize(MapAccessDeserializer::new(members))?))
            }
        }
    }
}
