//! Schemas for which no finite JSON value is valid, because every value would have to contain another such value.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use webhook_runtime::__private::schema::Types;

use crate::model::{ALL, Keywords, Model, NodeId, intersection};
use crate::normalize::Schemas;

/// The most conjunctions that are looked at. There can be exponentially many; of more, no schema is said to be uninhabited.
const MOST_DERIVED: usize = 10_000;

/// What must hold so that a value of a schema is valid: as far as it is certain. Schemas are given by their places.
struct Needs {
    types: Types,
    /// One of each group must accept the value.
    alternatives: Vec<Vec<usize>>,
    /// `if`, and its branches.
    conditions: Vec<[Option<usize>; 3]>,
    /// The schemas of the members that every object has.
    members: Vec<usize>,
    /// The schemas that every object is valid against.
    objects: Vec<usize>,
    /// The schemas of items that every array has.
    items: Vec<usize>,
}

/// The parsed schemas that roots lead to and that accept no finite value because they are recursive.
pub(super) fn uninhabited(model: Arc<Model>, roots: &[NodeId]) -> HashSet<NodeId> {
    // Schemas of its own: what is derived for the analysis alone must not change what is generated.
    let mut schemas = Schemas::new(model);
    let parsed = schemas.count();
    let mut graph = Graph { nodes: Vec::new(), places: HashMap::new() };
    for root in roots {
        graph.place(*root);
    }
    let mut needs: Vec<Needs> = Vec::new();
    while let Some(node) = graph.nodes.get(needs.len()).copied() {
        if schemas.count() > parsed + MOST_DERIVED {
            return HashSet::new();
        }
        needs.push(graph.needs(&mut schemas, node));
    }
    // From nothing up, only finite values are found; from everything down, infinite ones too.
    let finite = fixpoint(&needs, Types::default());
    if !finite.contains(&Types::default()) {
        return HashSet::new();
    }
    let any = fixpoint(&needs, ALL);
    let is_recursive = |place: &usize| finite[*place] == Types::default() && any[*place] != Types::default();
    (0..needs.len()).filter(is_recursive).map(|place| graph.nodes[place]).collect()
}

/// The types of the values of each schema, beginning with a guess.
fn fixpoint(needs: &[Needs], guess: Types) -> Vec<Types> {
    let mut known = vec![guess; needs.len()];
    loop {
        let mut changed = false;
        // What a schema needs has mostly been found after it.
        for place in (0..needs.len()).rev() {
            let types = needs[place].types(&known);
            changed |= known[place] != types;
            known[place] = types;
        }
        if !changed {
            return known;
        }
    }
}

impl Needs {
    /// The types of the values of a schema, by those that are known of the others.
    fn types(&self, known: &[Types]) -> Types {
        let of = |place: &Option<usize>| place.map_or(ALL, |place| known[place]);
        let mut types = self.types;
        for group in &self.alternatives {
            types = intersection(types, group.iter().fold(Types::default(), |all, place| all.or(known[*place])));
        }
        for [condition, then, otherwise] in &self.conditions {
            types = intersection(types, intersection(of(condition), of(then)).or(of(otherwise)));
        }
        let is_empty = |place: &usize| known[*place] == Types::default();
        let lacks_objects = |place: &usize| intersection(known[*place], Types::OBJECT) == Types::default();
        if self.members.iter().any(is_empty) || self.objects.iter().any(lacks_objects) {
            types = Types(types.0 & !Types::OBJECT.0);
        }
        if self.items.iter().any(is_empty) {
            types = Types(types.0 & !Types::ARRAY.0);
        }
        types
    }
}

/// The schemas that are looked at, by the places that they have.
struct Graph {
    nodes: Vec<NodeId>,
    places: HashMap<NodeId, usize>,
}

impl Graph {
    fn place(&mut self, node: NodeId) -> usize {
        *self.places.entry(node).or_insert_with(|| {
            self.nodes.push(node);
            self.nodes.len() - 1
        })
    }

    fn needs(&mut self, schemas: &mut Schemas, node: NodeId) -> Needs {
        let normalized = schemas.normalize(node);
        let keywords = schemas.keywords(normalized.node).clone();
        for child in keywords.children() {
            self.place(child);
        }
        // The schemas that were merged are used by their own names elsewhere.
        let parsed = schemas.keywords(node);
        let parts: Vec<NodeId> = parsed.reference.into_iter().chain(parsed.all_of.iter().copied()).collect();
        for part in parts {
            self.place(part);
        }
        let mut places = |list: &[NodeId]| list.iter().map(|node| self.place(*node)).collect::<Vec<_>>();
        let mut needs = Needs {
            types: keywords.possible_types(),
            alternatives: keywords.any_of.iter().chain(&keywords.one_of).map(|group| places(group)).collect(),
            conditions: Vec::new(),
            members: Vec::new(),
            objects: Vec::new(),
            items: Vec::new(),
        };
        for branch in &keywords.if_then_else {
            let mut optional = |node: Option<NodeId>| node.map(|node| self.place(node));
            needs.conditions.push([Some(branch.condition), branch.then, branch.otherwise].map(&mut optional));
        }
        // A listed value is finite, whatever else is said of it.
        if keywords.const_value.is_some() || keywords.enum_values.is_some() {
            return needs;
        }
        let required = required(&keywords);
        for name in &required {
            for schema in members(schemas, &keywords, name) {
                needs.members.push(self.place(schema));
            }
        }
        let dependent = keywords.dependent_schemas.iter().filter(|(name, _)| required.contains(name));
        needs.objects = dependent.map(|(_, schema)| self.place(*schema)).collect();
        let least = usize::try_from(keywords.min_items.unwrap_or_default()).unwrap_or(usize::MAX);
        let beyond = keywords.items.filter(|_| least > keywords.prefix_items.len());
        let contained =
            keywords.contains.iter().filter(|contains| contains.min != Some(0)).map(|contains| contains.schema);
        let items = keywords.prefix_items.iter().take(least).copied().chain(beyond).chain(contained);
        needs.items = items.map(|schema| self.place(schema)).collect();
        needs
    }
}

/// The members that every object has: those that are required, and those that the required ones need.
fn required(keywords: &Keywords) -> HashSet<String> {
    let mut all: HashSet<String> = keywords.required.iter().cloned().collect();
    loop {
        let before = all.len();
        let needed = keywords.dependent_required.iter().filter(|(name, _)| all.contains(name));
        let needed: Vec<String> = needed.flat_map(|(_, needed)| needed.iter().cloned()).collect();
        all.extend(needed);
        if all.len() == before {
            return all;
        }
    }
}

/// The schemas that a member of a name is valid against.
fn members(schemas: &Schemas, keywords: &Keywords, name: &str) -> Vec<NodeId> {
    let named = keywords.properties.iter().find(|(known, _)| known == name).map(|(_, schema)| *schema);
    let matches = |source: &str| schemas.model().matches(source, name);
    let mut found: Vec<NodeId> = named.into_iter().collect();
    let patterns = &keywords.pattern_properties;
    found.extend(patterns.iter().filter(|(source, _)| matches(source) == Some(true)).map(|(_, schema)| *schema));
    if named.is_none() && patterns.iter().all(|(source, _)| matches(source) == Some(false)) {
        found.extend(keywords.additional_properties);
    }
    found
}
