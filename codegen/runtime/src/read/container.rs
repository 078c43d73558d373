//! Readers of arrays, maps, and values that may be null.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::hash::Hash;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{Read, Reader, Seed, plain};
use crate::instance::Instance;
use crate::schema::Rule;

/// Reads `null` as nothing.
pub const fn nullable<R>(reader: R) -> Opt<R> {
    Opt(reader)
}

/// See [`nullable`].
#[derive(Clone, Copy)]
pub struct Opt<R>(R);

impl<'de, R: Reader<'de>> Reader<'de> for Opt<R> {
    type Output = Option<R::Output>;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Output, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, R: Reader<'de>> Visitor<'de> for Opt<R> {
    type Value = Option<R::Output>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.read(deserializer).map(Some)
    }
}

impl<'de, T: Read<'de>> Read<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        nullable(plain()).read(deserializer)
    }
}

impl<'de, T: Read<'de>> Read<'de> for Box<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Box::new)
    }
}

/// An array whose items the reader reads; `rule` says how many there may be.
pub const fn items<R>(rule: Option<Rule<'static>>, reader: R) -> Items<R> {
    Items { rule, reader }
}

/// See [`items`].
#[derive(Clone, Copy)]
pub struct Items<R> {
    rule: Option<Rule<'static>>,
    reader: R,
}

fn counted<E: Error>(accepted: bool, count: usize, what: &str) -> Result<(), E> {
    match accepted {
        true => Ok(()),
        false => Err(E::custom(format_args!("{count} {what}, which is not as many as the schema allows"))),
    }
}

impl<'de, R: Reader<'de>> Reader<'de> for Items<R> {
    type Output = Vec<R::Output>;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Output, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, R: Reader<'de>> Visitor<'de> for Items<R> {
    type Value = Vec<R::Output>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Seed(self.reader))? {
            items.push(item);
        }
        let accepted = self.rule.is_none_or(|rule| rule.accepts_items(items.len()));
        counted(accepted, items.len(), "items")?;
        Ok(items)
    }
}

impl<'de, T: Read<'de>> Read<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        items(None, plain()).read(deserializer)
    }
}

/// An array of which no two items are equal.
pub const fn unique_items<R>(rule: Option<Rule<'static>>, reader: R) -> UniqueItems<R> {
    UniqueItems(Items { rule, reader })
}

/// See [`unique_items`].
#[derive(Clone, Copy)]
pub struct UniqueItems<R>(Items<R>);

impl<'de, R: Reader<'de>> Reader<'de> for UniqueItems<R>
where
    R::Output: Eq + Hash,
{
    type Output = Vec<R::Output>;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Output, D::Error> {
        let items = self.0.read(deserializer)?;
        let mut seen = HashSet::with_capacity(items.len());
        match items.iter().all(|item| seen.insert(item)) {
            true => Ok(items),
            false => Err(D::Error::custom("two equal items")),
        }
    }
}

/// An object whose members all are read by one reader; `names` is the rule for their names, `rule` says how many there
/// may be.
pub const fn entries<R>(rule: Option<Rule<'static>>, names: Option<Rule<'static>>, reader: R) -> Entries<R> {
    Entries { rule, names, reader }
}

/// See [`entries`].
#[derive(Clone, Copy)]
pub struct Entries<R> {
    rule: Option<Rule<'static>>,
    names: Option<Rule<'static>>,
    reader: R,
}

impl<'de, R: Reader<'de>> Reader<'de> for Entries<R> {
    type Output = BTreeMap<String, R::Output>;

    fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Output, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, R: Reader<'de>> Visitor<'de> for Entries<R> {
    type Value = BTreeMap<String, R::Output>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some(name) = access.next_key::<String>()? {
            if let Some(rule) = self.names.filter(|rule| !rule.accepts(Instance::String(&name))) {
                return Err(super::refused(rule, Instance::String(&name)));
            }
            members.insert(name, access.next_value_seed(Seed(self.reader))?);
        }
        let accepted = self.rule.is_none_or(|rule| rule.accepts_members(members.len()));
        counted(accepted, members.len(), "members")?;
        Ok(members)
    }
}

impl<'de, T: Read<'de>> Read<'de> for BTreeMap<String, T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        entries(None, None, plain()).read(deserializer)
    }
}

impl<'de> Read<'de> for Map<String, Value> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

/// A type that reads the items of an array by position.
pub trait Positional<'de>: Sized {
    /// Reads every item.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, and items that the schema refuses.
    fn items<A: SeqAccess<'de>>(items: Positions<A>) -> Result<Self, A::Error>;
}

/// The items of an array that is being read by position.
pub struct Positions<A> {
    items: A,
    count: usize,
}

impl<A> Positions<A> {
    pub(super) fn new(items: A) -> Self {
        Positions { items, count: 0 }
    }
}

impl<'de, A: SeqAccess<'de>> Positions<A> {
    /// The next item, if there is one.
    pub fn optional<R: Reader<'de>>(&mut self, reader: R) -> Result<Option<R::Output>, A::Error> {
        let item = self.items.next_element_seed(Seed(reader))?;
        self.count += usize::from(item.is_some());
        Ok(item)
    }

    /// The next item, which must be there.
    pub fn required<R: Reader<'de>>(&mut self, reader: R) -> Result<R::Output, A::Error> {
        let count = self.count;
        self.optional(reader)?.ok_or_else(|| A::Error::custom(format_args!("more than {count} items are needed")))
    }

    /// Every further item.
    pub fn rest<R: Reader<'de>>(&mut self, reader: R) -> Result<Vec<R::Output>, A::Error> {
        let mut rest = Vec::new();
        while let Some(item) = self.optional(reader)? {
            rest.push(item);
        }
        Ok(rest)
    }

    /// Checks that there is no further item.
    pub fn end(&mut self) -> Result<(), A::Error> {
        match self.items.next_element::<serde::de::IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("more items than the schema allows")),
        }
    }

    /// Checks how many items there were.
    pub fn count(&self, rule: Rule<'static>) -> Result<(), A::Error> {
        counted(rule.accepts_items(self.count), self.count, "items")
    }
}
