//! Which event each block of the pages is of.

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::Json;
use webhook_codegen::{Diagnostic, Teller};
use webhook_runtime::equal;

use crate::block::{Kind, fixed_at, kind, likeness, places, places_of_schema};
use crate::page::{Block, Page};

/// From which likeness on a block may be an event that is documented nowhere else on the pages.
const ALIKE: usize = 75;

/// From which likeness on a block is an event of this provider at all.
const RELATED: usize = 30;

/// Something that a page shows, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'p> {
    pub(crate) json: &'p Json,
    pub(crate) block: &'p Block,
    /// The place of the page among those given.
    pub(crate) page: usize,
}

/// What the pages show of an event.
#[derive(Debug, Default)]
pub(crate) struct Observed<'p> {
    pub(crate) schema: Option<Shown<'p>>,
    pub(crate) payloads: Vec<Shown<'p>>,
    pub(crate) structures: Vec<Shown<'p>>,
}

impl<'p> Observed<'p> {
    pub(crate) fn is_empty(&self) -> bool {
        self.schema.is_none() && self.payloads.is_empty() && self.structures.is_empty()
    }

    /// What stands first.
    pub(crate) fn first(&self) -> Option<Shown<'p>> {
        self.schema.or_else(|| self.payloads.iter().chain(&self.structures).next().copied())
    }
}

/// All blocks, by event.
#[derive(Debug, Default)]
pub(crate) struct Matches<'p> {
    /// For each event of the provider, what the pages show of it.
    pub(crate) events: Vec<Observed<'p>>,
    /// Events that the provider does not have, by a name made of what tells them, or of their heading.
    pub(crate) new: Vec<(String, Observed<'p>)>,
    /// Structures that fit several events alike.
    pub(crate) common: Vec<Shown<'p>>,
    /// What is not JSON of an event: below a heading that provider.toml says to ignore.
    pub(crate) ignored: usize,
}

/// Matches the blocks of pages with the events of a provider.
pub(crate) fn matches<'p>(provider: &Provider, pages: &'p [(String, Page)]) -> Result<Matches<'p>, Vec<Diagnostic>> {
    let teller = Teller::new(provider)?;
    let matcher = Matcher { provider, teller, known: provider.events.iter().map(places_of_event).collect() };
    let mut found =
        Matches { events: provider.events.iter().map(|_| Observed::default()).collect(), ..Matches::default() };
    let mut left: Vec<(Shown<'p>, Form)> = Vec::new();
    for (page, (_, text)) in pages.iter().enumerate() {
        for block in &text.blocks {
            let heading = block.heading.as_deref().unwrap_or_default();
            if provider.settings.ignore.iter().any(|ignored| ignored == heading) {
                found.ignored += 1;
                continue;
            }
            let shown = |json: &'p Json| Shown { json, block, page };
            match kind(&block.json, &provider.settings.placeholders) {
                Kind::Schema(json) => left.push((shown(json), Form::Schema)),
                Kind::Payloads(all) => left.extend(all.into_iter().map(|json| (shown(json), Form::Payload))),
                Kind::Structure(json) => left.push((shown(json), Form::Structure)),
            }
        }
    }
    // What is told for certain first; what only looks like an event after that.
    left.retain(|(shown, form)| match matcher.told(*shown, *form) {
        Some(event) => !put(&mut found.events[event], *shown, *form),
        None => true,
    });
    let mut guesses = Vec::new();
    for (shown, form) in left {
        let is_unseen = |event: &usize| match form {
            Form::Schema => found.events[*event].schema.is_none(),
            _ => found.events[*event].is_empty(),
        };
        let unseen: Vec<usize> = (0..found.events.len()).filter(is_unseen).collect();
        match form {
            Form::Structure => matcher.structure(shown, &mut found),
            _ => guesses.push((shown, form, matcher.alike(shown, form, &unseen))),
        }
    }
    for (shown, form, guess) in guesses {
        let taken = |event: usize| form == Form::Schema && found.events[event].schema.is_some();
        match guess.filter(|event| !taken(*event)) {
            Some(event) => {
                put(&mut found.events[event], shown, form);
            }
            None => {
                let name = matcher.name(shown, form);
                let at = found.new.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                    found.new.push((name, Observed::default()));
                    found.new.len() - 1
                });
                put(&mut found.new[at].1, shown, form);
            }
        }
    }
    Ok(found)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Schema,
    Payload,
    Structure,
}

/// Adds what is shown; a second schema of one event is no schema of it.
fn put<'p>(observed: &mut Observed<'p>, shown: Shown<'p>, form: Form) -> bool {
    match form {
        Form::Schema if observed.schema.is_some() => return false,
        Form::Schema => observed.schema = Some(shown),
        Form::Payload => observed.payloads.push(shown),
        Form::Structure => observed.structures.push(shown),
    }
    true
}

struct Matcher<'m> {
    provider: &'m Provider,
    teller: Teller,
    /// The places that each event's schema and examples have.
    known: Vec<BTreeSet<String>>,
}

impl Matcher<'_> {
    /// The event that a block is for certain.
    fn told(&self, shown: Shown<'_>, form: Form) -> Option<usize> {
        if self.provider.settings.named {
            return self.headed(shown);
        }
        match form {
            Form::Schema => {
                let same = |a: &Json, b: &Json| equal(&a.to_value(), &b.to_value());
                let fixed = |(pointer, values): &(String, Vec<Json>)| {
                    let theirs = fixed_at(shown.json, pointer).unwrap_or_default();
                    theirs.iter().any(|value| values.iter().any(|known| same(value, known)))
                };
                let tells = |event: &usize| {
                    let all = self.teller.fixed(*event);
                    !all.is_empty() && all.iter().all(fixed)
                };
                (0..self.known.len()).find(tells).or_else(|| self.headed(shown))
            }
            Form::Payload => self.teller.tell(&shown.json.to_value()),
            Form::Structure => None,
        }
    }

    /// The event that the heading names.
    fn headed(&self, shown: Shown<'_>) -> Option<usize> {
        let heading = format!("_{}_", folder_name(shown.block.heading.as_deref()?));
        let is_named = |event: &usize| heading.contains(&format!("_{}_", self.provider.events[*event].name));
        let named = (0..self.provider.events.len()).filter(is_named);
        named.max_by_key(|event| self.provider.events[*event].name.len())
    }

    /// The event that a block may be, though nothing tells it: by its heading, or as the only one that it looks like. Only
    /// an event that the pages show nowhere else.
    fn alike(&self, shown: Shown<'_>, form: Form, unseen: &[usize]) -> Option<usize> {
        if let Some(event) = self.headed(shown).filter(|event| unseen.contains(event)) {
            return Some(event);
        }
        let own = if form == Form::Schema { places_of_schema(shown.json) } else { places(shown.json) };
        // All of it may have moved into an envelope.
        let names = last_names(&own);
        let is_like = |event: &usize| {
            let known = &self.known[*event];
            likeness(&own, known) >= ALIKE || likeness(&names, &last_names(known)) >= ALIKE
        };
        let like: Vec<usize> = unseen.iter().copied().filter(is_like).collect();
        // A new event may be shaped as one that is gone; only with nothing to tell them is it the same.
        let label = self.teller.label().filter(|label| own.contains(label));
        match like.as_slice() {
            [only] if label.is_none() => Some(*only),
            _ => None,
        }
    }

    /// A structure is of the event that it looks most like; where several look alike, of all of them.
    fn structure<'p>(&self, shown: Shown<'p>, found: &mut Matches<'p>) {
        let own = places(shown.json);
        let scores: Vec<usize> = self.known.iter().map(|known| likeness(&own, known)).collect();
        let told = self.teller.tell(&shown.json.to_value());
        let best = scores.iter().copied().max().unwrap_or_default();
        let first: Vec<usize> = (0..scores.len()).filter(|event| scores[*event] == best).collect();
        match (told, first.as_slice()) {
            (Some(event), _) => found.events[event].structures.push(shown),
            (None, [only]) if best >= RELATED => found.events[*only].structures.push(shown),
            _ if best >= RELATED => found.common.push(shown),
            _ => {
                let name = self.name(shown, Form::Structure);
                found.new.push((name, Observed { structures: vec![shown], ..Observed::default() }));
            }
        }
    }

    /// A name for an event that is not known.
    fn name(&self, shown: Shown<'_>, form: Form) -> String {
        let tells = (0..self.known.len()).flat_map(|event| self.teller.fixed(event)).map(|(pointer, _)| pointer);
        let label = self.teller.label().into_iter().chain(tells).find_map(|pointer| match form {
            Form::Schema => fixed_at(shown.json, &pointer)?.first()?.as_str().map(str::to_owned),
            _ => shown.json.at(&pointer)?.as_str().map(str::to_owned),
        });
        let words = label.as_deref().or(shown.block.heading.as_deref()).unwrap_or("event");
        folder_name(words)
    }
}

fn last_names(places: &BTreeSet<String>) -> BTreeSet<String> {
    places.iter().filter_map(|place| Some(place.rsplit_once('/')?.1.to_owned())).collect()
}

fn places_of_event(event: &Event) -> BTreeSet<String> {
    let mut all = places_of_schema(&event.schema);
    for example in &event.examples {
        all.extend(places(&Json::from_value(&example.value, None)));
    }
    all
}
