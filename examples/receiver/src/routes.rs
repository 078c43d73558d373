//! What is answered.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use security_webhooks::{
    Batch, BodyFormat, Credentials, CredentialsLayer, Error, Provider, ProviderVisitor, Webhook, WebhookEvent,
    WebhookRejection, problem, serde_json::Map,
};
use tracing::{error, warn};

use crate::config::Config;
use crate::metrics::{Labels, Metrics};
use crate::record::{Kind, Record, Records};
use crate::sink::Sink;

/// What the handlers share.
pub(crate) struct Receiver {
    pub(crate) sink: Sink,
    pub(crate) metrics: Metrics,
    pub(crate) config: Config,
    /// Whether the last records that were to be stored are.
    pub(crate) is_healthy: AtomicBool,
}

/// The routes: one for each provider, `/healthz`, and `/metrics`.
pub(crate) fn router(receiver: &Arc<Receiver>, endpoints: Vec<(Provider, Credentials)>) -> Router {
    let mut router = Router::new().route("/healthz", get(health)).route("/metrics", get(metrics));
    for (provider, credentials) in endpoints {
        router = router.merge(provider.visit(Endpoint(credentials)));
    }
    router.layer(DefaultBodyLimit::max(receiver.config.body_limit)).with_state(Arc::clone(receiver))
}

async fn health(State(receiver): State<Arc<Receiver>>) -> Response {
    match receiver.is_healthy.load(Ordering::Relaxed) {
        true => "ok\n".into_response(),
        false => problem(StatusCode::SERVICE_UNAVAILABLE, "the last records could not be stored", Map::new()),
    }
}

async fn metrics(State(receiver): State<Arc<Receiver>>) -> Response {
    let content_type = (CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    match receiver.metrics.text() {
        Ok(text) => ([content_type], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Makes the route of a provider.
struct Endpoint(Credentials);

impl ProviderVisitor for Endpoint {
    type Output = Router<Arc<Receiver>>;

    fn visit<E: WebhookEvent>(self) -> Self::Output {
        // The extractor answers 405 to methods that the vendor does not use.
        Router::new().route(&format!("/{}", E::PROVIDER.name), any(receive::<E>)).layer(CredentialsLayer::new(self.0))
    }
}

/// Receives a body: an event, or several, whatever the vendor sends.
async fn receive<E: WebhookEvent>(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    let provider = E::PROVIDER.name;
    let body = Webhook::<Batch<E>>::from_request(request, &());
    let Webhook { payload, body, .. } = match tokio::time::timeout(receiver.config.body_timeout, body).await {
        Ok(Ok(webhook)) => webhook,
        Ok(Err(rejection)) => {
            warn!(provider, "{rejection}");
            return rejection.into_response();
        }
        Err(_) => {
            warn!(provider, "the body did not arrive in time");
            let mut response = problem(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time", Map::new());
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            return response;
        }
    };
    if receiver.config.strict
        && let Some(error) = refusal(&payload)
    {
        warn!(provider, "refused: {}", one_line(error.masked()));
        receiver.metrics.refused.get_or_create(&labels::<E>(None)).inc();
        return WebhookRejection::Payload(error).into_response();
    }
    let records = Records::new(provider, &body);
    let records = match &payload {
        Ok(batch) => records.of_batch(batch),
        Err(_) => records.of_body(&body),
    };
    if let Err(error) = store(&receiver, &records).await {
        error!(provider, "not stored: {error}");
        receiver.metrics.not_stored.get_or_create(&labels::<E>(None)).inc();
        let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "what was sent could not be stored", Map::new());
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
        return response;
    }
    observe(&receiver.metrics, &payload, &records);
    // CrowdSec accepts no other status.
    StatusCode::OK.into_response()
}

async fn store(receiver: &Receiver, records: &[Record<'_>]) -> Result<(), String> {
    if records.is_empty() {
        return Ok(());
    }
    let limit = receiver.config.store_timeout;
    let stored = tokio::time::timeout(limit, receiver.sink.store(records)).await;
    let stored = stored.unwrap_or_else(|_| Err(format!("it took more than {limit:?}")));
    receiver.is_healthy.store(stored.is_ok(), Ordering::Relaxed);
    stored
}

/// Why a body is refused where nothing is kept that cannot be read: it is not JSON, or its only event is not accepted.
fn refusal<E: WebhookEvent>(payload: &Result<Batch<E>, Error>) -> Option<Error> {
    match payload {
        Ok(batch) if batch.format() == BodyFormat::Single => {
            batch.rejected().next().map(|rejected| rejected.error().clone())
        }
        Ok(_) => None,
        Err(error) => Some(error.clone()),
    }
}

/// Counts what was stored, and logs what deserves attention, without a value of a payload.
fn observe<E: WebhookEvent>(metrics: &Metrics, payload: &Result<Batch<E>, Error>, records: &[Record<'_>]) {
    let provider = E::PROVIDER.name;
    for record in records {
        let labels = labels::<E>(record.event);
        match record.kind {
            Kind::Event => metrics.events.get_or_create(&labels).inc(),
            Kind::Unknown => {
                warn!(provider, id = record.id, "an event that is not known");
                metrics.unknown.get_or_create(&labels).inc()
            }
            Kind::Refused => metrics.refused.get_or_create(&labels).inc(),
        };
    }
    let batch = match payload {
        Ok(batch) => batch,
        Err(error) => {
            warn!(provider, "refused, and kept: {}", one_line(error.masked()));
            return;
        }
    };
    for rejected in batch.rejected() {
        warn!(provider, "refused, and kept: {}", one_line(rejected.error().masked()));
    }
    for event in batch.events() {
        let deviations = event.deviations();
        if !deviations.is_empty() {
            warn!(provider, event = event.name(), "differs from the schema: {}", one_line(deviations.masked()));
            metrics.deviations.get_or_create(&labels::<E>(event.name())).inc_by(deviations.count() as u64);
        }
    }
}

/// A report of several lines as one line of a log.
fn one_line(report: impl Display) -> String {
    report.to_string().lines().map(str::trim).collect::<Vec<_>>().join("; ")
}

fn labels<E: WebhookEvent>(event: Option<&str>) -> Labels {
    let known = event.and_then(|name| E::PROVIDER.events.iter().find(|event| event.name == name));
    Labels { provider: E::PROVIDER.name, event: known.map_or("", |event| event.name) }
}
