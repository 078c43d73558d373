//! Measures how far a value is from fitting a schema, to choose the branch of a union that is explained.

use crate::violation_kind::ViolationKind;

/// How far a value is from fitting a schema, as the numbers of violations by kind, relative to one place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Misfit {
    /// The number of violations, here and below.
    pub(super) count: usize,
    /// The number of violations that say that the value here is of the wrong type.
    types_here: usize,
    /// Whether no value like this one is allowed here: it has the wrong type, or the schema is `false`.
    wrong_type: bool,
    /// Whether the value here is not the constant that it has to be.
    wrong_value: bool,
    /// Whether a member or an item is not the constant that it has to be.
    wrong_value_below: bool,
}

impl Misfit {
    /// Returns the misfit of one violation of the value here.
    pub(super) fn here(keyword: &str, kind: impl FnOnce() -> ViolationKind) -> Misfit {
        // The type that is wrong may be the Rust type of an integer, too.
        let is_json_type = keyword == "type" && matches!(kind(), ViolationKind::Type { .. });
        Misfit {
            count: 1,
            types_here: usize::from(is_json_type),
            wrong_type: matches!(keyword, "type" | "false"),
            wrong_value: matches!(keyword, "const" | "enum"),
            wrong_value_below: false,
        }
    }

    /// Adds further violations, relative to the same place.
    pub(super) fn add(&mut self, other: Misfit) {
        // Counted along every way that leads to a violation, so the number may double with each level of a payload.
        self.count = self.count.saturating_add(other.count);
        self.types_here = self.types_here.saturating_add(other.types_here);
        self.wrong_type |= other.wrong_type;
        self.wrong_value |= other.wrong_value;
        self.wrong_value_below |= other.wrong_value_below;
    }

    /// Returns the misfit of a member or an item, relative to the value that contains it.
    pub(super) fn seen_from_above(self) -> Misfit {
        Misfit { count: self.count, wrong_value_below: self.wrong_value, ..Misfit::default() }
    }

    /// Returns the misfit of a member's name, seen from the object.
    pub(super) fn of_name(self) -> Misfit {
        Misfit { count: self.count, ..Misfit::default() }
    }

    /// Returns whether only the type of the value is wrong.
    pub(super) fn is_only_type(self) -> bool {
        self.count == self.types_here
    }

    /// Returns the score of a branch. The lower it is, the better the branch fits. The wrong type is the worst, then
    /// another constant in one of the value's own members (the branch is for another variant), then everything else.
    pub(super) fn score(self) -> (usize, usize) {
        let rank = match self {
            Misfit { wrong_type: true, .. } => 2,
            Misfit { wrong_value: true, .. } | Misfit { wrong_value_below: true, .. } => 1,
            _ => 0,
        };
        (rank, self.count)
    }
}
