//! Batches that are read from an asynchronous stream, one event at a time.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::BodyFormat;
use super::reader::{BatchReadError, Next, StreamedItems};
use crate::event::WebhookEvent;

/// The events of a body that is read from an asynchronous stream, created by
/// [`Batch::async_reader`](super::Batch::async_reader).
#[derive(Debug)]
pub struct AsyncBatchReader<E, R> {
    stream: R,
    items: StreamedItems<E>,
}

impl<E: WebhookEvent, R> AsyncBatchReader<E, R> {
    pub(super) fn new(stream: R) -> AsyncBatchReader<E, R> {
        AsyncBatchReader { stream, items: StreamedItems::new() }
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

impl<E: WebhookEvent, R: AsyncRead + Unpin> AsyncBatchReader<E, R> {
    /// Reads the next event. Returns `None` at the end. No bytes are lost if the future is dropped before it is ready.
    ///
    /// # Errors
    ///
    /// An item or the body cannot be read. After an error that [is final](BatchReadError::is_final), the next call
    /// returns `None`.
    pub async fn next(&mut self) -> Option<Result<E, BatchReadError>> {
        loop {
            match self.items.next() {
                Next::Item(item) => return item,
                Next::NeedsBytes => {
                    if let Err(error) = poll_fn(|context| self.poll_fill(context)).await {
                        return self.items.failed(error);
                    }
                }
            }
        }
    }

    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut space = ReadBuf::new(self.items.space());
        // Until the read is ready, nothing has changed, so the future can be dropped at any time.
        let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut space));
        let count = space.filled().len();
        Poll::Ready(read.map(|()| self.items.filled(count)))
    }
}
