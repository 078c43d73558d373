//! Finds schemas without a finite valid value: every value would have to contain another value of the same kind.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use webhook_runtime::__private::schema::Types;

use crate::model::{ALL, Keywords, Model, NodeId, intersection};
use crate::normalize::Schemas;

/// The maximum number of derived conjunctions. There can be exponentially many; beyond this number, no schema is
/// reported as uninhabited.
const MOST_DERIVED: usize = 10_000;

/// Necessary conditions for a valid value of a schema. Schemas are given by their index in the graph.
struct Needs {
    types: Types,
    /// In each group, at least one schema must accept the value.
    alternatives: Vec<Vec<usize>>,
    /// The schemas of `if`, `then` and `else`.
    conditions: Vec<[Option<usize>; 3]>,
    /// The schemas of members that every object has.
    members: Vec<usize>,
    /// The schemas that every object must satisfy.
    objects: Vec<usize>,
    /// The schemas of items that every array has.
    items: Vec<usize>,
}

/// Returns the parsed schemas, reachable from the roots, that accept no finite value because they are recursive.
pub(super) fn uninhabited(model: Arc<Model>, roots: &[NodeId]) -> HashSet<NodeId> {
    // Use separate schemas: schemas derived for this analysis must not affect the generated code.
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
    // The least fixpoint has the types of finite values only. The greatest fixpoint also has the types of infinite
    // values.
    let finite = fixpoint(&needs, Types::default());
    if !finite.contains(&Types::default()) {
        return HashSet::new();
    }
    let any = fixpoint(&needs, ALL);
    let is_recursive = |place: &usize| finite[*place] == Types::default() && any[*place] != Types::default();
    (0..needs.len()).filter(is_recursive).map(|place| graph.nodes[place]).collect()
}

/// Computes the possible types of each schema's values by iteration, starting from a guess.
fn fixpoint(needs: &[Needs], guess: Types) -> Vec<Types> {
    let mut known = vec![guess; needs.len()];
    loop {
        let mut changed = false;
        // Most schemas were added before the schemas that they depend on, so the reverse order converges faster.
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
    /// Returns the possible types of a schema's values, given the known types of other schemas.
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

/// The visited schemas, with an index for each.
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
        let keywords = schemas.merged(node).clone();
        for child in keywords.children() {
            self.place(child);
        }
        // Visit the merged schemas themselves too, because they may be used elsewhere.
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
        // Listed values are finite, regardless of other keywords.
        if keywords.const_value.is_some() || keywords.enum_values.is_some() {
            return needs;
        }
        let required = required(&keywords);
        for name in &required {
            needs.members.extend(members(schemas, &keywords, name).into_iter().map(|schema| self.place(schema)));
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

/// Returns the members that every object has: required members, and the members that these need.
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

/// Returns the schemas that a member with this name must satisfy.
fn members(schemas: &Schemas, keywords: &Keywords, name: &str) -> Vec<NodeId> {
    let named = keywords.property(name);
    let matches = |source: &str| schemas.model().matches(source, name);
    let mut found: Vec<NodeId> = named.into_iter().collect();
    let patterns = &keywords.pattern_properties;
    found.extend(patterns.iter().filter(|(source, _)| matches(source) == Some(true)).map(|(_, schema)| *schema));
    if named.is_none() && patterns.iter().all(|(source, _)| matches(source) == Some(false)) {
        found.extend(keywords.additional_properties);
    }
    found
}
