//! Infers the events of a vendor from all of its payloads at once, for invented vendors that each have a misleading feature.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::validator_for;
use webhook_codegen::infer::{Capture, Events, InferredEvent, MapDecisions, NoteKind, Origin, infer_events};
use webhook_codegen::json::Json;

/// An invented vendor: its payloads, and its events with the conditions that identify them.
pub(super) struct Vendor {
    pub(super) name: &'static str,
    pub(super) payloads: &'static [&'static str],
    pub(super) events: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
pub(super) const VENDORS: [Vendor; 29] = [
    Vendor { name: "a type that names things inside", payloads: &[
        r#"{"kind": "comment_created", "recording": {"type": "Comment", "id": 1}}"#,
        r#"{"kind": "comment_trashed", "recording": {"type": "Comment", "id": 1}}"#,
        r#"{"kind": "document_created", "recording": {"type": "Document", "id": 1}}"#,
    ], events: &[
        ("comment_created", "/kind = comment_created"),
        ("comment_trashed", "/kind = comment_trashed"),
        ("document_created", "/kind = document_created"),
    ] },
    Vendor { name: "an envelope of one type", payloads: &[
        r#"{"type": "notification_event", "topic": "company.created", "data": {"type": "data", "item": {"type": "company"}}}"#,
        r#"{"type": "notification_event", "topic": "company.deleted", "data": {"type": "data", "item": {"type": "company"}}}"#,
        r#"{"type": "notification_event", "topic": "ping", "data": {"type": "data", "item": {"type": "ping"}}}"#,
    ], events: &[
        ("company_created", "/topic = company.created"), ("company_deleted", "/topic = company.deleted"), ("ping", "/topic = ping"),
    ] },
    Vendor { name: "one error", payloads: &[r#"{"error": {"error_class": "ZeroDivisionError", "id": 5}}"#], events: &[("event", "has error")] },
    Vendor { name: "two documents with a subject", payloads: &[
        r#"{"req": {"subject": "The NDA", "id": "a"}}"#, r#"{"req": {"subject": "The NDA", "id": "b"}}"#,
    ], events: &[("event", "has req")] },
    Vendor { name: "a state, and a log of one type", payloads: &[
        r#"{"id": 1, "state": "building", "log": {"type": "firebase"}}"#,
        r#"{"id": 2, "state": "error", "log": {"type": "firebase"}}"#,
        r#"{"id": 3, "state": "ready", "log": {"type": "firebase"}}"#,
    ], events: &[("event", "has id, state")] },
    Vendor { name: "one event without a name", payloads: &[
        r#"{"comment": "text"}"#, r#"{"webhookEvent": "comment_deleted", "comment": {"author": {"accountType": "atlassian"}}}"#,
    ], events: &[("comment", "has comment; no /webhookEvent"), ("comment_deleted", "/webhookEvent = comment_deleted")] },
    Vendor { name: "an actor of one type", payloads: &[
        r#"{"eventKey": "pr:opened", "actor": {"type": "NORMAL"}, "pr": 1}"#, r#"{"eventKey": "pr:merged", "actor": {"type": "NORMAL"}, "pr": 1}"#,
        r#"{"test": true}"#,
    ], events: &[("pr_merged", "/eventKey = pr:merged"), ("pr_opened", "/eventKey = pr:opened"), ("test", "has test; no /eventKey")] },
    Vendor { name: "things and what happens to them", payloads: &[
        r#"{"type": "Issue", "action": "create", "data": {"id": 1, "title": "a", "team": {}}}"#,
        r#"{"type": "Issue", "action": "create", "data": {"id": 2, "title": "b", "team": {}}}"#,
        r#"{"type": "Issue", "action": "remove", "data": {"id": 1, "title": "a", "team": {}}}"#,
        r#"{"type": "Comment", "action": "create", "data": {"id": 1, "body": "a", "issue": {}}}"#,
        r#"{"type": "Comment", "action": "remove", "data": {"id": 1, "body": "a", "issue": {}}}"#,
    ], events: &[
        ("comment_create", "/type = Comment, /action = create"), ("comment_remove", "/type = Comment, /action = remove"),
        ("issue_create", "/type = Issue, /action = create"), ("issue_remove", "/type = Issue, /action = remove"),
    ] },
    Vendor { name: "an action of several things, which only a header names", payloads: &[
        r#"{"action": "opened", "issue": {"id": 1}, "repository": {"id": 1}, "sender": {"type": "User"}}"#,
        r#"{"action": "closed", "issue": {"id": 1}, "repository": {"id": 1}, "sender": {"type": "User"}}"#,
        r#"{"action": "opened", "pull_request": {"id": 1}, "repository": {"id": 1}, "sender": {"type": "User"}}"#,
        r#"{"action": "closed", "pull_request": {"id": 1}, "repository": {"id": 1}, "sender": {"type": "Bot"}}"#,
        r#"{"action": "created", "issue": {"id": 1}, "comment": {"id": 1}, "repository": {"id": 1}, "sender": {"type": "Bot"}}"#,
        r#"{"action": "created", "comment": {"id": 1}, "repository": {"id": 1}, "sender": {"type": "User"}}"#,
    ], events: &[
        ("comment", "has comment"), ("issue", "has issue"), ("issue_comment", "has issue, comment"), ("pull_request", "has pull_request"),
    ] },
    Vendor { name: "names that a class of errors resembles", payloads: &[
        r#"{"event": "occurred", "fault": {"type": "KeyError"}, "project": {"id": 1}}"#,
        r#"{"event": "resolved", "fault": {"type": "ValueError"}, "project": {"id": 1}}"#,
    ], events: &[("occurred", "/event = occurred"), ("resolved", "/event = resolved")] },
    Vendor { name: "checks of a type", payloads: &[
        r#"{"check_type": "HTTP", "check_id": 1, "state": "UP"}"#, r#"{"check_type": "IMAP", "check_id": 2, "state": "DOWN"}"#,
    ], events: &[("event", "has check_type, check_id")] },
    Vendor { name: "topics that people write", payloads: &[
        r#"{"topic": "Your weather for today, Monday", "content": "a"}"#, r#"{"topic": "New email from a@example.com", "content": "b"}"#,
    ], events: &[("event", "has topic, content")] },
    Vendor { name: "names in braces", payloads: &[
        r#"{"hook": {"triggered_event": "{status:{from:4,to:6}}", "id": 1}}"#, r#"{"hook": {"triggered_event": "{ticket_action:created}", "id": 2}}"#,
    ], events: &[("event", "has hook")] },
    Vendor { name: "paths and branches", payloads: &[
        r#"{"type": "/srv/app", "branch": {"type": "BRANCH"}}"#, r#"{"type": "/srv/web", "branch": {"type": "BRANCH"}}"#,
    ], events: &[("event", "has type, branch")] },
    Vendor { name: "an event in an envelope, and one without", payloads: &[
        r#"{"data": {"event_type": "INCIDENT_OPEN", "id": 1}}"#, r#"{"data": {"event_type": "INCIDENT_CLOSED", "id": 1}}"#, r#"{"data": {"id": 1}}"#,
    ], events: &[
        ("data", "has data; no /data/event_type"), ("incident_closed", "/data/event_type = INCIDENT_CLOSED"), ("incident_open", "/data/event_type = INCIDENT_OPEN"),
    ] },
    Vendor { name: "actions inside", payloads: &[
        r#"{"model": {"name": "A"}, "action": {"type": "updateCard", "data": {"old": {}}}}"#, r#"{"model": {"name": "B"}, "action": {"type": "createCard", "data": {}}}"#,
        r#"{"model": {"name": "B"}, "action": {"type": "updateCard", "data": {"old": {}}}}"#,
    ], events: &[("create_card", "/action/type = createCard"), ("update_card", "/action/type = updateCard")] },
    Vendor { name: "two names, one finer", payloads: &[
        r#"{"event": "error_activity", "eventType": "CommentAdded", "id": 1}"#, r#"{"event": "error_activity", "eventType": "StatusChanged", "id": 1}"#,
        r#"{"event": "error_notification", "eventType": "NewErrorOccurred", "id": 1}"#,
    ], events: &[
        ("comment_added", "/eventType = CommentAdded"), ("new_error_occurred", "/eventType = NewErrorOccurred"), ("status_changed", "/eventType = StatusChanged"),
    ] },
    Vendor { name: "a trigger and a status", payloads: &[
        r#"{"trigger": "failure", "status": "failed", "execution": {"status": "failed"}}"#, r#"{"trigger": "start", "status": "running", "execution": {"status": "running"}}"#,
        r#"{"trigger": "start", "status": "scheduled", "execution": {"status": "scheduled"}}"#,
    ], events: &[("failure", "/trigger = failure"), ("start", "/trigger = start")] },
    Vendor { name: "what a payload has says what it is", payloads: &[
        r#"{"page": {"id": 1}, "incident": {"id": 1}}"#, r#"{"page": {"id": 1}, "component": {"id": 1}}"#, r#"{"page": {"id": 1}, "incident": {"id": 2}}"#,
    ], events: &[("component", "has component"), ("incident", "has incident")] },
    Vendor { name: "one wrapper for each event", payloads: &[
        r#"{"scan": {"id": 1}}"#, r#"{"finding": {"id": 2}}"#,
    ], events: &[("finding", "has finding"), ("scan", "has scan")] },
    Vendor { name: "an optional object", payloads: &[
        r#"{"task": 1, "status": "OK", "gate": 1, "branch": {"type": "BRANCH"}}"#, r#"{"task": 2, "status": "ERROR", "gate": 2}"#,
    ], events: &[("event", "has task, status")] },
    Vendor { name: "a single payload with an event", payloads: &[r#"{"event_type": "survey_response.updated", "data": {"type": "nps"}}"#],
        events: &[("survey_response_updated", "/event_type = survey_response.updated")] },
    Vendor { name: "a single payload with a type", payloads: &[r#"{"type": "WEB", "form": 5}"#], events: &[("event", "has type, form")] },
    Vendor { name: "alerts of few types", payloads: &[
        r#"{"AlertType": "CanaryIncident", "src": "10.0.0.1"}"#, r#"{"AlertType": "CanarytokenIncident", "src": "10.0.0.2", "token": "a"}"#,
    ], events: &[("canary_incident", "/AlertType = CanaryIncident"), ("canarytoken_incident", "/AlertType = CanarytokenIncident")] },
    Vendor { name: "nothing at all", payloads: &[r#"{"text": "a"}"#, r#"{"note": "b", "due": 5}"#, r#"{"text": "c", "due": 5}"#],
        events: &[("note", "has note"), ("text", "has text")] },
    Vendor { name: "an object kind, and an older name of few", payloads: &[
        r#"{"object_kind": "push", "event_name": "push", "ref": "a"}"#, r#"{"object_kind": "tag_push", "event_name": "tag_push", "ref": "a"}"#,
        r#"{"object_kind": "issue", "object_attributes": {"action": "open"}}"#, r#"{"object_kind": "note", "object_attributes": {"action": "create"}}"#,
        r#"{"object_kind": "issue", "object_attributes": {"action": "close"}}"#, r#"{"object_kind": "pipeline", "object_attributes": {}}"#,
    ], events: &[
        ("issue", "/object_kind = issue"), ("note", "/object_kind = note"), ("pipeline", "/object_kind = pipeline"),
        ("push", "/object_kind = push"), ("tag_push", "/object_kind = tag_push"),
    ] },
    Vendor { name: "members of accounts", payloads: &[
        r#"{"event": "member.added", "account": {"type": "business", "plan": {"kind": "pro"}}}"#, r#"{"event": "member.removed", "account": {"type": "private", "plan": {"kind": "free"}}}"#,
    ], events: &[("member_added", "/event = member.added"), ("member_removed", "/event = member.removed")] },
    Vendor { name: "callbacks with an event inside", payloads: &[
        r#"{"type": "event_callback", "team_id": "T1", "event": {"type": "message", "channel": "C1", "text": "a"}, "authorizations": [{"is_bot": false}]}"#,
        r#"{"type": "event_callback", "team_id": "T1", "event": {"type": "message", "channel": "C2", "text": "b"}, "authorizations": [{"is_bot": false}]}"#,
        r#"{"type": "event_callback", "team_id": "T1", "event": {"type": "reaction_added", "item": {"type": "message"}}, "authorizations": []}"#,
        r#"{"type": "event_callback", "team_id": "T2", "event": {"type": "reaction_added", "item": {"type": "file"}}, "authorizations": []}"#,
        r#"{"type": "event_callback", "team_id": "T2", "event": {"type": "team_join", "user": {"id": "U1"}}, "authorizations": []}"#,
        r#"{"type": "url_verification", "challenge": "a", "token": "b"}"#,
    ], events: &[
        ("message", "/event/type = message"), ("reaction_added", "/event/type = reaction_added"), ("team_join", "/event/type = team_join"),
        ("url_verification", "/type = url_verification; no /event"),
    ] },
    Vendor { name: "confirmations of subscriptions", payloads: &[
        r#"{"Type": "Notification", "MessageId": "a", "TopicArn": "t", "Message": "x", "UnsubscribeURL": "u", "MessageAttributes": {"ka": {"Type": "String", "Value": "v"}}}"#,
        r#"{"Type": "Notification", "MessageId": "b", "TopicArn": "t", "Message": "y", "UnsubscribeURL": "u", "MessageAttributes": {"kb": {"Type": "String", "Value": "v"}}}"#,
        r#"{"Type": "SubscriptionConfirmation", "MessageId": "c", "Token": "s", "TopicArn": "t", "Message": "z", "SubscribeURL": "u"}"#,
        r#"{"Type": "UnsubscribeConfirmation", "MessageId": "d", "Token": "s", "TopicArn": "t", "Message": "z", "SubscribeURL": "u"}"#,
    ], events: &[
        ("notification", "/Type = Notification"), ("subscription_confirmation", "/Type = SubscriptionConfirmation"),
        ("unsubscribe_confirmation", "/Type = UnsubscribeConfirmation"),
    ] },
];

fn parsed(texts: &[&str]) -> Vec<Json> {
    texts.iter().map(|text| Json::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))).collect()
}

fn events_of(payloads: &[(usize, &Json, Origin<'_>)]) -> Events {
    let names: Vec<String> = payloads.iter().map(|(number, ..)| format!("{number:03}")).collect();
    let captures: Vec<Capture<'_>> = payloads
        .iter()
        .zip(&names)
        .map(|((_, payload, origin), name)| Capture { payload, name, origin: *origin })
        .collect();
    infer_events(&captures, &[], false, &MapDecisions::default())
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
    for vendor in &VENDORS {
        let payloads = parsed(vendor.payloads);
        let found = events_of(&new(&payloads));
        let shown: Vec<(&str, String)> =
            found.events.iter().map(|event| (event.name.as_str(), identity(event))).collect();
        let expected: Vec<(&str, String)> =
            vendor.events.iter().map(|(name, identity)| (*name, (*identity).to_owned())).collect();
        assert_eq!(shown, expected, "{}", vendor.name);
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
    for vendor in &VENDORS {
        let payloads = parsed(vendor.payloads);
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
        VENDORS.iter().map(|vendor| (vendor.name, parsed(vendor.payloads))).chain([("large", large())])
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
    let shown: Vec<(&str, String)> = found.events.iter().map(|event| (event.name.as_str(), identity(event))).collect();
    assert_eq!(
        shown,
        [
            ("pull_request", "/event = pr:merged or pr:opened".to_owned()),
            ("repo_deleted", "/event = repo:deleted".to_owned())
        ]
    );
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
    let names: Vec<String> = (0..payloads.len()).map(|at| at.to_string()).collect();
    let captures: Vec<Capture<'_>> = payloads
        .iter()
        .zip(&names)
        .map(|(payload, name)| Capture { payload, name, origin: Origin::Assigned("e") })
        .collect();
    let found = infer_events(&captures, &[], false, decisions);
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
        let payloads = parsed(&payload);
        let captures = [Capture { payload: &payloads[0], name: "a", origin: Origin::New }];
        let schema = infer_events(&captures, &[], false, &decisions).events.remove(0).schema;
        let labels = schema.at("/properties/alerts/items/properties/labels").unwrap();
        assert_eq!(labels.get("properties").is_none(), decisions.structs.is_empty(), "{labels}");
    }
}
