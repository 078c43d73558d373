//! What an import could not keep, or keeps in another form: sentences for people, each with how often and where.

use std::cell::RefCell;

/// Notes, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    list: RefCell<Vec<Note>>,
}

#[derive(Debug)]
struct Note {
    text: String,
    /// Where it is so first.
    place: String,
    count: usize,
}

impl Notes {
    /// Adds a note about a place: the same note about several places is one.
    pub(crate) fn add(&self, place: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        let mut list = self.list.borrow_mut();
        match list.iter_mut().find(|note| note.text == text) {
            Some(known) => known.count += 1,
            None => list.push(Note { text, place: place.into(), count: 1 }),
        }
    }

    /// The notes, one a line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |note: &Note| match (note.count, note.place.as_str()) {
            (_, "") => note.text.clone(),
            (1, place) => format!("{place}: {}", note.text),
            (2, place) => format!("{place} and 1 more place: {}", note.text),
            (count, place) => format!("{place} and {} more places: {}", count - 1, note.text),
        };
        self.list.borrow().iter().map(line).collect()
    }
}
