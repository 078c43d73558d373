//! Finds the event of a payload without generated code.

use std::sync::Arc;

use serde_json::Value;

use super::{Condition, Dispatch};
use crate::json::{Json, descend};
use crate::load::catalog::{Event, Provider};
use crate::load::schemas::model;
use crate::model::Dialect;
use crate::model::diagnostic::Checked;
use crate::normalize::Schemas;

/// The conditions by which generated code finds the event of a payload.
#[derive(Debug)]
pub struct EventMatcher {
    dispatch: Dispatch,
}

impl EventMatcher {
    /// Determines the conditions that distinguish the events of a provider. If a name outside the body identifies
    /// events, no payload is detected.
    ///
    /// # Errors
    ///
    /// Returns all problems of the schemas, and the events that cannot be distinguished.
    pub fn new(provider: &Provider) -> Checked<EventMatcher> {
        if provider.events.is_empty() || provider.settings.named {
            return Ok(EventMatcher { dispatch: Dispatch::default() });
        }
        let (model, roots) = model(provider, true, Dialect::default())?;
        let dispatch = Dispatch::new(provider, &mut Schemas::new(Arc::new(model)), &roots)?;
        Ok(EventMatcher { dispatch })
    }

    /// Returns the index of a payload's event in the provider.
    pub fn detect(&self, payload: &Value) -> Option<usize> {
        let mut events = self.dispatch.events.iter();
        let detected = events.find(|(_, conditions)| conditions.iter().all(|condition| condition.holds(payload)));
        detected.map(|(event, _)| *event)
    }

    /// Returns whether every example of the provider is identified as its own event.
    pub fn detects_examples(&self, provider: &Provider) -> bool {
        let is_own =
            |(at, event): (usize, &Event)| event.examples.iter().all(|example| self.detect(&example.value) == Some(at));
        provider.events.iter().enumerate().all(is_own)
    }

    /// Returns the conditions that identify an event. Every payload of the event meets all of them.
    pub fn conditions(&self, event: usize) -> &[Condition] {
        self.dispatch.conditions(event)
    }

    /// Returns the members that name events, as JSON Pointers: one member for all events, or one for each group of
    /// events.
    pub fn event_names(&self) -> impl Iterator<Item = String> {
        self.dispatch.event_names.iter().map(|path| descend("", path))
    }

    /// Returns the members of an event with fixed values, as JSON Pointers, and the values.
    pub fn fixed(&self, event: usize) -> Vec<(String, Vec<Json>)> {
        let fixed = |condition: &Condition| match condition {
            Condition::Equals(path, values) => Some((descend("", path), values.clone())),
            _ => None,
        };
        self.conditions(event).iter().filter_map(fixed).collect()
    }
}
