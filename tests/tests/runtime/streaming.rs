//! Batches that are read from a stream, compared with batches that are read from the whole body.

use std::io::{self, Read};

use conformance::streaming::{same, streamed};
use golden_events::features;
use security_webhooks::{Batch, BatchReadError, BodyFormat, Error, WebhookEvent, crowdsec, procustodibus, wallarm};

/// Reads a body in blocks of many sizes.
#[track_caller]
fn same_in_blocks<E: WebhookEvent>(body: &[u8], random: &mut fastrand::Rng) {
    for size in [1, 7, 4096, usize::MAX] {
        same::<E>(body, || size);
    }
    same::<E>(body, || random.usize(1..40));
}

fn hit() -> &'static str {
    wallarm::EXAMPLES.iter().find(|example| example.event == "hit").unwrap().payload
}

fn minified(text: &str) -> String {
    serde_json::from_str::<serde_json::Value>(text).unwrap().to_string()
}

fn bodies() -> Vec<String> {
    let (hit, line) = (hit(), minified(hit()));
    let mut bodies = vec![
        format!("[{hit}]"),
        format!(" [ {hit} ,{line}, {{}}, 5, \"a\\\"]\", null,[[],[1]] ] \n"),
        format!("{line}\n{line}\r\n\n  {line}  \n{{}}"),
        format!("{line}\n{{\"object_type\": \n{line}\n]\n\u{a0}\n"),
        hit.to_owned(),
        format!("\n {line} \n\n"),
        format!("{line} {line}"),
        format!("{hit}\n{hit}"),
    ];
    let small = [
        "", " ", "\n", "[]", "[ ]", " [\n] ", "[", "]", "[]]", "[] []", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]",
        "[1}", "[{]}", "[{\"a\":1]]", "[1]\n[2]", "[1]\n[2]\n", "[tru]", "[true", "[\"a", "[\"a\\\"]", "[\"\\\\\"]",
        "[6e330, 1]", "[\"\\ud800\", 1]", "[1] x", "{}", "{", "}", "5", "tru", "tru\n5", "5\n", "5\n6", "5 6",
        "5\n\n 6 \n", "\"a\nb\"\n5", "{\n}\n{}", "{}\n{", ",", ",\n5", "null\nnull", "\u{feff}{}", "\"a\"\n\"b\"",
        "{\"a\": \"}\"}\n[]", "6e330", "6e330\n6e330", "\u{a0}", "{}\n\u{a0}", "[1,\u{a0}]", "\u{c}[\u{0}", "\u{c}[]",
        "5\u{b}\n6", "[\"a\"\"b\"]", "[1\"a,b\"]", "[nulltrue]", "[\u{0}]", "{}\r\n{}\r\n", "\"\\", "[\"\\",
    ];
    bodies.extend(small.map(str::to_owned));
    bodies.push(format!("[{}]", "[".repeat(200) + &"]".repeat(200)));
    bodies.push(format!("{{}}{}{{}}", "\n ".repeat(3_000)));
    bodies.push(format!("[1{}]", " ".repeat(200_000)));
    bodies
}

#[test]
fn every_body_has_the_items_that_it_has_as_a_whole() {
    let mut random = fastrand::Rng::with_seed(1);
    for body in bodies() {
        same_in_blocks::<wallarm::Event>(body.as_bytes(), &mut random);
        same_in_blocks::<crowdsec::Event>(body.as_bytes(), &mut random);
    }
    for example in procustodibus::EXAMPLES.iter().chain(wallarm::EXAMPLES).chain(crowdsec::EXAMPLES) {
        same_in_blocks::<procustodibus::Event>(example.payload.as_bytes(), &mut random);
        same_in_blocks::<wallarm::Event>(format!("[{0},{0}]", example.payload).as_bytes(), &mut random);
    }
}

/// A provider whose bodies are lines splits every body that is not an array at its line breaks.
#[test]
fn lines_are_lines_where_they_are_usual() {
    let lines = golden_events::Provider::ALL
        .iter()
        .find(|provider| provider.info().delivery == security_webhooks::Delivery::Lines);
    struct Same;
    impl webhook_runtime::ProviderVisitor for Same {
        type Output = ();
        fn visit<E: WebhookEvent>(self) {
            let mut random = fastrand::Rng::with_seed(2);
            for body in bodies() {
                same_in_blocks::<E>(body.as_bytes(), &mut random);
            }
        }
    }
    lines.expect("a provider of lines").visit(Same);
}

#[test]
fn a_body_may_be_split_anywhere() {
    let line = minified(hit());
    for body in [format!("[{line}, \"\\\"]\\\\\", 5 ]"), format!("{line}\n\"é\\\"\"\n12\n"), line.clone()] {
        for at in 1..body.len() {
            let mut blocks = [at, usize::MAX].into_iter();
            same::<wallarm::Event>(body.as_bytes(), move || blocks.next().unwrap_or(1));
        }
    }
}

#[test]
fn broken_bodies_are_broken_in_both_ways() {
    let line = r#"{"object_type":"hit","a":["\"]",{"b":-1.5e3}],"é":null}"#;
    let bodies = [format!(" [{line} , {line},7]\n"), format!("{line}\n{line}\r\n\n"), format!("{line}\n")];
    let mut random = fastrand::Rng::with_seed(4);
    for body in &bodies {
        for end in 0..body.len() {
            same::<wallarm::Event>(&body.as_bytes()[..end], || 7);
        }
        for _ in 0..conformance::rounds(1_000) {
            let mut bytes = body.as_bytes().to_vec();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                match random.u8(0..4) {
                    0 => bytes[at] = *random.choice(b"{}[]\",:\\ \n0e\xff\xa0".as_slice()).unwrap(),
                    1 => drop(bytes.remove(at)),
                    2 => bytes.insert(at, *random.choice(b"{}[]\",\n ".as_slice()).unwrap()),
                    _ => bytes.truncate(at.max(1)),
                }
                if bytes.is_empty() {
                    bytes.push(b' ');
                }
            }
            let size = random.usize(1..30);
            same::<wallarm::Event>(&bytes, || size);
        }
    }
}

#[test]
fn what_is_before_the_break_comes_first() {
    let (items, format, end) = streamed::<wallarm::Event>(b"[{}, 5, {\"a\": ", || 3);
    assert_eq!((items.len(), format), (2, Some(BodyFormat::Array)));
    let Some(Error::Json(error)) = end else { panic!("{end:?}") };
    assert_eq!((error.to_string().as_str(), error.line()), ("the body ends at byte 14, where more is expected", 0));
    assert!(error.classify() == serde_json::error::Category::Eof);
    let (items, _, end) = streamed::<wallarm::Event>(b"[{}] {}", || 3);
    assert_eq!(
        (items.len(), end.unwrap().to_string().as_str()),
        (1, "not readable as JSON: trailing characters at byte 5")
    );
    let (_, _, end) = streamed::<wallarm::Event>(b"[\"\xff\"]", || 3);
    assert_eq!(end.unwrap().to_string(), "not readable as JSON: the bytes are not UTF-8 from byte 2 on");
}

#[test]
fn items_that_are_too_long_are_left_out() {
    let long = format!("{{\"a\": \"{}\"}}", "b]\\\"".repeat(50_000));
    let read = |body: &str, limit: usize| -> Vec<Result<String, String>> {
        let item = |item: Result<wallarm::Event, BatchReadError>| match item {
            Ok(event) => Ok(security_webhooks::to_string(&event)),
            Err(error @ BatchReadError::TooLong { .. }) => Err(error.to_string()),
            Err(error) => panic!("{error}"),
        };
        Batch::<wallarm::Event>::reader(body.as_bytes()).with_limit(limit).map(item).collect()
    };
    let too_long = || Err("an item is longer than 10 bytes".to_owned());
    let one = |text: &str| Ok(text.to_owned());
    assert_eq!(read(&format!("[{{}}, {long} ,1]"), 10), [one("{}"), too_long(), one("1")]);
    assert_eq!(read(&format!("{{}}\n{long}\n1"), 10), [one("{}"), too_long(), one("1")]);
    assert_eq!(read(&format!("{long}\n{{}}\n1"), 10), [too_long(), one("{}"), one("1")]);
    assert_eq!(read(&long, 10), [too_long()]);
    assert_eq!(read(&format!("[{long}]"), long.len()).len(), 1);
    assert_eq!(read("[1234567890,12345678901]", 10), [one("1234567890"), too_long()]);
    // White space around an item is not a part of the item.
    assert_eq!(read(&format!("[{0}1{0},{0}2{0}]", " ".repeat(300_000)), 10), [one("1"), one("2")]);
    assert_eq!(read(&format!("{0}1{0}\n{0}\n2", " ".repeat(300_000)), 10).last(), Some(&one("2")));
}

#[test]
fn a_stream_that_fails_ends() {
    struct Fails(usize);
    impl Read for Fails {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => {
                    space[..4].copy_from_slice(b"[{},");
                    Ok(4)
                }
                _ => Err(io::Error::other("gone")),
            }
        }
    }
    let mut reader = Batch::<features::Event>::reader(Fails(0));
    assert!(reader.next().unwrap().is_ok());
    let error = reader.next().unwrap().unwrap_err();
    assert!(matches!(error, BatchReadError::Io(_)) && error.is_final() && error.to_string() == "gone");
    assert!(reader.next().is_none());
}
