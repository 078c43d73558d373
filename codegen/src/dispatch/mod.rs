//! Decides which event a payload belongs to: finds the conditions that identify each event of a provider, and proves
//! that no payload belongs to two events.
//!
//! Generated code decides by [`Dispatch`]. [`EventMatcher`] decides by the same conditions without generated code.

mod condition;
mod discriminate;
mod disjoint;
mod groups;
mod guess;
mod matcher;
mod precedence;
mod signature;

use std::collections::BTreeSet;

pub use self::condition::Condition;
pub(crate) use self::condition::Path;
pub(crate) use self::guess::{Guess, Guessed, fallback};
pub use self::matcher::EventMatcher;
pub use self::precedence::find_precedence;

use self::discriminate::{discriminate, sole_event};
use self::disjoint::disjoint;
use self::groups::{groups, recognition};
use self::signature::{Signature, fixed, overlap, signature};
use crate::load::catalog::Provider;
use crate::model::NodeId;
use crate::model::diagnostic::{Checked, Code, Diagnostic};
use crate::normalize::Schemas;

/// The conditions that distinguish the events of a provider.
#[derive(Debug, Default)]
pub(crate) struct Dispatch {
    /// The members that identify or name events, sorted.
    pub(crate) discriminator_paths: Vec<Path>,
    /// The members that identify the provider, sorted.
    pub(crate) provider_paths: Vec<Path>,
    /// The events and their conditions, in order of precedence.
    pub(crate) events: Vec<(usize, Vec<Condition>)>,
    /// Alternative lists of conditions that identify the provider if the event is unknown.
    pub(crate) provider: Vec<Vec<Condition>>,
    /// The members that name events. The first member that is present counts.
    pub(crate) event_names: Vec<Path>,
}

impl Dispatch {
    /// Finds the conditions that distinguish the events of a provider. `roots` starts with the schema of each event.
    ///
    /// # Errors
    ///
    /// Returns the events that cannot be distinguished.
    pub(crate) fn new(provider: &Provider, schemas: &mut Schemas, roots: &[NodeId]) -> Checked<Dispatch> {
        let roots = &roots[..provider.events.len()];
        let signatures: Vec<Signature> = roots.iter().map(|root| signature(schemas, *root)).collect();
        let order = order(provider);
        let wire_name = |event: usize| provider.wire_name(&provider.events[event]);
        // If a name outside the body identifies events, only events with the same name have to be distinguished.
        let are_rivals = |a: usize, b: usize| a != b && (!provider.settings.named || wire_name(a) == wire_name(b));
        let ranked = rank(&signatures, &are_rivals);
        let mut conditions: Vec<Vec<Condition>> = vec![Vec::new(); roots.len()];
        let mut problems = Vec::new();
        for (event, own) in conditions.iter_mut().enumerate() {
            for rival in (0..roots.len()).filter(|rival| are_rivals(event, *rival)) {
                let found = discriminate(&signatures[event], &signatures[rival], &ranked);
                // If no condition distinguishes the event, its conditions may hold for every payload of the rival: an
                // event that requires `id` also takes the payloads of an event that requires `id` and `name`, unless it
                // comes later.
                let hides = found.is_empty() && order[event] < order[rival];
                for condition in found {
                    if !own.contains(&condition) {
                        own.push(condition);
                    }
                }
                problems.extend(conflict(provider, schemas, roots, (event, rival), hides));
            }
            if own.is_empty() {
                *own = sole_event(&signatures[event], schemas, roots[event]);
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        complete(&signatures, &mut conditions);
        Ok(assemble(&signatures, conditions, &order, &ranked, provider.settings.named))
    }

    /// Returns the conditions that identify an event. The list is empty if the event is the only event and every
    /// payload belongs to it.
    pub(crate) fn conditions(&self, event: usize) -> &[Condition] {
        self.events.iter().find(|(known, _)| *known == event).map_or(&[], |(_, conditions)| conditions)
    }
}

/// Adds the values of members that name events only together, such as `type` and `action`, to the conditions of every
/// event that fixes them. One of the members may be enough to distinguish an event from its present rivals, but a
/// payload with a new combination of the values is a new event, and not an invalid payload of a known one.
fn complete(signatures: &[Signature], conditions: &mut [Vec<Condition>]) {
    let equal = |own: &Vec<Condition>| -> Vec<Path> {
        let paths = own.iter().filter(|condition| matches!(condition, Condition::Equals(..)));
        paths.map(|condition| condition.path().clone()).collect()
    };
    let together: BTreeSet<Path> = conditions.iter().map(equal).filter(|paths| paths.len() > 1).flatten().collect();
    for (signature, own) in signatures.iter().zip(conditions) {
        // An event that none of these members identifies is named in another way.
        if !equal(own).iter().any(|path| together.contains(path)) {
            continue;
        }
        for path in &together {
            let condition = fixed(signature, path).map(|values| Condition::Equals(path.clone(), values.clone()));
            own.extend(condition.filter(|condition| !own.contains(condition)));
        }
    }
}

/// Returns the problem of an event and a rival that are not distinguished, if there is one. `hides` says that the event
/// precedes the rival and takes every payload of it.
fn conflict(
    provider: &Provider,
    schemas: &mut Schemas,
    roots: &[NodeId],
    (event, rival): (usize, usize),
    hides: bool,
) -> Option<Diagnostic> {
    let (name, rival_name) = (&provider.events[event].name, &provider.events[rival].name);
    let listed = |event: &String| provider.settings.precedence.iter().position(|known| known == event);
    if let (Some(place), Some(_)) = (listed(name), listed(rival_name)) {
        return hides.then(|| {
            Diagnostic::at(
                Code::ShadowedEvent { event: rival_name.clone(), by: name.clone() },
                provider.settings_file(),
                format!("/precedence/{place}"),
                format!("`{name}` comes before `{rival_name}` in `precedence`, and takes every payload of it"),
                "put the more specific event first",
            )
        });
    }
    if event > rival && !hides {
        return None;
    }
    let (message, advice) = match disjoint(schemas, roots[event], roots[rival]) {
        false if event < rival => (
            format!("a payload can be both `{name}` and `{rival_name}`"),
            "require a member in both, with a different const in each; or list both events under `precedence` in \
             provider.toml, the more specific first; or set `dispatch = \"named\"` if a name outside the body identifies them",
        ),
        // The events are disjoint, but only deeper in the payload than conditions look.
        true if hides => (
            format!("a payload of `{rival_name}` would be taken for `{name}`"),
            "list both events under `precedence` in provider.toml, the more specific first; or require a member near the \
             root in both, with a different const in each",
        ),
        _ => return None,
    };
    let code = Code::AmbiguousEvents { events: [name.clone(), rival_name.clone()] };
    Some(Diagnostic::of_file(code, provider.schema_file(&provider.events[event]), message, advice))
}

/// Returns the position of each event in the order of precedence.
fn order(provider: &Provider) -> Vec<usize> {
    let listed = |name: &String| provider.settings.precedence.iter().position(|known| known == name);
    let count = provider.settings.precedence.len();
    provider.events.iter().enumerate().map(|(at, event)| listed(&event.name).unwrap_or(count + at)).collect()
}

/// Returns the members that distinguish events, the most selective first.
fn rank(signatures: &[Signature], are_rivals: &impl Fn(usize, usize) -> bool) -> Vec<Path> {
    let mut paths: Vec<(usize, Path)> = Vec::new();
    for (index, signature) in signatures.iter().enumerate() {
        for (path, own) in &signature.fixed {
            // A rival that does not fix the member counts as distinguished: the member is often absent there.
            let differs = |other: &usize| match fixed(&signatures[*other], path) {
                Some(theirs) => !overlap(own, theirs),
                None => true,
            };
            let distinguished = (0..signatures.len()).filter(|other| are_rivals(index, *other)).filter(differs).count();
            match paths.iter_mut().find(|(_, known)| known == path) {
                Some((count, _)) => *count += distinguished,
                None => paths.push((distinguished, path.clone())),
            }
        }
    }
    paths.sort_by_key(|(distinguished, path)| (std::cmp::Reverse(*distinguished), path.len()));
    paths.into_iter().map(|(_, path)| path).collect()
}

fn assemble(
    signatures: &[Signature],
    conditions: Vec<Vec<Condition>>,
    order: &[usize],
    ranked: &[Path],
    named: bool,
) -> Dispatch {
    let groups = groups(signatures, &conditions, ranked, named);
    let mut events: Vec<(usize, Vec<Condition>)> = conditions.into_iter().enumerate().collect();
    events.sort_by_key(|(event, _)| order[*event]);
    // If a name outside the body identifies events, the body alone identifies no provider.
    let provider = if named { Vec::new() } else { recognition(signatures, &groups) };
    let mut discriminator_paths: BTreeSet<Path> = BTreeSet::new();
    discriminator_paths
        .extend(events.iter().flat_map(|(_, conditions)| conditions).map(|condition| condition.path().clone()));
    discriminator_paths.extend(groups.iter().map(|group| group.path.clone()));
    let discriminator_paths: Vec<Path> = discriminator_paths.into_iter().collect();
    let event_names = groups.into_iter().map(|group| group.path).collect();
    let mut provider_paths: Vec<Path> = provider.iter().flatten().map(|condition| condition.path().clone()).collect();
    provider_paths.sort();
    provider_paths.dedup();
    Dispatch { discriminator_paths, provider_paths, events, provider, event_names }
}
