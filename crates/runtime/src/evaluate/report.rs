//! The violations found so far.

use super::path::{At, Path, Step};
use crate::instance::Instance;
use crate::violation::{Violation, Violations};
use crate::violation_kind::ViolationKind;

/// The maximum number of characters of a value that a violation shows.
pub(super) const EXCERPT: usize = 60;

/// The number of bytes in the texts of a report after which further violations are only counted. A single violation may
/// be longer, but not by much more than the names in the payload, which it repeats a few times.
pub(super) const TEXTS: usize = 256 << 10;

/// Violations in the order in which the evaluation met them.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) list: Vec<Violation>,
    more: usize,
    /// The number of bytes in the texts of the violations.
    texts: usize,
}

impl Report {
    pub(super) fn add(
        &mut self,
        at: At<'_>,
        steps: &[Step<'_>],
        keyword: &'static str,
        found: Option<Instance<'_>>,
        kind: impl FnOnce() -> ViolationKind,
    ) {
        // A schema may apply to a late member before it applies to an early one. So twice the limit is kept until the
        // list is sorted: the first violations in document order are then usually among them.
        if self.is_full() {
            self.more += 1;
            return;
        }
        let violation = Violation {
            kind: kind(),
            instance_location: at.instance.pointer(),
            schema_location: Path::below(at.schema, steps).pointer(),
            keyword_location: Path::below(at.evaluation, steps).pointer(),
            keyword,
            found: found.map(|found| found.excerpt(EXCERPT)).unwrap_or_default(),
            actual_type: found.map(Instance::type_name).unwrap_or_default(),
        };
        self.texts += violation.kind.weight()
            + violation.instance_location.len()
            + violation.schema_location.len()
            + violation.keyword_location.len()
            + violation.found.len();
        self.list.push(violation);
    }

    /// Returns whether no further violation is described.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= Violations::LIMIT * 2 || self.texts >= TEXTS
    }

    pub(super) fn finish(self, instance: Instance<'_>) -> Violations {
        let Report { mut list, mut more, .. } = self;
        super::order::sort_by_place(&mut list, instance, |violation| &violation.instance_location);
        more += list.len().saturating_sub(Violations::LIMIT);
        list.truncate(Violations::LIMIT);
        Violations { list, more, base: "" }
    }
}
