//! Validators, through which generated code and readers use the schemas of a table.

use super::{Evaluation, Table};
use crate::deviation::Deviations;
use crate::instance::Instance;
use crate::schema::{Id, Keyword};
use crate::violation::Violations;

/// A validator: one schema of a table.
#[derive(Clone, Copy, Debug)]
pub struct Validator<'s> {
    table: TableRef<'s>,
    pub(super) id: Id,
}

/// A reference to a table.
#[derive(Clone, Copy, Debug)]
enum TableRef<'s> {
    Borrowed(&'s Table<'s>),
    /// The table of generated code, returned by a function. Each entry of the table has a constant, and the compiler
    /// checks everything that a constant refers to: if each referred to the whole table, compiling would take quadratic
    /// time.
    Static(fn() -> &'static Table<'static>),
}

impl<'s> Validator<'s> {
    /// Creates a validator for the schema `id` of a table.
    pub const fn new(table: &'s Table<'s>, id: Id) -> Validator<'s> {
        Validator { table: TableRef::Borrowed(table), id }
    }

    /// Creates a validator for the schema `id` of the table of generated code.
    pub const fn of_static(table: fn() -> &'static Table<'static>, id: Id) -> Validator<'s> {
        Validator { table: TableRef::Static(table), id }
    }

    pub(super) fn table(&self) -> &'s Table<'s> {
        match self.table {
            TableRef::Borrowed(table) => table,
            TableRef::Static(table) => table(),
        }
    }

    /// Returns whether the instance is valid. Validation stops at the first violation.
    pub fn is_valid<'v>(self, instance: impl Into<Instance<'v>>) -> bool {
        Evaluation::new(self.table()).is_valid(self.id, instance.into())
    }

    /// Returns every violation of the instance, in document order; at most [`Violations::LIMIT`] are described.
    pub fn violations<'v>(self, instance: impl Into<Instance<'v>>) -> Violations {
        Evaluation::violations(self.table(), self.id, instance.into(), false)
    }

    /// Returns every violation of the instance, as [`Validator::violations`] does. An integer that fits neither an
    /// `i64` nor a `u64` is also a violation.
    pub fn violations_typed<'v>(self, instance: impl Into<Instance<'v>>) -> Violations {
        Evaluation::violations(self.table(), self.id, instance.into(), true)
    }

    /// Returns how the instance differs from the schema, including its members that the schema does not name, in
    /// document order.
    pub fn deviations<'v>(self, instance: impl Into<Instance<'v>>) -> Deviations {
        super::deviations::deviations(self, instance.into())
    }

    /// Returns whether an object of this schema may have a member that `properties` does not name.
    pub(crate) fn accepts_member(self, name: &str, value: &serde_json::Value) -> bool {
        Evaluation::new(self.table()).accepts_member(self.id, name, value)
    }

    /// Returns whether an array may have `count` items.
    pub(crate) fn accepts_items(self, count: usize) -> bool {
        let count = count as u64;
        self.table().keywords(self.id).iter().all(|keyword| match keyword {
            Keyword::MinItems(limit) => count >= *limit,
            Keyword::MaxItems(limit) => count <= *limit,
            _ => true,
        })
    }

    /// Returns whether an object may have `count` members.
    pub(crate) fn accepts_members(self, count: usize) -> bool {
        let count = count as u64;
        self.table().keywords(self.id).iter().all(|keyword| match keyword {
            Keyword::MinProperties(limit) => count >= *limit,
            Keyword::MaxProperties(limit) => count <= *limit,
            _ => true,
        })
    }
}
