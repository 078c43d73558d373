//! Adding types to a plan: equivalent schemas with the same name share one.

use std::collections::HashSet;

use super::limits::Extent;
use super::names::pascal;
use super::pending::{NameHint, Origin, PendingType};
use super::planner::Planner;
use super::types::{Docs, Kind, TypeId};
use crate::json::unescape;
use crate::model::{Annotations, Keywords, NodeId};

impl Planner<'_> {
    /// The class of a node: equivalent nodes have the same class.
    pub(super) fn class(&mut self, id: NodeId) -> u32 {
        self.classes.class(self.schemas, id)
    }

    /// A type of its own: the one that is known for the node under this name, or a new one.
    pub(super) fn draft(
        &mut self,
        hint: &NameHint,
        node: NodeId,
        kind: impl FnOnce(&mut Self, TypeId) -> Kind,
    ) -> TypeId {
        let key = (self.class(node), self.tolerant, hint.base.clone(), hint.origin.clone());
        if let Some(known) = self.known.get(&key) {
            let parents = &mut self.drafts[known.0].parents;
            if let Some(parent) = hint.parent.filter(|parent| !parents.contains(parent)) {
                parents.push(parent);
            }
            return *known;
        }
        let id = TypeId(self.drafts.len());
        self.known.insert(key, id);
        self.drafts.push(PendingType {
            base: hint.base.clone(),
            origin: hint.origin.clone(),
            parents: hint.parent.into_iter().collect(),
            node,
            kind: None,
            extent: Extent::default(),
            docs: self.docs(node),
            whole: false,
            tolerant: self.tolerant,
            event: self.event,
        });
        let in_progress = std::mem::take(&mut self.in_progress);
        let kind = kind(self, id);
        self.in_progress = in_progress;
        self.drafts[id.0].extent = self.extent(&kind);
        self.drafts[id.0].kind = Some(kind);
        id
    }

    /// The annotations of a node. What has no description of its own has that of the schema that it refers to, or of the first
    /// branch of its `allOf` that has one; failing that, its title.
    pub(super) fn docs(&self, node: NodeId) -> Docs {
        let annotated = |of: fn(&Annotations) -> &Option<String>| self.annotated(node, of, &mut HashSet::new());
        let found =
            annotated(|annotations| &annotations.description).or_else(|| annotated(|annotations| &annotations.title));
        let deprecated = self.schemas.node(node).annotations.deprecated;
        found.unwrap_or(Docs { text: String::new(), deprecated })
    }

    /// An annotation of a node, or of what it refers to, or of a branch of its `allOf`. `seen` have none.
    fn annotated(
        &self,
        node: NodeId,
        of: fn(&Annotations) -> &Option<String>,
        seen: &mut HashSet<NodeId>,
    ) -> Option<Docs> {
        if !seen.insert(node) {
            return None;
        }
        let node = self.schemas.node(node);
        let deprecated = node.annotations.deprecated;
        if let Some(text) = of(&node.annotations) {
            return Some(Docs { text: text.clone(), deprecated });
        }
        let mut parts = node.keywords.reference.iter().chain(&node.keywords.all_of);
        let found = parts.find_map(|part| self.annotated(*part, of, seen))?;
        Some(Docs { deprecated: deprecated || found.deprecated, ..found })
    }

    /// Follows references that add nothing; gives where they lead, and a name for it if they lead anywhere.
    pub(super) fn follow(&self, mut node: NodeId, hint: &NameHint) -> (NodeId, NameHint) {
        let mut hint = hint.clone();
        loop {
            let keywords = self.schemas.keywords(node);
            let own = Keywords { reference: None, ..keywords.clone() };
            match keywords.reference {
                Some(target) if own.is_empty() => {
                    node = target;
                    hint = NameHint { origin: Origin::Definition, base: self.definition(target), ..hint };
                }
                _ => return (node, hint),
            }
        }
    }

    /// What a definition is called: the last name on the way to it, or its file's.
    fn definition(&self, node: NodeId) -> String {
        let (file, pointer) = self.schemas.place(node);
        let last = pointer.rsplit('/').find(|step| !step.is_empty() && step.parse::<u32>().is_err());
        let name = last.map(unescape);
        let stem = || {
            let mut parts = file.rsplit('/');
            let name = parts.next().unwrap_or_default().trim_end_matches(".json");
            let name = name.trim_end_matches(".schema");
            if name == "schema" { parts.next().unwrap_or_default().to_owned() } else { name.to_owned() }
        };
        pascal(&name.unwrap_or_else(stem))
    }
}
