//! The members of a schema and their values, in whatever the schema consists of.

use std::collections::{HashMap, HashSet};

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::json::Json;

/// The schemas that a schema consists of, by the files that they are in: itself, what it refers to, and the branches of `allOf`.
fn parts<'p>(provider: &'p Provider, file: &str, schema: &'p Json) -> Vec<(String, &'p Json)> {
    let mut found = Vec::new();
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        found.extend(referred(provider, file, reference));
    }
    let branches = schema.get("allOf").and_then(Json::as_array).unwrap_or_default();
    found.extend(branches.iter().map(|branch| (file.to_owned(), branch)));
    found
}

/// What a reference between files of the provider leads to.
fn referred<'p>(provider: &'p Provider, file: &str, reference: &str) -> Option<(String, &'p Json)> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let mut steps: Vec<&str> = file.split('/').collect();
    if !path.is_empty() {
        steps.pop();
        for step in path.split('/') {
            match step {
                ".." => drop(steps.pop()),
                step => steps.push(step),
            }
        }
    }
    let path = steps.join("/");
    let event = provider.events.iter().find(|event| provider.schema_file(event) == path);
    let document = provider.documents.get(&path).or_else(|| event.map(|event| &event.schema))?;
    Some((path, document.at(fragment)?))
}

/// A schema with everything that it consists of, each once, a schema before its parts.
fn all_parts<'p>(provider: &'p Provider, file: &str, schema: &'p Json) -> Vec<(String, &'p Json)> {
    let mut found: Vec<(String, &'p Json)> = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![(file.to_owned(), schema)];
    while let Some((file, schema)) = open.pop() {
        if seen.insert(std::ptr::from_ref(schema)) {
            open.extend(parts(provider, &file, schema).into_iter().rev());
            found.push((file, schema));
        }
    }
    found
}

/// The members that a schema declares, also by what it consists of.
pub(super) struct Members<'p> {
    provider: &'p Provider,
    parts: Vec<(String, &'p Json)>,
    /// The names, in order.
    pub(super) names: Vec<&'p str>,
    /// The schemas of a member, with the place of the part that declares each.
    by_name: HashMap<&'p str, Vec<(usize, &'p Json)>>,
}

impl<'p> Members<'p> {
    /// The members of an event.
    pub(super) fn of_event(provider: &'p Provider, event: &'p Event) -> Members<'p> {
        let parts = all_parts(provider, &provider.schema_file(event), &event.schema);
        let mut names = Vec::new();
        let mut by_name: HashMap<&str, Vec<(usize, &Json)>> = HashMap::new();
        for (place, (_, part)) in parts.iter().enumerate() {
            for (name, schema) in part.get("properties").and_then(Json::as_object).unwrap_or_default() {
                let known = by_name.entry(name).or_default();
                if known.is_empty() {
                    names.push(name.as_str());
                }
                known.push((place, schema));
            }
        }
        Members { provider, parts, names, by_name }
    }

    /// The schema of a member.
    pub(super) fn schema(&self, name: &str) -> Option<&'p Json> {
        self.by_name.get(name)?.first().map(|(_, schema)| *schema)
    }

    /// The strings that a member may be, if the schema lists them.
    pub(super) fn values(&self, name: &str) -> Option<Vec<String>> {
        let listed = |(place, schema): &(usize, &'p Json)| listed(self.provider, &self.parts[*place].0, schema);
        self.by_name.get(name)?.iter().find_map(listed)
    }
}

/// Whether the schema of an event accepts objects only.
pub(super) fn is_object(provider: &Provider, event: &Event) -> bool {
    let all = all_parts(provider, &provider.schema_file(event), &event.schema);
    all.iter().any(|(_, part)| part.get("type").and_then(Json::as_str) == Some("object"))
}

/// The strings that a schema lists, itself or by what it consists of.
fn listed(provider: &Provider, file: &str, member: &Json) -> Option<Vec<String>> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    all_parts(provider, file, member).into_iter().find_map(|(_, part)| match part.get("const") {
        Some(value) => text(value).map(|value| vec![value]),
        None => part.get("enum").and_then(Json::as_array)?.iter().map(text).collect(),
    })
}
