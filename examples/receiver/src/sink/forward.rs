//! A sink that posts records as newline-delimited JSON to another HTTP endpoint, such as Vector or Splunk's event
//! collector.

use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::net::TcpStream;
use tokio::time::sleep;
use tracing::warn;
use ureq::Agent;
use ureq::http::{HeaderName, HeaderValue, Request, StatusCode, Uri};

use super::NotStored;
use crate::config::Config;
use crate::log::{Throttle, line};

/// The first wait between two attempts. Each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// A sink that posts to the endpoint.
pub(crate) struct ForwardSink {
    agent: Agent,
    url: Uri,
    header: Option<(HeaderName, HeaderValue)>,
    limit: Duration,
    failures: Throttle,
}

impl ForwardSink {
    /// Returns the endpoint that the configuration names.
    ///
    /// # Errors
    ///
    /// Returns a message if the address or the header is invalid. The message shows neither, because they may have a
    /// secret.
    pub(crate) fn open(url: &str, config: &Config) -> Result<ForwardSink, String> {
        let url: Uri = url.parse().map_err(|_| "--forward: expected an address such as http://HOST:PORT/PATH")?;
        if url.host().is_none() || !matches!(url.scheme_str(), Some("http" | "https")) {
            return Err("--forward: expected an address such as http://HOST:PORT/PATH".to_owned());
        }
        let header = config.forward_header.as_deref().map(header).transpose()?;
        // A redirect acknowledges nothing, so it is not followed.
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build();
        Ok(ForwardSink { agent: agent.into(), url, header, limit: config.store_timeout, failures: Throttle::default() })
    }

    /// Sends lines until the endpoint has acknowledged them with a status of 2XX.
    pub(crate) async fn store(&self, lines: Vec<u8>) -> Result<(), NotStored> {
        let (lines, end) = (Bytes::from(lines), Instant::now() + self.limit);
        let mut wait = FIRST_WAIT;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Err(why) = self.attempt(lines.clone(), left).await? else { return Ok(()) };
            if Instant::now() + wait >= end {
                return Err(NotStored::Failed(format!("not acknowledged within {:?}: {why}", self.limit)));
            }
            if let Some(count) = self.failures.count() {
                warn!(count, "trying again in {wait:?}: {}", line(&why));
            }
            sleep(wait).await;
            wait *= 2;
        }
    }

    /// Sends lines once. A thread waits for the response. Returns the reason why the lines are not acknowledged if a
    /// later attempt may succeed.
    ///
    /// # Errors
    ///
    /// Returns the reason why no later attempt will succeed.
    async fn attempt(&self, lines: Bytes, left: Duration) -> Result<Result<(), String>, NotStored> {
        let mut request = Request::post(&self.url).header("content-type", "application/x-ndjson");
        if let Some((name, value)) = &self.header {
            request = request.header(name, value);
        }
        let agent = self.agent.clone();
        let send = move || {
            let request = request.body(&lines[..]).map_err(|error| error.to_string())?;
            let request = agent.configure_request(request).timeout_global(Some(left)).build();
            agent.run(request).map(|response| response.status()).map_err(|error| error.to_string())
        };
        let status = match tokio::task::spawn_blocking(send).await {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => return Ok(Err(error)),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let answer = format!("the endpoint responded with {status}");
        match status {
            status if status.is_success() => Ok(Ok(())),
            StatusCode::PAYLOAD_TOO_LARGE => Err(NotStored::TooLarge(answer)),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Ok(Err(answer)),
            status if status.is_server_error() => Ok(Err(answer)),
            // The endpoint or its settings are wrong. The vendor gets an error, and sends the request again.
            _ => Err(NotStored::Failed(answer)),
        }
    }

    /// Finds out whether the endpoint can be connected to.
    pub(crate) async fn probe(&self) -> Result<(), String> {
        let port = self.url.port_u16().unwrap_or(if self.url.scheme_str() == Some("https") { 443 } else { 80 });
        let host = self.url.host().unwrap_or_default().trim_matches(['[', ']']);
        TcpStream::connect((host, port)).await.map(drop).map_err(|error| format!("the endpoint: {error}"))
    }
}

/// Parses the header of each request that is forwarded.
fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let wrong = || "--forward-header: expected NAME: VALUE".to_owned();
    let (name, value) = text.split_once(':').ok_or_else(wrong)?;
    let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| wrong())?;
    let mut value = HeaderValue::from_str(value.trim()).map_err(|_| wrong())?;
    value.set_sensitive(true);
    Ok((name, value))
}
