//! Dynamic references: they mean something only from the root of an event on.

use std::collections::HashSet;

use super::types::Planner;
use crate::model::NodeId;
use crate::normalize::Schemas;

impl Planner<'_> {
    pub(super) fn leads_to_dynamic(&self, node: NodeId) -> bool {
        if self.dynamic.is_empty() {
            return false;
        }
        if !self.schemas.is_derived(node) {
            return self.dynamic.contains(&node);
        }
        // A derived schema leads to what its parts lead to.
        let keywords = self.schemas.keywords(node);
        keywords.reference.into_iter().chain(keywords.children()).any(|child| self.leads_to_dynamic(child))
    }
}

/// The nodes from which a dynamic reference is reached.
pub(super) fn leading_to_dynamic(schemas: &Schemas) -> HashSet<NodeId> {
    let mut found: HashSet<NodeId> = schemas.ids().filter(|id| schemas.keywords(*id).dynamic.is_some()).collect();
    loop {
        let before = found.len();
        for id in schemas.ids().filter(|_| before > 0) {
            let rules = schemas.keywords(id);
            if rules.reference.into_iter().chain(rules.children()).any(|child| found.contains(&child)) {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
