//! Matches the blocks of the pages with events.

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::{Json, same};
use webhook_codegen::{Checked, Dialect, EventMatcher, Validator, unused};

use crate::blocks::{Form, classify, fixed_at, likeness, nested, part_of, places, places_of_schema};
use crate::naming;
use crate::page::{Block, Pages};

/// The minimum similarity at which a block may belong to an event that is documented nowhere else on the pages.
const SIMILAR: usize = 75;

/// The minimum similarity at which a block belongs to some event of the provider.
const RELATED: usize = 30;

/// A schema, payload or structure, with its block on a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occurrence<'p> {
    form: Form,
    pub(crate) json: &'p Json,
    pub(crate) block: &'p Block,
    /// The index of the page.
    pub(crate) page: usize,
}

impl<'p> Occurrence<'p> {
    /// Returns the payload in the same block that contains this payload at a location.
    pub(crate) fn outer(&self, pointer: &str) -> Option<&'p Json> {
        let payloads = self.block.json.as_array().unwrap_or(std::slice::from_ref(&self.block.json));
        payloads.iter().find(|json| json.at(pointer).is_some_and(|inner| std::ptr::eq(inner, self.json)))
    }

    /// Returns whether this payload is the value at a location of another payload.
    pub(crate) fn is_in(&self, outer: &Occurrence<'_>, pointer: &str) -> bool {
        outer.json.at(pointer).is_some_and(|inner| std::ptr::eq(inner, self.json))
    }
}

/// All schemas, payloads and structures of an event on the pages.
#[derive(Debug, Default)]
pub(crate) struct EventEvidence<'p> {
    /// The distinct schemas. There are several if the pages contradict each other.
    pub(crate) schemas: Vec<Occurrence<'p>>,
    pub(crate) payloads: Vec<Occurrence<'p>>,
    pub(crate) structures: Vec<Occurrence<'p>>,
}

impl<'p> EventEvidence<'p> {
    pub(crate) fn is_empty(&self) -> bool {
        self.schemas.is_empty() && self.payloads.is_empty() && self.structures.is_empty()
    }

    /// Returns the payloads.
    pub(crate) fn json(&self) -> Vec<Json> {
        self.payloads.iter().map(|occurrence| occurrence.json.clone()).collect()
    }

    /// Adds an occurrence, unless it repeats a schema.
    fn put(&mut self, occurrence: Occurrence<'p>) {
        match occurrence.form {
            Form::Schema if self.schemas.iter().any(|known| same(known.json, occurrence.json)) => {}
            Form::Schema => self.schemas.push(occurrence),
            Form::Payload => self.payloads.push(occurrence),
            Form::Structure => self.structures.push(occurrence),
        }
    }

    /// Returns the first occurrence: a schema if there is one, or else a payload, or else a structure.
    pub(crate) fn first(&self) -> Option<Occurrence<'p>> {
        self.schemas.iter().chain(&self.payloads).chain(&self.structures).next().copied()
    }
}

/// Payloads of an event that are nested in the payloads of a new event.
#[derive(Debug)]
pub(crate) struct Moved<'p> {
    /// The index of the event.
    pub(crate) event: usize,
    /// The JSON Pointer of its payloads in the payloads of the new event.
    pub(crate) pointer: String,
    /// The nested payloads.
    pub(crate) payloads: Vec<Occurrence<'p>>,
}

/// The occurrences on all pages, grouped by event.
#[derive(Debug, Default)]
pub(crate) struct Matches<'p> {
    /// The evidence for each event of the provider.
    pub(crate) events: Vec<EventEvidence<'p>>,
    /// The new events, by the name in their payloads, or else a name derived from their heading.
    pub(crate) new: Vec<(String, EventEvidence<'p>)>,
    /// The events that occur on the pages only nested in new events.
    pub(crate) moved: Vec<Moved<'p>>,
    /// The structures that match several events equally well.
    pub(crate) common: Vec<Occurrence<'p>>,
    /// The parts of payloads that the pages show separately, each with its location in a payload.
    pub(crate) partial: Vec<(Occurrence<'p>, String)>,
    /// The members that name events, as JSON Pointers: the provider's members, and the member that names most payloads
    /// on the pages.
    pub(crate) labels: Vec<String>,
    /// The number of blocks under headings that `ignore_headings` lists.
    pub(crate) ignored: usize,
}

/// Matches the blocks of pages with the events of a provider.
pub(crate) fn matches<'p>(provider: &Provider, pages: &'p Pages) -> Checked<Matches<'p>> {
    let event_matcher = EventMatcher::new(provider)?;
    let (mut left, ignored) = occurrences(provider, pages);
    let mut found = Matches {
        events: provider.events.iter().map(|_| EventEvidence::default()).collect(),
        ignored,
        ..Matches::default()
    };
    let payloads = left.iter().filter(|occurrence| occurrence.form == Form::Payload);
    let payloads: Vec<&Json> = payloads.map(|occurrence| occurrence.json).collect();
    let known = provider.events.iter().map(places_of_event).collect();
    let mut labels: Vec<String> = event_matcher.event_names().collect();
    labels.extend(naming::label(&payloads).filter(|label| !labels.contains(label)));
    found.labels.clone_from(&labels);
    let is_wrapped = naming::are_wrapped(&payloads);
    let matcher = Matcher { provider, event_matcher, known, labels, is_wrapped };
    // Assign blocks that are identified with certainty first. An event with such a block is not a candidate for similar
    // blocks.
    left.retain(|occurrence| {
        let event = matcher.identified(*occurrence);
        event.into_iter().for_each(|event| found.events[event].put(*occurrence));
        event.is_none()
    });
    let guesses = matcher.guesses(left, &mut found);
    // Assign all schemas before payloads: whether a schema of the page accepts a payload is stronger evidence than
    // similarity.
    let (schemas, payloads_left): (Vec<_>, Vec<_>) =
        guesses.into_iter().partition(|(occurrence, _)| occurrence.form == Form::Schema);
    for (occurrence, event) in schemas {
        matcher.put(occurrence, event, &mut found);
    }
    let validators = Validators::new(provider, &found);
    for (occurrence, event) in payloads_left {
        match validators.only(occurrence.json) {
            Some(Target::Event(event)) => found.events[event].put(occurrence),
            Some(Target::New(at)) => found.new[at].1.put(occurrence),
            // A part of a payload, such as the object of one member that the page explains after the whole payload.
            None => match event.is_none().then(|| matcher.part(occurrence, &payloads)).flatten() {
                Some(place) => found.partial.push((occurrence, place)),
                None => matcher.put(occurrence, event, &mut found),
            },
        }
    }
    Ok(found)
}

/// Returns the schemas, payloads and structures on the pages, and the number of blocks that settings ignore.
fn occurrences<'p>(provider: &Provider, pages: &'p Pages) -> (Vec<Occurrence<'p>>, usize) {
    let mut all = Vec::new();
    let mut ignored = 0;
    for (page, (_, text)) in pages.iter().enumerate() {
        for block in &text.blocks {
            let is_below =
                |heading: &String| block.heading.as_ref() == Some(heading) || block.sections.contains(heading);
            if provider.settings.ignore_headings.iter().any(is_below) {
                ignored += 1;
                continue;
            }
            let (form, shown) = classify(&block.json, &provider.settings);
            all.extend(shown.into_iter().map(|json| Occurrence { form, json, block, page }));
        }
    }
    (all, ignored)
}

/// A block that is not identified with certainty, and the event that it most likely belongs to.
type Guess<'p> = (Occurrence<'p>, Option<usize>);

/// An event for which the pages have a schema.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// An event of the provider, by index.
    Event(usize),
    /// A new event, by index.
    New(usize),
}

/// The validators of the schemas on the pages.
struct Validators(Vec<(Target, BTreeSet<String>, Validator)>);

impl Validators {
    fn new(provider: &Provider, found: &Matches<'_>) -> Validators {
        let library = provider.library();
        let known = found.events.iter().enumerate().map(|(at, evidence)| (Target::Event(at), evidence));
        let new = found.new.iter().enumerate().map(|(at, (_, evidence))| (Target::New(at), evidence));
        let schemas = known.chain(new).flat_map(|(target, evidence)| evidence.schemas.iter().map(move |s| (target, s)));
        let validator = |(target, occurrence): (Target, &Occurrence<'_>)| {
            let validator = Validator::new(occurrence.json, &library, Dialect::default()).ok()?;
            Some((target, places_of_schema(occurrence.json), validator))
        };
        Validators(schemas.filter_map(validator).collect())
    }

    /// Returns the event of the only schema that accepts a payload and declares most of its members.
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
    event_matcher: EventMatcher,
    /// The member locations in each event's schema and examples.
    known: Vec<BTreeSet<String>>,
    /// The members that name events.
    labels: Vec<String>,
    /// Whether the only member of a payload names its event.
    is_wrapped: bool,
}

impl Matcher<'_> {
    /// Returns the most likely event of each block. Structures, and payloads around the payload of an event, are
    /// assigned here.
    fn guesses<'p>(&self, mut blocks: Vec<Occurrence<'p>>, found: &mut Matches<'p>) -> Vec<Guess<'p>> {
        blocks.sort_by_key(|occurrence| occurrence.form != Form::Schema);
        let mut guesses = Vec::new();
        for occurrence in blocks {
            let unseen = self.unseen(found, occurrence.form);
            let event = match occurrence.form {
                Form::Structure => {
                    self.structure(occurrence, found);
                    continue;
                }
                Form::Payload if self.inside(occurrence, &unseen, &mut found.moved) => None,
                Form::Payload | Form::Schema => self.similar(occurrence, &unseen),
            };
            guesses.push((occurrence, event));
        }
        guesses
    }

    /// Adds a block to an event, or to a new event.
    fn put<'p>(&self, occurrence: Occurrence<'p>, event: Option<usize>, found: &mut Matches<'p>) {
        let evidence = match event {
            Some(event) => &mut found.events[event],
            None => {
                let name = self.name(occurrence);
                let at = found.new.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                    found.new.push((name, EventEvidence::default()));
                    found.new.len() - 1
                });
                &mut found.new[at].1
            }
        };
        evidence.put(occurrence);
    }

    /// Returns the event that a block is identified as with certainty.
    fn identified(&self, occurrence: Occurrence<'_>) -> Option<usize> {
        if self.provider.settings.named {
            return self.by_wire_name(occurrence).or_else(|| self.by_heading(occurrence));
        }
        match occurrence.form {
            Form::Schema => {
                let fixed = |(pointer, values): &(String, Vec<Json>)| {
                    let theirs = fixed_at(occurrence.json, pointer).unwrap_or_default();
                    theirs.iter().any(|value| values.iter().any(|known| same(value, known)))
                };
                let is_identified = |event: &usize| {
                    let all = self.event_matcher.fixed(*event);
                    !all.is_empty() && all.iter().all(fixed)
                };
                (0..self.known.len()).find(is_identified).or_else(|| self.by_heading(occurrence))
            }
            Form::Payload => self.event_matcher.detect(&occurrence.json.to_value()),
            Form::Structure => None,
        }
    }

    /// Returns the event whose name outside the body also occurs in the block.
    fn by_wire_name(&self, occurrence: Occurrence<'_>) -> Option<usize> {
        let name = self.labels.iter().find_map(|label| match occurrence.form {
            Form::Schema => fixed_at(occurrence.json, label)?.first()?.as_str().map(str::to_owned),
            _ => occurrence.json.at(label)?.as_str().map(str::to_owned),
        })?;
        let is_called = |event: &usize| self.provider.wire_name(&self.provider.events[*event]) == name;
        let mut events = (0..self.known.len()).filter(is_called);
        events.next().filter(|_| events.next().is_none())
    }

    /// Returns the event that the heading names.
    fn by_heading(&self, occurrence: Occurrence<'_>) -> Option<usize> {
        let heading = format!("_{}_", folder_name(occurrence.block.heading.as_deref()?));
        let is_named = |event: &usize| heading.contains(&format!("_{}_", self.provider.events[*event].name));
        let named = (0..self.provider.events.len()).filter(is_named);
        named.max_by_key(|event| self.provider.events[*event].name.len())
    }

    /// Returns the documented events that have not been found on the pages yet.
    fn unseen(&self, found: &Matches<'_>, form: Form) -> Vec<usize> {
        let is_unseen = |event: &usize| match form {
            Form::Schema => found.events[*event].schemas.is_empty(),
            _ => found.events[*event].is_empty(),
        };
        let is_documented = |event: &usize| !self.provider.is_undocumented(&self.provider.events[*event].name);
        (0..found.events.len()).filter(is_unseen).filter(is_documented).collect()
    }

    /// Returns whether a payload contains the payload of an event that the pages show nowhere else.
    fn inside<'p>(&self, occurrence: Occurrence<'p>, unseen: &[usize], moved: &mut Vec<Moved<'p>>) -> bool {
        let own = places(occurrence.json);
        for (pointer, json) in nested(occurrence.json) {
            let inner = places(json);
            let identified = self.event_matcher.detect(&json.to_value());
            // An identified payload does not belong to another event, however similar it is.
            let is_it = |event: &usize| {
                let score = likeness(&inner, &self.known[*event]);
                let least = if identified.is_some() { RELATED } else { SIMILAR };
                identified.is_none_or(|identified| identified == *event)
                    && score >= least
                    && score > likeness(&own, &self.known[*event])
            };
            let Some(event) = unseen.iter().copied().find(is_it) else { continue };
            let inner = Occurrence { json, ..occurrence };
            match moved.iter_mut().find(|known| known.event == event && known.pointer == pointer) {
                Some(known) => known.payloads.push(inner),
                None => moved.push(Moved { event, pointer, payloads: vec![inner] }),
            }
            return true;
        }
        false
    }

    /// Returns the location of a payload without a discriminator inside another payload: a JSON Pointer, and the name
    /// of the other payload's event.
    fn part(&self, occurrence: Occurrence<'_>, payloads: &[&Json]) -> Option<String> {
        let name = |payload: &Json| self.labels.iter().find_map(|label| payload.at(label)?.as_str().map(str::to_owned));
        if self.labels.is_empty() || name(occurrence.json).is_some() {
            return None;
        }
        let whole = |payload: &&Json| Some((name(payload)?, part_of(occurrence.json, payload)?));
        let (name, pointer) = payloads.iter().find_map(whole)?;
        Some(format!("{pointer} of {name:?}"))
    }

    /// Returns the event that a block may belong to without being identified: the event that its heading names, or else
    /// the only similar one. Only events that the pages show nowhere else are considered.
    fn similar(&self, occurrence: Occurrence<'_>, unseen: &[usize]) -> Option<usize> {
        let is_schema = occurrence.form == Form::Schema;
        let own = if is_schema { places_of_schema(occurrence.json) } else { places(occurrence.json) };
        // The whole payload may have moved into an envelope, so names are also compared without their paths.
        let names = last_names(&own);
        let like = |event: usize| {
            let known = &self.known[event];
            likeness(&own, known).max(likeness(&names, &last_names(known)))
        };
        let by_heading = self.by_heading(occurrence).filter(|event| unseen.contains(event));
        if let Some(event) = by_heading.filter(|event| is_schema || like(*event) >= RELATED) {
            return Some(event);
        }
        let like: Vec<usize> = unseen.iter().copied().filter(|event| like(*event) >= SIMILAR).collect();
        // A new event may resemble a removed one. They are the same event only if the block has no discriminator that
        // could differ.
        let is_named = self.event_matcher.event_names().any(|pointer| own.contains(&pointer));
        match like.as_slice() {
            [only] if !is_named => Some(*only),
            _ => None,
        }
    }

    /// Assigns a structure to the most similar event. If several events are equally similar, the structure is common to
    /// them.
    fn structure<'p>(&self, occurrence: Occurrence<'p>, found: &mut Matches<'p>) {
        let own = places(occurrence.json);
        let scores: Vec<usize> = self.known.iter().map(|known| likeness(&own, known)).collect();
        let identified = self.event_matcher.detect(&occurrence.json.to_value());
        let best = scores.iter().copied().max().unwrap_or_default();
        let first: Vec<usize> = (0..scores.len()).filter(|event| scores[*event] == best).collect();
        match (identified, first.as_slice()) {
            (Some(event), _) => found.events[event].structures.push(occurrence),
            (None, [only]) if best >= RELATED => found.events[*only].structures.push(occurrence),
            _ if best >= RELATED => found.common.push(occurrence),
            _ => {
                let name = self.name(occurrence);
                found.new.push((name, EventEvidence { structures: vec![occurrence], ..EventEvidence::default() }));
            }
        }
    }

    /// Returns the name of a new event: the name in its payload, or else a name derived from its heading.
    fn name(&self, occurrence: Occurrence<'_>) -> String {
        let identified =
            (0..self.known.len()).flat_map(|event| self.event_matcher.fixed(event)).map(|(pointer, _)| pointer);
        // The discriminator of the provider's events takes precedence over the members that the pages suggest.
        let pointers: Vec<String> =
            self.event_matcher.event_names().chain(identified).chain(self.labels.iter().cloned()).collect();
        let own = match occurrence.form {
            Form::Schema => naming::of_schema(occurrence.json, &pointers),
            Form::Payload | Form::Structure => naming::of_payload(occurrence.json, &pointers),
        };
        let is_wrapped = self.is_wrapped && occurrence.form == Form::Payload;
        let wrapper = || naming::wrapper(occurrence.json).filter(|_| is_wrapped).map(folder_name);
        let name = own.or_else(wrapper).or_else(|| naming::of_heading(occurrence.block.heading.as_deref()));
        // `common` is reserved for what events share.
        let name = match name.as_deref() {
            Some("common") => "common_event",
            name => name.unwrap_or("event"),
        };
        unused(name, |name| self.provider.events.iter().any(|event| event.name == name))
    }
}

fn last_names(places: &BTreeSet<String>) -> BTreeSet<String> {
    places.iter().filter_map(|place| Some(place.rsplit_once('/')?.1.to_owned())).collect()
}

fn places_of_event(event: &Event) -> BTreeSet<String> {
    let mut all = places_of_schema(&event.schema);
    all.extend(event.payloads().iter().flat_map(places));
    all
}
