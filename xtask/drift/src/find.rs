//! What differs between the pages and schema-defs.

use std::collections::BTreeMap;

use webhook_codegen::catalog::{Event, Provider, Source};
use webhook_codegen::compare::{Change, Class, Places, Says, Version, ChangeKind, schemas};
use webhook_codegen::json::Json;
use webhook_codegen::{Diagnostic, Dialect, Validator};

use crate::block::places;
use crate::matching::{Matches, Moved, Observed, Shown};
use crate::payloads;

/// A difference, and where a page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What differs.
    pub change: Change,
    /// The page, by its place among those given, and the line.
    pub shown: Option<(usize, usize)>,
}

impl Finding {
    pub(crate) fn of(change: Change, shown: Shown<'_>) -> Finding {
        Finding { change, shown: Some((shown.page, shown.block.first_line)) }
    }
}

pub(crate) type Problems = Vec<Diagnostic>;

/// An event, ready to be held against what the pages show.
pub(crate) struct Known<'k> {
    pub(crate) event: &'k Event,
    /// Its schema, with its overlay.
    pub(crate) validator: Validator,
    places: Places,
}

impl<'k> Known<'k> {
    fn new(provider: &Provider, event: &'k Event, library: &BTreeMap<String, Json>) -> Result<Known<'k>, Problems> {
        let schema = provider.schema(event).map_err(|problem| vec![problem])?;
        let validator = Validator::new(&schema, library, Dialect::default())?;
        let places = Places::new(Version { schema: &schema, library, instances: &[] })?;
        Ok(Known { event, validator, places })
    }

    /// Its examples, in order.
    pub(crate) fn examples(&self) -> Vec<Json> {
        self.event.examples.iter().map(|example| Json::from_value(&example.value, None)).collect()
    }

    pub(crate) fn says(&mut self, place: &str) -> Says {
        self.places.says(place)
    }

    pub(crate) fn change(&self, what: ChangeKind, class: Class) -> Change {
        Change::of(&self.event.name, what, class)
    }
}

/// Everything that differs, event by event.
pub(crate) fn find(provider: &Provider, matches: &Matches<'_>) -> Result<Vec<Finding>, Problems> {
    let library = provider.library();
    let known = provider.events.iter().map(|event| Known::new(provider, event, &library));
    let mut known = known.collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for (index, (known, observed)) in known.iter_mut().zip(&matches.events).enumerate() {
        // An event that no page has ever shown is none that a page can lose.
        let had = !known.event.examples.is_empty() || provider.source(&known.event.name) == Source::Documented;
        let is_missed = had && !provider.is_undocumented(&known.event.name);
        let moved = matches.moved.iter().find(|moved| moved.event == index);
        match moved {
            _ if !observed.is_empty() => found.extend(one(known, &library, observed)?),
            Some(moved) => found.extend(inside(known, moved)?),
            None if is_missed => {
                found.push(Finding { change: known.change(ChangeKind::EventRemoved, Class::Breaking), shown: None });
            }
            None => {}
        }
    }
    for shown in &matches.common {
        for place in places(shown.json) {
            if known.iter_mut().all(|known| known.says(&place) == Says::Nothing) {
                let change = Change { place, ..Change::of("", ChangeKind::MemberAdded, Class::Compatible) };
                found.push(Finding::of(change, *shown));
            }
        }
    }
    for (name, observed) in &matches.new {
        let change = Change::of(name, ChangeKind::EventAdded, Class::Compatible);
        let first = observed.first();
        found.push(first.map_or(Finding { change: change.clone(), shown: None }, |shown| Finding::of(change, shown)));
    }
    // What several payloads show is one difference.
    let mut all: Vec<Finding> = Vec::with_capacity(found.len());
    for finding in found {
        if !all.iter().any(|known| known.change == finding.change) {
            all.push(finding);
        }
    }
    Ok(all)
}

/// What differs of an event whose payloads stand inside others now: that they do, and what changed in them.
fn inside(known: &mut Known<'_>, moved: &Moved<'_>) -> Result<Vec<Finding>, Problems> {
    let mut found = Vec::new();
    let observed = Observed { payloads: moved.payloads.clone(), ..Observed::default() };
    payloads::find(known, &observed, &mut found)?;
    let at = |place: &str| format!("{}{place}", moved.pointer);
    for Finding { change, .. } in &mut found {
        change.place = at(&change.place);
        if change.what == ChangeKind::MemberMoved {
            change.old = change.old.as_deref().map(at);
            change.new = change.new.as_deref().map(at);
        }
    }
    let change = Change { new: Some(moved.pointer.clone()), ..known.change(ChangeKind::EventMoved, Class::Breaking) };
    found.splice(..0, moved.payloads.first().map(|shown| Finding::of(change, *shown)));
    Ok(found)
}

fn one(
    known: &mut Known<'_>,
    library: &BTreeMap<String, Json>,
    observed: &Observed<'_>,
) -> Result<Vec<Finding>, Problems> {
    let mut found: Vec<Finding> = Vec::new();
    let (ours, theirs) = (known.examples(), observed.payloads.iter().map(|shown| shown.json.clone()));
    let theirs: Vec<Json> = theirs.collect();
    for shown in &observed.schemas {
        let old = Version { schema: &known.event.schema, library, instances: &ours };
        let new = Version { schema: shown.json, library, instances: &theirs };
        match schemas(&known.event.name, old, new) {
            Ok(changes) => found.extend(changes.into_iter().map(|change| Finding::of(change, *shown))),
            Err(problems) => {
                let new = problems.first().map(|problem| format!("{} at {}", problem.message, problem.pointer));
                let change = Change { new, ..known.change(ChangeKind::RuleChanged, Class::Breaking) };
                found.push(Finding::of(change, *shown));
            }
        }
    }
    // Payloads in an envelope that the schema has too: what is inside was compared there.
    if !found.iter().any(|finding| finding.change.what == ChangeKind::EventMoved) {
        payloads::find(known, observed, &mut found)?;
    }
    for shown in &observed.schemas {
        let refused = payloads::refused_by(known, shown.json, library, &observed.payloads, &found);
        found.extend(refused);
    }
    for shown in &observed.structures {
        for place in places(shown.json) {
            let said = found.iter().any(|finding| finding.change.place == place);
            if !said && known.says(&place) == Says::Nothing {
                let change = Change { place, ..known.change(ChangeKind::MemberAdded, Class::Compatible) };
                found.push(Finding::of(change, *shown));
            }
        }
    }
    Ok(found)
}
