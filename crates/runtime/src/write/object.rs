//! Objects: the members that are there, and nothing else.

use std::convert::Infallible;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::WriteJson;
use super::json::{close, escaped};
use crate::nullable::Nullable;
use crate::read::is_plain_name;

/// An object with members of its own.
pub trait WriteObject {
    /// Whether all its names are written in JSON as they are.
    const PLAIN_NAMES: bool;

    /// How many members there are in addition to those that the schema names.
    fn extra_count(&self) -> usize;

    /// Writes the members, in documented order.
    fn write_members<M: WriteMembers>(&self, members: &mut M) -> Result<(), M::Error>;
}

/// The members of an object that is being written. A name is given as `,"name":`.
pub trait WriteMembers {
    /// Why a member cannot be written.
    type Error;

    /// Writes a member.
    fn member<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error>;

    /// Writes the members that are kept in `extra`. A field that has a value replaces the member with its name.
    fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), Self::Error>
    where
        T: Serialize + WriteJson + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>;

    /// Writes a member that is always there.
    fn required<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error> {
        self.member(name, value)
    }

    /// Writes a member that may be absent.
    fn optional<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &Option<T>) -> Result<(), Self::Error> {
        match value {
            Some(value) => self.member(name, value),
            None => Ok(()),
        }
    }

    /// Writes a member that may be absent, and may be null.
    fn nullable<T: Serialize + WriteJson>(
        &mut self,
        name: &'static str,
        value: &Nullable<T>,
    ) -> Result<(), Self::Error> {
        match value {
            Nullable::Absent => Ok(()),
            Nullable::Null => self.member(name, &()),
            Nullable::Value(value) => self.member(name, value),
        }
    }
}

/// The name in `,"name":`.
fn bare(name: &'static str) -> &'static str {
    name.get(2..name.len().saturating_sub(2)).unwrap_or_default()
}

/// Whether all names of the form `"name":` are written in JSON as they are: without a quote, a backslash or a control
/// character.
pub const fn are_plain(names: &[&str]) -> bool {
    let mut place = 0;
    while place < names.len() {
        if !is_plain_name(names[place]) {
            return false;
        }
        place += 1;
    }
    true
}

/// The names written so far, where some member may repeat one.
struct Written(Option<Vec<&'static str>>);

impl Written {
    fn new(extra: usize) -> Written {
        Written((extra > 0).then(Vec::new))
    }

    #[inline]
    fn note(&mut self, name: &'static str) {
        if let Some(names) = &mut self.0 {
            names.push(bare(name));
        }
    }

    fn contains(&self, name: &str) -> bool {
        self.0.as_ref().is_some_and(|names| names.contains(&name))
    }
}

struct Map<S: SerializeMap> {
    map: S,
    written: Written,
}

impl<S: SerializeMap> WriteMembers for Map<S> {
    type Error = S::Error;

    fn member<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.written.note(name);
        self.map.serialize_entry(bare(name), value)
    }

    fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), S::Error>
    where
        T: Serialize + WriteJson + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>,
    {
        let mut extra = extra.into_iter().filter(|(name, _)| !self.written.contains(name));
        extra.try_for_each(|(name, value)| self.map.serialize_entry(name, value))
    }
}

/// Writes an object for serde.
pub fn serialize_object<T: WriteObject, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut members = Map { map: serializer.serialize_map(None)?, written: Written::new(object.extra_count()) };
    object.write_members(&mut members)?;
    members.map.end()
}

/// The text of members, each with a comma before it.
struct Text<'o> {
    out: &'o mut Vec<u8>,
    plain: bool,
    written: Written,
}

impl WriteMembers for Text<'_> {
    type Error = Infallible;

    #[inline]
    fn member<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &T) -> Result<(), Infallible> {
        self.written.note(name);
        match self.plain {
            true => self.out.extend_from_slice(name.as_bytes()),
            false => {
                self.out.push(b',');
                escaped(bare(name), self.out);
                self.out.push(b':');
            }
        }
        value.write_json(self.out);
        Ok(())
    }

    fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), Infallible>
    where
        T: Serialize + WriteJson + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>,
    {
        for (name, value) in extra {
            if !self.written.contains(name) {
                self.out.push(b',');
                escaped(name, self.out);
                self.out.push(b':');
                value.write_json(self.out);
            }
        }
        Ok(())
    }
}

/// Writes an object as JSON text.
pub fn write_object<T: WriteObject>(object: &T, out: &mut Vec<u8>) {
    let start = out.len();
    let mut members = Text { out, plain: T::PLAIN_NAMES, written: Written::new(object.extra_count()) };
    let Ok(()) = object.write_members(&mut members);
    close(out, start, b'{', b'}');
}

#[cfg(test)]
mod tests {
    use super::{are_plain, bare};

    #[test]
    fn names_that_json_escapes_are_found() {
        assert!(are_plain(&[]) && are_plain(&["\"\":", "\"a b\":", "\"é\u{7f}\":"]));
        for name in ["\"a\"b\":", "\"\\\":", "\"\n\":", "\"\"\":"] {
            assert!(!are_plain(&["\"a\":", name]), "{name}");
        }
        assert_eq!((bare(",\"a\":"), bare(",\"\":")), ("a", ""));
    }
}
