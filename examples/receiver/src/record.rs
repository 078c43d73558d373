//! Records, which contain the payloads of a body that are stored.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{Timestamp, Unit};
use security_webhooks::{Batch, BatchReadError, Deviations, Error, WebhookEvent};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::log::line;

/// The size of a body's records after which unknown events are recorded together: this many times the length of the
/// body, plus [`ALLOWANCE`] bytes. A record has about 150 bytes in addition to its payload, and a payload may have two
/// bytes only.
const FACTOR: usize = 4;
const ALLOWANCE: usize = 4 << 10;

/// The maximum number of lines of the log for one body.
const NOTES: usize = 8;

/// The kind of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A documented event.
    Event,
    /// An event that is not known.
    Unknown,
    /// A payload that is not accepted, or a body that is not JSON.
    Refused,
}

/// The records of a body: lines of JSON.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) lines: Vec<u8>,
    pub(crate) list: Vec<Record>,
}

/// Facts about one record: its identifier, provider and kind, and the end of its line.
#[derive(Debug)]
pub(crate) struct Record {
    /// The identifier. It is the same for the same item of the same body, so that a repeated request is recognized.
    pub(crate) id: String,
    pub(crate) provider: &'static str,
    pub(crate) kind: Kind,
    /// The event's name, if it has one.
    pub(crate) event: Option<Cow<'static, str>>,
    /// The offset of the end of the record's line.
    pub(crate) end: usize,
}

/// The contents of a body.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) records: Records,
    /// The number of payloads of each kind and documented event.
    pub(crate) counts: BTreeMap<(Kind, &'static str), u64>,
    /// The number of deviations of each documented event.
    pub(crate) deviations: BTreeMap<&'static str, u64>,
    /// Notes for the log, without values of payloads.
    pub(crate) notes: Vec<String>,
    /// The number of further notes that were left out.
    pub(crate) more_notes: usize,
    /// The first reason why nothing in the body was accepted, if it is read strictly.
    pub(crate) refusal: Option<Error>,
}

impl Found {
    fn note(&mut self, note: impl FnOnce() -> String) {
        if self.notes.len() < NOTES { self.notes.push(note()) } else { self.more_notes += 1 }
    }

    fn count(&mut self, kind: Kind, event: Option<&'static str>) {
        *self.counts.entry((kind, event.unwrap_or_default())).or_default() += 1;
    }

    fn reject(&mut self, event: Option<&'static str>, error: &Error) {
        self.count(Kind::Refused, event);
        self.note(|| format!("rejected, and kept: {}", line(error.masked())));
    }

    fn deviate(&mut self, event: &'static str, deviations: &Deviations) {
        if !deviations.is_empty() {
            *self.deviations.entry(event).or_default() += deviations.count() as u64;
            self.note(|| format!("{event} differs from its schema: {}", line(deviations.masked())));
        }
    }
}

/// One line of JSON.
#[derive(Serialize)]
struct Line<'l> {
    id: &'l str,
    received: Timestamp,
    provider: &'static str,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'l str>,
    /// The number of payloads that are recorded together.
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<usize>,
    #[serde(flatten)]
    content: Content<'l>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Content<'l> {
    /// JSON.
    #[serde(rename = "payload")]
    Json(&'l RawValue),
    /// Text that is not JSON.
    Text(&'l str),
    /// Other bytes, in base64.
    Base64(String),
}

impl<'l> Content<'l> {
    /// Returns the content for a text, which has no line breaks if it is JSON.
    fn of_text(text: &'l str) -> Content<'l> {
        match serde_json::from_str(text) {
            Ok(json) => Content::Json(json),
            // JSON escapes most control characters with six bytes, and base64 takes less.
            Err(_) if text.bytes().any(|byte| byte < b' ' && !byte.is_ascii_whitespace()) => {
                Content::Base64(STANDARD.encode(text))
            }
            Err(_) => Content::Text(text),
        }
    }
}

/// Writes the records of a body.
struct Writer {
    provider: &'static str,
    hash: String,
    received: Timestamp,
    records: Records,
    limit: usize,
    refused: Together,
    unknown: Together,
}

impl Writer {
    fn new(provider: &'static str, body: &[u8]) -> Writer {
        // The same body at another provider's endpoint gets another identifier.
        let hash = Sha256::new().chain_update(provider).chain_update([0]).chain_update(body).finalize();
        // With 128 bits, nobody finds another body with the hash of a given body.
        let hash = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let now = Timestamp::now();
        let received = now.round(Unit::Millisecond).unwrap_or(now);
        let limit = body.len() * FACTOR + ALLOWANCE;
        let (records, refused, unknown) = (Records::default(), Together::default(), Together::default());
        Writer { provider, hash, received, records, limit, refused, unknown }
    }

    fn is_full(&self) -> bool {
        self.records.lines.len() >= self.limit
    }

    /// Adds a record, whose id ends with its place.
    fn add(
        &mut self,
        place: impl std::fmt::Display,
        kind: Kind,
        event: Option<Cow<'static, str>>,
        items: Option<usize>,
        content: Content<'_>,
    ) -> io::Result<()> {
        let id = format!("{}-{place}", self.hash);
        let (received, provider) = (self.received, self.provider);
        let line = Line { id: &id, received, provider, kind, event: event.as_deref(), items, content };
        serde_json::to_writer(&mut self.records.lines, &line)?;
        self.records.lines.push(b'\n');
        self.records.list.push(Record { id, provider, kind, event, end: self.records.lines.len() });
        Ok(())
    }

    /// Adds a record of a body, or of one payload in it.
    fn add_bytes(
        &mut self,
        place: usize,
        kind: Kind,
        event: Option<Cow<'static, str>>,
        bytes: &[u8],
    ) -> io::Result<()> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return self.add(place, kind, event, None, Content::Base64(STANDARD.encode(bytes)));
        };
        match Content::of_text(text) {
            // A line break in JSON is white space between tokens.
            Content::Json(_) if text.contains(['\n', '\r']) => {
                let text = text.replace(['\n', '\r'], " ");
                self.add(place, kind, event, None, Content::of_text(&text))
            }
            content => self.add(place, kind, event, None, content),
        }
    }

    /// Sets a payload aside, to be recorded with others of its kind.
    fn set_aside(&mut self, kind: Kind, place: usize, event: Option<Cow<'static, str>>, text: &str, is_json: bool) {
        let index = self.records.list.len();
        let together = if kind == Kind::Unknown { &mut self.unknown } else { &mut self.refused };
        match together.count {
            0 => *together = Together { count: 1, texts: String::new(), is_json, place, event, index },
            _ => {
                together.texts.push('\n');
                (together.count, together.is_json) = (together.count + 1, together.is_json & is_json);
            }
        }
        // A line break in JSON is white space between tokens.
        let parts = text.split(['\n', '\r']).enumerate();
        together.texts.extend(parts.flat_map(|(at, part)| [&" "[..at.min(1)], part]));
    }

    /// Returns the records, including the records of payloads that were set aside.
    fn finish(mut self) -> io::Result<Records> {
        let mut aside = [(Kind::Refused, self.refused), (Kind::Unknown, self.unknown)];
        (self.refused, self.unknown) = Default::default();
        // The later one comes first, so that the index of the earlier one stays right.
        aside.sort_by_key(|(_, together)| Reverse(together.index));
        for (kind, together) in aside {
            let later = self.records.list.split_off(together.index);
            let start = self.records.list.last().map_or(0, |record| record.end);
            let lines = self.records.lines.split_off(start);
            self.add_together(kind, together)?;
            let shift = self.records.lines.len() - start;
            self.records.list.extend(later.into_iter().map(|record| Record { end: record.end + shift, ..record }));
            self.records.lines.extend(lines);
        }
        Ok(self.records)
    }

    fn add_together(&mut self, kind: Kind, together: Together) -> io::Result<()> {
        let Together { count, texts, is_json, place, event, .. } = together;
        match count {
            0 => Ok(()),
            1 => self.add_bytes(place, kind, event, texts.as_bytes()),
            _ => {
                let texts = if is_json { format!("[{}]", texts.replace('\n', ",")) } else { texts };
                let name = if kind == Kind::Unknown { "unknown" } else { "refused" };
                self.add(name, kind, None, Some(count), Content::of_text(&texts))
            }
        }
    }
}

/// Payloads that are recorded together.
#[derive(Default)]
struct Together {
    count: usize,
    /// The texts, one on each line.
    texts: String,
    is_json: bool,
    /// The place and the event of the first payload.
    place: usize,
    event: Option<Cow<'static, str>>,
    /// The number of records before it.
    index: usize,
}

/// Reads a body, and returns its contents with the records to keep. `name` is the event's name if the vendor sends it
/// in a header. With `strict`, a body is rejected if nothing in it is accepted.
///
/// Each event has a record. Rejected payloads are recorded together, and so are unknown events after the records have
/// become much longer than the body. A body that is not JSON is one record.
///
/// # Errors
///
/// A record cannot be written as JSON.
pub(crate) fn read<E: WebhookEvent>(name: Option<&str>, body: &[u8], strict: bool) -> io::Result<Found> {
    let mut writer = Writer::new(E::PROVIDER.name, body);
    let mut found = match read_items::<E>(name, body, strict, &mut writer) {
        Ok(found) => found,
        Err(BatchReadError::Body(error)) => {
            // The whole body is recorded, so the records of the items before the error would be a second copy.
            writer = Writer::new(E::PROVIDER.name, body);
            writer.add_bytes(0, Kind::Refused, None, body)?;
            let mut found = Found::default();
            found.reject(None, &error);
            found.refusal = strict.then_some(error);
            found
        }
        Err(BatchReadError::Io(error)) => return Err(error),
        Err(error) => return Err(io::Error::other(error)),
    };
    found.records = writer.finish()?;
    Ok(found)
}

fn read_items<E: WebhookEvent>(
    name: Option<&str>,
    body: &[u8],
    strict: bool,
    writer: &mut Writer,
) -> Result<Found, BatchReadError> {
    // Without a name, only one item is in memory at a time.
    let items: Box<dyn Iterator<Item = Result<E, BatchReadError>>> = match name {
        Some(name) => {
            let batch = Batch::<E>::from_slice_with_name(name, body).map_err(BatchReadError::Body)?;
            Box::new(batch.into_iter().map(|item| item.map_err(BatchReadError::Rejected)))
        }
        None => Box::new(Batch::<E>::reader(body).with_limit(body.len())),
    };
    let mut found = Found::default();
    for (place, item) in items.enumerate() {
        match item {
            Ok(event) if event.as_unknown().is_some() => {
                found.count(Kind::Unknown, None);
                found.note(|| format!("an event that is not known: {}-{place}", writer.hash));
                let name = event.name().map(|name| Cow::Owned(name.to_owned()));
                let text = security_webhooks::to_string(&event);
                match writer.is_full() {
                    true => writer.set_aside(Kind::Unknown, place, name, &text, true),
                    false => {
                        writer.add_bytes(place, Kind::Unknown, name, text.as_bytes()).map_err(BatchReadError::Io)?
                    }
                }
            }
            Ok(event) => {
                let name = event.name().and_then(|name| known::<E>(name));
                found.count(Kind::Event, name);
                found.deviate(name.unwrap_or_default(), &event.deviations());
                let (name, json) = (name.map(Cow::Borrowed), security_webhooks::to_vec(&event));
                writer.add_bytes(place, Kind::Event, name, &json).map_err(BatchReadError::Io)?;
            }
            Err(BatchReadError::Rejected(rejected)) => {
                let (error, payload) = (rejected.error(), rejected.payload());
                let is_json = !matches!(error, Error::Json(_)) || serde_json::from_str::<IgnoredAny>(payload).is_ok();
                // If the first line is not JSON, the body is probably some other text, and is one record.
                if place == 0 && !is_json {
                    return Err(BatchReadError::Body(error.clone()));
                }
                let event = match error {
                    Error::Invalid(invalid) => Some(invalid.event()),
                    _ => None,
                };
                found.reject(event, error);
                if strict && found.refusal.is_none() {
                    found.refusal = Some(error.clone());
                }
                writer.set_aside(Kind::Refused, place, event.map(Cow::Borrowed), payload, is_json);
            }
            Err(error) => return Err(error),
        }
    }
    if found.counts.keys().any(|(kind, _)| *kind != Kind::Refused) {
        found.refusal = None;
    }
    Ok(found)
}

/// Returns the static text of a documented event's name, or `None` if the event is not documented.
fn known<E: WebhookEvent>(name: &str) -> Option<&'static str> {
    E::PROVIDER.events.iter().map(|event| event.name).find(|known| *known == name)
}
