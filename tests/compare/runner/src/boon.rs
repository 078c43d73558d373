//! Validation by the crate `boon`, with its defaults.

use std::hint::black_box;
use std::rc::Rc;

use boon::{Compiler, Schemas, ValidationError};
use serde_json::Value;

use crate::Entry;
use crate::protocol::{Outcome, Report};

/// The validators of some events, each with its schema. A schema that cannot be compiled gives none.
pub fn entries(schemas: &[(&str, &str)]) -> Vec<Entry> {
    schemas.iter().filter_map(|(event, schema)| entry(event, schema)).collect()
}

fn entry(event: &str, schema: &str) -> Option<Entry> {
    let uri = "https://compare.example/schema.json";
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource(uri, serde_json::from_str(schema).ok()?).ok()?;
    let index = compiler.compile(uri, &mut schemas).ok()?;
    let checks = Rc::new(schemas);
    let reads = Rc::clone(&checks);
    let check = move |text: &str, _| match serde_json::from_str::<Value>(text) {
        Ok(value) => match checks.validate(&value, index) {
            Ok(()) => Outcome::Accepted(None),
            Err(error) => {
                let mut reports = Vec::new();
                add_leaves(&error, &mut reports);
                Outcome::Refused(reports)
            }
        },
        Err(error) => Outcome::Refused(vec![Report { message: error.to_string(), location: None }]),
    };
    let read = move |bytes: &[u8]| {
        if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
            black_box(reads.validate(&value, index).is_ok());
            drop(black_box(value));
        }
    };
    Some(Entry { event: event.to_owned(), check: Box::new(check), read: Box::new(read) })
}

/// The errors that have no causes of their own.
fn add_leaves(error: &ValidationError<'_, '_>, reports: &mut Vec<Report>) {
    if error.causes.is_empty() {
        let location = error.instance_location.to_string();
        let place = if location.is_empty() { "(root)" } else { location.as_str() };
        reports.push(Report { message: format!("at {place}: {}", error.kind), location: Some(location) });
    }
    error.causes.iter().for_each(|cause| add_leaves(cause, reports));
}
