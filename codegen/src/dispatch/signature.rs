//! Collects the properties that all payloads of an event share, from which the conditions that identify the event are
//! chosen.

use std::collections::HashSet;

use webhook_runtime::__private::schema::Types;

use super::condition::Path;
use super::disjoint::member;
use crate::json::{Json, same};
use crate::model::{ALL, Keywords, NodeId};
use crate::normalize::Schemas;

/// The maximum depth of members.
const DEPTH: usize = 4;

/// The maximum number of schemas that are visited for one event. Properties found only in further schemas are unknown.
const MOST_SCHEMAS: usize = 10_000;

/// The properties that all payloads of an event share.
#[derive(Debug, Default)]
pub(super) struct Signature {
    /// Members that are always present and have one of the listed values, in the order of the schema.
    pub(super) fixed: Vec<(Path, Vec<Json>)>,
    /// Members that are always present, with their types.
    pub(super) present: Vec<(Path, Types)>,
    /// Members that are always absent.
    pub(super) absent: Vec<Path>,
}

/// Returns the signature of an event's schema.
pub(super) fn signature(schemas: &mut Schemas, root: NodeId) -> Signature {
    let mut signature = Signature::default();
    collect_signature(schemas, root, &mut Vec::new(), &mut MOST_SCHEMAS.clone(), &mut signature);
    signature
}

fn collect_signature(
    schemas: &mut Schemas,
    id: NodeId,
    path: &mut Path,
    schemas_left: &mut usize,
    signature: &mut Signature,
) {
    let Some(left) = schemas_left.checked_sub(1) else { return };
    *schemas_left = left;
    let keywords: Keywords = schemas.merged(id).clone();
    signature.present.push((path.clone(), keywords.possible_types()));
    // At run time, the scan for these members skips over arrays and objects, so it cannot compare their values.
    let is_scalar = |value: &Json| !matches!(value, Json::Array(_) | Json::Object(_));
    if let Some(values) = keywords.possible_values().filter(|values| values.iter().all(is_scalar)) {
        signature.fixed.push((path.clone(), values));
    }
    for branches in keywords.any_of.iter().chain(&keywords.one_of) {
        for (path, values) in fixed_in_all(schemas, branches, path, schemas_left) {
            if fixed(signature, &path).is_none() {
                signature.fixed.push((path, values));
            }
        }
    }
    if path.len() >= DEPTH || keywords.possible_types() != Types::OBJECT {
        return;
    }
    // Only a value that is always an object has required members.
    let required: HashSet<&String> = keywords.required.iter().collect();
    let named: HashSet<&String> = keywords.properties.iter().map(|(name, _)| name).collect();
    for (name, schema) in &keywords.properties {
        path.push(name.clone());
        if required.contains(name) {
            collect_signature(schemas, *schema, path, schemas_left, signature);
        } else if schemas.keywords(*schema).is_false {
            signature.absent.push(path.clone());
        }
        path.pop();
    }
    for name in keywords.required.iter().filter(|name| !named.contains(name)) {
        path.push(name.clone());
        match member(schemas, &keywords, name) {
            Some(schema) => collect_signature(schemas, schema, path, schemas_left, signature),
            None => signature.present.push((path.clone(), ALL)),
        }
        path.pop();
    }
}

/// Returns the members that every branch of a union fixes, with the values of all branches. For example, the payloads
/// `{"kind": "a", …}` and `{"kind": "b", …}` fix `kind` to `"a"` or `"b"`.
fn fixed_in_all(
    schemas: &mut Schemas,
    branches: &[NodeId],
    path: &mut Path,
    schemas_left: &mut usize,
) -> Vec<(Path, Vec<Json>)> {
    // Branches that normalize to the same node are visited once, because references can lead to a node in exponentially
    // many ways.
    let mut seen = HashSet::new();
    let mut distinct: Vec<NodeId> = branches.to_vec();
    distinct.retain(|branch| seen.insert(schemas.normalize(*branch).node));
    let mut signatures: Vec<Signature> = Vec::new();
    for branch in distinct {
        let mut signature = Signature::default();
        collect_signature(schemas, branch, path, schemas_left, &mut signature);
        signatures.push(signature);
    }
    let Some((first, rest)) = signatures.split_first() else { return Vec::new() };
    let in_all = |(path, values): &(Path, Vec<Json>)| {
        let mut all = values.clone();
        for signature in rest {
            for value in fixed(signature, path)? {
                if !all.iter().any(|known| same(known, value)) {
                    all.push(value.clone());
                }
            }
        }
        Some((path.clone(), all))
    };
    first.fixed.iter().filter_map(in_all).collect()
}

/// Returns the values that a member has in every payload, if they are known.
pub(super) fn fixed<'f>(signature: &'f Signature, path: &Path) -> Option<&'f Vec<Json>> {
    signature.fixed.iter().find(|(known, _)| known == path).map(|(_, values)| values)
}

/// Returns whether two lists have a common value.
pub(super) fn overlap(a: &[Json], b: &[Json]) -> bool {
    a.iter().any(|a| b.iter().any(|b| same(a, b)))
}
