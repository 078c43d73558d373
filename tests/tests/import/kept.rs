//! Documents whose schemas are JSON Schema. Imported schemas keep their dialect and, according to another validator,
//! accept the same values.

use jsonschema::{Draft, Registry};
use serde_json::{Value, json};
use webhook_codegen::catalog::{Delivery, Provider};
use webhook_import::Options;

use super::evaluate30::accepts;
use super::{agrees, document, examples, fixture, imported, names, owned, shown, written};

/// A schema of a document, as another validator reads it from the document itself.
fn in_document(document: &Value, draft: Draft, pointer: &str) -> jsonschema::Validator {
    // A fragment cannot have these characters.
    let fragment = pointer.replace('%', "%25").replace(' ', "%20").replace('{', "%7B").replace('}', "%7D");
    let schema = json!({ "$ref": format!("https://source.example/document#{fragment}") });
    let mut registry = Registry::new().draft(draft).add("https://source.example/document", document.clone()).unwrap();
    let mut resources = Vec::new();
    identified(document, &mut resources);
    for (id, resource) in resources {
        registry = registry.add(id, resource).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let options = jsonschema::options().with_draft(draft).should_validate_formats(false).with_registry(&registry);
    options.build(&schema).unwrap()
}

/// The schemas in a document that have an address.
fn identified(value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| identified(item, found)),
        Value::Object(members) => {
            found.extend(members.get("$id").and_then(Value::as_str).map(|id| (id.to_owned(), value.clone())));
            members.values().for_each(|value| identified(value, found));
        }
        _ => {}
    }
}

/// Checks an event against the schema at a place of a document, with the mutants of the payloads at other places.
#[track_caller]
fn compare(provider: &Provider, event: &str, document: &Value, draft: Draft, schema: &str, payloads: &[&str]) {
    let in_document = in_document(document, draft, schema);
    let payloads: Vec<&Value> = payloads.iter().map(|pointer| document.pointer(pointer).unwrap()).collect();
    let found: Vec<&Value> = examples(provider, event).into_iter().map(|(_, value)| value).collect();
    assert_eq!(found, payloads, "{event}");
    agrees(provider, event, &payloads, |value| in_document.is_valid(value));
}

#[test]
fn openapi_3_1() {
    let document = document("openapi_3_1.yaml");
    let provider = written(&imported("openapi_3_1.yaml"));
    assert_eq!(names(&provider), ["invoice_created", "invoice_paid"]);
    let paid = "/webhooks/invoice.paid/post/requestBody/content/application~1json; charset=utf-8";
    let created = "/components/requestBodies/Created/content/application~1json";
    let draft = Draft::Draft202012;
    let example = format!("{paid}/examples/paid/value");
    compare(&provider, "invoice_paid", &document, draft, &format!("{paid}/schema"), &[&example]);
    let example = format!("{created}/example");
    compare(&provider, "invoice_created", &document, draft, &format!("{created}/schema"), &[&example]);
}

#[test]
fn openapi_3_2() {
    let document = document("openapi_3_2.json");
    let provider = written(&imported("openapi_3_2.json"));
    assert_eq!(names(&provider), ["audit"]);
    assert_eq!(provider.settings.delivery, Delivery::Lines);
    assert_eq!(provider.settings.requests.methods, ["NOTIFY"]);
    let content = "/webhooks/audit/additionalOperations/NOTIFY/requestBody/content/application~1jsonl";
    let text = document.pointer(&format!("{content}/examples/two/serializedValue")).unwrap().as_str().unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines: Vec<&Value> = lines.iter().collect();
    let found: Vec<&Value> = examples(&provider, "audit").into_iter().map(|(_, value)| value).collect();
    assert_eq!(found, lines);
    let in_document = in_document(&document, Draft::Draft202012, &format!("{content}/itemSchema"));
    agrees(&provider, "audit", &lines, |value| in_document.is_valid(value));
}

#[test]
fn asyncapi_2() {
    let document = document("asyncapi_2.yaml");
    let provider = written(&imported("asyncapi_2.yaml"));
    assert_eq!(names(&provider), ["lamp_off", "lamp_on"]);
    let on = "/components/messages/LampOn";
    let payload = format!("{on}/examples/0/payload");
    compare(&provider, "lamp_on", &document, Draft::Draft7, &format!("{on}/payload"), &[&payload]);
    // This schema is one of OpenAPI 3.0, whose `nullable` no validator of JSON Schema knows.
    let off = document.pointer("/components/messages/LampOff").unwrap();
    let payload = &off["examples"][0]["payload"];
    agrees(&provider, "lamp_off", &[payload], |value| accepts(&document, &off["payload"], value));
}

#[test]
fn asyncapi_3() {
    let document = document("asyncapi_3.json");
    let provider = written(&imported("asyncapi_3.json"));
    assert_eq!(names(&provider), ["closed", "opened"]);
    let message = "/components/messages";
    let (schema, payload) =
        (format!("{message}/Opened/payload/schema"), format!("{message}/Opened/examples/0/payload"));
    compare(&provider, "opened", &document, Draft::Draft202012, &schema, &[&payload]);
    let (schema, payload) = (format!("{message}/Closed/payload"), format!("{message}/Closed/examples/0/payload"));
    compare(&provider, "closed", &document, Draft::Draft7, &schema, &[&payload]);
}

#[test]
fn json_schemas() {
    let provider = written(&imported("json_schema"));
    assert_eq!(names(&provider), ["order_created", "order_deleted"]);
    let created = document("json_schema/order.created.json");
    let order = document("json_schema/shared/order.json");
    let registry = Registry::new().draft(Draft::Draft7).add("https://shop.example/shared/order.json", order).unwrap();
    let registry = registry.prepare().unwrap();
    let options = jsonschema::options().with_draft(Draft::Draft7).with_registry(&registry);
    let in_document = options.build(&created).unwrap();
    agrees(&provider, "order_created", &[&created["examples"][0]], |value| in_document.is_valid(value));
    let deleted = document("json_schema/order.deleted.yaml");
    let in_document = jsonschema::options().with_draft(Draft::Draft4).build(&deleted).unwrap();
    let payload = document("json_schema/examples/order.deleted.json");
    assert_eq!(examples(&provider, "order_deleted"), [("documented", &payload)]);
    agrees(&provider, "order_deleted", &[&payload], |value| in_document.is_valid(value));
    // But for the reference to another file, the schema is kept word for word.
    let text = std::fs::read_to_string(fixture("json_schema/order.created.json")).unwrap();
    let expected: Value = serde_json::from_str(&text.replace("shared/order", "../common/order")).unwrap();
    assert_eq!(provider.events[0].schema.to_value(), expected);
}

/// `--schema` for JSON Schemas: files and definitions that are taken, and files that are left out.
#[test]
fn schemas_are_chosen_among_files_and_definitions() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let kind = |kind: &str| {
        format!(
            r#"{{"type": "object", "required": ["kind"], "properties": {{"kind": {{"const": "{kind}"}}, "id": {{"$ref": "common.json#/$defs/Id"}}}}}}"#
        )
    };
    write("made.json", &kind("made"));
    write("lost.json", &kind("lost"));
    write(
        "common.json",
        &format!(
            r##"{{"$defs": {{"Id": {{"type": "integer"}}, "Found": {}, "Sold": {}}}}}"##,
            kind("found").replace("common.json", ""),
            kind("sold").replace("common.json", "")
        ),
    );
    let found = |schemas: &[&str]| {
        let options = Options { payloads: owned(schemas), ..Options::default() };
        match webhook_import::import("vendor", &[folder.path().to_owned()], &options) {
            Ok(imported) => {
                let provider = written(&imported);
                names(&provider).join(" ")
            }
            Err(error) => shown(&error),
        }
    };
    assert_eq!(found(&[]), "lost made");
    assert_eq!(found(&["!lost"]), "made");
    assert_eq!(found(&["Found", "lost.json"]), "found lost");
    assert_eq!(found(&["*o*d", "!Sold"]), "found");
    assert!(found(&["Other"]).contains("the documents have no schema Other"), "{}", found(&["Other"]));
    let whole = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": "found" }, "id": { "type": "integer" } } });
    let whole = jsonschema::draft202012::new(&whole).unwrap();
    let options = Options { payloads: owned(&["Found"]), ..Options::default() };
    let provider = written(&webhook_import::import("vendor", &[folder.path().to_owned()], &options).unwrap());
    agrees(&provider, "found", &[&json!({ "kind": "found", "id": 1 })], |value| whole.is_valid(value));
}
