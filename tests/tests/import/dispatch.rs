//! How imported events are distinguished: by members, by a header, or by name.

use serde_json::json;
use webhook_codegen::catalog::{CredentialKind, Delivery, Provider, Source};

use super::{identified, import_text, imported, names, written};

/// A document of webhooks: the name, the header parameters, and the schema of each.
pub(super) fn webhooks(events: &[(&str, &str, &str)]) -> String {
    let event = |(name, parameters, schema): &(&str, &str, &str)| {
        format!(
            r##""{name}": {{"post": {{"parameters": [{parameters}], "requestBody":
            {{"content": {{"application/json": {{"schema": {schema} }} }} }} }} }}"##
        )
    };
    let events: Vec<String> = events.iter().map(event).collect();
    format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "T", "version": "1"}}, "webhooks": {{ {} }}}}"##,
        events.join(",")
    )
}

fn wire_names(provider: &Provider) -> Vec<&str> {
    provider.events.iter().map(|event| provider.wire_name(event)).collect()
}

#[test]
fn a_member_that_names_the_event() {
    for name in ["openapi_3_0.yaml", "openapi_3_1.yaml", "asyncapi_3.json", "json_schema"] {
        let provider = written(&imported(name));
        assert!(!provider.settings.named && provider.settings.precedence.is_empty(), "{name}");
        for event in &provider.events {
            assert!(event.overlay.is_none(), "{name}");
            for example in &event.examples {
                let found = identified(&provider, [example.value.clone()]);
                assert_eq!(found, [&*event.name], "{name}: {}", example.value);
            }
        }
    }
}

#[test]
fn a_header_with_a_value_for_each_event() {
    let provider = written(&imported("asyncapi_2.yaml"));
    assert!(provider.settings.named);
    assert_eq!(wire_names(&provider), ["lamp.off", "lamp.on"]);
    assert_eq!(provider.settings.requests.event_header.as_deref(), Some("X-Event"));
    // A value that is only shown counts if it is like the event's name.
    let header =
        |value: &str| format!(r##"{{"name": "X-Event", "in": "header", "example": "{value}", "schema": {{}}}}"##);
    let named = |a: &str, b: &str| {
        let text = webhooks(&[("userAdded", &header(a), "{}"), ("userGone", &header(b), "{}")]);
        let provider = written(&import_text("a.json", &text).unwrap());
        wire_names(&provider).join(" ")
    };
    assert_eq!(named("user-added", "user-gone"), "user-added user-gone");
    assert_eq!(named("delivery-1", "delivery-2"), "userAdded userGone");
}

#[test]
fn a_member_that_is_not_required_is_required_by_an_overlay() {
    let schema = |name: &str| {
        format!(
            r##"{{"type": "object", "properties": {{"kind": {{"enum": ["{name}"]}}, "at": {{"type": "integer"}}}}}}"##
        )
    };
    let imported = import_text("a.json", &webhooks(&[("a", "", &schema("a")), ("b", "", &schema("b"))])).unwrap();
    assert!(imported.notes.iter().any(|note| note.starts_with("`kind` names the event")), "{:#?}", imported.notes);
    let provider = written(&imported);
    assert!(!provider.settings.named);
    let payloads = [json!({ "kind": "a" }), json!({ "kind": "b" }), json!({})];
    assert_eq!(identified(&provider, payloads), ["a", "b", "unknown"]);
}

#[test]
fn structure_or_nothing() {
    let of = |name: &str| {
        format!(
            r##"{{"type": "object", "required": ["{name}"], "properties": {{"{name}": {{}}}}, "additionalProperties": false}}"##
        )
    };
    let provider = written(&import_text("a.json", &webhooks(&[("a", "", &of("x")), ("b", "", &of("y"))])).unwrap());
    assert!(!provider.settings.named && provider.settings.precedence.is_empty());
    let provider = written(&import_text("a.json", &webhooks(&[("a", "", "{}"), ("b", "", "{}")])).unwrap());
    assert!(provider.settings.named);
}

#[test]
fn bodies_that_are_arrays_are_batches_of_events() {
    let list = |name: &str| {
        format!(
            r##"{{"type": "array", "minItems": 1, "items": {{"type": "object", "required": ["kind"], "properties": {{"kind": {{"const": "{name}"}}}}}},
            "examples": [[{{"kind": "{name}"}}, {{"kind": "{name}", "more": 1}}]]}}"##
        )
    };
    let imported = import_text("a.json", &webhooks(&[("a", "", &list("a")), ("b", "", &list("b"))])).unwrap();
    assert!(imported.notes.iter().any(|note| note.contains("`minItems` of the array")), "{:#?}", imported.notes);
    let provider = written(&imported);
    assert_eq!(provider.settings.delivery, Delivery::Batch);
    assert_eq!(provider.events.iter().map(|event| event.examples.len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn payloads_alone_give_an_inferred_schema() {
    let text = r##"{"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "x-webhooks": {"x-ray": {"post": {"requestBody":
        {"content": {"application/json": {"example": {"kind": "x-ray", "dose": 0.50}}}}}}}}"##;
    let provider = written(&import_text("a.json", text).unwrap());
    assert_eq!(names(&provider), ["x_ray"]);
    assert_eq!(provider.source("x_ray"), Source::Inferred);
    assert!(provider.events[0].examples[0].text.contains("0.50"), "{}", provider.events[0].examples[0].text);
}

#[test]
fn methods_headers_and_credentials_are_kept() {
    let provider = written(&imported("asyncapi_2.yaml"));
    let origin = provider.settings.events["lamp_on"].origin.as_deref();
    assert_eq!(origin, Some("asyncapi_2.yaml#/components/messages/LampOn; headers: x-lamp-id, X-Event"));
    let provider = written(&imported("openapi_3_0.yaml"));
    assert_eq!(provider.settings.requests.methods, ["POST"]);
    assert_eq!(provider.settings.requests.credentials, [CredentialKind::Bearer]);
    // The same body with two methods is one event.
    let text = webhooks(&[("a", "", "{\"type\": \"object\"}")])
        .replace("{\"post\": ", "{\"put\": {\"$ref\": \"#/webhooks/a/post\"}, \"post\": ");
    let body = "{\"content\": {\"application/json\": {\"schema\": {\"type\": \"object\"} } } }";
    let text = text.replace("{\"$ref\": \"#/webhooks/a/post\"}", &format!("{{\"requestBody\": {body}}}"));
    let provider = written(&import_text("a.json", &text).unwrap());
    assert_eq!((names(&provider), provider.settings.requests.methods.len()), (vec!["a"], 2));
}

#[test]
fn titles_are_one_line() {
    let text = webhooks(&[("a", "", "{}")]).replace("\"T\"", "\"A\\n  title\\u001b[2J\"");
    let provider = written(&import_text("a.json", &text).unwrap());
    assert_eq!(provider.settings.title, "A title [2J");
    assert_eq!(provider.settings.origin, "a.json: OpenAPI 3.1.0, A title [2J 1");
}

/// As GitHub describes its webhooks: the header is documented with one example for all, and the rest is in the names.
#[test]
fn a_header_and_a_member_name_the_event_together() {
    let header = r##"{"name": "X-Hub-Event", "in": "header", "example": "issues", "schema": {"type": "string"}}"##;
    let with = |action: &str| {
        format!(
            r##"{{"type": "object", "required": ["action"], "properties": {{"action": {{"type": "string", "enum": ["{action}"]}}, "id": {{"type": "integer"}}}}}}"##
        )
    };
    let push = r##"{"type": "object", "required": ["ref"], "properties": {"ref": {"type": "string"}}}"##;
    let text = webhooks(&[
        ("check-run-completed", header, &with("completed")),
        ("check-run-rerequested", header, &with("rerequested")),
        ("issues-closed", header, &with("closed")),
        ("pull-request-closed", header, &with("closed")),
        ("push", header, push),
    ]);
    let imported = import_text("a.json", &text).unwrap();
    let provider = written(&imported);
    assert!(provider.settings.named, "{:#?}", imported.notes);
    assert_eq!(provider.settings.requests.event_header.as_deref(), Some("X-Hub-Event"));
    assert_eq!(wire_names(&provider), ["check_run", "check_run", "issues", "pull_request", "push"]);
    assert!(imported.notes.iter().any(|note| note.contains("names the kind of an event, and `action` the event")));
    // Without such a member, the names in the header are not known.
    let text = webhooks(&[("a-made", header, push), ("a-gone", header, push), ("b", header, push)]);
    let provider = written(&import_text("a.json", &text).unwrap());
    assert_eq!(provider.settings.requests.event_header, None);
}

/// The topics of AsyncAPI 1 are events, those that the application sends.
#[test]
fn topics_of_the_first_version_are_events() {
    let text = r##"{
        "asyncapi": "1.2.0", "info": {"title": "Chat", "version": "1"},
        "topics": {
            "user.joined": {"subscribe": {"payload": {"$ref": "#/components/schemas/Joined"}}},
            "user.left": {"subscribe": {"payload": {"type": "object", "required": ["type"], "properties": {"type": {"const": "left"}}}}},
            "user.ban": {"publish": {"payload": {"type": "object"}}}
        },
        "components": {"schemas": {"Joined": {
            "type": "object", "required": ["type", "name"],
            "properties": {"type": {"const": "joined"}, "name": {"type": "string"}},
            "example": {"type": "joined", "name": "a"}
        }}}
    }"##;
    let imported = import_text("a.json", text).unwrap();
    let provider = written(&imported);
    assert_eq!(names(&provider), ["user_joined", "user_left"]);
    let payloads = [json!({ "type": "joined", "name": "b" }), json!({ "type": "left" })];
    assert_eq!(identified(&provider, payloads), ["user_joined", "user_left"]);
    assert!(imported.notes.iter().any(|note| note.contains("the application receives")), "{:?}", imported.notes);
}
