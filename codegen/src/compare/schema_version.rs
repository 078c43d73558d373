//! One version of a schema: its model, and what a node declares for one JSON type.

use std::collections::BTreeMap;

use webhook_runtime::__private::schema::Types;

use crate::json::Json;
use crate::model::diagnostic::Diagnostic;
use crate::model::normalize::{ALL, Normalizer, intersection};
use crate::model::{Dialect, Keywords, Model, Node, NodeId};
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
pub enum Says {
    /// It does not name the member, and names others there.
    Nothing,
    /// It takes members of any name there.
    Anything,
    /// It declares the member or the items.
    Something,
}

/// A version, ready to be walked.
pub(super) struct SchemaVersion {
    model: Model,
    normalizer: Normalizer,
    instances: Vec<Json>,
    pub(super) root: NodeId,
}

impl SchemaVersion {
    pub(super) fn new(version: Version<'_>) -> Result<SchemaVersion, Vec<Diagnostic>> {
        let (model, root) = alone(version.schema, version.library, Dialect::default())?;
        Ok(SchemaVersion { model, normalizer: Normalizer::default(), instances: version.instances.to_vec(), root })
    }

    /// The values that the payloads of this version have at a place, in which `*` stands for the first item.
    pub(super) fn values_at(&self, place: &str) -> Vec<Json> {
        let names: Vec<String> =
            place.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
        let below = |value: &Json, name: &String| match value.as_array() {
            Some(items) => items.get(name.parse::<usize>().unwrap_or_default()).cloned(),
            None => value.get(name).cloned(),
        };
        let at = |payload: &Json| names.iter().try_fold(payload.clone(), |value, name| below(&value, name));
        self.instances.iter().filter_map(at).collect()
    }

    /// What a node declares, without references and conjunctions.
    pub(super) fn node(&mut self, id: NodeId) -> &Node {
        let flat = self.normalizer.normalize(&mut self.model, id);
        self.model.node(flat.node)
    }

    /// What decides, with the lists sorted whose order counts for nothing.
    pub(super) fn rules(&mut self, id: NodeId) -> Keywords {
        let mut rules = self.node(id).keywords.clone();
        for list in [&mut rules.properties, &mut rules.pattern_properties, &mut rules.dependent_schemas] {
            list.sort_by(|a, b| a.0.cmp(&b.0));
        }
        for (_, needed) in &mut rules.dependent_required {
            needed.sort();
        }
        rules.dependent_required.sort();
        rules.required.sort();
        rules
    }

    /// The alternatives of a node: its branches, each with the adjacent keywords; or the node itself.
    pub(super) fn alternatives(&mut self, id: NodeId) -> Vec<NodeId> {
        let flat = self.normalizer.normalize(&mut self.model, id);
        let node = self.model.node(flat.node).clone();
        let mut groups = node.keywords.any_of.iter().chain(&node.keywords.one_of);
        let (Some(branches), None) = (groups.next().cloned(), groups.next()) else { return vec![flat.node] };
        let base = Keywords { any_of: Vec::new(), one_of: Vec::new(), ..node.keywords.clone() };
        let beside = match base.is_empty() {
            true => None,
            false => Some(self.model.add(Node { keywords: base, ..node })),
        };
        let with =
            |branch: NodeId| beside.map_or(branch, |beside| self.normalizer.intersect(&mut self.model, beside, branch));
        branches.into_iter().map(with).collect()
    }

    /// The JSON types that a node allows, those of its branches included.
    pub(super) fn types(&mut self, id: NodeId) -> Types {
        self.types_to(id, 0)
    }

    fn types_to(&mut self, id: NodeId, depth: usize) -> Types {
        let rules = self.rules(id);
        let mut types = rules.possible_types();
        if depth < 4 {
            for group in rules.any_of.iter().chain(&rules.one_of) {
                let all = group.iter().fold(Types::default(), |all, branch| all.or(self.types_to(*branch, depth + 1)));
                types = intersection(types, all);
            }
        }
        types
    }

    /// What the schema declares for a location: a JSON Pointer in which `*` stands for any item or member.
    pub(super) fn says(&mut self, place: &str) -> Says {
        let mut open = vec![self.root];
        let mut by_name = true;
        for name in place.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            let mut next = Vec::new();
            by_name = false;
            let branches: Vec<NodeId> = open.into_iter().flat_map(|id| self.alternatives(id)).collect();
            for branch in branches {
                let rules = self.rules(branch);
                let named = rules.properties.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
                let item = name.parse::<usize>().ok().and_then(|index| rules.prefix_items.get(index).copied());
                let all = rules.prefix_items.iter().filter(|_| name == "*").copied();
                let own = named.or(item).or(rules.items);
                next.extend(all.chain(own.or(rules.additional_properties)));
                by_name |= own.is_some() || name == "*" && !rules.prefix_items.is_empty();
                // No member is named: it is an object of anything, or an array of anything.
                if next.is_empty() && rules.properties.is_empty() && rules.required.is_empty() {
                    return Says::Anything;
                }
            }
            if next.is_empty() {
                return Says::Nothing;
            }
            open = next;
        }
        if by_name { Says::Something } else { Says::Anything }
    }

    /// A one-line summary of a node; equivalent nodes have equal summaries.
    pub(super) fn fingerprint(&mut self, id: NodeId) -> String {
        self.fingerprint_to(id, 6)
    }

    fn fingerprint_to(&mut self, id: NodeId, depth: usize) -> String {
        if depth == 0 {
            return String::new();
        }
        let (own, children) = self.rules(id).identity();
        let below: Vec<String> = children.into_iter().map(|child| self.fingerprint_to(child, depth - 1)).collect();
        format!("{own}{below:?}")
    }
}

/// The names of types, for people.
pub(super) fn named(types: Types) -> String {
    if types == ALL {
        return "anything".to_owned();
    }
    let types = if types.contains(Types::NUMBER) { Types(types.0 & !Types::INTEGER.0) } else { types };
    let names: Vec<&str> = types.names().collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") }
}
