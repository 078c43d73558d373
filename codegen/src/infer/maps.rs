//! Objects whose member names are data: maps.

use std::collections::HashSet;

use super::json_type::kind;
use super::text::{is_data, is_media_type};
use crate::json::Json;

type Members = [(String, Json)];

/// How many names of scalars must differ before objects without a common name are a map and not one object with optional
/// members.
const NAMES: usize = 4;

/// Whether some objects at the same location are maps: their names are data, or they have not one name in common
/// and values of one shape.
pub(super) fn is_map(objects: &[&Members]) -> bool {
    let entries: Vec<&(String, Json)> = objects.iter().flat_map(|members| members.iter()).collect();
    let values: Vec<&Json> = entries.iter().map(|(_, value)| value).filter(|value| **value != Json::Null).collect();
    // One is enough: no vendor calls a member of an object so.
    let are_media_types = !entries.is_empty() && entries.iter().all(|(name, _)| is_media_type(name));
    if entries.len() < 2 && !are_media_types || !alike(&values) {
        return false;
    }
    if are_media_types {
        return true;
    }
    if entries.iter().all(|(name, _)| is_data(name)) {
        return true;
    }
    let filled = objects.iter().filter(|members| !members.is_empty()).count();
    let mut names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let nothing_common = filled > 1 && names.len() == entries.len();
    let deep = values.iter().all(|value| value.as_object().is_some_and(|members| members.len() > 1));
    nothing_common && (deep || names.len() >= NAMES && filled > 2)
}

/// Whether values have one shape: the same type, and of objects, members in common.
fn alike(values: &[&Json]) -> bool {
    let coarse = |value: &Json| if kind(value) == "integer" { "number" } else { kind(value) };
    let Some((first, rest)) = values.split_first() else { return false };
    if !rest.iter().all(|value| coarse(value) == coarse(first)) {
        return false;
    }
    match first.as_object() {
        None => true,
        Some([]) => values.iter().all(|value| value.as_object().is_some_and(<[_]>::is_empty)),
        Some(members) => {
            let names = |members: &'_ Members| members.iter().map(|(name, _)| name.clone()).collect::<HashSet<_>>();
            let mut common = names(members);
            for value in rest {
                let own = names(value.as_object().unwrap_or_default());
                common.retain(|name| own.contains(name));
                if common.is_empty() {
                    return false;
                }
            }
            true
        }
    }
}
