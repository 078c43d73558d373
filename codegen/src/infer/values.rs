//! Infers the schema of the values at one location: all values of a member, or all items of an array.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use super::maps::{self, Kind, MapDecisions, Vocabulary};
use super::text::{self, TextKind};
use crate::json::{Json, step};
use crate::text::words;

/// The maximum number of items in an array whose positions get their own schemas.
const POSITIONS: usize = 6;

/// The maximum number of characters of a location, and of each name in it, in a note. Large payloads cause many notes.
const SHOWN: usize = 200;

/// Replaces the middle of a long text by an ellipsis.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    let half = SHOWN / 2;
    let start = text.char_indices().nth(half).map(|(at, _)| at);
    let end = text.char_indices().nth_back(half).map(|(at, _)| at);
    match (start, end) {
        (Some(start), Some(end)) if start < end => Cow::Owned(format!("{}…{}", &text[..start], &text[end..])),
        _ => Cow::Borrowed(text),
    }
}

/// A point for a person to review, about the values at a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The kind of point.
    pub kind: NoteKind,
    /// The location: a JSON Pointer with `*` for any member or item.
    pub place: String,
}

/// A kind of point to review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// The objects are a map.
    Map,
    /// The objects are treated as structs, but may be maps.
    MapOrStruct,
    /// An integer does not fit in any integer type.
    LargeInteger,
    /// An array is an ID with several parts.
    Parts,
    /// The value is always null.
    Null,
    /// The array is always empty.
    EmptyArray,
    /// The object is always empty.
    EmptyObject,
}

impl NoteKind {
    /// Returns the text of a note, which follows the location.
    pub fn text(self) -> &'static str {
        match self {
            NoteKind::Map => "has member names that are data, so it is a map: every member has the same schema",
            NoteKind::MapOrStruct => "may be a map: it is taken for a struct",
            NoteKind::LargeInteger => {
                "has an integer that does not fit in 64 bits, so `x-number` makes it a number of any size"
            }
            NoteKind::Parts => "is an ID with several parts according to its name, so each position has its own schema",
            NoteKind::Null => "is null in every payload, so its schema is empty",
            NoteKind::EmptyArray => "is empty in every payload, so its schema says nothing about its items",
            NoteKind::EmptyObject => "is an empty object in every payload",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.place, self.kind.text())
    }
}

/// The known facts from which inference starts, and the points to review that it collects.
#[derive(Debug)]
pub(super) struct Findings<'f> {
    pub(super) decisions: &'f MapDecisions,
    pub(super) vocabulary: &'f Vocabulary,
    pub(super) notes: Vec<Note>,
}

impl<'f> Findings<'f> {
    pub(super) fn new(decisions: &'f MapDecisions, vocabulary: &'f Vocabulary) -> Self {
        Findings { decisions, vocabulary, notes: Vec::new() }
    }

    fn note(&mut self, kind: NoteKind, place: &str) {
        self.notes.push(Note { kind, place: shortened(place).into_owned() });
    }
}

/// Infers a schema for the values at one location, and adds a note for each guess.
///
/// `place` contains `*` for any item. `name` is the name of the member that has the values.
pub(super) fn schema(values: &[&Json], place: &str, name: &str, found: &mut Findings<'_>) -> Json {
    let types = types_of(values);
    if types.iter().all(|name| *name == "null") {
        if !types.is_empty() {
            found.note(NoteKind::Null, place);
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
        found.note(NoteKind::LargeInteger, place);
        if types.contains(&"integer") {
            keywords.push(member("x-number", "number"));
        }
    }
    let objects: Vec<&[(String, Json)]> = values.iter().filter_map(|value| value.as_object()).collect();
    if !objects.is_empty() {
        keywords.extend(object(&objects, place, name, found));
    }
    let arrays: Vec<&[Json]> = values.iter().filter_map(|value| value.as_array()).collect();
    if !arrays.is_empty() {
        keywords.extend(array(&arrays, place, name, found));
    }
    Json::Object(keywords)
}

/// Infers the schema of a single value.
pub(super) fn of_one(value: &Json) -> Json {
    let (decisions, vocabulary) = (MapDecisions::default(), Vocabulary::default());
    schema(&[value], "", "", &mut Findings::new(&decisions, &vocabulary))
}

fn member(name: &str, text: &str) -> (String, Json) {
    (name.to_owned(), Json::String(text.to_owned()))
}

/// Returns the JSON type of a value as schemas name it. A number written without fraction and exponent is an integer.
pub(super) fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Number(text) if !text.contains(['.', 'e', 'E']) => "integer",
        _ => value.kind().name(),
    }
}

/// Returns the JSON types of some values in order of appearance, with `null` last. If any number has a fraction or an
/// exponent, integers count as numbers.
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
    matches!(value, Json::Number(text) if type_name(value) == "integer" && text.parse::<i64>().is_err() && text.parse::<u64>().is_err())
}

/// Returns the value of the keyword `type` for some types.
pub(super) fn type_keyword(types: &[&str]) -> Json {
    let mut names: Vec<Json> = types.iter().map(|name| Json::String((*name).to_owned())).collect();
    if names.len() == 1 { names.remove(0) } else { Json::Array(names) }
}

fn object(objects: &[&[(String, Json)]], place: &str, name: &str, found: &mut Findings<'_>) -> Vec<(String, Json)> {
    // The payload itself is always a struct, whatever its members are called.
    let decided = if place.is_empty() { Some(Kind::Struct) } else { found.decisions.at(place) };
    let kind = decided.unwrap_or_else(|| maps::kind(objects, name, found.vocabulary));
    if kind == Kind::Unsure {
        found.note(NoteKind::MapOrStruct, place);
    }
    if kind == Kind::Map {
        let values: Vec<&Json> = objects.iter().flat_map(|members| members.iter().map(|(_, value)| value)).collect();
        if decided.is_none() {
            found.note(NoteKind::Map, place);
        }
        let merged = schema(&values, &step(place, "*"), "", found);
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
        if !place.is_empty() {
            found.note(NoteKind::EmptyObject, place);
        }
        return Vec::new();
    }
    let property = |(name, values): (&str, Vec<&Json>)| {
        (name.to_owned(), schema(&values, &step(place, &shortened(name)), name, found))
    };
    let properties = members.into_iter().map(property).collect();
    vec![("properties".to_owned(), Json::Object(properties))]
}

fn array(arrays: &[&[Json]], place: &str, name: &str, found: &mut Findings<'_>) -> Vec<(String, Json)> {
    let items: Vec<&Json> = arrays.iter().flat_map(|items| items.iter()).collect();
    if items.is_empty() {
        found.note(NoteKind::EmptyArray, place);
        return Vec::new();
    }
    if is_id(name, arrays) {
        found.note(NoteKind::Parts, place);
        return vec![positions(arrays, place, found)];
    }
    let rows: Vec<&[Json]> = items.iter().filter_map(|item| item.as_array()).collect();
    if rows.len() == items.len() && are_rows(&rows) {
        let place = &step(place, "*");
        let row = vec![member("type", "array"), positions(&rows, place, found)];
        return vec![("items".to_owned(), Json::Object(row))];
    }
    vec![("items".to_owned(), schema(&items, &step(place, "*"), "", found))]
}

fn positions(rows: &[&[Json]], place: &str, found: &mut Findings<'_>) -> (String, Json) {
    let count = rows.first().map_or(0, |row| row.len());
    let column = |at: usize| rows.iter().filter_map(|row| row.get(at)).collect::<Vec<_>>();
    let items = (0..count).map(|at| schema(&column(at), &format!("{place}/{at}"), "", found)).collect();
    ("prefixItems".to_owned(), Json::Array(items))
}

fn same_length(rows: &[&[Json]]) -> bool {
    let length = rows.first().map_or(0, |row| row.len());
    (2..=POSITIONS).contains(&length) && rows.iter().all(|row| row.len() == length)
}

/// Returns whether some arrays are rows: each has a string as key, followed by the same number of scalars. A single row
/// of strings does not count, because it may be a list.
fn are_rows(rows: &[&[Json]]) -> bool {
    let scalar = |value: &Json| !matches!(value, Json::Array(_) | Json::Object(_));
    let keyed = rows.iter().all(|row| matches!(row.first(), Some(Json::String(_))) && row.iter().skip(1).all(scalar));
    let mixed = rows.iter().any(|row| row.iter().any(|item| item.as_str().is_none()));
    same_length(rows) && keyed && (rows.len() > 1 || mixed)
}

/// Returns whether some arrays are IDs with several parts: the name of the member is the singular of an ID.
fn is_id(name: &str, arrays: &[&[Json]]) -> bool {
    let scalar = |value: &Json| matches!(value, Json::String(_) | Json::Number(_));
    let called = words(name).last().is_some_and(|word| word == "id" || word == "key");
    let one = !name.to_lowercase().ends_with('s');
    called && one && same_length(arrays) && arrays.iter().all(|items| items.iter().all(scalar))
}
