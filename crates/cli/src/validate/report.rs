//! Prints findings about payloads.

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer};
use serde_json::{Value, json};
use webhook_codegen::Location;
use webhook_codegen::json::without_byte_order_mark;
use webhook_codegen::location::in_json;
use webhook_harness::printable;

use super::Texts;
use super::examine::{Examiner, Finding, Reported};
use crate::format::{Entry, Format};
use crate::output::{colour, shown};
use crate::problems::{Place, rendered};

pub(super) struct Report<'r> {
    /// The names of the providers, if no provider was given.
    providers: Vec<&'static str>,
    mask: bool,
    defs: &'r Path,
    format: Format,
    renderer: Renderer,
    /// The schemas that were shown.
    schemas: RefCell<Texts>,
}

impl<'r> Report<'r> {
    pub(super) fn new(examiner: &Examiner<'_>, defs: &'r Path, format: Format) -> Report<'r> {
        Report {
            providers: examiner.providers.iter().map(|provider| provider.info().name).collect(),
            mask: examiner.mask,
            defs,
            format,
            renderer: if colour(&std::io::stdout()) { Renderer::styled() } else { Renderer::plain() },
            schemas: RefCell::default(),
        }
    }

    /// Writes the finding about a file.
    pub(super) fn write(&self, file: &str, text: &str, finding: &Finding, out: &mut impl Write) -> std::io::Result<()> {
        match self.format {
            Format::Json => {
                let mut line = self.json(finding);
                line["file"] = file.into();
                writeln!(out, "{line}")
            }
            Format::Github => {
                let entry = |found: &Reported| Entry {
                    message: found.message.clone(),
                    file: Some(file.to_owned()),
                    pointer: found.instance.clone(),
                    location: found.location.clone(),
                    ..Entry::default()
                };
                finding.violations.iter().try_for_each(|found| writeln!(out, "{}", entry(found).annotation()))
            }
            Format::Text => self.text(file, text, finding, out),
        }
    }

    fn text(&self, file: &str, text: &str, finding: &Finding, out: &mut impl Write) -> std::io::Result<()> {
        // Names and values of payloads must not control the terminal.
        let shown_file = printable(file);
        let provider = finding.provider.unwrap_or("no known provider");
        if !finding.candidates.is_empty() {
            let names: Vec<String> =
                finding.candidates.iter().map(|(provider, event)| format!("{provider} {event}")).collect();
            writeln!(out, "{shown_file}: several events fit: {}", names.join(", "))?;
            return writeln!(out, "    to read it as an event of one provider, use --provider");
        }
        match &finding.items {
            None => writeln!(out, "{shown_file}: {provider}{}", line(finding))?,
            Some(items) => {
                let count = items.len();
                writeln!(out, "{shown_file}: {provider}, {count} event{}", if count == 1 { "" } else { "s" })?;
                for (index, item) in items.iter().enumerate() {
                    writeln!(out, "  {index}:{}", line(item))?;
                }
            }
        }
        if finding.provider.is_none() && finding.valid.is_none() {
            let names = self.providers.join(", ");
            writeln!(out, "    to read it as an event of one provider, use --provider: {names}")?;
        }
        let all = finding.violations.iter().chain(&finding.deviations);
        for found in all {
            writeln!(out, "\n{}", self.diagnostic(file, text, found))?;
        }
        // An empty line separates the details from the next file.
        if finding.violations.is_empty() && finding.deviations.is_empty() { Ok(()) } else { writeln!(out) }
    }

    /// Returns a violation or deviation with its line of the payload, and the line of the schema.
    fn diagnostic(&self, file: &str, text: &str, found: &Reported) -> String {
        let level = if found.kind.is_empty() { Level::ERROR } else { Level::WARNING.with_name("deviation") };
        let message = printable(&found.message);
        let group = Group::with_title(level.primary_title(&message));
        let instance = printable(&found.instance);
        let group = Place {
            path: file,
            pointer: &instance,
            text: Some(text).filter(|_| !self.mask),
            location: found.location.as_ref(),
        }
        .add(group, AnnotationKind::Primary);
        let Some((_, (schema, pointer))) = &found.schema else { return rendered(&[group], &self.renderer) };
        let path = shown(&self.defs.join(schema));
        let (schema_text, location) = self.schema(schema, pointer);
        let place = Place { path: &path, pointer, text: schema_text.as_deref(), location: location.as_ref() };
        rendered(&[place.add(group, AnnotationKind::Context)], &self.renderer)
    }

    /// Returns the text of a file of schema-defs, and where a keyword is in it.
    fn schema(&self, file: &str, pointer: &str) -> (Option<String>, Option<Location>) {
        let mut schemas = self.schemas.borrow_mut();
        let read = || fs::read_to_string(self.defs.join(file)).ok().map(without_byte_order_mark);
        let Some(text) = schemas.entry(file.to_owned()).or_insert_with(read) else { return (None, None) };
        let found = in_json(text, pointer).map(|found| Location::new(text, found.excerpt(text, true)));
        (Some(text.clone()), found)
    }

    fn json(&self, finding: &Finding) -> Value {
        let place = |object: &mut Value, found: &Reported| {
            if let Some(at) = &found.location {
                object["line"] = at.line.into();
                object["column"] = at.column.into();
            }
        };
        let violation = |found: &Reported| {
            let schema = found.schema.as_ref().map(|(pointer, _)| pointer.as_str()).unwrap_or_default();
            let mut object = json!({ "instance": found.instance, "schema": schema, "message": found.message });
            place(&mut object, found);
            if let Some((_, (file, pointer))) = &found.schema {
                object["schema_file"] = shown(&self.defs.join(file)).into();
                object["schema_line"] = self.schema(file, pointer).1.map(|at| at.line).into();
            }
            object
        };
        let deviation = |found: &Reported| {
            let mut object = json!({ "instance": found.instance, "kind": found.kind, "message": found.message });
            place(&mut object, found);
            object
        };
        let mut object = json!({
            "provider": finding.provider,
            "event": finding.event,
            "valid": finding.valid,
            "lossless": finding.lossless,
            "violations": finding.violations.iter().map(violation).collect::<Vec<_>>(),
            "deviations": finding.deviations.iter().map(deviation).collect::<Vec<_>>(),
        });
        if let Some(name) = &finding.name {
            object["name"] = name.as_str().into();
        }
        if !finding.candidates.is_empty() {
            let candidate = |(provider, event): &(&str, &str)| json!({ "provider": provider, "event": event });
            object["candidates"] = finding.candidates.iter().map(candidate).collect();
        }
        if let Some(items) = &finding.items {
            object["items"] = items.iter().map(|item| self.json(item)).collect();
        }
        object
    }
}

/// Returns the line about a payload: its event, and whether it is accepted.
fn line(finding: &Finding) -> String {
    let event = match (finding.event, finding.provider) {
        (Some(event), _) => format!(" {event}"),
        (None, Some(_)) => match &finding.name {
            Some(name) => format!(" unknown event \"{}\"", printable(name)),
            None => " unknown event".to_owned(),
        },
        (None, None) => String::new(),
    };
    let valid = match finding.valid {
        Some(true) => ", valid",
        Some(false) => ", rejected",
        None => "",
    };
    let lossless = match (finding.valid, finding.lossless) {
        (Some(false), _) | (_, None) => "",
        (_, Some(true)) => ", lossless",
        (_, Some(false)) => ", LOSSY",
    };
    format!("{event}{valid}{lossless}")
}
