//! LazyPointers in payloads, as notes name them.

use std::borrow::Cow;
use std::fmt;

use crate::json::step;

/// The most characters of a place, and of each name in it, that a note shows: notes are many where payloads are large.
const SHOWN: usize = 200;

/// A JSON Pointer that becomes text only where a note needs it.
#[derive(Clone, Copy)]
pub(super) enum LazyPointer<'p> {
    /// Where a search began.
    Root(&'p str),
    /// A member, or `*` for any member or item.
    Member(&'p LazyPointer<'p>, &'p str),
    /// An item.
    Item(&'p LazyPointer<'p>, usize),
}

impl<'p> LazyPointer<'p> {
    /// The pointer to a member.
    pub(super) fn member(&'p self, name: &'p str) -> LazyPointer<'p> {
        LazyPointer::Member(self, name)
    }

    /// Whether this is the whole payload.
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

/// The JSON Pointer. The middle of a long one is left out.
impl fmt::Display for LazyPointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shortened(&self.pointer()))
    }
}

/// The beginning and the end of a long text.
fn shortened(text: &str) -> Cow<'_, str> {
    let half = SHOWN / 2;
    let start = text.char_indices().nth(half).map(|(at, _)| at);
    let end = text.char_indices().nth_back(half).map(|(at, _)| at);
    match (start, end) {
        (Some(start), Some(end)) if start < end => Cow::Owned(format!("{}…{}", &text[..start], &text[end..])),
        _ => Cow::Borrowed(text),
    }
}
