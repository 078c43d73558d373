//! An event that schema-defs have: its schema as the pages have it, or changed for their payloads.

use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::{Event, Source};
use webhook_codegen::infer::widen;
use webhook_codegen::json::Json;

use super::{Accepting, distinct, examples};
use crate::block::same;
use crate::is_example;
use crate::matching::{Observed, Shown};

impl Accepting<'_> {
    pub(super) fn known(&mut self, event: &Event, observed: &Observed<'_>) -> Result<(), Vec<Diagnostic>> {
        let of = format!("{}/{}", self.provider.name, event.name);
        let payloads: Vec<Shown<'_>> =
            distinct(&observed.payloads).into_iter().filter(|shown| !is_example(event, shown.json)).collect();
        match observed.schemas.as_slice() {
            [_, _, ..] => {
                let places: Vec<String> = observed.schemas.iter().map(|shown| self.place(*shown)).collect();
                let why = "has several schemas on the pages: give the pages without those that are wrong";
                self.made.left.push(format!("{of} {why} ({})", places.join("; ")));
                Ok(())
            }
            [shown] => {
                if !same(shown.json, &event.schema) {
                    self.set_schema(event, shown.json.clone());
                    self.add_repairs(&event.name, *shown);
                }
                self.add_examples(&event.name, &payloads)
            }
            [] if self.provider.source(&event.name) == Source::Inferred && event.overlay.is_none() => {
                let payloads = self.widen(event, &payloads)?;
                self.add_examples(&event.name, &payloads)
            }
            // A documented schema is not changed for an example.
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

    /// Changes an inferred schema so that it accepts payloads and has their members. A payload that no change makes
    /// acceptable is left to a person; the others are returned.
    fn widen<'p>(&mut self, event: &Event, payloads: &[Shown<'p>]) -> Result<Vec<Shown<'p>>, Vec<Diagnostic>> {
        let library = self.provider.library();
        let mut fitting = Vec::new();
        for shown in payloads {
            let alone = widen(&event.schema, &library, std::slice::from_ref(shown.json));
            match alone.unresolved.first() {
                None => fitting.push(*shown),
                Some(why) => {
                    let (of, at) = (format!("{}/{}", self.provider.name, event.name), self.place(*shown));
                    self.made.left.push(format!("{of}: the payload of {at} does not fit: {why}"));
                }
            }
        }
        if fitting.is_empty() {
            return Ok(fitting);
        }
        let all: Vec<Json> =
            examples(event).into_iter().chain(fitting.iter().map(|shown| shown.json.clone())).collect();
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
