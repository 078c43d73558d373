//! Readers of unions of objects that one member tells apart: what stands before that member is kept until it comes, and
//! nothing is kept when it comes first.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::object::NameSeed;

/// A union of objects that one member tells apart.
pub trait Tagged<'de>: Sized {
    /// The member.
    const TAG: &'static str;

    /// Reads the object as what its tag says.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, a tag that is not known, and members that the schema refuses.
    fn tagged<D: Deserializer<'de>>(tag: &str, deserializer: D) -> Result<Self, D::Error>;
}

/// Reads an object as what its tag says.
///
/// # Errors
///
/// Those of the deserializer, an object without its tag or with one that is not known, and members that the schema refuses.
pub fn tagged<'de, T: Tagged<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(TaggedVisitor(PhantomData))
}

/// The error for a tag that no branch has.
///
/// # Errors
///
/// Always.
#[cold]
pub fn unknown_tag<T, E: Error>(name: &str, tag: &str) -> Result<T, E> {
    Err(E::custom(format_args!("no branch has {tag:?} as its {name:?}")))
}

struct TaggedVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Tagged<'de>> Visitor<'de> for TaggedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let mut kept: Vec<(Cow<'de, str>, Value)> = Vec::new();
        while let Some(name) = members.next_key_seed(NameSeed)? {
            let name = name.into_cow();
            let value: Value = members.next_value()?;
            let is_tag = name == T::TAG;
            kept.push((name, value));
            if is_tag {
                let tag = match kept.last() {
                    Some((_, Value::String(tag))) => tag.clone(),
                    _ => return Err(A::Error::custom(format_args!("expected a string as {:?}", T::TAG))),
                };
                let replay = Replay { kept: kept.into_iter(), next: None, members };
                return T::tagged(&tag, MapAccessDeserializer::new(replay));
            }
        }
        Err(A::Error::missing_field(T::TAG))
    }
}

/// The members that were kept, and then the rest.
struct Replay<'de, A> {
    kept: std::vec::IntoIter<(Cow<'de, str>, Value)>,
    next: Option<Value>,
    members: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Replay<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.kept.next() {
            Some((name, value)) => {
                self.next = Some(value);
                match name {
                    Cow::Borrowed(name) => seed.deserialize(BorrowedStrDeserializer::new(name)),
                    Cow::Owned(name) => seed.deserialize(StringDeserializer::new(name)),
                }
                .map(Some)
            }
            None => self.members.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.next.take() {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.members.next_value_seed(seed),
        }
    }
}
