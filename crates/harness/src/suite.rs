//! Runs the JSON Schema Test Suite with generated validators and types.

use std::io::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json_diff::difference;
use crate::{TypedEvent, TypedProvider};

/// The groups of one file of the suite.
#[derive(Debug, Serialize, Deserialize)]
pub struct File {
    /// The name of the file.
    pub file: String,
    /// The provider that was generated from the file. Each group is one of its events.
    pub provider: String,
    /// The groups that were generated.
    pub groups: Vec<Group>,
    /// The number of tests whose schemas codegen rejected.
    pub rejected: usize,
}

/// A schema and its tests.
#[derive(Debug, Serialize, Deserialize)]
pub struct Group {
    /// The event that was generated from the schema.
    pub event: String,
    /// The description of the group.
    pub description: String,
    /// The tests of the schema.
    pub tests: Vec<Test>,
}

/// An instance, and whether it is valid.
#[derive(Debug, Serialize, Deserialize)]
pub struct Test {
    /// The description of the test.
    pub description: String,
    /// The instance.
    pub data: Box<RawValue>,
    /// Whether the instance is valid according to the suite.
    pub valid: bool,
}

/// The number of tests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests with the decision that the suite expects.
    pub right: usize,
    /// Tests with another decision.
    pub wrong: usize,
    /// Tests without a decision, because codegen rejected the schema.
    pub rejected: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.rejected += other.rejected;
    }

    fn all(self) -> usize {
        self.right + self.wrong + self.rejected
    }
}

/// Runs all tests. Writes a line for each file and each wrong decision, and the totals.
///
/// # Errors
///
/// Returns an error if the output cannot be written.
pub fn run(providers: &[TypedProvider], files: &[File], out: &mut impl Write) -> std::io::Result<Counts> {
    let mut total = Counts::default();
    for file in files {
        let mut counts = Counts { rejected: file.rejected, ..Counts::default() };
        for group in &file.groups {
            let provider = providers.iter().find(|provider| provider.name == file.provider);
            let event = provider.and_then(|provider| provider.events.iter().find(|event| event.name == group.event));
            for test in &group.tests {
                let found = event.map_or(Some("no such event".to_owned()), |event| decide(event, test));
                match found {
                    None => counts.right += 1,
                    Some(why) => {
                        counts.wrong += 1;
                        writeln!(out, "{}: {}: {}: {why}", file.file, group.description, test.description)?;
                    }
                }
            }
        }
        writeln!(out, "{}: right {}, wrong {}, rejected {}", file.file, counts.right, counts.wrong, counts.rejected)?;
        total.add(counts);
    }
    writeln!(out, "right {}, wrong {}, rejected {} of {}", total.right, total.wrong, total.rejected, total.all())?;
    Ok(total)
}

/// Returns the reason why a decision is wrong, or `None` if it is right.
fn decide(event: &TypedEvent, test: &Test) -> Option<String> {
    let text = test.data.get();
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Some(format!("the instance cannot be read: {error}")),
    };
    let said = |valid: bool| if valid { "valid" } else { "invalid" };
    let accepted = event.validator.is_valid(&value);
    if accepted != test.valid {
        return Some(format!("the validator decides {}: {text}", said(accepted)));
    }
    let violations = event.validator.violations(&value);
    if violations.is_empty() != test.valid {
        return Some(format!(
            "the validator decides {1}, but lists {0} violations",
            violations.count(),
            said(test.valid)
        ));
    }
    match event.roundtrip(text.as_bytes()) {
        Ok(_) if !test.valid => Some(format!("the type accepts {text}")),
        Err(error) if test.valid => Some(format!("the type rejects {text}: {error}")),
        Ok(back) => match difference(text, &back) {
            Ok(None) => None,
            Ok(Some(difference)) => {
                Some(format!("the type loses something at {}: {text} came back {back}", difference.pointer))
            }
            Err(error) => Some(format!("the type cannot be written as JSON: {error}")),
        },
        Err(_) => None,
    }
}
