//! Payloads that are a choice of schemas. Each branch becomes an event if a member has different values in each branch.

use serde_json::{Value, json};
use webhook_codegen::EventMatcher;
use webhook_codegen::catalog::{Delivery, Provider};
use webhook_import::Options;

use super::{examples, identified, import_text, import_with, mutants, names, owned, validator, written};

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

fn imported(document: &Value) -> (Provider, Vec<String>) {
    let imported = import_text("a.json", &document.to_string()).unwrap();
    (written(&imported), imported.notes)
}

/// The events of a schema without examples.
fn events(schema: &Value) -> String {
    names(&imported(&document(schema, &[])).0).join(" ")
}

#[test]
fn branches_with_values_of_their_own_are_events() {
    let shown =
        [json!({ "kind": "card.made", "id": 1 }), json!({ "kind": "card.lost", "at": 2 }), json!({ "kind": 5 })];
    let schema = json!({
        "description": "Any card.", "oneOf": [reference("Made"), reference("Recovered")],
        "discriminator": { "propertyName": "kind", "mapping": { "card.made": "#/components/schemas/Made" } }
    });
    let document = document(&schema, &shown);
    let (provider, notes) = imported(&document);
    assert_eq!(names(&provider), ["card_made", "found", "lost"]);
    assert!(!provider.settings.named && provider.events.iter().all(|event| event.overlay.is_none()));
    // Each example belongs to its own event, including the example of a branch.
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
    let [made, lost, _] = shown;
    let payloads = [own, made, lost, json!({ "kind": "card.found", "by": 3 })];
    agree(&provider, &whole(&document), &payloads);
}

#[test]
fn a_branch_is_named_by_its_reference_or_its_title() {
    let titled = |title: &str, kind: &str| json!({ "title": title, "type": "object", "required": ["kind"], "properties": { "kind": { "enum": [kind] } } });
    assert_eq!(events(&json!({ "anyOf": [titled("Card sold", "a"), reference("Made")] })), "card_sold made");
    // Without a name, it is named by the value that identifies it.
    let unnamed = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": "card.sold" } } });
    assert_eq!(events(&json!({ "oneOf": [unnamed, reference("Made")] })), "card_sold made");
}

#[test]
fn other_choices_stay_one_event() {
    assert_eq!(events(&json!({ "oneOf": [reference("Made"), reference("Lost")], "type": "object" })), "lost made");
    let array = json!({ "type": "array", "oneOf": [reference("Made"), reference("Lost")] });
    assert_eq!(events(&array), "card");
    // Constraints that are no kinds of events.
    let required = json!({ "properties": { "kind": {} }, "anyOf": [{ "required": ["id"] }, { "required": ["at"] }] });
    let (provider, notes) = imported(&document(&required, &[]));
    assert_eq!(names(&provider), ["card"]);
    assert!(!notes.iter().any(|note| note.contains("choice")), "{notes:#?}");
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
    // A branch keeps the keywords next to its reference.
    let (provider, _) = imported(&document(&json!({ "oneOf": [beside("Made"), reference("Lost")] }), &[]));
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
    let (provider, notes) = imported(&document(&schema, &[json!([made, lost])]));
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
            assert!(!imported(&doubling(keyword, 30, ways)).0.events.is_empty());
        }
    }
}

#[test]
fn branches_with_a_member_that_the_command_names_are_events() {
    let schema = |kind: &str| json!({ "title": kind, "type": "object", "properties": { "kind": { "type": "string" } }, "example": { "kind": kind } });
    let document = document(&json!({ "oneOf": [schema("sold"), schema("bought")] }), &[]);
    let (provider, notes) = imported(&document);
    assert_eq!(names(&provider), ["card"]);
    assert!(notes.iter().any(|note| note.contains("--discriminator MEMBER")), "{notes:#?}");
    let options = Options { discriminators: owned(&["kind"]), ..Options::default() };
    let provider = written(&import_with("a.json", &document.to_string(), &options).unwrap());
    assert_eq!(names(&provider), ["bought", "sold"]);
    assert_eq!(identified(&provider, [json!({ "kind": "sold" })]), ["sold"]);
}

/// Checks with another validator that an instance is valid for one of the events exactly if it is valid for the schema.
#[track_caller]
fn agree(provider: &Provider, whole: &jsonschema::Validator, payloads: &[Value]) {
    let matcher = EventMatcher::new(provider).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for instance in payloads.iter().flat_map(mutants) {
        let event = matcher.detect(&instance).map(|at| provider.events[at].name.as_str());
        let accepted = event.is_some_and(|event| validator(provider, event).are_valid(&[&instance]) == [true]);
        assert_eq!(whole.is_valid(&instance), accepted, "{instance}");
        *(if accepted { &mut valid } else { &mut invalid }) += 1;
    }
    assert!(valid > 2 && invalid > 2, "{valid} {invalid}");
}

/// The schema of a document's webhook, for another validator.
fn whole(document: &Value) -> jsonschema::Validator {
    let pointer = "/webhooks/card/post/requestBody/content/application~1json/schema";
    let mut whole = document.pointer(pointer).unwrap().clone();
    whole["components"] = document["components"].clone();
    jsonschema::draft202012::new(&whole).unwrap()
}

/// What is next to a choice holds for each event.
#[test]
fn what_is_next_to_a_choice_stays() {
    let kind = |kind: &str, id: &str| json!({ "properties": { "kind": { "const": kind }, id: { "type": "integer" } } });
    let base = json!({
        "type": "object", "required": ["kind", "at"],
        "properties": { "kind": { "type": "string" }, "at": { "type": "string" } }
    });
    let choice = json!({ "oneOf": [kind("a.made", "id"), kind("a.lost", "by")] });
    let mut beside = base.clone();
    beside["oneOf"] = choice["oneOf"].clone();
    let nested = json!({ "allOf": [base, { "anyOf": [kind("a.made", "id"), reference("Deep")] }], "minProperties": 2 });
    let payloads = [json!({ "kind": "a.made", "at": "x", "id": 1 }), json!({ "kind": "a.lost", "at": "x", "by": 2 })];
    for schema in [json!({ "allOf": [base, choice] }), beside, json!({ "allOf": [reference("Base"), choice] }), nested]
    {
        let mut document = document(&schema, &payloads);
        document["components"]["schemas"]["Base"] = base.clone();
        document["components"]["schemas"]["Deep"] =
            json!({ "properties": { "by": true }, "oneOf": [kind("a.lost", "by"), kind("a.found", "by")] });
        let (provider, notes) = imported(&document);
        let found = names(&provider).join(" ");
        assert!(found == "a_lost a_made" || found == "a_found a_lost a_made", "{found}: {notes:#?}");
        agree(&provider, &whole(&document), &payloads);
        let count: usize = provider.events.iter().map(|event| event.examples.len()).sum();
        assert_eq!(count, 2, "{schema}");
    }
}

#[test]
fn a_hundred_kinds_in_one_choice_are_events() {
    let kind = |at: usize| {
        json!({ "type": "object", "required": ["event", "data"], "properties": {
            "event": { "type": "string", "const": format!("thing.kind_{at}") }, "data": { "type": "object" } } })
    };
    let base = json!({ "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } });
    let kinds: Vec<Value> = (0..120).map(kind).collect();
    let (provider, _) = imported(&document(&json!({ "allOf": [base, { "oneOf": kinds }] }), &[]));
    assert_eq!(provider.events.len(), 120);
    assert_eq!(names(&provider)[0], "thing_kind_0");
}

#[test]
fn a_choice_that_cannot_be_split_says_why() {
    let kind = |title: &str, kind: Value| json!({ "title": title, "type": "object", "required": ["kind"], "properties": { "kind": kind } });
    for (second, expected) in [
        (json!({ "const": "a" }), "`kind` is \"a\" in both A and B"),
        (json!({ "type": "string" }), "`kind` has no values in B"),
    ] {
        let schema = json!({ "oneOf": [kind("A", json!({ "const": "a" })), kind("B", second)] });
        let (provider, notes) = imported(&document(&schema, &[]));
        assert_eq!(names(&provider), ["card"]);
        assert!(notes.iter().any(|note| note.contains(expected)), "{notes:#?}");
    }
}

/// A JSON Schema whose root is a choice of its definitions.
#[test]
fn definitions_of_a_file_are_events() {
    let text = r##"{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://a.example/events.json", "title": "Events",
        "type": "object", "oneOf": [{"$ref": "#/definitions/Made"}, {"$ref": "#/definitions/Lost"}],
        "definitions": {
            "Id": {"type": "integer"},
            "Made": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "made"}, "id": {"$ref": "#/definitions/Id"}}},
            "Lost": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "lost"}, "id": {"$ref": "#/definitions/Id"}}}}}"##;
    let provider = written(&import_text("events.json", text).unwrap());
    assert_eq!(names(&provider), ["lost", "made"]);
    let whole = jsonschema::draft7::new(&serde_json::from_str(text).unwrap()).unwrap();
    agree(&provider, &whole, &[json!({ "kind": "made", "id": 1 }), json!({ "kind": "lost", "id": 2 })]);
}

/// Schemas that extend one with a `discriminator` are its branches, and the mapping has their values.
#[test]
fn a_base_with_a_mapping_is_a_choice() {
    let text = r##"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
        "x-webhooks": {"pet": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}}}},
        "components": {"schemas": {
            "Pet": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
                "discriminator": {"propertyName": "kind", "mapping": {"pet.cat": "#/components/schemas/Cat", "pet.dog": "Dog"}}},
            "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object", "properties": {"lives": {"type": "integer"}}}]},
            "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object", "properties": {"barks": {"type": "boolean"}}}]}}}}"##;
    let imported = import_text("a.json", text).unwrap();
    let provider = written(&imported);
    assert_eq!(names(&provider), ["pet_cat", "pet_dog"], "{:#?}", imported.notes);
    let payloads = [json!({ "kind": "pet.dog" }), json!({ "kind": "pet.cow" })];
    assert_eq!(identified(&provider, payloads), ["pet_dog", "unknown"]);
}

/// Without a mapping, the value of a `discriminator` is the name of the schema, as OpenAPI says.
#[test]
fn a_discriminator_without_a_mapping_has_the_names_of_schemas() {
    let extended = |name: &str, member: &str| json!({ "allOf": [reference("Pet"), { "type": "object", "properties": { member: { "type": "string" } } }], "title": format!("A {name}") });
    let kind = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } });
    let mut base = kind.clone();
    base["discriminator"] = json!({ "propertyName": "kind" });
    let choice = json!({ "oneOf": [reference("Cat"), reference("Dog")], "discriminator": { "propertyName": "kind" } });
    for (schema, pet) in [(reference("Pet"), &base), (choice, &kind)] {
        let schemas = json!({ "Pet": pet, "Cat": extended("cat", "lives"), "Dog": extended("dog", "barks") });
        let body = json!({ "requestBody": { "content": { "application/json": { "schema": schema } } } });
        let document = json!({
            "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
            "x-webhooks": { "pet": { "post": body } }, "components": { "schemas": schemas }
        });
        let (provider, notes) = imported(&document);
        let found = identified(&provider, ["Cat", "Dog", "Cow"].map(|kind| json!({ "kind": kind })));
        let [cat, dog] = names(&provider)[..] else { panic!("{notes:#?}") };
        assert_eq!(found, [cat, dog, "unknown"]);
        assert!(notes.iter().any(|note| note.contains("no payload shows the value of `kind`")), "{notes:#?}");
    }
}

/// An example of the choice belongs to the branch that its `discriminator` names, although the schemas of other branches
/// accept it too.
#[test]
fn an_example_belongs_to_the_branch_that_a_discriminator_names() {
    let kind = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } });
    let extended = |member: &str| json!({ "allOf": [reference("Pet"), { "type": "object", "properties": { member: { "type": "string" } } }] });
    let schemas = json!({ "Pet": kind, "Cat": extended("lives"), "Dog": extended("barks") });
    let mapping = json!({ "pet.cat": "#/components/schemas/Cat", "pet.dog": "Dog" });
    for (mapping, values) in [(Some(mapping), ["pet.cat", "pet.dog"]), (None, ["Cat", "Dog"])] {
        let mut schema =
            json!({ "oneOf": [reference("Cat"), reference("Dog")], "discriminator": { "propertyName": "kind" } });
        if let Some(mapping) = mapping {
            schema["discriminator"]["mapping"] = mapping;
        }
        let shown = values.map(|kind| json!({ "kind": kind }));
        let content = json!({ "application/json": { "schema": schema, "examples": { "a": { "value": shown[0] }, "b": { "value": shown[1] } } } });
        let (provider, notes) = imported(&json!({
            "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
            "x-webhooks": { "pet": { "post": { "requestBody": { "content": content } } } },
            "components": { "schemas": schemas }
        }));
        let [cat, dog] = names(&provider)[..] else { panic!("{notes:#?}") };
        let (cat, dog) = (cat.to_owned(), dog.to_owned());
        assert_eq!(identified(&provider, shown.clone()), [cat, dog], "{notes:#?}");
        let kept: Vec<Vec<&Value>> =
            provider.events.iter().map(|event| event.examples.iter().map(|it| &it.value).collect()).collect();
        assert_eq!(kept, [[&shown[0]], [&shown[1]]], "{notes:#?}");
    }
}
