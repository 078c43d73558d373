//! What the command line and the environment decide.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use security_webhooks::{Credentials, Provider};

/// Receives the webhooks of CrowdSec, ConnectSecure, Pro Custodibus, Thinkst Canary and Wallarm.
///
/// A provider is served at /PROVIDER if its variable is set: WEBHOOKS_CROWDSEC, WEBHOOKS_CONNECTSECURE,
/// WEBHOOKS_PROCUSTODIBUS, WEBHOOKS_CANARY, WEBHOOKS_WALLARM. The variable has the credentials that each request must have,
/// one a line: `header NAME: VALUE`, `bearer TOKEN`, or `basic USER:PASSWORD`. `none` accepts every request.
#[derive(Clone, Debug, Parser)]
#[command(name = "receiver")]
pub(crate) struct Config {
    /// The address to listen on. Port 0 is any free port.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The folder of the files, one a day.
    #[arg(long, value_name = "DIR", default_value = "webhooks")]
    pub(crate) data: PathBuf,
    /// Publish to the JetStream of this NATS server, and write no files.
    #[arg(long, value_name = "nats://HOST:PORT")]
    pub(crate) sink: Option<String>,
    /// Refuse what cannot be read, with 400 or 422, and keep nothing of it. Most vendors send it again then.
    #[arg(long)]
    pub(crate) strict: bool,
    /// How many bytes a body may have; a larger one is answered 413.
    #[arg(long, value_name = "BYTES", default_value_t = 2 << 20)]
    pub(crate) body_limit: usize,
    /// How long a body may take to arrive, in milliseconds; a slower one is answered 408.
    #[arg(long, value_name = "MS", default_value = "10000", value_parser = milliseconds)]
    pub(crate) body_timeout: Duration,
    /// How long storing may take, in milliseconds; then the answer is 503.
    #[arg(long, value_name = "MS", default_value = "5000", value_parser = milliseconds)]
    pub(crate) store_timeout: Duration,
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("expected a number of milliseconds".to_owned()),
        Ok(milliseconds) => Ok(Duration::from_millis(milliseconds)),
    }
}

/// The providers to serve, with the credentials of each. `variable` looks up an environment variable.
///
/// # Errors
///
/// A variable cannot be read, or none is set.
pub(crate) fn endpoints(variable: impl Fn(&str) -> Option<String>) -> Result<Vec<(Provider, Credentials)>, String> {
    let mut endpoints = Vec::new();
    for provider in Provider::ALL {
        let name = format!("WEBHOOKS_{}", provider.name().to_uppercase());
        match variable(&name) {
            Some(text) => endpoints.push((*provider, credentials(&text).map_err(|error| format!("{name}: {error}"))?)),
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

fn credentials(text: &str) -> Result<Credentials, String> {
    let mut all = Credentials::none();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines == ["none"] {
        return Ok(all);
    }
    for line in &lines {
        // The message must not show the secret.
        let unknown = || "expected `header NAME: VALUE`, `bearer TOKEN`, `basic USER:PASSWORD`, or `none`".to_owned();
        let (kind, rest) = line.split_once(' ').ok_or_else(unknown)?;
        let (rest, pair) = (rest.trim(), rest.split_once(':'));
        let one = match (kind, pair) {
            ("bearer", _) => Credentials::bearer(rest),
            ("basic", Some((user, password))) => Credentials::basic(user.trim(), password),
            ("header", Some((name, value))) => Credentials::header(name.trim(), value.trim()),
            _ => return Err(unknown()),
        };
        all = all.and(one.map_err(|error| error.to_string())?);
    }
    match lines.is_empty() {
        true => Err("it is empty; `none` accepts every request".to_owned()),
        false => Ok(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<(Provider, Credentials)>, String> {
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
