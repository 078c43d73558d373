//! URIs, and the identifiers of schemas.

use fluent_uri::{Uri, UriRef};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use webhook_codegen::json::Json;

/// The ASCII characters that may not occur in a URI.
const NOT_IN_A_URI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// Resolves a URI reference against a base. The fragment is kept.
pub(crate) fn resolve(base: &str, reference: &str) -> Result<String, String> {
    // Documents often have spaces or braces in references, such as names of generic types.
    let reference = utf8_percent_encode(reference, NOT_IN_A_URI).to_string();
    let reference = UriRef::parse(reference.as_str()).map_err(|error| error.to_string())?;
    let base = Uri::parse(base).map_err(|error| error.to_string())?;
    // A reference that is only a fragment means the base itself, even if the base has no hierarchy, as `urn:` has none.
    let is_fragment =
        reference.scheme().is_none() && reference.authority().is_none() && reference.path().as_str().is_empty();
    if is_fragment && reference.query().is_none() {
        let base = base.strip_fragment().normalize().to_string();
        return Ok(match reference.fragment() {
            Some(fragment) => format!("{base}#{fragment}"),
            None => base,
        });
    }
    let resolved = reference.resolve_against(&base.strip_fragment()).map_err(|error| error.to_string())?;
    Ok(resolved.normalize().to_string())
}

/// Returns the identifier of a schema (`$id`, or `id` in draft-04) without an empty fragment.
pub(crate) fn identifier(schema: &Json) -> Option<&str> {
    let is_draft4 = schema.get("$schema").and_then(Json::as_str).is_some_and(|dialect| dialect.contains("draft-04"));
    let id = schema.get(if is_draft4 { "id" } else { "$id" }).and_then(Json::as_str)?;
    let id = id.trim_end_matches('#');
    // Until draft-07, an identifier such as `#name` is an anchor.
    (!id.is_empty() && !id.starts_with('#')).then_some(id)
}
