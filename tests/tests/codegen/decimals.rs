//! Members whose schema has `"x-number": "decimal"`: every digit is kept and compared, however a payload is read. The decimals
//! need a feature that changes serde_json for a whole build, so the package with these members is built separately.

use std::fs;
use std::path::Path;

use crate::command::{Outcome as _, codegen, dependency, run, run_user};
use conformance::folder::write;
use serde_json::{Value, json};

pub(crate) fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["kind", "amount"],
        "properties": {
            "kind": { "const": "transfer" },
            "amount": { "type": "number", "x-number": "decimal", "maximum": 0.3 },
            "block": { "type": "integer", "x-number": "decimal", "minimum": 0 },
            "fee": { "type": ["number", "null"], "x-number": "decimal" },
            "shares": { "type": "array", "items": { "type": "number", "x-number": "decimal" } },
            "rates": {
                "type": "object",
                "additionalProperties": { "type": "number", "x-number": "decimal", "multipleOf": 0.01 }
            },
            "limit": { "type": ["number", "string"], "x-number": "decimal" },
        },
    })
}

const EXAMPLE: &str = r#"{
    "kind": "transfer",
    "amount": 0.10000000000000000000000000001,
    "block": 115792089237316195423570985008687907853269984665640564039457584007913129639935,
    "fee": null,
    "shares": [0.333333333333333333333333333333, 1E-400, -98765432109876543210.5],
    "rates": { "EUR": 100000000000000000000000000000.01 },
    "limit": 18446744073709551616
}"#;

/// The code of a user's crate that uses the types.
const PROGRAM: &str = r##"
use acme::acme::{Event, Transfer, TransferLimit};
use acme::Decimal;

fn main() {
    let text = std::fs::read_to_string("example.json").unwrap();
    let Event::Transfer(event) = Event::from_slice(text.as_bytes()).unwrap() else { panic!("unknown") };
    let amount: &Decimal = &event.amount;
    assert_eq!(amount.as_str(), "0.10000000000000000000000000001");
    assert!(*amount > "0.1".parse().unwrap());
    let block = event.block.as_ref().unwrap();
    assert_eq!(block.as_str(), "115792089237316195423570985008687907853269984665640564039457584007913129639935");
    assert!(block.is_integer() && block.parse::<u128>().is_err());
    assert!(event.fee.is_null());
    assert_eq!(event.shares.as_ref().unwrap()[1], "0.1e-399".parse().unwrap());
    assert_eq!(event.rates.as_ref().unwrap()["EUR"].as_str(), "100000000000000000000000000000.01");
    assert!(matches!(&event.limit, Some(TransferLimit::Number(number)) if number.as_str() == "18446744073709551616"));

    // Through text, through a `Value`, through serde, and written by either writer.
    let value: acme::serde_json::Value = acme::serde_json::from_str(&text).unwrap();
    assert_eq!(acme::serde_json::from_str::<Transfer>(&text).unwrap(), *event);
    assert_eq!(acme::serde_json::from_value::<Transfer>(value).unwrap(), *event);
    for written in [acme::to_string(&*event), acme::serde_json::to_string(&*event).unwrap()] {
        for digits in ["0.10000000000000000000000000001", "0.333333333333333333333333333333", "100000000000000000000000000000.01"] {
            assert!(written.contains(digits), "{written}");
        }
        assert_eq!(Transfer::from_slice(written.as_bytes()).unwrap(), *event);
    }

    // The digits are compared, whether the text is read in one pass or, because of a repeated member, parsed into a `Value`.
    for (accepted, member) in [
        (true, r#""amount": 0.30000000000000000000"#),
        (false, r#""amount": 0.30000000000000000001"#),
        (true, r#""amount": 0, "block": 1.0"#),
        (true, r#""amount": 0, "block": 1e400"#),
        (false, r#""amount": 0, "block": 100000000000000000000.5"#),
        (false, r#""amount": 0, "block": -100000000000000000000"#),
        (true, r#""amount": 0, "rates": { "a": 99999999999999999999999.99 }"#),
        (false, r#""amount": 0, "rates": { "a": 99999999999999999999999.999 }"#),
        (false, r#""amount": 0, "limit": true"#),
    ] {
        for twice in ["", r#""other": 1, "other": 2, "#] {
            let text = format!(r#"{{"kind": "transfer", {twice}{member}}}"#);
            let read = Event::from_slice(text.as_bytes());
            assert_eq!(read.is_ok(), accepted, "{text}: {read:?}");
            if let Err(error) = read {
                assert_eq!(error.violations().map(|violations| violations.count()), Some(1), "{text}: {error}");
            }
        }
    }
    let made = Transfer { amount: 7.into(), ..Transfer::default() };
    assert_eq!(acme::to_string(&made), r#"{"amount":7,"kind":"transfer"}"#);
}
"##;

/// Schema-defs with these members.
pub(crate) fn defs(folder: &Path, schema: &Value) {
    write(folder, [("acme/provider.toml", "title = \"Acme\"\nschemas = \"documented\"\n")]);
    write(folder, [("acme/transfer/schema.json", &*schema.to_string()), ("acme/transfer/examples/a.json", EXAMPLE)]);
}

#[test]
#[ignore = "compiles packages"]
fn every_digit_is_kept_and_decides() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("acme");
    defs(&folder.path().join("defs"), &schema());
    let (defs, to) = (folder.path().join("defs").display().to_string(), package.display().to_string());
    run(&["codegen", "--defs", &defs, "--out", &to, "--package", "acme"]).exits(0);
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("acme = [\"webhook-runtime/arbitrary_precision\"]"), "{manifest}");

    let user = folder.path().join("user");
    write(&user, [("example.json", EXAMPLE)]);
    let dependencies = dependency("acme", &package) + "\n[lints.rust]\nwarnings = \"deny\"\n";
    run_user(&user, "decimals-user", &dependencies, PROGRAM).exits(0);
}

#[test]
fn other_values_of_the_annotation_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut schema = schema();
    schema["properties"]["amount"]["x-number"] = json!("float");
    defs(folder.path(), &schema);
    let out = folder.path().join("out");
    codegen(folder.path(), &out).says(1, ["must be \"number\" or \"decimal\""]);
}
