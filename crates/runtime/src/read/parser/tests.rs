//! Compares the values that the parser reads with the values that `serde_json` reads.

use super::super::object::check;
use super::*;
use serde_json::Value;

#[test]
fn a_tag_is_found_wherever_it_is() {
    let text = r#" {"a": {"kind": "x"}, "b": [1], "kind": "host", "c": 1}"#;
    let mut parser = Parser::new(text);
    assert_eq!(parser.tag("kind").unwrap(), "host");
    assert_eq!(parser.value().unwrap(), serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(Parser::new("{}").tag("kind"), Err(Mismatch));
    assert_eq!(Parser::new(r#"{"kind": 1}"#).tag("kind"), Err(Mismatch));
}

/// Returns a random value, often one of few, as one of its texts.
fn written(random: &mut fastrand::Rng, depth: usize) -> String {
    const SCALARS: [&str; 16] = [
        "null", "true", "false", "0", "-0", "0.0", "1", "1.0", "10e-1", "100", "1e2", "\"\"", "\"a\"", "\"\\u0061\"",
        "\"1\"", "[]",
    ];
    let space = ["", " ", "\n  "][random.usize(..3)];
    match random.usize(..if depth == 0 { 4 } else { 7 }) {
        4 => {
            let items: Vec<String> = (0..random.usize(..3)).map(|_| written(random, depth - 1)).collect();
            format!("[{space}{}]", items.join(","))
        }
        5 | 6 => {
            let mut names = ["a", "b", "\\u0063", ""];
            random.shuffle(&mut names);
            let members: Vec<String> = names[..random.usize(..3)]
                .iter()
                .map(|name| format!("\"{name}\":{space}{}", written(random, depth - 1)))
                .collect();
            format!("{{{}{space}}}", members.join(","))
        }
        _ => SCALARS[random.usize(..SCALARS.len())].to_owned(),
    }
}

#[test]
fn items_are_distinct_where_their_values_are() {
    let mut random = fastrand::Rng::with_seed(7);
    let (mut distinct, mut repeated) = (0, 0);
    for _ in 0..20_000 {
        let items: Vec<String> = (0..random.usize(..5)).map(|_| written(&mut random, 2)).collect();
        let text = format!("[{}]", items.join(", "));
        let Value::Array(values) = serde_json::from_str(&text).expect("JSON") else { panic!("an array") };
        let mut parser = Parser::new(&text);
        let start = parser.position();
        assert_eq!(parser.value().map(|_| ()), Ok(()), "{text}");
        let found = parser.check_distinct(start).is_ok();
        assert_eq!(found, crate::instance::first_repeat(&values).is_none(), "{text}");
        if found {
            assert_eq!(parser.end(), Ok(()), "{text}");
        }
        *if found { &mut distinct } else { &mut repeated } += 1;
    }
    assert!(distinct > 1_000 && repeated > 1_000, "{distinct} distinct, {repeated} repeated");
}

#[test]
fn the_first_of_some_members_is_found_without_taking_the_object() {
    let text = r#" {"x": [1, {"b": "]"}], "b": "\"}", "a" : -1.5e3, "c": null}"#;
    for (names, expected) in [
        (&["a", "b"] as &[&str], Some("a")),
        (&["b", "a"], Some("b")),
        (&["c"], Some("c")),
        (&["d", "c"], Some("c")),
        (&["d"], None),
    ] {
        let mut parser = Parser::new(text);
        assert_eq!(parser.first_member(names), Ok(expected), "{names:?}");
        assert_eq!(parser.taken(), 0);
    }
    for broken in [r#"{"x": "#, r#"{"x": ]}"#, r#"{"x" 1}"#, "[]", ""] {
        assert_eq!(Parser::new(broken).first_member(&["a"]), Err(Mismatch), "{broken}");
    }
}

/// Consumes a part of a value, as a reader does that finds that the value does not match.
fn take_part(parser: &mut Parser<'_>, random: &mut fastrand::Rng) -> Result<()> {
    if random.u8(..8) == 0 {
        return Err(Mismatch);
    }
    match parser.peek()? {
        b'{' => parser.each_member(|parser, _| take_part(parser, random))?,
        b'[' => parser.each_item(|parser, _| take_part(parser, random))?,
        // Readers of constants compare the first bytes.
        b'"' if random.bool() => parser.exact_string("a", true)?,
        _ => drop(parser.value()?),
    }
    check(random.u8(..8) > 0)
}

#[test]
fn what_is_left_of_a_value_is_skipped_wherever_reading_it_ended() {
    let mut random = fastrand::Rng::with_seed(11);
    let mut skipped = 0;
    for _ in 0..crate::rounds(20_000) {
        let text = format!("[{}, {{\"]\": \"}}\\\"\"}}, 7]", written(&mut random, 4));
        let mut whole = Parser::new(&text);
        assert_eq!(whole.open(b'[').and_then(|()| whole.value()).map(drop), Ok(()), "{text}");
        let mut parser = Parser::new(&text);
        assert_eq!(parser.open(b'[').and_then(|()| parser.peek()).map(drop), Ok(()), "{text}");
        let start = parser.position();
        if take_part(&mut parser, &mut random).is_err() {
            assert_eq!(parser.skip_rest(start), Ok(()), "{text}");
            skipped += 1;
        }
        assert_eq!((parser.at, parser.depth), (whole.at, whole.depth), "{text}");
    }
    assert!(skipped > crate::rounds(5_000), "{skipped}");
}

#[test]
fn parts_are_found_by_their_places() {
    let mut random = fastrand::Rng::with_seed(13);
    for _ in 0..crate::rounds(5_000) {
        let text = format!(" {}", written(&mut random, 4));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let mut parts = Vec::new();
        Parser::new(&text).note_parts(&value, &mut parts).expect("the value");
        for (at, part) in &parts {
            let mut parser = Parser { at: *at, ..Parser::new(&text) };
            assert!(parser.value().is_ok_and(|value| value == **part), "{text} {at}");
        }
        assert!(parts.is_sorted_by_key(|(at, _)| at));
    }
}
