//! Conditions on the members of a payload.

use bumpalo::Bump;
use serde_json::Value;
use webhook_runtime::__private::schema::Types;
use webhook_runtime::__private::{self as runtime, Instance};

use crate::json::Json;
use crate::tables::literals;

/// The path to a member: the names from the root of the payload to the member. The empty path is the payload itself.
pub(crate) type Path = Vec<String>;

/// A condition on one member of a payload.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The member has one of these values.
    Equals(Path, Vec<Json>),
    /// The member is present.
    Present(Path),
    /// The member is absent.
    Absent(Path),
    /// The member is present and has one of these JSON types.
    Type(Path, Types),
}

impl Condition {
    /// Returns the path to the member.
    pub fn path(&self) -> &Path {
        match self {
            Self::Equals(path, _) | Self::Present(path) | Self::Absent(path) | Self::Type(path, _) => path,
        }
    }

    /// Returns the condition in the form that it has in generated code, where `path` is the index of the path in a table.
    pub(crate) fn in_table<'b>(&self, path: usize, bump: &'b Bump) -> runtime::Condition<'b> {
        match self {
            Condition::Equals(_, values) => runtime::Condition::Equals(path, literals(bump, values)),
            Condition::Present(_) => runtime::Condition::Present(path),
            Condition::Absent(_) => runtime::Condition::Absent(path),
            Condition::Type(_, types) => runtime::Condition::HasType(path, *types),
        }
    }

    /// Returns whether the condition holds for a payload, as the runtime evaluates it.
    pub(super) fn holds(&self, payload: &Value) -> bool {
        let member = self.path().iter().try_fold(payload, |value, name| value.as_object()?.get(name));
        self.in_table(0, &Bump::new()).holds_for(member.map(Instance::from))
    }
}
