//! Reads the same payloads with the types of several generators, and prints a table in Markdown; see README.md.

#[path = "../../src/mutate.rs"]
#[allow(dead_code)]
mod mutate;

use std::error::Error;

use jsonschema::Validator;
use serde_json::{Value, json};
use webhook_harness::json_diff::difference;

use crate::mutate::{at_mut, others, places};

include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));
include!(concat!(env!("OUT_DIR"), "/events.rs"));

/// The types that somebody would derive serde's traits for.
#[allow(warnings)]
mod derived {
    include!(concat!(env!("OUT_DIR"), "/derived.rs"));
}

/// The types that typify generates.
#[allow(warnings)]
mod typify {
    include!(concat!(env!("OUT_DIR"), "/typify.rs"));
}

/// The types that quicktype generates.
#[allow(warnings)]
mod quicktype {
    include!(concat!(env!("OUT_DIR"), "/quicktype.rs"));
}

/// The rows, in the order of [`Event::readers`].
const ROWS: [&str; 4] = ["derived by hand with `serde`", "`typify`", "`quicktype`", "ours, every vendor read exactly"];

/// An event with documented payloads.
struct Event {
    id: &'static str,
    schema: &'static str,
    payloads: &'static [&'static str],
    /// What reads a payload with the type of each contender, if it has one.
    readers: [Option<Reader>; 4],
}

/// Reads a payload and serializes it again; or returns the location of each reported fault, `None` where the report has
/// none.
type Reader = fn(&str) -> Result<String, Vec<Option<String>>>;

fn typed<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> Result<String, Vec<Option<String>>> {
    let value: T = serde_json::from_str(text).map_err(|_| vec![None])?;
    serde_json::to_string(&value).map_err(|_| vec![None])
}

fn ours<T: serde::Serialize>(read: Result<T, webhook_runtime::Error>) -> Result<String, Vec<Option<String>>> {
    let value = read.map_err(|error| match error.violations() {
        Some(violations) => violations.iter().map(|violation| Some(violation.instance_location.clone())).collect(),
        None => vec![None],
    })?;
    serde_json::to_string(&value).map_err(|_| vec![None])
}

/// How many of how many.
#[derive(Clone, Copy, Default)]
struct Tally {
    good: usize,
    of: usize,
}

impl Tally {
    fn add(&mut self, is_good: bool) {
        self.good += usize::from(is_good);
        self.of += 1;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", with_commas(self.good), with_commas(self.of))
    }
}

fn with_commas(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", with_commas(number / 1000), number % 1000),
    }
}

/// The cells of a contender.
#[derive(Clone, Copy, Default)]
struct Score {
    valid: Tally,
    invalid: Tally,
    equal: Tally,
    unknown: Tally,
    faults: usize,
}

/// Decides which payloads are valid.
struct Decider {
    plain: Validator,
    with_formats: Validator,
}

impl Decider {
    /// Whether a payload is valid; `None` if that depends on whether `format` counts, which the specification leaves
    /// open.
    fn verdict(&self, payload: &Value) -> Option<bool> {
        let valid = self.plain.is_valid(payload);
        (valid == self.with_formats.is_valid(payload)).then_some(valid)
    }
}

/// How many variants of all payloads there are at most, roughly.
const VARIANTS: usize = 12_000;

/// The member that is added to payloads.
const ADDED: &str = "member of the future";

/// The event of the payload with three faults.
const BROKEN: &str = "crowdsec/blocking_safe_ip";

fn main() -> Result<(), Box<dyn Error>> {
    let payloads: usize = EVENTS.iter().map(|event| event.payloads.len()).sum();
    let limit = VARIANTS / payloads.max(1);
    let mut scores = [Score::default(); 4];
    for event in EVENTS {
        let schema: Value = serde_json::from_str(event.schema)?;
        let build = |formats| jsonschema::options().should_validate_formats(formats).build(&schema);
        let decider = Decider { plain: build(false)?, with_formats: build(true)? };
        for (index, text) in event.payloads.iter().enumerate() {
            let payload: Value = serde_json::from_str(text)?;
            // The same variants in every run.
            let mut random = fastrand::Rng::with_seed(index as u64 + 1);
            let variants = variants(&decider, &payload, limit, &mut random);
            let extended = extended(&decider, &payload, limit / 4, &mut random);
            for (read, score) in event.readers.iter().zip(&mut scores) {
                let Some(read) = read else { continue };
                score.equal.add(read(text).is_ok_and(|written| matches!(difference(text, &written), Ok(None))));
                for (is_valid, variant) in &variants {
                    let is_accepted = read(&variant.to_string()).is_ok();
                    if is_valid { score.valid.add(is_accepted) } else { score.invalid.add(!is_accepted) }
                }
                for (pointer, payload) in &extended {
                    let written = read(&payload.to_string()).ok().and_then(|text| serde_json::from_str(&text).ok());
                    score.unknown.add(written.is_some_and(|written: Value| written.pointer(pointer) == Some(&added())));
                }
            }
            if event.id == BROKEN {
                let (broken, locations) = with_faults(payload)?;
                for (read, score) in event.readers.iter().zip(&mut scores) {
                    let reported = read.map_or(Ok(String::new()), |read| read(&broken)).err().unwrap_or_default();
                    // A report without a location is about one of the faults.
                    let is_fault = |location: &Option<String>| {
                        location.as_deref().is_none_or(|location| locations.contains(&location))
                    };
                    score.faults = reported.iter().filter(|location| is_fault(location)).count();
                }
            }
        }
    }
    println!(
        "| types from | valid payloads accepted | invalid payloads rejected | payloads equal after reading and writing | \
         unknown members kept | faults reported in a payload with 3 |"
    );
    println!("| --- | --- | --- | --- | --- | --- |");
    for (row, Score { valid, invalid, equal, unknown, faults }) in ROWS.iter().zip(scores) {
        println!("| {row} | {valid} | {invalid} | {equal} | {unknown} | {faults} |");
    }
    Ok(())
}

/// Payloads with one value removed or replaced, and whether each is valid.
fn variants(decider: &Decider, payload: &Value, limit: usize, random: &mut fastrand::Rng) -> Vec<(bool, Value)> {
    let (places, others) = (places(payload), others());
    let kinds = others.len() + 1;
    let mut found = Vec::new();
    for index in sample(places.len() * kinds, limit, random) {
        let mut value = payload.clone();
        let place = &places[index / kinds];
        match others.get(index % kinds) {
            Some((_, other)) => at_mut(&mut value, place).into_iter().for_each(|target| *target = other.clone()),
            None => remove(&mut value, place),
        }
        let verdict = (value != *payload).then(|| decider.verdict(&value)).flatten();
        found.extend(verdict.map(|is_valid| (is_valid, value)));
    }
    found
}

/// Valid payloads with one more member, and its JSON Pointer.
fn extended(decider: &Decider, payload: &Value, limit: usize, random: &mut fastrand::Rng) -> Vec<(String, Value)> {
    let places = places(payload);
    let mut found = Vec::new();
    for index in sample(places.len(), limit, random) {
        let mut value = payload.clone();
        let Some(Value::Object(members)) = at_mut(&mut value, &places[index]) else { continue };
        members.insert(ADDED.to_owned(), added());
        if decider.verdict(&value) == Some(true) {
            let steps = places[index].iter().map(|step| step.replace('~', "~0").replace('/', "~1"));
            let pointer: String = steps.map(|step| format!("/{step}")).collect();
            found.push((format!("{pointer}/{ADDED}"), value));
        }
    }
    found
}

/// The value of the member that is added.
fn added() -> Value {
    json!({ "deep": [null, 1.5, {}] })
}

/// A payload with three faults, and the instance locations of these.
fn with_faults(mut payload: Value) -> Result<(String, [&'static str; 3]), Box<dyn Error>> {
    let members = payload.as_object_mut().ok_or("an object")?;
    members.insert("event_id".to_owned(), Value::Null);
    members.insert("event_type".to_owned(), json!("another string"));
    members.remove("organization_id").ok_or("a member to remove")?;
    Ok((payload.to_string(), ["", "/event_id", "/event_type"]))
}

/// Removes the member or the item at a place.
fn remove(value: &mut Value, place: &[String]) {
    let Some((last, outer)) = place.split_last() else { return };
    match at_mut(value, outer) {
        Some(Value::Object(members)) => drop(members.shift_remove(last)),
        Some(Value::Array(items)) => drop(last.parse().map(|index: usize| items.remove(index))),
        _ => {}
    }
}

/// So many of the numbers below a bound, in order.
fn sample(below: usize, count: usize, random: &mut fastrand::Rng) -> Vec<usize> {
    let mut all: Vec<usize> = (0..below).collect();
    random.shuffle(&mut all);
    all.truncate(count);
    all.sort_unstable();
    all
}
