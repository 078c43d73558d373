//! Collects the keywords that apply to the values of a member.

use super::Constraint;
use crate::json::Json;
use crate::model::{Annotations, Keywords, NodeId};
use crate::normalize::Schemas;

/// The maximum depth of branches and items.
const DEPTH: usize = 3;

/// Returns the keywords that apply to the values of a schema, including keywords of its branches and items. Members of
/// objects are not included.
pub(super) fn constraints(schemas: &mut Schemas, node: NodeId) -> Vec<Constraint> {
    let mut found = Vec::new();
    collect(schemas, node, "", DEPTH, &mut found);
    found
}

fn collect(schemas: &mut Schemas, raw: NodeId, at: &str, depth: usize, found: &mut Vec<Constraint>) {
    let node = schemas.normalize(raw).node;
    let keywords = schemas.keywords(node).clone();
    let notes = schemas.node(node).annotations.clone();
    let mut add = |keyword: &str, value: Option<Json>| {
        let constraint = Constraint { keyword: format!("{at}{keyword}"), value };
        if !found.contains(&constraint) {
            found.push(constraint);
        }
    };
    let listed = alternatives(schemas, &keywords);
    for (keyword, value) in own(&keywords, &notes) {
        add(keyword, Some(value));
    }
    if let Some(values) = &listed {
        add("enum", Some(Json::Array(values.clone())));
    }
    for keyword in composed(&keywords) {
        add(keyword, None);
    }
    if depth == 0 {
        return;
    }
    let branches = [("anyOf/", &keywords.any_of), ("oneOf/", &keywords.one_of)];
    for (name, branch) in branches.iter().flat_map(|(name, all)| all.iter().flatten().map(move |one| (name, *one))) {
        if listed.is_none() {
            collect(schemas, branch, &format!("{at}{name}"), depth - 1, found);
        }
    }
    if let Some(items) = keywords.items {
        collect(schemas, items, &format!("{at}items/"), depth - 1, found);
    }
}

/// Returns the values that the branches of a schema list, if every branch lists values.
fn alternatives(schemas: &mut Schemas, keywords: &Keywords) -> Option<Vec<Json>> {
    let [branches] = keywords.any_of.iter().chain(&keywords.one_of).collect::<Vec<_>>()[..] else { return None };
    let mut all = Vec::new();
    for branch in branches {
        all.extend(schemas.merged(*branch).possible_values()?);
    }
    Some(all)
}

/// Returns the keywords with simple values.
fn own(keywords: &Keywords, notes: &Annotations) -> Vec<(&'static str, Json)> {
    let number = |text: &Option<String>| text.clone().map(Json::Number);
    let count = |count: Option<u64>| count.map(|count| Json::Number(count.to_string()));
    let text = |text: &String| Json::String(text.clone());
    let one = |keyword, value: Option<Json>| value.map(|value| (keyword, value)).into_iter().collect::<Vec<_>>();
    let list = |keyword, all: Vec<Json>| all.into_iter().map(|value| (keyword, value)).collect::<Vec<_>>();
    let numbers = |all: &[String]| all.iter().cloned().map(Json::Number).collect();
    [
        one("const", keywords.const_value.clone()),
        one("enum", keywords.enum_values.clone().map(Json::Array)),
        one("format", notes.format.as_ref().map(text)),
        one("x-number", keywords.number_type.map(|number| Json::String(number.name().to_owned()))),
        one("x-timestamp", notes.timestamp.then_some(Json::Boolean(true))),
        list("pattern", keywords.patterns.iter().map(text).collect()),
        one("minLength", count(keywords.min_length)),
        one("maxLength", count(keywords.max_length)),
        one("minimum", number(&keywords.minimum)),
        one("exclusiveMinimum", number(&keywords.exclusive_minimum)),
        one("maximum", number(&keywords.maximum)),
        one("exclusiveMaximum", number(&keywords.exclusive_maximum)),
        list("multipleOf", numbers(&keywords.multiple_of)),
        one("minItems", count(keywords.min_items)),
        one("maxItems", count(keywords.max_items)),
        one("uniqueItems", keywords.unique_items.then_some(Json::Boolean(true))),
        one("minProperties", count(keywords.min_properties)),
        one("maxProperties", count(keywords.max_properties)),
        list("x-text-templates", notes.templates.iter().map(text).collect()),
    ]
    .concat()
}

/// Returns the keywords that contain schemas and that a list of members does not show.
fn composed(keywords: &Keywords) -> Vec<&'static str> {
    [
        ("contains", !keywords.contains.is_empty()),
        ("propertyNames", !keywords.property_names.is_empty()),
        ("dependentRequired", !keywords.dependent_required.is_empty()),
        ("dependentSchemas", !keywords.dependent_schemas.is_empty()),
        ("not", !keywords.not.is_empty()),
        ("if", !keywords.if_then_else.is_empty()),
    ]
    .into_iter()
    .filter_map(|(keyword, has)| has.then_some(keyword))
    .collect()
}
