//! The repairs of a block.

use super::lines::Lines;

/// A repair of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The line of the page, from 1.
    pub line: usize,
    /// What was done, as a sentence without its full stop.
    pub what: String,
}

/// The kinds of repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RepairKind {
    Ellipsis,
    Escape,
    ExtraComma,
    MissingComma,
    LineBreak,
    Control,
    Space,
    SmartQuotes,
    SingleQuotes,
    Comment,
    NameWithoutQuotes,
    Python,
    NoValue,
    Placeholder,
    Word,
    Unclosed,
    Repeated,
    Number,
    Surrogate,
    EscapedQuotes,
    LineNumbers,
}

/// How many kinds there are.
const KINDS: usize = RepairKind::LineNumbers as usize + 1;

/// How many of a kind are kept one by one.
const EACH: usize = 20;

/// The repairs of one block, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    notes: Vec<(usize, RepairKind, String)>,
    counts: [usize; KINDS],
}

impl Repairs {
    /// Records a repair; `what` is called only if the repair is kept.
    pub(super) fn push(&mut self, place: usize, kind: RepairKind, what: impl FnOnce() -> String) {
        let count = &mut self.counts[kind as usize];
        *count += 1;
        if *count <= EACH {
            self.notes.push((place, kind, what()));
        }
    }

    /// Moves the places of all repairs on.
    pub(super) fn shift(&mut self, by: usize) {
        self.notes.iter_mut().for_each(|(place, ..)| *place += by);
    }

    /// Whether there was one of a kind.
    pub(super) fn has(&self, kind: RepairKind) -> bool {
        self.counts[kind as usize] > 0
    }

    /// Whether the text may be a program in another language rather than JSON.
    pub(super) fn of_a_program(&self) -> bool {
        [
            RepairKind::NameWithoutQuotes,
            RepairKind::SingleQuotes,
            RepairKind::Python,
            RepairKind::NoValue,
            RepairKind::Word,
        ]
        .iter()
        .any(|kind| self.has(*kind))
    }

    /// The repairs with their lines, without duplicates on a line; the last one kept of many has the number of the others.
    pub(super) fn finish(mut self, lines: &mut Lines<'_>) -> Vec<Repair> {
        self.notes.sort_by_key(|(place, ..)| *place);
        let mut left = self.counts.map(|count| count.min(EACH));
        let mut repairs: Vec<Repair> = Vec::new();
        for (place, kind, mut what) in self.notes {
            left[kind as usize] -= 1;
            let more = self.counts[kind as usize].saturating_sub(EACH);
            if left[kind as usize] == 0 && more > 0 {
                what.push_str(&format!(" (and {more} more like it)"));
            }
            let repair = Repair { line: lines.at(place), what };
            if !repairs.contains(&repair) {
                repairs.push(repair);
            }
        }
        repairs
    }
}
