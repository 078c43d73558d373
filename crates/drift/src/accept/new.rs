//! Adds new events.

use webhook_codegen::Checked;
use webhook_codegen::catalog::{Event, EventSettings, Source};
use webhook_codegen::infer::{Events, InferredEvent, Sibling, infer_schemas};
use webhook_codegen::json::Json;

use super::{Accepting, distinct, listed};
use crate::matching::{EventEvidence, Occurrence};

impl Accepting<'_> {
    /// Creates the folders of new events. Returns the names of the events.
    pub(super) fn new_events(
        &mut self,
        all: &[(String, EventEvidence<'_>)],
        labels: &[String],
    ) -> Checked<Vec<String>> {
        self.unnamed = unnamed(all, labels);
        let inferred_events = self.infer(all);
        let mut made = Vec::new();
        let mut all_inferred = Vec::new();
        for (name, evidence) in all {
            let Some(first) = evidence.first() else { continue };
            let inferred = evidence.schemas.is_empty();
            let payloads = distinct(&evidence.payloads);
            if inferred && payloads.is_empty() {
                self.unlike_any(first);
                continue;
            }
            let schema = match evidence.schemas.as_slice() {
                [occurrence, rest @ ..] => {
                    if let Some(other) = rest.first() {
                        let (of, at) = (format!("{}/{name}", self.provider.name), self.place(*other));
                        self.made
                            .left
                            .push(format!("the pages have a second schema of {of}, at {at}: keep the right one"));
                    }
                    occurrence.json.clone()
                }
                [] => {
                    let found = inferred_events.events.iter().find(|event| event.name == *name);
                    let Some(found) = found else { continue };
                    let of = format!("{}/{name}", self.provider.name);
                    all_inferred.push(of.clone());
                    self.made.notes.extend(points(found).iter().map(|note| format!("{of}: {note}")));
                    found.schema.clone()
                }
            };
            let event = Event { name: name.clone(), schema, ..Event::default() };
            self.made.files.push((self.provider.schema_file(&event), event.schema.pretty()));
            let source = if inferred { Source::Inferred } else { Source::Documented };
            let wire_name = self.wire_name(name, evidence, labels);
            let origin = Some(self.place(first));
            let since = self.release;
            let settings = EventSettings { source: Some(source), wire_name, origin, since, ..EventSettings::default() };
            self.settings.add_event(name, settings.clone());
            self.provider.settings.events.insert(name.clone(), settings);
            self.provider.events.push(event);
            for occurrence in &evidence.schemas {
                self.add_repairs(name, *occurrence);
            }
            self.add_examples(name, &payloads)?;
            made.push(name.clone());
        }
        match all_inferred.as_slice() {
            [] => {}
            [one] => self.made.notes.insert(0, format!("{one} is new, and its schema is inferred: read it")),
            several => {
                let count = several.len();
                let note = format!(
                    "{count} events of {} are new, and their schemas are inferred: read them",
                    self.provider.name
                );
                self.made.notes.insert(0, note);
            }
        }
        // Use the order in which events are loaded.
        self.provider.events.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(made)
    }

    /// Returns the event's name outside the body if such names identify events: the name in the event's payloads,
    /// unless it is the folder's name.
    fn wire_name(&self, folder: &str, evidence: &EventEvidence<'_>, labels: &[String]) -> Option<String> {
        if !self.provider.settings.named {
            return None;
        }
        let named =
            |label: &String| evidence.payloads.iter().find_map(|occurrence| occurrence.json.at(label)?.as_str());
        labels.iter().find_map(named).filter(|name| *name != folder).map(str::to_owned)
    }

    /// Infers the schemas of the new events for which the pages have payloads only.
    fn infer(&self, new: &[(String, EventEvidence<'_>)]) -> Events {
        let mut events: Vec<(&str, Option<Json>, Vec<Json>)> = Vec::new();
        for event in &self.provider.events {
            let schema = self.provider.schema(event).unwrap_or_else(|_| event.schema.clone());
            events.push((&event.name, Some(schema), event.payloads()));
        }
        for (name, evidence) in new {
            let payloads = distinct(&evidence.payloads).iter().map(|occurrence| occurrence.json.clone()).collect();
            events.push((name, evidence.schemas.first().map(|occurrence| occurrence.json.clone()), payloads));
        }
        let events: Vec<Sibling<'_>> =
            events.iter().map(|(name, schema, payloads)| Sibling { name, schema: schema.as_ref(), payloads }).collect();
        infer_schemas(&events, self.provider.settings.named)
    }

    /// Returns advice on ambiguous events that may be parts of other payloads, or an empty text if every event has a
    /// member that names it.
    pub(super) fn parts(&self, names: &[String]) -> String {
        let unnamed = self.unnamed.iter().filter(|(name, _)| names.contains(name));
        let (unnamed, mut headings): (Vec<String>, Vec<String>) = unnamed.cloned().unzip();
        headings.dedup();
        let of = match unnamed.len() {
            0 => return String::new(),
            all if all == names.len() => "Their payloads".to_owned(),
            _ => format!("The payloads of {}", listed(&unnamed, '`')),
        };
        format!(
            "\n    {of} lack the member that names the others. If they are parts of payloads, or are never sent, remove their \
             folders and tables, and write instead\n    ignore_headings = [{}]",
            listed(&headings, '"')
        )
    }

    /// Adds a note that a block without a discriminator is part of another payload on the pages.
    pub(super) fn part(&mut self, occurrence: Occurrence<'_>, place: &str) {
        let at = self.place(occurrence);
        self.made.notes.push(format!(
            "{at} shows {place} separately, so it is not taken for an event; if it is one, save it, and `infer {}/EVENT FILE` \
             makes its folder",
            self.provider.name
        ));
    }

    /// Adds a decision about JSON that may not be a payload at all.
    fn unlike_any(&mut self, occurrence: Occurrence<'_>) {
        let heading = occurrence.block.heading.as_deref().unwrap_or_default();
        let (at, file) = (self.place(occurrence), self.provider.settings_file());
        self.made.left.push(format!(
            "{at} is not similar to any event, and has no payload to infer a schema from: if it is not an event, list its heading in {file}, as\n    \
             ignore_headings = [{heading:?}]"
        ));
    }
}

/// Returns the points of an inferred event that a person should review, as sentences.
fn points(event: &InferredEvent) -> Vec<String> {
    let mut points: Vec<String> = Vec::new();
    if event.identity.is_empty() && !event.required.is_empty() {
        points.push(format!("no single value identifies it; required members do: {}", listed(&event.required, '`')));
    }
    if !event.confused_with.is_empty() {
        let others = listed(&event.confused_with, '`');
        points.push(format!("nothing distinguishes it from {others}: see whether the payloads show one event"));
    }
    points.extend(event.notes.iter().map(ToString::to_string));
    points
}

/// Returns the events without any of the members `labels` in their payloads, if other events have one. Each event is
/// returned with the outermost heading above it that is not also above a named event.
fn unnamed(all: &[(String, EventEvidence<'_>)], labels: &[String]) -> Vec<(String, String)> {
    let is_named = |occurrence: &Occurrence<'_>| labels.iter().any(|label| occurrence.json.at(label).is_some());
    let payloads = all.iter().flat_map(|(_, evidence)| &evidence.payloads);
    let named: Vec<&Occurrence<'_>> = payloads.filter(|occurrence| is_named(occurrence)).collect();
    let is_apart = |heading: &&String| {
        named.iter().all(|occurrence| {
            occurrence.block.heading.as_ref() != Some(heading) && !occurrence.block.sections.contains(heading)
        })
    };
    let heading = |occurrence: &Occurrence<'_>| {
        let outside_in = occurrence.block.sections.iter().rev().chain(&occurrence.block.heading);
        outside_in.clone().find(is_apart).cloned()
    };
    let is_unnamed = |evidence: &EventEvidence<'_>| {
        evidence.schemas.is_empty() && !evidence.payloads.is_empty() && !evidence.payloads.iter().any(is_named)
    };
    let unnamed = all.iter().filter(|(_, evidence)| !named.is_empty() && is_unnamed(evidence));
    unnamed.filter_map(|(name, evidence)| Some((name.clone(), heading(evidence.payloads.first()?)?))).collect()
}
