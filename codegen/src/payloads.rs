//! Generates random payloads that are valid under a schema.

use std::sync::Arc;

use fastrand::Rng;
use serde_json::Value;

use crate::Dialect;
use crate::compare::with_stack;
use crate::containment::{Answer, Literal, Prover};
use crate::json::Json;
use crate::load::catalog::Library;
use crate::model::diagnostic::Checked;
use crate::normalize::Schemas;
use crate::tables::validator::{Validator, alone};

/// The number of attempts at a random payload before the simplest payload is used.
const ATTEMPTS: u64 = 8;

/// Generates payloads that are valid under a schema. Optional members, branches of unions, and numbers, strings and
/// arrays (within their bounds) are chosen at random.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use webhook_codegen::json::Json;
/// use webhook_codegen::payloads::generate;
///
/// let schema = Json::parse(r#"{"type": "object", "properties": {"id": {"type": "integer", "minimum": 7}}, "required": ["id"]}"#)?;
/// let payloads = generate(&schema, &BTreeMap::new(), 1, 3).expect("a schema");
/// assert_eq!(payloads.len(), 3);
/// assert!(payloads.iter().all(|payload| payload["id"].as_i64() >= Some(7)));
/// # Ok::<(), webhook_codegen::json::JsonError>(())
/// ```
///
/// The same seed generates the same payloads. The result has fewer than `count` payloads if no valid payload was found,
/// for example because the schema accepts nothing.
///
/// # Errors
///
/// Returns the problems of a schema that cannot be parsed.
pub fn generate(schema: &Json, library: &Library, seed: u64, count: usize) -> Checked<Vec<Value>> {
    let (model, root) = alone(schema, library, Dialect::default())?;
    let validator = Validator::new(schema, library, Dialect::default())?;
    with_stack(move || {
        let schemas = Schemas::new(Arc::new(model));
        let mut prover = Prover::new(&[&schemas]);
        prover.add_formats(&schemas);
        let mut seeds = Rng::with_seed(seed);
        let is_valid = |value: &Value| validator.are_valid(&[value]) == [true];
        let mut payloads = Vec::new();
        for _ in 0..count {
            // The last attempt is not random.
            payloads.extend((0..=ATTEMPTS).find_map(|attempt| {
                match attempt {
                    ATTEMPTS => drop(prover.without_seed()),
                    _ => prover.seed(seeds.u64(..)),
                }
                prover.restart();
                match prover.solve(&[Literal::new(root, true)]) {
                    Answer::Found(value) if is_valid(&value) => Some(value),
                    _ => None,
                }
            }));
        }
        Ok(payloads)
    })
}
