//! Any JSON as a schema: it is refused, or becomes a validator and a package; no panic, no hang.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use webhook_codegen::catalog::{Event, Provider, Settings};
use webhook_codegen::json::Json;
use webhook_codegen::{Catalog, Dialect, Options, Validator, generate};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(schema) = Json::parse(text) else { return };
    for dialect in [Dialect::Draft202012, Dialect::Draft7] {
        if let Ok(validator) = Validator::new(&schema, &BTreeMap::new(), dialect) {
            validator.violations(&[&json!(null), &json!(1.5), &json!("a"), &json!([1, "a"]), &json!({ "a": { "b": 1 } })]);
        }
        let event = Event { name: "event".to_owned(), schema: schema.clone(), overlay: None, examples: Vec::new() };
        let provider = Provider {
            name: "provider".to_owned(),
            settings: Settings::default(),
            events: vec![event],
            documents: BTreeMap::new(),
        };
        let options = Options {
            package: None,
            runtime: String::new(),
            standalone: false,
            lowered: false,
            unknown_keywords: true,
            dialect,
        };
        let catalog = Catalog { providers: vec![provider], ..Catalog::default() };
        if let Err(problems) = generate(&catalog, &options) {
            for problem in problems {
                assert!(!problem.message.contains("defect"), "{problem}");
                assert!(!problem.advice.contains("defect"), "{problem}");
            }
        }
    }
});
