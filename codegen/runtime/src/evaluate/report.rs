//! The violations found so far.

use super::path::{At, Path, Step};
use crate::instance::Instance;
use crate::violation::{Violation, Violations};

/// How many characters of a value a violation shows.
const EXCERPT: usize = 60;

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
        expected: impl FnOnce() -> String,
    ) {
        // Twice the limit is kept until the end, so that the first in the document are among them.
        if self.list.len() >= Violations::LIMIT * 2 {
            self.more += 1;
            return;
        }
        self.list.push(Violation {
            instance: at.instance.to_string(),
            schema: Path::below(at.schema, steps).to_string(),
            evaluation: Path::below(at.evaluation, steps).to_string(),
            keyword,
            expected: expected(),
            found: found.map(|found| found.excerpt(EXCERPT)).unwrap_or_default(),
            found_type: found.map(Instance::kind).unwrap_or_default(),
        });
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
