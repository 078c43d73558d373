//! Which event a payload is, without generating code: by the conditions that generated code would make.

pub(crate) mod precedence;

use std::sync::Arc;

use serde_json::Value;
use webhook_runtime::__private::Instance;

use crate::json::{Json, same, step};
use crate::load::catalog::Provider;
use crate::load::schemas::model;
use crate::model::Dialect;
use crate::model::diagnostic::Diagnostic;
use crate::normalize::Schemas;
use crate::plan::{self, Condition, Path};

/// What distinguishes the events of a provider.
#[derive(Debug)]
pub struct EventMatcher {
    /// The events, by their places, and their conditions, in order of precedence.
    events: Vec<(usize, Vec<Condition>)>,
    /// The members that name events.
    event_names: Vec<Path>,
}

impl EventMatcher {
    /// Determines what distinguishes the events of a provider. If only a name outside the body does, no payload is identified.
    ///
    /// # Errors
    ///
    /// Every problem of the schemas, and events that cannot be distinguished.
    pub fn new(provider: &Provider) -> Result<EventMatcher, Vec<Diagnostic>> {
        if provider.events.is_empty() || provider.settings.named {
            return Ok(EventMatcher { events: Vec::new(), event_names: Vec::new() });
        }
        let (model, roots) = model(provider, true, Dialect::default())?;
        let dispatch = plan::plan_dispatch(provider, &mut Schemas::new(Arc::new(model)), &roots)?;
        let event_names =
            dispatch.event_names.iter().filter_map(|place| dispatch.discriminator_paths.get(*place).cloned()).collect();
        Ok(EventMatcher { events: dispatch.events, event_names })
    }

    /// The event of a payload, by its place in the provider.
    pub fn detect(&self, payload: &Value) -> Option<usize> {
        let detected =
            self.events.iter().find(|(_, conditions)| conditions.iter().all(|condition| holds(condition, payload)));
        detected.map(|(event, _)| *event)
    }

    /// The members that name events, as JSON Pointers: one that all events have, or one for each group of events.
    pub fn event_names(&self) -> impl Iterator<Item = String> {
        self.event_names.iter().map(pointer)
    }

    /// The members of an event that have fixed values, as JSON Pointers, and the values.
    pub fn fixed(&self, event: usize) -> Vec<(String, Vec<Json>)> {
        let conditions = self.events.iter().filter(|(known, _)| *known == event).flat_map(|(_, conditions)| conditions);
        let fixed = |condition: &Condition| match condition {
            Condition::Equals(path, values) => Some((pointer(path), values.clone())),
            _ => None,
        };
        conditions.filter_map(fixed).collect()
    }
}

fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, name| step(&pointer, name))
}

fn holds(condition: &Condition, payload: &Value) -> bool {
    let found = |path: &Path| path.iter().try_fold(payload, |value, name| value.as_object()?.get(name));
    match condition {
        Condition::Equals(path, values) => {
            found(path).is_some_and(|value| values.iter().any(|known| same(known, &Json::from_value(value, None))))
        }
        Condition::Present(path) => found(path).is_some(),
        Condition::Absent(path) => found(path).is_none(),
        Condition::Type(path, types) => found(path).is_some_and(|value| types.accept(Instance::from(value))),
    }
}
