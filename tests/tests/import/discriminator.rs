//! The member that names the events: its values are the values in the schemas and examples, and no others.

use serde_json::{Value, json};
use webhook_codegen::catalog::Provider;
use webhook_import::Options;

use super::{identified, import_with, owned, written};

/// Imports a document whose schemas are an event each, but for `Base`. The command names the members.
fn imported(schemas: &Value, members: &[&str]) -> (Provider, String) {
    let document = json!({ "openapi": "3.0.0", "info": { "title": "T" }, "components": { "schemas": schemas } });
    let names = schemas.as_object().unwrap().keys().map(String::as_str);
    let payloads: Vec<&str> = names.filter(|name| *name != "Base").collect();
    let options = Options { payloads: owned(&payloads), discriminators: owned(members), ..Options::default() };
    let imported = import_with("a.yaml", &document.to_string(), &options).unwrap();
    let provider = written(&imported);
    (provider, imported.notes.join("\n"))
}

/// A schema with a member `kind`, which is any string, and a payload.
fn kind(example: Option<&str>) -> Value {
    let mut schema = json!({ "type": "object", "properties": { "kind": { "type": "string" }, "id": {} } });
    if let Some(example) = example {
        schema["example"] = json!({ "kind": example, "id": 1 });
    }
    schema
}

/// The names of the events that payloads with these kinds are identified as.
#[track_caller]
fn of_kinds<'p>(provider: &'p Provider, kinds: &[&str]) -> Vec<&'p str> {
    identified(provider, kinds.iter().map(|kind| json!({ "kind": kind })))
}

#[test]
fn descriptions_and_names_decide_nothing() {
    let described = |value: &str| {
        let mut schema = kind(Some(value));
        schema["properties"]["kind"]["description"] = json!(format!("Always `{value}`."));
        schema
    };
    let schemas = json!({ "card.made": described("card.made"), "card.lost": described("card.lost") });
    let (provider, notes) = imported(&schemas, &[]);
    assert!(provider.settings.named && provider.events.iter().all(|event| event.overlay.is_none()));
    assert!(notes.contains("nothing in the payloads distinguishes the events"), "{notes}");
    assert!(notes.contains("--discriminator MEMBER"), "{notes}");
}

#[test]
fn the_command_names_the_member() {
    let schemas = json!({ "Made": kind(Some("card.made")), "Lost": kind(Some("card.lost")) });
    for member in ["kind", "/kind"] {
        let (provider, notes) = imported(&schemas, &[member]);
        assert!(!provider.settings.named);
        assert!(notes.contains("`kind` names the event") && notes.contains("(2 of 2 events)"), "{notes}");
        assert_eq!(of_kinds(&provider, &["card.made", "card.lost", "Made"]), ["made", "lost", "unknown"]);
        // The schemas are equal to the document, and overlays have the additions.
        assert!(provider.events.iter().all(|event| event.schema.get("allOf").is_none()));
    }
}

#[test]
fn an_event_without_examples_has_its_name() {
    let schemas = json!({ "card.made": kind(Some("MADE")), "card.lost": kind(None) });
    let (provider, notes) = imported(&schemas, &["kind"]);
    assert_eq!(of_kinds(&provider, &["MADE", "card.lost", "LOST"]), ["card_made", "card_lost", "unknown"]);
    assert!(notes.contains("no payload shows the value of `kind` in card_lost"), "{notes}");
    // The names of webhooks are sometimes written like paths.
    let webhook = |example: Option<&str>| {
        let mut content = json!({ "schema": kind(None) });
        if let Some(example) = example {
            content["example"] = json!({ "kind": example });
        }
        json!({ "post": { "requestBody": { "content": { "application/json": content } } } })
    };
    let webhooks = json!({ "/MADE": webhook(None), "/LOST": webhook(Some("LOST")) });
    let document = json!({ "openapi": "3.1.0", "webhooks": webhooks });
    let options = Options { discriminators: owned(&["kind"]), ..Options::default() };
    let provider = written(&import_with("a.json", &document.to_string(), &options).unwrap());
    assert_eq!(of_kinds(&provider, &["MADE", "LOST"]), ["made", "lost"]);
}

#[test]
fn all_values_of_the_examples_are_those_of_the_event() {
    let mut made = kind(None);
    made["x-examples"] = json!({ "one": { "kind": "made" }, "two": { "kind": "made.again" } });
    let (provider, _) = imported(&json!({ "Made": made, "Lost": kind(Some("lost")) }), &["kind"]);
    assert_eq!(of_kinds(&provider, &["made", "made.again", "lost"]), ["made", "made", "lost"]);
}

#[test]
fn a_member_at_any_depth() {
    let nested = |value: &str| {
        json!({
            "type": "object", "properties": { "meta": { "type": "object", "properties": { "kind": { "type": "string" } } } },
            "example": { "meta": { "kind": value } },
        })
    };
    let (provider, notes) = imported(&json!({ "Made": nested("a"), "Lost": nested("b") }), &["/meta/kind"]);
    assert!(notes.contains("`/meta/kind` names the event"), "{notes}");
    let payloads = [json!({ "meta": { "kind": "a" } }), json!({ "meta": { "kind": "c" } }), json!({ "meta": 5 })];
    assert_eq!(identified(&provider, payloads), ["made", "unknown", "unknown"]);
}

#[test]
fn several_members_together() {
    let with = |group: &str, code: &str| {
        let member = || json!({ "type": "string" });
        json!({
            "type": "object", "properties": { "group": member(), "code": member() },
            "example": { "group": group, "code": code },
        })
    };
    let schemas = json!({ "A": with("ITEM", "ERROR"), "B": with("ITEM", "UPDATE"), "C": with("ASSET", "ERROR") });
    let (provider, _) = imported(&schemas, &["group", "code"]);
    let pairs = [("ITEM", "ERROR"), ("ITEM", "UPDATE"), ("ASSET", "ERROR"), ("ASSET", "UPDATE")];
    let payloads = pairs.map(|(group, code)| json!({ "group": group, "code": code }));
    // `UPDATE` is only one event's, but the members name the events together: with another group, the event is new.
    assert_eq!(identified(&provider, payloads), ["a", "b", "c", "unknown"]);
    let b = provider.events.iter().find(|event| event.name == "b").unwrap();
    let overlay = b.overlay.as_ref().unwrap().to_string();
    assert!(overlay.contains("UPDATE") && overlay.contains("ITEM"), "{overlay}");
}

#[test]
fn a_member_that_does_not_distinguish_is_noted() {
    let schemas = json!({ "Made": kind(Some("same")), "Lost": kind(Some("same")) });
    let (provider, notes) = imported(&schemas, &["kind"]);
    assert!(provider.settings.named && provider.events.iter().all(|event| event.overlay.is_none()));
    assert!(notes.contains("`kind` does not distinguish the events"), "{notes}");
}

#[test]
fn a_member_that_no_event_has_is_an_error() {
    let document =
        json!({ "openapi": "3.0.0", "components": { "schemas": { "Made": kind(None), "Lost": kind(Some("a")) } } });
    let options = Options { payloads: owned(&["*"]), discriminators: owned(&["kinds"]), ..Options::default() };
    let error = import_with("a.yaml", &document.to_string(), &options).unwrap_err();
    assert_eq!(error.problems[0].message, "no event has a member kinds");
}

#[test]
fn the_mapping_of_a_discriminator_has_the_values() {
    let mapping = json!({ "card.made": "#/components/schemas/Made", "card.lost": "Lost" });
    let mut base = kind(None);
    base["discriminator"] = json!({ "propertyName": "kind", "mapping": mapping });
    let extended = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "properties": { "card": {} } });
    let (provider, _) = imported(&json!({ "Base": base, "Made": extended, "Lost": extended }), &[]);
    assert_eq!(of_kinds(&provider, &["card.made", "card.lost", "Made"]), ["made", "lost", "unknown"]);
    // Without a mapping, the values come from the examples.
    let mut base = kind(None);
    base["discriminator"] = json!({ "propertyName": "kind" });
    let extended = |value: &str| json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "example": { "kind": value, "card": value } });
    let (provider, _) = imported(&json!({ "Base": base, "Made": extended("m"), "Lost": extended("l") }), &[]);
    assert_eq!(of_kinds(&provider, &["m", "l"]), ["made", "lost"]);
}

#[test]
fn members_of_a_schema_that_all_extend() {
    let extended = |more: Value, example: &str| {
        let mut schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "example": { "kind": example } });
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    let with_card = json!({ "properties": { "card": { "type": "string" } }, "additionalProperties": true });
    let schemas = json!({
        "Base": kind(None), "Made": extended(json!({}), "card.made"), "Lost": extended(with_card, "card.lost"),
    });
    let (provider, _) = imported(&schemas, &["kind"]);
    assert_eq!(of_kinds(&provider, &["card.made", "card.lost", "card.sold"]), ["made", "lost", "unknown"]);
}

#[test]
fn schemas_without_a_type_are_of_objects() {
    let listed = |value: &str| json!({ "properties": { "kind": { "enum": [value] } }, "required": ["kind"] });
    let (provider, _) = imported(&json!({ "First": listed("A"), "Second": listed("B") }), &[]);
    assert_eq!(of_kinds(&provider, &["A", "B"]), ["first", "second"]);
    assert_eq!(identified(&provider, [json!(5)]), ["unknown"]);
}
