//! A stream of NATS JetStream, which any number of receivers publish to.
//!
//! The subject is `webhooks.PROVIDER.EVENT`. A message has the id of its record, so a request that the vendor repeats
//! within [`DUPLICATES`] adds no second message.

use std::time::Duration;

use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::context::PublishAckFuture;
use async_nats::jetstream::{self, Context, stream};
use async_nats::{Client, ConnectOptions, HeaderMap};
use tokio::sync::OnceCell;
use tracing::warn;

use super::json;
use crate::record::{Kind, Record};

/// The stream's name.
const STREAM: &str = "WEBHOOKS";

/// For how long a message is recognized that was published before. Vendors repeat a request within minutes.
const DUPLICATES: Duration = Duration::from_secs(60 * 60);

/// How many characters of an event's name are in the subject.
const LONGEST_NAME: usize = 64;

/// The stream.
pub(crate) struct NatsSink {
    client: Client,
    context: Context,
    body_limit: usize,
    stream: OnceCell<()>,
}

impl NatsSink {
    /// Connects, or goes on trying in the background.
    pub(crate) async fn connect(url: &str, body_limit: usize) -> Result<NatsSink, String> {
        let options = ConnectOptions::new().name("receiver").retry_on_initial_connect();
        let client = options.connect(url).await.map_err(|error| format!("{url}: {error}"))?;
        let context = jetstream::new(client.clone());
        Ok(NatsSink { client, context, body_limit, stream: OnceCell::new() })
    }

    pub(crate) async fn store(&self, records: &[Record<'_>]) -> Result<(), String> {
        self.stream.get_or_try_init(|| self.create_stream()).await?;
        let mut published = Vec::new();
        for record in records {
            published.push(self.publish(record).await?);
        }
        for acknowledgement in published {
            acknowledgement.await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    async fn create_stream(&self) -> Result<(), String> {
        let config = stream::Config {
            name: STREAM.to_owned(),
            subjects: vec!["webhooks.>".to_owned()],
            duplicate_window: DUPLICATES,
            ..stream::Config::default()
        };
        self.context.get_or_create_stream(config).await.map_err(|error| error.to_string())?;
        let longest = self.client.server_info().max_payload;
        if longest < self.body_limit {
            warn!("the server's max_payload is {longest}: what is longer is never stored; --body-limit takes less");
        }
        Ok(())
    }

    async fn publish(&self, record: &Record<'_>) -> Result<PublishAckFuture, String> {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_MESSAGE_ID, record.id.as_str());
        let published = self.context.publish_with_headers(subject(record), headers, json(record)?.into()).await;
        published.map_err(|error| error.to_string())
    }
}

fn subject(record: &Record<'_>) -> String {
    let event = match (record.kind, record.event) {
        (Kind::Refused, _) => "refused".to_owned(),
        (_, None | Some("")) => "unknown".to_owned(),
        // Names of unknown events may have any character; some have a meaning in subjects.
        (_, Some(name)) => name
            .chars()
            .take(LONGEST_NAME)
            .map(|character| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' })
            .collect(),
    };
    format!("webhooks.{}.{event}", record.provider)
}
