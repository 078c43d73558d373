//! A payload with three faults, and which of them an error message is about.

use compare_runner::protocol::Report;
use serde_json::Value;

use crate::Failure;
use crate::cases::{pointer, remove, replace};
use crate::data::Event;
use crate::decider::Decider;
use crate::mutate::{Place, others, places};

/// A payload with three faults.
pub(crate) struct Broken {
    /// The event.
    pub(crate) event: String,
    /// The text, with a line for each member.
    pub(crate) payload: String,
    pub(crate) faults: Vec<Fault>,
}

/// One fault of a payload.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// The JSON Pointer of the member.
    pub(crate) place: String,
    /// The keyword that is violated.
    pub(crate) keyword: String,
    /// What was done.
    pub(crate) what: String,
}

/// A change that makes one fault.
struct Change {
    place: Place,
    /// The value that is put there; `None` if the member is removed.
    other: Option<Value>,
    fault: Fault,
}

/// The payload that three faults are made in: of those that can have faults of as many keywords as possible, the longest. Each fault
/// alone is one error of `jsonschema`, and all together are three.
pub(crate) fn broken(events: &[Event]) -> Result<Option<Broken>, Failure> {
    let mut best: Option<((usize, usize), Broken)> = None;
    for event in events {
        let Some(text) = event.payloads.first() else { continue };
        let payload: Value = serde_json::from_str(text).map_err(|error| Failure::new(event.id(), error))?;
        let decider = Decider::new(event)?;
        let Some((keywords, broken)) = broken_payload(event, &decider, &payload) else { continue };
        let rank = (keywords, broken.payload.len());
        if best.as_ref().is_none_or(|(known, _)| rank > *known) {
            best = Some((rank, broken));
        }
    }
    Ok(best.map(|(_, broken)| broken))
}

/// The payload with three faults, and of how many keywords they are.
fn broken_payload(event: &Event, decider: &Decider, payload: &Value) -> Option<(usize, Broken)> {
    let mut chosen: Vec<Change> = Vec::new();
    let mut candidates = changes(decider, payload);
    // First one of each keyword, and then any others.
    for is_new in [true, false] {
        candidates.retain(|change| {
            let fits = chosen.len() < 3
                && chosen.iter().all(|other| apart(&other.place, &change.place))
                && (!is_new || chosen.iter().all(|other| other.fault.keyword != change.fault.keyword));
            if !fits {
                return true;
            }
            chosen.push(Change {
                place: change.place.clone(),
                other: change.other.clone(),
                fault: change.fault.clone(),
            });
            false
        });
    }
    let mut value = payload.clone();
    for change in &chosen {
        apply(&mut value, change);
    }
    if chosen.len() < 3 || decider.errors(&value).len() != 3 {
        return None;
    }
    let mut keywords: Vec<&String> = chosen.iter().map(|change| &change.fault.keyword).collect();
    keywords.sort();
    keywords.dedup();
    let keywords = keywords.len();
    let faults = chosen.into_iter().map(|change| change.fault).collect();
    Some((keywords, Broken { event: event.id(), payload: format!("{value:#}"), faults }))
}

/// Every change of one member that is exactly one error, at the member or, if it is removed, at its object.
fn changes(decider: &Decider, payload: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    let is_member = |place: &Place| place.last().is_some_and(|step| step.parse::<usize>().is_err());
    for place in places(payload).into_iter().filter(|place| is_member(place)) {
        let (own, outer) = (pointer(&place), pointer(&place[..place.len() - 1]));
        let removed = (None, "removed".to_owned(), outer);
        let replaced = others()
            .into_iter()
            .filter(|(_, other)| !other.is_array() && !other.is_object())
            .map(|(_, other)| (Some(other.clone()), format!("made `{other}`"), own.clone()));
        for (other, what, expected) in std::iter::once(removed).chain(replaced) {
            let mut value = payload.clone();
            let mut change = Change {
                place: place.clone(),
                other,
                fault: Fault { place: own.clone(), keyword: String::new(), what },
            };
            if !apply(&mut value, &change) {
                continue;
            }
            if let [(location, keyword)] = decider.errors(&value).as_slice()
                && *location == expected
                && !["anyOf", "oneOf", "format"].contains(&keyword.as_str())
            {
                change.fault.keyword.clone_from(keyword);
                found.push(change);
            }
        }
    }
    found
}

fn apply(value: &mut Value, change: &Change) -> bool {
    match &change.other {
        Some(other) => replace(value, &change.place, other.clone()),
        None => remove(value, &change.place),
    }
}

/// Whether neither place contains the other.
fn apart(a: &Place, b: &Place) -> bool {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    common < a.len() && common < b.len()
}

/// How good the errors of a payload with faults are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quality {
    /// How many of the faults are reported.
    pub(crate) reported: usize,
    /// How many faults there are.
    pub(crate) of: usize,
    /// How the place is given.
    pub(crate) location: &'static str,
}

/// Judges the errors of a payload with faults.
pub(crate) fn quality(faults: &[Fault], reports: &[Report]) -> Quality {
    let of = faults.len();
    let is_about = |fault: &Fault, report: &Report| match report.location.as_deref() {
        Some(location) if location == fault.place => true,
        // Of a missing member, the object may be the place; then the message names the member.
        Some(location) => {
            let (outer, name) = fault.place.rsplit_once('/').unwrap_or_default();
            location == outer && report.message.contains(name)
        }
        None => false,
    };
    let located = faults.iter().filter(|fault| reports.iter().any(|report| is_about(fault, report))).count();
    // An error without a location is about one of the faults, since there is nothing else to report.
    let others = reports.iter().filter(|report| report.location.is_none()).count();
    let location = match () {
        () if located > 0 => "JSON Pointer",
        () if reports.iter().any(|report| report.message.contains(" at line ")) => "line and column",
        () => "no location",
    };
    Quality { reported: (located + others).min(of), of, location }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event() -> Event {
        let schema = json!({
            "properties": {
                "name": { "type": "string", "maxLength": 5 },
                "level": { "enum": ["low", "high"] },
                "inner": { "required": ["id"], "properties": { "id": { "type": "integer" } } },
            },
        });
        let payload = json!({ "name": "a", "level": "low", "inner": { "id": 1 } });
        Event { provider: "p".to_owned(), name: "e".to_owned(), schema, payloads: vec![payload.to_string()] }
    }

    #[test]
    fn a_broken_payload_has_three_faults_of_different_keywords() {
        let event = event();
        let broken = broken(std::slice::from_ref(&event)).expect("a schema").expect("a payload");
        let errors =
            Decider::new(&event).expect("a schema").errors(&serde_json::from_str(&broken.payload).expect("JSON"));
        let mut keywords: Vec<&str> = broken.faults.iter().map(|fault| fault.keyword.as_str()).collect();
        keywords.sort_unstable();
        assert_eq!((errors.len(), broken.faults.len()), (3, 3));
        keywords.dedup();
        assert_eq!(keywords.len(), 3, "{keywords:?}");
    }

    #[test]
    fn a_payload_that_nothing_is_wrong_with_has_no_faults() {
        let event = Event { schema: json!(true), ..event() };
        assert!(broken(&[event]).expect("a schema").is_none());
    }

    fn fault(place: &str) -> Fault {
        Fault { place: place.to_owned(), keyword: "type".to_owned(), what: String::new() }
    }

    fn report(message: &str, location: Option<&str>) -> Report {
        Report { message: message.to_owned(), location: location.map(str::to_owned) }
    }

    #[test]
    fn faults_are_counted_by_their_places() {
        let faults = [fault("/name"), fault("/inner/id"), fault("/level")];
        let all = [
            report("no string", Some("/name")),
            report("\"id\" is missing", Some("/inner")),
            report("no such value", Some("/level")),
        ];
        assert_eq!(quality(&faults, &all), Quality { reported: 3, of: 3, location: "JSON Pointer" });
        let elsewhere = [report("no string", Some("/other")), report("no string", Some("/name"))];
        assert_eq!(quality(&faults, &elsewhere).reported, 1);
        let twice = [report("no string", Some("/name")), report("too short", Some("/name"))];
        assert_eq!(quality(&faults, &twice).reported, 1);
    }

    #[test]
    fn an_error_without_a_location_is_about_one_fault() {
        let faults = [fault("/name"), fault("/inner/id"), fault("/level")];
        let line = [report("invalid type at line 3 column 7", None)];
        assert_eq!(quality(&faults, &line), Quality { reported: 1, of: 3, location: "line and column" });
        let none = [report("data did not match any variant of untagged enum", None)];
        assert_eq!(quality(&faults, &none), Quality { reported: 1, of: 3, location: "no location" });
        assert_eq!(quality(&faults, &[]).reported, 0);
    }
}
