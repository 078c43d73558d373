//! Finds the differences between the pages and schema-defs.

use std::collections::{BTreeMap, HashSet};

use webhook_codegen::catalog::{Provider, Source};
use webhook_codegen::compare::{Change, ChangeKind, Class, Declared, Rules, Sent, Version, schemas};
use webhook_codegen::json::{Json, unescape};
use webhook_codegen::{Checked, Library};

use crate::blocks::places;
use crate::finding::Finding;
use crate::known_event::KnownEvent;
use crate::matching::{EventEvidence, Matches, Moved, Occurrence};
use crate::payloads;
use crate::witness::smallest;

/// Returns all differences, grouped by event.
pub(crate) fn find(provider: &Provider, matches: &Matches<'_>, sent: Sent) -> Checked<Vec<Finding>> {
    let library = provider.library();
    let known = provider.events.iter().map(|event| KnownEvent::new(provider, event, &library));
    let mut known = known.collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for (index, (known, evidence)) in known.iter_mut().zip(&matches.events).enumerate() {
        // An event that the vendor's pages have never shown cannot disappear from them.
        let had = !known.event.examples.is_empty() || provider.source(&known.event.name) == Source::Documented;
        let is_missed = had && !provider.is_undocumented(&known.event.name);
        let moved = matches.moved.iter().find(|moved| moved.event == index);
        match moved {
            _ if !evidence.is_empty() => found.extend(one(known, &library, evidence, sent)?),
            Some(moved) => found.extend(inside(known, moved)?),
            None if is_missed => {
                found.push(Finding { change: known.change(ChangeKind::EventRemoved, Class::Breaking), location: None });
            }
            None => {}
        }
    }
    for occurrence in &matches.common {
        for place in places(occurrence.json) {
            if known.iter_mut().all(|known| known.declared(&place) == Declared::No) {
                let change = Change { place, ..Change::of("", ChangeKind::MemberAdded, Class::Compatible) };
                found.push(Finding::of(change, *occurrence));
            }
        }
    }
    // If all payloads of a new event are a known event in an envelope, the known event has moved, and there is no new
    // one.
    let is_moved = |evidence: &EventEvidence<'_>| {
        let of_moved = |occurrence: &Occurrence<'_>| {
            let inner = |moved: &Moved<'_>| moved.payloads.iter().any(|one| one.is_in(occurrence, &moved.pointer));
            matches.moved.iter().filter(|moved| matches.events[moved.event].is_empty()).any(inner)
        };
        evidence.schemas.is_empty() && !evidence.payloads.is_empty() && evidence.payloads.iter().all(of_moved)
    };
    for (name, evidence) in matches.new.iter().filter(|(_, evidence)| !is_moved(evidence)) {
        let change = Change::of(name, ChangeKind::EventAdded, Class::Compatible);
        found.push(match evidence.first() {
            Some(occurrence) => Finding::of(change, occurrence),
            None => Finding { change, location: None },
        });
    }
    // Report the same difference in several payloads once.
    let mut known = HashSet::new();
    let is_new: Vec<bool> = found.iter().map(|finding| known.insert(finding.change.difference())).collect();
    Ok(found.into_iter().zip(is_new).filter_map(|(finding, is_new)| is_new.then_some(finding)).collect())
}

/// Returns the differences of an event whose payloads are nested in other payloads now: the move, and the changes
/// inside.
fn inside(known: &mut KnownEvent<'_>, moved: &Moved<'_>) -> Checked<Vec<Finding>> {
    let mut found = Vec::new();
    let evidence = EventEvidence { payloads: moved.payloads.clone(), ..EventEvidence::default() };
    payloads::find(known, &evidence, &mut found)?;
    let at = |place: &str| format!("{}{place}", moved.pointer);
    for Finding { change, .. } in &mut found {
        change.place = at(&change.place);
        if change.what == ChangeKind::MemberMoved {
            change.old = change.old.as_deref().map(at);
            change.new = change.new.as_deref().map(at);
        }
    }
    join_new_members(&mut found);
    let mut change =
        Change { new: Some(moved.pointer.clone()), ..known.change(ChangeKind::EventMoved, Class::Breaking) };
    if let Some(payload) = moved.payloads.iter().find_map(|inner| inner.outer(&moved.pointer)).map(Json::to_value) {
        let is_rejected = known.rejects(&payload);
        let holds = |value: &serde_json::Value| value.pointer(&moved.pointer).is_some();
        change.witness = is_rejected.then(|| smallest(&payload, |value| holds(value) && known.rejects(value)));
        change.class = if is_rejected { Class::Breaking } else { Class::Compatible };
    }
    found.splice(..0, moved.payloads.first().map(|occurrence| Finding::of(change, *occurrence)));
    Ok(found)
}

/// Joins the new members of one object into one finding, because they were added together with the envelope.
fn join_new_members(found: &mut Vec<Finding>) {
    let parent = |finding: &Finding| finding.change.place.rsplit_once('/').map(|(parent, _)| parent.to_owned());
    let is_new =
        |finding: &Finding| finding.change.what == ChangeKind::MemberAdded && finding.change.class == Class::Compatible;
    let (new, mut rest): (Vec<Finding>, Vec<Finding>) = found.drain(..).partition(is_new);
    let mut joined: BTreeMap<Option<String>, Vec<Finding>> = BTreeMap::new();
    for finding in new {
        joined.entry(parent(&finding)).or_default().push(finding);
    }
    for (parent, mut members) in joined {
        let (Some(parent), [first, _, ..]) = (parent, members.as_slice()) else {
            rest.append(&mut members);
            continue;
        };
        let named = |finding: &Finding| {
            let name = finding.change.place.rsplit('/').next().map(unescape).unwrap_or_default();
            format!("{name} ({})", finding.change.new.as_deref().unwrap_or("anything"))
        };
        let names: Vec<String> = members.iter().map(named).collect();
        let change = Change {
            what: ChangeKind::MembersAdded,
            place: parent,
            new: Some(names.join(", ")),
            ..first.change.clone()
        };
        rest.push(Finding { change, location: first.location });
    }
    *found = rest;
}

fn one(
    known: &mut KnownEvent<'_>,
    library: &Library,
    evidence: &EventEvidence<'_>,
    sent: Sent,
) -> Checked<Vec<Finding>> {
    let mut found: Vec<Finding> = Vec::new();
    let (ours, theirs) = (known.event.payloads(), evidence.json());
    for occurrence in &evidence.schemas {
        let old = Version { schema: &known.event.schema, library, instances: &ours };
        let new = Version { schema: occurrence.json, library, instances: &theirs };
        match schemas(&known.event.name, old, new, Rules { sent, reading: known.schema.reading() }) {
            Ok(changes) => found.extend(changes.into_iter().map(|change| Finding::of(change, *occurrence))),
            Err(problems) => {
                let new = problems.first().map(|problem| format!("{} at {}", problem.message, problem.pointer));
                let change = Change { new, ..known.change(ChangeKind::RuleChanged, Class::Breaking) };
                found.push(Finding::of(change, *occurrence));
            }
        }
    }
    // If the schema has moved into the envelope too, its contents have already been compared.
    if !found.iter().any(|finding| finding.change.what == ChangeKind::EventMoved) {
        payloads::find(known, evidence, &mut found)?;
    }
    for occurrence in &evidence.schemas {
        let rejected = payloads::rejected_by(known, occurrence.json, library, &evidence.payloads, &found);
        found.extend(rejected);
    }
    for occurrence in &evidence.structures {
        for place in places(occurrence.json) {
            let said = found.iter().any(|finding| finding.change.place == place);
            if !said && known.declared(&place) == Declared::No {
                let change = Change { place, ..known.change(ChangeKind::MemberAdded, Class::Compatible) };
                found.push(Finding::of(change, *occurrence));
            }
        }
    }
    Ok(found)
}
