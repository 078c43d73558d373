//! Payloads that are a choice of schemas: each branch is an event, if a member has other values in each.

use serde_json::{Value, json};
use webhook_codegen::EventMatcher;
use webhook_codegen::catalog::{Delivery, Provider};
use webhook_import::Options;

use crate::{examples, generates, import_text, import_with, mutate, names, owned, validator, written};

/// A document with a webhook of some schema and examples; `Made`, `Lost` and `Found` have a constant `kind`, and `Any` does not.
fn document(schema: &Value, shown: &[Value]) -> Value {
    let named = |kind: &str, id: &str| {
        json!({
            "type": "object", "required": ["kind", id],
            "properties": { "kind": { "const": kind }, id: { "type": "integer" } }
        })
    };
    let mut made = named("card.made", "id");
    made["examples"] = json!([{ "kind": "card.made", "id": 9 }]);
    let schemas = json!({
        "Made": made, "Lost": named("card.lost", "at"), "Found": named("card.found", "by"),
        "Any": { "type": "object" },
        "Recovered": { "anyOf": [{ "$ref": "#/components/schemas/Lost" }, { "$ref": "#/components/schemas/Found" }] }
    });
    let shown: serde_json::Map<String, Value> =
        shown.iter().enumerate().map(|(at, value)| (format!("example-{at}"), json!({ "value": value }))).collect();
    let content = json!({ "application/json": { "schema": schema, "examples": shown } });
    let webhooks = json!({ "card": { "post": { "summary": "Cards", "requestBody": { "content": content } } } });
    json!({ "openapi": "3.1.0", "webhooks": webhooks, "components": { "schemas": schemas } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn imported(schema: &Value, shown: &[Value]) -> (Provider, Vec<String>) {
    let imported = import_text("a.json", &document(schema, shown).to_string()).unwrap();
    let provider = written(&imported);
    generates(&provider);
    (provider, imported.notes)
}

/// The events of a schema without examples.
fn events(schema: &Value) -> String {
    names(&imported(schema, &[]).0).join(" ")
}

#[test]
fn branches_with_values_of_their_own_are_events() {
    let shown =
        [json!({ "kind": "card.made", "id": 1 }), json!({ "kind": "card.lost", "at": 2 }), json!({ "kind": 5 })];
    let schema = json!({
        "description": "Any card.", "oneOf": [reference("Made"), reference("Recovered")],
        "discriminator": { "propertyName": "kind", "mapping": { "card.made": "#/components/schemas/Made" } }
    });
    let (provider, notes) = imported(&schema, &shown);
    assert_eq!(names(&provider), ["card_made", "found", "lost"]);
    assert!(!provider.settings.named && provider.events.iter().all(|event| event.overlay.is_none()));
    // Each example is one of its own event, and that of a branch is too.
    let own = json!({ "kind": "card.made", "id": 9 });
    assert_eq!(examples(&provider, "card_made"), [("documented", &own), ("example_0", &shown[0])]);
    assert_eq!(examples(&provider, "lost"), [("example_1", &shown[1])]);
    assert_eq!(examples(&provider, "found"), []);
    for text in
        ["webhooks/card/post: the payload is a choice of schemas", "example-2: the example is valid for no branch"]
    {
        assert_eq!(notes.iter().filter(|note| note.contains(text)).count(), 1, "{text}: {notes:#?}");
    }
    // What is no payload of a branch is none of the choice, as another validator has it.
    let document = document(&schema, &shown);
    let pointer = "/webhooks/card/post/requestBody/content/application~1json/schema";
    let mut whole = document.pointer(pointer).unwrap().clone();
    whole["components"] = document["components"].clone();
    let whole = jsonschema::draft202012::new(&whole).unwrap();
    let matcher = EventMatcher::new(&provider).unwrap();
    let (mut valid, mut unknown) = (0, 0);
    for instance in
        [&own, &shown[0], &shown[1], &json!({ "kind": "card.found", "by": 3 })].into_iter().flat_map(mutate::mutants)
    {
        let event = matcher.detect(&instance).map(|at| provider.events[at].name.as_str());
        let expected = event.is_some_and(|event| validator(&provider, event).are_valid(&[&instance]) == [true]);
        assert_eq!(whole.is_valid(&instance), expected, "{instance}");
        valid += usize::from(expected);
        unknown += usize::from(event.is_none());
    }
    assert!(valid > 4 && unknown > 4, "{valid} {unknown}");
}

#[test]
fn a_branch_is_named_by_its_reference_or_its_title() {
    let titled = |title: &str, kind: &str| json!({ "title": title, "type": "object", "required": ["kind"], "properties": { "kind": { "enum": [kind] } } });
    assert_eq!(events(&json!({ "anyOf": [titled("Card sold", "a"), reference("Made")] })), "card_sold made");
    // Without a name, all stay one event.
    let unnamed = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": "a" } } });
    assert_eq!(events(&json!({ "oneOf": [unnamed, reference("Made")] })), "card");
}

#[test]
fn other_choices_stay_one_event() {
    assert_eq!(events(&json!({ "oneOf": [reference("Made"), reference("Lost")], "type": "object" })), "lost made");
    for (keyword, value) in [("type", json!("array")), ("required", json!(["id"])), ("minProperties", json!(2))] {
        let mut schema = json!({ "oneOf": [reference("Made"), reference("Lost")] });
        schema[keyword] = value;
        assert_eq!(events(&schema), "card", "{keyword}");
    }
    // A branch without such a member, and one that is alone.
    assert_eq!(events(&json!({ "anyOf": [reference("Made"), reference("Any")] })), "card");
    assert_eq!(events(&json!({ "oneOf": [reference("Made")] })), "card");
}

#[test]
fn keywords_beside_a_reference_count() {
    let beside = |name: &str| {
        let mut schema = reference(name);
        schema["minProperties"] = json!(3);
        schema
    };
    // What has more than a choice is not split: the payload, or a branch.
    assert_eq!(events(&beside("Recovered")), "card");
    assert_eq!(events(&json!({ "oneOf": [reference("Made"), beside("Recovered")] })), "card");
    // A branch keeps what is beside its reference.
    let (provider, _) = imported(&json!({ "oneOf": [beside("Made"), reference("Lost")] }), &[]);
    assert_eq!(names(&provider), ["lost", "made"]);
    let made = json!({ "kind": "card.made", "id": 1 });
    assert_eq!(validator(&provider, "made").are_valid(&[&made]), [false]);
    // Two that differ in it take the same payloads, so that all stay one event.
    assert_eq!(events(&json!({ "anyOf": [beside("Made"), reference("Made"), reference("Lost")] })), "card");
}

#[test]
fn the_items_of_an_array_may_be_a_choice() {
    let schema = json!({ "type": "array", "items": { "oneOf": [reference("Made"), reference("Lost")] } });
    let (made, lost) = (json!({ "kind": "card.made", "id": 1 }), json!({ "kind": "card.lost", "at": 2 }));
    let (provider, notes) = imported(&schema, &[json!([made, lost])]);
    assert_eq!(names(&provider), ["lost", "made"]);
    assert_eq!(provider.settings.delivery, Delivery::Batch);
    assert_eq!(examples(&provider, "lost"), [("example_0", &lost)]);
    assert!(!notes.iter().any(|note| note.contains("not kept")), "{notes:#?}");
}

/// A document in which each of many schemas leads to the next one twice or more, by a keyword.
fn doubling(keyword: &str, levels: usize, ways: usize) -> Value {
    let mut schemas = serde_json::Map::new();
    for level in 0..levels {
        let next = vec![reference(&format!("L{}", level + 1)); ways];
        schemas.insert(format!("L{level}"), json!({ keyword: next }));
    }
    for (name, kind) in [("First", "first"), ("Second", "second")] {
        let own = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
        schemas.insert(name.to_owned(), json!({ "allOf": [own, reference("L0")] }));
    }
    let leaf =
        json!({ "type": "object", "properties": { "id": { "type": "string" } }, "not": { "required": ["secret"] } });
    schemas.insert(format!("L{levels}"), leaf);
    let schema = json!({ "oneOf": [reference("First"), reference("Second"), reference("L0")] });
    let content = json!({ "application/json": { "schema": schema } });
    let webhooks = json!({ "card": { "post": { "summary": "Cards", "requestBody": { "content": content } } } });
    json!({ "openapi": "3.1.0", "webhooks": webhooks, "components": { "schemas": schemas } })
}

#[test]
fn schemas_that_lead_to_the_next_in_several_ways_are_walked_once() {
    // If each way were walked, none of these would end: 30 levels are 2 or 10 to the power of 30 ways.
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for ways in [2, 10] {
            let imported = import_text("a.json", &doubling(keyword, 30, ways).to_string()).unwrap();
            assert!(!imported.provider.events.is_empty());
            generates(&written(&imported));
        }
    }
}

#[test]
fn branches_with_a_member_that_the_command_names_are_events() {
    let schema = |kind: &str| json!({ "title": kind, "type": "object", "properties": { "kind": { "type": "string" } }, "example": { "kind": kind } });
    let document = document(&json!({ "oneOf": [schema("sold"), schema("bought")] }), &[]).to_string();
    let one = import_text("a.json", &document).unwrap();
    assert_eq!(names(&one.provider), ["card"]);
    assert!(one.notes.iter().any(|note| note.contains("--discriminator MEMBER")), "{:#?}", one.notes);
    let options = Options { discriminators: owned(&["kind"]), ..Options::default() };
    let provider = written(&import_with("a.json", &document, &options).unwrap());
    generates(&provider);
    assert_eq!(names(&provider), ["bought", "sold"]);
    let matcher = EventMatcher::new(&provider).unwrap();
    assert_eq!(matcher.detect(&json!({ "kind": "sold" })), Some(1));
}
