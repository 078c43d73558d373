//! Writing objects: the members that are there, and nothing else.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::nullable::Nullable;

/// The members of an object that is being written.
pub struct Members<S: Serializer> {
    map: S::SerializeMap,
    /// The names written so far, where some member may repeat one.
    written: Option<Vec<&'static str>>,
}

/// Begins an object.
///
/// # Errors
///
/// Those of the serializer.
pub fn object<S: Serializer>(serializer: S) -> Result<Members<S>, S::Error> {
    Ok(Members { map: serializer.serialize_map(None)?, written: None })
}

/// Begins an object that has `extra` members beside those that its schema names.
///
/// # Errors
///
/// Those of the serializer.
pub fn object_with_extra<S: Serializer>(serializer: S, extra: usize) -> Result<Members<S>, S::Error> {
    Ok(Members { map: serializer.serialize_map(None)?, written: (extra > 0).then(Vec::new) })
}

impl<S: Serializer> Members<S> {
    /// Writes a member that is always there.
    ///
    /// # Errors
    ///
    /// Those of the serializer; so for every function here.
    pub fn required<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.member(name, value)
    }

    /// Writes a member.
    pub fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        if let Some(written) = &mut self.written {
            written.push(name);
        }
        self.map.serialize_entry(name, value)
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

    /// Writes the members that are kept beside the fields. A field that has a value wins over the member of its name.
    pub fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), S::Error>
    where
        T: Serialize + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>,
    {
        let written = self.written.take().unwrap_or_default();
        let is_new = |name: &str| !written.contains(&name);
        let mut extra = extra.into_iter().filter(|(name, _)| is_new(name));
        extra.try_for_each(|(name, value)| self.map.serialize_entry(name, value))
    }

    /// Ends the object.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.map.end()
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
    pub fn required<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.item(value)
    }

    /// Writes an item.
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
