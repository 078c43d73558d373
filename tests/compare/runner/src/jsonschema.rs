//! Validation by the crate `jsonschema`, with its defaults.

use std::hint::black_box;

use serde_json::Value;

use crate::Entry;
use crate::protocol::{Outcome, Report};

/// The validators of some events, each with its schema. A schema that cannot be compiled gives none.
pub fn entries(schemas: &[(&str, &str)]) -> Vec<Entry> {
    schemas.iter().filter_map(|(event, schema)| entry(event, schema)).collect()
}

fn entry(event: &str, schema: &str) -> Option<Entry> {
    let schema: Value = serde_json::from_str(schema).ok()?;
    let (checks, reads) = (jsonschema::validator_for(&schema).ok()?, jsonschema::validator_for(&schema).ok()?);
    let check = move |text: &str, _| match serde_json::from_str::<Value>(text) {
        Ok(value) if checks.is_valid(&value) => Outcome::Accepted(None),
        Ok(value) => Outcome::Refused(
            checks
                .iter_errors(&value)
                .map(|error| Report {
                    message: error.to_string(),
                    location: Some(error.instance_path().as_str().to_owned()),
                })
                .collect(),
        ),
        Err(error) => Outcome::Refused(vec![Report { message: error.to_string(), location: None }]),
    };
    let read = move |bytes: &[u8]| {
        if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
            black_box(reads.is_valid(&value));
            drop(black_box(value));
        }
    };
    Some(Entry { event: event.to_owned(), check: Box::new(check), read: Box::new(read) })
}
