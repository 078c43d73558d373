//! Rejected items of a body.

use std::fmt;

use crate::error::Error;

/// A rejected item of a body, with its text and the error.
///
/// `Display` shows the [`Error`]. `Debug` omits the payload, so that it does not get into logs.
#[derive(Clone, PartialEq, Eq)]
pub struct RejectedItem(Box<Details>);

/// The fields of a rejected item, boxed to keep `Result<E, RejectedItem>` small.
#[derive(Clone, PartialEq, Eq)]
struct Details {
    error: Error,
    payload: String,
}

impl RejectedItem {
    pub(super) fn new(error: Error, payload: String) -> RejectedItem {
        RejectedItem(Box::new(Details { error, payload }))
    }

    /// Returns why the item was rejected.
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// Returns the text of the item as received, without surrounding white space.
    pub fn payload(&self) -> &str {
        &self.0.payload
    }

    pub(super) fn into_error(self) -> Error {
        self.0.error
    }
}

/// The number of rejected items of a batch whose violations are all described. Without a limit, the errors of thousands
/// of small items would take many times the memory of the body.
const DESCRIBED: usize = 100;

/// The items of a batch that is being read.
pub(super) struct ItemList<E> {
    pub(super) items: Vec<Result<E, RejectedItem>>,
    rejected: usize,
}

impl<E> ItemList<E> {
    pub(super) fn new() -> ItemList<E> {
        ItemList { items: Vec::new(), rejected: 0 }
    }

    pub(super) fn push(&mut self, mut item: Result<E, RejectedItem>) {
        if let Err(rejected) = &mut item {
            self.rejected += 1;
            if self.rejected > DESCRIBED {
                rejected.0.error.keep_first_violation();
            }
        }
        self.items.push(item);
    }

    pub(super) fn extend(
        mut self,
        items: impl Iterator<Item = Result<E, RejectedItem>>,
    ) -> Vec<Result<E, RejectedItem>> {
        items.for_each(|item| self.push(item));
        self.items
    }
}

impl fmt::Debug for RejectedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RejectedItem").field("error", &self.0.error).finish_non_exhaustive()
    }
}

impl fmt::Display for RejectedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.error.fmt(f)
    }
}

impl std::error::Error for RejectedItem {}
