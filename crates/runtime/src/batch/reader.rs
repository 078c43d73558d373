//! Batches that are read from a stream, one event at a time.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::ops::Range;

use super::split::{Broken, Progress, Splitter};
use serde::de::IgnoredAny;

use super::{BodyFormat, OnePass, RejectedItem, find_wrapped, is_json, read_item};
use crate::delivery::Delivery;
use crate::error::{Error, JsonError};
use crate::event::WebhookEvent;

/// The number of bytes that are read at once.
const BLOCK: usize = 64 << 10;

/// The default maximum length of an item in bytes (16 MiB). [`BatchReader::with_limit`] sets another limit.
const LIMIT: usize = 16 << 20;

/// An iterator over the events of a body that is read from a stream, created by
/// [`Batch::reader`](super::Batch::reader).
#[derive(Debug)]
pub struct BatchReader<E, R> {
    stream: R,
    items: StreamedItems<E>,
}

/// The reason why an item of a stream could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum BatchReadError {
    /// An item was rejected. Reading continues with the next item.
    Rejected(RejectedItem),
    /// An item is longer than the limit, and was skipped. Reading continues with the next item.
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body is not JSON: for example, it is truncated or has trailing characters. The iterator ends.
    Body(Error),
    /// The stream failed. The iterator ends.
    Io(io::Error),
}

impl BatchReadError {
    /// Returns the rejected item, if the error is [`BatchReadError::Rejected`].
    pub fn rejected(&self) -> Option<&RejectedItem> {
        match self {
            BatchReadError::Rejected(item) => Some(item),
            _ => None,
        }
    }

    /// Returns whether the iterator ends after this error.
    pub fn is_final(&self) -> bool {
        matches!(self, BatchReadError::Body(_) | BatchReadError::Io(_))
    }
}

impl fmt::Display for BatchReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BatchReadError::Rejected(item) => item.fmt(f),
            BatchReadError::TooLong { limit } => write!(f, "an item is longer than {limit} bytes"),
            BatchReadError::Body(error) => error.fmt(f),
            BatchReadError::Io(error) => error.fmt(f),
        }
    }
}

/// `Display` shows everything except the sources of an I/O error.
impl std::error::Error for BatchReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BatchReadError::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl<E: WebhookEvent, R> BatchReader<E, R> {
    pub(super) fn new(stream: R) -> BatchReader<E, R> {
        BatchReader { stream, items: StreamedItems::new() }
    }

    /// Sets the maximum length of an item in bytes, not counting white space around the item. The default is 16 MiB. A
    /// longer item is skipped and reported as [`BatchReadError::TooLong`].
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.items.set_limit(bytes);
        self
    }

    /// Returns how the body holds its events, or `None` while the format is unknown. An array is recognized at its
    /// first byte. Otherwise, the format is known at the second event or at the end of the body.
    pub fn format(&self) -> Option<BodyFormat> {
        self.items.format()
    }
}

impl<E: WebhookEvent, R: Read> Iterator for BatchReader<E, R> {
    type Item = Result<E, BatchReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.items.next() {
                Next::Item(item) => return item,
                Next::NeedsBytes => match self.stream.read(self.items.space()) {
                    Ok(count) => self.items.filled(count),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return self.items.failed(error),
                },
            }
        }
    }
}

impl<E: WebhookEvent, R: Read> FusedIterator for BatchReader<E, R> {}

/// The next step of reading a stream.
pub(super) enum Next<E> {
    /// The next item, or the end.
    Item(Option<Result<E, BatchReadError>>),
    /// More bytes must be put into the space first.
    NeedsBytes,
}

/// The items of the bytes that were read so far.
#[derive(Debug)]
pub(super) struct StreamedItems<E> {
    pub(super) splitter: Splitter,
    limit: usize,
    /// The text that is still needed.
    text: String,
    /// Space for the next bytes, after `pending` bytes of a character that is not complete.
    block: Vec<u8>,
    pending: usize,
    /// The number of bytes of the body that have been removed from the text.
    released: u64,
    at_end: bool,
    /// Whether the bytes after the text are not UTF-8.
    is_not_text: bool,
    is_done: bool,
    one_pass: OnePass,
    /// The events that are not reported yet, if the body is an object with events in it.
    wrapped: Option<VecDeque<Range<usize>>>,
    events: PhantomData<fn() -> E>,
}

impl<E: WebhookEvent> StreamedItems<E> {
    pub(super) fn new() -> Self {
        let mut items = StreamedItems {
            splitter: Splitter::new(E::PROVIDER.delivery == Delivery::Lines),
            limit: 0,
            text: String::new(),
            block: Vec::new(),
            pending: 0,
            released: 0,
            at_end: false,
            is_not_text: false,
            is_done: false,
            one_pass: OnePass::default(),
            wrapped: None,
            events: PhantomData,
        };
        items.set_limit(LIMIT);
        items
    }

    pub(super) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
        self.splitter.set_limit(bytes);
    }

    /// Returns the space for the next bytes.
    pub(super) fn space(&mut self) -> &mut [u8] {
        self.block.resize(BLOCK, 0);
        &mut self.block[self.pending..]
    }

    /// Consumes `count` bytes that were put into the space. A count of 0 means that the stream has ended.
    pub(super) fn filled(&mut self, count: usize) {
        let released = self.splitter.release();
        self.released += released.len() as u64;
        self.text.drain(released);

        self.at_end = count == 0;
        // A read may end inside a character: its first bytes stay in the block, and `pending` counts them.
        let bytes = &self.block[..self.block.len().min(self.pending + count)];
        let (text, is_broken) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, false),
            Err(error) => {
                let text = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
                // An error without a length is an incomplete character, which the next bytes may complete.
                (text, self.at_end || error.error_len().is_some())
            }
        };
        if self.text.capacity() - self.text.len() < text.len() {
            // By default, a string doubles its capacity, which would be up to twice the limit of an item. Growing by an
            // eighth wastes less, and still takes linear time.
            self.text.reserve_exact(BLOCK.max(self.text.len() / 8));
        }
        self.text.push_str(text);
        let taken = text.len()..bytes.len();
        (self.pending, self.is_not_text) = (taken.len(), is_broken);
        self.block.copy_within(taken, 0);
    }

    /// Ends reading after the stream has failed.
    pub(super) fn failed(&mut self, error: io::Error) -> Option<Result<E, BatchReadError>> {
        self.is_done = true;
        Some(Err(BatchReadError::Io(error)))
    }

    /// Returns how the body holds its events, or `None` while the format is unknown.
    pub(super) fn format(&self) -> Option<BodyFormat> {
        if self.wrapped.is_some() { Some(BodyFormat::Wrapped) } else { self.splitter.layout() }
    }

    /// Returns whether the whole body is one item, and this item is an object with events in it. Its events are then
    /// reported instead of the item.
    fn is_wrapped(&mut self, body: &Range<usize>) -> bool {
        if self.splitter.layout() != Some(BodyFormat::Single) {
            return false;
        }
        let text = self.text.get(body.clone()).unwrap_or_default();
        let found = find_wrapped(E::PROVIDER, text).filter(|_| serde_json::from_str::<IgnoredAny>(text).is_ok());
        // The ranges are relative to the body, which need not begin at the start of the text.
        let ranges = found.map(|found| found.into_iter().map(|event| body.start + event.start..body.start + event.end));
        self.wrapped = ranges.map(Iterator::collect);
        self.wrapped.is_some()
    }

    pub(super) fn next(&mut self) -> Next<E> {
        while !self.is_done {
            if let Some(range) = self.wrapped.as_mut().and_then(VecDeque::pop_front) {
                let event = read_item(self.text.get(range).unwrap_or_default());
                return Next::Item(Some(event.map_err(BatchReadError::Rejected)));
            }
            // If bytes are not UTF-8, the text before them is complete, but the body does not end there.
            let error = match self.splitter.step(self.text.as_bytes(), self.at_end && !self.is_not_text) {
                // The error comes after the items before it, wherever a block ends.
                Progress::More if self.is_not_text => self.not_text(),
                Progress::More => {
                    self.one_pass.item_goes_on();
                    return Next::NeedsBytes;
                }
                Progress::Begin(at) => match self.one_pass.event(self.text.get(at..).unwrap_or_default()) {
                    Some((event, length)) if self.splitter.skip(length, self.text.as_bytes(), self.at_end) => {
                        return Next::Item(Some(Ok(event)));
                    }
                    // The splitter finds the end of the item, which is then read as a whole.
                    _ => continue,
                },
                Progress::Item(range) if self.is_wrapped(&range) => continue,
                Progress::Item(range) => {
                    self.one_pass.item_ended();
                    match self.item(range) {
                        Ok(event) => return Next::Item(Some(Ok(event))),
                        Err(error) => error,
                    }
                }
                Progress::TooLong => BatchReadError::TooLong { limit: self.limit },
                Progress::End => break,
                Progress::Broken(broken) => self.broken(broken),
            };
            self.is_done = error.is_final();
            return Next::Item(Some(Err(error)));
        }
        self.is_done = true;
        Next::Item(None)
    }

    fn item(&self, range: Range<usize>) -> Result<E, BatchReadError> {
        read_item(self.text.get(range).unwrap_or_default()).map_err(|rejected| {
            // A line that is not JSON is one rejected item. In an array, it makes the whole body invalid JSON.
            match self.splitter.layout() != Some(BodyFormat::Lines) && !is_json(&rejected) {
                true => BatchReadError::Body(rejected.into_error()),
                false => BatchReadError::Rejected(rejected),
            }
        })
    }

    fn not_text(&self) -> BatchReadError {
        let at = self.released + self.text.len() as u64;
        let message = format!("the bytes are not UTF-8 from byte {at} on");
        BatchReadError::Body(Error::Json(JsonError::of_stream(&message, false)))
    }

    fn broken(&self, broken: Broken) -> BatchReadError {
        // The splitter takes the mark for the beginning of a word, and would report a position without the reason.
        if self.released == 0 && self.text.starts_with('\u{feff}') {
            return BatchReadError::Body(Error::Json(JsonError::byte_order_mark()));
        }
        let at = self.released + self.splitter.position() as u64;
        let message = match broken {
            Broken::Ends => format!("the body ends at byte {at}, where more is expected"),
            Broken::NoItem => format!("expected an item at byte {at}"),
            Broken::NoComma => format!("expected `,` or `]` at byte {at}"),
            Broken::Trailing => format!("trailing characters at byte {at}"),
        };
        BatchReadError::Body(Error::Json(JsonError::of_stream(&message, broken == Broken::Ends)))
    }
}
