//! Types whose names are not yet chosen, and what they will be called after.

use super::names::{pascal, singular};
use super::types::Planner;
use super::{Docs, Kind, TypeId};
use crate::model::{Keywords, NodeId};

/// Where a type gets its name from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// An event; its place.
    Event(usize),
    /// A definition that others refer to.
    Definition,
    /// A schema inside another.
    Inline,
}

/// What a type is called after.
#[derive(Clone, Debug)]
pub(super) struct NameHint {
    pub(super) origin: Origin,
    pub(super) base: String,
    pub(super) parent: Option<TypeId>,
}

impl NameHint {
    pub(super) fn member(parent: TypeId, name: &str) -> NameHint {
        NameHint { origin: Origin::Inline, base: pascal(name), parent: Some(parent) }
    }

    pub(super) fn item(&self) -> NameHint {
        NameHint {
            origin: Origin::Inline,
            base: pascal(&singular(&heck::ToSnakeCase::to_snake_case(self.base.as_str()))),
            ..self.clone()
        }
    }
}

/// A type whose name is not yet chosen.
pub(super) struct PendingType {
    pub(super) base: String,
    pub(super) origin: Origin,
    pub(super) parents: Vec<TypeId>,
    pub(super) node: NodeId,
    pub(super) kind: Option<Kind>,
    pub(super) docs: Docs,
    pub(super) whole: bool,
    /// Whether a member that is not required is set aside when its value does not fit.
    pub(super) tolerant: bool,
    /// The event whose planning first met it.
    pub(super) event: usize,
}

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
            docs: self.docs(node),
            whole: false,
            tolerant: self.tolerant,
            event: self.event,
        });
        let in_progress = std::mem::take(&mut self.in_progress);
        let kind = kind(self, id);
        self.in_progress = in_progress;
        self.drafts[id.0].kind = Some(kind);
        id
    }

    /// The annotations of a node. A reference without annotations has those of its target.
    pub(super) fn docs(&self, node: NodeId) -> Docs {
        let mut id = node;
        loop {
            let node = self.schemas.node(id);
            let title = node.annotations.title.clone().unwrap_or_default();
            match (&node.annotations.description, node.keywords.reference) {
                (Some(text), _) => return Docs { text: text.clone(), deprecated: node.annotations.deprecated },
                (None, Some(target)) => id = target,
                (None, None) => return Docs { text: title, deprecated: node.annotations.deprecated },
            }
        }
    }

    /// Follows references that add nothing; gives where they lead, and a name for it if they lead anywhere.
    pub(super) fn follow(&self, mut node: NodeId, hint: &NameHint) -> (NodeId, NameHint) {
        let mut hint = hint.clone();
        loop {
            let rules = self.schemas.keywords(node);
            let own = Keywords { reference: None, ..rules.clone() };
            match rules.reference {
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
        let name = last.map(|step| step.replace("~1", "/").replace("~0", "~"));
        let stem = || {
            let mut parts = file.rsplit('/');
            let name = parts.next().unwrap_or_default().trim_end_matches(".json");
            let name = name.trim_end_matches(".schema");
            if name == "schema" { parts.next().unwrap_or_default().to_owned() } else { name.to_owned() }
        };
        pascal(&name.unwrap_or_else(stem))
    }
}
