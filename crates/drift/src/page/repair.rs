//! Repairs of JSON blocks that are not valid JSON.

use super::lines::Lines;

/// A repair of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The line of the page, from 1.
    pub line: usize,
    /// A description of the repair, as a sentence without a full stop.
    pub what: String,
}

/// The kind of a repair.
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

/// The number of kinds.
// `LineNumbers` is the last one.
const KINDS: usize = RepairKind::LineNumbers as usize + 1;

/// The maximum number of repairs of a kind that are recorded individually.
const EACH: usize = 20;

/// The repairs of one block.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    notes: Vec<(usize, RepairKind, String)>,
    counts: [usize; KINDS],
}

impl Repairs {
    /// Records a repair. `what` is called only if the repair is recorded individually.
    pub(super) fn push(&mut self, place: usize, kind: RepairKind, what: impl FnOnce() -> String) {
        let count = &mut self.counts[kind as usize];
        *count += 1;
        if *count <= EACH {
            self.notes.push((place, kind, what()));
        }
    }

    /// Moves the positions of all repairs by an offset.
    pub(super) fn shift(&mut self, by: usize) {
        self.notes.iter_mut().for_each(|(place, ..)| *place += by);
    }

    /// Returns whether there was a repair of a kind.
    pub(super) fn has(&self, kind: RepairKind) -> bool {
        self.counts[kind as usize] > 0
    }

    /// Returns whether the repairs suggest that the text is a program in another language rather than JSON.
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

    /// Returns the repairs with their lines, without duplicates on a line. If there are too many repairs of a kind, the
    /// last repair states the number of further repairs.
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
