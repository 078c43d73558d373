//! Prints the output of `infer`: a line for each event, the points to review, and the decisions that a person must
//! make.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use webhook_codegen::catalog::Delivery;
use webhook_codegen::infer::{InferredEvent, NoteKind};
use webhook_codegen::json::Json;
use webhook_harness::{printable, printable_lines};

use super::Options;
use super::vendor::path;
use crate::codegen::next_command;
use crate::context::Context;
use crate::files::File;
use crate::output::counted;

/// The state of an event after the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    New,
    Changed,
    Same,
}

/// An event and its state.
pub(super) struct EventLine {
    pub(super) event: InferredEvent,
    pub(super) state: State,
}

/// The result of a run.
pub(super) struct Report<'r> {
    pub(super) provider: &'r str,
    /// How events are sent, if that was guessed.
    pub(super) delivery: Option<Delivery>,
    /// Whether a name outside of the body identifies events, by this run.
    pub(super) is_named: bool,
    pub(super) precedence: &'r [String],
    pub(super) events: &'r [EventLine],
    pub(super) decisions: &'r [String],
    /// A note about the form of the bodies, if it is unusual.
    pub(super) wrapped: Option<String>,
    pub(super) files: &'r [File],
    pub(super) gone: &'r [String],
    pub(super) payloads: usize,
}

/// How many places a note lists.
const LISTED: usize = 6;

impl Report<'_> {
    pub(super) fn print(&self, options: &Options, context: &Context, defs: &Path, assigned: Option<&str>) {
        if options.json {
            println!("{}", self.json());
            return;
        }
        let folder = path(defs, self.provider);
        println!(
            "{}: {} from {}, {} written to {folder}",
            self.provider,
            counted(self.events.len(), "event"),
            counted(self.payloads, "payload"),
            counted(self.files.len(), "file")
        );
        for line in self
            .events
            .iter()
            .filter(|line| assigned.is_none_or(|name| name == line.event.name || line.state != State::Same))
        {
            println!("  {}", printable(&line.text()));
        }
        for file in self.files.iter().filter(|file| file.old.is_some() && file.path.ends_with("/schema.json")) {
            print!("{}", printable_lines(&file.difference()));
        }
        for file in self.gone {
            println!("removed: {}", path(defs, file));
        }
        for note in self.notes() {
            println!("note: {}", printable(&note));
        }
        for decision in self.decisions {
            println!("to do: {decision}");
        }
        println!("next: {}", next_command(options.defs.as_deref(), context));
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match self.delivery {
            Some(Delivery::Batch) => {
                notes.push("a body is taken for an array of events (`delivery` in provider.toml)".to_owned())
            }
            Some(Delivery::Lines) => {
                notes.push("a body is taken for events on lines of their own (`delivery` in provider.toml)".to_owned())
            }
            _ => {}
        }
        if self.is_named {
            notes.push(
                "nothing in the payloads tells the events apart, so `dispatch = \"named\"`: a name outside of the body, as in a \
                 header, must"
                    .to_owned(),
            );
        }
        let unidentified: Vec<&str> = self
            .events
            .iter()
            .filter(|line| line.event.identity.is_empty() && line.state != State::Same && !self.is_named)
            .filter(|line| line.event.absent.is_empty() && !self.precedence.contains(&line.event.name))
            .map(|line| line.event.name.as_str())
            .collect();
        if !unidentified.is_empty() {
            notes.push(format!(
                "no member names the event {}: add payloads of other events, so that their members differ",
                listed(unidentified.iter().copied())
            ));
        }
        let mut places: BTreeMap<NoteKind, Vec<&str>> = BTreeMap::new();
        for line in self.events.iter().filter(|line| line.state != State::Same) {
            for note in &line.event.notes {
                let known = places.entry(note.kind).or_default();
                if !known.contains(&note.place.as_str()) {
                    known.push(&note.place);
                }
            }
        }
        for (kind, places) in places {
            let places = listed(places.iter().copied());
            notes.extend(match kind {
                NoteKind::Map => Some(format!("names are data, so these are maps: {places}")),
                NoteKind::MapOrStruct => Some(format!(
                    "{places}: a map? It is taken for a struct; --map POINTER or --struct POINTER decides"
                )),
                NoteKind::LargeInteger => Some(format!("integers beyond 64 bits, so `x-number` is set: {places}")),
                NoteKind::Parts => Some(format!("IDs of several parts, with a schema for each position: {places}")),
                // The schema shows the other kinds.
                _ => None,
            });
        }
        notes.extend(self.wrapped.clone());
        notes
    }

    fn json(&self) -> Value {
        let values = |values: &[Json]| values.iter().map(Json::to_value).collect::<Vec<Value>>();
        let event = |line: &EventLine| {
            let event = &line.event;
            let identity =
                event.identity.iter().map(|(member, found)| json!({ "member": member, "values": values(found) }));
            let note =
                |note: &webhook_codegen::infer::Note| json!({ "place": note.place, "message": note.kind.text() });
            json!({
                "name": event.name,
                "state": match line.state { State::New => "new", State::Changed => "changed", State::Same => "unchanged" },
                "payloads": event.payloads.len(),
                "identity": identity.collect::<Vec<Value>>(),
                "required": event.required,
                "absent": event.absent,
                "notes": event.notes.iter().map(note).collect::<Vec<Value>>(),
            })
        };
        json!({
            "provider": self.provider,
            "events": self.events.iter().map(event).collect::<Vec<Value>>(),
            "named": self.is_named,
            "precedence": self.precedence,
            "decisions": self.decisions,
            "written": self.files.iter().map(|file| file.path.as_str()).collect::<Vec<&str>>(),
            "removed": self.gone,
        })
    }
}

impl EventLine {
    fn text(&self) -> String {
        let event = &self.event;
        let state = match self.state {
            State::New => "",
            State::Changed => ", changed",
            State::Same => ", unchanged",
        };
        let value = |(member, values): &(String, Vec<Json>)| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("{member} = {}", values.join(" or "))
        };
        let identity: Vec<String> = event.identity.iter().map(value).collect();
        let required =
            (!event.required.is_empty()).then(|| format!("has {}", listed(event.required.iter().map(String::as_str))));
        let absent =
            (!event.absent.is_empty()).then(|| format!("no {}", listed(event.absent.iter().map(String::as_str))));
        let parts: Vec<String> = identity.into_iter().chain(required).chain(absent).collect();
        let parts = if parts.is_empty() { "any payload".to_owned() } else { parts.join(", ") };
        format!("{} ({}{state}): {parts}", event.name, counted(event.payloads.len(), "payload"))
    }
}

/// Returns a list that is cut where it is long.
fn listed<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> String {
    let count = texts.len();
    let mut shown: Vec<String> = texts.take(LISTED).map(|text| format!("`{text}`")).collect();
    if count > LISTED {
        shown.push(format!("{} more", count - LISTED));
    }
    shown.join(", ")
}
