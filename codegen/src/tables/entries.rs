//! Finds the entries of a table and names them.
//!
//! Types and definitions have their own names. A schema of a few keywords is named after these keywords, and any other
//! schema after its location. Equivalent schemas with the same name share an entry. No name depends on which other
//! events exist: a new event adds entries, but changes none.

use std::collections::{HashMap, HashSet};

use webhook_runtime::__private::schema::{Id, Types};

use crate::json::Json;
use crate::model::{Keywords, NodeId};
use crate::normalize::{Schemas, classify};
use crate::plan::names::screaming;
use crate::plan::{Plan, TypeId};
use crate::text::unused;

/// The maximum length of a name that is derived from keywords.
const LONGEST: usize = 48;

/// The entries of a table.
#[derive(Debug)]
pub(crate) struct Entries {
    /// The first node of each entry.
    pub(crate) nodes: Vec<NodeId>,
    /// The name of each entry. Empty for tables that are not rendered.
    pub(crate) names: Vec<String>,
    /// The entry of each schema that another entry contains or refers to.
    links: HashMap<(Id, NodeId), Id>,
    ids: HashMap<NodeId, Id>,
}

impl Entries {
    /// Finds the entries of some nodes and of all nodes reachable from them: one for each class of equivalent schemas.
    pub(crate) fn by_class(schemas: &Schemas, wanted: &[NodeId]) -> Entries {
        Discovery::new(schemas, None).entries(wanted.iter().map(|node| (Place::default(), *node)))
    }

    /// Finds the entries of a plan, with names.
    pub(crate) fn named(schemas: &Schemas, plan: &Plan) -> Entries {
        let types = (0..plan.types.len()).map(TypeId);
        let ids = plan.roots.iter().map(|event| event.root).chain(types);
        let wanted = ids.flat_map(|id| {
            let place = Place::of_type(plan, id);
            plan.schemas_of(id).into_iter().map(move |(segment, node)| (place.at(&segment), node))
        });
        Discovery::new(schemas, Some(plan)).entries(wanted)
    }

    /// Returns the entry of a schema that the entry `from` contains or refers to.
    pub(super) fn linked(&self, from: Id, to: NodeId) -> Option<Id> {
        self.links.get(&(from, to)).copied()
    }

    /// Returns the entry of a node.
    pub(super) fn id(&self, node: NodeId) -> Option<Id> {
        self.ids.get(&node).copied()
    }
}

/// The location of a schema, from which its name is derived.
#[derive(Clone, Debug, Default)]
struct Place {
    /// The only event with the schema; `None` if events share it.
    event: Option<usize>,
    /// The name of a type or definition, followed by the path from there.
    path: String,
}

impl Place {
    fn of_type(plan: &Plan, id: TypeId) -> Place {
        Place { event: plan.event_of(id), path: screaming(&plan.types[id.0].name) }
    }

    /// Returns the location of a part of this schema.
    fn at(&self, segment: &str) -> Place {
        Place { event: self.event, path: screaming(&format!("{}_{segment}", self.path)) }
    }
}

struct Discovery<'m> {
    schemas: &'m Schemas,
    /// The source of names. Without a plan, entries have no names.
    plan: Option<&'m Plan>,
    classes: Vec<u32>,
    dynamic: bool,
    types: HashMap<u32, Vec<TypeId>>,
    /// The index in `found` of each entry, by class and name.
    known: HashMap<(u32, String), usize>,
    found: Vec<Found>,
    links: HashMap<(usize, NodeId), usize>,
    ids: HashMap<NodeId, usize>,
}

/// An entry under construction.
struct Found {
    node: NodeId,
    /// The location that its parts are named after.
    place: Place,
    /// The name, which is not unique yet.
    name: String,
    /// The group in which it is listed: its event, then shared schemas, then schemas named after keywords.
    group: usize,
}

impl<'m> Discovery<'m> {
    fn new(schemas: &'m Schemas, plan: Option<&'m Plan>) -> Discovery<'m> {
        let dynamic = schemas.ids().any(|id| schemas.keywords(id).dynamic.is_some());
        let label = |id: NodeId| {
            let node = schemas.node(id);
            // If there are dynamic references, the resource of a schema matters, and whether the schema is the root of
            // the resource.
            let resource = |id: NodeId| {
                let resource = schemas.node(id).resource;
                dynamic.then(|| (resource, schemas.model().resources[resource].root == id))
            };
            let target = |id: NodeId| (schemas.bundled_pointer(id), resource(id));
            let references = [node.keywords.reference, node.keywords.dynamic.as_ref().map(|(_, id)| *id)];
            // A schema that has only `type` means the same in every dialect and resource.
            let around = (!is_simple(&node.keywords)).then(|| (node.dialect, resource(id)));
            (around, references.map(|id| id.map(target)))
        };
        let classes = classify(schemas, label);
        let mut types: HashMap<u32, Vec<TypeId>> = HashMap::new();
        for (index, ty) in plan.iter().flat_map(|plan| plan.types.iter().enumerate()) {
            types.entry(classes[ty.node.0]).or_default().push(TypeId(index));
        }
        let (known, found, links, ids) = Default::default();
        Discovery { schemas, plan, classes, dynamic, types, known, found, links, ids }
    }

    fn entries(mut self, wanted: impl IntoIterator<Item = (Place, NodeId)>) -> Entries {
        let mut done = 0;
        for (place, node) in wanted {
            self.entry(place, node);
            while done < self.found.len() {
                self.follow(done);
                done += 1;
            }
        }
        self.finish()
    }

    /// Returns the index of the entry of a node at a location. If a node has several locations, the first location
    /// within an event determines its name.
    fn entry(&mut self, place: Place, node: NodeId) -> usize {
        if let Some(index) = self.ids.get(&node).filter(|index| self.found[**index].place.event == place.event) {
            return *index;
        }
        let found = match self.plan {
            Some(plan) => self.named(plan, place, node),
            None => Found { node, place, name: String::new(), group: 0 },
        };
        let key = (self.classes[node.0], found.name.clone());
        let index = *self.known.entry(key).or_insert(self.found.len());
        if index == self.found.len() {
            self.found.push(found);
        }
        self.ids.entry(node).or_insert(index);
        index
    }

    fn follow(&mut self, from: usize) {
        let (node, place) = (self.found[from].node, self.found[from].place.clone());
        let keywords = self.schemas.keywords(node);
        let mut next = parts(keywords);
        next.extend(keywords.dynamic.as_ref().map(|(_, id)| ("dynamic_ref".to_owned(), *id)));
        if self.dynamic {
            let entered = [Some(node), keywords.reference].into_iter().flatten();
            for resource in entered.map(|id| self.schemas.node(id).resource) {
                next.extend(self.schemas.model().resources[resource].dynamic_anchors.iter().cloned());
            }
        }
        let mut next: Vec<_> = next.into_iter().map(|(segment, to)| (place.at(&segment), to)).collect();
        let definition = |id: NodeId| self.plan.map_or_else(Place::default, |plan| self.definition(plan, id));
        next.extend(keywords.reference.map(|id| (definition(id), id)));
        for (place, to) in next {
            let index = self.entry(place, to);
            self.links.insert((from, to), index);
        }
    }

    fn named(&self, plan: &Plan, place: Place, node: NodeId) -> Found {
        let shared = plan.roots.len();
        if let Some(place) = self.root(plan, place.event, node) {
            return Found { node, group: place.event.unwrap_or(shared), name: place.path.clone(), place };
        }
        match self.content(plan, place.event, node, 0) {
            Some(name) => Found { node, place, name, group: shared + 1 },
            None => Found { node, group: place.event.unwrap_or(shared), name: place.path.clone(), place },
        }
    }

    /// Returns the location of a type, or of a schema that is a definition. Returns `None` for schemas that have only
    /// `type`. `event` is the only event that has the schema.
    fn root(&self, plan: &Plan, event: Option<usize>, node: NodeId) -> Option<Place> {
        if is_simple(self.schemas.keywords(node)) {
            return None;
        }
        let types = self.types.get(&self.classes[node.0]).map_or(&[][..], Vec::as_slice);
        let is_own = |id: &&TypeId| plan.types[id.0].node == node;
        let is_near = |id: &&TypeId| plan.event_of(**id).is_none_or(|of| Some(of) == event);
        if let Some(id) = types.iter().find(is_own).or_else(|| types.iter().find(is_near)) {
            return Some(Place::of_type(plan, *id));
        }
        let pointer = self.schemas.place(node).1;
        let is_definition = pointer.is_empty() || matches!(pointer.rsplit('/').nth(1), Some("$defs" | "definitions"));
        (is_definition && !self.schemas.is_derived(node)).then(|| self.definition(plan, node))
    }

    /// Returns the location of the target of a reference.
    fn definition(&self, plan: &Plan, node: NodeId) -> Place {
        let (file, pointer) = self.schemas.place(node);
        let document = |node: NodeId| self.schemas.node(node).document;
        let event = plan.roots.iter().position(|event| document(event.node) == document(node));
        let last = match pointer.rsplit('/').next() {
            Some(last) if !last.is_empty() => last,
            _ => file.rsplit('/').next().map_or(file, |name| name.trim_end_matches(".json")),
        };
        let of_event = event.map(|event| plan.types[plan.roots[event].root.0].name.as_str());
        Place { event, path: of_event.unwrap_or_default().to_owned() }.at(last)
    }

    /// Returns a name derived from the schema's keywords, if it has only a few.
    fn content(&self, plan: &Plan, event: Option<usize>, node: NodeId, depth: usize) -> Option<String> {
        let keywords = self.schemas.keywords(node);
        let Keywords { types, is_false, reference, items, .. } = *keywords;
        let Keywords { const_value, any_of, one_of, .. } = keywords.clone();
        let named = Keywords { types, is_false, reference, items, const_value, any_of, one_of, ..Keywords::default() };
        // Schemas may refer to each other in a circle.
        if *keywords != named || depth > 3 {
            return None;
        }
        let name = |id: NodeId| {
            let root = self.root(plan, event, id).map(|place| place.path);
            root.or_else(|| self.content(plan, event, id, depth + 1))
        };
        let all =
            |list: &[NodeId]| list.iter().map(|id| name(*id)).collect::<Option<Vec<_>>>().map(|all| all.join("_"));
        let text = match (reference, items, &named.const_value, named.any_of.as_slice(), named.one_of.as_slice()) {
            _ if is_simple(keywords) => simple_name(keywords),
            (Some(id), None, None, [], []) if types.is_none() => {
                return Some(format!("{}_REF", name(id).unwrap_or_else(|| self.definition(plan, id).path)));
            }
            (None, Some(id), None, [], []) if types == Some(Types::ARRAY) => format!("ARRAY_OF_{}", name(id)?),
            (None, None, Some(value), [], []) if types.is_none() => format!("CONST_{}", value_name(value)?),
            (None, None, Some(value), [], []) => format!("{}_CONST_{}", simple_name(keywords), value_name(value)?),
            (None, None, None, [list], []) if types.is_none() => format!("ANY_OF_{}", all(list)?),
            (None, None, None, [], [list]) if types.is_none() => format!("ONE_OF_{}", all(list)?),
            _ => return None,
        };
        (text.len() <= LONGEST).then_some(text)
    }

    /// Sorts the entries, and makes their names unique.
    fn finish(self) -> Entries {
        let mut order: Vec<usize> = (0..self.found.len()).collect();
        if let Some(plan) = self.plan {
            // Shared entries are sorted by name, so that their order does not depend on which event is visited first.
            order.sort_by_key(|index| {
                let Found { group, name, .. } = &self.found[*index];
                (*group, if *group < plan.roots.len() { "" } else { name.as_str() }, *index)
            });
        }
        let mut ids: Vec<Id> = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(index, id)| ids[*index] = id);
        let mut taken: HashSet<String> = ["SCHEMAS".to_owned(), String::new()].into();
        let names = order.iter().map(|index| unique(&self.found[*index].name, &mut taken)).collect();
        Entries {
            nodes: order.iter().map(|index| self.found[*index].node).collect(),
            names: if self.plan.is_some() { names } else { Vec::new() },
            links: self.links.into_iter().map(|((from, to), index)| ((ids[from], to), ids[index])).collect(),
            ids: self.ids.into_iter().map(|(node, index)| (node, ids[index])).collect(),
        }
    }
}

fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let name =
        if name.starts_with(|c: char| unicode_ident::is_xid_start(c)) { name.to_owned() } else { format!("X{name}") };
    let unique = unused(&name, |name| taken.contains(name));
    taken.insert(unique.clone());
    unique
}

/// Returns whether the schema has no keyword but `type`.
fn is_simple(keywords: &Keywords) -> bool {
    *keywords == Keywords { types: keywords.types, is_false: keywords.is_false, ..Keywords::default() }
}

fn simple_name(keywords: &Keywords) -> String {
    match keywords.types {
        _ if keywords.is_false => "NEVER".to_owned(),
        None => "ANYTHING".to_owned(),
        Some(Types(0)) => "NO_TYPE".to_owned(),
        Some(types) => {
            let mut names: Vec<&str> = types.names().collect();
            names.sort_by_key(|name| *name == "null");
            names.join("_or_").to_uppercase()
        }
    }
}

/// Returns a value as a part of a name.
fn value_name(value: &Json) -> Option<String> {
    let name = match value {
        Json::Boolean(value) => value.to_string().to_uppercase(),
        Json::Number(text) => text.replace('-', "MINUS_").replace(['.', '+'], "_").to_uppercase(),
        Json::String(text) => screaming(text),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    Some(name).filter(|name| !name.is_empty())
}

/// Returns the schemas that a schema contains, each with the segment that it adds to the name.
fn parts(keywords: &Keywords) -> Vec<(String, NodeId)> {
    let counted = |name: &str, list: &[NodeId]| -> Vec<(String, NodeId)> {
        let name = |index: usize| if list.len() == 1 { name.to_owned() } else { format!("{name}_{index}") };
        list.iter().enumerate().map(|(index, id)| (name(index), *id)).collect()
    };
    let one = |name: &str, id: Option<NodeId>| id.map(|id| (name.to_owned(), id));
    let mut all: Vec<(String, NodeId)> = keywords.properties.clone();
    let patterns: Vec<NodeId> = keywords.pattern_properties.iter().map(|(_, id)| *id).collect();
    all.extend(counted("pattern_properties", &patterns));
    all.extend(one("additional_properties", keywords.additional_properties));
    all.extend(counted("property_names", &keywords.property_names));
    all.extend(counted("prefix_item", &keywords.prefix_items));
    all.extend(one("item", keywords.items));
    let contains: Vec<NodeId> = keywords.contains.iter().map(|contains| contains.schema).collect();
    all.extend(counted("contains", &contains));
    all.extend(counted("all_of", &keywords.all_of));
    all.extend(keywords.any_of.iter().flat_map(|branches| counted("any_of", branches)));
    all.extend(keywords.one_of.iter().flat_map(|branches| counted("one_of", branches)));
    all.extend(counted("not", &keywords.not));
    for condition in &keywords.if_then_else {
        all.push(("if".to_owned(), condition.condition));
        all.extend(one("then", condition.then));
        all.extend(one("else", condition.otherwise));
    }
    all.extend(keywords.dependent_schemas.iter().map(|(name, id)| (format!("if_{name}"), *id)));
    all.extend(one("unevaluated_items", keywords.unevaluated_items));
    all.extend(one("unevaluated_properties", keywords.unevaluated_properties));
    all
}
