//! Payloads that are objects with events in them.

use serde_json::{Value, json};
use webhook_codegen::catalog::Delivery;
use webhook_codegen::{Dialect, EventMatcher, Validator};
use webhook_import::{Imported, Options, Places};

use super::evaluate30::accepts;
use super::{agrees, examples, import_with, names, shown, written};

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: {title: Feed, version: "1"}
paths: {}
x-webhooks:
  feed:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Feed"}
            example: {data: {events: [{record: {kind: on, level: 1}}, {record: {kind: off}}]}, next: null}
components:
  schemas:
    Feed:
      allOf:
        - {type: object, properties: {next: {type: string, nullable: true}}}
        - type: object
          properties:
            data: {type: object, properties: {events: {type: array, items: {$ref: "#/components/schemas/Item"}}}}
    Item: {type: object, properties: {record: {oneOf: [{$ref: "#/components/schemas/On"}, {$ref: "#/components/schemas/Off"}]}}}
    On: {type: object, required: [kind, level], properties: {kind: {type: string, enum: ["on"]}, level: {type: integer}}}
    Off: {type: object, required: [kind], properties: {kind: {type: string, enum: ["off"]}}}
"##;

fn import(items: &[&str], item: Option<&str>) -> Result<Imported, webhook_import::ImportError> {
    let places = Places { items: items.iter().copied().map(str::to_owned).collect(), item: item.map(str::to_owned) };
    // YAML 1.1 reads `on` as true.
    let text = DOCUMENT.replace("kind: on", "kind: \"on\"").replace("kind: off", "kind: \"off\"");
    import_with("a.yaml", &text, &Options { places, ..Options::default() })
}

#[test]
fn each_kind_of_item_is_an_event() {
    let document: Value = serde_norway::from_str(DOCUMENT).unwrap();
    let provider = written(&import(&["/data/events"], Some("/record")).unwrap());
    assert_eq!(names(&provider), ["off", "on"]);
    let settings = &provider.settings;
    assert_eq!((settings.delivery, settings.item.as_deref()), (Delivery::Wrapped, Some("/record")));
    assert_eq!(settings.items, ["/data/events"]);
    let on = json!({ "kind": "on", "level": 1 });
    assert_eq!(examples(&provider, "on"), [("documented", &on)]);
    assert_eq!(examples(&provider, "off"), [("documented", &json!({ "kind": "off" }))]);
    let schema = &document["components"]["schemas"]["On"];
    agrees(&provider, "on", &[&on], |value| accepts(&document, schema, value));
    assert_eq!(settings.body(&["{}", "1"]), r#"{"data":{"events":[{"record":{}},{"record":1}]}}"#);
}

/// The members around the events become a schema of their own, which allows any value in the place of each event.
#[test]
fn the_envelope_is_imported() {
    let document: Value = serde_norway::from_str(DOCUMENT).unwrap();
    let provider = written(&import(&["/data/events"], Some("/record")).unwrap());
    let envelope = provider.envelope.as_ref().unwrap();
    let [example] = envelope.examples.as_slice() else { panic!("{:?}", envelope.examples) };
    let body = json!({ "data": { "events": [{ "record": { "kind": "on", "level": 1 } }, { "record": { "kind": "off" } }] }, "next": null });
    assert_eq!(example.value, body);
    let own = Validator::new(&envelope.schema, &provider.library(), Dialect::default()).unwrap();
    let schema = &document["components"]["schemas"]["Feed"];
    for (place, value) in [
        ("/next", json!("a")),
        ("/next", json!(1)),
        ("/data", json!([])),
        ("/data/events", json!({})),
        ("/data/events/0", json!(5)),
    ] {
        let mut changed = body.clone();
        changed.pointer_mut(place).unwrap().clone_from(&value);
        assert_eq!(own.are_valid(&[&changed]), [accepts(&document, schema, &changed)], "{changed}");
    }
    let mut other = body.clone();
    other["data"]["events"][0]["record"] = json!("any value");
    assert_eq!(own.are_valid(&[&other]), [true]);
}

/// References of the envelope lead to the shared schemas, and several payloads have one envelope if they agree.
#[test]
fn several_payloads_share_an_envelope() {
    let text = r##"
openapi: 3.1.0
info: {title: Feed, version: "1"}
webhooks:
  a: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}}
  b: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/B"}}}}}}
components:
  schemas:
    Page: {type: object, properties: {n: {type: integer}, by: {$ref: "#/components/schemas/User"}}, required: [n]}
    User: {type: object, properties: {name: {type: string}, boss: {$ref: "#/components/schemas/User"}}}
    A: {allOf: [{$ref: "#/components/schemas/Page"}, {properties: {events: {type: array, items: {properties: {kind: {const: a}, by: {$ref: "#/components/schemas/User"}}, required: [kind]}}}}]}
    B: {allOf: [{$ref: "#/components/schemas/Page"}, {properties: {events: {type: array, items: {properties: {kind: {const: b}}, required: [kind]}}}}]}
"##;
    let places = Places { items: vec!["/events".to_owned()], item: None };
    let imported = import_with("a.yaml", text, &Options { places: places.clone(), ..Options::default() }).unwrap();
    let provider = written(&imported);
    let envelope = provider.envelope.as_ref().unwrap();
    let own = Validator::new(&envelope.schema, &provider.library(), Dialect::default()).unwrap();
    let valid = |text: &str| own.are_valid(&[&serde_json::from_str::<Value>(text).unwrap()])[0];
    assert!(valid(r#"{"n": 1, "events": [5], "by": {"boss": {"name": "b"}}}"#));
    assert!(!valid(r#"{"n": 1, "by": {"boss": {"name": 1}}}"#) && !valid(r#"{"events": []}"#));
    // Otherwise, none is better than a wrong one.
    let other = text.replace("B: {allOf: [{$ref: \"#/components/schemas/Page\"}, ", "B: {allOf: [");
    let imported = import_with("a.yaml", &other, &Options { places, ..Options::default() }).unwrap();
    assert!(written(&imported).envelope.is_none());
    let notes = imported.notes.join("\n");
    assert!(
        notes.contains("the object around the events is not imported: the payloads have different ones"),
        "{notes}"
    );
}

#[test]
fn the_form_is_proposed() {
    let imported = import(&[], None).unwrap();
    let notes = imported.notes.join("\n");
    assert!(
        notes.contains("looks like an object with events at /data/events: if it is, give --items /data/events"),
        "{notes}"
    );
    assert_eq!(written(&imported).settings.delivery, Delivery::Single);
}

#[test]
fn places_that_are_none_are_named() {
    let error = import(&["/data/alerts"], None).unwrap_err();
    assert!(shown(&error).contains("the schema of the payload has no events at /data/alerts"), "{}", shown(&error));
    let error = import(&["data"], None).unwrap_err();
    assert!(shown(&error).contains("\"data\" is not a JSON Pointer into a payload"), "{}", shown(&error));
}

/// A body that narrows the items of another says what both say, and so do its events.
#[test]
fn items_of_several_schemas_are_conjunctions() {
    const NARROWED: &str = r##"
openapi: 3.1.0
info: {title: Books, version: "1"}
webhooks:
  invoices: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Body"}}}}}}
  contacts: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Body"}}}}}}
  creditNotes: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Credit"}}}}}}
components:
  schemas:
    Body:
      type: object
      required: [events, sequence]
      properties:
        sequence: {type: integer}
        events:
          type: array
          items:
            type: object
            required: [category, id]
            properties:
              id: {type: string}
              category: {type: string, oneOf: [{const: CONTACT}, {const: INVOICE}, {const: CREDITNOTE}]}
    Credit:
      allOf:
        - $ref: "#/components/schemas/Body"
        - type: object
          properties:
            events:
              type: array
              items:
                type: object
                required: [data]
                properties: {category: {const: CREDITNOTE}, data: {type: object}}
"##;
    let places = Places { items: vec!["/events".to_owned()], item: None };
    let options = Options { places, discriminators: vec!["category".to_owned()], ..Options::default() };
    let imported = import_with("a.yaml", NARROWED, &options).unwrap();
    let provider = written(&imported);
    assert_eq!(names(&provider), ["contacts", "credit_notes", "invoices"]);
    // The body that the other consists of is around all of them.
    let envelope = provider.envelope.as_ref().unwrap();
    let around = Validator::new(&envelope.schema, &provider.library(), Dialect::default()).unwrap();
    let bodies =
        [json!({ "sequence": 1, "events": [1] }), json!({ "events": [] }), json!({ "sequence": 1, "events": 1 })];
    assert_eq!(around.are_valid(&bodies.iter().collect::<Vec<_>>()), [true, false, false]);
    // Of the values that all of them list, each event has the one that is like its name.
    let matcher = EventMatcher::new(&provider).unwrap();
    let detect = |value: &Value| matcher.detect(value).map(|at| provider.events[at].name.as_str());
    assert_eq!(detect(&json!({ "category": "CONTACT", "id": "a" })), Some("contacts"));
    assert_eq!(detect(&json!({ "category": "INVOICE", "id": "a" })), Some("invoices"));
    let credit = json!({ "category": "CREDITNOTE", "id": "a", "data": {} });
    assert_eq!(detect(&credit), Some("credit_notes"));
    let notes = imported.notes.join("\n");
    assert!(notes.contains("\"CONTACT\" for contacts"), "{notes}");
    // Another validator decides by the document.
    let document: Value = serde_norway::from_str(NARROWED).unwrap();
    let schema = json!({ "components": document["components"], "$ref": "#/components/schemas/Credit" });
    let body = |event: &Value| json!({ "sequence": 1, "events": [event] });
    let other = jsonschema::validator_for(&schema).unwrap();
    let event = provider.events.iter().find(|event| event.name == "credit_notes").unwrap();
    let own = Validator::new(&provider.schema(event).unwrap(), &provider.library(), Dialect::default()).unwrap();
    for changed in [json!(null), json!("CONTACT"), json!("CREDITNOTE"), json!({}), json!("a")] {
        for member in ["category", "id", "data"] {
            let mut event = credit.clone();
            event[member] = changed.clone();
            assert_eq!(own.are_valid(&[&event]), [other.is_valid(&body(&event))], "{event}");
        }
    }
}
