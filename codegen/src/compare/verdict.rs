//! What a change means to a receiver, proven: every payload of the new version is accepted, or one that is not.

use std::thread;

use serde_json::Value;

use super::schema_version::{SchemaVersion, Version};
use crate::Dialect;
use crate::containment::{Answer, Literal, Prover};
use crate::json::Json;
use crate::model::diagnostic::Diagnostic;
use crate::tables::validator::Validator;

/// The stack of the thread that searches: schemas and values nest.
const STACK: usize = 1 << 28;

/// What is expected in members that the new version no longer declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sent {
    /// The member is absent, or what it was, unless the new version has a schema for members that it does not name.
    #[default]
    AsBefore,
    /// Anything that the new version accepts.
    Anything,
}

/// Whether a receiver of the old version accepts every payload of the new one.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It does: this was proven.
    Compatible,
    /// It rejects this payload, which is valid under the new version.
    Breaking(Value),
    /// Neither was proven, for a reason that completes the sentence "not proven: …".
    Unproven(String),
}

/// Decides whether every payload of the new version is valid under the old one.
///
/// # Errors
///
/// The problems of a schema that cannot be read.
pub fn contained(old: Version<'_>, new: Version<'_>, sent: Sent) -> Result<Verdict, Vec<Diagnostic>> {
    let (older, newer) = (SchemaVersion::new(old)?, SchemaVersion::new(new)?);
    let answer = with_stack(|| {
        let mut prover = Prover::new(&[&older.schemas, &newer.schemas]);
        prover.open = sent == Sent::Anything;
        let newer = Literal::new(prover.newer(newer.root), true);
        prover.solve(&[newer, Literal::new(older.root, false)])
    })?;
    let validator = |version: Version<'_>| Validator::new(version.schema, version.library, Dialect::default());
    let (by_old, by_new) = (validator(old)?, validator(new)?);
    let refutes = |value: &Value| by_new.are_valid(&[value]) == [true] && by_old.are_valid(&[value]) == [false];
    Ok(match answer {
        Answer::Empty => Verdict::Compatible,
        Answer::Found(value) if refutes(&value) => Verdict::Breaking(value),
        other => match new.instances.iter().map(Json::to_value).find(refutes) {
            Some(value) => Verdict::Breaking(value),
            None => Verdict::Unproven(reason(&other)),
        },
    })
}

fn reason(answer: &Answer) -> String {
    match answer {
        Answer::Unknown(reasons) if !reasons.is_empty() => reasons.iter().copied().collect::<Vec<_>>().join(", "),
        _ => "numbers that a double rounds".to_owned(),
    }
}

/// Runs something in a thread that has a large stack.
fn with_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T, Vec<Diagnostic>> {
    let failed = || vec![Diagnostic::internal("schema.json", "the comparison of two schemas failed")];
    thread::scope(|scope| {
        let spawned = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        spawned.map_err(|_| failed())?.join().map_err(|_| failed())
    })
}
