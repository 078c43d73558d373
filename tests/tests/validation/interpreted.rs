//! A provider without generated code: it identifies, accepts and explains payloads as the generated types do.

use conformance::exceptions::{has, is_unheld};
use conformance::mutate::some_mutants;
use serde_json::Value;
use webhook_codegen::Interpreted;

#[test]
fn schemas_decide_as_types_do() {
    let mut decided = 0;
    for (providers, folder) in conformance::sets() {
        let catalog = conformance::catalog(&folder);
        for typed in &providers {
            let provider = catalog.providers.iter().find(|provider| provider.name == typed.name).unwrap();
            let interpreted = Interpreted::new(provider).unwrap();
            let info = interpreted.info();
            assert_eq!((info.delivery, info.requests.items), (typed.delivery, typed.requests.items), "{}", typed.name);
            for (index, event) in typed.events.iter().enumerate() {
                let own = &info.events[index];
                assert_eq!((own.name, own.wire_name, own.reading), (event.name, event.wire_name, event.reading));
                for example in event.examples {
                    let payload: Value = serde_json::from_str(example.payload).unwrap();
                    for mutant in some_mutants(&payload, conformance::stride(61)) {
                        let context = format!("{}/{}: {}: {}", typed.name, event.name, mutant.what, mutant.value);
                        let text = mutant.value.to_string();
                        assert_eq!(info.dispatch.detect(&text), typed.dispatch.detect(&text), "{context}");
                        if has(&mutant.value, is_unheld) {
                            continue;
                        }
                        let violations = own.validator.violations_typed(&mutant.value);
                        let accepted = violations.is_empty() || interpreted.tolerates(index, &mutant.value);
                        let read = event.roundtrip(text.as_bytes());
                        assert_eq!(accepted, read.is_ok(), "{context}");
                        if let Err(error) = read {
                            let places = |all: &webhook_runtime::Violations| {
                                let mut places: Vec<(String, String)> = all
                                    .iter()
                                    .map(|it| (it.instance_location.clone(), it.schema_location.clone()))
                                    .collect();
                                places.sort();
                                places
                            };
                            assert_eq!(places(&violations), places(error.violations().unwrap()), "{context}");
                        }
                        decided += 1;
                    }
                }
            }
        }
    }
    assert!(decided > 100, "{decided}");
}
