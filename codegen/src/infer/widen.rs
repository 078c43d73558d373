//! Changes a known schema as little as possible, so that it accepts more payloads.

use std::collections::HashSet;

use serde_json::Value;
use webhook_runtime::{Violation, ViolationKind};

use super::Widened;
use super::repair::{Repair, Repairs, dialect};
use super::undeclared::new_members;
use crate::json::Json;
use crate::load::catalog::Library;
use crate::model::Dialect;
use crate::tables::validator::Validator;

/// The maximum number of times that a schema is changed and tried again.
const ROUNDS: usize = 64;

/// The maximum number of violations that are repaired in each round. A payload with more is unlikely to belong to the
/// event.
const MOST_VIOLATIONS: usize = 1000;

/// Returns `schema` with the smallest changes after which it accepts every payload and declares every member.
///
/// `library` has the documents that the schema refers to, by URI, in the form that [`Validator::new`] takes. They are
/// not changed.
pub fn widen(schema: &Json, library: &Library, payloads: &[Json]) -> Widened {
    widen_with_documents(schema, library, &[], payloads)
}

/// Widens a schema like [`widen`], but may also change the documents of the library whose URIs are in `documents`.
pub fn widen_with_documents(schema: &Json, library: &Library, documents: &[String], payloads: &[Json]) -> Widened {
    let mut widened = Widened { schema: schema.clone(), ..Widened::default() };
    let mut known = HashSet::new();
    let mut library = library.clone();
    let values: Vec<Value> = payloads.iter().map(Json::to_value).collect();
    // A repair can reveal further violations: a value that was rejected for its type has members after the repair.
    for _ in 0..ROUNDS {
        let found = match violations(&widened.schema, &library, &values) {
            Ok(found) => found,
            Err(problems) => {
                widened.unresolved = problems;
                return widened;
            }
        };
        // A violation inside another document is located in the definitions, where the document is embedded.
        let had_definitions = widened.schema.get(definitions(schema)).is_some();
        embed(&mut widened.schema, &library, documents);
        let changes = round(&mut widened, &found, payloads);
        for (uri, document) in extract(&mut widened.schema, documents, had_definitions) {
            if library.get(&uri) != Some(&document) {
                library.insert(uri.clone(), document.clone());
                widened.documents.insert(uri, document);
            }
        }
        if changes.is_empty() {
            break;
        }
        widened.changes.extend(changes.into_iter().filter(|change| known.insert(change.clone())));
    }
    new_members(&mut widened, &library, payloads);
    widened
}

/// Returns the keyword for definitions in a document's dialect.
fn definitions(schema: &Json) -> &'static str {
    dialect(schema).definitions_keyword()
}

/// Adds documents of the library to the definitions of a schema.
fn embed(schema: &mut Json, library: &Library, documents: &[String]) {
    let name = definitions(schema);
    let Json::Object(keywords) = schema else { return };
    let embedded = documents.iter().filter_map(|uri| Some((uri.clone(), library.get(uri)?.clone())));
    match keywords.iter_mut().find(|(known, _)| known == name) {
        Some((_, Json::Object(known))) => known.extend(embedded),
        Some(_) => {}
        None => keywords.push((name.to_owned(), Json::Object(embedded.collect()))),
    }
}

/// Removes the documents from the definitions, and the definitions themselves if the schema had none.
fn extract(schema: &mut Json, documents: &[String], had_definitions: bool) -> Vec<(String, Json)> {
    let name = definitions(schema);
    let Json::Object(keywords) = schema else { return Vec::new() };
    let Some((_, Json::Object(known))) = keywords.iter_mut().find(|(known, _)| known == name) else {
        return Vec::new();
    };
    let (found, own) = std::mem::take(known).into_iter().partition(|(uri, _)| documents.contains(uri));
    *known = own;
    keywords.retain(|(known, _)| known != name || had_definitions);
    found
}

fn violations(schema: &Json, library: &Library, values: &[Value]) -> Result<Vec<Vec<Violation>>, Vec<String>> {
    let validator = Validator::new(schema, library, Dialect::default())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let all = validator.violations(&values.iter().collect::<Vec<_>>());
    Ok(all.iter().map(|found| found.iter().cloned().collect()).collect())
}

/// Repairs the schema for all violations as far as possible. Returns the changes, and stores the unresolved violations.
fn round(widened: &mut Widened, found: &[Vec<Violation>], payloads: &[Json]) -> Vec<String> {
    let before = widened.schema.clone();
    let mut changes = Vec::new();
    let mut left = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let mut violations_left = MOST_VIOLATIONS;
    for (found, payload) in found.iter().zip(payloads) {
        let mut repairs = Repairs { schema: &mut widened.schema, before: &before, payload };
        let mut skipped = String::new();
        for violation in found {
            let Some(rest) = violations_left.checked_sub(1) else { break };
            violations_left = rest;
            // The violations of branches follow the violation of their union.
            if !skipped.is_empty() && violation.keyword_location.starts_with(&skipped) {
                continue;
            }
            skipped.clear();
            let below = format!("{}/", violation.keyword_location);
            let is_union = matches!(violation.kind, ViolationKind::AnyOf { .. } | ViolationKind::OneOf { .. });
            let is_nested = |inner: &&Violation| is_union && inner.keyword_location.starts_with(&below);
            let nested: Vec<&Violation> = found.iter().take(MOST_VIOLATIONS).filter(is_nested).collect();
            match repairs.repair(violation, &nested) {
                Repair::Applied(what) => {
                    // A union with a new branch needs no change of its other branches.
                    if is_union {
                        skipped = below;
                    }
                    changes.push(what);
                }
                Repair::Satisfied => {}
                Repair::Unresolved(why) => {
                    if known.insert(why.clone()) {
                        left.push(why);
                    }
                }
            }
        }
        // No rejection is lost: if nothing was done about a payload, its first violation is left to a person.
        let rejected = found.first().filter(|_| changes.is_empty() && left.is_empty());
        left.extend(rejected.map(ToString::to_string));
    }
    let all: usize = found.iter().map(Vec::len).sum();
    if all > MOST_VIOLATIONS {
        left.push(format!(
            "{all} values are rejected, and only the first {MOST_VIOLATIONS} were looked at: apply the changes, and run this again"
        ));
    }
    widened.unresolved = left;
    changes
}
