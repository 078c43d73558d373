//! Items that are read before their ends are known.

use crate::event::{WebhookEvent, leading_event};

/// The number of leading bytes by which items are compared. They usually include the name of the first member, by which
/// items of different events differ.
const HEAD: usize = 16;

/// After an item could not be read before its end was known, the next `SKIPS` items with the same beginning are not
/// tried. A failed attempt is wasted, and the items of a batch tend to fail alike.
const SKIPS: u8 = 16;

/// Reads items before their ends are known, unless this has just failed for an item with the same beginning.
#[derive(Debug, Default)]
pub(super) struct OnePass {
    /// The first bytes of an item that could not be read. It is not known yet whether the item does not match, or
    /// whether the text ended inside of the item.
    tried: Option<[u8; HEAD]>,
    /// The beginning of items that are not tried.
    failed: [u8; HEAD],
    /// The number of further items that are not tried.
    skips: u8,
}

impl OnePass {
    /// Reads one event from the start of a text, and returns it with the length of its payload.
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

    /// Notes that the item tried last was complete: if it could not be read, items with the same beginning are skipped.
    pub(super) fn item_ended(&mut self) {
        if let Some(head) = self.tried.take() {
            (self.failed, self.skips) = (head, SKIPS);
        }
    }

    /// Notes that the item tried last continues after the text. The failure to read this item then says nothing about
    /// other items.
    pub(super) fn item_goes_on(&mut self) {
        self.tried = None;
    }
}
