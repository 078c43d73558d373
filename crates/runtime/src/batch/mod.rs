//! Several events in one body.

#[cfg(feature = "tokio")]
mod async_reader;
mod one_pass;
mod reader;
mod rejected;
mod split;
mod wrapped;
mod write;

use std::io;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny};
use serde_json::Value;

#[cfg(feature = "tokio")]
pub use self::async_reader::AsyncBatchReader;
use self::one_pass::OnePass;
pub use self::reader::{BatchReadError, BatchReader};
use self::rejected::ItemList;
pub use self::rejected::RejectedItem;
use self::split::{Progress, SPACE, Splitter};
use self::wrapped::Envelope;
pub(crate) use self::wrapped::find as find_wrapped;
pub use self::wrapped::{find_at, wrap};
use crate::delivery::Delivery;
use crate::deviation::Deviations;
use crate::error::{Error, utf8};
use crate::event::{FromBody, HasEnvelope, WebhookEvent};
use crate::payload::Payload;
use crate::provider::ProviderInfo;
use crate::scan;
use crate::sealed::Sealed;

/// The events of one body. Each item succeeds or fails alone: an item that cannot be read does not affect the others.
///
/// The errors of the first 100 rejected items describe all violations. The errors of further items describe the first
/// violation and count the others.
///
/// # Examples
///
/// A receiver handles [`Batch::events`], and stores the text of [`Batch::rejected`] items:
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::{Batch, Error, WebhookEvent};
///
/// # fn receive<E: WebhookEvent>(body: &[u8]) -> Result<(), Error> {
/// let batch = Batch::<E>::from_slice(body)?;
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
    /// The text around the events of a body that is an object.
    envelope: Option<Box<Envelope>>,
}

/// How a body holds its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyFormat {
    /// A JSON array of events.
    Array,
    /// Newline-delimited JSON: one event per line.
    Lines,
    /// One event, without anything around it.
    Single,
    /// An object with the events in it.
    Wrapped,
}

impl Delivery {
    /// Splits a body into the texts of its events: the items of an array, the lines of newline-delimited JSON, or the
    /// body itself.
    ///
    /// The format is recognized from the body, because vendors let their users choose it. [`Delivery::Single`] never
    /// splits a body.
    pub fn split(self, text: &str) -> Vec<&str> {
        self.items(text).0
    }

    fn items(self, text: &str) -> (Vec<&str>, BodyFormat) {
        if self == Delivery::Single {
            return (vec![text], BodyFormat::Single);
        }
        match scan::items(text) {
            // The splitter only counts brackets, so the text is parsed to know that it is JSON.
            Some(items) if serde_json::from_str::<IgnoredAny>(text).is_ok() => (items, BodyFormat::Array),
            _ => self.lines(text),
        }
    }

    /// Returns the texts of the events in a body that is not an array.
    fn lines(self, text: &str) -> (Vec<&str>, BodyFormat) {
        match scan::lines(text) {
            Some(lines) => (lines, BodyFormat::Lines),
            // The body is a single line, or its first line is truncated.
            None if self == Delivery::Lines => (scan::all_lines(text).collect(), BodyFormat::Lines),
            None => (vec![text], BodyFormat::Single),
        }
    }
}

impl ProviderInfo {
    /// Splits a body into the texts of its events, like [`Delivery::split`], and also finds the events inside an object
    /// if the provider sends such bodies.
    pub fn split<'t>(&self, text: &'t str) -> Vec<&'t str> {
        self.body_items(self.delivery, text).0
    }

    fn body_items<'t>(&self, delivery: Delivery, text: &'t str) -> BodyItems<'t> {
        match wrapped::find(self, text).filter(|_| serde_json::from_str::<IgnoredAny>(text).is_ok()) {
            Some(ranges) => {
                let texts = ranges.iter().map(|range| text.get(range.clone()).unwrap_or_default()).collect();
                (texts, BodyFormat::Wrapped, ranges)
            }
            None => {
                let (texts, format) = delivery.items(text);
                (texts, format, Vec::new())
            }
        }
    }
}

/// The texts of the events in a body, the format of the body, and the ranges of the texts if they are inside an object.
type BodyItems<'t> = (Vec<&'t str>, BodyFormat, Vec<Range<usize>>);

/// Reads an item, whose text may have white space around it.
fn read_item<E: WebhookEvent>(text: &str) -> Result<E, RejectedItem> {
    read_item_by(text, str::parse)
}

/// Reads an item with the function `read`.
fn read_item_by<E>(text: &str, read: impl Fn(&str) -> Result<E, Error>) -> Result<E, RejectedItem> {
    let text = text.trim_matches(SPACE);
    read(text).map_err(|error| RejectedItem::new(error, text.to_owned()))
}

/// Returns whether a rejected item is JSON. An item with a value that cannot be represented, such as a number out of
/// range, is JSON as well.
fn is_json(rejected: &RejectedItem) -> bool {
    !matches!(rejected.error(), Error::Json(_)) || serde_json::from_str::<IgnoredAny>(rejected.payload()).is_ok()
}

/// Returns the texts of the events in a body of any format, without checking that the whole text is JSON.
pub(crate) fn split_unchecked(text: &str) -> Vec<&str> {
    scan::items(text).or_else(|| scan::lines(text)).unwrap_or_else(|| vec![text])
}

impl<E: WebhookEvent> Batch<E> {
    /// Reads a body: a JSON array of events, newline-delimited events, one event without anything around it, or an
    /// object with events in it, if the provider sends such objects. The format is recognized from the body, even if
    /// the provider usually sends another format. [`Batch::format`] returns the recognized format.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the body as a whole is not JSON. Events that cannot be read are [rejected
    /// items](Batch::rejected).
    pub fn from_slice(bytes: &[u8]) -> Result<Batch<E>, Error> {
        let text = utf8(bytes)?;
        let delivery = match <E as WebhookEvent>::PROVIDER.delivery {
            // A `Batch` splits every body, even if the provider usually sends single events.
            Delivery::Single => Delivery::Batch,
            delivery => delivery,
        };
        if let Some(items) = Self::of_array(text) {
            return Ok(Batch { items, format: BodyFormat::Array, envelope: None });
        }
        Self::of_items(text, <E as WebhookEvent>::PROVIDER.body_items(delivery, text), read_item)
    }

    /// Reads a body whose events are named outside of the body, for example by a header. If the provider delivers
    /// single events, the whole body is one event, even if it is an array.
    ///
    /// # Errors
    ///
    /// The same as for [`Batch::from_slice`].
    pub fn from_slice_with_name(name: &str, bytes: &[u8]) -> Result<Batch<E>, Error> {
        let text = utf8(bytes)?;
        let provider = <E as WebhookEvent>::PROVIDER;
        let read = |text: &str| read_item_by(text, |text| E::from_slice_with_name(name, text.as_bytes()));
        Self::of_items(text, provider.body_items(provider.delivery, text), read)
    }

    /// Reads the items of a body with a function.
    fn of_items(
        body: &str,
        (texts, format, ranges): BodyItems<'_>,
        read: impl Fn(&str) -> Result<E, RejectedItem>,
    ) -> Result<Batch<E>, Error> {
        if format == BodyFormat::Single {
            serde_json::from_str::<IgnoredAny>(body).map_err(|error| Error::json_in(body, error))?;
        }
        let envelope = (format == BodyFormat::Wrapped).then(|| Box::new(Envelope::new(body, &ranges)));
        Ok(Batch { items: ItemList::new().extend(texts.into_iter().map(read)), format, envelope })
    }

    /// Reads the items of an array. Returns `None` if the text is not an array, or is not JSON.
    fn of_array(text: &str) -> Option<Vec<Result<E, RejectedItem>>> {
        text.trim_start_matches(SPACE).strip_prefix('[')?;
        let mut splitter = Splitter::new(false);
        let mut one_pass = OnePass::default();
        let mut items = ItemList::new();
        loop {
            match splitter.step(text.as_bytes(), true) {
                Progress::Begin(at) => {
                    // Reading an item before its end is known saves a pass over its text.
                    if let Some((event, length)) = one_pass.event(text.get(at..)?)
                        && splitter.skip(length, text.as_bytes(), true)
                    {
                        items.push(Ok(event));
                    }
                }
                Progress::Item(range) => {
                    one_pass.item_ended();
                    let item = read_item(text.get(range)?);
                    // The array is not JSON either: the caller parses the whole body to report the error.
                    if item.as_ref().is_err_and(|rejected| !is_json(rejected)) {
                        return None;
                    }
                    items.push(item);
                }
                // Only white space may follow the array: the splitter has reached the end of the text.
                Progress::End => return Some(items.items),
                _ => return None,
            }
        }
    }

    /// Reads a body from a stream, one event at a time. Memory holds at most the longest item and one block.
    ///
    /// A body is an array if its first byte is `[`, and otherwise newline-delimited events, or one event without
    /// anything around it. The events are the same as from [`Batch::from_slice`], except that a broken body is read up
    /// to the place where it is broken.
    ///
    /// A body that is an object with events in it is read as a whole, so the maximum length of an item applies to this
    /// body.
    ///
    /// The stream needs no buffer of its own, because it is read in blocks of 64 KiB.
    ///
    /// # Examples
    ///
    /// ```
    /// # use webhook_runtime as security_webhooks;
    /// use security_webhooks::{Batch, BatchReadError, WebhookEvent};
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
    /// # use webhook_runtime as security_webhooks;
    /// use security_webhooks::{Batch, BatchReadError, WebhookEvent};
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
                RejectedItem::new(error, payload)
            })
        };
        match value {
            Value::Array(items) => {
                let items = ItemList::new().extend(items.into_iter().map(read));
                Batch { items, format: BodyFormat::Array, envelope: None }
            }
            value => {
                let requests = &<E as WebhookEvent>::PROVIDER.requests;
                // Events inside an object are found in its text.
                if (!requests.items.is_empty() || requests.item.is_some())
                    && let Ok(batch) = Batch::from_slice(value.to_string().as_bytes())
                    && batch.format == BodyFormat::Wrapped
                {
                    return batch;
                }
                Batch { items: vec![read(value)], format: BodyFormat::Single, envelope: None }
            }
        }
    }
}

impl<E: HasEnvelope> Batch<E> {
    /// Reads the envelope: the whole body, as the provider's envelope type. Returns `None` if the body is not an object
    /// with events in it.
    ///
    /// The items of the batch do not depend on the envelope: if the envelope is invalid, the events can still be read.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`], with every violation and its place in the body, if the envelope is not accepted.
    /// [`Error::Json`] if a rejected item has a number that is out of range.
    pub fn envelope(&self) -> Option<Result<E::Envelope, Error>> {
        let envelope = self.envelope.as_deref().filter(|envelope| envelope.holds(self.items.len()))?;
        Some(
            self.written_in(envelope)
                .map_err(|error| Error::Json(error.into()))
                .and_then(|body| E::Envelope::from_slice(&body)),
        )
    }
}

impl<E> Batch<E> {
    /// Returns every item, in order: an event, or a rejected item.
    pub fn items(&self) -> &[Result<E, RejectedItem>] {
        &self.items
    }

    /// Iterates over the events, in order.
    pub fn events(&self) -> impl Iterator<Item = &E> {
        self.items.iter().flatten()
    }

    /// Iterates over the rejected items, in order.
    pub fn rejected(&self) -> impl Iterator<Item = &RejectedItem> {
        self.items.iter().filter_map(|item| item.as_ref().err())
    }

    /// Returns how the body held its events.
    pub fn format(&self) -> BodyFormat {
        self.format
    }

    /// Deserializes the envelope, with `null` in the place of each event, into your own type or into a
    /// `serde_json::Value`. Returns `None` if the body is not an object with events in it.
    ///
    /// # Errors
    ///
    /// The type cannot be deserialized from the envelope.
    pub fn envelope_as<T: DeserializeOwned>(&self) -> Option<Result<T, serde_json::Error>> {
        self.envelope.as_ref().map(|envelope| envelope.read())
    }

    /// Applies a function to each event. Rejected items and the format of the body are kept.
    ///
    /// # Examples
    ///
    /// ```
    /// # use webhook_runtime as security_webhooks;
    /// use security_webhooks::{Batch, WebhookEvent};
    ///
    /// # fn names<E: WebhookEvent>(batch: Batch<E>) -> Batch<Option<String>> {
    /// batch.map(|event| event.name().map(str::to_owned))
    /// # }
    /// ```
    pub fn map<F>(self, mut change: impl FnMut(E) -> F) -> Batch<F> {
        let Batch { items, format, envelope } = self;
        Batch { items: items.into_iter().map(|item| item.map(&mut change)).collect(), format, envelope }
    }

    /// Sets the format in which the body is written. [`BodyFormat::Single`] is written as an array unless the batch has
    /// exactly one item, and [`BodyFormat::Wrapped`] unless the batch was read from such a body.
    #[must_use]
    pub fn with_format(self, format: BodyFormat) -> Self {
        Batch { format, ..self }
    }

    /// Returns the number of items, including rejected items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// Collects events into a batch that is written as a JSON array.
impl<E> FromIterator<E> for Batch<E> {
    fn from_iter<I: IntoIterator<Item = E>>(events: I) -> Self {
        Batch { items: events.into_iter().map(Ok).collect(), format: BodyFormat::Array, envelope: None }
    }
}

impl<E> IntoIterator for Batch<E> {
    type Item = Result<E, RejectedItem>;
    type IntoIter = std::vec::IntoIter<Result<E, RejectedItem>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<E> Sealed for Batch<E> {}

impl<E: WebhookEvent> FromBody for Batch<E> {
    const PROVIDER: &'static ProviderInfo = <E as WebhookEvent>::PROVIDER;

    fn from_body(bytes: &[u8]) -> Result<Self, Error> {
        Batch::from_slice(bytes)
    }

    fn from_body_with_name(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        Batch::from_slice_with_name(name, bytes)
    }
}

impl<E: WebhookEvent> Batch<E> {
    /// Returns how the accepted events deviate from their schemas, as [`WebhookEvent::deviations`] does for one event.
    /// The locations begin with the event's index, unless the body is a single event.
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

impl<'de, E: WebhookEvent> Deserialize<'de> for Batch<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Batch::from_value)
    }
}
