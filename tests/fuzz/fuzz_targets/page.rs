//! Any bytes as a page, in every format: it is read or refused with a reason; no panic, no hang.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webhook_drift::page::read;

fuzz_target!(|bytes: &[u8]| {
    for name in ["page.md", "page.html", "page.txt", "page"] {
        match read(name, bytes) {
            Ok(page) => {
                for block in &page.blocks {
                    assert!(block.first_line <= block.last_line);
                    assert!(webhook_codegen::json::Json::parse(&block.json.to_string()).is_ok());
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
