//! Overlays: what we know better than a documented schema, as a JSON Patch that fails when it no longer fits.

use crate::catalog::{Event, Provider};
use crate::diagnostic::Diagnostic;
use crate::json::Json;

impl Provider {
    /// The schema of an event, with its overlay applied.
    ///
    /// # Errors
    ///
    /// The overlay does not fit.
    pub fn schema(&self, event: &Event) -> Result<Json, Diagnostic> {
        apply(self, event)
    }
}

fn apply(provider: &Provider, event: &Event) -> Result<Json, Diagnostic> {
    let Some(overlay) = &event.overlay else { return Ok(event.schema.clone()) };
    let file = provider.overlay_file(event);
    let patch: json_patch::Patch = serde_json::from_value(overlay.to_value()).map_err(|error| {
        let advice = "write a list of operations, as {\"op\": \"test\", \"path\": \"/…\", \"value\": …}";
        Diagnostic::of_file(&file, format!("not a JSON Patch (RFC 6902): {error}"), advice)
    })?;
    let mut value = event.schema.to_value();
    json_patch::patch(&mut value, &patch).map_err(|error| {
        let at = format!("/{}", error.operation);
        let operation = overlay.at(&at).map(Json::to_string).unwrap_or_default();
        let message = format!("does not apply to {}: {} ({operation})", provider.schema_file(event), error.kind);
        Diagnostic::at(&file, at, message, "the documented schema has changed: see whether the overlay is still needed")
    })?;
    Ok(Json::from_value(&value, Some(&event.schema)))
}
