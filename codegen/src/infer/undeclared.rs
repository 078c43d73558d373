//! Finds members of payloads that a schema accepts but does not declare.

use std::collections::{HashMap, HashSet};

use super::Widened;
use super::maps::{MapDecisions, Vocabulary};
use super::repair::{add_property, dialect, in_dialect};
use super::values::{self, Findings};
use crate::json::{Json, step};
use crate::load::catalog::Library;

/// Adds the undeclared members of payloads to the objects that the schema declares.
pub(super) fn new_members(widened: &mut Widened, library: &Library, payloads: &[Json]) {
    let mut walk = Search::new(&widened.schema);
    let values: Vec<(String, &Json)> = payloads.iter().map(|payload| (String::new(), payload)).collect();
    walk.objects("", &values);
    let Search { found, mut notes, outside, .. } = walk;
    notes.extend(outside_members(library, outside));
    let dialect = dialect(&widened.schema);
    let (decisions, vocabulary) = (MapDecisions::default(), Vocabulary::of(payloads));
    for New { node, name, place, values } in found {
        let mut findings = Findings::new(&decisions, &vocabulary);
        let property = values::schema(&values, &values::shortened(&place), &name, &mut findings);
        widened.notes.extend(findings.notes.iter().map(ToString::to_string));
        let types = values::types_of(&values).join(" or ");
        if let Some(schema) = widened.schema.at_mut(&node) {
            add_property(schema, &name, in_dialect(dialect, String::new(), property).1);
            widened.changes.push(format!("{place}: is new: {types} ({node}/properties)"));
        }
    }
    let mut known: HashSet<String> = widened.notes.iter().cloned().collect();
    widened.notes.extend(notes.into_iter().filter(|note| known.insert(note.clone())));
}

/// Returns notes about members that referenced documents do not declare. These documents are shared, so a person must
/// change them.
fn outside_members(library: &Library, mut open: Vec<Outside<'_>>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut seen: HashSet<(String, String, usize)> = HashSet::new();
    while let Some(Outside { reference, mut values }) = open.pop() {
        let (path, pointer) = reference.split_once('#').unwrap_or((&reference, ""));
        let path = path.trim_start_matches("../").trim_start_matches("./");
        // Documents in `common/` refer to each other without the name of the folder.
        let places = [path.to_owned(), format!("common/{path}")];
        let known = |file: &&String| library.contains_key(&format!("webhooks:///{file}"));
        let Some(file) = places.iter().find(known) else { continue };
        let Some(document) = library.get(&format!("webhooks:///{file}")) else { continue };
        values.retain(|(_, value)| seen.insert((file.clone(), pointer.to_owned(), address(value))));
        let mut walk = Search::new(document);
        walk.objects(pointer, &values);
        open.append(&mut walk.outside);
        let new = walk.found.iter().map(|New { node, place, .. }| {
            format!("{place}: is new, and its object is declared in a shared document ({file}#{node}/properties)")
        });
        notes.extend(new);
        notes.append(&mut walk.notes);
    }
    notes
}

/// A reference to another document, and the values that it applies to.
struct Outside<'j> {
    reference: String,
    values: Vec<(String, &'j Json)>,
}

/// A member that a schema does not declare.
struct New<'j> {
    node: String,
    name: String,
    place: String,
    values: Vec<&'j Json>,
}

/// A traversal of a schema and the values at each of its locations.
struct Search<'w, 'j> {
    root: &'w Json,
    /// All values in the schema, by JSON Pointer.
    index: HashMap<String, &'w Json>,
    found: Vec<New<'j>>,
    /// The indices in `found`, by schema and name.
    places: HashMap<(String, String), usize>,
    notes: Vec<String>,
    outside: Vec<Outside<'j>>,
    /// The schemas whose members were visited, each with the address of a value that it applies to.
    visited: HashSet<(String, usize)>,
}

impl<'w, 'j> Search<'w, 'j> {
    fn new(root: &'w Json) -> Self {
        let mut index = HashMap::new();
        add_to_index(root, String::new(), &mut index);
        Search {
            root,
            index,
            found: Vec::new(),
            places: HashMap::new(),
            notes: Vec::new(),
            outside: Vec::new(),
            visited: HashSet::new(),
        }
    }

    fn at(&self, pointer: &str) -> Option<&'w Json> {
        // The index has one spelling of each pointer; a reference may use another one.
        self.index.get(pointer).copied().or_else(|| self.root.at(pointer))
    }

    fn objects(&mut self, node: &str, values: &[(String, &'j Json)]) {
        if values.is_empty() {
            return;
        }
        let own = self.own(node);
        let all = self.applied(node);
        let known = self.known(&all);
        let mut undeclared: Vec<(String, String, &'j Json)> = Vec::new();
        for (place, value) in values {
            for (name, value) in value.as_object().unwrap_or_default() {
                if known.as_ref().is_some_and(|names| !names.contains(name.as_str())) {
                    undeclared.push((name.clone(), step(place, name), value));
                }
            }
        }
        let owner = own.iter().find(|node| self.has(node, "properties")).cloned();
        for (name, place, value) in undeclared {
            match &owner {
                Some(node) => self.add(node, name, place, value),
                None if all.iter().any(|node| self.has(node, "properties")) => {
                    self.notes.push(format!("{place}: is new, and it is not known which branch of {node} is meant"));
                }
                // An object without named members is open.
                None => {}
            }
        }
        for node in own {
            let reference = self.at(&node).and_then(|schema| schema.get("$ref")).and_then(Json::as_str);
            if let Some(reference) = reference.filter(|reference| !reference.starts_with('#')) {
                self.outside.push(Outside { reference: reference.to_owned(), values: values.to_vec() });
            }
            // Two branches of `allOf` may lead to the same schema, which would double the work at each level.
            let is_new = |(_, value): &&(String, &'j Json)| self.visited.insert((node.clone(), address(value)));
            let new: Vec<(String, &'j Json)> = values.iter().filter(is_new).cloned().collect();
            self.below(&node, &new);
        }
    }

    fn add(&mut self, node: &str, name: String, place: String, value: &'j Json) {
        let known = self.places.entry((node.to_owned(), name.clone())).or_insert(self.found.len());
        match self.found.get_mut(*known) {
            Some(new) => new.values.push(value),
            None => self.found.push(New { node: node.to_owned(), name, place, values: vec![value] }),
        }
    }

    /// Visits the members and items that one schema declares.
    fn below(&mut self, node: &str, values: &[(String, &'j Json)]) {
        let Some(schema) = self.at(node).filter(|_| !values.is_empty()) else { return };
        let properties = schema.get("properties").and_then(Json::as_object).unwrap_or_default();
        let names: HashSet<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
        let mut inner: HashMap<&str, Vec<(String, &'j Json)>> = HashMap::new();
        for (place, value) in values {
            for (name, value) in value.as_object().unwrap_or_default() {
                if let Some(name) = names.get(name.as_str()) {
                    inner.entry(name).or_default().push((step(place, name), value));
                }
            }
        }
        for (name, _) in properties {
            if let Some(inner) = inner.get(name.as_str()) {
                self.objects(&step(&format!("{node}/properties"), name), inner);
            }
        }
        let rest = |name: &str| !names.contains(name);
        if matches!(schema.get("additionalProperties"), Some(Json::Object(_))) && !self.has(node, "patternProperties") {
            let members = values.iter().flat_map(|(place, value)| {
                let members = value.as_object().unwrap_or_default().iter().filter(|(name, _)| rest(name));
                members.map(move |(name, value)| (step(place, name), value))
            });
            self.objects(&format!("{node}/additionalProperties"), &members.collect::<Vec<_>>());
        }
        let listed = ["prefixItems", "items"].iter().find_map(|name| Some((name, schema.get(name)?.as_array()?)));
        let mut first = 0;
        if let Some((name, list)) = listed {
            first = list.len();
            (0..first).for_each(|at| self.objects(&format!("{node}/{name}/{at}"), &items(values, at..at + 1)));
        }
        if matches!(schema.get("items"), Some(Json::Object(_))) {
            self.objects(&format!("{node}/items"), &items(values, first..usize::MAX));
        }
    }

    fn has(&self, node: &str, keyword: &str) -> bool {
        self.at(node).is_some_and(|schema| schema.get(keyword).is_some())
    }

    /// Returns the schemas that apply to every value at a location: the schema itself, its reference targets and
    /// `allOf`.
    fn own(&self, node: &str) -> Vec<String> {
        self.closure(node, &["allOf"])
    }

    /// Returns the schemas that apply or may apply to a value at a location.
    fn applied(&self, node: &str) -> Vec<String> {
        self.closure(node, &["allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "dependencies"])
    }

    fn closure(&self, node: &str, keywords: &[&str]) -> Vec<String> {
        let mut all = vec![node.to_owned()];
        let mut seen = HashSet::from([node.to_owned()]);
        let mut next = 0;
        while let Some(node) = all.get(next).cloned() {
            next += 1;
            let Some(schema) = self.at(&node) else { continue };
            let reference = schema.get("$ref").and_then(Json::as_str);
            let mut targets: Vec<String> =
                reference.and_then(|r| r.strip_prefix('#')).map(str::to_owned).into_iter().collect();
            for keyword in keywords {
                match schema.get(keyword) {
                    Some(Json::Array(branches)) => {
                        targets.extend((0..branches.len()).map(|at| format!("{node}/{keyword}/{at}")));
                    }
                    Some(Json::Object(_)) if matches!(*keyword, "if" | "then" | "else") => {
                        targets.push(format!("{node}/{keyword}"));
                    }
                    Some(Json::Object(named)) => {
                        let outer = format!("{node}/{keyword}");
                        targets.extend(named.iter().map(|(name, _)| step(&outer, name)));
                    }
                    _ => {}
                }
            }
            for target in targets {
                if self.at(&target).is_some() && seen.insert(target.clone()) {
                    all.push(target);
                }
            }
        }
        all
    }

    /// Returns the members that some schemas declare, or `None` if they may declare any member. A schema that refers to
    /// another document or has patterns for names may declare any.
    fn known(&self, nodes: &[String]) -> Option<HashSet<&'w str>> {
        let mut names = HashSet::new();
        for schema in nodes.iter().filter_map(|node| self.at(node)) {
            let outside = schema.get("$ref").and_then(Json::as_str).is_some_and(|reference| {
                !reference.starts_with('#') || self.at(reference.trim_start_matches('#')).is_none()
            });
            let open = |keyword: &str| matches!(schema.get(keyword), Some(Json::Object(schema)) if !schema.is_empty());
            if outside
                || schema.get("$dynamicRef").is_some()
                || ["patternProperties", "additionalProperties", "unevaluatedProperties"].into_iter().any(open)
            {
                return None;
            }
            let properties = schema.get("properties").and_then(Json::as_object).unwrap_or_default();
            names.extend(properties.iter().map(|(name, _)| name.as_str()));
        }
        Some(names)
    }
}

/// Adds a value and all values in it to the index.
fn add_to_index<'j>(json: &'j Json, pointer: String, index: &mut HashMap<String, &'j Json>) {
    match json {
        Json::Object(members) => {
            members.iter().for_each(|(name, value)| add_to_index(value, step(&pointer, name), index));
        }
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| add_to_index(item, format!("{pointer}/{at}"), index));
        }
        _ => {}
    }
    index.insert(pointer, json);
}

/// Returns the address of a value, by which equal values at different locations differ.
fn address(value: &Json) -> usize {
    std::ptr::from_ref(value) as usize
}

fn items<'j>(values: &[(String, &'j Json)], range: std::ops::Range<usize>) -> Vec<(String, &'j Json)> {
    let of = |(place, value): &(String, &'j Json)| {
        let items = value.as_array().unwrap_or_default().iter().enumerate();
        let inside = items.filter(|(at, _)| range.contains(at));
        inside.map(|(at, item)| (format!("{place}/{at}"), item)).collect::<Vec<_>>()
    };
    values.iter().flat_map(of).collect()
}
