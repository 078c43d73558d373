//! A known schema, changed as little as possible so that it accepts more.

use std::collections::BTreeMap;

use serde_json::Value;
use webhook_runtime::{Violation, ViolationKind};

use super::repair::{Repair, Repairs};
use super::undeclared::new_members;
use crate::json::Json;
use crate::{Dialect, Validator};

/// How often a schema is changed and asked again.
const ROUNDS: usize = 64;

/// A schema that was changed to accept some payloads.
#[derive(Clone, Debug, PartialEq)]
pub struct Widened {
    /// The schema; equal to what it was when it accepts every payload and has every member.
    pub schema: Json,
    /// What was changed, each with its place in the payload and in the schema.
    pub changes: Vec<String>,
    /// What a person must do: the payloads are still refused because of it.
    pub unresolved: Vec<String>,
    /// What a person should review: nothing is rejected because of it.
    pub notes: Vec<String>,
}

/// The least change of `schema` under which it accepts every payload and knows every member.
///
/// `library` are the documents that the schema refers to, by URI, as [`Validator::new`] takes them; they are not changed.
pub fn widen(schema: &Json, library: &BTreeMap<String, Json>, payloads: &[Json]) -> Widened {
    let mut widened =
        Widened { schema: schema.clone(), changes: Vec::new(), unresolved: Vec::new(), notes: Vec::new() };
    let values: Vec<Value> = payloads.iter().map(Json::to_value).collect();
    for _ in 0..ROUNDS {
        let found = match violations(&widened.schema, library, &values) {
            Ok(found) => found,
            Err(problems) => {
                widened.unresolved = problems;
                return widened;
            }
        };
        let changes = round(&mut widened, &found, payloads);
        if changes.is_empty() {
            break;
        }
        let new: Vec<String> = changes.into_iter().filter(|change| !widened.changes.contains(change)).collect();
        widened.changes.extend(new);
    }
    new_members(&mut widened, library, payloads);
    widened
}

fn violations(
    schema: &Json,
    library: &BTreeMap<String, Json>,
    values: &[Value],
) -> Result<Vec<Vec<Violation>>, Vec<String>> {
    let validator = Validator::new(schema, library, Dialect::default())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let all = validator.violations(&values.iter().collect::<Vec<_>>());
    Ok(all.iter().map(|found| found.iter().cloned().collect()).collect())
}

/// Changes the schema to accept what it rejects, as far as possible; reports the changes, and what is left.
fn round(widened: &mut Widened, found: &[Vec<Violation>], payloads: &[Json]) -> Vec<String> {
    let before = widened.schema.clone();
    let mut changes = Vec::new();
    let mut left = Vec::new();
    for (found, payload) in found.iter().zip(payloads) {
        let mut repairs = Repairs { schema: &mut widened.schema, before: &before, payload };
        let mut skipped = String::new();
        for violation in found {
            if !skipped.is_empty() && violation.keyword_location.starts_with(&skipped) {
                continue;
            }
            skipped.clear();
            let below = format!("{}/", violation.keyword_location);
            let nested: Vec<&Violation> =
                found.iter().filter(|inner| inner.keyword_location.starts_with(&below)).collect();
            match repairs.repair(violation, &nested) {
                Repair::Applied(what) => {
                    // A union that has a new branch needs no change of the others.
                    if matches!(violation.kind, ViolationKind::AnyOf { .. } | ViolationKind::OneOf { .. }) {
                        skipped = below;
                    }
                    changes.push(what);
                }
                Repair::Satisfied => {}
                Repair::Unresolved(why) if left.contains(&why) => {}
                Repair::Unresolved(why) => left.push(why),
            }
        }
        let refused = found.first().filter(|_| changes.is_empty() && left.is_empty());
        left.extend(refused.map(ToString::to_string));
    }
    widened.unresolved = left;
    changes
}
