//! JSON Pointers of payloads, for notes.

use std::borrow::Cow;
use std::fmt;

use crate::json::step;

/// The maximum number of characters of a location, and of each name in it, in a note. Large payloads cause many notes.
const SHOWN: usize = 200;

/// A JSON Pointer that is converted to text only when a note needs it.
#[derive(Clone, Copy)]
pub(super) enum LazyPointer<'p> {
    /// The location where a search began.
    Root(&'p str),
    /// A member, or `*` for any member or item.
    Member(&'p LazyPointer<'p>, &'p str),
    /// An item of an array.
    Item(&'p LazyPointer<'p>, usize),
}

impl<'p> LazyPointer<'p> {
    /// Returns the pointer to a member.
    pub(super) fn member(&'p self, name: &'p str) -> LazyPointer<'p> {
        LazyPointer::Member(self, name)
    }

    /// Returns whether the pointer refers to the whole payload.
    pub(super) fn is_root(&self) -> bool {
        matches!(self, LazyPointer::Root(""))
    }

    fn pointer(&self) -> String {
        match self {
            LazyPointer::Root(pointer) => (*pointer).to_owned(),
            LazyPointer::Member(outer, name) => step(&outer.pointer(), &shortened(name)),
            LazyPointer::Item(outer, index) => format!("{}/{index}", outer.pointer()),
        }
    }
}

/// Writes the JSON Pointer, without its middle if it is long.
impl fmt::Display for LazyPointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shortened(&self.pointer()))
    }
}

/// Replaces the middle of a long text by an ellipsis.
fn shortened(text: &str) -> Cow<'_, str> {
    let half = SHOWN / 2;
    let start = text.char_indices().nth(half).map(|(at, _)| at);
    let end = text.char_indices().nth_back(half).map(|(at, _)| at);
    match (start, end) {
        (Some(start), Some(end)) if start < end => Cow::Owned(format!("{}…{}", &text[..start], &text[end..])),
        _ => Cow::Borrowed(text),
    }
}
