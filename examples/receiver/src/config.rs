//! Settings: the command line and the environment.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use security_webhooks::Provider;

use crate::access::Access;

/// Receives the webhooks of CrowdSec and its Security Engine, ConnectSecure, Pro Custodibus, Thinkst Canary,
/// Canarytokens and Wallarm.
///
/// A provider is served at /PROVIDER if its variable is set: WEBHOOKS_CROWDSEC, WEBHOOKS_CROWDSEC_ENGINE,
/// WEBHOOKS_CONNECTSECURE, WEBHOOKS_PROCUSTODIBUS, WEBHOOKS_CANARY, WEBHOOKS_CANARYTOKENS, WEBHOOKS_WALLARM. The
/// variable has the credentials that each request must have, one on each line: `header NAME: VALUE`, `bearer TOKEN`, or
/// `basic USER:PASSWORD`. If several lines are for the same header, any of them is accepted, so that a secret can be
/// replaced. `none` accepts every request.
#[derive(Clone, Debug, Parser)]
#[command(name = "receiver")]
pub(crate) struct Config {
    /// The address to listen on. Port 0 is any free port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The address of /healthz and /metrics, which require no credentials. By default, a loopback address with the port
    /// after the port of --listen.
    #[arg(long, value_name = "ADDRESS")]
    admin_listen: Option<SocketAddr>,
    /// The folder of the files, one for each day.
    #[arg(long, value_name = "DIR", default_value = "webhooks")]
    pub(crate) data: PathBuf,
    /// Publish to the JetStream of this NATS server, and write no files. Use the variable if the address has a
    /// password: other users can read the arguments of a process.
    #[arg(long, value_name = "nats://HOST:PORT", env = "WEBHOOKS_SINK", hide_env_values = true)]
    pub(crate) sink: Option<String>,
    /// Post the records to this address as newline-delimited JSON, and write no files. The receiver responds when the
    /// endpoint has responded with 2XX.
    #[arg(long, value_name = "URL", env = "WEBHOOKS_FORWARD", hide_env_values = true, conflicts_with = "sink")]
    pub(crate) forward: Option<String>,
    /// A header of each request that is forwarded, such as "Authorization: Splunk TOKEN". Use the variable if it has a
    /// secret.
    #[arg(
        long,
        value_name = "NAME: VALUE",
        env = "WEBHOOKS_FORWARD_HEADER",
        hide_env_values = true,
        requires = "forward"
    )]
    pub(crate) forward_header: Option<String>,
    /// Reject a body in which no event can be read with 400 or 422, and keep nothing of it. Most vendors send it again.
    #[arg(long)]
    pub(crate) strict: bool,
    /// The greatest size of a body in bytes, after it is decompressed. A larger body gets the response 413.
    #[arg(long, value_name = "BYTES", default_value_t = 2 << 20)]
    pub(crate) body_limit: usize,
    /// The greatest number of open connections. Another connection replaces the one that has waited longest for a
    /// request.
    #[arg(long, value_name = "COUNT", default_value = "512")]
    pub(crate) max_connections: NonZeroU32,
    /// How long a connection may wait for a request, or take to send its head, in milliseconds. Then it is closed.
    #[arg(long, value_name = "MS", default_value = "10000", value_parser = milliseconds)]
    pub(crate) head_timeout: Duration,
    /// How long a body may take to arrive, in milliseconds. A slower body is answered with 408.
    #[arg(long, value_name = "MS", default_value = "10000", value_parser = milliseconds)]
    pub(crate) body_timeout: Duration,
    /// How long storing may take, in milliseconds; then the answer is 503.
    #[arg(long, value_name = "MS", default_value = "5000", value_parser = milliseconds)]
    pub(crate) store_timeout: Duration,
    /// How long the requests in progress may take when the process is asked to end, in milliseconds.
    #[arg(long, value_name = "MS", default_value = "10000", value_parser = milliseconds)]
    pub(crate) shutdown_timeout: Duration,
}

impl Config {
    /// Returns the address for operators. `address` is the address that the receiver listens on.
    pub(crate) fn admin_listen(&self, address: SocketAddr) -> SocketAddr {
        let port = if self.listen.port() == 0 { 0 } else { address.port().checked_add(1).unwrap_or(0) };
        self.admin_listen.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    match text.parse::<u32>() {
        Ok(0) | Err(_) => Err("expected a number of milliseconds".to_owned()),
        Ok(milliseconds) => Ok(Duration::from_millis(milliseconds.into())),
    }
}

/// Returns the providers to serve, with the credentials of each. `variable` looks up an environment variable.
///
/// # Errors
///
/// Returns a message if a variable cannot be parsed, or if no variable is set.
pub(crate) fn endpoints(variable: impl Fn(&str) -> Option<String>) -> Result<Vec<(Provider, Access)>, String> {
    let mut endpoints = Vec::new();
    for provider in Provider::ALL {
        let name = format!("WEBHOOKS_{}", provider.name().to_uppercase());
        match variable(&name) {
            Some(text) => {
                endpoints.push((*provider, Access::parse(&text).map_err(|error| format!("{name}: {error}"))?))
            }
            None => tracing::info!(%provider, "not served: {name} is not set"),
        }
    }
    match endpoints.is_empty() {
        true => Err("no provider has credentials; set a variable such as WEBHOOKS_CROWDSEC=\"bearer TOKEN\", \
                     or WEBHOOKS_CROWDSEC=none to accept every request"
            .to_owned()),
        false => Ok(endpoints),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<(Provider, Access)>, String> {
        endpoints(|name| (name == "WEBHOOKS_CROWDSEC").then(|| text.to_owned()))
    }

    #[test]
    fn variables_have_credentials() {
        for text in ["none", "bearer a:b", "basic me:p:w", "header X-Key: a b", "header X-A: 1\n header X-B: 2\n"] {
            assert_eq!(of(text).unwrap()[0].0, Provider::CrowdSec, "{text}");
        }
    }

    #[test]
    fn a_mistake_is_an_error_without_the_secret() {
        for text in ["", "  ", "secret", "header secret", "basic secret", "bearer", "none\nnone", "bearer sec\u{7f}ret"]
        {
            let error = of(text).unwrap_err();
            assert!(error.starts_with("WEBHOOKS_CROWDSEC: ") && !error.contains("secret"), "{error}");
        }
        assert!(endpoints(|_| None).unwrap_err().contains("WEBHOOKS_CROWDSEC=none"));
    }
}
