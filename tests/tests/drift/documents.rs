//! `cargo xtask drift` with a document of an API instead of a page. `import` reads the document.

use crate::command::Outcome as _;
use crate::sandbox::Sandbox;

const DOCUMENT: &str = r##"
swagger: "2.0"
info: {title: Alarms, version: "1"}
paths: {}
definitions:
  Alarm:
    type: object
    required: [id]
    properties:
      id: {type: string}
      labels: {type: array, items: {type: string}}
      zone: {$ref: "#/definitions/Zone"}
  Zone: {type: object, properties: {name: {type: string}}}
"##;

#[test]
fn a_document_is_compared_as_it_is_imported() {
    let sandbox = Sandbox::of_five_documents();
    let settings =
        "title = \"Alarms\"\ndelivery = \"batch\"\norigin = \"a document\"\n\n[import]\nschema = \"Alarm\"\n";
    sandbox.write("alarms/provider.toml", settings);
    // A workflow may give a fetched document any file name.
    let page = sandbox.file("alarms.html", DOCUMENT);
    sandbox.drift(&["alarms", &page, "--accept"]).exits(0);
    let overlay = r#"[{"op": "replace", "path": "/properties/labels/type", "value": ["array", "null"]}]"#;
    sandbox.write("alarms/alarm/overlay.json", overlay);
    assert_eq!(sandbox.drift(&["alarms", &page]).exits(0).0, "alarms: 1 event: no drift\n");
    let changed = sandbox.file("alarms.html", DOCUMENT.replace("id: {type: string}", "id: {type: integer}"));
    let (shown, _) = sandbox.drift(&["alarms", &changed]).exits(2);
    assert!(shown.contains("/id"), "{shown}");
}

/// An overlay of a shared schema stays, and a note says where it no longer applies.
#[test]
fn overlays_of_shared_schemas_stay() {
    let sandbox = Sandbox::of_five_documents();
    sandbox.write(
        "alarms/provider.toml",
        "title = \"Alarms\"\nprecedence = [\"other\", \"alarm\"]\n\n[import]\nschema = [\"Alarm\", \"Other\"]\n",
    );
    let document = DOCUMENT.replace(
        "  Zone: {",
        "  Other: {type: object, required: [at], properties: {at: {type: string}, zone: {$ref: \"#/definitions/Zone\"}}}\n  Zone: {",
    );
    let page = sandbox.file("alarms.yaml", &document);
    sandbox.drift(&["alarms", &page, "--accept"]).exits(0);
    let operations = r#"[{"op": "test", "path": "/type", "value": "object"}, {"op": "replace", "path": "/type", "value": ["object", "null"]}]"#;
    sandbox.write("alarms/common/zone.overlay.json", operations);
    assert_eq!(sandbox.codegen().0, Some(0));
    assert_eq!(sandbox.drift(&["alarms", &page]).exits(0).0, "alarms: 2 events: no drift\n");
    assert_eq!(sandbox.text("alarms/common/zone.overlay.json"), operations);
    let changed = sandbox.file("alarms.yaml", document.replace("Zone: {type: object,", "Zone: {"));
    let (_, _, errors) = sandbox.drift(&["alarms", &changed]);
    assert!(errors.contains("alarms/common/zone.overlay.json"), "{errors}");
}
