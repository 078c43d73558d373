//! Updates a known event: adopts the schema of the pages, or widens an inferred schema for new payloads.

use webhook_codegen::Checked;
use webhook_codegen::catalog::{Event, Source};
use webhook_codegen::infer::widen;
use webhook_codegen::json::{Json, same};

use super::{Accepting, distinct};
use crate::known_event::is_example;
use crate::matching::{EventEvidence, Occurrence};

impl Accepting<'_> {
    pub(super) fn known(&mut self, event: &Event, evidence: &EventEvidence<'_>) -> Checked<()> {
        let of = format!("{}/{}", self.provider.name, event.name);
        let payloads: Vec<Occurrence<'_>> =
            distinct(&evidence.payloads).into_iter().filter(|occurrence| !is_example(event, occurrence.json)).collect();
        match evidence.schemas.as_slice() {
            [_, _, ..] => {
                let places: Vec<String> = evidence.schemas.iter().map(|occurrence| self.place(*occurrence)).collect();
                let why = "has several schemas on the pages: give the pages without those that are wrong";
                self.made.left.push(format!("{of} {why} ({})", places.join("; ")));
                Ok(())
            }
            [occurrence] => {
                if !same(occurrence.json, &event.schema) {
                    self.set_schema(event, occurrence.json.clone());
                    self.add_repairs(&event.name, *occurrence);
                }
                self.add_examples(&event.name, &payloads)
            }
            [] if self.provider.source(&event.name) == Source::Inferred && event.overlay.is_none() => {
                let payloads = self.widen(event, &payloads)?;
                self.add_examples(&event.name, &payloads)
            }
            // A documented schema is not changed because of an example.
            [] => self.add_examples(&event.name, &payloads),
        }
    }

    fn set_schema(&mut self, event: &Event, schema: Json) {
        self.made.files.push((self.provider.schema_file(event), schema.pretty()));
        self.changed.push(event.name.clone());
        if let Some(known) = self.event(&event.name) {
            known.schema = schema;
        }
    }

    /// Changes an inferred schema so that it accepts payloads and declares their members. Returns the payloads. A
    /// payload that no change makes acceptable is left to a person.
    fn widen<'p>(&mut self, event: &Event, payloads: &[Occurrence<'p>]) -> Checked<Vec<Occurrence<'p>>> {
        let library = self.provider.library();
        let mut fitting = Vec::new();
        for occurrence in payloads {
            let alone = widen(&event.schema, &library, std::slice::from_ref(occurrence.json));
            match alone.unresolved.first() {
                None => fitting.push(*occurrence),
                Some(why) => {
                    let (of, at) = (format!("{}/{}", self.provider.name, event.name), self.place(*occurrence));
                    self.made.left.push(format!("{of}: the payload of {at} does not fit: {why}"));
                }
            }
        }
        if fitting.is_empty() {
            return Ok(fitting);
        }
        let all: Vec<Json> =
            event.payloads().into_iter().chain(fitting.iter().map(|occurrence| occurrence.json.clone())).collect();
        let widened = widen(&event.schema, &library, &all);
        if widened.schema != event.schema {
            self.set_schema(event, widened.schema);
        }
        let of = format!("{}/{}", self.provider.name, event.name);
        self.made.left.extend(widened.unresolved.iter().map(|what| format!("{of}: {what}")));
        self.made.notes.extend(widened.notes.iter().map(|what| format!("{of}: {what}")));
        Ok(fitting)
    }
}
