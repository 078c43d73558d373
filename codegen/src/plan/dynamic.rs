//! Dynamic references: they mean something only from the root of an event on.

use super::planner::Planner;
use crate::model::NodeId;

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
