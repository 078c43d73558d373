//! A difference between a page and schema-defs, with its location.

use webhook_codegen::compare::Change;

use crate::matching::Occurrence;

/// A difference with its location on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The difference.
    pub change: Change,
    /// The index of the page, and the line on it.
    pub location: Option<(usize, usize)>,
}

impl Finding {
    pub(crate) fn of(change: Change, occurrence: Occurrence<'_>) -> Finding {
        Finding { change, location: Some((occurrence.page, occurrence.block.first_line)) }
    }
}
