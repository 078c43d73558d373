//! Events that schema-defs do not have.

use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::{Event, EventSettings, Source};
use webhook_codegen::infer::{Sibling, infer, title};
use webhook_codegen::json::Json;

use super::{Accepting, distinct, examples, listed};
use crate::matching::{Observed, Shown};

impl Accepting<'_> {
    /// Makes the folders of new events; returns each with the events that must be asked before it.
    pub(super) fn new_events(
        &mut self,
        all: &[(String, Observed<'_>)],
        labels: &[String],
    ) -> Result<Vec<(String, Vec<String>)>, Vec<Diagnostic>> {
        self.unnamed = unnamed(all, labels);
        let mut made = Vec::new();
        let mut all_inferred = Vec::new();
        for (name, observed) in all {
            let Some(first) = observed.first() else { continue };
            let inferred = observed.schemas.is_empty();
            let payloads = distinct(&observed.payloads);
            if inferred && payloads.is_empty() {
                self.unlike_any(first);
                continue;
            }
            let mut after = Vec::new();
            let schema = match observed.schemas.as_slice() {
                [shown, rest @ ..] => {
                    if let Some(other) = rest.first() {
                        let (of, at) = (format!("{}/{name}", self.provider.name), self.place(*other));
                        self.made.left.push(format!("{of} has another schema at {at}: see which is right"));
                    }
                    shown.json.clone()
                }
                [] => {
                    all_inferred.push(format!("{}/{name}", self.provider.name));
                    let (schema, first) = self.inferred(name, &payloads, all)?;
                    after = first;
                    schema
                }
            };
            let event = Event { name: name.clone(), schema, overlay: None, examples: Vec::new() };
            self.made.files.push((self.provider.schema_file(&event), event.schema.pretty()));
            let source = if inferred { Source::Inferred } else { Source::Documented };
            let wire_name = self.wire_name(name, observed, labels);
            let origin = self.place(first);
            self.settings.add_event(name, source, &origin, wire_name.as_deref(), self.release);
            let settings = EventSettings { source: Some(source), name: wire_name, ..EventSettings::default() };
            self.provider.settings.events.insert(name.clone(), settings);
            self.provider.events.push(event);
            for shown in &observed.schemas {
                self.add_repairs(name, *shown);
            }
            self.add_examples(name, &payloads)?;
            made.push((name.clone(), after));
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
        // As they are read.
        self.provider.events.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(made)
    }

    /// The name that an event has outside the body, where names outside the body tell events: the one in its payloads, unless
    /// that is the folder's.
    fn wire_name(&self, folder: &str, observed: &Observed<'_>, labels: &[String]) -> Option<String> {
        if !self.provider.settings.named {
            return None;
        }
        let named = |label: &String| observed.payloads.iter().find_map(|shown| shown.json.at(label)?.as_str());
        labels.iter().find_map(named).filter(|name| *name != folder).map(str::to_owned)
    }

    /// The schema of an event from its payloads, and the events that must be asked before it.
    fn inferred(
        &mut self,
        name: &str,
        payloads: &[Shown<'_>],
        new: &[(String, Observed<'_>)],
    ) -> Result<(Json, Vec<String>), Vec<Diagnostic>> {
        let mut siblings: Vec<(&str, Option<Json>, Vec<Json>)> = Vec::new();
        for event in &self.provider.events {
            let schema = self.provider.schema(event).unwrap_or_else(|_| event.schema.clone());
            siblings.push((&event.name, Some(schema), examples(event)));
        }
        let is_open = |other: &str| other != name && !self.provider.events.iter().any(|event| event.name == other);
        for (other, observed) in new.iter().filter(|(other, _)| is_open(other)) {
            let payloads = observed.payloads.iter().map(|shown| shown.json.clone()).collect();
            siblings.push((other, observed.schemas.first().map(|shown| shown.json.clone()), payloads));
        }
        let siblings: Vec<Sibling<'_>> = siblings
            .iter()
            .map(|(name, schema, payloads)| Sibling { name, schema: schema.as_ref(), payloads })
            .collect();
        let payloads: Vec<Json> = payloads.iter().map(|shown| shown.json.clone()).collect();
        let made = infer(&title(name), &payloads, &siblings);
        let of = format!("{}/{name}", self.provider.name);
        self.made.notes.extend(made.notes.iter().map(|note| format!("{of}: {note}")));
        Ok((made.schema, made.after))
    }

    /// What to do where events that cannot be told from others are none: sentences, or nothing where all say what they are.
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
            "\n    {of} lack what names the others. If they are parts of payloads, or nothing that is sent, remove their \
             folders and tables, and write instead\n    ignore_headings = [{}]",
            listed(&headings, '"')
        )
    }

    /// What another payload of the pages has in it, and what does not say that it is an event.
    pub(super) fn part(&mut self, shown: Shown<'_>, place: &str) {
        let at = self.place(shown);
        self.made.notes.push(format!(
            "{at} shows {place} by itself, so it is no event; if it is one, save it, and `cargo xtask infer {}/EVENT FILE` \
             makes its folder",
            self.provider.name
        ));
    }

    /// JSON that may be no payload at all.
    fn unlike_any(&mut self, shown: Shown<'_>) {
        let heading = shown.block.heading.as_deref().unwrap_or_default();
        let (at, file) = (self.place(shown), self.provider.settings_file());
        self.made.left.push(format!(
            "{at} is like no event, and has no payload to make a schema from: if it is none, list its heading in {file}, as\n    \
             ignore_headings = [{heading:?}]"
        ));
    }
}

/// The events none of whose payloads has a member of `labels`, where others have one; with the outermost heading above them
/// that is above no other event.
fn unnamed(all: &[(String, Observed<'_>)], labels: &[String]) -> Vec<(String, String)> {
    let is_named = |shown: &Shown<'_>| labels.iter().any(|label| shown.json.at(label).is_some());
    let payloads = all.iter().flat_map(|(_, observed)| &observed.payloads);
    let named: Vec<&Shown<'_>> = payloads.filter(|shown| is_named(shown)).collect();
    let is_apart = |heading: &&String| {
        named
            .iter()
            .all(|shown| shown.block.heading.as_ref() != Some(heading) && !shown.block.sections.contains(heading))
    };
    let heading = |shown: &Shown<'_>| {
        let outside_in = shown.block.sections.iter().rev().chain(&shown.block.heading);
        outside_in.clone().find(is_apart).cloned()
    };
    let is_unnamed = |observed: &Observed<'_>| {
        observed.schemas.is_empty() && !observed.payloads.is_empty() && !observed.payloads.iter().any(is_named)
    };
    let unnamed = all.iter().filter(|(_, observed)| !named.is_empty() && is_unnamed(observed));
    unnamed.filter_map(|(name, observed)| Some((name.clone(), heading(observed.payloads.first()?)?))).collect()
}
