//! Batches that are read from a stream, one event at a time.

use std::fmt;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::marker::PhantomData;

use super::split::{Broken, Splitter, Step};
use super::{BodyFormat, RejectedItem, is_json, read_item};
use crate::error::{Error, JsonError};
use crate::event::WebhookEvent;
use crate::provider::Delivery;

/// How many bytes are asked for at once.
const BLOCK: usize = 64 << 10;

/// How many bytes an item may have unless [`BatchReader::with_limit`] sets another limit: 16 MiB.
const LIMIT: usize = 16 << 20;

/// The events of a body that is read from a stream: see [`Batch::reader`](super::Batch::reader).
#[derive(Debug)]
pub struct BatchReader<E, R> {
    stream: R,
    items: StreamedItems<E>,
}

/// Why an item of a stream is not an event.
#[derive(Debug)]
#[non_exhaustive]
pub enum BatchReadError {
    /// One item was refused. The next ones are read.
    Rejected(RejectedItem),
    /// One item is longer than the limit, and was left out. The next ones are read.
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body is broken, which ends the iterator: it is not JSON, or breaks off, or goes on behind its end.
    Body(Error),
    /// The stream failed, which ends the iterator.
    Io(io::Error),
}

impl BatchReadError {
    /// The item that was refused, if the error is about one.
    pub fn rejected(&self) -> Option<&RejectedItem> {
        match self {
            BatchReadError::Rejected(item) => Some(item),
            _ => None,
        }
    }

    /// Whether the error ends the iterator.
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

impl std::error::Error for BatchReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BatchReadError::Rejected(item) => Some(item),
            BatchReadError::TooLong { .. } => None,
            BatchReadError::Body(error) => Some(error),
            BatchReadError::Io(error) => Some(error),
        }
    }
}

impl<E: WebhookEvent, R> BatchReader<E, R> {
    pub(super) fn new(stream: R) -> BatchReader<E, R> {
        BatchReader { stream, items: StreamedItems::new() }
    }

    /// Sets how many bytes an item may have, without white space around it; by default 16 MiB. A longer one is left out, and is
    /// [`BatchReadError::TooLong`].
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.items.set_limit(bytes);
        self
    }

    /// How the body holds its events, as soon as that is decided: for an array at its first byte, otherwise at the second
    /// event or at the end.
    pub fn format(&self) -> Option<BodyFormat> {
        self.items.splitter.layout()
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

/// What a stream of items comes to.
pub(super) enum Next<E> {
    /// The next item, or the end.
    Item(Option<Result<E, BatchReadError>>),
    /// Bytes must be put into the space, first.
    NeedsBytes,
}

/// The items of the bytes that were read so far.
#[derive(Debug)]
pub(super) struct StreamedItems<E> {
    pub(super) splitter: Splitter,
    limit: usize,
    /// The bytes that are still needed, up to `filled`, and space for more.
    buffer: Vec<u8>,
    filled: usize,
    /// How many bytes of the body are no longer in the buffer.
    released: u64,
    at_end: bool,
    is_done: bool,
    events: PhantomData<fn() -> E>,
}

impl<E: WebhookEvent> StreamedItems<E> {
    pub(super) fn new() -> Self {
        let mut items = StreamedItems {
            splitter: Splitter::new(E::PROVIDER.delivery == Delivery::Lines),
            limit: LIMIT,
            buffer: Vec::new(),
            filled: 0,
            released: 0,
            at_end: false,
            is_done: false,
            events: PhantomData,
        };
        items.set_limit(LIMIT);
        items
    }

    pub(super) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
        self.splitter.set_limit(bytes);
    }

    /// Where the next bytes go: space for at least one.
    pub(super) fn space(&mut self) -> &mut [u8] {
        let released = self.splitter.release();
        if !released.is_empty() {
            self.buffer.copy_within(released.end..self.filled, released.start);
            self.filled -= released.len();
            self.released += released.len() as u64;
        }
        if self.buffer.len() - self.filled < BLOCK / 2 {
            // A long item takes steps in proportion to its length, so that it is not copied again and again.
            let more = BLOCK.max(self.filled / 8);
            self.buffer.reserve_exact(more);
            self.buffer.resize(self.filled + more, 0);
        }
        &mut self.buffer[self.filled..]
    }

    /// That many bytes were put into the space; none at the end.
    pub(super) fn filled(&mut self, count: usize) {
        self.at_end = count == 0;
        self.filled = (self.filled + count).min(self.buffer.len());
    }

    /// The stream failed.
    pub(super) fn failed(&mut self, error: io::Error) -> Option<Result<E, BatchReadError>> {
        self.is_done = true;
        Some(Err(BatchReadError::Io(error)))
    }

    pub(super) fn next(&mut self) -> Next<E> {
        if self.is_done {
            return Next::Item(None);
        }
        let step = self.splitter.step(&self.buffer[..self.filled], self.at_end);
        let error = match step {
            Step::More => return Next::NeedsBytes,
            Step::Item(range) => match self.item(range) {
                Ok(event) => return Next::Item(Some(Ok(event))),
                Err(error) => error,
            },
            Step::TooLong => BatchReadError::TooLong { limit: self.limit },
            Step::End => {
                self.is_done = true;
                return Next::Item(None);
            }
            Step::Broken(broken) => BatchReadError::Body(self.broken(broken)),
        };
        self.is_done = error.is_final();
        Next::Item(Some(Err(error)))
    }

    fn item(&self, range: std::ops::Range<usize>) -> Result<E, BatchReadError> {
        let begin = self.released + range.start as u64;
        let bytes = &self.buffer[range];
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let at = begin + error.valid_up_to() as u64;
            let message = format!("the bytes are not UTF-8 from byte {at} on");
            BatchReadError::Body(Error::Json(JsonError::of_stream(message, false)))
        })?;
        read_item(text).map_err(|rejected| {
            // A line that is not JSON is one item that is refused. In an array it makes the body one that is not JSON.
            match self.splitter.layout() != Some(BodyFormat::Lines) && !is_json(&rejected) {
                true => BatchReadError::Body(rejected.error),
                false => BatchReadError::Rejected(rejected),
            }
        })
    }

    fn broken(&self, broken: Broken) -> Error {
        let at = self.released + self.splitter.position() as u64;
        let message = match broken {
            Broken::Ends => format!("the body ends at byte {at}, where more must come"),
            Broken::NoItem => format!("expected an item at byte {at}"),
            Broken::NoComma => format!("expected `,` or `]` at byte {at}"),
            Broken::Trailing => format!("trailing characters at byte {at}"),
        };
        Error::Json(JsonError::of_stream(message, broken == Broken::Ends))
    }
}
