//! Where records are kept.

mod file;
mod nats;

use serde::Serialize;

use crate::config::Config;
use crate::record::Record;

/// Where records are kept.
pub(crate) enum Sink {
    /// A file a day, as newline-delimited JSON.
    File(file::FileSink),
    /// A stream of NATS JetStream.
    Nats(Box<nats::NatsSink>),
}

impl Sink {
    /// # Errors
    ///
    /// The folder cannot be used, or the address is not one.
    pub(crate) async fn open(config: &Config) -> Result<Sink, String> {
        match &config.sink {
            None => file::FileSink::open(&config.data).map(Sink::File),
            Some(url) => nats::NatsSink::connect(url, config.body_limit).await.map(Box::new).map(Sink::Nats),
        }
    }

    /// Returns when the records are safe.
    ///
    /// # Errors
    ///
    /// They are not. Some of them may have been kept all the same, so the request has to be repeated, and may then give
    /// a record twice; the records have the same id.
    pub(crate) async fn store(&self, records: &[Record<'_>]) -> Result<(), String> {
        match self {
            Sink::File(sink) => sink.store(records).await,
            Sink::Nats(sink) => sink.store(records).await,
        }
    }
}

/// A record as JSON.
fn json(record: &impl Serialize) -> Result<Vec<u8>, String> {
    serde_json::to_vec(record).map_err(|error| error.to_string())
}
