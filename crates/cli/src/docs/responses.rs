//! The answers of a receiver in the OpenAPI document: those that `WebhookRejection` and `CredentialsLayer` of the runtime give.

use webhook_codegen::catalog::{Provider, Success};
use webhook_codegen::json::Json;

use super::openapi::{Members, member, object, string};

/// The answers to a request of a provider.
pub(super) fn responses(provider: &Provider) -> Members {
    let requests = &provider.settings.requests;
    let success = match requests.success {
        Some(Success::Any2xx) => "2XX",
        _ => "200",
    };
    let accepted = object([("description", string("The body was accepted."))]);
    let mut all = vec![member(success, accepted), member("400", problem("The body is not JSON."))];
    if !requests.credentials.is_empty() {
        all.push(member("401", problem("The request lacks the right credentials.")));
    }
    all.push(member("422", problem("A payload violates its schema; the violations are listed.")));
    let retried = match &requests.retry {
        Some(retry) => format!("The receiver cannot take the body now. {}.", retry.trim_end_matches('.')),
        None => {
            "The receiver cannot take the body now. The vendor does not document whether it sends it again.".to_owned()
        }
    };
    all.push(member("503", problem(&retried)));
    all
}

fn problem(description: &str) -> Json {
    let schema = object([("schema", object([("$ref", string("#/components/schemas/Problem"))]))]);
    object([("description", string(description)), ("content", object([("application/problem+json", schema)]))])
}

/// The schema of a problem document (RFC 9457), with the violations that it lists.
pub(super) fn problem_schema() -> Json {
    let typed = |name: &str, description: &str| object([("type", string(name)), ("description", string(description))]);
    let violation = object([
        ("type", string("object")),
        (
            "properties",
            object([
                ("instanceLocation", typed("string", "A JSON Pointer into the payload.")),
                ("keywordLocation", typed("string", "A JSON Pointer into the schema.")),
                ("error", typed("string", "What is wrong, without the value.")),
            ]),
        ),
    ]);
    let violations = object([("type", string("array")), ("items", violation)]);
    object([
        ("type", string("object")),
        ("description", string("A problem document (RFC 9457).")),
        (
            "properties",
            object([
                ("type", object([("type", string("string")), ("format", string("uri-reference"))])),
                ("title", typed("string", "The status in words.")),
                ("status", typed("integer", "The status.")),
                ("detail", typed("string", "What is wrong.")),
                ("event", typed("string", "The event whose schema is violated.")),
                ("violations", violations),
                ("count", typed("integer", "The number of violations.")),
            ]),
        ),
    ])
}
