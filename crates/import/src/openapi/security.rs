//! Reads the credentials of requests from security requirements.

use webhook_codegen::catalog::CredentialKind;
use webhook_codegen::json::Json;

use super::OpenApi;
use crate::references::Place;
use crate::schemas::Language;

impl OpenApi<'_, '_, '_> {
    /// Returns the credentials of an operation. Credentials of the whole document are for the vendor's own API, and not
    /// for webhooks.
    pub(super) fn credentials(&mut self, operation: &Place) -> Vec<CredentialKind> {
        let mut found = Vec::new();
        let requirements = self.reading.documents().at(&operation.below(&["security"]));
        let requirements = requirements.as_ref().and_then(Json::as_array).unwrap_or_default();
        for (name, _) in requirements.iter().filter_map(Json::as_object).flatten() {
            let root = Place { document: operation.document, pointer: String::new() };
            let scheme = match self.language {
                Language::Swagger20 => root.below(&["securityDefinitions", name]),
                _ => root.below(&["components", "securitySchemes", name]),
            };
            let scheme = self.reading.object(scheme);
            let kind = scheme.as_ref().and_then(|(_, scheme)| kind(scheme));
            match kind {
                Some(kind) if !found.contains(&kind) => found.push(kind),
                Some(_) => {}
                None => {
                    let text = format!("not imported: a receiver cannot check the credentials {name:?}");
                    self.reading.note(operation, text);
                }
            }
        }
        found
    }
}

fn kind(scheme: &Json) -> Option<CredentialKind> {
    let member = |name: &str| scheme.get(name).and_then(Json::as_str);
    match (member("type")?, member("scheme").map(str::to_ascii_lowercase).as_deref(), member("in")) {
        // `basic` is a type of its own in Swagger 2.0.
        ("http", Some("basic"), _) | ("basic", ..) => Some(CredentialKind::Basic),
        ("http", Some("bearer"), _) => Some(CredentialKind::Bearer),
        ("apiKey", _, Some("header")) => Some(CredentialKind::Header),
        ("mutualTLS", _, _) => Some(CredentialKind::ClientCertificate),
        _ => None,
    }
}
