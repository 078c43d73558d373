//! Equivalence classes of schemas: schemas in the same class are structurally equal at any depth.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::Schemas;
use crate::model::{NodeId, Shape};

/// Returns the class of every schema, indexed by [`NodeId`]. Schemas with different labels are in different classes.
pub(crate) fn classify<L: Eq + Hash>(schemas: &Schemas, label: impl Fn(NodeId) -> L) -> Vec<u32> {
    let mut interned: HashMap<(L, Shape), u32> = HashMap::new();
    let mut below: Vec<Vec<NodeId>> = Vec::new();
    let classes = schemas.ids().map(|id| {
        let (shape, children) = schemas.keywords(id).shape();
        below.push(children);
        let next = interned.len() as u32;
        *interned.entry((label(id), shape)).or_insert(next)
    });
    let classes = classes.collect();
    refined(classes, &below)
}

/// Splits classes until schemas of the same class contain schemas of the same classes. `below` has the schemas that each
/// schema contains.
pub(crate) fn refined(mut classes: Vec<u32>, below: &[Vec<NodeId>]) -> Vec<u32> {
    let mut known = classes.iter().collect::<HashSet<_>>().len();
    loop {
        let mut interned: HashMap<(u32, Vec<u32>), u32> = HashMap::new();
        classes = (0..classes.len())
            .map(|index| {
                let children = below[index].iter().map(|child| classes[child.0]).collect();
                let next = interned.len() as u32;
                *interned.entry((classes[index], children)).or_insert(next)
            })
            .collect();
        // A round only splits classes, so an equal number of classes means that nothing changed.
        if interned.len() == known {
            return classes;
        }
        known = interned.len();
    }
}

/// The classes of the schemas of a model. Classes of derived schemas are added when they are queried.
#[derive(Debug)]
pub(crate) struct Classes {
    parsed: Vec<u32>,
    derived: HashMap<NodeId, u32>,
    interned: HashMap<(Shape, Vec<u32>), u32>,
}

impl Classes {
    /// Computes the classes of the existing schemas.
    pub(crate) fn new<L: Eq + Hash>(schemas: &Schemas, label: impl Fn(NodeId) -> L) -> Classes {
        Classes { parsed: classify(schemas, label), derived: HashMap::new(), interned: HashMap::new() }
    }

    /// Returns the class of a schema.
    pub(crate) fn class(&mut self, schemas: &Schemas, id: NodeId) -> u32 {
        if let Some(known) = self.parsed.get(id.0).or_else(|| self.derived.get(&id)) {
            return *known;
        }
        let (shape, children) = schemas.keywords(id).shape();
        let children = children.into_iter().map(|child| self.class(schemas, child)).collect();
        let next = (self.parsed.len() + self.interned.len()) as u32;
        let class = *self.interned.entry((shape, children)).or_insert(next);
        self.derived.insert(id, class);
        class
    }
}
