//! The command `cargo webhooks send`.

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use serde_json::{Value, json};
use ureq::http::{Request, Response, Uri};
use ureq::{Agent, Body};
use webhook_codegen::catalog::{Delivery, Event, Example, Provider, Settings, Signature, Success};
use webhook_codegen::json::Json;
use webhook_codegen::load;
use webhook_runtime::{HmacScheme, SignatureScheme, Signatures};

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::format::Format;
use crate::generate::{payloads, selected};
use crate::output::counted;
use crate::progress;

/// Sends documented payloads to an endpoint, and generated ones on request, as the vendor would.
///
/// Requests have the vendor's method, its form of bodies (one event, an array of events, lines, or an object with events in it), the
/// header that names the event, and the vendor's retries.
///
/// Requests go to the given address only: no redirect is followed and no proxy is used. The last line counts the requests.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The provider, or one of its events.
    #[arg(value_name = "PROVIDER[/EVENT]")]
    what: String,
    /// The address of the endpoint: http only.
    url: String,
    /// A header of each request, such as "Authorization: Bearer TOKEN"; may be repeated.
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// The method; by default, the vendor's usual one.
    #[arg(long)]
    method: Option<String>,
    /// How events are put into a body; by default, as the vendor does.
    #[arg(long, value_parser = ["single", "batch", "lines", "wrapped"])]
    delivery: Option<String>,
    /// At most this many requests per second.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// How often a request is sent again when it fails; by default, as often as the vendor documents, or not at all.
    #[arg(long)]
    retries: Option<u32>,
    /// Retry a refused connection as well; by default, the first one ends the command.
    #[arg(long)]
    retry_connection: bool,
    /// After the documented payloads of each event, send this many generated ones, which its schema accepts.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=100_000))]
    generate: u32,
    /// The seed of the random choices of --generate.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Sign each request with this key, as provider.toml describes it under [requests.signature].
    #[arg(long, value_name = "KEY")]
    sign: Option<String>,
    /// Print one JSON object per line for each payload: event, example, accepted, and outcomes, the response to each attempt.
    #[arg(long)]
    json: bool,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    Format::of(None, options.json).finish(try_run(options, context))
}

fn try_run(options: &Options, context: &Context) -> Outcome {
    check_address(&options.url)?;
    let defs = context.defs(options.defs.as_deref());
    let catalog = load(&defs).map_err(Failure::input(&defs))?;
    let (provider, events) = selected(&catalog.providers, &options.what)?;
    let generated = payloads(provider, &events, options.seed, options.generate).map_err(Failure::input(&defs))?;
    let mut examples: Vec<(&Event, Example)> = Vec::new();
    for (event, payloads) in generated {
        examples.extend(event.examples.iter().map(|example| (event, example.clone())));
        let named = |(number, value): (usize, Value)| Example {
            name: format!("generated_{}", number + 1),
            text: value.to_string(),
            value,
        };
        examples.extend(payloads.into_iter().enumerate().map(|payload| (event, named(payload))));
    }
    if examples.is_empty() {
        let help = "to send generated payloads, give --generate N";
        return Err(Failure::with_help(format!("there is no documented payload of `{}`", options.what), help));
    }
    let sender = Sender::new(options, provider)?;
    let progress = progress::bar(examples.len(), "sending");
    let mut accepted = 0;
    for (index, (event, example)) in examples.iter().enumerate() {
        if index > 0 {
            sleep(options.rate.map_or(Duration::ZERO, |rate| Duration::from_secs(1) / rate));
        }
        let outcomes = RefCell::new(Vec::new());
        let print = |outcome: &str| match options.json {
            true => outcomes.borrow_mut().push(outcome.to_owned()),
            false => progress.suspend(|| println!("{}/{}: {outcome}", event.name, example.name)),
        };
        let sent = sender.send(provider.wire_name(event), example, print)?;
        let is_accepted = matches!(sent, Sent::Accepted(_));
        accepted += usize::from(is_accepted);
        if options.json {
            let outcomes = outcomes.into_inner();
            let line =
                json!({ "event": event.name, "example": example.name, "accepted": is_accepted, "outcomes": outcomes });
            progress.suspend(|| println!("{line}"));
        }
        match sent {
            Sent::Accepted(_) | Sent::Rejected(_) => {}
            Sent::NotConnected(error) => {
                let help = "start the endpoint, or give --retry-connection to wait for it";
                return Err(Failure::with_help(format!("no connection to {}: {error}", options.url), help));
            }
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    let summary =
        format!("{}: {accepted} accepted, {} rejected", counted(examples.len(), "request"), examples.len() - accepted);
    match options.json {
        // Standard output has the requests alone.
        true => eprintln!("{summary}"),
        false => println!("{summary}"),
    }
    Ok(if accepted == examples.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks that requests can be sent to the address.
fn check_address(url: &str) -> Result<(), Failure> {
    let wrong = |what: &str, help: String| Err(Failure::with_help(format!("`{url}` {what}"), help));
    let Some((scheme, rest)) = url.split_once("://") else {
        return wrong("has no scheme", format!("write http://{}", url.trim_start_matches('/')));
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" if rest.is_empty() || rest.starts_with('/') => {
            wrong("names no host", "write http://HOST:PORT/PATH".to_owned())
        }
        "http" => match url.parse::<Uri>() {
            Ok(_) => Ok(()),
            Err(error) => wrong(&format!("is not an address: {error}"), "write http://HOST:PORT/PATH".to_owned()),
        },
        "https" => {
            wrong("needs TLS", "send by http to the endpoint itself, not to the proxy that terminates TLS".to_owned())
        }
        _ => wrong("is not an http address", "write http://HOST:PORT/PATH".to_owned()),
    }
}

/// The outcome of sending a payload.
enum Sent {
    /// The status of the response.
    Accepted(String),
    /// The response that rejects the payload, or the reason why there is no response.
    Rejected(String),
    /// Why there is no connection.
    NotConnected(String),
}

struct Sender<'o> {
    agent: Agent,
    url: &'o str,
    method: String,
    headers: Vec<(&'o str, &'o str)>,
    /// The header that names the event.
    event_header: Option<&'o str>,
    /// The provider's settings, with the delivery that was chosen.
    settings: Settings,
    /// A documented body, from which the members around the events are taken.
    envelope: Option<&'o str>,
    success: Success,
    signatures: Option<Signatures>,
    retries: u32,
    /// Whether a refused connection is retried.
    retry_connection: bool,
}

impl<'o> Sender<'o> {
    fn new(options: &'o Options, provider: &'o Provider) -> Result<Sender<'o>, Failure> {
        let requests = &provider.settings.requests;
        let delivery = match options.delivery.as_deref() {
            None => provider.settings.delivery,
            Some("batch") => Delivery::Batch,
            Some("lines") => Delivery::Lines,
            Some("wrapped") => Delivery::Wrapped,
            Some(_) => Delivery::Single,
        };
        let settings = Settings { delivery, ..provider.settings.clone() };
        if delivery == Delivery::Wrapped && settings.items.is_empty() && settings.item.is_none() {
            let file = provider.settings_file();
            return Err(Failure::with_help(
                format!("{file} does not say where the events of a body are"),
                "write items = \"/events\" there, or choose another --delivery",
            ));
        }
        let header = |header: &'o String| {
            let (name, value) = header.split_once(':').ok_or_else(|| {
                Failure::with_help(format!("{header:?} is not a header"), "write --header \"NAME: VALUE\"")
            })?;
            Ok((name.trim(), value.trim()))
        };
        let headers: Result<_, Failure> = options.header.iter().map(header).collect();
        let timeout = Duration::from_secs(requests.timeout_seconds.unwrap_or(30).into());
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(timeout))
            .build();
        Ok(Sender {
            agent: agent.into(),
            url: &options.url,
            method: options.method.clone().or(requests.methods.first().cloned()).unwrap_or_else(|| "POST".to_owned()),
            headers: headers?,
            event_header: requests.event_header.as_deref(),
            signatures: options.sign.as_deref().map(|key| signatures(provider, key)).transpose()?,
            settings,
            envelope: (provider.envelope.iter().flat_map(|envelope| &envelope.examples).next())
                .map(|example| &*example.text),
            success: requests.success.unwrap_or(Success::Any2xx),
            retries: options.retries.or(requests.max_retries).unwrap_or(0),
            retry_connection: options.retry_connection,
        })
    }

    /// Sends a payload until it is accepted or no retry is left.
    fn send(&self, event: &str, example: &Example, print: impl Fn(&str)) -> Result<Sent, Failure> {
        let mut wait: u64 = 1;
        let mut attempt = 0;
        loop {
            let sent = self.request(event, example)?;
            match &sent {
                Sent::NotConnected(_) if !self.retry_connection => return Ok(sent),
                Sent::Accepted(shown) | Sent::Rejected(shown) | Sent::NotConnected(shown) => print(shown),
            }
            if attempt == self.retries || matches!(sent, Sent::Accepted(_)) {
                return Ok(sent);
            }
            attempt += 1;
            print(&format!("retry {attempt}/{} in {wait} s", self.retries));
            sleep(Duration::from_secs(wait));
            // Vendors that document it wait longer between each attempt.
            wait = wait.saturating_mul(2);
        }
    }

    /// Returns the body of a request with one event. A documented body provides the members around the event.
    fn body(&self, event: &str) -> String {
        let is_wrapped = self.settings.delivery == Delivery::Wrapped;
        let envelope = self.envelope.filter(|_| is_wrapped);
        envelope
            .and_then(|body| in_envelope(&self.settings, body, event))
            .unwrap_or_else(|| self.settings.body(&[event]))
    }

    /// Sends a payload once.
    fn request(&self, event: &str, example: &Example) -> Result<Sent, Failure> {
        let mut request = Request::builder().method(self.method.as_str()).uri(self.url);
        let is_given = |header: &str| self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header));
        if !is_given("content-type") {
            let lines = self.settings.delivery == Delivery::Lines;
            let content_type = if lines { "application/x-ndjson" } else { "application/json" };
            request = request.header("content-type", content_type);
        }
        if let Some(header) = self.event_header.filter(|header| !is_given(header)) {
            request = request.header(header, event);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let body = self.body(&example.text);
        if let Some(signatures) = &self.signatures {
            let now = SystemTime::now();
            let nanos = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
            for (name, value) in signatures.sign(&format!("msg_{nanos:x}"), now, body.as_bytes()) {
                if !is_given(&name) {
                    request = request.header(name, value);
                }
            }
        }
        let request = request.body(body).map_err(|error| Failure::of("the request", error))?;
        Ok(match self.agent.run(request) {
            Ok(response) if self.success.includes(response.status().as_u16()) => {
                Sent::Accepted(response.status().to_string())
            }
            Ok(response) => Sent::Rejected(rejection(response)),
            Err(error) if is_connection(&error) => Sent::NotConnected(error.to_string()),
            Err(error) => Sent::Rejected(error.to_string()),
        })
    }
}

/// Puts an event in the place of the events of a documented body. Returns `None` if the body has no event to replace.
fn in_envelope(settings: &Settings, body: &str, event: &str) -> Option<String> {
    let (mut body, event) = (Json::parse(body).ok()?, Json::parse(event).ok()?);
    let items = settings.items.iter().find(|items| body.at(items).is_some());
    let item = match items {
        Some(items) => {
            let Json::Array(items) = body.at_mut(items)? else { return None };
            items.truncate(1);
            items.first_mut()?
        }
        None if settings.items.is_empty() => &mut body,
        None => return None,
    };
    // The empty pointer refers to the item itself.
    *item.at_mut(settings.item.as_deref().unwrap_or_default())? = event;
    Some(body.to_string())
}

/// Returns the signer for a key, as the settings of a provider describe its signatures.
fn signatures(provider: &Provider, key: &str) -> Result<Signatures, Failure> {
    let Some(signature) = &provider.settings.requests.signature else {
        let file = provider.settings_file();
        let help = "add a table [requests.signature], with scheme = \"standard-webhooks\" or \"hmac\"";
        return Err(Failure::with_help(format!("{file} does not say how requests are signed"), help));
    };
    // Generated code declares a scheme as a constant, so its texts are `'static`. The command leaks the texts of the
    // one scheme that it reads.
    let leak = |text: &String| -> &'static str { text.clone().leak() };
    let scheme = match signature {
        Signature::StandardWebhooks => SignatureScheme::StandardWebhooks,
        Signature::Hmac(hmac) => SignatureScheme::Hmac(HmacScheme {
            header: leak(&hmac.header),
            algorithm: hmac.algorithm,
            encoding: hmac.encoding,
            prefix: leak(&hmac.prefix),
            text: leak(&hmac.text),
            timestamp_header: hmac.timestamp_header.as_ref().map(leak),
            timestamp_prefix: leak(&hmac.timestamp_prefix),
            id_header: hmac.id_header.as_ref().map(leak),
            tolerance_seconds: hmac.tolerance_seconds,
        }),
    };
    Signatures::new(scheme, [key]).map_err(|error| Failure::other(format!("--sign: {error}")))
}

/// Returns whether no connection to the endpoint was made.
fn is_connection(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => true,
        _ => false,
    }
}

/// Returns the status of a response, with its problem document or the beginning of its text.
fn rejection(mut response: Response<Body>) -> String {
    let status = response.status();
    let text = response.body_mut().with_config().limit(65_536).read_to_string().unwrap_or_default();
    let shown = match serde_json::from_str::<Value>(&text) {
        Ok(problem) => serde_json::to_string_pretty(&problem).unwrap_or(text),
        Err(_) => text.chars().take(500).collect(),
    };
    format!("{status}\n{shown}").trim_end().to_owned()
}
