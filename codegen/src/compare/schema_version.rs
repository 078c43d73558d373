//! One version of a schema: its model, and what a node declares for one JSON type.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use webhook_runtime::__private::schema::Types;

use crate::json::{Json, steps};
use crate::model::diagnostic::Diagnostic;
use crate::model::{ALL, Dialect, Keywords, Node, NodeId, type_names};
use crate::normalize::Schemas;
use crate::tables::validator::alone;

/// A version of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    /// The schema.
    pub schema: &'v Json,
    /// The documents that it may refer to, as [`Validator::new`](crate::Validator::new) takes them.
    pub library: &'v BTreeMap<String, Json>,
    /// Payloads of this version, if there are any: a member that has another name now is recognized by its value.
    pub instances: &'v [Json],
}

/// What a schema declares for a location in a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// It does not name the member, and names others there.
    No,
    /// It takes members of any name there.
    Any,
    /// It declares the member or the items.
    Named,
}

/// A version, ready to be walked.
pub(super) struct SchemaVersion {
    pub(super) schemas: Schemas,
    instances: Vec<Json>,
    /// Structures that are known, by how deep they are looked at.
    structures: HashMap<(NodeId, usize), u64>,
    pub(super) root: NodeId,
}

impl SchemaVersion {
    pub(super) fn new(version: Version<'_>) -> Result<SchemaVersion, Vec<Diagnostic>> {
        let (model, root) = alone(version.schema, version.library, Dialect::default())?;
        Ok(SchemaVersion {
            schemas: Schemas::new(Arc::new(model)),
            instances: version.instances.to_vec(),
            structures: HashMap::new(),
            root,
        })
    }

    /// The values that the payloads of this version have at a place, in which `*` stands for the first item.
    pub(super) fn values_at(&self, place: &str) -> Vec<Json> {
        let names: Vec<String> = steps(place).collect();
        let below = |value: &Json, name: &String| match value.as_array() {
            Some(items) if name == "*" => items.first().cloned(),
            Some(items) => items.get(name.parse::<usize>().ok()?).cloned(),
            None => value.get(name).cloned(),
        };
        let at = |payload: &Json| names.iter().try_fold(payload.clone(), |value, name| below(&value, name));
        self.instances.iter().filter_map(at).collect()
    }

    /// What a node declares, without references and conjunctions.
    pub(super) fn node(&mut self, id: NodeId) -> &Node {
        let normalized = self.schemas.normalize(id);
        self.schemas.node(normalized.node)
    }

    /// The node without references and conjunctions.
    pub(super) fn normalized(&mut self, id: NodeId) -> NodeId {
        self.schemas.normalize(id).node
    }

    /// Whether a branch of a node has some keywords.
    pub(super) fn branches_any(&mut self, id: NodeId, has: impl Fn(&Keywords) -> bool) -> bool {
        self.alternatives(id).into_iter().any(|branch| has(self.schemas.keywords(branch)))
    }

    /// The keywords of a node, with every list sorted whose order has no meaning.
    pub(super) fn keywords(&mut self, id: NodeId) -> Keywords {
        self.node(id).keywords.sorted()
    }

    /// The alternatives of a node: its branches, each with the adjacent keywords; or the node itself.
    pub(super) fn alternatives(&mut self, id: NodeId) -> Vec<NodeId> {
        let normalized = self.schemas.normalize(id);
        let node = self.schemas.node(normalized.node).clone();
        let mut groups = node.keywords.any_of.iter().chain(&node.keywords.one_of);
        let (Some(branches), None) = (groups.next().cloned(), groups.next()) else { return vec![normalized.node] };
        let base = Keywords { any_of: Vec::new(), one_of: Vec::new(), ..node.keywords.clone() };
        let adjacent = match base.is_empty() {
            true => None,
            false => Some(self.schemas.derive_annotated(normalized.node, base)),
        };
        let with = |branch: NodeId| adjacent.map_or(branch, |adjacent| self.schemas.intersect(adjacent, branch));
        branches.into_iter().map(with).collect()
    }

    /// The JSON types that a node allows, those of its branches included.
    pub(super) fn types(&mut self, id: NodeId) -> Types {
        self.schemas.possible_types(id)
    }

    /// What the schema declares for a location: a JSON Pointer in which `*` stands for any item or member.
    pub(super) fn declared(&mut self, place: &str) -> Declared {
        let mut open = vec![self.root];
        let mut by_name = true;
        for name in steps(place) {
            let mut next = Vec::new();
            by_name = false;
            let branches: Vec<NodeId> = open.into_iter().flat_map(|id| self.alternatives(id)).collect();
            for branch in branches {
                let keywords = self.keywords(branch);
                let named = keywords.properties.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
                let item = name.parse::<usize>().ok().and_then(|index| keywords.prefix_items.get(index).copied());
                let all = keywords.prefix_items.iter().filter(|_| name == "*").copied();
                let own = named.or(item).or(keywords.items);
                next.extend(all.chain(own.or(keywords.additional_properties)));
                by_name |= own.is_some() || name == "*" && !keywords.prefix_items.is_empty();
                // No member is named: it is an object of anything, or an array of anything.
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

    /// The structure of a node, down to some depth: equal for equivalent schemas, and else different, but for a collision of hashes.
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

/// The names of types, for people.
pub(super) fn named(types: Types) -> String {
    if types == ALL {
        return "anything".to_owned();
    }
    let names = type_names(types);
    if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") }
}
