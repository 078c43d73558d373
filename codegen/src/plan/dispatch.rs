//! How events are distinguished: by the members that distinguish each from its siblings, and by proof that no payload fits two.

use std::collections::BTreeSet;

use webhook_runtime::__private::schema::Types;

use super::disjoint::{disjoint, member};
use super::groups::{groups, recognition};
use crate::json::Json;
use crate::load::catalog::Provider;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::normalize::{ALL, Normalizer, intersection, same};
use crate::model::{Keywords, Model, NodeId};

/// How deep members are looked at.
const DEPTH: usize = 4;

/// The way to a member: its names.
pub(crate) type Path = Vec<String>;

/// How the events of a provider are distinguished.
#[derive(Debug, Default)]
pub(crate) struct Dispatch {
    /// The members that are looked at, sorted.
    pub(crate) probes: Vec<Path>,
    /// The members that `provider` is about, sorted.
    pub(crate) provider_probes: Vec<Path>,
    /// The events and their tests, in order of precedence.
    pub(crate) events: Vec<(usize, Vec<Test>)>,
    /// What identifies the provider when the event is not known: alternatives.
    pub(crate) provider: Vec<Vec<Test>>,
    /// The members that name events, by their places among the probes; the first that is there counts.
    pub(crate) event_names: Vec<usize>,
}

/// What must hold of a member.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Is(Path, Vec<Json>),
    Present(Path),
    Absent(Path),
    Type(Path, Types),
}

impl Test {
    /// The member.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Test::Is(path, _) | Test::Present(path) | Test::Absent(path) | Test::Type(path, _) => path,
        }
    }
}

/// What is known of an event's payloads before they are read.
#[derive(Debug, Default)]
pub(super) struct Signature {
    /// Members that are always there and have one of some values, in the order of the schema.
    pub(super) fixed: Vec<(Path, Vec<Json>)>,
    /// Members that are always there, with their types.
    pub(super) there: Vec<(Path, Types)>,
    /// Members that are never there.
    never: Vec<Path>,
}

pub(super) fn plan(
    provider: &Provider,
    model: &mut Model,
    normalizer: &mut Normalizer,
    roots: &[NodeId],
) -> Result<Dispatch, Vec<Diagnostic>> {
    let signatures: Vec<Signature> = roots.iter().map(|root| signature(model, normalizer, *root)).collect();
    let order = precedence(provider);
    let by_wire =
        |a: usize, b: usize| provider.wire_name(&provider.events[a]) == provider.wire_name(&provider.events[b]);
    // Where a name outside the body identifies events, only events that share a name have to be distinguished.
    let ambiguous = |a: usize, b: usize| a != b && (!provider.settings.named || by_wire(a, b));
    let ranked = rank(&signatures, &ambiguous);
    let mut tests: Vec<Vec<Test>> = vec![Vec::new(); roots.len()];
    let mut problems = Vec::new();
    for (index, event) in provider.events.iter().enumerate() {
        for other in (0..roots.len()).filter(|other| ambiguous(index, *other)) {
            let found = discriminate(&signatures[index], &signatures[other], &ranked);
            let found_nothing = found.is_empty();
            for test in found {
                if !tests[index].contains(&test) {
                    tests[index].push(test);
                }
            }
            let listed = |event: usize| provider.settings.precedence.contains(&provider.events[event].name);
            let ordered = listed(index) && listed(other);
            let rival = &provider.events[other].name;
            if index < other && !ordered && !disjoint(model, normalizer, roots[index], roots[other]) {
                problems.push(Diagnostic::of_file(
                    Code::AmbiguousEvents { events: [event.name.clone(), rival.clone()] },
                    provider.schema_file(event),
                    format!("a payload can be both `{}` and `{rival}`", event.name),
                    "give a member that is required in both another const in each, or list both events under `precedence` in \
                     provider.toml, the more specific first; `dispatch = \"named\"` if a name outside the body identifies them",
                ));
            } else if ordered && found_nothing && order[index] < order[other] {
                problems.push(Diagnostic::at(
                    Code::ShadowedEvent { event: rival.clone(), by: event.name.clone() },
                    provider.settings_file(),
                    format!("/precedence/{}", order[index]),
                    format!("`{}` comes before `{rival}` in `precedence`, and takes every payload of it", event.name),
                    "put the more specific event first",
                ));
            }
        }
        if tests[index].is_empty() {
            tests[index] = sole_event(&signatures[index], model, normalizer, roots[index]);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(assemble(&signatures, tests, &order, &ranked, provider.settings.named))
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

pub(super) fn fixed<'f>(signature: &'f Signature, path: &Path) -> Option<&'f Vec<Json>> {
    signature.fixed.iter().find(|(known, _)| known == path).map(|(_, values)| values)
}

pub(super) fn overlap(a: &[Json], b: &[Json]) -> bool {
    a.iter().any(|a| b.iter().any(|b| same(a, b)))
}

/// The smallest condition that distinguishes an event from another.
fn discriminate(own: &Signature, other: &Signature, ranked: &[Path]) -> Vec<Test> {
    let is = |path: &Path| fixed(own, path).map(|values| Test::Is(path.clone(), values.clone()));
    let disjoint =
        |path: &&Path| matches!((fixed(own, path), fixed(other, path)), (Some(a), Some(b)) if !overlap(a, b));
    if let Some(test) = ranked.iter().find(disjoint).and_then(is) {
        return vec![test];
    }
    let types = |signature: &Signature, path: &Path| {
        signature.there.iter().find(|(known, _)| known == path).map(|(_, types)| *types)
    };
    for (path, types_here) in &own.there {
        if types(other, path).is_some_and(|theirs| intersection(*types_here, theirs) == Types::default()) {
            return vec![Test::Type(path.clone(), *types_here)];
        }
    }
    // A member that one always has and the other never.
    if let Some((path, _)) = own.there.iter().find(|(path, _)| other.never.contains(path)) {
        return vec![Test::Present(path.clone())];
    }
    if let Some((path, _)) = other.there.iter().find(|(path, _)| own.never.contains(path)) {
        return vec![Test::Absent(path.clone())];
    }
    let narrower = |path: &&Path| match (fixed(own, path), fixed(other, path)) {
        (Some(a), Some(b)) => !b.iter().all(|b| a.iter().any(|a| same(a, b))),
        (own, _) => own.is_some(),
    };
    if let Some(test) = ranked.iter().find(narrower).and_then(is) {
        return vec![test];
    }
    let only = |(path, _): &&(Path, Types)| types(other, path).is_none();
    own.there.iter().filter(only).map(|(path, _)| Test::Present(path.clone())).collect()
}

/// What identifies an event that has no sibling.
fn sole_event(signature: &Signature, model: &mut Model, normalizer: &mut Normalizer, root: NodeId) -> Vec<Test> {
    if !signature.fixed.is_empty() {
        return signature.fixed.iter().map(|(path, values)| Test::Is(path.clone(), values.clone())).collect();
    }
    let top: Vec<Test> = signature
        .there
        .iter()
        .filter(|(path, _)| path.len() == 1)
        .map(|(path, _)| Test::Present(path.clone()))
        .collect();
    if !top.is_empty() {
        return top;
    }
    let flat = normalizer.normalize(model, root);
    let types = model.keywords(flat.node).possible_types();
    if types == ALL { Vec::new() } else { vec![Test::Type(Vec::new(), types)] }
}

fn signature(model: &mut Model, normalizer: &mut Normalizer, root: NodeId) -> Signature {
    let mut signature = Signature::default();
    collect_signature(model, normalizer, root, &mut Vec::new(), &mut signature);
    signature
}

fn collect_signature(
    model: &mut Model,
    normalizer: &mut Normalizer,
    id: NodeId,
    path: &mut Path,
    signature: &mut Signature,
) {
    let flat = normalizer.normalize(model, id);
    let rules: Keywords = model.keywords(flat.node).clone();
    signature.there.push((path.clone(), rules.possible_types()));
    if let Some(values) = rules.possible_values() {
        signature.fixed.push((path.clone(), values));
    }
    // What every branch of a union fixes is fixed.
    for branches in rules.any_of.iter().chain(&rules.one_of) {
        let signatures: Vec<Signature> = branches
            .iter()
            .map(|branch| {
                let mut signature = Signature::default();
                collect_signature(model, normalizer, *branch, path, &mut signature);
                signature
            })
            .collect();
        if let Some((first, rest)) = signatures.split_first() {
            for (path, values) in &first.fixed {
                let others: Option<Vec<&Vec<Json>>> = rest.iter().map(|signature| fixed(signature, path)).collect();
                if let Some(others) = others
                    && fixed(signature, path).is_none()
                {
                    let all = others.into_iter().flatten().fold(values.clone(), |mut all, value| {
                        if !all.iter().any(|known| same(known, value)) {
                            all.push(value.clone());
                        }
                        all
                    });
                    signature.fixed.push((path.clone(), all));
                }
            }
        }
    }
    if path.len() >= DEPTH || rules.possible_types() != Types::OBJECT {
        return;
    }
    for (name, schema) in &rules.properties {
        path.push(name.clone());
        if rules.required.contains(name) {
            collect_signature(model, normalizer, *schema, path, signature);
        } else if model.keywords(*schema).is_false {
            signature.never.push(path.clone());
        }
        path.pop();
    }
    for name in rules.required.iter().filter(|name| !rules.properties.iter().any(|(known, _)| known == *name)) {
        path.push(name.clone());
        match member(model, &rules, name) {
            Some(schema) => collect_signature(model, normalizer, schema, path, signature),
            None => signature.there.push((path.clone(), ALL)),
        }
        path.pop();
    }
}

fn assemble(
    signatures: &[Signature],
    tests: Vec<Vec<Test>>,
    order: &[usize],
    ranked: &[Path],
    named: bool,
) -> Dispatch {
    let groups = groups(signatures, &tests, ranked, named);
    let mut events: Vec<(usize, Vec<Test>)> = tests.into_iter().enumerate().collect();
    events.sort_by_key(|(event, _)| order[*event]);
    let provider = if named { Vec::new() } else { recognition(signatures, &groups) };
    let mut probes: BTreeSet<Path> = BTreeSet::new();
    probes.extend(events.iter().flat_map(|(_, tests)| tests).map(|test| test.path().clone()));
    probes.extend(groups.iter().map(|group| group.path.clone()));
    let probes: Vec<Path> = probes.into_iter().collect();
    let event_names = groups.iter().filter_map(|group| probes.binary_search(&group.path).ok()).collect();
    let mut provider_probes: Vec<Path> = provider.iter().flatten().map(|test| test.path().clone()).collect();
    provider_probes.sort();
    provider_probes.dedup();
    Dispatch { probes, provider_probes, events, provider, event_names }
}
