//! Names for types: each gets one, and one that needs no more than its own name keeps it.

use std::collections::{BTreeSet, HashMap};

use super::draft::{Draft, Origin};
use super::names::{Scope, pascal, snake};
use super::sizes;
use super::types::{Planned, Planner};
use super::{Docs, Event, Extra, Kind, Ty, Type, TypeId, Use};
use crate::doc::printable;
use crate::model::NodeId;

/// Modules that are there already, and crates that generated code names.
const TAKEN_MODULES: [&str; 9] =
    ["alloc", "core", "mod_", "read", "schemas", "shared", "std", "webhook_runtime", "write"];

impl Planner<'_> {
    pub(super) fn finish(self, events: Vec<(String, String, TypeId, NodeId)>) -> Planned {
        let used = used_by(&self.drafts, &events);
        let mut scope = Scope::of_types();
        let mut variants = Scope::with(&["Unknown"]);
        let mut modules = Scope::with(&TAKEN_MODULES);
        let planned_events: Vec<Event> = events
            .iter()
            .map(|(name, wire_name, root, node)| Event {
                name: name.clone(),
                wire_name: wire_name.clone(),
                variant: variants.take(&pascal(name), ""),
                module: modules.take(&snake(name), "_"),
                root: *root,
                node: *node,
            })
            .collect();
        let event_names: Vec<String> = planned_events.iter().map(|event| event.variant.clone()).collect();
        let names = names(&self.drafts, &used, &event_names, &mut scope);
        let docs: Vec<Docs> = self
            .drafts
            .iter()
            .zip(&names)
            .map(|(draft, name)| {
                let parent = draft.parents.first().map(|parent| names[parent.0].as_str());
                described(draft, name, parent, &planned_events)
            })
            .collect();
        let mut types: Vec<Type> = self
            .drafts
            .into_iter()
            .zip(names)
            .zip(docs)
            .zip(&used)
            .map(|(((draft, name), docs), used)| Type {
                name,
                node: draft.node,
                kind: draft.kind.unwrap_or(Kind::Literals(Vec::new())),
                docs,
                event: if used.len() == 1 { used.first().copied() } else { None },
                first_event: used.first().copied().unwrap_or(draft.event),
                whole: draft.whole,
            })
            .collect();
        sizes::mark(&mut types);
        (planned_events, types, self.detours)
    }
}

/// What a type's documentation says: the schema's own words, or else what the type is for.
fn described(draft: &Draft, name: &str, parent: Option<&str>, events: &[Event]) -> Docs {
    // A title that only repeats the name says nothing.
    let repeats =
        events.iter().map(|event| event.variant.as_str()).chain([name]).any(|known| draft.docs.repeats(known));
    if !repeats {
        return draft.docs.clone();
    }
    let text = match (&draft.origin, &draft.json, parent) {
        (Origin::Event(event), ..) => format!("The payload of the event `{}`.", printable(&events[*event].name)),
        (_, Some(json), Some(parent)) => format!("What `{}` holds in `{parent}`.", printable(json)),
        (_, None, Some(parent)) => format!("A part of `{parent}`."),
        _ => format!("`{name}`."),
    };
    Docs { text, ..draft.docs.clone() }
}

fn names(drafts: &[Draft], used: &[BTreeSet<usize>], events: &[String], scope: &mut Scope) -> Vec<String> {
    let mut names: Vec<Option<String>> = vec![None; drafts.len()];
    for (index, draft) in drafts.iter().enumerate() {
        if let Origin::Event(event) = draft.origin {
            // Generated code may need the name itself.
            let name = if scope.is_free(&events[event]) { "" } else { "Event" };
            names[index] = Some(scope.take(&format!("{}{name}", events[event]), ""));
        }
    }
    // How many types want a name: definitions, and schemas that several types have in them.
    let mut wanted: HashMap<&str, usize> = HashMap::new();
    let shared = |draft: &Draft| draft.origin == Origin::Definition || draft.parents.len() > 1;
    for draft in drafts.iter().filter(|draft| !matches!(draft.origin, Origin::Event(_)) && shared(draft)) {
        *wanted.entry(&draft.base).or_default() += 1;
    }
    for (index, draft) in drafts.iter().enumerate() {
        if names[index].is_none() && shared(draft) && wanted[draft.base.as_str()] == 1 && scope.is_free(&draft.base) {
            names[index] = Some(scope.take(&draft.base, ""));
        }
    }
    for (index, draft) in drafts.iter().enumerate() {
        if names[index].is_some() {
            continue;
        }
        // A type is planned before what it has inside, so the parent has its name.
        let parent = draft.parents.first().and_then(|parent| names[parent.0].clone());
        let event = match used[index].iter().collect::<Vec<_>>().as_slice() {
            [only] => Some(events[**only].clone()),
            _ => None,
        };
        let front = if draft.origin == Origin::Definition { event.or(parent) } else { parent.or(event) };
        let front = front.unwrap_or_default();
        let repeated = draft.base.starts_with(front.as_str()) && !front.is_empty();
        let name = if repeated { draft.base.clone() } else { format!("{front}{}", draft.base) };
        names[index] = Some(scope.take(&name, ""));
    }
    names.into_iter().flatten().collect()
}

/// The events that use each type.
fn used_by(drafts: &[Draft], events: &[(String, String, TypeId, NodeId)]) -> Vec<BTreeSet<usize>> {
    let mut used = vec![BTreeSet::new(); drafts.len()];
    for (event, (_, _, root, _)) in events.iter().enumerate() {
        let mut open = vec![*root];
        while let Some(id) = open.pop() {
            if used[id.0].insert(event)
                && let Some(kind) = &drafts[id.0].kind
            {
                kind.named(&mut open);
            }
        }
    }
    used
}

impl Kind {
    /// The types that this one has inside.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        match self {
            Kind::Struct(object) => {
                object.fields.iter().for_each(|field| field.value.ty.named(found));
                if let Extra::Typed(Use { ty, .. }) = &object.extra {
                    ty.named(found);
                }
            }
            Kind::Positional(array) => {
                array
                    .fields
                    .iter()
                    .map(|field| &field.value)
                    .chain(&array.rest)
                    .for_each(|value| value.ty.named(found));
            }
            Kind::Union(union) => union.variants.iter().for_each(|variant| variant.value.ty.named(found)),
            Kind::Newtype(value) => value.ty.named(found),
            Kind::Names { .. } | Kind::Literals(_) => {}
        }
    }
}

impl Ty {
    /// The types that this one has inside.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        match self {
            Ty::Named(id) | Ty::Text(id) => found.push(*id),
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => inner.named(found),
            _ => {}
        }
    }
}
