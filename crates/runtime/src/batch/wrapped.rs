//! Finds events inside an object, and keeps the text around them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::delivery::Delivery;
use crate::provider::ProviderInfo;
use crate::scan;

/// The text around the events of a body.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    text: String,
    /// The places in the text where the events were taken out.
    holes: Vec<usize>,
}

impl Envelope {
    /// Creates the envelope of a body whose events are at some ranges.
    pub(super) fn new(body: &str, events: &[Range<usize>]) -> Envelope {
        let mut envelope = Envelope { text: String::new(), holes: Vec::with_capacity(events.len()) };
        let mut end = 0;
        for event in events {
            envelope.text.push_str(body.get(end..event.start).unwrap_or_default());
            envelope.holes.push(envelope.text.len());
            end = event.end;
        }
        envelope.text.push_str(body.get(end..).unwrap_or_default());
        envelope
    }

    /// Returns whether the envelope has exactly `count` places for events.
    pub(super) fn holds(&self, count: usize) -> bool {
        self.holes.len() == count
    }

    /// Writes the body. `write` appends an event, by its index.
    pub(super) fn write<X>(
        &self,
        out: &mut Vec<u8>,
        mut write: impl FnMut(usize, &mut Vec<u8>) -> Result<(), X>,
    ) -> Result<(), X> {
        let mut end = 0;
        for (index, &hole) in self.holes.iter().enumerate() {
            out.extend_from_slice(self.text.as_bytes().get(end..hole).unwrap_or_default());
            write(index, out)?;
            end = hole;
        }
        out.extend_from_slice(self.text.as_bytes().get(end..).unwrap_or_default());
        Ok(())
    }

    /// Returns the envelope as a type, with null in the place of each event.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        let mut text = Vec::new();
        self.write(&mut text, |_, out| {
            out.extend_from_slice(b"null");
            Ok::<(), serde_json::Error>(())
        })?;
        serde_json::from_slice(&text)
    }
}

/// Values of payloads stay out of logs.
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope").field("events", &self.holes.len()).finish_non_exhaustive()
    }
}

/// Returns the ranges of the events in a body that is an object with events in it, or `None` for any other body. A
/// member that is null holds no events, because some vendors write an empty list as null.
pub(crate) fn find(info: &ProviderInfo, text: &str) -> Option<Vec<Range<usize>>> {
    if info.delivery == Delivery::Lines { None } else { find_at(info.requests.items, info.requests.item, text) }
}

/// Returns the ranges of the events in a body that is an object: `items` and `item` are JSON Pointers to them, as in
/// [`RequestInfo`](crate::RequestInfo).
pub fn find_at<S: AsRef<str>>(items: &[S], item: Option<&str>, text: &str) -> Option<Vec<Range<usize>>> {
    if items.is_empty() && item.is_none() {
        return None;
    }
    if items.is_empty() {
        return Some(vec![scan::range_at(text, &steps(item?))?]);
    }
    let found = items.iter().find_map(|pointer| {
        let range = scan::range_at(text, &steps(pointer.as_ref()))?;
        let value = text.get(range.clone())?;
        match value.as_bytes().first()? {
            b'[' => Some(scan::items(value)?.into_iter().map(|item| range_of(text, item)).collect::<Vec<_>>()),
            b'{' => Some(vec![range]),
            _ => (value == "null").then(Vec::new),
        }
    });
    let item = item.map(steps);
    let event = |range: Range<usize>| {
        let inner = item.as_ref().and_then(|item| scan::range_at(text.get(range.clone())?, item));
        // An item without the inner value is an event itself.
        inner.map_or(range.clone(), |inner| range.start + inner.start..range.start + inner.end)
    };
    Some(found?.into_iter().map(event).collect())
}

/// Returns a body that holds some events as a vendor wraps them. `items` and `item` are JSON Pointers. Without `items`,
/// the body is one event under `item`.
pub fn wrap(items: Option<&str>, item: Option<&str>, events: &[&str]) -> String {
    let under = |pointer: &str, text: String| {
        steps(pointer).iter().rev().fold(text, |inner, name| format!("{{{}:{inner}}}", serde_json::json!(name)))
    };
    let wrapped = |event: &&str| item.map_or_else(|| (*event).to_owned(), |item| under(item, (*event).to_owned()));
    let wrapped: Vec<String> = events.iter().map(wrapped).collect();
    items.map_or_else(|| wrapped.concat(), |items| under(items, format!("[{}]", wrapped.join(","))))
}

/// Returns the member names of a JSON Pointer.
fn steps(pointer: &str) -> Vec<Cow<'_, str>> {
    let unescaped = |step| match str::contains(step, '~') {
        true => Cow::Owned(step.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(step),
    };
    pointer.split('/').skip(1).map(unescaped).collect()
}

/// Returns the range of a part of a text, which must be a slice of it. `scan` returns slices, so comparing addresses
/// saves a search.
fn range_of(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}
