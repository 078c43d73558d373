//! Counters for Prometheus.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The labels of most counters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Labels {
    pub(crate) provider: &'static str,
    /// The name of a documented event. Empty for other events, because anybody could choose their names.
    pub(crate) event: &'static str,
}

/// The label of counters without an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct OfProvider {
    pub(crate) provider: &'static str,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Closed {
    reason: &'static str,
}

impl Closed {
    /// The client or the server closed the connection between requests.
    pub(crate) const ENDED: Closed = Closed { reason: "ended" };
    /// The connection broke, or the client did not send HTTP.
    pub(crate) const FAILED: Closed = Closed { reason: "failed" };
    /// No complete head of a request arrived in time.
    pub(crate) const TIMEOUT: Closed = Closed { reason: "timeout" };
    /// The connection was closed to make room for another connection.
    pub(crate) const EVICTED: Closed = Closed { reason: "evicted" };
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    /// Documented events.
    pub(crate) events: Family<Labels, Counter>,
    /// Events that are not known.
    pub(crate) unknown: Family<Labels, Counter>,
    /// Payloads that were rejected.
    pub(crate) refused: Family<Labels, Counter>,
    /// Places in which accepted payloads differ from their schema.
    pub(crate) deviations: Family<Labels, Counter>,
    /// Requests whose records could not be stored.
    pub(crate) not_stored: Family<Labels, Counter>,
    /// Requests without valid credentials.
    pub(crate) unauthorized: Family<OfProvider, Counter>,
    /// Connections that are open.
    pub(crate) connections: Gauge,
    /// Connections that ended.
    pub(crate) closed: Family<Closed, Counter>,
}

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let mut registry = Registry::with_prefix("webhooks");
        let mut counter = |name: &str, help: &str| {
            let family = Family::<Labels, Counter>::default();
            registry.register(name, help, family.clone());
            family
        };
        let events = counter("events", "Documented events that were stored");
        let unknown = counter("unknown", "Events that are not known, and were stored");
        let refused = counter("refused", "Payloads that could not be read");
        let deviations = counter("deviations", "Places in which accepted payloads differ from their schema");
        let not_stored = counter("not_stored", "Requests that could not be stored");
        let (unauthorized, connections, closed) = (Family::default(), Gauge::default(), Family::default());
        registry.register("unauthorized", "Requests without the right credentials", unauthorized.clone());
        registry.register("connections", "Connections that are open", connections.clone());
        registry.register("connections_closed", "Connections that ended", closed.clone());
        Metrics { registry, events, unknown, refused, deviations, not_stored, unauthorized, connections, closed }
    }

    /// Returns the counters in the text format of OpenMetrics.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
