//! Whether two schemas can accept one instance. The answer "never" is a proof; "perhaps" is the lack of one.

use webhook_runtime::__private::schema::Types;

use crate::model::normalize::{Normalizer, intersection, same};
use crate::model::{Keywords, Model, NodeId};

/// How deep the proof looks.
const DEPTH: usize = 6;

/// Whether no instance fits both schemas, for certain.
pub(super) fn disjoint(model: &mut Model, normalizer: &mut Normalizer, a: NodeId, b: NodeId) -> bool {
    proves(model, normalizer, a, b, 0)
}

fn proves(model: &mut Model, normalizer: &mut Normalizer, a: NodeId, b: NodeId, depth: usize) -> bool {
    if depth > DEPTH {
        return false;
    }
    let (a, b) = (normalizer.normalize(model, a).node, normalizer.normalize(model, b).node);
    let (left, right) = (model.keywords(a).clone(), model.keywords(b).clone());
    let types = intersection(left.possible_types(), right.possible_types());
    if types == Types::default() {
        return true;
    }
    if let (Some(a), Some(b)) = (left.possible_values(), right.possible_values())
        && !a.iter().any(|a| b.iter().any(|b| same(a, b)))
    {
        return true;
    }
    for (rules, other) in [(&left, b), (&right, a)] {
        for branches in rules.any_of.iter().chain(&rules.one_of) {
            if branches.iter().all(|branch| proves(model, normalizer, *branch, other, depth + 1)) {
                return true;
            }
        }
    }
    types == Types::OBJECT && objects(model, normalizer, &left, &right, depth)
}

fn objects(model: &mut Model, normalizer: &mut Normalizer, left: &Keywords, right: &Keywords, depth: usize) -> bool {
    for name in left.required.iter().chain(&right.required) {
        let (Some(a), Some(b)) = (member(model, left, name), member(model, right, name)) else { continue };
        let never = |model: &Model, id: NodeId| model.keywords(id).is_false;
        if never(model, a) || never(model, b) || proves(model, normalizer, a, b, depth + 1) {
            return true;
        }
    }
    false
}

/// The schema of a member by its name; `None` when several are for it, or none.
pub(super) fn member(model: &Model, rules: &Keywords, name: &str) -> Option<NodeId> {
    if let Some((_, id)) = rules.properties.iter().find(|(known, _)| known == name) {
        return Some(*id);
    }
    let matches = |source: &str| {
        let translated = model.patterns.get(source);
        translated
            .and_then(|text| webhook_runtime::__private::Pattern::compile(text).ok())
            .is_none_or(|p| p.is_match(name))
    };
    if rules.pattern_properties.iter().any(|(source, _)| matches(source)) {
        return None;
    }
    rules.additional_properties
}
