//! Fuzzes the inputs of the toolkit with arbitrary bytes: pages of documentation, schemas, and texts of vendors.

use std::collections::BTreeMap;

use serde_json::json;
use webhook_codegen::catalog::{Event, Provider, Settings};
use webhook_codegen::json::Json;
use webhook_codegen::{Catalog, Dialect, Options, Validator, generate};

use crate::documentation::check_harmless;

/// Reads arbitrary bytes as a page in every format: the page is read, or rejected with a reason, without a panic or a
/// hang.
#[cfg(feature = "toolkit")]
pub fn page(bytes: &[u8]) {
    for name in ["page.md", "page.html", "page.txt", "page"] {
        match webhook_drift::page::read(name, bytes) {
            Ok(page) => {
                for block in &page.blocks {
                    assert!(block.first_line <= block.last_line);
                    assert!(Json::parse(&block.json.to_string()).is_ok());
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Uses any text as the titles, descriptions, names and values of a vendor. The documentation of the package shows the
/// text, and nothing in the text can run, be fetched or become a link.
pub fn documentation(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check_harmless(text);
    }
}

/// Uses any JSON as a schema: it is rejected, or becomes a validator and a package, without a panic or a hang.
pub fn schema(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(schema) = Json::parse(text) else { return };
    for dialect in [Dialect::Draft202012, Dialect::Draft7] {
        if let Ok(validator) = Validator::new(&schema, &BTreeMap::new(), dialect) {
            let instances = [json!(null), json!(1.5), json!("a"), json!([1, "a"]), json!({ "a": { "b": 1 } })];
            validator.violations(&instances.each_ref());
        }
        let event = Event { name: "event".to_owned(), schema: schema.clone(), overlay: None, examples: Vec::new() };
        let provider = Provider {
            name: "provider".to_owned(),
            settings: Settings::default(),
            events: vec![event],
            envelope: None,
            documents: BTreeMap::new(),
        };
        let options = Options::default().unknown_keywords(true).dialect(dialect);
        let catalog = Catalog { providers: vec![provider], ..Catalog::default() };
        if let Err(problems) = generate(&catalog, &options) {
            for problem in problems {
                assert_ne!(problem.code.as_str(), "internal", "{problem}");
            }
        }
    }
}
