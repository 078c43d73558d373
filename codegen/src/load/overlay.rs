//! Overlays: what we know better than a documented schema, as a JSON Patch that fails when it no longer fits.

use crate::json::Json;
use crate::load::catalog::{Event, Provider};
use crate::model::diagnostic::{Code, Diagnostic};

impl Provider {
    /// The schema of an event, with its overlay applied.
    ///
    /// # Errors
    ///
    /// The overlay does not fit.
    pub fn schema(&self, event: &Event) -> Result<Json, Diagnostic> {
        apply(self, event)
    }

    /// Moves a problem of an event's schema into the overlay, where the overlay wrote what it is about.
    pub fn in_overlay(&self, problem: Diagnostic) -> Diagnostic {
        let Some(event) = self.events.iter().find(|event| self.schema_file(event) == problem.file) else {
            return problem;
        };
        match event.overlay.as_ref().and_then(|overlay| written(overlay, &problem.pointer)) {
            Some(pointer) => Diagnostic { file: self.overlay_file(event), pointer, ..problem },
            None => problem,
        }
    }
}

/// The place in an overlay of what it wrote at a place of the schema: in the value of the last operation that did.
fn written(overlay: &Json, pointer: &str) -> Option<String> {
    let below = |operation: &Json| {
        let kind = operation.get("op")?.as_str()?;
        let rest = pointer.strip_prefix(operation.get("path")?.as_str()?)?;
        (matches!(kind, "add" | "replace") && (rest.is_empty() || rest.starts_with('/'))).then(|| rest.to_owned())
    };
    let operations = overlay.as_array()?.iter().enumerate().rev();
    operations.into_iter().find_map(|(index, operation)| Some(format!("/{index}/value{}", below(operation)?)))
}

fn apply(provider: &Provider, event: &Event) -> Result<Json, Diagnostic> {
    let Some(overlay) = &event.overlay else { return Ok(event.schema.clone()) };
    let file = provider.overlay_file(event);
    let patch: json_patch::Patch = serde_json::from_value(overlay.to_value()).map_err(|error| {
        let advice = "write a list of operations, as {\"op\": \"test\", \"path\": \"/…\", \"value\": …}";
        Diagnostic::of_file(Code::InvalidOverlay, &file, format!("not a JSON Patch (RFC 6902): {error}"), advice)
    })?;
    let mut value = event.schema.to_value();
    json_patch::patch(&mut value, &patch).map_err(|error| {
        let at = format!("/{}", error.operation);
        let operation = overlay.at(&at).map(Json::to_string).unwrap_or_default();
        let message = format!("does not apply to {}: {} ({operation})", provider.schema_file(event), error.kind);
        let advice = "the documented schema has changed: see whether the overlay is still needed";
        Diagnostic::at(Code::OverlayConflict, &file, at, message, advice)
    })?;
    Ok(Json::from_value(&value, Some(&event.schema)))
}
