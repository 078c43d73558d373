//! One version of a schema: its model, and queries for the declarations of a node for one JSON type.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use webhook_runtime::__private::schema::Types;

use crate::json::{Json, steps};
use crate::load::catalog::Library;
use crate::model::diagnostic::Checked;
use crate::model::{ALL, Dialect, Keywords, Node, NodeId, type_names};
use crate::normalize::Schemas;
use crate::tables::validator::alone;

/// One version of a schema, with its documents and examples.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    /// The schema.
    pub schema: &'v Json,
    /// The documents that the schema may refer to, in the form that [`Validator::new`](crate::Validator::new) takes.
    pub library: &'v Library,
    /// Payloads of this version, if there are any. Their values help to recognize a renamed member.
    pub instances: &'v [Json],
}

/// Whether a schema declares a location in a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// The schema does not name this member, but names other members of the object.
    No,
    /// The schema allows members of any name there.
    Any,
    /// The schema declares the member or the items.
    Named,
}

/// A parsed version, ready to be compared.
pub(super) struct SchemaVersion {
    pub(super) schemas: Schemas,
    instances: Vec<Json>,
    /// The hashes of structures that were computed before, by node and depth.
    structures: HashMap<(NodeId, usize), u64>,
    pub(super) root: NodeId,
}

impl SchemaVersion {
    pub(super) fn new(version: Version<'_>) -> Checked<SchemaVersion> {
        let (model, root) = alone(version.schema, version.library, Dialect::default())?;
        Ok(SchemaVersion {
            schemas: Schemas::new(Arc::new(model)),
            instances: version.instances.to_vec(),
            structures: HashMap::new(),
            root,
        })
    }

    /// Returns the values at a location in the payloads of this version, where `*` stands for the first item.
    pub(super) fn values_at(&self, place: &str) -> Vec<Json> {
        let names: Vec<String> = steps(place).collect();
        self.instances.iter().filter_map(|payload| names.iter().try_fold(payload, below)).cloned().collect()
    }

    /// Returns the normalized node: references and conjunctions are merged.
    pub(super) fn node(&mut self, id: NodeId) -> &Node {
        let normalized = self.schemas.normalize(id);
        self.schemas.node(normalized.node)
    }

    /// Returns the identifier of the normalized node.
    pub(super) fn normalized(&mut self, id: NodeId) -> NodeId {
        self.schemas.normalize(id).node
    }

    /// Returns whether the keywords of any alternative of a node satisfy a predicate.
    pub(super) fn branches_any(&mut self, id: NodeId, has: impl Fn(&Keywords) -> bool) -> bool {
        self.alternatives(id).into_iter().any(|branch| has(self.schemas.keywords(branch)))
    }

    /// Returns the keywords of a node, with lists sorted where order has no meaning.
    pub(super) fn keywords(&mut self, id: NodeId) -> Keywords {
        self.node(id).keywords.sorted()
    }

    /// Returns the alternatives of a node: the branches of its only union, each intersected with the adjacent keywords,
    /// or else the node itself.
    pub(super) fn alternatives(&mut self, id: NodeId) -> Vec<NodeId> {
        let normalized = self.schemas.normalize(id);
        let node = self.schemas.node(normalized.node).clone();
        let mut groups = node.keywords.any_of.iter().chain(&node.keywords.one_of);
        let (Some(branches), None) = (groups.next().cloned(), groups.next()) else { return vec![normalized.node] };
        let base = Keywords { any_of: Vec::new(), one_of: Vec::new(), ..node.keywords.clone() };
        let adjacent = if base.is_empty() { None } else { Some(self.schemas.derive_annotated(normalized.node, base)) };
        let with = |branch: NodeId| adjacent.map_or(branch, |adjacent| self.schemas.intersect(adjacent, branch));
        branches.into_iter().map(with).collect()
    }

    /// Returns the JSON types that a node allows, with regard to its branches.
    pub(super) fn types(&mut self, id: NodeId) -> Types {
        self.schemas.possible_types(id)
    }

    /// Returns the declaration of the schema for a location: a JSON Pointer in which `*` stands for any item or member.
    pub(super) fn declared(&mut self, place: &str) -> Declared {
        let mut open = vec![self.root];
        let mut by_name = true;
        for name in steps(place) {
            let mut next = Vec::new();
            by_name = false;
            let branches: Vec<NodeId> = open.into_iter().flat_map(|id| self.alternatives(id)).collect();
            for branch in branches {
                let keywords = self.keywords(branch);
                let named = keywords.property(&name);
                let item = name.parse::<usize>().ok().and_then(|index| keywords.prefix_items.get(index).copied());
                let all = keywords.prefix_items.iter().filter(|_| name == "*").copied();
                let own = named.or(item).or(keywords.items);
                next.extend(all.chain(own.or(keywords.additional_properties)));
                by_name |= own.is_some() || name == "*" && !keywords.prefix_items.is_empty();
                // The branch names no member: it describes any object or any array.
                if next.is_empty() && keywords.properties.is_empty() && keywords.required.is_empty() {
                    return Declared::Any;
                }
            }
            if next.is_empty() {
                return Declared::No;
            }
            let mut known = HashSet::new();
            next.retain(|id| known.insert(*id));
            open = next;
        }
        if by_name { Declared::Named } else { Declared::Any }
    }

    /// Returns a hash of a node's structure down to a fixed depth. Schemas that are equivalent down to this depth have
    /// equal hashes; others have different hashes, apart from collisions.
    pub(super) fn structure(&mut self, id: NodeId) -> u64 {
        self.structure_to(id, 6)
    }

    fn structure_to(&mut self, id: NodeId, depth: usize) -> u64 {
        if let Some(known) = self.structures.get(&(id, depth)) {
            return *known;
        }
        let (shape, children) = self.node(id).keywords.shape();
        let mut hasher = DefaultHasher::new();
        shape.hash(&mut hasher);
        if let Some(depth) = depth.checked_sub(1) {
            for child in children {
                self.structure_to(child, depth).hash(&mut hasher);
            }
        }
        let structure = hasher.finish();
        self.structures.insert((id, depth), structure);
        structure
    }
}

/// Returns a member of a value or an item at a position, where `*` stands for the first item.
fn below<'j>(value: &'j Json, name: &String) -> Option<&'j Json> {
    match value.as_array() {
        Some(items) if name == "*" => items.first(),
        Some(items) => items.get(name.parse::<usize>().ok()?),
        None => value.get(name),
    }
}

/// Returns the names of types as text for people.
pub(super) fn named(types: Types) -> String {
    if types == ALL {
        return "anything".to_owned();
    }
    let names = type_names(types);
    if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") }
}
