//! Which event each block of the pages is of.

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::Json;
use webhook_codegen::{Diagnostic, Dialect, EventMatcher, Validator};

use crate::block::{Kind, fixed_at, kind, likeness, nested, part_of, places, places_of_schema, same};
use crate::naming;
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
    /// The schemas, each once; more than one when the pages do not agree.
    pub(crate) schemas: Vec<Shown<'p>>,
    pub(crate) payloads: Vec<Shown<'p>>,
    pub(crate) structures: Vec<Shown<'p>>,
}

impl<'p> Observed<'p> {
    pub(crate) fn is_empty(&self) -> bool {
        self.schemas.is_empty() && self.payloads.is_empty() && self.structures.is_empty()
    }

    /// Adds what is shown; a schema that stands there twice is one.
    fn put(&mut self, shown: Shown<'p>, form: Form) {
        match form {
            Form::Schema if self.schemas.iter().any(|known| same(known.json, shown.json)) => {}
            Form::Schema => self.schemas.push(shown),
            Form::Payload => self.payloads.push(shown),
            Form::Structure => self.structures.push(shown),
        }
    }

    /// What stands first.
    pub(crate) fn first(&self) -> Option<Shown<'p>> {
        self.schemas.iter().chain(&self.payloads).chain(&self.structures).next().copied()
    }
}

/// Payloads of an event that stand inside those of a new one.
#[derive(Debug)]
pub(crate) struct Moved<'p> {
    /// The event, by its place in the provider.
    pub(crate) event: usize,
    /// Where its payloads are: a JSON Pointer.
    pub(crate) pointer: String,
    /// What is there.
    pub(crate) payloads: Vec<Shown<'p>>,
}

/// All blocks, by event.
#[derive(Debug, Default)]
pub(crate) struct Matches<'p> {
    /// For each event of the provider, what the pages show of it.
    pub(crate) events: Vec<Observed<'p>>,
    /// Events that the provider does not have, by the name that they give themselves, or one made of their heading.
    pub(crate) new: Vec<(String, Observed<'p>)>,
    /// Events that the pages show inside new ones only.
    pub(crate) moved: Vec<Moved<'p>>,
    /// Structures that fit several events alike.
    pub(crate) common: Vec<Shown<'p>>,
    /// Parts of payloads that the pages show once more by themselves, each with where it is a part.
    pub(crate) partial: Vec<(Shown<'p>, String)>,
    /// The members that name the events, as JSON Pointers: the provider's, and that of most payloads of the pages.
    pub(crate) labels: Vec<String>,
    /// What is not JSON of an event: below a heading that provider.toml says to ignore.
    pub(crate) ignored: usize,
}

/// Matches the blocks of pages with the events of a provider.
pub(crate) fn matches<'p>(provider: &Provider, pages: &'p [(String, Page)]) -> Result<Matches<'p>, Vec<Diagnostic>> {
    let teller = EventMatcher::new(provider)?;
    let mut found =
        Matches { events: provider.events.iter().map(|_| Observed::default()).collect(), ..Matches::default() };
    let mut left: Vec<(Shown<'p>, Form)> = Vec::new();
    for (page, (_, text)) in pages.iter().enumerate() {
        for block in &text.blocks {
            let is_below =
                |heading: &String| block.heading.as_ref() == Some(heading) || block.sections.contains(heading);
            if provider.settings.ignore.iter().any(is_below) {
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
    let payloads: Vec<&Json> =
        left.iter().filter(|(_, form)| *form == Form::Payload).map(|(shown, _)| shown.json).collect();
    let known = provider.events.iter().map(places_of_event).collect();
    let mut labels: Vec<String> = teller.event_names().collect();
    labels.extend(naming::label(&payloads).filter(|label| !labels.contains(label)));
    found.labels.clone_from(&labels);
    let is_wrapped = naming::are_wrapped(&payloads);
    let matcher = Matcher { provider, teller, known, labels, is_wrapped };
    // What is told for certain first; what only looks like an event after that.
    left.retain(|(shown, form)| {
        let told = matcher.told(*shown, *form);
        told.into_iter().for_each(|event| found.events[event].put(*shown, *form));
        told.is_none()
    });
    let (schemas, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, form)| *form == Form::Schema);
    let guess = |(shown, form): (Shown<'p>, Form), found: &Matches<'p>| {
        let unseen = matcher.unseen(found, form);
        (shown, form, matcher.alike(shown, form, &unseen))
    };
    let guesses: Vec<_> = schemas.into_iter().map(|left| guess(left, &found)).collect();
    let mut guessed = Vec::new();
    for (shown, form) in others {
        match form {
            Form::Structure => matcher.structure(shown, &mut found),
            _ => {
                let unseen = matcher.unseen(&found, form);
                let inside = matcher.inside(shown, &unseen, &mut found.moved);
                guessed.push((shown, form, if inside { None } else { matcher.alike(shown, form, &unseen) }));
            }
        }
    }
    guesses.into_iter().for_each(|(shown, form, event)| matcher.put(shown, form, event, &mut found));
    // What the pages' own schemas say of a payload is more than what it looks like.
    let validators = Validators::new(provider, &found);
    for (shown, form, event) in guessed {
        match validators.only(shown.json) {
            Some(Target::Event(event)) => found.events[event].put(shown, form),
            Some(Target::New(at)) => found.new[at].1.put(shown, form),
            None => match event.is_none().then(|| matcher.part(shown, &payloads)).flatten() {
                Some(place) => found.partial.push((shown, place)),
                None => matcher.put(shown, form, event, &mut found),
            },
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

/// An event that the pages show a schema of.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// One of the provider, by its place.
    Event(usize),
    /// A new one, by its place.
    New(usize),
}

/// The schemas that the pages show.
struct Validators(Vec<(Target, BTreeSet<String>, Validator)>);

impl Validators {
    fn new(provider: &Provider, found: &Matches<'_>) -> Validators {
        let library = provider.library();
        let known = found.events.iter().enumerate().map(|(at, observed)| (Target::Event(at), observed));
        let new = found.new.iter().enumerate().map(|(at, (_, observed))| (Target::New(at), observed));
        let schemas = known.chain(new).flat_map(|(target, observed)| observed.schemas.iter().map(move |s| (target, s)));
        let validator = |(target, shown): (Target, &Shown<'_>)| {
            let validator = Validator::new(shown.json, &library, Dialect::default()).ok()?;
            Some((target, places_of_schema(shown.json), validator))
        };
        Validators(schemas.filter_map(validator).collect())
    }

    /// The event of the only schema that accepts a payload and knows much of it.
    fn only(&self, payload: &Json) -> Option<Target> {
        let (own, value) = (places(payload), payload.to_value());
        let accepts = |known: &BTreeSet<String>, validator: &Validator| {
            likeness(&own, known) >= RELATED && validator.are_valid(&[&value]) == [true]
        };
        let mut fitting = self.0.iter().filter(|(_, known, validator)| accepts(known, validator));
        fitting.next().filter(|_| fitting.next().is_none()).map(|(target, ..)| *target)
    }
}

struct Matcher<'m> {
    provider: &'m Provider,
    teller: EventMatcher,
    /// The places that each event's schema and examples have.
    known: Vec<BTreeSet<String>>,
    /// The members that name the events.
    labels: Vec<String>,
    /// Whether a payload's only member names the event.
    is_wrapped: bool,
}

impl Matcher<'_> {
    /// Adds a block to an event, or to a new one that is called as it is.
    fn put<'p>(&self, shown: Shown<'p>, form: Form, event: Option<usize>, found: &mut Matches<'p>) {
        let observed = match event {
            Some(event) => &mut found.events[event],
            None => {
                let name = self.name(shown, form);
                let at = found.new.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                    found.new.push((name, Observed::default()));
                    found.new.len() - 1
                });
                &mut found.new[at].1
            }
        };
        observed.put(shown, form);
    }

    /// The event that a block is for certain.
    fn told(&self, shown: Shown<'_>, form: Form) -> Option<usize> {
        if self.provider.settings.named {
            return self.called(shown, form).or_else(|| self.headed(shown));
        }
        match form {
            Form::Schema => {
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

    /// The event whose name outside the body a block has in it too.
    fn called(&self, shown: Shown<'_>, form: Form) -> Option<usize> {
        let name = self.labels.iter().find_map(|label| match form {
            Form::Schema => fixed_at(shown.json, label)?.first()?.as_str().map(str::to_owned),
            _ => shown.json.at(label)?.as_str().map(str::to_owned),
        })?;
        let is_called = |event: &usize| self.provider.wire_name(&self.provider.events[*event]) == name;
        let mut events = (0..self.known.len()).filter(is_called);
        events.next().filter(|_| events.next().is_none())
    }

    /// The event that the heading names.
    fn headed(&self, shown: Shown<'_>) -> Option<usize> {
        let heading = format!("_{}_", folder_name(shown.block.heading.as_deref()?));
        let is_named = |event: &usize| heading.contains(&format!("_{}_", self.provider.events[*event].name));
        let named = (0..self.provider.events.len()).filter(is_named);
        named.max_by_key(|event| self.provider.events[*event].name.len())
    }

    /// The events that the pages do not show yet, and that they should.
    fn unseen(&self, found: &Matches<'_>, form: Form) -> Vec<usize> {
        let is_unseen = |event: &usize| match form {
            Form::Schema => found.events[*event].schemas.is_empty(),
            _ => found.events[*event].is_empty(),
        };
        let is_documented = |event: &usize| !self.provider.is_undocumented(&self.provider.events[*event].name);
        (0..found.events.len()).filter(is_unseen).filter(is_documented).collect()
    }

    /// Whether a payload has in it what was the payload of an event that the pages show nowhere else.
    fn inside<'p>(&self, shown: Shown<'p>, unseen: &[usize], moved: &mut Vec<Moved<'p>>) -> bool {
        let own = places(shown.json);
        for (pointer, json) in nested(shown.json) {
            let inner = places(json);
            let told = self.teller.tell(&json.to_value());
            // What is told is no other event, however alike.
            let is_it = |event: &usize| {
                let score = likeness(&inner, &self.known[*event]);
                let least = if told.is_some() { RELATED } else { ALIKE };
                told.is_none_or(|told| told == *event) && score >= least && score > likeness(&own, &self.known[*event])
            };
            let Some(event) = unseen.iter().copied().find(is_it) else { continue };
            let inner = Shown { json, ..shown };
            match moved.iter_mut().find(|known| known.event == event && known.pointer == pointer) {
                Some(known) => known.payloads.push(inner),
                None => moved.push(Moved { event, pointer, payloads: vec![inner] }),
            }
            return true;
        }
        false
    }

    /// Where a payload that does not say what it is, as the others do, is a part of one of them: the event's name there, and
    /// a JSON Pointer.
    fn part(&self, shown: Shown<'_>, payloads: &[&Json]) -> Option<String> {
        let name = |payload: &Json| self.labels.iter().find_map(|label| payload.at(label)?.as_str().map(str::to_owned));
        if self.labels.is_empty() || name(shown.json).is_some() {
            return None;
        }
        let whole = |payload: &&Json| Some((name(payload)?, part_of(shown.json, payload)?));
        let (name, pointer) = payloads.iter().find_map(whole)?;
        Some(format!("{pointer} of {name:?}"))
    }

    /// The event that a block may be, though nothing tells it: by its heading, or as the only one that it looks like. Only
    /// an event that the pages show nowhere else.
    fn alike(&self, shown: Shown<'_>, form: Form, unseen: &[usize]) -> Option<usize> {
        let own = if form == Form::Schema { places_of_schema(shown.json) } else { places(shown.json) };
        // All of it may have moved into an envelope.
        let names = last_names(&own);
        let like = |event: usize| {
            let known = &self.known[event];
            likeness(&own, known).max(likeness(&names, &last_names(known)))
        };
        let headed = self.headed(shown).filter(|event| unseen.contains(event));
        if let Some(event) = headed.filter(|event| form == Form::Schema || like(*event) >= RELATED) {
            return Some(event);
        }
        let like: Vec<usize> = unseen.iter().copied().filter(|event| like(*event) >= ALIKE).collect();
        // A new event may be shaped as one that is gone; only with nothing to tell them is it the same.
        let is_named = self.teller.event_names().any(|pointer| own.contains(&pointer));
        match like.as_slice() {
            [only] if !is_named => Some(*only),
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

    /// A name for an event that is not known: what it calls itself, or its heading.
    fn name(&self, shown: Shown<'_>, form: Form) -> String {
        let told = (0..self.known.len()).flat_map(|event| self.teller.fixed(event)).map(|(pointer, _)| pointer);
        // What the provider's events are told by says more than what the pages look like.
        let pointers: Vec<String> = self.teller.event_names().chain(told).chain(self.labels.iter().cloned()).collect();
        let own = match form {
            Form::Schema => naming::of_schema(shown.json, &pointers),
            Form::Payload | Form::Structure => naming::of_payload(shown.json, &pointers),
        };
        let wrapper =
            || naming::wrapper(shown.json).filter(|_| self.is_wrapped && form == Form::Payload).map(folder_name);
        let name = own.or_else(wrapper).or_else(|| naming::of_heading(shown.block.heading.as_deref()));
        let known: BTreeSet<String> = self.provider.events.iter().map(|event| event.name.clone()).collect();
        naming::unused(name.as_deref().unwrap_or("event"), &known)
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
