//! Names all types. A type whose base name is unambiguous gets this name.

use std::collections::{BTreeSet, HashMap};

use super::idents::possible_type;
use super::names::{Scope, module, pascal, snake};
use super::pending::{Origin, PendingType, Root};
use super::planner::Planner;
use super::sizes;
use super::types::{Docs, Event, Plan, Type, TypeId};
use crate::model::diagnostic::{Checked, Diagnostic};

/// Names of modules that always exist, and of crates that generated code refers to.
const TAKEN_MODULES: [&str; 10] =
    ["alloc", "core", "dispatch", "mod_", "read", "schemas", "shared", "std", "webhook_runtime", "write"];

/// The maximum number of bytes in the name of a type, apart from a number that keeps names apart. rustdoc writes a file for
/// each type, and most file systems limit the name of a file to 255 bytes.
const LONGEST: usize = 160;

impl Planner<'_> {
    /// Names all types and events. `roots` has the events with their indices, the oldest first.
    pub(super) fn finish(self, roots: &[(usize, Root<'_>)]) -> Checked<Plan> {
        let used = used_by(&self.pending, roots);
        let mut scope = Scope::for_types();
        let mut variants = Scope::with(&["Unknown"]);
        let mut modules = Scope::with(&TAKEN_MODULES);
        let mut planned_events: Vec<(usize, Event)> = roots
            .iter()
            .map(|(place, Root { event, node, id, .. })| {
                let planned = Event {
                    name: event.name.clone(),
                    wire_name: self.provider.wire_name(event).to_owned(),
                    variant: variants.take(&pascal(&event.name), ""),
                    module: modules.take(&module(&event.name), "_"),
                    root: *id,
                    node: *node,
                };
                (*place, planned)
            })
            .collect();
        planned_events.sort_by_key(|(place, _)| *place);
        let planned_events: Vec<Event> = planned_events.into_iter().map(|(_, event)| event).collect();
        let event_names: Vec<String> = planned_events.iter().map(|event| event.variant.clone()).collect();
        let mut names = vec![None; self.pending.len()];
        let envelope = self.provider.envelope.as_ref().map(|_| self.provider.events.len());
        // Types are named release by release, so that new events do not rename existing types.
        for release in roots.chunk_by(|(_, a), (_, b)| a.since == b.since) {
            let is_later = |place: &usize| {
                let since = roots.iter().find(|(known, _)| known == place).map(|(_, root)| root.since);
                release.first().map(|(_, root)| root.since) < since
            };
            let used_now = used.iter().map(|events| events.iter().copied().filter(|event| !is_later(event)).collect());
            let used_now: Vec<BTreeSet<usize>> = used_now.collect();
            let planned = |index: &usize| match used[*index].is_empty() {
                true => !is_later(&self.pending[*index].event),
                false => !used_now[*index].is_empty(),
            };
            let planned: BTreeSet<usize> = (0..names.len()).filter(planned).collect();
            add_names(&self.pending, &planned, &used_now, (&event_names, envelope), &mut scope, &mut names);
        }
        let internal = |what: &str| Diagnostic::internal(&self.provider.name, format!("a type was not {what}"));
        let mut types = Vec::with_capacity(self.pending.len());
        for ((ty, name), used) in self.pending.into_iter().zip(names).zip(&used) {
            let name = name.ok_or_else(|| vec![internal("named")])?;
            types.push(Type {
                docs: described(&ty, &name, &planned_events),
                name,
                node: ty.node,
                kind: ty.kind.ok_or_else(|| vec![internal("planned")])?,
                event: if used.len() == 1 { used.first().copied() } else { None },
                first_event: used.first().copied().unwrap_or(ty.event),
                buffered: ty.buffered,
                tolerant: ty.tolerant,
            });
        }
        sizes::mark(&mut types);
        let (module, has_envelope) = (snake(&self.provider.name), self.provider.envelope.is_some());
        Ok(Plan { module, roots: planned_events, has_envelope, types, notes: self.notes })
    }
}

/// Returns the documentation of a type: the schema's description. A title that only repeats a name is left out.
fn described(ty: &PendingType, name: &str, events: &[Event]) -> Docs {
    let repeats = events.iter().map(|event| event.variant.as_str()).chain([name]).any(|known| ty.docs.repeats(known));
    let text = if repeats { String::new() } else { ty.docs.text.clone() };
    Docs { text, deprecated: ty.docs.deprecated }
}

/// Names the `planned` types that have no name yet. `used` has the events that use each type. `envelope` is its index among them.
fn add_names(
    pending: &[PendingType],
    planned: &BTreeSet<usize>,
    used: &[BTreeSet<usize>],
    (events, envelope): (&[String], Option<usize>),
    scope: &mut Scope,
    names: &mut [Option<String>],
) {
    let is_planned = |id: &TypeId| planned.contains(&id.0);
    let all = || planned.iter().map(|index| (*index, &pending[*index]));
    for (index, ty) in all() {
        if let (Origin::Event(event), None) = (&ty.origin, &names[index]) {
            // Generated code may use the event's name for another item.
            let is_free = scope.is_free(&events[*event]) || Some(*event) == envelope;
            let name = if is_free { "" } else { "Event" };
            let name = format!("{}{name}", events[*event]);
            names[index] = Some(scope.take(&possible_type(shortened(&name)), ""));
        }
    }
    // The number of types that compete for each name: definitions, and schemas that several types contain.
    let mut wanted: HashMap<&str, usize> = HashMap::new();
    let shared = |ty: &PendingType| {
        ty.origin == Origin::Definition || ty.parents.iter().filter(|parent| is_planned(parent)).count() > 1
    };
    for (_, ty) in all().filter(|(_, ty)| !matches!(ty.origin, Origin::Event(_)) && shared(ty)) {
        *wanted.entry(&ty.base).or_default() += 1;
    }
    for (index, ty) in all() {
        let is_short = ty.base.len() <= LONGEST;
        if names[index].is_none() && shared(ty) && is_short && wanted[ty.base.as_str()] == 1 && scope.is_free(&ty.base)
        {
            names[index] = Some(scope.take(&possible_type(&ty.base), ""));
        }
    }
    for (index, ty) in all() {
        if names[index].is_some() {
            continue;
        }
        // A type is planned before the types that it contains, so the parent already has a name.
        let parent = ty.parents.iter().find(|parent| is_planned(parent)).and_then(|parent| names[parent.0].clone());
        let event = match used[index].iter().collect::<Vec<_>>().as_slice() {
            [only] => Some(events[**only].clone()),
            _ => None,
        };
        let front = match ty.origin {
            Origin::Definition => event.clone().or(parent),
            _ => parent.or_else(|| event.clone()),
        };
        let front = front.unwrap_or_default();
        let mut name = prefixed(&front, &ty.base);
        if name.len() > LONGEST {
            // The names of the types around this one are left out. A base that is too long itself loses its end.
            name = prefixed(&event.unwrap_or_default(), &ty.base);
        }
        names[index] = Some(scope.take(&possible_type(shortened(&name)), ""));
    }
}

/// Returns a base name with a prefix, unless it already has the prefix.
fn prefixed(prefix: &str, base: &str) -> String {
    if base.starts_with(prefix) { base.to_owned() } else { format!("{prefix}{base}") }
}

/// Returns the start of a name, with at most [`LONGEST`] bytes.
fn shortened(name: &str) -> &str {
    let mut end = name.len().min(LONGEST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// Returns the events that use each type.
fn used_by(pending: &[PendingType], roots: &[(usize, Root<'_>)]) -> Vec<BTreeSet<usize>> {
    let mut used = vec![BTreeSet::new(); pending.len()];
    for (event, root) in roots {
        let mut open = vec![root.id];
        while let Some(id) = open.pop() {
            if used[id.0].insert(*event)
                && let Some(kind) = &pending[id.0].kind
            {
                kind.named(&mut open);
            }
        }
    }
    used
}
