//! Several events in one body.

#[cfg(feature = "tokio")]
mod async_reader;
mod reader;
mod split;

use std::fmt;
use std::io;

use serde::de::{Deserialize, Deserializer, IgnoredAny};
use serde::ser::{Error as _, Serialize, SerializeSeq, Serializer};
use serde_json::Value;

#[cfg(feature = "tokio")]
pub use self::async_reader::AsyncBatchReader;
pub use self::reader::{BatchReadError, BatchReader};
use self::split::{SPACE, Splitter, Step};
use crate::deviation::Deviations;
use crate::error::{Error, text};
use crate::event::{FromBody, WebhookEvent, leading_event};
use crate::provider::Delivery;
use crate::write::WriteJson;
use crate::{scan, value, write};

/// The events of one body. Each succeeds or fails alone, so one that cannot be read costs no other.
///
/// # Examples
///
/// A receiver works through [`Batch::events`], and puts [`Batch::rejected`] aside with their text:
///
/// ```
/// # fn receive<E: webhook_runtime::WebhookEvent>(body: &[u8]) -> Result<(), webhook_runtime::Error> {
/// let batch = webhook_runtime::Batch::<E>::from_slice(body)?;
/// for event in batch.events() {
///     println!("{:?}", event.name());
/// }
/// for rejected in batch.rejected() {
///     eprintln!("{}\n{}", rejected.error(), rejected.payload());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<E> {
    items: Vec<Result<E, RejectedItem>>,
    format: BodyFormat,
}

/// How a body holds its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyFormat {
    /// A JSON array of events.
    Array,
    /// Newline-delimited JSON: an event a line.
    Lines,
    /// One event, without anything around it.
    Single,
}

/// A payload that could not be read, kept unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedItem {
    error: Error,
    payload: String,
}

impl RejectedItem {
    /// Why it could not be read.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The text, as the body has it, without white space around it.
    pub fn payload(&self) -> &str {
        &self.payload
    }
}

impl fmt::Display for RejectedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for RejectedItem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Delivery {
    /// The texts of the events in a body: the items of an array, the lines of newline-delimited JSON, or the body itself.
    ///
    /// The body decides which, as vendors let their users choose; only a provider that delivers single events never has
    /// its bodies taken apart.
    pub fn split(self, text: &str) -> Vec<&str> {
        self.items(text).0
    }

    fn items(self, text: &str) -> (Vec<&str>, BodyFormat) {
        if self == Delivery::Single {
            return (vec![text], BodyFormat::Single);
        }
        match split::array(text) {
            Some(items) if serde_json::from_str::<IgnoredAny>(text).is_ok() => (items, BodyFormat::Array),
            _ => self.lines(text),
        }
    }

    /// The texts of the events in a body that is not an array.
    fn lines(self, text: &str) -> (Vec<&str>, BodyFormat) {
        match scan::lines(text) {
            Some(lines) => (lines, BodyFormat::Lines),
            // A line that is alone, or that breaks off.
            None if self == Delivery::Lines => (scan::all_lines(text).collect(), BodyFormat::Lines),
            None => (vec![text], BodyFormat::Single),
        }
    }
}

/// Reads an item, whose text may have white space around it.
fn read_item<E: WebhookEvent>(text: &str) -> Result<E, RejectedItem> {
    let text = text.trim_matches(SPACE);
    E::from_str(text).map_err(|error| RejectedItem { error, payload: text.to_owned() })
}

/// Whether a refused item is JSON at all. What is JSON may hold something that cannot be represented, as a number out of range.
fn is_json(rejected: &RejectedItem) -> bool {
    !matches!(rejected.error, Error::Json(_)) || serde_json::from_str::<IgnoredAny>(&rejected.payload).is_ok()
}

/// The texts of the events in a body, whatever is usual for its provider, without a check that the text is JSON throughout.
pub(crate) fn split_unchecked(text: &str) -> Vec<&str> {
    scan::items(text).or_else(|| scan::lines(text)).unwrap_or_else(|| vec![text])
}

/// How many bytes at the beginning of items are compared.
const HEAD: usize = 16;

/// How many items that begin as one does that could not be read are not tried.
const SKIPS: u8 = 16;

/// Reads items before their ends are known, unless an item that began alike has just shown that this fails.
#[derive(Debug, Default)]
struct Prospect {
    /// The beginning of an item that may fail, or go on behind the text.
    tried: Option<[u8; HEAD]>,
    failed: [u8; HEAD],
    skips: u8,
}

impl Prospect {
    /// The event that a text begins with, and how long its payload is.
    fn event<E: WebhookEvent>(&mut self, text: &str) -> Option<(E, usize)> {
        let head = text.as_bytes().first_chunk::<HEAD>();
        if head == Some(&self.failed) && self.skips > 0 {
            self.skips -= 1;
            return None;
        }
        let found = leading_event(text);
        self.tried = head.copied().filter(|_| found.is_none());
        found
    }

    /// What was tried last failed, if it did, for another reason than that the text ended.
    fn failed(&mut self) {
        if let Some(head) = self.tried.take() {
            (self.failed, self.skips) = (head, SKIPS);
        }
    }

    /// What was tried last goes on behind the text.
    fn goes_on(&mut self) {
        self.tried = None;
    }
}

impl<E: WebhookEvent> Batch<E> {
    /// Reads a body: a JSON array of events, newline-delimited events, or one event without anything around it. The body
    /// decides which, whatever is usual for the provider; [`Batch::format`] says which it was.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the body as a whole is not JSON. Events that cannot be read are among the batch.
    pub fn from_slice(bytes: &[u8]) -> Result<Batch<E>, Error> {
        let text = text(bytes)?;
        let delivery = match E::PROVIDER.delivery {
            Delivery::Single => Delivery::Batch,
            delivery => delivery,
        };
        if let Some(items) = Self::of_array(text) {
            return Ok(Batch { items, format: BodyFormat::Array });
        }
        let (texts, format) = delivery.lines(text);
        if format == BodyFormat::Single {
            serde_json::from_str::<IgnoredAny>(text).map_err(Error::json)?;
        }
        Ok(Batch { items: texts.into_iter().map(read_item).collect(), format })
    }

    /// Reads the items of an array; `None` if the text is not one, or is not JSON.
    fn of_array(text: &str) -> Option<Vec<Result<E, RejectedItem>>> {
        text.trim_start_matches(SPACE).strip_prefix('[')?;
        let mut splitter = Splitter::new(false);
        let mut prospect = Prospect::default();
        let mut items = Vec::new();
        loop {
            match splitter.step(text.as_bytes(), true) {
                Step::Begin(at) => {
                    if let Some((event, length)) = prospect.event(text.get(at..)?)
                        && splitter.skip(length, text.as_bytes(), true)
                    {
                        items.push(Ok(event));
                    }
                }
                Step::Item(range) => {
                    prospect.failed();
                    let item = read_item(text.get(range)?);
                    if item.as_ref().is_err_and(|rejected| !is_json(rejected)) {
                        return None;
                    }
                    items.push(item);
                }
                Step::End => return Some(items),
                _ => return None,
            }
        }
    }

    /// Reads a body from a stream, one event at a time, with no more in memory than the longest item and a block.
    ///
    /// A body is an array if its first byte is `[`, and otherwise newline-delimited events, or one event without anything
    /// around it. The events are those of [`Batch::from_slice`]. A body that is refused there is found to be broken only where
    /// it is: the events before come first.
    ///
    /// Give a stream without a buffer of its own: it is read in blocks of 64 KiB.
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_runtime::{Batch, BatchReadError, WebhookEvent};
    ///
    /// # fn receive<E: WebhookEvent>(body: impl std::io::Read) -> Result<(), BatchReadError> {
    /// for event in Batch::<E>::reader(body).with_limit(1 << 20) {
    ///     match event {
    ///         Ok(event) => println!("{:?}", event.name()),
    ///         Err(BatchReadError::Rejected(item)) => eprintln!("{}\n{}", item.error(), item.payload()),
    ///         Err(error) if error.is_final() => return Err(error),
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn reader<R: io::Read>(stream: R) -> BatchReader<E, R> {
        BatchReader::new(stream)
    }

    /// Reads a body from an asynchronous stream, like [`Batch::reader`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_runtime::{Batch, BatchReadError, WebhookEvent};
    ///
    /// # async fn receive<E: WebhookEvent>(body: impl tokio::io::AsyncRead + Unpin) -> Result<(), BatchReadError> {
    /// let mut events = Batch::<E>::async_reader(body);
    /// while let Some(event) = events.next().await {
    ///     println!("{:?}", event?.name());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "tokio")]
    pub fn async_reader<R: tokio::io::AsyncRead + Unpin>(stream: R) -> AsyncBatchReader<E, R> {
        AsyncBatchReader::new(stream)
    }

    /// Reads a body from a JSON value, like [`Batch::from_slice`].
    pub fn from_value(value: Value) -> Batch<E> {
        let read = |value: Value| {
            E::from_value(value).map_err(|error| {
                let payload = error.payload().map(Value::to_string).unwrap_or_default();
                RejectedItem { error, payload }
            })
        };
        match value {
            Value::Array(items) => Batch { items: items.into_iter().map(read).collect(), format: BodyFormat::Array },
            value => Batch { items: vec![read(value)], format: BodyFormat::Single },
        }
    }
}

impl<E> Batch<E> {
    /// Every item, in order.
    pub fn items(&self) -> &[Result<E, RejectedItem>] {
        &self.items
    }

    /// The events that were read, in order.
    pub fn events(&self) -> impl Iterator<Item = &E> {
        self.items.iter().flatten()
    }

    /// The payloads that were refused, in order.
    pub fn rejected(&self) -> impl Iterator<Item = &RejectedItem> {
        self.items.iter().filter_map(|item| item.as_ref().err())
    }

    /// How the body held its events.
    pub fn format(&self) -> BodyFormat {
        self.format
    }

    /// The same events for a body of another format. A batch of other than one event cannot be a single event, and is
    /// written as an array then.
    #[must_use]
    pub fn with_format(self, format: BodyFormat) -> Self {
        Batch { format, ..self }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the batch is empty.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// A batch of events to be sent, as a JSON array.
impl<E> FromIterator<E> for Batch<E> {
    fn from_iter<I: IntoIterator<Item = E>>(events: I) -> Self {
        Batch { items: events.into_iter().map(Ok).collect(), format: BodyFormat::Array }
    }
}

impl<E> IntoIterator for Batch<E> {
    type Item = Result<E, RejectedItem>;
    type IntoIter = std::vec::IntoIter<Result<E, RejectedItem>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<E: WebhookEvent> FromBody for Batch<E> {
    fn from_body(bytes: &[u8]) -> Result<Self, Error> {
        Batch::from_slice(bytes)
    }
}

/// The events as JSON, and equal values for rejected payloads: an array, or the one event of a body that is a single event.
/// JSON has no lines, so a body of lines becomes an array; [`Batch::to_body`] writes the lines.
///
/// A rejected payload that is not JSON, or has a number that is out of range, is an error. [`Batch::to_vec`] writes the text of
/// any that is JSON, as it was received.
impl<E: Serialize> Serialize for Batch<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let (BodyFormat::Single, [item]) = (self.format, self.items.as_slice()) {
            return Item(item).serialize(serializer);
        }
        let mut items = serializer.serialize_seq(Some(self.items.len()))?;
        for item in &self.items {
            items.serialize_element(&Item(item))?;
        }
        items.end()
    }
}

impl<E: WebhookEvent> Batch<E> {
    /// What of the events differs from what is documented, or was seen; see [`WebhookEvent::deviations`]. The locations
    /// begin with the event's place, unless the body is a single event.
    pub fn deviations(&self) -> Deviations {
        let mut all = Deviations::default();
        for (index, event) in
            self.items.iter().enumerate().filter_map(|(index, item)| Some((index, item.as_ref().ok()?)))
        {
            let own = event.deviations();
            match self.format {
                BodyFormat::Single => all = own,
                _ => all.extend_item(index, own),
            }
        }
        all
    }
}

impl<E: WriteJson> Batch<E> {
    /// Writes the events as compact JSON, and rejected payloads as they were received: an array, or the one event of a body
    /// that is a single event.
    ///
    /// Without rejected payloads it is what `serde_json::to_vec` writes, in less than half of the time.
    ///
    /// # Errors
    ///
    /// A rejected payload is not JSON.
    pub fn to_vec(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut out = Vec::new();
        match (self.format, self.items.as_slice()) {
            (BodyFormat::Single, [item]) => write_item(item, &mut out)?,
            (_, []) => out.extend_from_slice(b"[]"),
            (_, items) => {
                for (index, item) in items.iter().enumerate() {
                    out.push(if index == 0 { b'[' } else { b',' });
                    write_item(item, &mut out)?;
                }
                out.push(b']');
            }
        }
        Ok(out)
    }

    /// Writes the events as compact JSON text; see [`Batch::to_vec`].
    ///
    /// # Errors
    ///
    /// Those of [`Batch::to_vec`].
    pub fn to_string(&self) -> Result<String, serde_json::Error> {
        self.to_vec().map(write::text)
    }

    /// Writes the events as compact JSON to a stream, with one call of `write_all`; see [`Batch::to_vec`].
    ///
    /// # Errors
    ///
    /// Those of [`Batch::to_vec`], and of the stream.
    pub fn to_writer<W: io::Write>(&self, mut writer: W) -> io::Result<()> {
        writer.write_all(&self.to_vec()?)
    }

    /// The body in the format that it came in, with rejected payloads as they were received.
    ///
    /// # Errors
    ///
    /// A rejected payload is not JSON, and the format is not lines.
    pub fn to_body(&self) -> Result<String, serde_json::Error> {
        match self.format {
            BodyFormat::Lines => self.to_lines(),
            _ => self.to_string(),
        }
    }

    /// The batch as newline-delimited JSON: one payload a line.
    ///
    /// # Errors
    ///
    /// None: the result is one for compatibility.
    pub fn to_lines(&self) -> Result<String, serde_json::Error> {
        let mut out = Vec::new();
        for item in &self.items {
            match item {
                Ok(event) => event.write_json(&mut out),
                Err(refused) => out.extend_from_slice(one_line(&refused.payload).as_bytes()),
            }
            out.push(b'\n');
        }
        Ok(write::text(out))
    }
}

fn write_item<E: WriteJson>(item: &Result<E, RejectedItem>, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match item {
        Ok(event) => event.write_json(out),
        Err(rejected) => {
            serde_json::from_str::<IgnoredAny>(&rejected.payload)?;
            out.extend_from_slice(rejected.payload.as_bytes());
        }
    }
    Ok(())
}

/// A payload on one line. What is JSON has no line break inside a string, so a space is equivalent to a line break.
fn one_line(payload: &str) -> std::borrow::Cow<'_, str> {
    match payload.contains(['\n', '\r']) {
        true => payload.replace(['\n', '\r'], " ").into(),
        false => payload.into(),
    }
}

struct Item<'b, E>(&'b Result<E, RejectedItem>);

impl<E: Serialize> Serialize for Item<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Ok(event) => event.serialize(serializer),
            Err(refused) => value::from_text(&refused.payload).map_err(S::Error::custom)?.serialize(serializer),
        }
    }
}

impl<'de, E: WebhookEvent> Deserialize<'de> for Batch<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Batch::from_value)
    }
}
