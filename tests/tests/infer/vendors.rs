//! Infers the events of a vendor from all of its payloads at once, for invented vendors that each have a misleading feature.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jsonschema::validator_for;
use serde::Deserialize;
use serde_json::value::RawValue;
use webhook_codegen::infer::{Capture, Events, InferredEvent, MapDecisions, NoteKind, Origin, infer_events};
use webhook_codegen::json::Json;

/// An invented vendor: its payloads, and its events with the conditions that identify them.
#[derive(Deserialize)]
pub(super) struct Vendor {
    pub(super) name: String,
    pub(super) payloads: Vec<Box<RawValue>>,
    pub(super) events: Vec<(String, String)>,
}

impl Vendor {
    fn parsed(&self) -> Vec<Json> {
        parsed(&self.payloads.iter().map(|payload| payload.get()).collect::<Vec<_>>())
    }
}

pub(super) static VENDORS: LazyLock<Vec<Vendor>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../fixtures/vendors.json")).unwrap());

fn parsed(texts: &[&str]) -> Vec<Json> {
    texts.iter().map(|text| Json::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))).collect()
}

fn events_of(payloads: &[(usize, &Json, Origin<'_>)]) -> Events {
    decided(payloads, &MapDecisions::default())
}

fn decided(payloads: &[(usize, &Json, Origin<'_>)], decisions: &MapDecisions) -> Events {
    let names: Vec<String> = payloads.iter().map(|(number, ..)| format!("{number:03}")).collect();
    let captures = payloads.iter().zip(&names);
    let captures = captures.map(|((_, payload, origin), name)| Capture { payload, name, origin: *origin });
    infer_events(&captures.collect::<Vec<_>>(), &[], false, decisions)
}

fn new(payloads: &[Json]) -> Vec<(usize, &Json, Origin<'_>)> {
    payloads.iter().enumerate().map(|(at, payload)| (at, payload, Origin::New)).collect()
}

/// Returns the condition that identifies an event, in words.
fn identity(event: &InferredEvent) -> String {
    let value = |(member, values): &(String, Vec<Json>)| {
        let values: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
        format!("{member} = {}", values.join(" or "))
    };
    let values: Vec<String> = event.identity.iter().map(value).collect();
    let parts = [
        values.join(", "),
        if event.required.is_empty() { String::new() } else { format!("has {}", event.required.join(", ")) },
        if event.absent.is_empty() { String::new() } else { format!("no {}", event.absent.join(", ")) },
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Returns the name of each event, and the condition that identifies it.
fn identities(events: &Events) -> Vec<(String, String)> {
    events.events.iter().map(|event| (event.name.clone(), identity(event))).collect()
}

/// Returns the event of a payload: the first one, in order, whose conditions the payload meets. A tolerant reader then accepts it.
fn detected(events: &Events, payload: &Json) -> Option<String> {
    let place = |event: &&InferredEvent| {
        let place = events.precedence.iter().position(|name| *name == event.name);
        (event.identity.is_empty(), place.unwrap_or(usize::MAX))
    };
    let mut ordered: Vec<&InferredEvent> = events.events.iter().collect();
    ordered.sort_by_key(place);
    let is_it = |event: &&InferredEvent| {
        event.identity.iter().all(|(member, values)| payload.at(member).is_some_and(|value| values.contains(value)))
            && event.required.iter().all(|name| payload.get(name).is_some_and(|value| *value != Json::Null))
            && event.absent.iter().all(|member| payload.at(member).is_none())
    };
    ordered.into_iter().find(is_it).map(|event| event.name.clone())
}

#[test]
fn events_are_told_by_what_names_them() {
    for vendor in &*VENDORS {
        let payloads = vendor.parsed();
        let found = events_of(&new(&payloads));
        assert_eq!(identities(&found), vendor.events, "{}", vendor.name);
        // No decision is left, and each payload is identified as the event to which it was assigned.
        assert!(found.events.iter().all(|event| event.confused_with.is_empty()), "{}", vendor.name);
        for event in &found.events {
            let validator = validator_for(&event.schema.to_value()).unwrap();
            for payload in &event.payloads {
                assert!(validator.is_valid(&payloads[*payload].to_value()), "{}: {}", vendor.name, event.schema);
                assert_eq!(detected(&found, &payloads[*payload]).as_ref(), Some(&event.name), "{}", vendor.name);
            }
        }
    }
}

/// The inferred schemas do not depend on the order of the payloads, given all at once or one by one.
#[test]
fn the_order_of_payloads_does_not_matter() {
    for vendor in &*VENDORS {
        let payloads = vendor.parsed();
        let all = events_of(&new(&payloads));
        for start in 0..payloads.len() {
            let mut assigned: BTreeMap<usize, String> = BTreeMap::new();
            let mut events = Events::default();
            for step in 0..payloads.len() {
                let next = (start + step) % payloads.len();
                let mut known: Vec<(usize, &Json, Origin<'_>)> =
                    assigned.iter().map(|(at, event)| (*at, &payloads[*at], Origin::Example(event))).collect();
                known.push((next, &payloads[next], Origin::New));
                known.sort_by_key(|(at, ..)| *at);
                events = events_of(&known);
                let places: Vec<usize> = known.iter().map(|(at, ..)| *at).collect();
                let found =
                    events.events.iter().flat_map(|e| e.payloads.iter().map(|at| (places[*at], e.name.clone())));
                assigned = found.collect();
            }
            assert_eq!(events, all, "{} from {start}", vendor.name);
        }
    }
}

/// A payload that was left out is identified as the same event.
#[test]
fn a_payload_that_was_left_out_is_recognized() {
    let (mut right, mut all) = (0, 0);
    for (vendor, payloads) in
        VENDORS.iter().map(|vendor| (vendor.name.as_str(), vendor.parsed())).chain([("large", large())])
    {
        let whole = events_of(&new(&payloads));
        for event in whole.events.iter().filter(|event| event.payloads.len() > 1 && payloads.len() > 2) {
            for left in event.payloads.iter().step_by(event.payloads.len() / 2) {
                let rest: Vec<_> = new(&payloads).into_iter().filter(|(at, ..)| at != left).collect();
                let found = detected(&events_of(&rest), &payloads[*left]);
                all += 1;
                right += usize::from(found.as_ref() == Some(&event.name));
                if found.as_ref() != Some(&event.name) {
                    println!("{vendor}: {found:?} and not {}: {}", event.name, payloads[*left]);
                }
            }
        }
    }
    assert!(all > 60 && right * 100 >= all * 98, "{right} of {all}");
}

/// Payloads of a vendor with 30 events, each of which has members that may be absent, null, or of another type.
fn large() -> Vec<Json> {
    let things =
        ["invoice", "customer", "charge", "dispute", "refund", "payout", "coupon", "account", "order", "price"];
    let happenings = ["created", "updated", "deleted"];
    let mut all = Vec::new();
    for (number, thing) in things.iter().enumerate() {
        for (other, happening) in happenings.iter().enumerate() {
            for round in 0..6 {
                let old = if *happening == "updated" { r#""previous": {"state": "a"}, "# } else { "" };
                let amount = ["5", "5.5", "null", "\"5\"", "0", "18446744073709551616"][round];
                let tags = if round == 1 { String::new() } else { format!(r#", "tags": ["a", {round}]"#) };
                let text = format!(
                    r#"{{"object": "event", {old}"type": "{thing}.{happening}", "live": {}, "data": {{"object": {{"object": "{thing}", "id": "x_{number}{other}{round}", "amount": {amount}{tags}, "status": "{}"}}}}}}"#,
                    round % 2 == 0,
                    ["draft", "open", "paid"][round % 3],
                );
                all.push(Json::parse(&text).unwrap());
            }
        }
    }
    all
}

/// The first payload of each event is enough for all later ones.
#[test]
fn later_payloads_are_accepted() {
    let payloads = large();
    let first: Vec<Json> = payloads.iter().step_by(6).cloned().collect();
    let found = events_of(&new(&first));
    assert_eq!(found.events.len(), 30);
    let is_identified = |payload: &&Json| {
        let kind = payload.get("type").and_then(Json::as_str).unwrap_or_default().replace('.', "_");
        let event = found.events.iter().find(|event| event.name == kind).unwrap();
        // A tolerant reader only checks the conditions that identify the event.
        event.identity.iter().all(|(member, values)| values.contains(payload.at(member).unwrap()))
            && event.required.is_empty()
    };
    assert_eq!(payloads.iter().filter(is_identified).count(), 180);
}

/// Events that a person has named are kept, whatever the payloads suggest.
#[test]
fn assigned_payloads_stay_together() {
    let payloads = parsed(&[
        r#"{"event": "pr:opened", "pr": 1}"#,
        r#"{"event": "pr:merged", "pr": 1}"#,
        r#"{"event": "repo:deleted", "repo": 1}"#,
    ]);
    let all = [
        (0, &payloads[0], Origin::Assigned("pull_request")),
        (1, &payloads[1], Origin::Assigned("pull_request")),
        (2, &payloads[2], Origin::New),
    ];
    let found = events_of(&all);
    let expected = [("pull_request", "/event = pr:merged or pr:opened"), ("repo_deleted", "/event = repo:deleted")];
    assert_eq!(identities(&found), expected.map(|(name, identity)| (name.to_owned(), identity.to_owned())));
    // An event keeps its name when others are added.
    let known = [(0, &payloads[0], Origin::Example("opened")), (2, &payloads[2], Origin::New)];
    let names: Vec<String> = events_of(&known).events.into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["opened", "repo_deleted"]);
}

/// A new condition is chosen if a payload contradicts the condition that identifies its event.
#[test]
fn an_identity_can_be_undone() {
    let payloads = parsed(&[
        r#"{"type": "scan.done", "kind": "full", "id": 1}"#,
        r#"{"type": "scan.finished", "kind": "quick", "id": 2}"#,
    ]);
    let one = events_of(&[(0, &payloads[0], Origin::Assigned("scan"))]);
    assert_eq!(identity(&one.events[0]), "/type = scan.done");
    let both = events_of(&[(0, &payloads[0], Origin::Example("scan")), (1, &payloads[1], Origin::Assigned("scan"))]);
    let [scan] = both.events.as_slice() else { panic!("{both:?}") };
    let validator = validator_for(&scan.schema.to_value()).unwrap();
    assert!(payloads.iter().all(|payload| validator.is_valid(&payload.to_value())), "{}", scan.schema);
}

/// If nothing in the body distinguishes events, they are named outside the body, and no member is required.
#[test]
fn a_name_outside_of_the_body_is_proposed() {
    let payloads =
        parsed(&[r#"{"ref": "main", "sender": {"type": "User"}}"#, r#"{"ref": "main", "sender": {"type": "Bot"}}"#]);
    let found = events_of(&[(0, &payloads[0], Origin::Assigned("push")), (1, &payloads[1], Origin::Assigned("tag"))]);
    assert!(found.is_named);
    assert!(found.events.iter().all(|event| identity(event).is_empty() && event.schema.get("required").is_none()));
    let captures = [Capture { payload: &payloads[0], name: "a", origin: Origin::Assigned("push") }];
    let found = infer_events(&captures, &[], true, &MapDecisions::default());
    assert!(found.events[0].schema.get("required").is_none(), "{}", found.events[0].schema);
}

/// The places at which payloads have maps, and those where a person must decide.
fn maps(texts: &[&str], decisions: &MapDecisions) -> (BTreeSet<String>, BTreeSet<String>) {
    let payloads = parsed(texts);
    let assigned: Vec<_> =
        payloads.iter().enumerate().map(|(at, payload)| (at, payload, Origin::Assigned("e"))).collect();
    let found = decided(&assigned, decisions);
    let of = |kind: NoteKind| {
        let notes = found.events.iter().flat_map(|event| &event.notes).filter(|note| note.kind == kind);
        notes.map(|note| note.place.clone()).collect()
    };
    (of(NoteKind::Map), of(NoteKind::MapOrStruct))
}

#[test]
#[rustfmt::skip]
fn names_that_are_data_make_maps() {
    let none = MapDecisions::default();
    let cases: [(&[&str], &[&str]); 20] = [
        (&[r#"{"alerts":[{"labels":{"alertname":"A","host":"x"}},{"labels":{"alertname":"B","team":"t"}}]}"#], &["/alerts/*/labels"]),
        (&[r#"{"hosts":{"localhost":{"n":1},"db.example.co.uk":{"n":2}}}"#], &["/hosts"]),
        (&[r#"{"d":{"2024-01-01":3}}"#], &["/d"]),
        (&[r#"{"u":{"user_1842":{"n":"a"},"user_1843":{"n":"b"}}}"#], &["/u"]),
        (&[r#"{"m":{"550e8400-e29b-41d4-a716-446655440000":{"n":1}}}"#], &["/m"]),
        (&[r#"{"m":{"bc84b27ca5327d9d7f915fadae7ef9a4":true}}"#], &["/m"]),
        (&[r#"{"m":{"CVE-2024-3094":{"score":9.8}}}"#], &["/m"]),
        (&[r#"{"m":{"arn:aws:iam::1:role/a":"x"}}"#], &["/m"]),
        (&[r#"{"ports":{"22/tcp":{"open":true}}}"#], &["/ports"]),
        (&[r#"{"m":{"usr_8f2c41":1}}"#], &["/m"]),
        (&[r#"{"m":{"server-01":{"n":1}}}"#], &["/m"]),
        (&[r#"{"m":{"j.doe@example.com":1}}"#], &["/m"]),
        (&[r#"{"m":{"10.0.0.0/8":1}}"#], &["/m"]),
        (&[r#"{"m":{"text/plain":{"n":1}}}"#], &["/m"]),
        (&[r#"{"m":{"openssl@3.0.7":"a"}}"#], &["/m"]),
        (&[r#"{"m":{"/etc/passwd":{"mode":1},"/etc/shadow":{"mode":2}}}"#], &["/m"]),
        (&[r#"{"m":{"42":{"n":1},"43":{"m":true}}}"#], &["/m"]),
        (&[r#"{"owners":{"alice":{"n":1,"m":1}}}"#, r#"{"owners":{"bob":{"n":2,"m":2}}}"#], &["/owners"]),
        (&[r#"{"headers":{"X-A":"1","Accept":"2"}}"#, r#"{"headers":{"X-B":"1"}}"#], &["/headers"]),
        (&[r#"{"avatars":{"16x16":"a","48x48":"b"}}"#], &["/avatars"]),
    ];
    for (payloads, expected) in cases {
        let expected: BTreeSet<String> = expected.iter().map(|place| (*place).to_owned()).collect();
        assert_eq!(maps(payloads, &none).0, expected, "{payloads:?}");
    }
    let structs: [&[&str]; 8] = [
        &[r#"{"address":{"line_1":"a","line_2":"b","city":"c"}}"#],
        &[r#"{"hash":{"md5":"a","sha1":"b","sha256":"c"}}"#],
        &[r#"{"user":{"id":1,"name":"x"},"owner":{"id":2,"name":"y"}}"#],
        &[r#"{"a":{"reason":"x"}}"#, r#"{"a":{"code":"y"}}"#],
        &[r#"{"links":{"self":"a","html":"b"}}"#],
        &[r#"{"label":{"id":"a","name":"b","color":"c"}}"#],
        &[r##"{"resource":{"@odata.type":"#alert","@odata.id":"a/1","id":"x"}}"##, r##"{"resource":{"@odata.type":"#alert","@odata.id":"a/2","id":"y"}}"##],
        &[r#"{"group":{"members@odata.count":1,"owners@odata.count":2}}"#],
    ];
    for payloads in structs {
        assert_eq!(maps(payloads, &none).0, BTreeSet::new(), "{payloads:?}");
    }
}

#[test]
fn a_person_decides_about_maps() {
    let payload = [r#"{"alerts":[{"labels":{"severity":"high"}}]}"#];
    let place = "/alerts/*/labels".to_owned();
    assert_eq!(maps(&payload, &MapDecisions::default()), (BTreeSet::new(), BTreeSet::from([place.clone()])));
    for decisions in [
        MapDecisions { maps: vec![place.clone()], structs: Vec::new() },
        MapDecisions { maps: Vec::new(), structs: vec![place] },
    ] {
        assert_eq!(maps(&payload, &decisions), (BTreeSet::new(), BTreeSet::new()));
        let schema = decided(&new(&parsed(&payload)), &decisions).events.remove(0).schema;
        let labels = schema.at("/properties/alerts/items/properties/labels").unwrap();
        assert_eq!(labels.get("properties").is_none(), decisions.structs.is_empty(), "{labels}");
    }
}

/// Payloads that no value and no object of their own names are named after their files.
#[test]
fn files_name_events_that_nothing_else_names() {
    let payloads = parsed(&[
        r#"{"id": 1, "body_html": "a", "handle": "b", "images": []}"#,
        r#"{"id": 2, "body_html": "c", "handle": "d", "images": []}"#,
        r#"{"id": 3, "country": "NL", "plan_name": "basic"}"#,
        r#"{"id": 4, "order": {"id": 1}, "total": 5}"#,
    ]);
    let names = |files: [&str; 4]| -> Vec<String> {
        let captures: Vec<Capture<'_>> =
            payloads.iter().zip(files).map(|(payload, name)| Capture { payload, name, origin: Origin::New }).collect();
        let events = infer_events(&captures, &[], false, &MapDecisions::default()).events;
        events.into_iter().map(|event| event.name).collect()
    };
    let named = names(["product_update-1", "product_update-2", "app_uninstalled", "order_create"]);
    assert_eq!(named, ["app_uninstalled", "order", "product_update"]);
    // A number, or a beginning that other files share, names nothing.
    for files in [["1", "2", "3", "4"], ["payload-1", "payload-2", "payload-3", "payload-4"]] {
        assert_eq!(names(files), ["body_html", "country", "order"]);
    }
}
