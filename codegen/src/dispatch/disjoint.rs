//! Proves that no instance satisfies two schemas. If there is no proof, such an instance may or may not exist.

use webhook_runtime::__private::schema::Types;

use crate::json::same;
use crate::model::{Keywords, NodeId, intersection};
use crate::normalize::Schemas;

/// The maximum depth of the proof.
const DEPTH: usize = 6;

/// The maximum number of pairs of schemas that a proof visits. If more are needed, there is no proof.
const MOST_PAIRS: usize = 10_000;

/// Returns whether it is proven that no instance satisfies both schemas.
pub(super) fn disjoint(schemas: &mut Schemas, a: NodeId, b: NodeId) -> bool {
    proves(schemas, a, b, 0, &mut MOST_PAIRS.clone())
}

fn proves(schemas: &mut Schemas, a: NodeId, b: NodeId, depth: usize, pairs_left: &mut usize) -> bool {
    let Some(left) = pairs_left.checked_sub(1).filter(|_| depth <= DEPTH) else { return false };
    *pairs_left = left;
    // Normalization may lose a constraint but never adds one, so if the normalized schemas are disjoint, the original
    // ones are.
    let (a, b) = (schemas.normalize(a).node, schemas.normalize(b).node);
    let (left, right) = (schemas.keywords(a).clone(), schemas.keywords(b).clone());
    let types = intersection(left.possible_types(), right.possible_types());
    if types == Types::default() {
        return true;
    }
    if let (Some(a), Some(b)) = (left.possible_values(), right.possible_values())
        && !a.iter().any(|a| b.iter().any(|b| same(a, b)))
    {
        return true;
    }
    // A group of branches is disjoint from a schema if every branch is. One such group suffices, because an instance
    // must satisfy all groups.
    for (keywords, other) in [(&left, b), (&right, a)] {
        for branches in keywords.any_of.iter().chain(&keywords.one_of) {
            if branches.iter().all(|branch| proves(schemas, *branch, other, depth + 1, pairs_left)) {
                return true;
            }
        }
    }
    types == Types::OBJECT && objects(schemas, &left, &right, depth, pairs_left)
}

fn objects(schemas: &mut Schemas, left: &Keywords, right: &Keywords, depth: usize, pairs_left: &mut usize) -> bool {
    // Only a required member proves anything: if a member is optional in both schemas, both accept `{}`.
    for name in left.required.iter().chain(&right.required) {
        let (Some(a), Some(b)) = (member(schemas, left, name), member(schemas, right, name)) else { continue };
        let never = |schemas: &Schemas, id: NodeId| schemas.keywords(id).is_false;
        if never(schemas, a) || never(schemas, b) || proves(schemas, a, b, depth + 1, pairs_left) {
            return true;
        }
    }
    false
}

/// Returns the schema that applies to a member. Returns `None` if no schema applies, or if a pattern may apply another
/// schema.
pub(super) fn member(schemas: &Schemas, keywords: &Keywords, name: &str) -> Option<NodeId> {
    let matches = |source: &str| schemas.model().matches(source, name) != Some(false);
    let is_other = || !keywords.pattern_properties.iter().any(|(source, _)| matches(source));
    keywords.property(name).or_else(|| keywords.additional_properties.filter(|_| is_other()))
}
