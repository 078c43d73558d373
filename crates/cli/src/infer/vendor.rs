//! Infers all events of a vendor from its payloads, and writes their schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use webhook_codegen::catalog::{Delivery, Event, EventSettings, Example, Provider, Source};
use webhook_codegen::infer::{Capture, Events, InferredEvent, MapDecisions, Origin, Sibling, infer_events, wrapped};
use webhook_codegen::json::Json;
use webhook_codegen::{Code, Diagnostic, EventMatcher, find_precedence, unused};
use webhook_harness::printable_lines;

use super::payloads::Payload;
use super::report::{EventLine, Report, State};
use super::settings::SettingsFile;
use super::{Options, check, examples, existing, is_ambiguity, problems};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::files::{File, remove, write};
use crate::output::shown;

/// A payload of the vendor, and where it is kept.
struct Kept {
    json: Json,
    example: Example,
    /// The event whose example it is.
    event: Option<String>,
    /// Whether a person said that it is of that event.
    assigned: bool,
    /// The place of a new payload among those that were given.
    new: Option<usize>,
}

pub(super) fn run(
    options: &Options,
    context: &Context,
    defs: &Path,
    known: Option<Provider>,
    (name, assigned): (&str, Option<&str>),
    payloads: Vec<Payload>,
    delivery: Delivery,
) -> Outcome {
    let mut provider = known.unwrap_or_else(|| Provider { name: name.to_owned(), ..Provider::default() });
    let mut settings = SettingsFile::new(defs, &mut provider, delivery)?;
    let before = MapDecisions { maps: provider.settings.maps.clone(), structs: provider.settings.structs.clone() };
    let decisions = decide(options, &before);
    settings.set_list("maps", &decisions.maps);
    settings.set_list("structs", &decisions.structs);
    let mut own = untouched(defs, &provider, &before)?;
    // The conditions that identify this event contradict its payloads, so it is inferred anew.
    own.extend(assigned.filter(|name| is_inferred(&provider, name)).map(str::to_owned));
    let (mut payloads, recognized) = match assigned {
        None => recognized(&provider, &own, payloads),
        Some(_) => (payloads, BTreeMap::new()),
    };
    payloads.sort_by(|a, b| a.name.cmp(&b.name));
    let pool = pool(&provider, &own, &payloads, assigned);
    let plan = infer(defs, &provider, &own, &pool, &decisions)?;
    let mut changed = provider.clone();
    changed.settings.maps = decisions.maps;
    changed.settings.structs = decisions.structs;
    if plan.is_named && !provider.settings.named {
        changed.settings.named = true;
        settings.set_named();
    }
    changed.events.retain(|event| !own.contains(&event.name));
    let (mut files, mut gone) = (Vec::new(), Vec::new());
    let mut lines = Vec::new();
    for inferred in &plan.events {
        let event = event(inferred, &pool, &provider);
        let old = provider.events.iter().find(|known| known.name == event.name);
        let state = match old {
            None => State::New,
            Some(old) if old.schema == event.schema => State::Same,
            Some(_) => State::Changed,
        };
        files.push(File::of(defs, changed.schema_file(&event), event.schema.pretty()));
        for example in &event.examples {
            files.push(File::of(defs, changed.example_file(&event, example), example.text.clone()));
        }
        if changed.source(&event.name) == Source::Documented {
            settings.mark_inferred(&event.name);
            let entry = EventSettings { source: Some(Source::Inferred), ..EventSettings::default() };
            changed.settings.events.entry(event.name.clone()).or_insert(entry);
        }
        lines.push(EventLine { event: inferred.clone(), state });
        changed.events.push(event);
    }
    changed.events.sort_by(|a, b| a.name.cmp(&b.name));
    for event in provider.events.iter().filter(|event| own.contains(&event.name)) {
        let now = changed.events.iter().find(|known| known.name == event.name);
        let is_kept =
            |example: &Example| now.is_some_and(|now| now.examples.iter().any(|kept| kept.name == example.name));
        gone.extend(event.examples.iter().filter(|e| !is_kept(e)).map(|e| provider.example_file(event, e)));
        if now.is_none() {
            gone.push(provider.schema_file(event));
            settings.remove_event(&event.name);
            changed.settings.events.remove(&event.name);
        }
    }
    let mut decisions = Vec::new();
    order(&mut changed, &plan, own.len() == provider.events.len(), &mut decisions);
    settings.set_list("precedence", &changed.settings.precedence);
    let is_new = settings.is_new();
    files.extend(settings.file());
    files.retain(|file| file.old.as_deref().map(str::trim_end) != Some(file.new.trim_end()));
    for inferred in &plan.events {
        let of = |index: &usize| pool[*index].new.and_then(|new| payloads.get(new));
        let own: Vec<&Payload> = inferred.payloads.iter().filter_map(of).collect();
        check(defs, &changed, &files, &inferred.name, &own)?;
    }
    let (ambiguous, other): (Vec<_>, Vec<_>) = problems(&changed).into_iter().partition(is_ambiguity);
    if !other.is_empty() && !changed.events.is_empty() {
        return Err(Failure::input_with(defs, &files)(other));
    }
    decisions.extend(undecided(&ambiguous));
    let wrapped = if is_new { wrapped_note(&changed, &payloads) } else { None };
    write(defs, &files)?;
    remove(defs, &gone)?;
    let report = Report {
        provider: &changed.name,
        delivery: is_new.then_some(changed.settings.delivery),
        is_named: plan.is_named && !provider.settings.named,
        precedence: &changed.settings.precedence,
        events: &lines,
        decisions: &decisions,
        wrapped,
        files: &files,
        gone: &gone,
        payloads: pool.len(),
    };
    report.print(options, context, defs, assigned);
    for (event, payloads) in recognized {
        if let Some(event) = changed.events.iter().find(|known| known.name == event) {
            existing::run(defs, &changed, event, &payloads, options)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the decisions of a person about maps: from the options, and recorded in provider.toml.
fn decide(options: &Options, before: &MapDecisions) -> MapDecisions {
    let merged = |known: &[String], new: &[String], other: &[String]| {
        let mut all: Vec<String> = known.iter().filter(|place| !other.contains(place)).cloned().collect();
        all.extend(new.iter().filter(|place| !known.contains(place)).cloned());
        all
    };
    MapDecisions {
        maps: merged(&before.maps, &options.maps, &options.structs),
        structs: merged(&before.structs, &options.structs, &options.maps),
    }
}

fn captures<'p>(pool: &'p [Kept]) -> Vec<Capture<'p>> {
    let capture = |kept: &'p Kept| Capture {
        payload: &kept.json,
        name: &kept.example.name,
        origin: match (&kept.event, kept.assigned) {
            (None, _) => Origin::New,
            (Some(event), true) => Origin::Assigned(event),
            (Some(event), false) => Origin::Example(event),
        },
    };
    pool.iter().map(capture).collect()
}

/// Returns the examples of some events.
fn kept(provider: &Provider, own: &BTreeSet<String>) -> Vec<Kept> {
    let events = provider.events.iter().filter(|event| own.contains(&event.name));
    let examples = events.flat_map(|event| event.examples.iter().map(move |example| (event, example)));
    let kept = |(event, example): (&Event, &Example)| {
        // The name of an event that was published stays.
        let assigned = provider.since(event).is_some();
        Kept { json: example.json(), example: example.clone(), event: Some(event.name.clone()), assigned, new: None }
    };
    let mut all: Vec<Kept> = examples.map(kept).collect();
    all.sort_by(|a, b| a.example.name.cmp(&b.example.name));
    all
}

/// Returns whether an event is known, and its schema is inferred.
fn is_inferred(provider: &Provider, name: &str) -> bool {
    let event = provider.events.iter().find(|event| event.name == name);
    event.is_some_and(|event| provider.source(name) == Source::Inferred && event.overlay.is_none())
}

/// Returns whether the schema of an event equals the schema inferred from its examples.
pub(super) fn is_untouched(defs: &Path, provider: &Provider, event: &str) -> Result<bool, Failure> {
    let decisions = MapDecisions { maps: provider.settings.maps.clone(), structs: provider.settings.structs.clone() };
    Ok(untouched(defs, provider, &decisions)?.contains(event))
}

/// Returns the events whose schemas equal the schemas inferred from their examples. Only these may be inferred anew: a
/// schema that a person changed is kept.
fn untouched(defs: &Path, provider: &Provider, decisions: &MapDecisions) -> Result<BTreeSet<String>, Failure> {
    let all = provider.events.iter().filter(|event| is_inferred(provider, &event.name) && !event.examples.is_empty());
    let mut own: BTreeSet<String> = all.map(|event| event.name.clone()).collect();
    loop {
        let pool = kept(provider, &own);
        let plan = infer(defs, provider, &own, &pool, decisions)?;
        let is_same = |name: &String| {
            let event = provider.events.iter().find(|event| event.name == *name);
            let inferred = plan.events.iter().find(|inferred| inferred.name == *name);
            event.zip(inferred).is_some_and(|(event, inferred)| {
                let of_event = |index: &usize| pool[*index].event.as_ref() == Some(name);
                event.schema == inferred.schema && inferred.payloads.iter().all(of_event)
            })
        };
        let same: BTreeSet<String> = own.iter().filter(|name| is_same(name)).cloned().collect();
        if same.len() == own.len() {
            return Ok(own);
        }
        own = same;
    }
}

/// Returns the payloads of events whose schemas are kept, by event, and all other payloads.
fn recognized(
    provider: &Provider,
    own: &BTreeSet<String>,
    payloads: Vec<Payload>,
) -> (Vec<Payload>, BTreeMap<String, Vec<Payload>>) {
    let mut found: BTreeMap<String, Vec<Payload>> = BTreeMap::new();
    if own.len() == provider.events.len() {
        return (payloads, found);
    }
    let Ok(matcher) = EventMatcher::new(provider) else { return (payloads, found) };
    let mut others = Vec::new();
    for payload in payloads {
        let event = matcher.detect(&payload.json.to_value()).map(|at| &provider.events[at].name);
        match event.filter(|event| !own.contains(*event)) {
            Some(event) => found.entry(event.clone()).or_default().push(payload),
            None => others.push(payload),
        }
    }
    (others, found)
}

/// Returns the examples of the events that are inferred anew, followed by the new payloads, each under a unique name.
fn pool(provider: &Provider, own: &BTreeSet<String>, payloads: &[Payload], assigned: Option<&str>) -> Vec<Kept> {
    let mut all = kept(provider, own);
    let of_event = |kept: &&Kept| assigned.is_none() || kept.event.as_deref() == assigned;
    let known: Vec<Example> = all.iter().filter(of_event).map(|kept| kept.example.clone()).collect();
    for (new, example) in examples(&known, payloads) {
        let json = payloads[new].json.clone();
        let event = assigned.map(str::to_owned);
        all.push(Kept { json, example, event, assigned: assigned.is_some(), new: Some(new) });
    }
    all
}

fn infer(
    defs: &Path,
    provider: &Provider,
    own: &BTreeSet<String>,
    pool: &[Kept],
    decisions: &MapDecisions,
) -> Result<Events, Failure> {
    let mut documented: Vec<(&str, Json, Vec<Json>)> = Vec::new();
    for event in provider.events.iter().filter(|event| !own.contains(&event.name)) {
        let schema = provider.schema(event).map_err(|problem| Failure::input(defs)(vec![problem]))?;
        documented.push((&event.name, schema, event.payloads()));
    }
    let siblings: Vec<Sibling<'_>> =
        documented.iter().map(|(name, schema, payloads)| Sibling { name, schema: Some(schema), payloads }).collect();
    let is_named = provider.settings.named || provider.settings.requests.event_header.is_some();
    Ok(infer_events(&captures(pool), &siblings, is_named, decisions))
}

/// Returns an event with the payloads that were found to be its own.
fn event(inferred: &InferredEvent, pool: &[Kept], provider: &Provider) -> Event {
    let old = provider.events.iter().find(|event| event.name == inferred.name);
    let mut examples: Vec<Example> = inferred.payloads.iter().map(|index| pool[*index].example.clone()).collect();
    examples.sort_by(|a, b| a.name.cmp(&b.name));
    let mut names = BTreeSet::new();
    for example in &mut examples {
        example.name = unused(&example.name, |name| names.contains(name));
        names.insert(example.name.clone());
    }
    Event {
        name: inferred.name.clone(),
        schema: inferred.schema.clone(),
        overlay: old.and_then(|old| old.overlay.clone()),
        examples,
    }
}

/// Decides the order in which events are tried, where they need one. The order of a provider with events that are not inferred is
/// left to a person.
fn order(provider: &mut Provider, plan: &Events, is_own: bool, decisions: &mut Vec<String>) {
    if provider.settings.named {
        return;
    }
    if is_own {
        provider.settings.precedence.clone_from(&plan.precedence);
    }
    if EventMatcher::new(provider).is_ok() {
        return;
    }
    let rank = |event: &InferredEvent| {
        (event.identity.is_empty(), plan.precedence.iter().position(|name| *name == event.name))
    };
    let mut inferred: Vec<&InferredEvent> = plan.events.iter().collect();
    inferred.sort_by_key(|event| rank(event));
    let mut ordered = provider.clone();
    if is_own {
        ordered.settings.precedence = inferred.iter().map(|event| event.name.clone()).collect();
        if EventMatcher::new(&ordered).is_ok() {
            provider.settings.precedence = ordered.settings.precedence;
            return;
        }
        ordered.settings.precedence.clear();
    }
    let new: Vec<String> = inferred.iter().map(|event| event.name.clone()).collect();
    match find_precedence(&ordered, &new) {
        Some(order) if is_own => provider.settings.precedence = order,
        Some(order) => {
            let order: Vec<String> = order.iter().map(|name| format!("{name:?}")).collect();
            decisions.push(format!(
                "this order of events resolves it, in provider.toml: precedence = [{}]",
                order.join(", ")
            ));
        }
        None => {}
    }
}

/// Returns a note if the bodies of a new provider look like objects with a list of events in them.
fn wrapped_note(provider: &Provider, payloads: &[Payload]) -> Option<String> {
    let (first, others) = payloads.split_first().filter(|_| provider.settings.delivery == Delivery::Single)?;
    // An object that is the only member is usually a part of the event.
    let found = wrapped(&first.json).filter(|found| found.items.is_some())?;
    let is_same = others.iter().all(|payload| wrapped(&payload.json).is_some_and(|other| other == found));
    is_same.then(|| {
        let settings = found.settings().replace('\n', ", ");
        let folder = &provider.name;
        format!(
            "bodies look like objects with events in them: if they are, remove {folder}/, write {settings} in a new \
             {folder}/provider.toml with the title, and infer again"
        )
    })
}

/// Lists the pairs of events that a person must distinguish, each pair once, with the advice once for all pairs.
fn undecided(problems: &[Diagnostic]) -> Vec<String> {
    let pair = |problem: &Diagnostic| match &problem.code {
        Code::AmbiguousEvents { events: [one, other] } => Some(format!("`{one}` and `{other}`")),
        _ => None,
    };
    let pairs: BTreeSet<String> = problems.iter().filter_map(pair).collect();
    let advice: BTreeSet<&str> = problems.iter().map(|problem| problem.advice.as_str()).collect();
    if pairs.is_empty() {
        return Vec::new();
    }
    let pairs: Vec<String> = pairs.into_iter().collect();
    let advice: Vec<&str> = advice.into_iter().collect();
    vec![printable_lines(&format!("a payload can be both {}: {}", pairs.join(", "), advice.join("; or ")))]
}

/// Returns the path of a file below schema-defs, as people see it.
pub(super) fn path(defs: &Path, file: &str) -> String {
    shown(&defs.join(file))
}
