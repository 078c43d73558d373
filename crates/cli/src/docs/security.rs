//! The credentials of requests in the OpenAPI document.

use webhook_codegen::catalog::{CredentialKind, Provider};
use webhook_codegen::json::Json;

use super::openapi::{Members, object, string};

/// The name of a scheme, and the scheme; `None` for one that OpenAPI has no word for.
fn scheme(kind: CredentialKind) -> Option<(&'static str, Json)> {
    // OpenAPI asks for the header's name, which is for the receiver's operator to choose.
    let header = |description: &str| {
        let name = string("X-Webhook-Secret");
        object([
            ("type", string("apiKey")),
            ("in", string("header")),
            ("name", name),
            ("description", string(description)),
        ])
    };
    let http = |scheme: &str| object([("type", string("http")), ("scheme", string(scheme))]);
    Some(match kind {
        CredentialKind::Header => ("header", header("A header of your choice: the name here is an example.")),
        CredentialKind::Headers => {
            ("headers", header("One of several headers of your choice: the name here is an example."))
        }
        CredentialKind::Basic => ("basic", http("basic")),
        CredentialKind::Bearer => ("bearer", http("bearer")),
        CredentialKind::ClientCertificate => ("clientCertificate", object([("type", string("mutualTLS"))])),
        _ => return None,
    })
}

/// The schemes that the providers use.
pub(super) fn schemes(providers: &[&Provider]) -> Members {
    let mut found = Members::new();
    for (name, scheme) in
        providers.iter().flat_map(|provider| &provider.settings.requests.credentials).filter_map(|kind| scheme(*kind))
    {
        if !found.iter().any(|(known, _)| known == name) {
            found.push((name.to_owned(), scheme));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// What requests of a provider authenticate with: alternatives, of which one is nothing, because it is for the operator to
/// choose. `None` where the vendor documents no credentials.
pub(super) fn requirements(provider: &Provider) -> Option<Json> {
    let kinds = &provider.settings.requests.credentials;
    let mut all: Vec<Json> = kinds
        .iter()
        .filter_map(|kind| scheme(*kind))
        .map(|(name, _)| object([(name, Json::Array(Vec::new()))]))
        .collect();
    if all.is_empty() {
        return None;
    }
    all.push(object([]));
    Some(Json::Array(all))
}
