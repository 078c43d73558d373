//! How imported events are distinguished: by members, by a header, or by name.

use webhook_codegen::EventMatcher;

use crate::{generates, import_text, imported, written};

/// A document of webhooks: the name, the header parameters, and the schema of each.
fn webhooks(events: &[(&str, &str, &str)]) -> String {
    let event = |(name, parameters, schema): &(&str, &str, &str)| {
        format!(
            r##""{name}": {{"post": {{"parameters": [{parameters}], "requestBody":
            {{"content": {{"application/json": {{"schema": {schema} }} }} }} }} }}"##
        )
    };
    let events: Vec<String> = events.iter().map(event).collect();
    format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "T", "version": "1"}}, "webhooks": {{ {} }} }}"##,
        events.join(",")
    )
}

#[test]
fn a_member_that_names_the_event() {
    for name in ["openapi_3_0.yaml", "openapi_3_1.yaml", "asyncapi_3.json", "json_schema"] {
        let provider = written(&imported(name));
        assert!(!provider.settings.named && provider.settings.precedence.is_empty(), "{name}");
        let matcher = EventMatcher::new(&provider).unwrap();
        for (at, event) in provider.events.iter().enumerate() {
            assert!(event.overlay.is_none(), "{name}");
            for example in &event.examples {
                assert_eq!(matcher.detect(&example.value), Some(at), "{name}: {}", example.value);
            }
        }
    }
}

#[test]
fn a_header_with_a_value_for_each_event() {
    let provider = written(&imported("asyncapi_2.yaml"));
    assert!(provider.settings.named);
    let names: Vec<&str> = provider.events.iter().map(|event| provider.wire_name(event)).collect();
    assert_eq!(names, ["lamp.off", "lamp.on"]);
    assert_eq!(provider.settings.requests.event_header.as_deref(), Some("X-Event"));
    // A value that is only shown counts if it is like the event's name.
    let header =
        |value: &str| format!(r##"{{"name": "X-Event", "in": "header", "example": "{value}", "schema": {{}}}}"##);
    let named = |a: &str, b: &str| {
        let text = webhooks(&[("userAdded", &header(a), "{}"), ("userGone", &header(b), "{}")]);
        let provider = written(&import_text("a.json", &text).unwrap());
        generates(&provider);
        provider.events.iter().map(|event| provider.wire_name(event).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("user-added", "user-gone"), ["user-added", "user-gone"]);
    assert_eq!(named("delivery-1", "delivery-2"), ["userAdded", "userGone"]);
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
    generates(&provider);
    let matcher = EventMatcher::new(&provider).unwrap();
    let detected = |text: &str| matcher.detect(&serde_json::from_str(text).unwrap());
    assert_eq!([detected(r#"{"kind": "a"}"#), detected(r#"{"kind": "b"}"#), detected("{}")], [Some(0), Some(1), None]);
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
    generates(&provider);
    let provider = written(&import_text("a.json", &webhooks(&[("a", "", "{}"), ("b", "", "{}")])).unwrap());
    assert!(provider.settings.named);
    generates(&provider);
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
    assert_eq!(provider.settings.delivery, webhook_codegen::catalog::Delivery::Batch);
    assert_eq!(provider.events.iter().map(|event| event.examples.len()).collect::<Vec<_>>(), [2, 2]);
    generates(&provider);
}

#[test]
fn payloads_alone_give_an_inferred_schema() {
    let text = r##"{"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "x-webhooks": {"x-ray": {"post": {"requestBody":
        {"content": {"application/json": {"example": {"kind": "x-ray", "dose": 0.50}}}}}}}}"##;
    let provider = written(&import_text("a.json", text).unwrap());
    assert_eq!(crate::names(&provider), ["x_ray"]);
    assert_eq!(provider.source("x_ray"), webhook_codegen::catalog::Source::Inferred);
    assert!(provider.events[0].examples[0].text.contains("0.50"), "{}", provider.events[0].examples[0].text);
    generates(&provider);
}

#[test]
fn methods_headers_and_credentials_are_kept() {
    let provider = written(&imported("asyncapi_2.yaml"));
    let origin = provider.settings.events["lamp_on"].origin.as_deref();
    assert_eq!(origin, Some("asyncapi_2.yaml#/components/messages/LampOn; headers: x-lamp-id, X-Event"));
    let provider = written(&imported("openapi_3_0.yaml"));
    assert_eq!(provider.settings.requests.methods, ["POST"]);
    assert_eq!(provider.settings.requests.credentials, [webhook_codegen::catalog::CredentialKind::Bearer]);
    // The same body with two methods is one event.
    let text = webhooks(&[("a", "", "{\"type\": \"object\"}")])
        .replace("{\"post\": ", "{\"put\": {\"$ref\": \"#/webhooks/a/post\"}, \"post\": ");
    let body = "{\"content\": {\"application/json\": {\"schema\": {\"type\": \"object\"} } } }";
    let text = text.replace("{\"$ref\": \"#/webhooks/a/post\"}", &format!("{{\"requestBody\": {body}}}"));
    let provider = written(&import_text("a.json", &text).unwrap());
    assert_eq!((crate::names(&provider), provider.settings.requests.methods.len()), (vec!["a"], 2));
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
    generates(&provider);
    assert!(provider.settings.named, "{:#?}", imported.notes);
    assert_eq!(provider.settings.requests.event_header.as_deref(), Some("X-Hub-Event"));
    let names: Vec<&str> = provider.events.iter().map(|event| provider.wire_name(event)).collect();
    assert_eq!(names, ["check_run", "check_run", "issues", "pull_request", "push"]);
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
    assert_eq!(
        provider.events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(),
        ["user_joined", "user_left"]
    );
    let matcher = EventMatcher::new(&provider).unwrap();
    assert_eq!(matcher.detect(&serde_json::json!({ "type": "joined", "name": "b" })), Some(0));
    assert_eq!(matcher.detect(&serde_json::json!({ "type": "left" })), Some(1));
    assert!(imported.notes.iter().any(|note| note.contains("the application receives")), "{:?}", imported.notes);
    generates(&provider);
}
