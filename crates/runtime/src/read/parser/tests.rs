//! What the parser reads is compared with what `serde_json` reads.

use super::*;
use serde_json::Value;

#[test]
fn values_are_as_serde_json_reads_them() {
    for text in [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "12",
        "-0",
        "1.5",
        "1e3",
        "123456789012345678",
        "1234567890123456789",
        "18446744073709551615",
        "18446744073709551616",
        "\"\"",
        "\"a\\n\\u0041\\ud83d\\ude00\"",
        "[]",
        "{}",
        " [ 1 , [ ] , { \"a\" : \"b\" } ] ",
        "{\"a\":{\"b\":[null]},\"c\":\"é\"}",
        "\"12345678\"",
        "\"1234567\"",
    ] {
        let mut parser = Parser::new(text);
        assert_eq!(parser.value().unwrap(), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        assert_eq!(parser.end(), Ok(()));
    }
}

#[test]
fn what_is_not_json_is_given_up() {
    for text in [
        "",
        " ",
        "nul",
        "tru",
        "01",
        "-",
        "1.",
        ".5",
        "+1",
        "1e",
        "\"",
        "\"\n\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{a:1}",
        "{,}",
        "{\"a\" 1}",
        "]",
        "}",
        "1 2",
        "\"a\tb\"",
        "{\"a\":1,\"a\":1}",
    ] {
        let mut parser = Parser::new(text);
        let read = parser.value().and_then(|_| parser.end());
        assert_eq!(read, Err(Mismatch), "{text}");
    }
    let deep = "[".repeat(128) + &"]".repeat(128);
    assert!(Parser::new(&deep).value().is_err() && Parser::new(&deep[1..deep.len() - 1]).value().is_ok());
}

#[test]
fn a_tag_is_found_wherever_it_is() {
    let text = r#" {"a": {"kind": "x"}, "b": [1], "kind": "host", "c": 1}"#;
    let mut parser = Parser::new(text);
    assert_eq!(parser.tag("kind").unwrap(), "host");
    assert_eq!(parser.value().unwrap(), serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(Parser::new("{}").tag("kind"), Err(Mismatch));
    assert_eq!(Parser::new(r#"{"kind": 1}"#).tag("kind"), Err(Mismatch));
}
