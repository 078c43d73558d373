//! Names new events.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use webhook_codegen::infer::{folder_name, is_label, naming_members};
use webhook_codegen::json::Json;

use crate::blocks::{fixed_at, places, places_of_schema};

/// Names of members that name events, the most reliable first.
const NAMES: [&str; 14] = [
    "event_type", "event_name", "event_key", "webhook_event", "notification_type", "message_type", "alert_type",
    "object_type", "object_kind", "event", "type", "kind", "topic", "action",
];

/// The number of names in [`NAMES`] that are reliable at any allowed depth. Members with another name are used only if
/// no member further out names the event.
const SURE: usize = 9;

/// The maximum depth of a member that names an event.
const ENVELOPE: usize = 2;

/// The maximum number of words in the name of an event.
const WORDS: usize = 4;

/// Words of a heading that describe the kind of a block rather than its event.
const CAPTIONS: [&str; 8] = ["example", "examples", "sample", "payload", "payloads", "schema", "json", "structure"];

/// The maximum numbers of words and characters in a name that is derived from a heading.
const HEADING: (usize, usize) = (5, 40);

/// Returns the event name that a schema fixes: the value at one of `pointers`, or else the value of a member whose own
/// name suggests that it names events.
pub(crate) fn of_schema(schema: &Json, pointers: &[String]) -> Option<String> {
    let only = |pointer: &String| match fixed_at(schema, pointer)?.as_slice() {
        [value] => value.as_str().map(str::to_owned),
        _ => None,
    };
    first(pointers, &places_of_schema(schema), only)
}

/// Returns the event name in a payload: the value at one of `pointers`, or else the value of a member whose own name
/// suggests that it names events.
pub(crate) fn of_payload(payload: &Json, pointers: &[String]) -> Option<String> {
    first(pointers, &places(payload), |pointer| payload.at(pointer)?.as_str().map(str::to_owned))
}

/// Returns the JSON Pointer of the member that names the events of some payloads. Its own name must suggest this, and
/// either be reliable or occur in most payloads. Of several candidates, the most reliable one is chosen, or else the
/// one with the most distinct values.
pub(crate) fn label(payloads: &[&Json]) -> Option<String> {
    let mut values: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for payload in payloads {
        for place in places(payload).into_iter().filter(|place| rank(place).is_some_and(|(is_deep, ..)| !is_deep)) {
            if let Some(value) = payload.at(&place).and_then(Json::as_str).filter(|value| is_name(value)) {
                values.entry(place).or_default().push(value);
            }
        }
    }
    let distinct = |values: &[&str]| values.iter().collect::<BTreeSet<_>>().len();
    // A page may show many parts of payloads in addition to whole payloads, so a reliable name need not be frequent.
    let is_sure = |place: &str| rank(place).is_some_and(|(_, place, ..)| place == 0);
    let names_some = |(place, values): &(&String, &Vec<&str>)| {
        distinct(values) > 1 && (is_sure(place) || values.len() * 2 > payloads.len())
    };
    let candidates = values.iter().filter(names_some);
    let is_unsure = |place: &str| rank(place).is_none_or(|(_, place, ..)| place > 0);
    let best = candidates.min_by_key(|(place, values)| {
        (is_unsure(place), Reverse(distinct(values)), Reverse(values.len()), rank(place))
    });
    let best = best.map(|(place, _)| place.clone());
    // If no member has a reliable name, decide by the contents of all payloads.
    match best {
        Some(place) if is_sure(&place) => Some(place),
        unsure => {
            let names_most = |place: &String| {
                let values: Vec<&str> = payloads.iter().filter_map(|payload| payload.at(place)?.as_str()).collect();
                distinct(&values) > 1 && values.len() * 2 > payloads.len()
            };
            naming_members(payloads).into_iter().next().filter(names_most).or(unsure)
        }
    }
}

/// Returns the name of a payload's only member, if its value is an object. This name may identify the event.
pub(crate) fn wrapper(payload: &Json) -> Option<&str> {
    match payload.as_object()? {
        [(name, Json::Object(members))] if !members.is_empty() => Some(name),
        _ => None,
    }
}

/// Returns whether payloads with a single member are distinguished by the name of this member.
pub(crate) fn are_wrapped(payloads: &[&Json]) -> bool {
    let names: Vec<&str> = payloads.iter().filter_map(|payload| wrapper(payload)).collect();
    names.len() > 1 && names.iter().collect::<BTreeSet<_>>().len() == names.len()
}

/// Returns a rank of a location as the name of an event; lower is better. It consists of: whether the location is too
/// deep, how reliable its name is, the index of its name, and its depth.
fn rank(place: &str) -> Option<(bool, usize, usize, usize)> {
    let called = folder_name(place.rsplit('/').next().unwrap_or_default());
    let name = NAMES.iter().position(|name| *name == called)?;
    let depth = place.matches('/').count();
    Some((depth > ENVELOPE, if name < SURE { 0 } else { depth }, name, depth))
}

/// Returns whether a value can be the name of an event. Text in angle brackets is a placeholder.
fn is_name(value: &str) -> bool {
    is_label(value) && value.split_whitespace().count() <= WORDS && !value.starts_with(['<', '{'])
}

fn first(pointers: &[String], places: &BTreeSet<String>, value: impl Fn(&String) -> Option<String>) -> Option<String> {
    let mut called: Vec<&String> = places.iter().filter(|place| rank(place).is_some()).collect();
    called.sort_by_key(|place| rank(place));
    let name = pointers.iter().chain(called).find_map(|pointer| value(pointer).filter(|value| is_name(value)));
    name.map(|name| folder_name(&name))
}

/// Returns a name that consists of the first words of a heading.
pub(crate) fn of_heading(heading: Option<&str>) -> Option<String> {
    let name = folder_name(heading?);
    let mut words: Vec<&str> = name.split('_').collect();
    while words.len() > 1 && words.first().is_some_and(|word| CAPTIONS.contains(word)) {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|word| CAPTIONS.contains(word)) {
        words.pop();
    }
    words.truncate(HEADING.0);
    while words.len() > 1 && words.join("_").len() > HEADING.1 {
        words.pop();
    }
    Some(words.join("_").chars().take(HEADING.1).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(text: &str) -> Option<String> {
        of_payload(&Json::parse(text).unwrap(), &["/details/event_type".to_owned()])
    }

    #[test]
    fn a_payload_names_its_event() {
        let named = |text| payload(text).unwrap_or_default();
        assert_eq!(named(r#"{"event_type": "blocking_safe_ip", "details": {}}"#), "blocking_safe_ip");
        assert_eq!(named(r#"{"event_type": "old", "details": {"event_type": "new"}}"#), "new");
        let envelope =
            r#"{"summary": "A", "details": {"notification_type": "new_hits", "hit": {"object_type": "hit"}}}"#;
        assert_eq!(named(envelope), "new_hits");
        assert_eq!(named(r#"{"action": "created", "object_type": "rule"}"#), "rule");
        assert_eq!(named(r#"{"eventName": "user.created", "type": "user"}"#), "user_created");
        // An outer member wins, unless an inner one has a more reliable name.
        assert_eq!(named(r#"{"event": "job.finished", "job": {"type": "trigger"}}"#), "job_finished");
        assert_eq!(named(r#"{"type": "webhook", "data": {"event_type": "paid"}}"#), "paid");
        // An ID or a sentence is not a name.
        assert_eq!(
            payload(r#"{"type": "c6d468d4f1084ebca84165c33f97fbc4", "event": "A thing. It happened to us."}"#),
            None
        );
        assert_eq!(payload(r#"{"type": 5}"#), None);
        assert_eq!(payload(r#"{"type": "<the type>"}"#), None);
    }

    #[test]
    fn most_payloads_of_a_page_have_the_member_that_names_them() {
        let label = |texts: &[&str]| {
            let payloads: Vec<Json> = texts.iter().map(|text| Json::parse(text).unwrap()).collect();
            label(&payloads.iter().collect::<Vec<_>>()).unwrap_or_default()
        };
        let jobs = [
            r#"{"event": "job.started", "job": {"type": "script"}, "sender": {"type": "user"}}"#,
            r#"{"event": "job.finished", "job": {"type": "trigger"}, "sender": {"type": "user"}}"#,
            r#"{"event": "job.cancelled", "job": {"type": "trigger"}, "sender": {"type": "user"}}"#,
            r#"{"retry_source": {"job_id": 5}}"#,
        ];
        assert_eq!(label(&jobs), "/event");
        let pulls = [
            r#"{"eventKey": "pr:opened", "actor": {"type": "NORMAL"}}"#,
            r#"{"eventKey": "pr:merged", "actor": {"type": "NORMAL"}}"#,
        ];
        assert_eq!(label(&pulls), "/eventKey");
        assert_eq!(pulls.map(|text| payload(text).unwrap_or_default()), ["pr_opened", "pr_merged"]);
        // A reliable name beats one with more values.
        let rules = [
            r#"{"object_type": "hit", "type": "sqli"}"#,
            r#"{"object_type": "hit", "type": "xss"}"#,
            r#"{"object_type": "rule", "type": "vpatch"}"#,
        ];
        assert_eq!(label(&rules), "/object_type");
        assert_eq!(label(&jobs[..1]), "", "one payload names no member that several have");
        let parts = [r#"{"id": 1}"#, r#"{"id": 2}"#];
        assert_eq!(label(&[r#"{"type": "a"}"#, r#"{"type": "b"}"#, parts[0], parts[1]]), "");
        let sure = [r#"{"event": {"event_type": "a.b"}}"#, r#"{"event": {"event_type": "a.c"}}"#];
        assert_eq!(label(&[sure[0], sure[1], parts[0], parts[1]]), "/event/event_type");
        assert_eq!(label(&[sure[0], parts[0], parts[1]]), "");
    }

    #[test]
    fn a_member_that_has_all_of_the_payload_names_it() {
        let are_wrapped = |texts: &[&str]| {
            let payloads: Vec<Json> = texts.iter().map(|text| Json::parse(text).unwrap()).collect();
            are_wrapped(&payloads.iter().collect::<Vec<_>>())
        };
        let (scan, finding, other) = (r#"{"scan": {"id": 1}}"#, r#"{"finding": {"id": 2}}"#, r#"{"id": 3, "of": {}}"#);
        assert!(are_wrapped(&[scan, finding, other]));
        assert!(!are_wrapped(&[scan, other]), "an envelope, it may be");
        assert!(!are_wrapped(&[scan, finding, scan]), "two events in one envelope, it may be");
        assert_eq!(wrapper(&Json::parse(r#"{"id": 3}"#).unwrap()), None);
    }

    #[test]
    fn a_schema_names_its_event() {
        let named = |text: &str| of_schema(&Json::parse(text).unwrap(), &[]);
        let fixed = |said: &str| format!(r#"{{"properties": {{"type": {{"type": "string"}}, "event": {said}}}}}"#);
        assert_eq!(named(&fixed(r#"{"const": "paid"}"#)).as_deref(), Some("paid"));
        assert_eq!(named(&fixed(r#"{"enum": ["paid"]}"#)).as_deref(), Some("paid"));
        assert_eq!(named(&fixed(r#"{"enum": ["paid", "unpaid"]}"#)), None);
    }

    #[test]
    fn a_heading_gives_a_short_name() {
        let named = |text| of_heading(Some(text)).unwrap_or_default();
        assert_eq!(named("Alert firing schema"), "alert_firing");
        let expected = "notification_to_webhook_url_if";
        assert_eq!(named("Example: notification to Webhook URL if IP address is added"), expected);
        assert_eq!(named("Example"), "example");
        assert_eq!(named(&"x".repeat(100)).len(), 40);
    }
}
