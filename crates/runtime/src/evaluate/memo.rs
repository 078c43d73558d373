//! Remembers the results of an evaluation, so that no schema is evaluated twice at one place.
//!
//! Schemas refer to each other, so two ways may lead to the same schema at the same place: two branches of `allOf`, a
//! member that `properties` and `patternProperties` both name, a union whose branch is tried, weighed and then
//! explained. If the schema is recursive, each level of the payload doubles the number of ways. Without this memo, it
//! would double the time as well.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::misfit::Misfit;
use super::table::{CHILDREN, IN_PLACE, SHARED, Table};
use crate::mix::Mixer;
use crate::schema::Id;

/// The number of schemas that an evaluation enters before it starts to remember results. Most payloads need fewer
/// schemas, and a table of results would cost more than it saves.
pub(super) const START: u64 = 64;

/// A schema at a place: the schema, the dynamic scope that it is entered in, and the address of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) id: Id,
    pub(super) scope: u32,
    pub(super) node: usize,
}

/// Answers by key. Nobody outside chooses the addresses and indices of a key, so its hash needs no secret.
type Answers<T> = HashMap<Key, T, BuildHasherDefault<Mixer>>;

/// The answers that an evaluation has found.
#[derive(Debug)]
pub(super) struct Memo<'s> {
    /// The flags of each schema in the table: how it is reached, and where it applies other schemas.
    flags: &'s [u8],
    /// Whether the value is valid.
    pub(super) verdicts: Answers<bool>,
    /// How far the value is from being valid.
    pub(super) misfits: Answers<Misfit>,
    /// Whether the value is valid. The violations are in the report already.
    pub(super) explained: Answers<bool>,
}

impl<'s> Memo<'s> {
    pub(super) fn new(table: &'s Table<'s>) -> Self {
        Memo {
            flags: table.flags(),
            verdicts: Answers::default(),
            misfits: Answers::default(),
            explained: Answers::default(),
        }
    }

    /// Returns whether several ways may lead to a schema at one place, so that its violations could be reported twice.
    pub(super) fn is_shared(&self, id: Id) -> bool {
        self.flags(id) & SHARED != 0
    }

    /// Returns whether an answer is worth an entry. If a schema has no subschemas, or none that apply to this value,
    /// evaluating it is as fast as looking it up.
    pub(super) fn is_worth_it(&self, id: Id, has_parts: bool) -> bool {
        let flags = self.flags(id);
        flags & SHARED != 0 && (flags & IN_PLACE != 0 || has_parts && flags & CHILDREN != 0)
    }

    fn flags(&self, id: Id) -> u8 {
        self.flags.get(id as usize).copied().unwrap_or_default()
    }
}
