//! The violations found so far.

use super::path::{At, Path, Step};
use crate::instance::Instance;
use crate::violation::{Violation, Violations};
use crate::violation_kind::ViolationKind;

/// How many characters of a value a violation shows.
pub(super) const EXCERPT: usize = 60;

/// Violations in the order in which the evaluation met them.
#[derive(Default)]
pub(super) struct Report {
    pub(super) list: Vec<Violation>,
    pub(super) more: usize,
    /// How many unions are being explained inside each other.
    pub(super) unions: usize,
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
        // Twice the limit is kept until the end, so that the first in the document are among them.
        match self.is_full() {
            true => self.more += 1,
            false => self.push(at, steps, keyword, found, kind()),
        }
    }

    fn push(
        &mut self,
        at: At<'_>,
        steps: &[Step<'_>],
        keyword: &'static str,
        found: Option<Instance<'_>>,
        kind: ViolationKind,
    ) {
        self.list.push(Violation {
            kind,
            instance_location: at.instance.to_string(),
            schema_location: Path::below(at.schema, steps).to_string(),
            keyword_location: Path::below(at.evaluation, steps).to_string(),
            keyword,
            found: found.map(|found| found.excerpt(EXCERPT)).unwrap_or_default(),
            actual_type: found.map(Instance::type_name).unwrap_or_default(),
        });
    }

    /// Whether no further violation is described.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= Violations::LIMIT * 2
    }

    pub(super) fn finish(self, instance: Instance<'_>) -> Violations {
        let mut list = self.list;
        if list.len() > 1 {
            super::order::sort_by_instance(&mut list, instance);
        }
        Violations { list, more: self.more, base: "" }.capped()
    }
}

impl Violations {
    pub(crate) fn capped(mut self) -> Violations {
        self.more += self.list.len().saturating_sub(Violations::LIMIT);
        self.list.truncate(Violations::LIMIT);
        self
    }
}
