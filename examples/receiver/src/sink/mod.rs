//! Sinks: the places where records are kept.

mod file;
mod forward;
mod nats;

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use tokio::time::timeout;

use crate::config::Config;
use crate::record::Records;

/// The longest time that a probe may take.
const PROBE: Duration = Duration::from_secs(2);

/// A place where records are kept.
pub(crate) enum Sink {
    /// A file for each day, with newline-delimited JSON.
    File(file::FileSink),
    /// Another HTTP endpoint.
    Forward(Box<forward::ForwardSink>),
    /// A stream of NATS JetStream.
    Nats(Box<nats::NatsSink>),
}

/// The reason why records were not stored.
#[derive(Debug)]
pub(crate) enum NotStored {
    /// A record is larger than the sink can hold. Repeating the request does not help.
    TooLarge(String),
    /// Any other reason.
    Failed(String),
}

impl Display for NotStored {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            NotStored::TooLarge(message) | NotStored::Failed(message) => f.write_str(message),
        }
    }
}

impl From<String> for NotStored {
    fn from(message: String) -> NotStored {
        NotStored::Failed(message)
    }
}

impl Sink {
    /// Opens the sink that the configuration names.
    ///
    /// # Errors
    ///
    /// Returns a message if the folder cannot be used, or if the address is invalid.
    pub(crate) async fn open(config: &Config) -> Result<Sink, String> {
        if let Some(url) = &config.forward {
            return forward::ForwardSink::open(url, config).map(Box::new).map(Sink::Forward);
        }
        match &config.sink {
            None => file::FileSink::open(&config.data, config.store_timeout).map(Sink::File),
            Some(url) => nats::NatsSink::connect(url, config).await.map(Box::new).map(Sink::Nats),
        }
    }

    /// Stores records, and returns when they are safe.
    ///
    /// # Errors
    ///
    /// Returns the reason why the records are not safe. Some of the records may have been stored. The vendor has to
    /// repeat the request, which may store a record twice, with the same id.
    pub(crate) async fn store(&self, records: Records) -> Result<(), NotStored> {
        match self {
            Sink::File(sink) => sink.store(records.lines).await.map_err(NotStored::from),
            Sink::Forward(sink) => sink.store(records.lines).await,
            Sink::Nats(sink) => sink.store(records).await,
        }
    }

    /// Checks that records can be stored.
    ///
    /// # Errors
    ///
    /// Returns the reason why they cannot be stored.
    pub(crate) async fn probe(&self) -> Result<(), String> {
        let probe = async {
            match self {
                Sink::File(sink) => sink.probe().await,
                Sink::Forward(sink) => sink.probe().await,
                Sink::Nats(sink) => sink.probe().await,
            }
        };
        timeout(PROBE, probe).await.unwrap_or_else(|_| Err(format!("a probe took more than {PROBE:?}")))
    }
}
