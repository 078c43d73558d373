//! Events whose schemas do not distinguish them: what the documents show in a member does.

use serde_json::{Value, json};
use webhook_codegen::EventMatcher;
use webhook_codegen::catalog::Provider;

use crate::{generates, import_schemas, import_text, written};

/// A schema of a document: its name, what its members are like, what it requires, and a payload.
type Schema<'s> = (&'s str, Value, &'s [&'s str], Option<Value>);

fn imported(schemas: &[Schema<'_>]) -> (Provider, Vec<String>) {
    let schema = |(name, properties, required, example): &Schema<'_>| {
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if let Some(example) = example {
            schema["example"] = example.clone();
        }
        ((*name).to_owned(), schema)
    };
    let schemas: serde_json::Map<String, Value> = schemas.iter().map(schema).collect();
    let document = json!({ "openapi": "3.0.0", "info": { "title": "T" }, "components": { "schemas": schemas } });
    let imported = import_schemas(&document.to_string(), &["*"]).unwrap();
    let provider = written(&imported);
    generates(&provider);
    (provider, imported.notes)
}

/// A text with a description.
fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

/// The names of the events that payloads are identified as.
#[track_caller]
fn identified(provider: &Provider, payloads: &[Value]) -> Vec<String> {
    let matcher = EventMatcher::new(provider).unwrap();
    let name = |payload| matcher.detect(payload).map_or("unknown".to_owned(), |at| provider.events[at].name.clone());
    payloads.iter().map(name).collect()
}

#[test]
fn values_that_are_like_the_names_of_events() {
    let kind = || json!({ "kind": text("The kind."), "id": text("An id.") });
    let (provider, notes) = imported(&[
        ("PaymentCreatedEvent", kind(), &[], Some(json!({ "kind": "payment.created", "id": "p1" }))),
        ("PaymentRefundedEvent", kind(), &["kind"], Some(json!({ "kind": "payment.refunded", "id": "p2" }))),
    ]);
    assert!(!provider.settings.named);
    assert!(notes.iter().any(|note| note.starts_with("`kind` names the event")), "{notes:#?}");
    let payloads = [
        json!({ "kind": "payment.created", "more": 1 }),
        json!({ "kind": "payment.refunded" }),
        // Whatever else is in the member, or nothing.
        json!({ "kind": "payment.updated", "id": "p1" }),
        json!({ "id": "p1" }),
    ];
    let expected = ["payment_created_event", "payment_refunded_event", "unknown", "unknown"];
    assert_eq!(identified(&provider, &payloads), expected);
    // The schemas are as in the document: overlays have what is added.
    assert!(provider.events.iter().all(|event| event.schema.at("/properties/kind/const").is_none()));
}

#[test]
fn values_that_descriptions_quote() {
    // Neither is like a name; one event has no example, and one is quoted with quotation marks.
    let (provider, _) = imported(&[
        ("First", json!({ "code": text("Always `A1`.") }), &[], None),
        ("Second", json!({ "code": text("The code, `\"B2\"`.") }), &[], Some(json!({ "code": "B2" }))),
    ]);
    assert_eq!(identified(&provider, &[json!({ "code": "A1" }), json!({ "code": "B2" })]), ["first", "second"]);
}

#[test]
fn schemas_without_a_type_are_of_objects() {
    let untyped = |description: &str| json!({ "properties": { "code": text(description) } });
    let (provider, _) = imported_document(&json!({ "First": untyped("`A`"), "Second": untyped("`B`") }));
    assert_eq!(identified(&provider, &[json!({ "code": "A" }), json!(5)]), ["first", "unknown"]);
    let listed = |value: &str| json!({ "properties": { "code": { "enum": [value] } }, "required": ["code"] });
    let (provider, _) = imported_document(&json!({ "First": listed("A"), "Second": listed("B") }));
    assert_eq!(identified(&provider, &[json!({ "code": "B" }), json!(5)]), ["second", "unknown"]);
}

#[test]
fn two_members_where_one_does_not_distinguish_all() {
    let quoted = |value: &str| text(&format!("`{value}`"));
    let members =
        |group: &str, code: &str| json!({ "at": text("When."), "group": quoted(group), "code": quoted(code) });
    let (provider, notes) = imported(&[
        ("ItemError", members("ITEM", "ERROR"), &["at"], None),
        ("ItemUpdated", members("ITEM", "UPDATE"), &["at"], None),
        ("AssetError", members("ASSET", "ERROR"), &["at"], None),
    ]);
    assert!(notes.iter().any(|note| note.starts_with("`code` and `group` name the event")), "{notes:#?}");
    let payload = |group: &str, code: &str| json!({ "at": "now", "group": group, "code": code });
    let payloads =
        [payload("ITEM", "ERROR"), payload("ITEM", "UPDATE"), payload("ASSET", "ERROR"), payload("ASSET", "UPDATE")];
    // `UPDATE` is only one event's, so that its group is not fixed: with another, the payload is valid as it is documented.
    assert_eq!(identified(&provider, &payloads), ["item_error", "item_updated", "asset_error", "item_updated"]);
    assert_eq!(identified(&provider, &[payload("OTHER", "ERROR")]), ["unknown"]);
    let updated = provider.events.iter().find(|event| event.name == "item_updated").unwrap();
    let schema = provider.schema(updated).unwrap();
    assert!(schema.at("/properties/code/const").is_some() && schema.at("/properties/group/const").is_none());
}

#[test]
fn events_with_the_same_value_are_distinguished_by_what_they_require() {
    let members = |code: &str| json!({ "code": text(&format!("`{code}`")), "id": text("One."), "token": text("Two.") });
    let (provider, _) = imported(&[
        ("Update", members("UPDATE"), &["code", "id"], None),
        ("ProcessorUpdate", members("UPDATE"), &["code", "id", "token"], None),
        ("Removed", members("REMOVED"), &["code"], None),
    ]);
    assert_eq!(provider.settings.precedence, ["processor_update", "update"]);
    let payloads = [
        json!({ "code": "UPDATE", "id": "1" }),
        json!({ "code": "UPDATE", "id": "1", "token": "t" }),
        json!({ "code": "REMOVED", "id": "1", "token": "t" }),
    ];
    assert_eq!(identified(&provider, &payloads), ["update", "processor_update", "removed"]);
    let (provider, notes) = imported(&[
        ("Update", members("UPDATE"), &["code"], None),
        ("AlsoUpdate", members("UPDATE"), &["code"], None),
        ("Removed", members("REMOVED"), &["code"], None),
    ]);
    assert!(provider.settings.named);
    assert!(notes.iter().any(|note| note.ends_with("nothing distinguishes also_update and update")), "{notes:#?}");
}

#[test]
fn what_is_shown_of_some_events_only_decides_nothing() {
    let code = |description: &str| json!({ "code": text(description) });
    let named = |first: Value, example: Option<Value>| {
        let (provider, notes) = imported(&[
            ("First", first, &[], example),
            ("Second", code("`B`"), &[], None),
            ("Third", code("`C`"), &[], None),
            ("Fourth", code("`D`"), &[], None),
        ]);
        assert!(provider.settings.named && provider.events.iter().all(|event| event.overlay.is_none()));
        assert!(notes[0].contains("`code` would name the event, but the documents show no value for"), "{notes:#?}");
        assert!(notes[0].ends_with(" for first"), "{notes:#?}");
    };
    named(code("The code."), None);
    named(code("`A` or `AA`."), None);
    named(json!({ "other": text("`A`") }), None);
    // An example with another value, with one of several, and one that lacks it.
    named(code("`A`"), Some(json!({ "code": "AA" })));
    named(code("`A` or `AA`."), Some(json!({ "code": "A" })));
    named(code("`A`"), Some(json!({})));
}

/// A document whose schemas are an event each, but for `Base`.
fn imported_document(schemas: &Value) -> (Provider, Vec<String>) {
    let document = json!({ "openapi": "3.0.0", "components": { "schemas": schemas } });
    let names: Vec<&str> =
        schemas.as_object().unwrap().keys().map(String::as_str).filter(|name| *name != "Base").collect();
    let imported = import_schemas(&document.to_string(), &names).unwrap();
    let provider = written(&imported);
    generates(&provider);
    (provider, imported.notes)
}

#[test]
fn members_of_a_schema_that_all_extend() {
    let extended = |more: Value, example: Value| {
        let mut schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "example": example });
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    let base = json!({ "type": "object", "required": ["kind"], "properties": { "kind": text("Which event it is.") } });
    let with_card = json!({ "properties": { "card": { "type": "string" } } });
    let (provider, _) = imported_document(&json!({
        "Base": base,
        "CardMade": extended(json!({}), json!({ "kind": "card.made" })),
        "CardLost": extended(with_card, json!({ "kind": "card.lost", "card": "c" })),
    }));
    assert!(!provider.settings.named);
    let payloads = [json!({ "kind": "card.made" }), json!({ "kind": "card.lost" }), json!({ "kind": "card.sold" })];
    assert_eq!(identified(&provider, &payloads), ["card_made", "card_lost", "unknown"]);
    // Beside `additionalProperties`, a member of its own would allow more.
    let (provider, _) = imported_document(&json!({
        "Base": base,
        "CardMade": extended(json!({ "additionalProperties": true }), json!({ "kind": "card.made" })),
        "CardLost": extended(json!({}), json!({ "kind": "card.lost" })),
    }));
    assert!(provider.settings.named);
}

#[test]
fn examples_with_the_names_of_their_events() {
    let schema = |example: Option<Value>| {
        let mut schema = json!({ "type": "object", "properties": { "kind": text("Which event it is.") } });
        schema.as_object_mut().unwrap().extend(example.map(|example| ("example".to_owned(), example)));
        schema
    };
    let kind = |kind: &str| Some(json!({ "kind": kind }));
    let (provider, _) = imported_document(&json!({
        "card.made": schema(kind("card.made")), "card.lost": schema(kind("card.lost")), "card.sold": schema(None),
    }));
    let payloads = ["card.made", "card.lost", "card.sold"].map(|kind| json!({ "kind": kind }));
    assert_eq!(identified(&provider, &payloads), ["card_made", "card_lost", "card_sold"]);
    // One that has its name may have it by chance, and one that has another shows that names are no values.
    for (made, lost) in [(kind("card.made"), None), (kind("card.made"), kind("lost"))] {
        let (provider, _) = imported_document(&json!({
            "card.made": schema(made), "card.lost": schema(lost), "card.sold": schema(None),
        }));
        assert!(provider.settings.named);
    }
}

#[test]
fn schemas_that_list_the_names_of_events() {
    let kinds = json!({ "enum": ["card.made", "card.lost"], "description": "Which event it is." });
    let base = json!({ "type": "object", "properties": { "kind": kinds } });
    let extended = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }] });
    let (provider, _) = imported_document(&json!({ "Base": base, "card.made": extended, "card.lost": extended }));
    let payloads = ["card.made", "card.lost", "card.sold"].map(|kind| json!({ "kind": kind }));
    assert_eq!(identified(&provider, &payloads), ["card_made", "card_lost", "unknown"]);
    let (provider, _) = imported_document(&json!({ "Base": base, "card.made": extended, "card.sold": extended }));
    assert!(provider.settings.named);
}

#[test]
fn names_of_webhooks_that_are_written_like_paths() {
    let webhook = |example: Option<Value>| {
        let mut content = json!({ "schema": { "type": "object", "properties": { "kind": { "type": "string" } } } });
        content.as_object_mut().unwrap().extend(example.map(|example| ("example".to_owned(), example)));
        json!({ "post": { "requestBody": { "content": { "application/json": content } } } })
    };
    let webhooks = json!({
        "/MADE": webhook(Some(json!({ "kind": "MADE" }))), "/LOST": webhook(Some(json!({ "kind": "LOST" }))), "/SOLD": webhook(None)
    });
    let document = json!({ "openapi": "3.1.0", "webhooks": webhooks });
    let provider = written(&import_text("a.json", &document.to_string()).unwrap());
    let payloads = ["LOST", "SOLD"].map(|kind| json!({ "kind": kind }));
    assert_eq!(identified(&provider, &payloads), ["lost", "sold"]);
}
