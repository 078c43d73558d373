//! The conditions that distinguish one event from another.

use webhook_runtime::__private::schema::Types;

use super::condition::{Condition, Path};
use super::signature::{Signature, fixed, overlap};
use crate::json::same;
use crate::model::{ALL, NodeId, intersection};
use crate::normalize::Schemas;

/// The smallest condition that distinguishes an event from another.
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
    // `"id": 5` in one and `"id": "5"` in the other.
    for (path, types_here) in &own.present {
        if types(other, path).is_some_and(|theirs| intersection(*types_here, theirs) == Types::default()) {
            return vec![Condition::Type(path.clone(), *types_here)];
        }
    }
    // A member that one always has and the other never.
    if let Some((path, _)) = own.present.iter().find(|(path, _)| other.absent.contains(path)) {
        return vec![Condition::Present(path.clone())];
    }
    if let Some((path, _)) = other.present.iter().find(|(path, _)| own.absent.contains(path)) {
        return vec![Condition::Absent(path.clone())];
    }
    // From here on the other event's payloads can fulfil the condition too, and the order of precedence decides: an event with
    // `kind = a` is tried before one with any `kind`.
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

/// What identifies an event that has no sibling.
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
