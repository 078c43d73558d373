//! The schema of what is seen in one place: all values of a member, or all items of an array.

use std::collections::{HashMap, HashSet};

use super::lazy_pointer::LazyPointer;
use super::text::{self, TextKind, is_data, is_media_type};
use crate::json::Json;
use crate::text::words;

/// How far the items of an array are distinguished by their position.
const POSITIONS: usize = 6;

/// How many names of scalars must differ before objects without a common name are a map and not one object with optional
/// members.
const NAMES: usize = 4;

/// Infers a schema of the values at one location, with a note where it is a guess.
///
/// `place` has `*` for any item, and `name` is the member that it is the value of.
pub(super) fn schema(values: &[&Json], place: &LazyPointer<'_>, name: &str, notes: &mut Vec<String>) -> Json {
    let types = types_of(values);
    if types.iter().all(|name| *name == "null") {
        if !types.is_empty() {
            notes.push(format!("`{place}` is null in every payload, so its schema is empty"));
        }
        return Json::Object(Vec::new());
    }
    let mut keywords = vec![("type".to_owned(), type_keyword(&types))];
    let texts: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
    match text::kind(&texts) {
        TextKind::DateTime => keywords.push(member("format", "date-time")),
        TextKind::LocalDateTime => keywords.push(member("format", "date-time-local")),
        TextKind::Timestamp => keywords.push(("x-timestamp".to_owned(), Json::Boolean(true))),
        TextKind::Json => keywords.push(member("contentMediaType", "application/json")),
        TextKind::Plain => {}
    }
    if values.iter().any(|value| is_too_large(value)) {
        notes.push(format!("`{place}` has an integer that no 64-bit integer holds, so it is a number"));
    }
    let objects: Vec<&[(String, Json)]> = values.iter().filter_map(|value| value.as_object()).collect();
    if !objects.is_empty() {
        keywords.extend(object(&objects, place, notes));
    }
    let arrays: Vec<&[Json]> = values.iter().filter_map(|value| value.as_array()).collect();
    if !arrays.is_empty() {
        keywords.extend(array(&arrays, place, name, notes));
    }
    Json::Object(keywords)
}

fn member(name: &str, text: &str) -> (String, Json) {
    (name.to_owned(), Json::String(text.to_owned()))
}

/// The JSON type of a value, as schemas name it; a number is an integer when it is written as one that 64 bits hold.
pub(super) fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Number(text) if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() => "integer",
        _ => value.kind().name(),
    }
}

/// The JSON types of some values in order of appearance, `null` last. Integers among other numbers are numbers.
pub(super) fn types_of(values: &[&Json]) -> Vec<&'static str> {
    let has_fractions = values.iter().any(|value| type_name(value) == "number");
    let mut types: Vec<&'static str> = Vec::new();
    for value in values {
        let name = if has_fractions { value.kind().name() } else { type_name(value) };
        if !types.contains(&name) {
            types.push(name);
        }
    }
    types.sort_by_key(|name| *name == "null");
    types
}

fn is_too_large(value: &Json) -> bool {
    matches!(value, Json::Number(text) if type_name(value) == "number" && !text.contains(['.', 'e', 'E']))
}

/// The keyword `type` of some types.
pub(super) fn type_keyword(types: &[&str]) -> Json {
    let mut names: Vec<Json> = types.iter().map(|name| Json::String((*name).to_owned())).collect();
    if names.len() == 1 { names.remove(0) } else { Json::Array(names) }
}

fn object(objects: &[&[(String, Json)]], place: &LazyPointer<'_>, notes: &mut Vec<String>) -> Vec<(String, Json)> {
    // A payload is an object of its own kind, whatever its members are called.
    if !place.is_root() && is_map(objects) {
        let values: Vec<&Json> = objects.iter().flat_map(|members| members.iter().map(|(_, value)| value)).collect();
        notes.push(format!("`{place}` has data for names, so it is a map: every member has the same schema"));
        let merged = schema(&values, &place.member("*"), "", notes);
        return vec![("additionalProperties".to_owned(), merged)];
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut members: Vec<(&str, Vec<&Json>)> = Vec::new();
    for (name, value) in objects.iter().flat_map(|members| members.iter()) {
        let place = *places.entry(name).or_insert(members.len());
        match members.get_mut(place) {
            Some((_, values)) => values.push(value),
            None => members.push((name, vec![value])),
        }
    }
    if members.is_empty() {
        if !place.is_root() {
            notes.push(format!("`{place}` is an empty object in every payload"));
        }
        return Vec::new();
    }
    let property =
        |(name, values): (&str, Vec<&Json>)| (name.to_owned(), schema(&values, &place.member(name), name, notes));
    let properties = members.into_iter().map(property).collect();
    vec![("properties".to_owned(), Json::Object(properties))]
}

fn array(arrays: &[&[Json]], place: &LazyPointer<'_>, name: &str, notes: &mut Vec<String>) -> Vec<(String, Json)> {
    let items: Vec<&Json> = arrays.iter().flat_map(|items| items.iter()).collect();
    if items.is_empty() {
        notes.push(format!("`{place}` is empty in every payload, so its schema says nothing of its items"));
        return Vec::new();
    }
    if is_id(name, arrays) {
        notes.push(format!("`{place}` is an ID of several parts by its name, so each position has its own schema"));
        return vec![positions(arrays, place, notes)];
    }
    let rows: Vec<&[Json]> = items.iter().filter_map(|item| item.as_array()).collect();
    if rows.len() == items.len() && are_rows(&rows) {
        let place = &place.member("*");
        let row = vec![member("type", "array"), positions(&rows, place, notes)];
        return vec![("items".to_owned(), Json::Object(row))];
    }
    vec![("items".to_owned(), schema(&items, &place.member("*"), "", notes))]
}

fn positions(rows: &[&[Json]], place: &LazyPointer<'_>, notes: &mut Vec<String>) -> (String, Json) {
    let count = rows.first().map_or(0, |row| row.len());
    let column = |at: usize| rows.iter().filter_map(|row| row.get(at)).collect::<Vec<_>>();
    let items = (0..count).map(|at| schema(&column(at), &LazyPointer::Item(place, at), "", notes)).collect();
    ("prefixItems".to_owned(), Json::Array(items))
}

fn same_length(rows: &[&[Json]]) -> bool {
    let length = rows.first().map_or(0, |row| row.len());
    (2..=POSITIONS).contains(&length) && rows.iter().all(|row| row.len() == length)
}

/// Whether some arrays are rows: a key in the first place, and as many values behind it in each. One row of strings could
/// as well be a list.
fn are_rows(rows: &[&[Json]]) -> bool {
    let scalar = |value: &Json| !matches!(value, Json::Array(_) | Json::Object(_));
    let keyed = rows.iter().all(|row| matches!(row.first(), Some(Json::String(_))) && row.iter().skip(1).all(scalar));
    let mixed = rows.iter().any(|row| row.iter().any(|item| item.as_str().is_none()));
    same_length(rows) && keyed && (rows.len() > 1 || mixed)
}

/// Whether some arrays are IDs that have several parts: their member is called an ID, and there is one, not several.
fn is_id(name: &str, arrays: &[&[Json]]) -> bool {
    let scalar = |value: &Json| matches!(value, Json::String(_) | Json::Number(_));
    let called = words(name).last().is_some_and(|word| word == "id" || word == "key");
    let one = !name.to_lowercase().ends_with('s');
    called && one && same_length(arrays) && arrays.iter().all(|items| items.iter().all(scalar))
}

/// Whether some objects at the same location are maps: their names are data, or they have not one name in common
/// and values of one shape.
fn is_map(objects: &[&[(String, Json)]]) -> bool {
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
    let Some((first, rest)) = values.split_first() else { return false };
    if !rest.iter().all(|value| value.kind() == first.kind()) {
        return false;
    }
    match first.as_object() {
        None => true,
        Some([]) => values.iter().all(|value| value.as_object().is_some_and(<[_]>::is_empty)),
        Some(members) => {
            let names =
                |members: &'_ [(String, Json)]| members.iter().map(|(name, _)| name.clone()).collect::<HashSet<_>>();
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
