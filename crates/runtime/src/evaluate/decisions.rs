//! Decisions about the parts of one value.

use std::cell::RefCell;

use serde_json::Value;

use super::path::At;
use super::{Evaluation, Validator};

/// What validators have decided about the parts of one value.
///
/// A type that is read whole first is validated before its parts are, of which some are again read whole first, and a union
/// asks for each of its branches whether a part fits. With one evaluation for all of them, no part is decided twice.
#[derive(Debug, Default)]
pub(crate) struct Decisions(RefCell<Option<Evaluation<'static>>>);

impl Decisions {
    /// Whether a part of the value is valid.
    pub(crate) fn is_valid(&self, validator: Validator<'static>, part: &Value) -> bool {
        // Nothing that an evaluation calls comes back here.
        let Ok(mut shared) = self.0.try_borrow_mut() else { return validator.is_valid(part) };
        let table = validator.table();
        let run = match &mut *shared {
            Some(run) if std::ptr::eq(run.table, table) => run,
            other => other.insert(Evaluation::remembering(table)),
        };
        let node = std::ptr::from_ref(part) as usize;
        run.check(validator.id, part.into(), At::root(node)) && run.undecided().is_none()
    }
}
