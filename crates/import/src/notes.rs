//! Notes about parts of documents that an import could not keep or keeps in another form. Each is a sentence with a
//! place and a count.

use std::cell::RefCell;

/// Notes, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    list: RefCell<Vec<Note>>,
    dropped: RefCell<Vec<Dropped>>,
}

/// An example that is not valid for the schemas of events that it is documented for.
#[derive(Debug)]
struct Dropped {
    place: String,
    /// The first of the events.
    event: String,
    /// The violation of the schema of that event.
    violation: String,
    /// The number of the other events.
    others: usize,
}

#[derive(Debug)]
struct Note {
    text: String,
    /// The first place that the note is about.
    place: String,
    count: usize,
}

impl Notes {
    /// Adds a note about a place. The same note about several places is listed once, with their number.
    pub(crate) fn add(&self, place: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        let mut list = self.list.borrow_mut();
        match list.iter_mut().find(|note| note.text == text) {
            Some(known) => known.count += 1,
            None => list.push(Note { text, place: place.into(), count: 1 }),
        }
    }

    /// Notes an example that is not valid for the schema of an event. An example that several events share is listed
    /// once.
    pub(crate) fn drop_example(&self, place: String, event: &str, violation: String) {
        let mut dropped = self.dropped.borrow_mut();
        match dropped.iter_mut().find(|known| known.place == place) {
            Some(known) if known.event != event => known.others += 1,
            Some(_) => {}
            None => dropped.push(Dropped { place, event: event.to_owned(), violation, others: 0 }),
        }
    }

    /// Returns the notes, one a line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |note: &Note| match (note.count, note.place.as_str()) {
            (_, "") => note.text.clone(),
            (1, place) => format!("{place}: {}", note.text),
            (2, place) => format!("{place} and 1 more place: {}", note.text),
            (count, place) => format!("{place} and {} more places: {}", count - 1, note.text),
        };
        let dropped = |Dropped { place, event, violation, others }: &Dropped| {
            let others = match others {
                0 => String::new(),
                1 => " and of 1 other event".to_owned(),
                others => format!(" and of {others} other events"),
            };
            format!("{place}: the example is not valid for the schema of {event}{others}, and is not kept: {violation}")
        };
        let mut lines: Vec<String> = self.list.borrow().iter().map(line).collect();
        lines.extend(self.dropped.borrow().iter().map(dropped));
        lines
    }
}
