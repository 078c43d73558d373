//! Verdicts on changes of schemas, judged by other validators.

use std::collections::BTreeMap;

use conformance::instances::InstanceGenerator;
use conformance::oracle::{Oracle, Verdict as Decision};
use conformance::schemas::{changed, random_schema, small_values};
use fastrand::Rng;
use serde_json::Value;
use webhook_codegen::compare::{Rules, Sent, Verdict, Version, contained};
use webhook_codegen::json::Json;

/// The verdict on a new version of a schema, by the letter.
fn verdict(old: &Value, new: &Value) -> Verdict {
    let (old, new) = (Json::from_value(old, None), Json::from_value(new, None));
    let library = BTreeMap::new();
    let version = |schema| Version { schema, library: &library, instances: &[] };
    contained(version(&old), version(&new), Rules { sent: Sent::Anything, ..Rules::default() }).unwrap()
}

/// The first instance that the new version accepts and the old one rejects, as both other validators say.
fn refuting<'i>(old: &Oracle, new: &Oracle, mut instances: impl Iterator<Item = &'i Value>) -> Option<&'i Value> {
    instances.find(|value| new.verdict(value) == Decision::Valid && old.verdict(value) == Decision::Invalid)
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
                let mut generator = InstanceGenerator::new(&new, small.clone(), round as u64);
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
