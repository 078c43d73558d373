//! Payloads that only the schemas of a document describe, and webhooks that a document has twice.

use serde_json::Value;

use super::evaluate30::accepts;
use super::{agrees, examples, import_schemas, import_text, names, shown, written};

/// A document without webhooks; `Common` is used by several schemas.
const DOCUMENT: &str = r##"
openapi: 3.0.3
info: {title: Bank, version: "1"}
paths: {}
components:
  schemas:
    Common: {type: object, required: [id], properties: {id: {type: integer, nullable: true}}}
    CardCreatedWebhook:
      type: object
      required: [code, card]
      properties: {code: {type: string, enum: [CARD_CREATED]}, card: {$ref: "#/components/schemas/Common"}}
      x-examples:
        first: {code: CARD_CREATED, card: {id: 1}}
        no-id: {code: CARD_CREATED, card: {id: null}}
        wrong: {code: CARD_CREATED}
    CardLostWebhook:
      type: object
      required: [code]
      properties: {code: {type: string, enum: [CARD_LOST]}, card: {$ref: "#/components/schemas/Common"}}
      example: {code: CARD_LOST}
    LastWebhook: {type: object, properties: {at: {type: string}}}
    WebhookReason: {type: string}
"##;

#[test]
fn schemas_that_are_named_are_events() {
    let document: Value = serde_norway::from_str(DOCUMENT).unwrap();
    let imported = import_schemas(DOCUMENT, &["*Webhook", "!Last*"]).unwrap();
    let provider = written(&imported);
    assert_eq!(names(&provider), ["card_created_webhook", "card_lost_webhook"]);
    assert!(!provider.settings.named);
    let schema = |name: &str| document.pointer(&format!("/components/schemas/{name}")).unwrap();
    let created = schema("CardCreatedWebhook");
    let shown = [("first", &created["x-examples"]["first"]), ("no_id", &created["x-examples"]["no-id"])];
    assert_eq!(examples(&provider, "card_created_webhook"), shown);
    let payloads = shown.map(|(_, payload)| payload);
    agrees(&provider, "card_created_webhook", &payloads, |value| accepts(&document, created, value));
    let lost = schema("CardLostWebhook");
    assert_eq!(examples(&provider, "card_lost_webhook"), [("documented", &lost["example"])]);
    agrees(&provider, "card_lost_webhook", &[&lost["example"]], |value| accepts(&document, lost, value));
    assert_eq!(provider.documents.keys().collect::<Vec<_>>(), ["vendor/common/common.json"]);
    assert!(imported.notes.iter().any(|note| note.contains("x-examples: the example is not valid")), "{imported:#?}");
}

#[test]
fn a_name_may_have_any_text_in_several_places() {
    let found = |patterns: &[&str]| match import_schemas(DOCUMENT, patterns) {
        Ok(imported) => names(&written(&imported)).join(" "),
        Err(error) => shown(&error),
    };
    assert_eq!(found(&["LastWebhook"]), "last_webhook");
    assert_eq!(found(&["C*L*hook"]), "card_lost_webhook");
    assert_eq!(found(&["*Created*", "Last*"]), "card_created_webhook last_webhook");
    assert_eq!(found(&["*Webhook*", "!*Webhook", "!*st*"]), "webhook_reason");
    for pattern in ["Webhook", "*webhook", "LastWebhook*k", "Last*LastWebhook"] {
        let problems = found(&[pattern]);
        let expected = format!("the documents have no schema {pattern}\n");
        assert!(problems.starts_with("[unresolved-reference]") && problems.contains(&expected), "{problems}");
    }
    assert!(found(&["*Webhook", "!Lost"]).contains("have no schema Lost"));
}

#[test]
fn a_document_without_webhooks_is_refused_with_the_names_that_look_like_payloads() {
    let problems = shown(&import_schemas(DOCUMENT, &[]).unwrap_err());
    assert!(problems.contains("[no-events]") && problems.contains("--schema '*Webhook' names 3"), "{problems}");
}

#[test]
fn the_payload_of_a_webhook_is_one_event() {
    let webhook = "x-webhooks: {lost: {post: {requestBody: {content: {application/json: {schema: {$ref: \
                   '#/components/schemas/CardLostWebhook'}}}}}}}\n";
    let imported = import_schemas(&format!("{}{webhook}", &DOCUMENT[1..]), &["*Webhook", "!Last*"]).unwrap();
    assert_eq!(names(&written(&imported)), ["card_created_webhook", "lost"]);
}

#[test]
fn webhooks_under_both_names_are_one_event() {
    let webhook = |name: &str, schema: &str| {
        format!(
            r#""{name}": {{"post": {{"requestBody": {{"content": {{"application/json": {{"schema": {schema}}} }} }} }} }}"#
        )
    };
    let document = |standard: &str, extension: &str| {
        let text = format!(r#"{{"openapi": "3.1.0", "webhooks": {{ {standard} }}, "x-webhooks": {{ {extension} }} }}"#);
        names(&written(&import_text("a.json", &text).unwrap())).join(" ")
    };
    let (first, second) = (webhook("first", r#"{"type": "object"}"#), webhook("second", r#"{"type": "object"}"#));
    assert_eq!(document(&first, &first), "first");
    assert_eq!(document(&first, &format!("{first}, {second}")), "first second");
    // With another body it is another request.
    assert_eq!(document(&first, &webhook("first", r#"{"type": "array"}"#)), "first_2 first_post");
}
