//! Items that are read before their ends are known.

use crate::event::{WebhookEvent, leading_event};

/// How many bytes at the beginning of items are compared.
const HEAD: usize = 16;

/// How many items that begin as one does that could not be read are not tried.
const SKIPS: u8 = 16;

/// Reads items before their ends are known, unless an item that began alike has just shown that this fails.
#[derive(Debug, Default)]
pub(super) struct OnePass {
    /// The beginning of an item that may fail, or go on behind the text.
    tried: Option<[u8; HEAD]>,
    failed: [u8; HEAD],
    skips: u8,
}

impl OnePass {
    /// The event that a text begins with, and how long its payload is.
    pub(super) fn event<E: WebhookEvent>(&mut self, text: &str) -> Option<(E, usize)> {
        let head = text.as_bytes().first_chunk::<HEAD>();
        if head == Some(&self.failed) && self.skips > 0 {
            self.skips -= 1;
            return None;
        }
        let found = leading_event(text);
        self.tried = head.copied().filter(|_| found.is_none());
        found
    }

    /// What was tried last failed, if it did, for another reason than that the text ended.
    pub(super) fn failed(&mut self) {
        if let Some(head) = self.tried.take() {
            (self.failed, self.skips) = (head, SKIPS);
        }
    }

    /// What was tried last goes on behind the text.
    pub(super) fn goes_on(&mut self) {
        self.tried = None;
    }
}
