//! A stream of NATS JetStream, which any number of receivers publish to.
//!
//! The subject is `webhooks.PROVIDER.EVENT`. A message has the id of its record, so a request that the vendor repeats
//! within [`DUPLICATES`] adds no second message.

use std::collections::VecDeque;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::header::{NATS_EXPECTED_STREAM, NATS_MESSAGE_ID};
use async_nats::jetstream::context::{ContextBuilder, PublishAckFuture, PublishError, PublishErrorKind};
use async_nats::jetstream::{Context, stream};
use async_nats::{Client, ConnectOptions, HeaderMap, ServerAddr};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::timeout;
use tracing::warn;

use super::NotStored;
use crate::config::Config;
use crate::record::{Kind, Record, Records};

/// The stream's name.
const STREAM: &str = "WEBHOOKS";

/// How long the stream recognizes a message that was published before. Vendors repeat a request within minutes.
const DUPLICATES: Duration = Duration::from_secs(60 * 60);

/// The maximum number of characters of an event's name in the subject.
const LONGEST_NAME: usize = 64;

/// The maximum number of messages that may wait for their acknowledgement: of one request, and of all requests. The
/// client's own limit is 5,000. A request that reached it with messages that it does not wait for yet would wait for
/// ever.
const WINDOW: u32 = 1000;
const ALL_WINDOWS: usize = 4000;

/// A sink that publishes to the stream.
pub(crate) struct NatsSink {
    client: Client,
    context: Context,
    body_limit: usize,
    limit: Duration,
    stream: OnceCell<()>,
    windows: Semaphore,
}

impl NatsSink {
    /// Connects to the server. If that fails, the client keeps trying in the background.
    pub(crate) async fn connect(url: &str, config: &Config) -> Result<NatsSink, String> {
        // The address may have a password, which must not be shown.
        let address: ServerAddr = url.parse().map_err(|_| "--sink: expected an address such as nats://HOST:PORT")?;
        let options = ConnectOptions::new().name("receiver").retry_on_initial_connect();
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let options = match (address.username(), address.password()) {
            (Some(user), Some(password)) => options.user_and_password(decoded(user), decoded(password)),
            (Some(token), None) => options.token(decoded(token)),
            (None, _) => options,
        };
        let shown = format!("{}:{}", address.host(), address.port());
        let client = options.connect(address).await.map_err(|error| format!("--sink: {shown}: {}", error.kind()))?;
        let limit = config.store_timeout;
        let context = ContextBuilder::new().timeout(limit).ack_timeout(limit).build(client.clone());
        let (stream, windows) = (OnceCell::new(), Semaphore::new(ALL_WINDOWS));
        Ok(NatsSink { client, context, body_limit: config.body_limit, limit, stream, windows })
    }

    pub(crate) async fn store(&self, records: Records) -> Result<(), NotStored> {
        self.stream.get_or_try_init(|| self.create_stream()).await?;
        let window = u32::try_from(records.list.len()).unwrap_or(WINDOW).min(WINDOW);
        let windows = timeout(self.limit, self.windows.acquire_many(window)).await;
        let _window = windows.map_err(|_| self.slow())?.map_err(|error| error.to_string())?;
        let lines = Bytes::from(records.lines);
        match self.publish(&records.list, &lines).await {
            // The stream was deleted while the receiver ran.
            Err(error) if error.kind() == PublishErrorKind::StreamNotFound => {
                self.create_stream().await?;
                self.publish(&records.list, &lines).await
            }
            other => other,
        }
        .map_err(|error| match error.kind() {
            PublishErrorKind::MaxPayloadExceeded => NotStored::TooLarge(error.to_string()),
            PublishErrorKind::TimedOut => NotStored::Failed(self.slow()),
            _ => NotStored::Failed(error.to_string()),
        })
    }

    fn slow(&self) -> String {
        format!("the server took more than {:?}", self.limit)
    }

    /// Publishes a message for each record, and waits until all are acknowledged.
    async fn publish(&self, records: &[Record], lines: &Bytes) -> Result<(), PublishError> {
        let mut published: VecDeque<PublishAckFuture> = VecDeque::new();
        let mut start = 0;
        for record in records {
            if published.len() >= WINDOW as usize
                && let Some(oldest) = published.pop_front()
            {
                oldest.await?;
            }
            let mut headers = HeaderMap::new();
            headers.insert(NATS_MESSAGE_ID, record.id.as_str());
            headers.insert(NATS_EXPECTED_STREAM, STREAM);
            // The payload has no line break at its end.
            let payload = lines.slice(start..record.end - 1);
            published.push_back(self.context.publish_with_headers(subject(record), headers, payload).await?);
            start = record.end;
        }
        for acknowledgement in published {
            acknowledgement.await?;
        }
        Ok(())
    }

    pub(crate) async fn probe(&self) -> Result<(), String> {
        match self.client.connection_state() {
            State::Connected => self.create_stream().await,
            _ => Err("there is no connection to the NATS server".to_owned()),
        }
    }

    /// Creates the stream if it does not exist.
    async fn create_stream(&self) -> Result<(), String> {
        let config = stream::Config {
            name: STREAM.to_owned(),
            subjects: vec!["webhooks.>".to_owned()],
            duplicate_window: DUPLICATES,
            ..stream::Config::default()
        };
        self.context.get_or_create_stream(config).await.map_err(|error| error.to_string())?;
        let longest = self.client.server_info().max_payload;
        if longest < self.body_limit && !self.stream.initialized() {
            warn!("the server's max_payload is {longest}: larger bodies get the response 413");
        }
        Ok(())
    }
}

fn subject(record: &Record) -> String {
    let event = match (record.kind, record.event.as_deref()) {
        (Kind::Refused, _) => "refused".to_owned(),
        (_, None | Some("")) => "unknown".to_owned(),
        // Names of unknown events may have any characters, and some have a meaning in subjects.
        (_, Some(name)) => name
            .chars()
            .take(LONGEST_NAME)
            .map(|character| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' })
            .collect(),
    };
    format!("webhooks.{}.{event}", record.provider)
}
