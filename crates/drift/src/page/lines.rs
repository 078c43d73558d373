//! Finds the line of the page for an offset in its text.

/// An anchor of the line numbers: the text from this offset on comes from this line of the page and the following
/// lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    /// The offset in the text.
    pub(super) at: usize,
    /// The line of the page, from 1.
    pub(super) line: usize,
}

/// A lookup of lines. Moving forward takes time linear in the distance.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    anchors: &'t [Anchor],
    /// The last offset that was looked up with its line, and the index of the first anchor after it.
    last: Anchor,
    next: usize,
}

impl<'t> Lines<'t> {
    /// Creates a lookup. The anchors must be sorted.
    pub(super) fn new(text: &'t str, anchors: &'t [Anchor]) -> Self {
        Lines { text: text.as_bytes(), anchors, last: Anchor { at: 0, line: 1 }, next: 0 }
    }

    /// Returns the line of an offset, from 1.
    pub(super) fn at(&mut self, place: usize) -> usize {
        if place < self.last.at {
            let next = self.anchors.partition_point(|anchor| anchor.at <= place);
            if next == self.next {
                let between = self.text.get(place..self.last.at).unwrap_or_default();
                let line = self.last.line.saturating_sub(memchr::memchr_iter(b'\n', between).count());
                self.last = Anchor { at: place, line };
                return line;
            }
            self.next = next;
            let before = next.checked_sub(1).and_then(|index| self.anchors.get(index));
            self.last = before.copied().unwrap_or(Anchor { at: 0, line: 1 });
        }
        while let Some(anchor) = self.anchors.get(self.next).filter(|anchor| anchor.at <= place) {
            self.last = *anchor;
            self.next += 1;
        }
        let between = self.text.get(self.last.at..place).unwrap_or_default();
        self.last = Anchor { at: place, line: self.last.line + memchr::memchr_iter(b'\n', between).count() };
        self.last.line
    }
}
