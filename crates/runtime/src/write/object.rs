//! Writes objects. Only members that are present are written.

use std::convert::Infallible;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::WriteJson;
use super::json::{self, close};
use crate::nullable::Nullable;
use crate::read::is_plain_name;

/// A type that is written as an object with named members.
pub trait WriteObject {
    /// Whether JSON writes all names without escapes.
    const PLAIN_NAMES: bool;

    /// Returns the number of members in `extra`.
    fn extra_count(&self) -> usize;

    /// Writes the members, in documented order.
    fn write_members<M: WriteMembers>(&self, members: &mut M) -> Result<(), M::Error>;
}

/// A writer of an object's members. A name is passed as `,"name":`.
pub trait WriteMembers {
    /// The reason why a member cannot be written.
    type Error;

    /// Writes a member that is present.
    fn required<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error>;

    /// Writes the members that are kept in `extra`. A field that has a value replaces the member with its name.
    fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), Self::Error>
    where
        T: Serialize + WriteJson + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>;

    /// Writes a member that may be absent.
    #[inline]
    fn optional<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &Option<T>) -> Result<(), Self::Error> {
        match value {
            Some(value) => self.required(name, value),
            None => Ok(()),
        }
    }

    /// Writes a member that may be absent, and may be null.
    #[inline]
    fn nullable<T: Serialize + WriteJson>(
        &mut self,
        name: &'static str,
        value: &Nullable<T>,
    ) -> Result<(), Self::Error> {
        match value {
            Nullable::Absent => Ok(()),
            Nullable::Null => self.required(name, &()),
            Nullable::Value(value) => self.required(name, value),
        }
    }
}

/// Returns the name in `,"name":`.
fn bare(name: &'static str) -> &'static str {
    name.get(2..name.len().saturating_sub(2)).unwrap_or_default()
}

/// Returns whether JSON writes all names of the form `"name":` without escapes: they have no quote, backslash or
/// control character.
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

struct Map<S: SerializeMap> {
    map: S,
    /// The names written so far, if a member in `extra` may repeat one.
    written: Option<Vec<&'static str>>,
}

impl<S: SerializeMap> WriteMembers for Map<S> {
    type Error = S::Error;

    fn required<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        if let Some(written) = &mut self.written {
            written.push(bare(name));
        }
        self.map.serialize_entry(bare(name), value)
    }

    fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), S::Error>
    where
        T: Serialize + WriteJson + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>,
    {
        // Without `written`, there are no members in `extra`.
        let Some(written) = &self.written else { return Ok(()) };
        let mut extra = extra.into_iter().filter(|(name, _)| !written.contains(&name.as_str()));
        extra.try_for_each(|(name, value)| self.map.serialize_entry(name, value))
    }
}

/// Writes an object for serde.
pub fn serialize_object<T: WriteObject, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    // A user may set a field whose member is also kept in `extra`. The field counts, and the name must not be written
    // twice.
    let written = (object.extra_count() > 0).then(Vec::new);
    let mut members = Map { map: serializer.serialize_map(None)?, written };
    object.write_members(&mut members)?;
    members.map.end()
}

/// The text of members, each with a comma before it.
struct Text<'o> {
    out: &'o mut Vec<u8>,
    /// The names written so far, if a member in `extra` may repeat one, or if not all names are plain. Otherwise, a
    /// name is only copied.
    written: Option<Vec<&'static str>>,
    are_plain: bool,
}

impl Text<'_> {
    #[cold]
    fn unusual_name(&mut self, name: &'static str) {
        if let Some(written) = &mut self.written {
            written.push(bare(name));
        }
        if self.are_plain { self.out.extend_from_slice(name.as_bytes()) } else { json::name(bare(name), self.out) }
    }
}

impl WriteMembers for Text<'_> {
    type Error = Infallible;

    // Where it is inlined, the compiler knows the name and copies it without a call.
    #[inline(always)]
    fn required<T: Serialize + WriteJson>(&mut self, name: &'static str, value: &T) -> Result<(), Infallible> {
        match self.written {
            None => self.out.extend_from_slice(name.as_bytes()),
            Some(_) => self.unusual_name(name),
        }
        value.write_json(self.out);
        Ok(())
    }

    #[inline]
    fn extra<'e, T, M>(&mut self, extra: M) -> Result<(), Infallible>
    where
        T: Serialize + WriteJson + 'e,
        M: IntoIterator<Item = (&'e String, &'e T)>,
    {
        if let Some(written) = &self.written {
            append_others(written, extra, self.out);
        }
        Ok(())
    }
}

/// Writes the members that do not have one of the names. Most objects have no such members, so this stays out of line.
#[cold]
fn append_others<'e, T: WriteJson + 'e>(
    names: &[&str],
    members: impl IntoIterator<Item = (&'e String, &'e T)>,
    out: &mut Vec<u8>,
) {
    json::append(members.into_iter().filter(|(name, _)| !names.contains(&name.as_str())), out);
}

/// Writes an object as JSON text.
pub fn write_object<T: WriteObject>(object: &T, out: &mut Vec<u8>) {
    let start = out.len();
    let written = (!T::PLAIN_NAMES || object.extra_count() > 0).then(Vec::new);
    let Ok(()) = object.write_members(&mut Text { out, written, are_plain: T::PLAIN_NAMES });
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
