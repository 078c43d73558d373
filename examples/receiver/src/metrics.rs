//! Counters for Prometheus.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// What is counted is counted by provider and event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Labels {
    pub(crate) provider: &'static str,
    /// The name of a documented event; empty for others, as anybody could choose their names.
    pub(crate) event: &'static str,
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    /// Documented events.
    pub(crate) events: Family<Labels, Counter>,
    /// Events that are not known.
    pub(crate) unknown: Family<Labels, Counter>,
    /// Payloads that were refused.
    pub(crate) refused: Family<Labels, Counter>,
    /// Places in which accepted payloads differ from their schema.
    pub(crate) deviations: Family<Labels, Counter>,
    /// Requests that were answered 503, because what they brought could not be stored.
    pub(crate) not_stored: Family<Labels, Counter>,
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
        Metrics { registry, events, unknown, refused, deviations, not_stored }
    }

    /// The counters in the text format of OpenMetrics.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
