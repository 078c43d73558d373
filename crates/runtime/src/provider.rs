//! Facts about a provider and its events, as generated code declares them.

use serde_json::Value;

use crate::delivery::{Delivery, RequestInfo};
use crate::dispatch::Dispatch;
use crate::evaluate::Validator;
use crate::violation::Violations;

/// The rule that decides whether a payload of an event is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reading {
    /// A payload is accepted if and only if it is valid against the schema. This is the default for schemas that the
    /// vendor documents.
    #[default]
    Exact,
    /// Only the members that the schema requires must match it. Any other member whose value does not match is kept in
    /// `extra` under its JSON name. This is the default for schemas that were inferred from payloads.
    Tolerant,
}

/// A payload that the vendor documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Example {
    /// The JSON name of the event.
    pub event: &'static str,
    /// The name of the example.
    pub name: &'static str,
    /// The payload, as JSON text.
    pub payload: &'static str,
}

impl Example {
    /// Returns an example of an event.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(event: &'static str, name: &'static str, payload: &'static str) -> Example {
        Example { event, name, payload }
    }
}

/// Facts about a provider of webhooks, for code that is generic over providers.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProviderInfo {
    /// The name of the provider, which is also the name of its module and of its feature.
    pub name: &'static str,
    /// The vendor's name.
    pub title: &'static str,
    /// How the provider usually delivers events.
    pub delivery: Delivery,
    /// How the provider sends requests.
    pub requests: RequestInfo,
    /// The events, sorted by name.
    pub events: &'static [EventInfo],
    /// The facts about the envelope (the object around the events of a body), if the provider has a schema for it. Its
    /// example payloads are whole bodies.
    pub envelope: Option<EventInfo>,
    /// How its events are identified.
    #[doc(hidden)]
    pub dispatch: &'static Dispatch,
}

/// The facts about a provider that generated code declares. Unlike [`ProviderInfo`], this type can be written as a
/// literal in another crate.
#[derive(Debug)]
pub struct ProviderDeclaration {
    /// [`ProviderInfo::name`]
    pub name: &'static str,
    /// [`ProviderInfo::title`]
    pub title: &'static str,
    /// [`ProviderInfo::delivery`]
    pub delivery: Delivery,
    /// [`ProviderInfo::requests`]
    pub requests: RequestInfo,
    /// [`ProviderInfo::events`]
    pub events: &'static [EventInfo],
    /// [`ProviderInfo::envelope`]
    pub envelope: Option<EventInfo>,
    /// How its events are identified.
    pub dispatch: &'static Dispatch,
}

impl ProviderDeclaration {
    /// Returns the declared provider.
    #[must_use]
    pub const fn info(self) -> ProviderInfo {
        let ProviderDeclaration { name, title, delivery, requests, events, envelope, dispatch } = self;
        ProviderInfo { name, title, delivery, requests, events, envelope, dispatch }
    }
}

/// Facts about an event, for code that is generic over events.
#[derive(Debug)]
#[non_exhaustive]
pub struct EventInfo {
    /// The JSON name of the event.
    pub name: &'static str,
    /// The name of the event outside of the body, as in
    /// [`from_slice_with_name`](crate::WebhookEvent::from_slice_with_name).
    pub wire_name: &'static str,
    /// The JSON Schema of the payload.
    pub schema: &'static str,
    /// The documented payloads.
    pub examples: &'static [Example],
    /// The rule that decides whether a payload is accepted.
    pub reading: Reading,
    /// The validator of its payloads.
    #[doc(hidden)]
    pub validator: Validator<'static>,
}

impl EventInfo {
    /// Describes an event whose type is not compiled.
    #[doc(hidden)]
    #[must_use]
    pub const fn without_type(
        name: &'static str,
        wire_name: &'static str,
        reading: Reading,
        validator: Validator<'static>,
    ) -> EventInfo {
        EventInfo { name, wire_name, schema: "", examples: &[], reading, validator }
    }

    /// Validates a payload against the event's schema.
    ///
    /// # Errors
    ///
    /// The payload is invalid. The error has every violation, in document order.
    pub fn validate(&self, payload: &Value) -> Result<(), Violations> {
        self.validator.violations(payload).into_result()
    }
}

/// Returns the number of documented payloads of some events.
pub const fn example_count(events: &[EventInfo]) -> usize {
    let (mut count, mut event) = (0, 0);
    while event < events.len() {
        count += events[event].examples.len();
        event += 1;
    }
    count
}

/// Returns the documented payloads of some events. `COUNT` is the number of payloads, from [`example_count`].
pub const fn examples<const COUNT: usize>(events: &[EventInfo]) -> [Example; COUNT] {
    let mut all = [Example { event: "", name: "", payload: "" }; COUNT];
    let (mut count, mut event) = (0, 0);
    while event < events.len() {
        let mut example = 0;
        while example < events[event].examples.len() {
            all[count] = events[event].examples[example];
            count += 1;
            example += 1;
        }
        event += 1;
    }
    all
}
