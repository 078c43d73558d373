//! Transfers the contents of the pages to schema-defs, and lists the decisions that a person must make.

mod known;
mod new;
mod settings;

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Catalog, Event, Example, Provider, Release, Source};
use webhook_codegen::compare::{Change, ChangeKind, Sent};
use webhook_codegen::json::same;
use webhook_codegen::{
    Checked, Diagnostic, Dialect, EventMatcher, Options, Validator, find_precedence, generate, unused,
};

use self::settings::SettingsFile;
use crate::blocks::with_dialect;
use crate::findings::find;
use crate::known_event::is_example;
use crate::matching::{Occurrence, matches};
use crate::naming;
use crate::page::Pages;
use crate::placeholders::fill;

/// Files to write to schema-defs, and the decisions that a person must make.
#[derive(Debug, Default)]
pub struct Accepted {
    /// The files, which are new or replace existing ones.
    pub files: Vec<(String, String)>,
    /// Decisions that a person must make, as sentences. Until then, the generator rejects schema-defs, or the pages
    /// still differ from schema-defs.
    pub left: Vec<String>,
    /// Points for a person to review, as sentences.
    pub notes: Vec<String>,
}

/// Returns the files to add to schema-defs or to change, so that schema-defs match the pages. `settings` is the text of
/// `provider.toml`. `release` is the version that will introduce the new events, if it is known.
///
/// # Errors
///
/// Returns the problems of schema-defs that cannot be parsed.
pub fn accept(provider: &Provider, settings: &str, pages: &Pages, release: Option<Release>) -> Checked<Accepted> {
    let pages = &*with_dialect(&provider.settings, pages);
    let pages = &*fill(provider, pages)?;
    let matches = matches(provider, pages)?;
    let (findings, undetermined) = crate::determined(find(provider, &matches, Sent::default())?, pages);
    let settings = SettingsFile::new(provider.settings_file(), settings);
    let mut accepting = Accepting {
        provider: provider.clone(),
        pages,
        release,
        settings,
        changed: Vec::new(),
        unnamed: Vec::new(),
        made: Accepted::default(),
    };
    for (event, evidence) in provider.events.iter().zip(&matches.events) {
        if !evidence.is_empty() {
            accepting.known(event, evidence)?;
        }
    }
    let new = accepting.new_events(&matches.new, &matches.labels)?;
    for (occurrence, place) in &matches.partial {
        accepting.part(*occurrence, place);
    }
    for finding in &findings {
        accepting.decide(&finding.change);
    }
    for event in undetermined {
        let of = format!("{}/{event}", provider.name);
        accepting.made.left.push(format!(
            "{of} was not found; it may be in a block that could not be read, so look at these blocks yourself"
        ));
    }
    accepting.settle(new);
    let Accepting { settings, mut made, .. } = accepting;
    made.files.extend(settings.changed());
    for list in [&mut made.left, &mut made.notes] {
        let mut seen = BTreeSet::new();
        list.retain(|line| seen.insert(line.clone()));
    }
    Ok(made)
}

struct Accepting<'a> {
    /// The provider with all changes so far.
    provider: Provider,
    pages: &'a Pages,
    release: Option<Release>,
    /// The text of `provider.toml` with all changes so far.
    settings: SettingsFile,
    /// Known events whose schema has changed.
    changed: Vec<String>,
    /// New events whose payloads lack the member that names other events, with their headings on the pages.
    unnamed: Vec<(String, String)>,
    made: Accepted,
}

impl Accepting<'_> {
    /// Returns an event with all changes so far.
    fn event(&mut self, name: &str) -> Option<&mut Event> {
        self.provider.events.iter_mut().find(|event| event.name == name)
    }

    /// Returns the page and line of an occurrence.
    fn place(&self, occurrence: Occurrence<'_>) -> String {
        let page = self.pages.get(occurrence.page).map_or("", |(name, _)| name.as_str());
        let page = page.rsplit(['/', '\\']).next().unwrap_or(page);
        format!("{page}, line {}", occurrence.block.first_line)
    }

    /// Records the repairs of an occurrence of an event.
    fn add_repairs(&mut self, name: &str, occurrence: Occurrence<'_>) {
        let known = self.provider.settings.events.get(name).map(|settings| settings.repairs.as_slice());
        self.settings.add_repairs(name, occurrence, known.unwrap_or_default(), &mut self.made.notes);
    }

    /// Adds payloads to the examples of an event. Existing examples are not changed. A payload that the schema rejects
    /// is left to a person.
    fn add_examples(&mut self, name: &str, payloads: &[Occurrence<'_>]) -> Checked<()> {
        let Some(event) = self.event(name).cloned() else { return Ok(()) };
        // An overlay that does not apply is reported elsewhere.
        let schema = self.provider.schema(&event).unwrap_or_else(|_| event.schema.clone());
        // A schema that cannot be parsed is reported elsewhere too. Its payloads are not added until it is corrected.
        let Ok(validator) = Validator::new(&schema, &self.provider.library(), Dialect::default()) else {
            return Ok(());
        };
        let mut event = event;
        let mut names: BTreeSet<String> = event.examples.iter().map(|example| example.name.clone()).collect();
        // A heading that all payloads share does not distinguish any of them.
        let headings: BTreeSet<Option<&str>> =
            payloads.iter().map(|occurrence| occurrence.block.heading.as_deref()).collect();
        for occurrence in payloads {
            if is_example(&event, occurrence.json) {
                continue;
            }
            let value = occurrence.json.to_value();
            let violations = validator.violations(&[&value]);
            if let Some(violation) = violations.iter().flat_map(|found| found.iter()).next() {
                let (of, at) = (format!("{}/{name}", self.provider.name), self.place(*occurrence));
                self.made.left.push(format!(
                    "{of}: its schema rejects the payload of {at}: {violation}. It was not added as an example; if the payload is right, \
                     save it, and `infer --write {of} FILE` changes the schema"
                ));
                continue;
            }
            let heading = occurrence.block.heading.as_deref().filter(|_| headings.len() > 1);
            let base = naming::of_heading(heading).unwrap_or_else(|| "documented".to_owned());
            let example = unused(&base, |name| names.contains(name));
            names.insert(example.clone());
            let example = Example { name: example, text: occurrence.json.pretty(), value };
            self.made.files.push((self.provider.example_file(&event, &example), example.text.clone()));
            self.add_repairs(name, *occurrence);
            event.examples.push(example);
        }
        if let Some(known) = self.event(name) {
            known.examples = event.examples;
        }
        Ok(())
    }

    /// Lists decisions and points to review for a difference that no file resolves.
    fn decide(&mut self, change: &Change) {
        let of = format!("{}/{}", self.provider.name, change.event);
        let new = change.new.as_deref().unwrap_or_default();
        match change.what {
            // The changed schema includes the envelope, so it is the same event.
            ChangeKind::EventMoved if self.changed.contains(&change.event) => {}
            ChangeKind::EventRemoved | ChangeKind::EventMoved => {
                let why = match change.what {
                    ChangeKind::EventMoved => format!("is on the pages only as the value at {new} of a new event"),
                    _ => "is not on the pages".to_owned(),
                };
                self.made.left.push(format!(
                    "{of} {why}: remove its folder if it is no longer sent. Otherwise, write in {}, under [events.{}], since \
                     when it is undocumented:\n    undocumented_since = \"YYYY-MM\"",
                    self.provider.settings_file(),
                    change.event
                ));
            }
            ChangeKind::MemberRemoved if self.provider.source(&change.event) == Source::Inferred => {
                self.made.notes.push(format!("{of}: {} is in no payload of the pages", change.place));
            }
            ChangeKind::MemberMoved | ChangeKind::MemberRenamed => {
                self.made.notes.push(format!("{of}: {} seems to be {new} now", change.place));
            }
            ChangeKind::WordingChanged => {
                self.made.notes.push(format!("{of}: {} fits no template: see `x-text-templates`", change.place));
            }
            _ => {}
        }
    }

    /// Lists the problems of the resulting schema-defs. Ambiguous events are listed once, with the `precedence` that
    /// resolves them.
    fn settle(&mut self, new: Vec<String>) {
        let mut provider = self.provider.clone();
        let all: Vec<String> = self.changed.drain(..).chain(new.iter().cloned()).collect();
        let order = |events: &[String]| match events {
            [] => None,
            events => Some((find_precedence(&provider, events)?, events.to_vec())),
        };
        if EventMatcher::new(&provider).is_err()
            && let Some((order, mut names)) = order(&new).or_else(|| order(&all))
        {
            // Prefer to keep events that name themselves.
            names.sort_by_key(|name| self.unnamed.iter().any(|(unnamed, _)| unnamed == name));
            let names = culprits(&provider, names);
            let parts = self.parts(&names);
            self.made.left.push(format!(
                "{}: by their schemas, a payload of {} can also be one of another event. This order resolves it; write \
                 it above the first table, instead of a `precedence` that is there:\n    precedence = [{}]{parts}",
                self.provider.settings_file(),
                listed(&names, '`'),
                listed(&order, '"'),
            ));
            provider.settings.precedence = order;
        }
        let catalog = Catalog { providers: vec![provider], ..Catalog::default() };
        let problems = generate(&catalog, &Options::default()).err().unwrap_or_default();
        self.made.left.extend(grouped(&problems));
    }
}

fn listed(names: &[String], quote: char) -> String {
    names.iter().map(|name| format!("{quote}{name}{quote}")).collect::<Vec<_>>().join(", ")
}

/// Returns the events that cause an ambiguity: every event whose removal alone would resolve it, or else a minimal set
/// of events to remove.
fn culprits(provider: &Provider, names: Vec<String>) -> Vec<String> {
    let is_unambiguous_without = |names: &[String]| {
        let mut others = provider.clone();
        others.events.retain(|event| !names.contains(&event.name));
        EventMatcher::new(&others).is_ok()
    };
    let found: Vec<String> =
        names.iter().filter(|name| is_unambiguous_without(std::slice::from_ref(name))).cloned().collect();
    if !found.is_empty() {
        return found;
    }
    let mut few = names.clone();
    for name in names {
        let fewer: Vec<String> = few.iter().filter(|other| **other != name).cloned().collect();
        if is_unambiguous_without(&fewer) {
            few = fewer;
        }
    }
    few
}

/// Returns problems as sentences, grouped by advice.
fn grouped(problems: &[Diagnostic]) -> Vec<String> {
    let mut all: Vec<(&str, Vec<&Diagnostic>)> = Vec::new();
    for problem in problems {
        match all.iter_mut().find(|(advice, _)| *advice == problem.advice) {
            Some((_, known)) => known.push(problem),
            None => all.push((&problem.advice, vec![problem])),
        }
    }
    let text = |(advice, problems): (&str, Vec<&Diagnostic>)| {
        let bare = |problem: &Diagnostic| Diagnostic { advice: String::new(), ..problem.clone() }.to_string();
        let lines: Vec<String> = problems.into_iter().map(bare).collect();
        format!("{}\n    {advice}", lines.join("\n       "))
    };
    all.into_iter().map(text).collect()
}

/// Returns the distinct payloads. A page may show the same payload in several forms.
fn distinct<'p>(payloads: &[Occurrence<'p>]) -> Vec<Occurrence<'p>> {
    let mut all: Vec<Occurrence<'p>> = Vec::new();
    for occurrence in payloads {
        if !all.iter().any(|known| same(known.json, occurrence.json)) {
            all.push(*occurrence);
        }
    }
    all
}
