//! Regular expressions that code generation compiles to automata.

/// A regular expression as a deterministic automaton over the bytes of a text.
///
/// Bytes that the expression treats alike share a class, and a state is the index of its first transition, so that each
/// step is one lookup in each table. State 0 means that no match can follow, and the next state means that a match was
/// found. Both end the search. States from `accepting` on match if the text ends there.
#[derive(Debug)]
pub struct Automaton<'s> {
    classes: [u8; 256],
    transitions: &'s [u16],
    matched: u16,
    start: u16,
    accepting: u16,
}

impl<'s> Automaton<'s> {
    /// Creates an automaton from its tables: the classes as runs of bytes, each with its last byte and the class, and
    /// the transitions of each state, one for each class.
    pub const fn new(runs: &[(u8, u8)], transitions: &'s [u16], start: u16, accepting: u16) -> Automaton<'s> {
        let mut classes = [0; 256];
        let (mut byte, mut run, mut count) = (0, 0, 0);
        while run < runs.len() {
            let (last, class) = runs[run];
            while byte <= last as usize {
                classes[byte] = class;
                byte += 1;
            }
            if class >= count {
                count = class + 1;
            }
            run += 1;
        }
        Automaton { classes, transitions, matched: count as u16, start, accepting }
    }

    /// Returns whether the expression matches somewhere in the text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut state = self.start;
        for byte in text.bytes() {
            // Before the step: the expression may match the empty text at once.
            if state <= self.matched {
                break;
            }
            let place = usize::from(state) + usize::from(self.classes[usize::from(byte)]);
            // The tables are complete, so a default state is never needed.
            state = self.transitions.get(place).copied().unwrap_or_default();
        }
        state == self.matched || state >= self.accepting
    }
}

/// Returns whether a text has between `least` and `most` characters, all of them within the ranges.
pub(super) fn repeats(text: &str, ranges: &[(char, char)], least: u32, most: u32) -> bool {
    let within = |c: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
    let mut count = 0_u32;
    // One character too many ends the search, however long the text is.
    for c in text.chars() {
        count += 1;
        if count > most || !within(c) {
            return false;
        }
    }
    count >= least
}
