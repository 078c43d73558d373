//! Normalizes schemas: replaces `$ref`, `allOf`, and unions with one branch by merged keywords.
//!
//! The parsed model is never changed. Derived schemas (conjunctions, and schemas restricted to some JSON types) are
//! stored separately in [`Schemas`].
//!
//! A merged schema never constrains more than its parts together. If it constrains less, it is not exact: its type can
//! hold every valid instance, and the original schema decides which instances are valid.

mod classes;
mod merge;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use webhook_runtime::__private::schema::Types;

use crate::model::{ALL, Annotations, Keywords, Model, Node, NodeId, intersection};

pub(crate) use self::classes::{Classes, classify, refined};

/// The depth to which nested branches are searched for the types that they allow.
const BRANCH_DEPTH: usize = 4;

/// A schema, and its form without references, `allOf`, and unions with one branch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Normalized {
    /// The original schema.
    pub(crate) source: NodeId,
    /// The merged form.
    pub(crate) node: NodeId,
    /// Whether this form accepts exactly the instances that the original schema accepts.
    pub(crate) exact: bool,
}

impl Normalized {
    /// Returns the simplest schema that accepts exactly the instances of the original schema.
    pub(crate) fn precise(self) -> NodeId {
        if self.exact { self.node } else { self.source }
    }
}

/// The schemas of a parsed model, and the schemas derived from them.
///
/// Both kinds have a [`NodeId`]; derived schemas are numbered after parsed ones. A derived schema has the location of
/// one of the schemas that it was derived from.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    model: Arc<Model>,
    derived: Vec<Node>,
    normalized: HashMap<NodeId, Option<Normalized>>,
    /// The conjunctions, by their sorted parts.
    intersections: HashMap<Vec<NodeId>, NodeId>,
    /// The parts of each conjunction. Parts are never conjunctions themselves; otherwise a recursive schema that
    /// extends a recursive schema would create a new conjunction at every depth.
    parts: HashMap<NodeId, Vec<NodeId>>,
    true_schema: Option<NodeId>,
    restricted: HashMap<(NodeId, u8), NodeId>,
    /// The types that a schema allows, by its depth in branches of another schema.
    possible_types: HashMap<(NodeId, usize), Types>,
}

impl Schemas {
    /// Creates the schemas of a model, without derived ones.
    pub(crate) fn new(model: Arc<Model>) -> Schemas {
        Schemas { model, ..Schemas::default() }
    }

    /// Returns the parsed model.
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// Returns a shared reference to the parsed model.
    pub(crate) fn shared_model(&self) -> Arc<Model> {
        Arc::clone(&self.model)
    }

    /// Returns a parsed or derived schema.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        self.derived.get(id.0.wrapping_sub(self.model.nodes.len())).unwrap_or_else(|| self.model.node(id))
    }

    /// Returns the keywords of a schema.
    pub(crate) fn keywords(&self, id: NodeId) -> &Keywords {
        &self.node(id).keywords
    }

    /// Returns the file and the JSON Pointer of a schema. A derived schema has the location of the schema that it was
    /// derived from.
    pub(crate) fn place(&self, id: NodeId) -> (&str, &str) {
        self.model.place_of(self.node(id))
    }

    /// Returns the JSON Pointer of a schema in the bundled document of its event.
    pub(crate) fn bundled_pointer(&self, id: NodeId) -> String {
        self.model.bundled_pointer(self.node(id))
    }

    /// Returns the number of parsed and derived schemas.
    pub(crate) fn count(&self) -> usize {
        self.model.nodes.len() + self.derived.len()
    }

    /// Iterates over all parsed and derived schemas.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.count()).map(NodeId)
    }

    /// Returns whether a schema was derived from others.
    pub(crate) fn is_derived(&self, id: NodeId) -> bool {
        id.0 >= self.model.nodes.len()
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.derived.push(node);
        NodeId(self.count() - 1)
    }

    /// Adds a schema with the given keywords, without annotations, at the location of another schema.
    pub(crate) fn derive(&mut self, like: NodeId, keywords: Keywords) -> NodeId {
        let node = Node { keywords, annotations: Annotations::default(), ..self.node(like).clone() };
        self.add(node)
    }

    /// Adds a schema with the given keywords, at the location and with the annotations of another schema.
    pub(crate) fn derive_annotated(&mut self, like: NodeId, keywords: Keywords) -> NodeId {
        let node = Node { keywords, ..self.node(like).clone() };
        self.add(node)
    }

    /// Normalizes a schema.
    pub(crate) fn normalize(&mut self, id: NodeId) -> Normalized {
        match self.normalized.get(&id) {
            Some(Some(normalized)) => return *normalized,
            // The conjunction contains itself, so its keywords are not known yet.
            Some(None) => return Normalized { source: id, node: self.true_schema(), exact: false },
            None => {}
        }
        self.normalized.insert(id, None);
        let normalized = self.merge_parts(id);
        self.normalized.insert(id, Some(normalized));
        normalized
    }

    /// Returns the keywords of a schema without references and `allOf`.
    pub(crate) fn merged(&mut self, id: NodeId) -> &Keywords {
        let node = self.normalize(id).node;
        self.keywords(node)
    }

    /// Returns the JSON types that a schema allows, with regard to its branches.
    pub(crate) fn possible_types(&mut self, id: NodeId) -> Types {
        self.possible_types_to(id, 0)
    }

    fn possible_types_to(&mut self, id: NodeId, depth: usize) -> Types {
        if let Some(known) = self.possible_types.get(&(id, depth)) {
            return *known;
        }
        let keywords = self.merged(id).clone();
        let mut types = keywords.possible_types();
        if depth < BRANCH_DEPTH {
            for group in keywords.any_of.iter().chain(&keywords.one_of) {
                let of = |all: Types, branch: &NodeId| all.or(self.possible_types_to(*branch, depth + 1));
                types = intersection(types, group.iter().fold(Types::default(), of));
            }
        }
        self.possible_types.insert((id, depth), types);
        types
    }

    fn merge_parts(&mut self, id: NodeId) -> Normalized {
        let node = self.node(id).clone();
        let mut own = node.keywords.clone();
        let mut targets: Vec<NodeId> = own.reference.take().into_iter().collect();
        targets.append(&mut own.all_of);
        // An `anyOf` or `oneOf` with one branch is an `allOf`. Generated schemas have them, for a list of one class.
        for choices in [&mut own.any_of, &mut own.one_of] {
            targets.extend(choices.extract_if(.., |branches| branches.len() == 1).flatten());
        }
        let mut exact = own.dynamic.take().is_none();
        // These keywords apply to what all the parts leave, so they are not merged with the parts.
        let unevaluated = (own.unevaluated_items.take(), own.unevaluated_properties.take());
        if targets.is_empty() && exact && unevaluated == (None, None) {
            return Normalized { source: id, node: id, exact };
        }
        let mut annotations = node.annotations.clone();
        let mut parts = Vec::new();
        let own_is_empty = own.is_empty();
        if !own_is_empty {
            parts.push(own);
        }
        for target in &targets {
            let part = self.normalize(*target);
            exact &= part.exact;
            if own_is_empty && targets.len() == 1 && unevaluated == (None, None) {
                return Normalized { source: id, node: part.node, exact };
            }
            annotations = annotations.or(&self.node(part.node).annotations);
            parts.push(self.keywords(part.node).clone());
        }
        let mut merged = Keywords::default();
        for part in parts {
            exact &= merged.and(part, self);
        }
        // If a keyword was lost in merging, what it evaluates is unknown.
        if exact {
            merged.set_unevaluated(unevaluated);
        }
        let node = self.add(Node { keywords: merged, annotations, ..node });
        self.normalized.insert(node, Some(Normalized { source: node, node, exact: true }));
        Normalized { source: id, node, exact }
    }

    /// Returns the schema that accepts every instance.
    pub(crate) fn true_schema(&mut self) -> NodeId {
        if let Some(known) = self.true_schema {
            return known;
        }
        let node = Node {
            pointer: String::new(),
            keywords: Keywords::default(),
            annotations: Annotations::default(),
            ..self.node(NodeId(0)).clone()
        };
        let id = self.add(node);
        self.true_schema = Some(id);
        id
    }

    /// Returns the conjunction of two schemas.
    pub(crate) fn intersect(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if a == b || self.keywords(b).is_empty() {
            return a;
        }
        if self.keywords(a).is_empty() {
            return b;
        }
        let parts = |id: NodeId| self.parts.get(&id).cloned().unwrap_or_else(|| vec![id]);
        let (own, other) = (parts(a), parts(b));
        let mut all = own.clone();
        all.extend(other.iter().filter(|part| !own.contains(part)));
        if all.len() == own.len() {
            return a;
        }
        if all.len() == other.len() {
            return b;
        }
        let mut key = all.clone();
        key.sort_unstable();
        if let Some(known) = self.intersections.get(&key) {
            return *known;
        }
        let annotations = self.node(a).annotations.clone().or(&self.node(b).annotations);
        let keywords = Keywords { all_of: all.clone(), ..Keywords::default() };
        let id = self.add(Node { keywords, annotations, ..self.node(a).clone() });
        self.intersections.insert(key, id);
        self.parts.insert(id, all);
        id
    }

    fn intersect_if_both(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        merge::joined(a, b, |a, b| self.intersect(a, b))
    }

    /// Restricts a schema to instances of some types, at its location and with its annotations.
    pub(crate) fn restrict_types(&mut self, id: NodeId, types: Types) -> NodeId {
        if let Some(known) = self.restricted.get(&(id, types.0)) {
            return *known;
        }
        let keywords = self.keywords(id).clone();
        let is_normal = keywords.reference.is_none() && keywords.dynamic.is_none() && keywords.all_of.is_empty();
        let restricted = if is_normal {
            let types = Some(intersection(keywords.types.unwrap_or(ALL), types));
            self.derive_annotated(id, Keywords { types, ..keywords })
        } else {
            let only = self.derive(id, Keywords { types: Some(types), ..Keywords::default() });
            self.intersect(id, only)
        };
        self.restricted.insert((id, types.0), restricted);
        restricted
    }

    /// Returns the schemas from which a dynamic reference can be reached.
    pub(crate) fn leading_to_dynamic(&self) -> HashSet<NodeId> {
        let mut found: HashSet<NodeId> = self.ids().filter(|id| self.keywords(*id).dynamic.is_some()).collect();
        if found.is_empty() {
            return found;
        }
        let mut users: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for id in self.ids() {
            let keywords = self.keywords(id);
            for child in keywords.reference.into_iter().chain(keywords.children()) {
                users.entry(child).or_default().push(id);
            }
        }
        let mut open: Vec<NodeId> = found.iter().copied().collect();
        while let Some(id) = open.pop() {
            open.extend(users.get(&id).into_iter().flatten().filter(|user| found.insert(**user)));
        }
        found
    }
}
