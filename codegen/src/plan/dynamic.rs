//! Dynamic references: they mean something only from the root of an event on.

use std::collections::HashSet;

use super::types::Planner;
use crate::model::{Model, NodeId};

impl Planner<'_> {
    pub(super) fn leads_to_dynamic(&self, node: NodeId) -> bool {
        if self.dynamic.is_empty() {
            return false;
        }
        // A node that planning made leads where its parts lead.
        let own = (node.0 as usize) < self.classes.len();
        let rules = self.model.keywords(node);
        match own {
            true => self.dynamic.contains(&node),
            false => rules.reference.into_iter().chain(rules.children()).any(|child| self.leads_to_dynamic(child)),
        }
    }
}

/// The nodes from which a dynamic reference is reached.
pub(super) fn leading_to_dynamic(model: &Model) -> HashSet<NodeId> {
    let all = || (0..model.nodes.len() as u32).map(NodeId);
    let mut found: HashSet<NodeId> = all().filter(|id| model.keywords(*id).dynamic.is_some()).collect();
    loop {
        let before = found.len();
        for id in all().filter(|_| before > 0) {
            let rules = model.keywords(id);
            if rules.reference.into_iter().chain(rules.children()).any(|child| found.contains(&child)) {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
