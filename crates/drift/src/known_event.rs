//! An event of schema-defs, prepared for comparing it with pages.

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::compare::{Acceptance, Change, ChangeKind, Class, Declared, Version};
use webhook_codegen::json::Json;
use webhook_codegen::{Checked, Library};
use webhook_runtime::__private::equal;

/// An event of schema-defs, prepared for comparing it with pages.
pub(crate) struct KnownEvent<'k> {
    pub(crate) event: &'k Event,
    /// Its schema with the overlay applied.
    pub(crate) schema: Acceptance,
}

impl<'k> KnownEvent<'k> {
    pub(crate) fn new(provider: &Provider, event: &'k Event, library: &Library) -> Checked<KnownEvent<'k>> {
        let schema = provider.schema(event).map_err(|problem| vec![problem])?;
        let version = Version { schema: &schema, library, instances: &[] };
        Ok(KnownEvent { event, schema: Acceptance::new(version, provider.reading(&event.name))? })
    }

    pub(crate) fn declared(&mut self, place: &str) -> Declared {
        self.schema.declared(place)
    }

    /// Returns whether the types of the event reject a payload.
    pub(crate) fn rejects(&mut self, payload: &serde_json::Value) -> bool {
        !self.schema.accepts(payload)
    }

    pub(crate) fn change(&self, what: ChangeKind, class: Class) -> Change {
        Change::of(&self.event.name, what, class)
    }
}

/// Returns whether a payload is one of an event's examples.
pub(crate) fn is_example(event: &Event, payload: &Json) -> bool {
    let value = payload.to_value();
    event.examples.iter().any(|example| equal(&example.value, &value))
}
