//! Routes, and the handlers that answer requests.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::middleware::map_request;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use security_webhooks::{Provider, ProviderVisitor, WebhookEvent, WebhookRejection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tower_http::decompression::RequestDecompressionLayer;
use tracing::{error, warn};

use crate::access::Access;
use crate::config::Config;
use crate::log::{Throttle, line};
use crate::metrics::{Labels, Metrics, OfProvider};
use crate::problem::problem;
use crate::record::{Found, Kind, Records, read};
use crate::server::Connection;
use crate::sink::{NotStored, Sink};

/// The size in bytes from which a body is read on a thread of its own, so that it does not delay other requests.
const LARGE: usize = 64 << 10;

/// How long a receiver is unhealthy after it could not store records. After that, the sink is probed. Otherwise, a load
/// balancer that sends nothing to an unhealthy receiver would never learn that it has recovered.
const UNHEALTHY: Duration = Duration::from_secs(3);

/// The state that the handlers share.
pub(crate) struct Receiver {
    sink: Sink,
    metrics: Arc<Metrics>,
    config: Config,
    /// The time of the last failure to store records, unless records have been stored since.
    failed: Mutex<Option<Instant>>,
    /// Slots for the large bodies that may be in memory with their records at the same time.
    large: Arc<Semaphore>,
    probes: Throttle,
}

impl Receiver {
    pub(crate) fn new(sink: Sink, metrics: Arc<Metrics>, config: Config) -> Receiver {
        let threads = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
        let (failed, large, probes) = (Mutex::default(), Arc::new(Semaphore::new(threads)), Throttle::default());
        Receiver { sink, metrics, config, failed, large, probes }
    }

    fn set_failed(&self, failed: bool) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = failed.then(Instant::now);
    }

    fn has_just_failed(&self) -> bool {
        let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some_and(|failed| failed.elapsed() < UNHEALTHY)
    }

    /// Stores records, and returns when they are safe.
    async fn store(&self, records: Records) -> Result<(), NotStored> {
        if records.list.is_empty() {
            return Ok(());
        }
        let stored = self.sink.store(records).await;
        // Records that are too large say nothing about the health of the sink.
        if !matches!(stored, Err(NotStored::TooLarge(_))) {
            self.set_failed(stored.is_err());
        }
        stored
    }
}

/// Returns the routes of providers.
pub(crate) fn router(receiver: &Arc<Receiver>, endpoints: Vec<(Provider, Access)>) -> Router {
    let router = Router::new().fallback(not_found);
    let add = |router: Router<_>, (provider, access): (Provider, Access)| provider.visit(Endpoint { router, access });
    let router = endpoints.into_iter().fold(router, add).with_state(Arc::clone(receiver));
    // Outside of the limit, so that the limit applies to the decompressed body.
    router.layer(RequestDecompressionLayer::new()).layer(map_request(usual_encoding))
}

/// Writes the name of the encoding as the decompression layer expects it. The case of the name does not matter, and `x-gzip` is
/// another name of `gzip` (RFC 9110, section 8.4.1).
async fn usual_encoding(mut request: Request) -> Request {
    if let Some(value) = request.headers_mut().get_mut(CONTENT_ENCODING)
        && let Some(name) = ["gzip", "x-gzip", "deflate", "br", "identity"]
            .into_iter()
            .find(|name| value.as_bytes().trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
    {
        *value = HeaderValue::from_static(if name == "x-gzip" { "gzip" } else { name });
    }
    request
}

/// Returns the routes for operators: `/healthz` and `/metrics`.
pub(crate) fn admin(receiver: &Arc<Receiver>) -> Router {
    let router = Router::new().route("/healthz", get(health)).route("/metrics", get(metrics)).fallback(not_found);
    router.with_state(Arc::clone(receiver))
}

async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "there is no endpoint with this path")
}

async fn health(State(receiver): State<Arc<Receiver>>) -> Response {
    let unhealthy = |detail: &str| problem(StatusCode::SERVICE_UNAVAILABLE, detail);
    if receiver.has_just_failed() {
        return unhealthy("the last records could not be stored");
    }
    match receiver.sink.probe().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            if let Some(count) = receiver.probes.count() {
                warn!(count, "unhealthy: {}", line(error));
            }
            unhealthy("nothing can be stored at present")
        }
    }
}

async fn metrics(State(receiver): State<Arc<Receiver>>) -> Response {
    let content_type = (CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    match receiver.metrics.text() {
        Ok(text) => ([content_type], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Adds the route of a provider.
struct Endpoint {
    router: Router<Arc<Receiver>>,
    access: Access,
}

impl ProviderVisitor for Endpoint {
    type Output = Router<Arc<Receiver>>;

    fn visit<E: WebhookEvent>(self) -> Self::Output {
        let guard = Arc::new(Guard { access: self.access, refusals: Throttle::default() });
        let handler = move |State(receiver): State<Arc<Receiver>>, request: Request| async move {
            receive::<E>(&receiver, &guard, request).await.unwrap_or_else(|answer| answer)
        };
        self.router.route(&format!("/{}", E::PROVIDER.name), any(handler))
    }
}

/// The credentials of an endpoint, and the log of requests without them.
struct Guard {
    access: Access,
    refusals: Throttle,
}

/// Receives a body with one event or several. Both the result and the error are responses.
async fn receive<E: WebhookEvent>(receiver: &Receiver, guard: &Guard, request: Request) -> Result<Response, Response> {
    let provider = E::PROVIDER.name;
    let connection = request.extensions().get::<Arc<Connection>>().cloned();
    if !guard.access.accept(request.headers()) {
        receiver.metrics.unauthorized.get_or_create(&OfProvider { provider }).inc();
        if let Some(count) = guard.refusals.count() {
            let peer = connection.map(|connection| connection.peer.to_string()).unwrap_or_default();
            warn!(provider, peer, "the credentials are missing or wrong, in {count} requests");
        }
        return Err(guard.access.unauthorized());
    }
    let allowed = if E::PROVIDER.requests.methods.is_empty() { &["POST"] } else { E::PROVIDER.requests.methods };
    if !allowed.contains(&request.method().as_str()) {
        warn!(provider, "the method is not one of {}", allowed.join(", "));
        return Err(WebhookRejection::Method { allowed }.into_response());
    }
    let name = E::PROVIDER.requests.event_header.and_then(|name| request.headers().get(name));
    let name = name.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = {
        let _receiving = connection.as_ref().map(|connection| connection.receiving());
        let body = body(request.into_body(), receiver.config.body_limit);
        timeout(receiver.config.body_timeout, body).await.unwrap_or(Err(NoBody::SLOW))
    };
    let body = body.map_err(|error| {
        warn!(provider, "{}", error.1);
        error.answer()
    })?;

    // The slot is held until the records are stored, so that large bodies do not pile up in memory.
    let (found, _slot) = found::<E>(receiver, name, body).await.map_err(|error| {
        error!(provider, "not stored: {error}");
        unavailable(receiver, provider)
    })?;
    if let Some(error) = found.refusal {
        warn!(provider, "rejected: {}", line(error.masked()));
        receiver.metrics.refused.get_or_create(&Labels { provider, event: "" }).inc();
        return Err(WebhookRejection::Payload(error).into_response());
    }
    let Found { records, counts, deviations, notes, more_notes, .. } = found;
    receiver.store(records).await.map_err(|error| {
        error!(provider, "not stored: {}", line(&error));
        let answer = unavailable(receiver, provider);
        match error {
            NotStored::TooLarge(_) => NoBody::LONG.answer(),
            NotStored::Failed(_) => answer,
        }
    })?;

    for ((kind, event), count) in counts {
        let family = match kind {
            Kind::Event => &receiver.metrics.events,
            Kind::Unknown => &receiver.metrics.unknown,
            Kind::Refused => &receiver.metrics.refused,
        };
        family.get_or_create(&Labels { provider, event }).inc_by(count);
    }
    for (event, count) in deviations {
        receiver.metrics.deviations.get_or_create(&Labels { provider, event }).inc_by(count);
    }
    notes.iter().for_each(|note| warn!(provider, "{note}"));
    if more_notes > 0 {
        warn!(provider, "{more_notes} more payloads of this body deserve attention");
    }
    // CrowdSec accepts no other status.
    Ok(StatusCode::OK.into_response())
}

/// Reads the events of a body. A large body is read on a thread of its own.
async fn found<E: WebhookEvent>(
    receiver: &Receiver,
    name: Option<String>,
    body: Vec<u8>,
) -> Result<(Found, Option<OwnedSemaphorePermit>), String> {
    let (is_large, strict) = (body.len() > LARGE, receiver.config.strict);
    let read = move || read::<E>(name.as_deref(), &body, strict).map_err(|error| error.to_string());
    if !is_large {
        return Ok((read()?, None));
    }
    let slot = timeout(receiver.config.store_timeout, Arc::clone(&receiver.large).acquire_owned()).await;
    let slot = slot.map_err(|_| "too many large bodies at once")?.map_err(|error| error.to_string())?;
    // The thread keeps the slot until the body is read, even if the client is gone.
    let work = move || read().map(|found| (found, Some(slot)));
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?
}

/// Returns the response to a request that has to be repeated.
fn unavailable(receiver: &Receiver, provider: &'static str) -> Response {
    receiver.metrics.not_stored.get_or_create(&Labels { provider, event: "" }).inc();
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "what was sent could not be stored");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
    response
}

/// The reason why there is no body, with the status of the response.
struct NoBody(StatusCode, &'static str);

impl NoBody {
    const LONG: NoBody = NoBody(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    const SLOW: NoBody = NoBody(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time");
    const BROKEN: NoBody = NoBody(StatusCode::BAD_REQUEST, "the body could not be received");

    fn answer(self) -> Response {
        let mut response = problem(self.0, self.1);
        // The remainder of the body is not read, so the connection cannot be used again.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// Receives a body. Fails at once if its length is known to exceed the limit.
async fn body(mut body: Body, limit: usize) -> Result<Vec<u8>, NoBody> {
    if body.size_hint().lower() > limit as u64 {
        return Err(NoBody::LONG);
    }
    // The chunks are copied into one buffer, because each of them may be a single byte.
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| NoBody::BROKEN)?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - bytes.len() {
            return Err(NoBody::LONG);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
