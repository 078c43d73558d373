//! The payloads that every contender reads, and what is expected: documented ones, and ones that are changed in one place, whose
//! validity the crate `jsonschema` decides.

use compare_runner::protocol::{Case, Want};
use serde_json::{Value, json};

use crate::Failure;
use crate::data::DataSet;
use crate::decider::Decider;
use crate::faults::{Broken, broken};
use crate::mutate::{Place, at_mut, others, places};

/// A case, and why it is one.
pub(crate) struct Prepared {
    pub(crate) case: Case,
    pub(crate) kind: Kind,
}

/// What a case shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A documented payload: to be accepted, and to come back equal.
    Documented,
    /// A valid variant of one: to be accepted.
    Valid,
    /// An invalid variant of one: to be refused.
    Invalid,
    /// A valid payload with a member that no schema names: to be kept. With its JSON Pointer.
    Unknown(String),
    /// A valid payload with a null: to be kept. With its JSON Pointer.
    Null(String),
    /// The payload with three faults.
    Broken,
}

/// The cases of a set, and its payload with three faults.
pub(crate) struct Cases {
    pub(crate) all: Vec<Prepared>,
    pub(crate) broken: Option<Broken>,
}

/// How many variants of all payloads there are at most, roughly.
const VARIANTS: usize = 12_000;

/// The member that is added, and its value.
const ADDED: &str = "member of the future";

/// Makes the cases of a set. They are the same in every run.
pub(crate) fn cases(set: &DataSet) -> Result<Cases, Failure> {
    let payloads: usize = set.events.iter().map(|event| event.payloads.len()).sum();
    let limit = (VARIANTS / payloads.max(1)).max(20);
    let mut all = Vec::new();
    for event in &set.events {
        let decider = Decider::new(event)?;
        for (index, text) in event.payloads.iter().enumerate() {
            let value: Value = serde_json::from_str(text).map_err(|error| Failure::new(event.id(), error))?;
            let mut random = fastrand::Rng::with_seed(index as u64 + 1);
            let mut add = |kind, payload: String, want| {
                let case = Case { id: all.len(), event: event.id(), payload, want };
                all.push(Prepared { case, kind });
            };
            add(Kind::Documented, text.clone(), Want::Text);
            for (kind, payload) in variants(&decider, &value, limit, &mut random) {
                add(kind, payload.to_string(), Want::Verdict);
            }
            for (kind, payload) in probes(&decider, &value, limit / 4, &mut random) {
                add(kind, payload.to_string(), Want::Text);
            }
        }
    }
    let broken = broken(&set.events)?;
    if let Some(broken) = &broken {
        let case =
            Case { id: all.len(), event: broken.event.clone(), payload: broken.payload.clone(), want: Want::Errors };
        all.push(Prepared { case, kind: Kind::Broken });
    }
    Ok(Cases { all, broken })
}

/// Payloads with a value removed, or made another one.
fn variants(decider: &Decider, payload: &Value, limit: usize, random: &mut fastrand::Rng) -> Vec<(Kind, Value)> {
    let (places, others) = (places(payload), others());
    let kinds = others.len() + 1;
    let mut found = Vec::new();
    for index in sample(places.len() * kinds, limit, random) {
        let (place, change) = (&places[index / kinds], index % kinds);
        let mut value = payload.clone();
        let changed = match others.get(change) {
            Some((_, other)) => replace(&mut value, place, other.clone()),
            None => remove(&mut value, place),
        };
        // Where only `format` decides, the tools' defaults differ, as the specification allows.
        match (changed && value != *payload).then(|| decider.verdict(&value)) {
            Some(Some(true)) => found.push((Kind::Valid, value)),
            Some(Some(false)) => found.push((Kind::Invalid, value)),
            _ => {}
        }
    }
    found
}

/// Valid payloads with one more member, and with a null.
fn probes(decider: &Decider, payload: &Value, limit: usize, random: &mut fastrand::Rng) -> Vec<(Kind, Value)> {
    let places = places(payload);
    let mut found = Vec::new();
    for index in sample(places.len(), limit.max(10), random) {
        let place = &places[index];
        let mut value = payload.clone();
        let is_null = payload.pointer(&pointer(place)).is_some_and(Value::is_null);
        let changed = is_null || replace(&mut value, place, Value::Null);
        if changed && !place.is_empty() && decider.verdict(&value) == Some(true) {
            found.push((Kind::Null(pointer(place)), value));
        }
        let mut value = payload.clone();
        if let Some(Value::Object(members)) = at_mut(&mut value, place) {
            members.insert(ADDED.to_owned(), added());
            if decider.verdict(&value) == Some(true) {
                found.push((Kind::Unknown(format!("{}/{ADDED}", pointer(place))), value));
            }
        }
    }
    found
}

/// The value of the member that is added.
pub(crate) fn added() -> Value {
    json!({ "deep": [null, 1.5, {}] })
}

/// The JSON Pointer of a place.
pub(crate) fn pointer(place: &[String]) -> String {
    place.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Replaces the value at a place.
pub(crate) fn replace(value: &mut Value, place: &[String], other: Value) -> bool {
    at_mut(value, place).map(|target| *target = other).is_some()
}

/// Removes the member or the item at a place.
pub(crate) fn remove(value: &mut Value, place: &Place) -> bool {
    let Some((last, outer)) = place.split_last() else { return false };
    match at_mut(value, outer) {
        Some(Value::Object(members)) => members.remove(last).is_some(),
        Some(Value::Array(items)) => match last.parse().ok().filter(|index| *index < items.len()) {
            Some(index) => {
                items.remove(index);
                true
            }
            None => false,
        },
        _ => false,
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

/// The cases of documented payloads, for measuring.
pub(crate) fn documented(cases: &Cases) -> impl Iterator<Item = &Case> {
    cases.all.iter().filter(|prepared| prepared.kind == Kind::Documented).map(|prepared| &prepared.case)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Event;

    fn event() -> Event {
        let schema = json!({
            "type": "object",
            "properties": { "a": { "type": ["integer", "null"] }, "at": { "format": "date-time" } },
            "required": ["a"],
        });
        Event { provider: "p".to_owned(), name: "e".to_owned(), schema, payloads: vec!["{\"a\": 1}".to_owned()] }
    }

    #[test]
    fn a_variant_is_valid_exactly_if_the_schema_accepts_it() {
        let event = event();
        let decider = Decider::new(&event).expect("a schema");
        let found = variants(&decider, &json!({ "a": 1 }), 1000, &mut fastrand::Rng::with_seed(1));
        assert!(found.contains(&(Kind::Invalid, json!({}))), "the member is required");
        assert!(found.contains(&(Kind::Valid, json!({ "a": null }))));
        assert!(found.contains(&(Kind::Invalid, json!({ "a": "another string" }))));
        assert!(found.contains(&(Kind::Invalid, json!([]))));
        assert!(found.iter().all(|(_, value)| *value != json!({ "a": 1 })), "the payload itself is no variant");
    }

    #[test]
    fn what_only_a_format_decides_is_left_out() {
        let event = event();
        let decider = Decider::new(&event).expect("a schema");
        let payload = json!({ "a": 1, "at": "2026-01-02T03:04:05Z" });
        let found = variants(&decider, &payload, 1000, &mut fastrand::Rng::with_seed(1));
        assert!(found.iter().all(|(_, value)| value["at"] != "another string"), "{found:?}");
    }

    #[test]
    fn probes_point_at_what_is_to_be_kept() {
        let event = event();
        let decider = Decider::new(&event).expect("a schema");
        let found = probes(&decider, &json!({ "a": 1 }), 100, &mut fastrand::Rng::with_seed(1));
        let with_member = json!({ "a": 1, ADDED: added() });
        assert_eq!(
            found,
            [(Kind::Unknown(format!("/{ADDED}")), with_member), (Kind::Null("/a".to_owned()), json!({ "a": null }))]
        );
    }
}
