//! What the pages show, written into schema-defs; what needs a person is left, and listed.

use std::collections::BTreeSet;

use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::compare::What;
use webhook_codegen::infer::{Sibling, folder_name, infer, widen};
use webhook_codegen::json::Json;
use webhook_runtime::equal;

use crate::find::find;
use crate::matching::{Observed, Shown, matches};
use crate::page::Page;

/// Files to write, by their paths below schema-defs, and what is left for a person.
#[derive(Debug, Default)]
pub struct Accepted {
    /// The files: each is new, or stands for one that is there.
    pub files: Vec<(String, String)>,
    /// What a person must decide, in sentences.
    pub left: Vec<String>,
}

/// Makes the files that schema-defs lack, or have otherwise.
///
/// # Errors
///
/// The problems of schema-defs that cannot be read.
pub fn accept(provider: &Provider, settings: &str, pages: &[(String, Page)]) -> Result<Accepted, Vec<Diagnostic>> {
    let matches = matches(provider, pages)?;
    let mut accepting = Accepting { provider, pages, made: Accepted::default(), settings: settings.to_owned() };
    for (event, observed) in provider.events.iter().zip(&matches.events) {
        if !observed.is_empty() {
            accepting.known(event, observed)?;
        }
    }
    let mut names: BTreeSet<String> = provider.events.iter().map(|event| event.name.clone()).collect();
    for (name, observed) in &matches.new {
        accepting.new_event(name, observed, &mut names)?;
    }
    for finding in find(provider, &matches)? {
        let change = &finding.change;
        let of = format!("{}/{}", provider.name, change.event);
        accepting.made.left.extend(match change.what {
            What::EventGone => Some(format!("{of} is not on the pages: remove its folder if it is not sent any more")),
            What::MemberGone if !crate::is_documented_by_name(provider, &change.event) => {
                Some(format!("{of}: {} is in no example now: see whether it may still come", change.place))
            }
            What::MemberMoved | What::MemberRenamed => Some(format!(
                "{of}: {} seems to be {} now: see whether it is the same",
                change.place,
                change.new.as_deref().unwrap_or_default()
            )),
            What::ExampleInvalid => {
                Some(format!("{of}: the page's schema refuses its own example at {}", change.place))
            }
            _ => None,
        });
    }
    if accepting.settings != settings {
        let file = (provider.settings_file(), accepting.settings.clone());
        accepting.made.files.push(file);
    }
    Ok(accepting.made)
}

struct Accepting<'a> {
    provider: &'a Provider,
    pages: &'a [(String, Page)],
    made: Accepted,
    /// `provider.toml`, as it will be.
    settings: String,
}

impl Accepting<'_> {
    fn known(&mut self, event: &Event, observed: &Observed<'_>) -> Result<(), Vec<Diagnostic>> {
        let provider = self.provider;
        let of = format!("{}/{}", provider.name, event.name);
        match observed.schema {
            Some(shown) if !same(shown.json, &event.schema) => {
                let changed = Event { schema: shown.json.clone(), ..event.clone() };
                if provider.schema(&changed).is_err() {
                    let file = provider.overlay_file(event);
                    self.made.left.push(format!("{file} does not fit the new schema: see whether it is still needed"));
                }
                self.made.files.push((provider.schema_file(event), shown.json.pretty()));
                self.repaired(&event.name, shown);
            }
            Some(_) => {}
            None => {
                let schema = provider.schema(event).map_err(|problem| vec![problem])?;
                let known = event.examples.iter().map(|example| Json::from_value(&example.value, None));
                let all: Vec<Json> = known.chain(observed.payloads.iter().map(|shown| shown.json.clone())).collect();
                let widened = widen(&schema, &provider.library(), &all);
                let ours = !crate::is_documented(provider, event) && event.overlay.is_none();
                match widened.schema == schema {
                    true => {}
                    false if ours => self.made.files.push((provider.schema_file(event), widened.schema.pretty())),
                    false => self.made.left.extend(widened.changes.iter().map(|change| format!("{of}: {change}"))),
                }
                let left = widened.unresolved.iter().chain(&widened.notes);
                self.made.left.extend(left.map(|what| format!("{of}: {what}")));
            }
        }
        self.examples(event, &observed.payloads);
        Ok(())
    }

    /// Payloads that are not among the examples. One that stands for an example which the page does not show any more
    /// takes its place.
    fn examples(&mut self, event: &Event, payloads: &[Shown<'_>]) {
        let is_new =
            |shown: &&Shown<'_>| !event.examples.iter().any(|example| equal(&example.value, &shown.json.to_value()));
        let is_shown = |value: &serde_json::Value| payloads.iter().any(|shown| equal(value, &shown.json.to_value()));
        let mut free = event.examples.iter().filter(|example| !is_shown(&example.value));
        let mut names: BTreeSet<String> = event.examples.iter().map(|example| example.name.clone()).collect();
        for shown in payloads.iter().filter(is_new) {
            let name = match free.next() {
                Some(example) => example.name.clone(),
                None => unused(&headed(*shown, "example"), &mut names),
            };
            let file = format!("{}/{}/examples/{name}.json", self.provider.name, event.name);
            self.made.files.push((file, shown.json.pretty()));
            self.repaired(&event.name, *shown);
        }
        for example in free {
            let file = self.provider.example_file(event, example);
            self.made.left.push(format!("{file} is not on the pages any more: it was kept"));
        }
    }

    fn new_event(
        &mut self,
        name: &str,
        observed: &Observed<'_>,
        names: &mut BTreeSet<String>,
    ) -> Result<(), Vec<Diagnostic>> {
        let provider = self.provider;
        let base = if name == "common" { "common_event" } else { name };
        let name = unused(base, names);
        let Some(first) = observed.first() else { return Ok(()) };
        let inferred = observed.schema.is_none();
        if inferred && observed.payloads.is_empty() {
            let page = self.pages.get(first.page).map_or("", |(name, _)| name.as_str());
            let line = first.block.first_line;
            self.made.left.push(format!("{page}:{line} is like no event, and has no payload to make a schema from"));
            return Ok(());
        }
        let schema = match observed.schema {
            Some(shown) => shown.json.clone(),
            None => {
                let mut siblings: Vec<(String, Json, Vec<Json>)> = Vec::new();
                for event in &provider.events {
                    let schema = provider.schema(event).map_err(|problem| vec![problem])?;
                    let payloads = event.examples.iter().map(|example| Json::from_value(&example.value, None));
                    siblings.push((event.name.clone(), schema, payloads.collect()));
                }
                let siblings: Vec<Sibling<'_>> = siblings
                    .iter()
                    .map(|(name, schema, payloads)| Sibling { name, schema: Some(schema), payloads })
                    .collect();
                let payloads: Vec<Json> = observed.payloads.iter().map(|shown| shown.json.clone()).collect();
                let made = infer(&first.block.heading.clone().unwrap_or_else(|| name.clone()), &payloads, &siblings);
                let of = format!("{}/{name}", provider.name);
                self.made.left.push(format!("{of} is new, and its schema is inferred: read it"));
                self.made.left.extend(made.notes.iter().map(|note| format!("{of}: {note}")));
                made.schema
            }
        };
        let file = format!("{}/{name}/schema.json", provider.name);
        self.made.files.push((file, schema.pretty()));
        let mut taken = BTreeSet::new();
        for shown in &observed.payloads {
            let example = unused(&headed(*shown, "example"), &mut taken);
            self.made.files.push((format!("{}/{name}/examples/{example}.json", provider.name), shown.json.pretty()));
        }
        let shown = observed.schema.iter().chain(&observed.payloads);
        let repairs: Vec<String> =
            shown.flat_map(|shown| &shown.block.repairs).map(|repair| repair.what.clone()).collect();
        self.provenance(&name, inferred, first, &repairs);
        Ok(())
    }

    /// Says in `provider.toml` where a new event is from.
    fn provenance(&mut self, name: &str, inferred: bool, first: Shown<'_>, repairs: &[String]) {
        let page = self.pages.get(first.page).map_or("", |(name, _)| name.as_str());
        let page = page.rsplit('/').next().unwrap_or(page);
        let source = if inferred { "inferred" } else { "documented" };
        let origin = format!("{page}, line {}", first.block.first_line);
        let mut lines = format!("\n[events.{name}]\nschema = {source:?}\norigin = {origin:?}\n");
        if !repairs.is_empty() {
            lines.push_str(&format!("repair = {:?}\n", printed(repairs)));
        }
        self.settings = format!("{}\n{lines}", self.settings.trim_end());
    }

    /// Writes down what had to be repaired, or asks a person to where something is said already.
    fn repaired(&mut self, name: &str, shown: Shown<'_>) {
        let repairs: Vec<String> = shown.block.repairs.iter().map(|repair| repair.what.clone()).collect();
        if repairs.is_empty() {
            return;
        }
        let of = format!("{}: [events.{name}]", self.provider.settings_file());
        let header = format!("[events.{name}]");
        let said = printed(&repairs);
        if !self.settings.lines().any(|line| line.trim() == header) {
            self.settings = format!("{}\n\n{header}\nrepair = {said:?}\n", self.settings.trim_end());
        } else {
            self.made.left.push(format!("{of}: write down under `repair`: {said}"));
        }
    }
}

/// What had to be repaired, in a sentence.
fn printed(repairs: &[String]) -> String {
    format!("As printed it is no JSON: {}.", repairs.join("; "))
}

fn same(a: &Json, b: &Json) -> bool {
    equal(&a.to_value(), &b.to_value())
}

fn headed(shown: Shown<'_>, otherwise: &str) -> String {
    folder_name(shown.block.heading.as_deref().unwrap_or(otherwise))
}

/// A name that none has yet.
fn unused(name: &str, names: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|count| format!("{name}_{count}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !names.contains(name)).unwrap_or_default();
    names.insert(free.clone());
    free
}
