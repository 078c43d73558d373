//! Verdicts on changes of schemas, judged by other validators.

use std::collections::BTreeMap;

use conformance::instances::InstanceGenerator;
use conformance::oracle::{Oracle, Verdict as Decision};
use conformance::schemas::{changed, random_schema, small_values};
use fastrand::Rng;
use jsonschema::canonical::{self, Containment};
use serde::Deserialize;
use serde_json::Value;
use webhook_codegen::compare::{Rules, Sent, Verdict, Version, contained};
use webhook_codegen::json::Json;

/// Returns the verdict on a new version of a schema, with `--open`.
fn verdict(old: &Value, new: &Value) -> Verdict {
    let (old, new) = (Json::from_value(old, None), Json::from_value(new, None));
    let library = BTreeMap::new();
    let version = |schema| Version { schema, library: &library, instances: &[] };
    contained(version(&old), version(&new), Rules { sent: Sent::Anything, ..Rules::default() }).unwrap()
}

/// Returns the first instance that the new version accepts and the old one rejects, according to both other validators.
fn refuting<'i>(old: &Oracle, new: &Oracle, mut instances: impl Iterator<Item = &'i Value>) -> Option<&'i Value> {
    instances.find(|value| new.verdict(value) == Decision::Valid && old.verdict(value) == Decision::Invalid)
}

/// Schemas of one dialect with the same keywords. Each is compared with every other.
#[derive(Deserialize)]
struct Group {
    dialect: String,
    schemas: Vec<Value>,
}

/// A schema of a dialect.
fn schema(dialect: &str, mut schema: Value) -> Value {
    if let Value::Object(keywords) = &mut schema {
        let uri = match dialect {
            "2020-12" | "2019-09" => format!("https://json-schema.org/draft/{dialect}/schema"),
            _ => format!("http://json-schema.org/{dialect}/schema#"),
        };
        keywords.insert("$schema".to_owned(), uri.into());
    }
    schema
}

/// Returns whether the old version accepts every instance of the new version, as far as the crate `jsonschema` can tell.
fn covers(old: &Value, new: &Value) -> Containment {
    let canonical = |schema: &Value| canonical::options().canonicalize(schema);
    match (canonical(old), canonical(new)) {
        (Ok(old), Ok(new)) => old.covers(&new).unwrap_or(Containment::Unknown),
        _ => Containment::Unknown,
    }
}

#[test]
fn verdicts_on_changes_of_every_keyword() {
    let small = small_values();
    let (mut pairs, mut compatible, mut unproven) = (0, 0, 0);
    let groups = include_str!("../../fixtures/keyword_changes.json");
    for Group { dialect, schemas } in serde_json::from_str::<Vec<Group>>(groups).unwrap() {
        let schemas: Vec<Value> = schemas.into_iter().map(|one| schema(&dialect, one)).collect();
        let oracles: Vec<Oracle> = schemas.iter().map(|schema| Oracle::new(&schema.to_string())).collect();
        for (old, by_old) in schemas.iter().zip(&oracles) {
            for (new, by_new) in schemas.iter().zip(&oracles) {
                let context = || format!("{old} to {new}");
                pairs += 1;
                let refuted = refuting(by_old, by_new, small.iter());
                match verdict(old, new) {
                    Verdict::Compatible => {
                        compatible += 1;
                        assert_eq!(refuted, None, "{}", context());
                        assert!(!matches!(covers(old, new), Containment::No), "{}", context());
                    }
                    Verdict::Breaking(witness) => {
                        let witnesses = std::iter::once(&witness);
                        assert_eq!(refuting(by_old, by_new, witnesses), Some(&witness), "{}", context());
                        assert!(!matches!(covers(old, new), Containment::Yes), "{}", context());
                    }
                    Verdict::Unproven(reason) => {
                        unproven += 1;
                        println!("unproven, {reason}: {}", context());
                    }
                }
            }
        }
    }
    println!("{pairs} pairs: {compatible} compatible, {unproven} unproven");
    assert!(pairs > 700 && compatible > 200 && unproven * 100 <= pairs, "{pairs} {compatible} {unproven}");
}

#[test]
fn verdicts_on_random_changes_agree_with_other_validators() {
    let rounds = conformance::rounds(200);
    let mut rng = Rng::with_seed(0x0d21f7);
    let small = small_values();
    let mut counts = BTreeMap::new();
    for round in 0..rounds {
        let depth = rng.usize(1..4);
        let old = random_schema(&mut rng, depth);
        let mut new = changed(&mut rng, &old);
        for _ in 0..rng.usize(..3) {
            new = changed(&mut rng, &new);
        }
        let context = || format!("round {round}: {old} to {new}");
        let (by_old, by_new) = (Oracle::new(&old.to_string()), Oracle::new(&new.to_string()));
        let found = verdict(&old, &new);
        let kind = match &found {
            Verdict::Compatible => {
                let mut generator = InstanceGenerator::new(&new, small.clone(), round);
                let made: Vec<Value> = std::iter::repeat_with(|| generator.next_instance()).take(1000).collect();
                assert_eq!(refuting(&by_old, &by_new, small.iter().chain(&made)), None, "{}", context());
                "compatible"
            }
            Verdict::Breaking(witness) => {
                assert_eq!(refuting(&by_old, &by_new, std::iter::once(witness)), Some(witness), "{}", context());
                "breaking"
            }
            Verdict::Unproven(reason) => {
                println!("unproven, {reason}: {}", context());
                "unproven"
            }
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    println!("{counts:?}");
    let count = |kind| counts.get(kind).copied().unwrap_or(0);
    assert!(count("unproven") * 20 <= rounds, "{counts:?}");
    assert!(count("compatible") * 5 > rounds && count("breaking") * 5 > rounds, "{counts:?}");
}
