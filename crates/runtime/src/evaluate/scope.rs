//! The dynamic scope: the dynamic anchors of the schema resources that the evaluation has entered.

use crate::schema::Id;

/// A dynamic scope, by its number.
pub(super) type ScopeId = u32;

/// The dynamic scopes that an evaluation has met.
///
/// If several resources have the same anchor, the outermost counts (Core 2020-12, section 8.2.3.2), so entering a
/// resource changes nothing if all of its anchors are known. Two ways to a place therefore usually have the same scope,
/// even through different resources, and a recursive schema does not create new scopes on each level.
#[derive(Debug)]
pub(super) struct Scopes<'s>(Vec<Vec<(&'s str, Id)>>);

impl<'s> Scopes<'s> {
    /// The scope in which no resource has an anchor.
    pub(super) const EMPTY: ScopeId = 0;

    pub(super) fn new() -> Self {
        Scopes(Vec::new())
    }

    fn anchors(&self, scope: ScopeId) -> &[(&'s str, Id)] {
        (scope as usize).checked_sub(1).and_then(|index| self.0.get(index)).map_or(&[], Vec::as_slice)
    }

    /// Returns the scope inside a resource with these anchors.
    pub(super) fn enter(&mut self, outer: ScopeId, anchors: &[(&'s str, Id)]) -> ScopeId {
        let known = self.anchors(outer);
        let is_new = |(name, _): &&(&str, Id)| known.iter().all(|(known, _)| known != name);
        let new: Vec<_> = anchors.iter().filter(is_new).copied().collect();
        if new.is_empty() {
            return outer;
        }
        let mut inner = known.to_vec();
        inner.extend(new);
        // Equal scopes get the same number, so that the memo recognizes them.
        inner.sort_unstable();
        let index = self.0.iter().position(|scope| *scope == inner).unwrap_or_else(|| {
            self.0.push(inner);
            self.0.len() - 1
        });
        index as ScopeId + 1
    }

    /// Returns the target of a dynamic reference: the schema with the anchor in the outermost resource that has it, or
    /// `fallback` if no resource has the anchor.
    pub(super) fn resolve(&self, scope: ScopeId, anchor: &str, fallback: Id) -> Id {
        self.anchors(scope).iter().find(|(name, _)| *name == anchor).map_or(fallback, |(_, id)| *id)
    }
}
