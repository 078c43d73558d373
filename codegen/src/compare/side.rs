//! One version of a schema: its model, and what a node of it says for one JSON type.

use std::collections::BTreeMap;

use webhook_runtime::schema::Types;

use crate::diagnostic::Diagnostic;
use crate::json::Json;
use crate::model::algebra::{ALL, Algebra, meet};
use crate::model::{Dialect, Input, Model, Node, NodeId, Rules, parse};
use crate::plan::types_of;

/// A version of a schema: a document, and those that it may refer to, by their paths below schema-defs.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    /// The path of the schema's file below schema-defs.
    pub file: &'v str,
    /// The schema.
    pub schema: &'v Json,
    /// The documents that it may refer to.
    pub documents: &'v BTreeMap<String, Json>,
}

/// A version, ready to be walked.
pub(super) struct Side {
    model: Model,
    algebra: Algebra,
    pub(super) root: NodeId,
}

impl Side {
    pub(super) fn new(version: Version<'_>) -> Result<Side, Vec<Diagnostic>> {
        let uri = crate::generate::uri;
        let library = version.documents.iter().map(|(file, json)| (uri(file), (file.clone(), json.clone()))).collect();
        let roots = vec![(uri(version.file), version.file.to_owned(), version.schema.clone())];
        let dialect = Dialect::Draft202012;
        let (model, roots) = parse(Input { roots, library, annotations: &[], lenient: true, dialect })?;
        Ok(Side { model, algebra: Algebra::default(), root: roots.first().copied().unwrap_or(NodeId(0)) })
    }

    /// What a node says, without references and conjunctions.
    pub(super) fn node(&mut self, id: NodeId) -> &Node {
        let flat = self.algebra.flatten(&mut self.model, id);
        self.model.node(flat.node)
    }

    pub(super) fn rules(&mut self, id: NodeId) -> Rules {
        self.node(id).rules.clone()
    }

    /// The alternatives of a node: its branches, each with what stands beside them; or the node itself.
    pub(super) fn alternatives(&mut self, id: NodeId) -> Vec<NodeId> {
        let flat = self.algebra.flatten(&mut self.model, id);
        let node = self.model.node(flat.node).clone();
        let mut groups = node.rules.any_of.iter().chain(&node.rules.one_of);
        let (Some(branches), None) = (groups.next().cloned(), groups.next()) else { return vec![flat.node] };
        let base = Rules { any_of: Vec::new(), one_of: Vec::new(), ..node.rules.clone() };
        let beside = match base.says_nothing() {
            true => None,
            false => Some(self.model.add(Node { rules: base, ..node })),
        };
        let with = |branch: NodeId| beside.map_or(branch, |beside| self.algebra.both(&mut self.model, beside, branch));
        branches.into_iter().map(with).collect()
    }

    /// The JSON types that a node allows, those of its branches included.
    pub(super) fn types(&mut self, id: NodeId) -> Types {
        self.types_to(id, 0)
    }

    fn types_to(&mut self, id: NodeId, depth: usize) -> Types {
        let rules = self.rules(id);
        let mut types = types_of(&rules);
        if depth < 4 {
            for group in rules.any_of.iter().chain(&rules.one_of) {
                let all = group.iter().fold(Types::default(), |all, branch| all.or(self.types_to(*branch, depth + 1)));
                types = meet(types, all);
            }
        }
        types
    }

    /// Whether the schema names the member at a place, or leaves open what members there are.
    pub(super) fn speaks_of(&mut self, place: &str) -> bool {
        let mut open = vec![self.root];
        for name in place.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            let mut next = Vec::new();
            let branches: Vec<NodeId> = open.into_iter().flat_map(|id| self.alternatives(id)).collect();
            for branch in branches {
                let rules = self.rules(branch);
                let named = rules.members.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
                let item = name.parse::<usize>().ok().and_then(|index| rules.prefix.get(index).copied());
                let all = rules.prefix.iter().filter(|_| name == "*").copied();
                next.extend(all.chain(named.or(item).or(rules.rest).or(rules.additional)));
                // No member is named: it is an object of anything, or an array of anything.
                if next.is_empty() && rules.members.is_empty() && rules.required.is_empty() {
                    return true;
                }
            }
            if next.is_empty() {
                return false;
            }
            open = next;
        }
        true
    }

    /// What a node says in one line: two nodes that say the same have the same.
    pub(super) fn fingerprint(&mut self, id: NodeId) -> String {
        self.fingerprint_to(id, 6)
    }

    fn fingerprint_to(&mut self, id: NodeId, depth: usize) -> String {
        let rules = self.rules(id);
        let mut children = Vec::new();
        let mut own = rules.map_ids(|child| {
            children.push(child);
            NodeId(0)
        });
        own.required.sort();
        if depth == 0 {
            return String::new();
        }
        let below: Vec<String> = children.into_iter().map(|child| self.fingerprint_to(child, depth - 1)).collect();
        format!("{own:?}{below:?}")
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
