//! Puts schemas into files: the schema of an event into its folder, and schemas that other schemas refer to into
//! `common/`.

use std::collections::{BTreeMap, HashMap, HashSet};

use webhook_codegen::catalog::ENVELOPE;
use webhook_codegen::json::{Json, steps};
use webhook_codegen::unused;

use super::{MARK, Unit};
use crate::documents::Documents;
use crate::file_name::file_name;

/// Schemas in their files.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    /// The schemas of events, by unit.
    pub(crate) events: BTreeMap<usize, Json>,
    /// The names of the files in `common/`, and the schemas in them.
    pub(crate) common: BTreeMap<String, Json>,
}

/// Puts the schemas that are needed into files. `names` are the folders of events, by unit.
pub(crate) fn place(
    units: &[Unit],
    needed: &HashSet<usize>,
    documents: &Documents,
    names: &BTreeMap<usize, String>,
) -> Placed {
    let mut owners = owners(units);
    owners.retain(|_, event| needed.contains(event));
    let mut files: HashMap<usize, String> = HashMap::new();
    let mut taken: Vec<String> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        if unit.is_event || owners.contains_key(&at) || !needed.contains(&at) {
            continue;
        }
        let name = file_name(&name(unit, documents));
        let free = unused(&name, |name| taken.iter().any(|known| known == name));
        taken.push(free.clone());
        files.insert(at, free);
    }
    let mut placed = Placed::default();
    for (at, unit) in units.iter().enumerate() {
        if let Some(file) = files.get(&at) {
            let link = |target: usize| match files.get(&target) {
                Some(other) if other == file => String::new(),
                Some(other) => format!("{other}.json"),
                None => format!("../{}/schema.json", names.get(&target).map_or("", String::as_str)),
            };
            placed.common.insert(format!("{file}.json"), linked(&unit.json, &link));
        } else if unit.is_event && needed.contains(&at) {
            // If the schema of an event is only a reference, and nothing else refers to the target, the target becomes
            // the schema of the event.
            let inlined = owners.iter().find(|(_, event)| **event == at).map(|(unit, _)| *unit);
            let own = |target: usize| target == at || Some(target) == inlined;
            // The envelope's file is in the provider's folder.
            let up = if names.get(&at).is_some_and(|name| name == ENVELOPE) { "" } else { "../" };
            let link = |target: usize| match files.get(&target) {
                _ if own(target) => String::new(),
                Some(file) => format!("{up}common/{file}.json"),
                None => format!("{up}{}/schema.json", names.get(&target).map_or("", String::as_str)),
            };
            let schema = match inlined {
                Some(target) => described(units[target].json.clone(), &unit.json),
                None => unit.json.clone(),
            };
            placed.events.insert(at, linked(&schema, &link));
        }
    }
    placed
}

/// Returns the units that become the schemas of events, with the unit of the event. The schema of the event is only a
/// reference to the unit, and nothing else refers to it.
fn owners(units: &[Unit]) -> HashMap<usize, usize> {
    let mut references: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        targets(&unit.json, &mut |target| references.entry(target).or_default().push(at));
    }
    let mut owners = HashMap::new();
    for (at, unit) in units.iter().enumerate().filter(|(_, unit)| unit.is_event) {
        let Some(target) = only_reference(&unit.json) else { continue };
        let known = references.get(&target).map(Vec::as_slice).unwrap_or_default();
        if !units[target].is_event && known.iter().all(|from| *from == at || *from == target) {
            owners.insert(target, at);
        }
    }
    owners
}

/// Returns the unit that a schema refers to, if no other keyword affects validity.
fn only_reference(json: &Json) -> Option<usize> {
    let members = json.as_object()?;
    let words = |name: &str| matches!(name, "$ref" | "$schema" | "title" | "description") || name.starts_with("x-");
    members.iter().all(|(name, _)| words(name)).then_some(())?;
    json.get("$ref")?.as_str()?.strip_prefix(MARK)?.parse().ok()
}

/// Returns a schema. If it has no title or description, it gets the title or description of the schema that refers to it.
fn described(mut schema: Json, from: &Json) -> Json {
    if let (Json::Object(members), Some(words)) = (&mut schema, from.as_object()) {
        for (name, value) in words.iter().filter(|(name, _)| !name.starts_with('$')) {
            if !members.iter().any(|(known, _)| known == name) {
                members.insert(1.min(members.len()), (name.clone(), value.clone()));
            }
        }
    }
    schema
}

/// Returns the name of a schema in its document, or of its file.
fn name(unit: &Unit, documents: &Documents) -> String {
    let last = steps(&unit.place.pointer).collect::<Vec<_>>().into_iter().rev();
    let generic =
        |step: &String| matches!(step.as_str(), "schema" | "items" | "payload") || step.parse::<usize>().is_ok();
    match last.into_iter().find(|step| !generic(step)) {
        Some(name) => name,
        None => documents.get(unit.place.document).subject().to_owned(),
    }
}

/// Calls a function with the unit of every reference to a unit.
pub(super) fn targets(json: &Json, found: &mut dyn FnMut(usize)) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| targets(item, found)),
        Json::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), marked(value)) {
                    ("$ref", Some((target, _))) => found(target),
                    _ => targets(value, found),
                }
            }
        }
        _ => {}
    }
}

/// Returns the unit of a reference to a unit, and the fragment with its `#`.
fn marked(value: &Json) -> Option<(usize, &str)> {
    let text = value.as_str()?.strip_prefix(MARK)?;
    let end = text.find('#').unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// Returns a schema with its references to units replaced by references to files.
fn linked(json: &Json, link: &dyn Fn(usize) -> String) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(|item| linked(item, link)).collect()),
        Json::Object(members) => {
            let member = |(name, value): &(String, Json)| match (name.as_str(), marked(value)) {
                ("$ref", Some((target, fragment))) => {
                    let reference = format!("{}{fragment}", link(target));
                    let reference = if reference.is_empty() { "#".to_owned() } else { reference };
                    (name.clone(), Json::String(reference))
                }
                _ => (name.clone(), linked(value, link)),
            };
            Json::Object(members.iter().map(member).collect())
        }
        scalar => scalar.clone(),
    }
}
