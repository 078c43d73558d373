//! Chooses the conditions that distinguish one event from another.

use webhook_runtime::__private::schema::Types;

use super::condition::{Condition, Path};
use super::signature::{Signature, fixed, overlap};
use crate::json::same;
use crate::model::{ALL, NodeId, intersection};
use crate::normalize::Schemas;

/// Returns the smallest condition that distinguishes an event from another one.
pub(super) fn discriminate(own: &Signature, other: &Signature, ranked: &[Path]) -> Vec<Condition> {
    let is = |path: &Path| fixed(own, path).map(|values| Condition::Equals(path.clone(), values.clone()));
    let disjoint =
        |path: &&Path| matches!((fixed(own, path), fixed(other, path)), (Some(a), Some(b)) if !overlap(a, b));
    if let Some(condition) = ranked.iter().find(disjoint).and_then(is) {
        return vec![condition];
    }
    let types = |signature: &Signature, path: &Path| {
        signature.present.iter().find(|(known, _)| known == path).map(|(_, types)| *types)
    };
    // Example: `"id": 5` in one event and `"id": "5"` in the other.
    for (path, types_here) in &own.present {
        if types(other, path).is_some_and(|theirs| intersection(*types_here, theirs) == Types::default()) {
            return vec![Condition::Type(path.clone(), *types_here)];
        }
    }
    // A member that is always present in one event and always absent in the other.
    if let Some((path, _)) = own.present.iter().find(|(path, _)| other.absent.contains(path)) {
        return vec![Condition::Present(path.clone())];
    }
    if let Some((path, _)) = other.present.iter().find(|(path, _)| own.absent.contains(path)) {
        return vec![Condition::Absent(path.clone())];
    }
    // The following conditions may also hold for payloads of the other event, so the order of precedence decides: an
    // event with `kind = a` is tried before an event with any `kind`.
    let narrower = |path: &&Path| match (fixed(own, path), fixed(other, path)) {
        (Some(a), Some(b)) => !b.iter().all(|b| a.iter().any(|a| same(a, b))),
        (own, _) => own.is_some(),
    };
    if let Some(condition) = ranked.iter().find(narrower).and_then(is) {
        return vec![condition];
    }
    let only = |(path, _): &&(Path, Types)| types(other, path).is_none();
    own.present.iter().filter(only).map(|(path, _)| Condition::Present(path.clone())).collect()
}

/// Returns the conditions that identify an event without rivals.
pub(super) fn sole_event(signature: &Signature, schemas: &mut Schemas, root: NodeId) -> Vec<Condition> {
    if !signature.fixed.is_empty() {
        return signature.fixed.iter().map(|(path, values)| Condition::Equals(path.clone(), values.clone())).collect();
    }
    let top: Vec<Condition> = signature
        .present
        .iter()
        .filter(|(path, _)| path.len() == 1)
        .map(|(path, _)| Condition::Present(path.clone()))
        .collect();
    if !top.is_empty() {
        return top;
    }
    let normalized = schemas.normalize(root);
    let types = schemas.keywords(normalized.node).possible_types();
    if types == ALL { Vec::new() } else { vec![Condition::Type(Vec::new(), types)] }
}
