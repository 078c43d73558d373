//! Compares batches that are read from a stream with batches that are read from the whole body.

use std::io::{self, Read};

use webhook_runtime::{Batch, BatchReadError, BodyFormat, Error, RejectedItem, WebhookEvent};

/// A stream that returns a body in blocks of the given sizes.
struct Blocks<'b> {
    rest: &'b [u8],
    sizes: Box<dyn FnMut() -> usize + 'b>,
    interrupt: bool,
}

impl Read for Blocks<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.interrupt = !self.interrupt;
        if self.interrupt {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = (self.sizes)().clamp(1, space.len()).min(self.rest.len());
        let (now, rest) = self.rest.split_at(count);
        space[..count].copy_from_slice(now);
        self.rest = rest;
        Ok(count)
    }
}

/// An item: an event, or the text that was rejected and why.
pub type Item = Result<String, (String, String)>;

/// Returns the items of a body from a stream, and the error at which the stream ends, if any.
pub fn streamed<'b, E: WebhookEvent>(
    body: &'b [u8],
    sizes: impl FnMut() -> usize + 'b,
) -> (Vec<Item>, Option<BodyFormat>, Option<Error>) {
    let mut reader = Batch::<E>::reader(Blocks { rest: body, sizes: Box::new(sizes), interrupt: false });
    let (mut items, mut end) = (Vec::new(), None);
    for item in &mut reader {
        assert!(end.is_none(), "something behind the end");
        match item {
            Ok(event) => items.push(Ok(format!("{event:?}"))),
            Err(BatchReadError::Rejected(item)) => {
                items.push(Err((item.payload().to_owned(), item.error().to_string())))
            }
            Err(BatchReadError::Body(error)) => end = Some(error),
            Err(error) => panic!("{error}"),
        }
    }
    assert!(reader.next().is_none());
    (items, reader.format(), end)
}

/// Reads a body as a whole and from a stream, in blocks of the given sizes.
#[track_caller]
pub fn same<'b, E: WebhookEvent>(body: &'b [u8], sizes: impl FnMut() -> usize + 'b) {
    let (items, format, end) = streamed::<E>(body, sizes);
    let context = || format!("{}\n{items:?}\n{format:?} {end:?}", String::from_utf8_lossy(body));
    let is_array = body.iter().find(|byte| !b" \n\r\t".contains(byte)) == Some(&b'[');
    match Batch::<E>::from_slice(body) {
        // Lines whose first is an array look like an array up to the second line.
        Ok(batch) if is_array && batch.format() != BodyFormat::Array => assert!(end.is_some(), "{}", context()),
        Ok(batch) => {
            let item = |item: &Result<E, RejectedItem>| match item {
                Ok(event) => Ok(format!("{event:?}")),
                Err(item) => Err((item.payload().to_owned(), item.error().to_string())),
            };
            assert_eq!(items, batch.items().iter().map(item).collect::<Vec<Item>>(), "{}", context());
            assert!(end.is_none(), "{}", context());
            assert!(format == Some(batch.format()) || batch.is_empty(), "{}", context());
        }
        Err(_) => assert!(matches!(end, Some(Error::Json(_))), "{}", context()),
    }
}
