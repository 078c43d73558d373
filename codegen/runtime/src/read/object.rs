//! Readers of objects: member by member, in one pass.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::LazyLock;

use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::container::{Positional, Positions};
use super::depth;
use super::{Read, Reader, Seed, plain, refused};
use crate::instance::Instance;
use crate::schema::Rule;

/// A type that reads the members of an object.
pub trait Object<'de>: Sized {
    /// Reads every member.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, and members that the schema refuses.
    fn members<A: MapAccess<'de>>(members: Members<A>) -> Result<Self, A::Error>;
}

/// Reads an object, and nothing else.
///
/// # Errors
///
/// Those of the deserializer, any other type, and members that the schema refuses.
pub fn object<'de, T: Object<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let _taken = depth::begin::<T, D::Error>()?;
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Object<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::members(Members { map, count: 0 })
    }
}

/// Reads an array by position, and nothing else.
///
/// # Errors
///
/// Those of the deserializer, any other type, and items that the schema refuses.
pub fn positional<'de, T: Positional<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_seq(PositionalVisitor(PhantomData))
}

struct PositionalVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Positional<'de>> Visitor<'de> for PositionalVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::items(Positions::new(items))
    }
}

/// The members of an object that is being read.
pub struct Members<A> {
    map: A,
    count: usize,
}

/// A member's name; borrowed from the text where it has no escapes.
#[derive(Debug)]
pub struct Name<'de>(Cow<'de, str>);

impl Deref for Name<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, A: MapAccess<'de>> Members<A> {
    /// The next member's name.
    #[allow(clippy::should_implement_trait, reason = "it is fallible, and every name must be followed by its value")]
    pub fn next(&mut self) -> Result<Option<Name<'de>>, A::Error> {
        self.count += 1;
        self.map.next_key_seed(NameSeed)
    }

    /// The next member's name, which the rule must accept.
    pub fn next_named(&mut self, rule: Rule<'static>) -> Result<Option<Name<'de>>, A::Error> {
        let name = self.next()?;
        match &name {
            Some(name) if !rule.accepts(Instance::String(name)) => Err(refused(rule, Instance::String(name))),
            _ => Ok(name),
        }
    }

    /// The value of the member whose name was just read.
    pub fn value<T: Read<'de>>(&mut self) -> Result<T, A::Error> {
        self.read(plain::<T>())
    }

    /// The value, by a reader.
    pub fn read<R: Reader<'de>>(&mut self, reader: R) -> Result<R::Output, A::Error> {
        self.map.next_value_seed(Seed(reader))
    }

    /// Keeps a member that the schema does not name.
    pub fn keep(&mut self, name: Name<'de>, extra: &mut Map<String, Value>) -> Result<(), A::Error> {
        extra.insert(name.0.into_owned(), self.map.next_value()?);
        Ok(())
    }

    /// Keeps a member that the schema does not name, if the rule of the object accepts it.
    pub fn keep_if(
        &mut self,
        rule: Rule<'static>,
        name: Name<'de>,
        extra: &mut Map<String, Value>,
    ) -> Result<(), A::Error> {
        let value: Value = self.map.next_value()?;
        if !rule.accepts_member(&name, &value) {
            return Err(A::Error::custom(format_args!("the member {:?} does not fit the schema", &*name)));
        }
        extra.insert(name.0.into_owned(), value);
        Ok(())
    }

    /// Keeps a member that the schema does not name, by a reader.
    pub fn keep_as<R: Reader<'de>>(
        &mut self,
        reader: R,
        name: Name<'de>,
        extra: &mut std::collections::BTreeMap<String, R::Output>,
    ) -> Result<(), A::Error> {
        extra.insert(name.0.into_owned(), self.read(reader)?);
        Ok(())
    }

    /// The error for a member that the schema does not allow.
    pub fn refuse(&self, name: &Name<'de>) -> Result<(), A::Error> {
        Err(A::Error::custom(format_args!("expected no member {:?}", &**name)))
    }

    /// Checks how many members there were.
    pub fn count(&self, rule: Rule<'static>) -> Result<(), A::Error> {
        // The last `next` found nothing.
        match rule.accepts_members(self.count.saturating_sub(1)) {
            true => Ok(()),
            false => Err(A::Error::custom("another number of members than the schema allows")),
        }
    }

    /// A member that must be there.
    pub fn required<T>(&self, name: &'static str, value: Option<T>) -> Result<T, A::Error> {
        value.ok_or_else(|| A::Error::missing_field(name))
    }

    /// A member that must be there because another is.
    pub fn dependent(&self, name: &'static str, there: bool, needed: &'static str, also: bool) -> Result<(), A::Error> {
        match there && !also {
            false => Ok(()),
            true => Err(A::Error::custom(format_args!("expected the member {needed:?}, as there is {name:?}"))),
        }
    }
}

/// Reads a member's name.
pub(crate) struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Name<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameSeed {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_string<E: Error>(self, name: String) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name)))
    }
}

impl<'de> Name<'de> {
    pub(crate) fn into_cow(self) -> Cow<'de, str> {
        self.0
    }
}

/// Whether a map with this first name is how `serde_json` hands over a number, as it does when some crate of the build
/// asks it for arbitrary precision. Otherwise a member of that name is a member.
pub(crate) fn is_number(name: &str) -> bool {
    static ARBITRARY_PRECISION: LazyLock<bool> =
        LazyLock::new(|| serde_json::from_str::<Value>("1.50").is_ok_and(|number| number.to_string().len() == 4));
    name == "$serde_json::private::Number" && *ARBITRARY_PRECISION
}

/// Members of which the first name was already read.
pub(super) struct Pushed<'de, A> {
    first: Option<Cow<'de, str>>,
    members: A,
}

impl<'de, A> Pushed<'de, A> {
    pub(super) fn new(first: Option<Name<'de>>, members: A) -> Self {
        Pushed { first: first.map(Name::into_cow), members }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Pushed<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(Cow::Borrowed(name)) => seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some),
            Some(Cow::Owned(name)) => seed.deserialize(StringDeserializer::new(name)).map(Some),
            None => self.members.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}
