//! Overlays: corrections of a documented schema, as a JSON Patch that fails if it no longer applies.

use crate::json::Json;
use crate::load::catalog::{Event, Provider};
use crate::model::diagnostic::{Code, Diagnostic};

impl Provider {
    /// Returns the schema of an event or of the envelope, with its overlay applied.
    ///
    /// # Errors
    ///
    /// Returns an error if the overlay does not apply.
    pub fn schema(&self, event: &Event) -> Result<Json, Diagnostic> {
        match &event.overlay {
            Some(overlay) => apply(&self.schema_file(event), &event.schema, &self.overlay_file(event), overlay),
            None => Ok(event.schema.clone()),
        }
    }

    /// Iterates over the schemas that events share, with their overlays applied, and their paths below schema-defs.
    pub fn shared_schemas(&self) -> impl Iterator<Item = (&str, Result<Json, Diagnostic>)> {
        let schemas = self.documents.iter().filter(|(file, _)| !self.is_document_overlay(file));
        schemas.map(|(file, json)| {
            let overlay = document_overlay(file);
            let schema = match self.documents.get(&overlay) {
                Some(patch) => apply(file, json, &overlay, patch),
                None => Ok(json.clone()),
            };
            (file.as_str(), schema)
        })
    }

    /// Returns whether a file in `common/` is the overlay of another file there.
    pub fn is_document_overlay(&self, file: &str) -> bool {
        let schema = file.strip_suffix(OVERLAY).map(|stem| format!("{stem}.json"));
        schema.is_some_and(|schema| self.documents.contains_key(&schema))
    }

    /// Moves a problem of a schema into its overlay, if the overlay wrote that part of the schema.
    pub fn in_overlay(&self, problem: Diagnostic) -> Diagnostic {
        match self.overlaid(&problem.file, &problem.pointer) {
            Some((file, pointer)) => Diagnostic { file, pointer, ..problem },
            None => problem,
        }
    }

    /// Returns the overlay that wrote a place of a schema, and the place in the overlay. Returns `None` if the place
    /// comes from the schema itself.
    pub(crate) fn overlaid(&self, file: &str, pointer: &str) -> Option<(String, String)> {
        let (file, overlay) = match self.roots().find(|event| self.schema_file(event) == file) {
            Some(event) => (self.overlay_file(event), event.overlay.as_ref()?),
            None => {
                let file = document_overlay(file);
                let overlay = self.documents.get(&file)?;
                (file, overlay)
            }
        };
        let pointer = written(overlay, pointer)?;
        Some((file, pointer))
    }
}

/// The suffix of the file names of overlays for shared schemas.
const OVERLAY: &str = ".overlay.json";

/// Returns the path of the overlay of a shared schema.
pub fn document_overlay(file: &str) -> String {
    format!("{}{OVERLAY}", file.strip_suffix(".json").unwrap_or(file))
}

/// Returns the location in an overlay of the value that it wrote at a location of the schema. The last operation that
/// wrote there counts.
fn written(overlay: &Json, pointer: &str) -> Option<String> {
    let below = |operation: &Json| {
        let kind = operation.get("op")?.as_str()?;
        let rest = pointer.strip_prefix(operation.get("path")?.as_str()?)?;
        (matches!(kind, "add" | "replace") && (rest.is_empty() || rest.starts_with('/'))).then(|| rest.to_owned())
    };
    let operations = overlay.as_array()?.iter().enumerate().rev();
    operations.into_iter().find_map(|(index, operation)| Some(format!("/{index}/value{}", below(operation)?)))
}

/// Applies an overlay to a schema. `file` is the file of the overlay.
fn apply(schema_file: &str, schema: &Json, file: &str, overlay: &Json) -> Result<Json, Diagnostic> {
    let patch: json_patch::Patch = serde_json::from_value(overlay.to_value()).map_err(|error| {
        let advice = "write a list of operations, as {\"op\": \"test\", \"path\": \"/…\", \"value\": …}";
        Diagnostic::of_file(Code::InvalidOverlay, file, format!("not a JSON Patch (RFC 6902): {error}"), advice)
    })?;
    let mut value = schema.to_value();
    json_patch::patch(&mut value, &patch).map_err(|error| {
        let at = format!("/{}", error.operation);
        let operation = overlay.at(&at).map(Json::to_string).unwrap_or_default();
        let message = format!("does not apply to {schema_file}: {} ({operation})", error.kind);
        let advice = "the documented schema has changed: see whether the overlay is still needed";
        Diagnostic::at(Code::OverlayConflict, file, at, message, advice)
    })?;
    Ok(Json::from_value(&value, Some(schema)))
}
