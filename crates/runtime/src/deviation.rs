//! How an accepted payload differs from its schema.

use std::fmt;

use crate::violation::{FormattedBy, Violation, Violations, format_list, place};
use crate::violation_kind::{ViolationKind, with_article};

/// The way in which an accepted payload differs from its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A member that the schema does not name, in an object for which the schema names other members.
    UnknownMember,
    /// A string that the schema does not list, in a place where the schema also allows unlisted strings.
    UnlistedValue,
    /// A value that the schema does not allow, in an event that is read tolerantly. The member, or the nearest member
    /// around it that is not required, is kept in `extra`.
    InvalidValue,
}

impl DeviationKind {
    /// Returns the kind as a word for programs: `unknown_member`, `unlisted_value` or `invalid_value`.
    pub fn as_str(self) -> &'static str {
        match self {
            DeviationKind::UnknownMember => "unknown_member",
            DeviationKind::UnlistedValue => "unlisted_value",
            DeviationKind::InvalidValue => "invalid_value",
        }
    }
}

/// One place in which an accepted payload differs from its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deviation {
    /// The kind of difference.
    pub kind: DeviationKind,
    /// The violated keyword. For an unlisted value, [`ViolationKind::Enum`] with the listed values. For an unknown
    /// member, `None`.
    pub rule: Option<ViolationKind>,
    /// The location in the payload: a JSON Pointer (RFC 6901).
    pub instance_location: String,
    /// What the schema expects, in English.
    pub expected: String,
    /// The value that was found, shortened if it is long.
    pub found: String,
    /// The name of the JSON type of that value.
    pub actual_type: &'static str,
}

impl Deviation {
    /// Returns the deviation of a value that the schema does not allow.
    pub(crate) fn invalid(violation: Violation) -> Deviation {
        Deviation {
            kind: DeviationKind::InvalidValue,
            instance_location: violation.instance_location,
            expected: violation.kind.to_string(),
            found: violation.found,
            actual_type: violation.actual_type,
            rule: Some(violation.kind),
        }
    }

    /// Returns the deviation in English: `expected a string, found 5`.
    pub fn message(&self) -> String {
        format!("expected {}, found {}", self.expected, self.found)
    }

    /// Returns the message with the value's type instead of the value, for logs.
    pub fn masked_message(&self) -> String {
        format!("expected {}, found {}", self.expected, with_article(self.actual_type))
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", place(&self.instance_location), self.message())
    }
}

/// The differences between an accepted payload and its schema, in document order. `Display` lists one on each line.
///
/// Log deviations to notice a vendor's changes in production. The command `cargo webhooks infer --write` then widens
/// the schema to accept the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deviations {
    pub(crate) list: Vec<Deviation>,
    pub(crate) more: usize,
}

impl Deviations {
    /// The maximum number of deviations that are described. Further deviations are only counted.
    pub const LIMIT: usize = Violations::LIMIT;

    /// Returns whether there are no deviations: the payload is valid, and has no unknown members or unlisted strings.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the number of deviations, including those that are not described.
    pub fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// Returns the number of deviations that are counted but not described.
    pub fn truncated(&self) -> usize {
        self.more
    }

    /// Iterates over the described deviations, in document order.
    pub fn iter(&self) -> std::slice::Iter<'_, Deviation> {
        self.list.iter()
    }

    /// Returns the list for logs, with the type of each value instead of the value.
    pub fn masked(&self) -> impl fmt::Display + '_ {
        FormattedBy(move |f: &mut fmt::Formatter<'_>| self.lines(f, Deviation::masked_message))
    }

    /// Adds the deviations of an item of an array.
    pub(crate) fn extend_item(&mut self, index: usize, item: Deviations) {
        self.more += item.more;
        for deviation in item.list {
            let instance_location = format!("/{index}{}", deviation.instance_location);
            self.push(Deviation { instance_location, ..deviation });
        }
    }

    pub(crate) fn push(&mut self, deviation: Deviation) {
        if self.list.len() < Deviations::LIMIT { self.list.push(deviation) } else { self.more += 1 }
    }

    fn lines(&self, f: &mut fmt::Formatter<'_>, message: fn(&Deviation) -> String) -> fmt::Result {
        let line = |deviation: &Deviation| format!("{}: {}", place(&deviation.instance_location), message(deviation));
        format_list(f, "deviation", self.list.iter().map(line), self.more)
    }
}

impl fmt::Display for Deviations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines(f, Deviation::message)
    }
}

impl<'d> IntoIterator for &'d Deviations {
    type Item = &'d Deviation;
    type IntoIter = std::slice::Iter<'d, Deviation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Deviations {
    type Item = Deviation;
    type IntoIter = std::vec::IntoIter<Deviation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
