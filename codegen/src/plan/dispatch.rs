//! How events are distinguished: by the members that distinguish each from its siblings, and by proof that no payload fits two.

use std::collections::BTreeSet;

use webhook_runtime::__private::schema::Types;

use super::disjoint::disjoint;
use super::groups::{groups, recognition};
use super::signature::{Condition, Path, Signature, fixed, overlap, signature};
use crate::json::same;
use crate::load::catalog::Provider;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::{ALL, NodeId, intersection};
use crate::normalize::Schemas;

/// How the events of a provider are distinguished.
#[derive(Debug, Default)]
pub(crate) struct Dispatch {
    /// The members that are looked at, sorted.
    pub(crate) discriminator_paths: Vec<Path>,
    /// The members that `provider` is about, sorted.
    pub(crate) provider_paths: Vec<Path>,
    /// The events and their conditions, in order of precedence.
    pub(crate) events: Vec<(usize, Vec<Condition>)>,
    /// What identifies the provider when the event is not known: alternatives.
    pub(crate) provider: Vec<Vec<Condition>>,
    /// The members that name events, by their places among the discriminator_paths; the first that is there counts.
    pub(crate) event_names: Vec<usize>,
}

pub(super) fn plan(provider: &Provider, schemas: &mut Schemas, roots: &[NodeId]) -> Result<Dispatch, Vec<Diagnostic>> {
    let signatures: Vec<Signature> = roots.iter().map(|root| signature(schemas, *root)).collect();
    let order = precedence(provider);
    let by_wire =
        |a: usize, b: usize| provider.wire_name(&provider.events[a]) == provider.wire_name(&provider.events[b]);
    // Where a name outside the body identifies events, only events that share a name have to be distinguished.
    let ambiguous = |a: usize, b: usize| a != b && (!provider.settings.named || by_wire(a, b));
    let ranked = rank(&signatures, &ambiguous);
    let mut conditions: Vec<Vec<Condition>> = vec![Vec::new(); roots.len()];
    let mut problems = Vec::new();
    for (index, event) in provider.events.iter().enumerate() {
        for other in (0..roots.len()).filter(|other| ambiguous(index, *other)) {
            let found = discriminate(&signatures[index], &signatures[other], &ranked);
            let found_nothing = found.is_empty();
            for condition in found {
                if !conditions[index].contains(&condition) {
                    conditions[index].push(condition);
                }
            }
            let listed = |event: usize| provider.settings.precedence.contains(&provider.events[event].name);
            let ordered = listed(index) && listed(other);
            let rival = &provider.events[other].name;
            // Every condition that holds for its payloads holds for the other's too.
            let hides = found_nothing && order[index] < order[other];
            if ordered && hides {
                problems.push(Diagnostic::at(
                    Code::ShadowedEvent { event: rival.clone(), by: event.name.clone() },
                    provider.settings_file(),
                    format!("/precedence/{}", order[index]),
                    format!("`{}` comes before `{rival}` in `precedence`, and takes every payload of it", event.name),
                    "put the more specific event first",
                ));
            } else if !ordered && (index < other || hides) {
                let ambiguous = |message: String, advice: &str| {
                    let code = Code::AmbiguousEvents { events: [event.name.clone(), rival.clone()] };
                    Diagnostic::of_file(code, provider.schema_file(event), message, advice)
                };
                match disjoint(schemas, roots[index], roots[other]) {
                    false if index < other => problems.push(ambiguous(
                        format!("a payload can be both `{}` and `{rival}`", event.name),
                        "give a member that is required in both another const in each, or list both events under `precedence` in \
                         provider.toml, the more specific first; `dispatch = \"named\"` if a name outside the body identifies them",
                    )),
                    // The proof looks deeper than the conditions do.
                    true if hides => problems.push(ambiguous(
                        format!("a payload of `{rival}` would be taken for `{}`", event.name),
                        "list both events under `precedence` in provider.toml, the more specific first, or give a member that is \
                         required in both, and not deep inside, another const in each",
                    )),
                    _ => {}
                }
            }
        }
        if conditions[index].is_empty() {
            conditions[index] = sole_event(&signatures[index], schemas, roots[index]);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(assemble(&signatures, conditions, &order, &ranked, provider.settings.named))
}

/// The place of each event in the order of precedence.
fn precedence(provider: &Provider) -> Vec<usize> {
    let listed = |name: &String| provider.settings.precedence.iter().position(|known| known == name);
    let count = provider.settings.precedence.len();
    provider.events.iter().enumerate().map(|(at, event)| listed(&event.name).unwrap_or(count + at)).collect()
}

/// The members that distinguish events, the most selective first.
fn rank(signatures: &[Signature], ambiguous: &impl Fn(usize, usize) -> bool) -> Vec<Path> {
    let mut paths: Vec<(usize, Path)> = Vec::new();
    for (index, signature) in signatures.iter().enumerate() {
        for (path, own) in &signature.fixed {
            let differs = |other: &usize| match fixed(&signatures[*other], path) {
                Some(theirs) => !overlap(own, theirs),
                None => true,
            };
            let distinguished = (0..signatures.len()).filter(|other| ambiguous(index, *other)).filter(differs).count();
            match paths.iter_mut().find(|(_, known)| known == path) {
                Some((count, _)) => *count += distinguished,
                None => paths.push((distinguished, path.clone())),
            }
        }
    }
    paths.sort_by_key(|(distinguished, path)| (std::cmp::Reverse(*distinguished), path.len()));
    paths.into_iter().map(|(_, path)| path).collect()
}

/// The smallest condition that distinguishes an event from another.
fn discriminate(own: &Signature, other: &Signature, ranked: &[Path]) -> Vec<Condition> {
    let is = |path: &Path| fixed(own, path).map(|values| Condition::Equals(path.clone(), values.clone()));
    let disjoint =
        |path: &&Path| matches!((fixed(own, path), fixed(other, path)), (Some(a), Some(b)) if !overlap(a, b));
    if let Some(condition) = ranked.iter().find(disjoint).and_then(is) {
        return vec![condition];
    }
    let types = |signature: &Signature, path: &Path| {
        signature.present.iter().find(|(known, _)| known == path).map(|(_, types)| *types)
    };
    for (path, types_here) in &own.present {
        if types(other, path).is_some_and(|theirs| intersection(*types_here, theirs) == Types::default()) {
            return vec![Condition::Type(path.clone(), *types_here)];
        }
    }
    // A member that one always has and the other never.
    if let Some((path, _)) = own.present.iter().find(|(path, _)| other.absent.contains(path)) {
        return vec![Condition::Present(path.clone())];
    }
    if let Some((path, _)) = other.present.iter().find(|(path, _)| own.absent.contains(path)) {
        return vec![Condition::Absent(path.clone())];
    }
    let narrower = |path: &&Path| match (fixed(own, path), fixed(other, path)) {
        (Some(a), Some(b)) => !b.iter().all(|b| a.iter().any(|a| same(a, b))),
        (own, _) => own.is_some(),
    };
    if let Some(condition) = ranked.iter().find(narrower).and_then(is) {
        return vec![condition];
    }
    let only = |(path, _): &&(Path, Types)| types(other, path).is_none();
    own.present.iter().filter(only).map(|(path, _)| Condition::Present(path.clone())).collect()
}

/// What identifies an event that has no sibling.
fn sole_event(signature: &Signature, schemas: &mut Schemas, root: NodeId) -> Vec<Condition> {
    if !signature.fixed.is_empty() {
        return signature.fixed.iter().map(|(path, values)| Condition::Equals(path.clone(), values.clone())).collect();
    }
    let top: Vec<Condition> = signature
        .present
        .iter()
        .filter(|(path, _)| path.len() == 1)
        .map(|(path, _)| Condition::Present(path.clone()))
        .collect();
    if !top.is_empty() {
        return top;
    }
    let normalized = schemas.normalize(root);
    let types = schemas.keywords(normalized.node).possible_types();
    if types == ALL { Vec::new() } else { vec![Condition::Type(Vec::new(), types)] }
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
    let provider = if named { Vec::new() } else { recognition(signatures, &groups) };
    let mut discriminator_paths: BTreeSet<Path> = BTreeSet::new();
    discriminator_paths
        .extend(events.iter().flat_map(|(_, conditions)| conditions).map(|condition| condition.path().clone()));
    discriminator_paths.extend(groups.iter().map(|group| group.path.clone()));
    let discriminator_paths: Vec<Path> = discriminator_paths.into_iter().collect();
    let event_names = groups.iter().filter_map(|group| discriminator_paths.binary_search(&group.path).ok()).collect();
    let mut provider_paths: Vec<Path> = provider.iter().flatten().map(|condition| condition.path().clone()).collect();
    provider_paths.sort();
    provider_paths.dedup();
    Dispatch { discriminator_paths, provider_paths, events, provider, event_names }
}
