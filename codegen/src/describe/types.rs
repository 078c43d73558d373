//! Describes the JSON types of a schema in words.

use webhook_runtime::__private::schema::Types;

use crate::model::{ALL, NodeId, type_names};
use crate::normalize::Schemas;

/// The maximum nesting depth of arrays that is described.
const DEPTH: usize = 4;

/// Returns the types of a schema, and whether it allows null. `null` is left out if there is another type.
pub(super) fn types(schemas: &mut Schemas, node: NodeId) -> (Vec<String>, bool) {
    let all = schemas.possible_types(node);
    let nullable = all.contains(Types::NULL);
    if all == ALL {
        return (vec!["any".to_owned()], nullable);
    }
    let mut names = names(schemas, node, all, DEPTH);
    if names.len() > 1 {
        names.retain(|name| name != "null");
    }
    (names, nullable)
}

/// Returns the names of the types, with `null` last and with the types of items for arrays.
fn names(schemas: &mut Schemas, node: NodeId, types: Types, depth: usize) -> Vec<String> {
    let mut names: Vec<String> = type_names(types).into_iter().map(str::to_owned).collect();
    names.sort_by_key(|name| name == "null");
    for name in names.iter_mut().filter(|name| *name == "array") {
        if let Some(of) = depth.checked_sub(1).and_then(|depth| items(schemas, node, depth)) {
            *name = format!("array of {of}");
        }
    }
    names
}

/// Describes the items of an array, or returns `None` if they may have any type.
fn items(schemas: &mut Schemas, node: NodeId, depth: usize) -> Option<String> {
    let keywords = schemas.merged(node).clone();
    let item = match keywords.items {
        Some(item) if keywords.prefix_items.is_empty() => item,
        _ => {
            let depth = depth.checked_sub(1)?;
            let branches = keywords.any_of.iter().chain(&keywords.one_of).flatten();
            return branches.into_iter().find_map(|branch| items(schemas, *branch, depth));
        }
    };
    let types = schemas.possible_types(item);
    if types == ALL || types == Types::default() {
        return None;
    }
    Some(names(schemas, item, types, depth).join(" or "))
}
