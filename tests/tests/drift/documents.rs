//! `cargo xtask drift` with a document of an API instead of a page. `import` reads the document.

use std::fs;

use super::sandbox::Sandbox;

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
    let sandbox = Sandbox::new();
    let folder = sandbox.defs().join("alarms");
    fs::create_dir(&folder).unwrap();
    let settings =
        "title = \"Alarms\"\ndelivery = \"batch\"\norigin = \"a document\"\n\n[import]\nschema = \"Alarm\"\n";
    fs::write(folder.join("provider.toml"), settings).unwrap();
    // A workflow may give a fetched document any file name.
    let page = sandbox.page("alarms.html", DOCUMENT.as_bytes());
    let (code, _, errors) = sandbox.drift(&["alarms", &page, "--accept"]);
    assert_eq!(code, Some(0), "{errors}");
    fs::write(
        folder.join("alarm/overlay.json"),
        r#"[{"op": "replace", "path": "/properties/labels/type", "value": ["array", "null"]}]"#,
    )
    .unwrap();
    let (code, shown, errors) = sandbox.drift(&["alarms", &page]);
    assert_eq!((code, shown.as_str()), (Some(0), "alarms: 1 event: no drift\n"), "{errors}");
    let changed = sandbox.page("alarms.html", DOCUMENT.replace("id: {type: string}", "id: {type: integer}").as_bytes());
    let (code, shown, _) = sandbox.drift(&["alarms", &changed]);
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("/id"), "{shown}");
}

/// An overlay of a shared schema stays, and a note says where it no longer applies.
#[test]
fn overlays_of_shared_schemas_stay() {
    let sandbox = Sandbox::new();
    let folder = sandbox.defs().join("alarms");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("provider.toml"),
        "title = \"Alarms\"\nprecedence = [\"other\", \"alarm\"]\n\n[import]\nschema = [\"Alarm\", \"Other\"]\n",
    )
    .unwrap();
    let document = DOCUMENT.replace(
        "  Zone: {",
        "  Other: {type: object, required: [at], properties: {at: {type: string}, zone: {$ref: \"#/definitions/Zone\"}}}\n  Zone: {",
    );
    let page = sandbox.page("alarms.yaml", document.as_bytes());
    let (code, _, errors) = sandbox.drift(&["alarms", &page, "--accept"]);
    assert_eq!(code, Some(0), "{errors}");
    let overlay = folder.join("common/zone.overlay.json");
    let operations = r#"[{"op": "test", "path": "/type", "value": "object"}, {"op": "replace", "path": "/type", "value": ["object", "null"]}]"#;
    fs::write(&overlay, operations).unwrap();
    assert_eq!(sandbox.codegen(), (Some(0), sandbox.codegen().1));
    let (code, shown, errors) = sandbox.drift(&["alarms", &page]);
    assert_eq!((code, shown.as_str()), (Some(0), "alarms: 2 events: no drift\n"), "{errors}");
    assert_eq!(fs::read_to_string(&overlay).unwrap(), operations);
    let changed = sandbox.page("alarms.yaml", document.replace("Zone: {type: object,", "Zone: {").as_bytes());
    let (_, _, errors) = sandbox.drift(&["alarms", &changed]);
    assert!(errors.contains("alarms/common/zone.overlay.json"), "{errors}");
}
