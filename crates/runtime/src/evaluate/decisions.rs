//! Decisions about the parts of one value.

use std::cell::RefCell;

use serde_json::Value;

use super::path::At;
use super::{Evaluation, Validator};

/// The decisions of validators about the parts of one value.
///
/// A buffered type is validated before its parts are read. Some parts are buffered types again, and a union asks for
/// each of its branches whether a part fits. All of them share one evaluation, so no part is decided twice.
#[derive(Debug, Default)]
pub(crate) struct Decisions(RefCell<Option<Evaluation<'static>>>);

impl Decisions {
    /// Returns whether a part of the value is valid.
    pub(crate) fn is_valid(&self, validator: Validator<'static>, part: &Value) -> bool {
        // An evaluation never calls this function, so the borrow succeeds. Otherwise, the part would only be validated
        // again.
        let Ok(mut shared) = self.0.try_borrow_mut() else { return validator.is_valid(part) };
        let table = validator.table();
        let run = match &mut *shared {
            // Answers refer to schemas by index, so they hold for one table only.
            Some(run) if std::ptr::eq(run.table, table) => run,
            other => other.insert(Evaluation::remembering(table)),
        };
        // `Whole` has the decisions and borrows the value, so no other part can get the address meanwhile.
        let node = std::ptr::from_ref(part) as usize;
        run.check(validator.id, part.into(), At::root(node)) && run.undecided().is_none()
    }
}
