//! Proves that a receiver accepts every payload of a new version, or finds a payload that it rejects.

use std::cell::OnceCell;
use std::thread;

use serde_json::Value;
use webhook_runtime::Reading;

use super::schema_version::{Declared, SchemaVersion, Version};
use crate::Dialect;
use crate::containment::{Answer, Literal, Prover};
use crate::json::Json;
use crate::model::diagnostic::{Checked, Diagnostic};
use crate::tables::validator::Validator;

/// The stack size of the thread that searches. The search recurses as deep as schemas and values nest.
const STACK: usize = 1 << 28;

/// The values that a vendor is assumed to send in members that the new version no longer declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sent {
    /// The member is absent or still has its old schema, unless the new version has a schema for members that it does
    /// not name.
    #[default]
    AsBefore,
    /// The member has any value that the new version accepts.
    Anything,
}

/// The assumptions under which two versions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The values assumed for members that the new version no longer declares.
    pub sent: Sent,
    /// How the types of the old version are read. This decides which payloads they reject.
    pub reading: Reading,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { sent: Sent::default(), reading: Reading::Exact }
    }
}

/// Whether a receiver of the old version accepts every payload of the new version.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The receiver accepts every payload; this is proven.
    Compatible,
    /// The receiver rejects this payload, which is valid under the new version.
    Breaking(Value),
    /// Neither a proof nor a rejected payload was found. The text lists the keywords that prevented a proof.
    Unproven(String),
}

/// Decides whether a receiver of the old version accepts every payload of the new version.
///
/// # Errors
///
/// Returns the problems of a schema that cannot be parsed.
pub fn contained(old: Version<'_>, new: Version<'_>, rules: Rules) -> Checked<Verdict> {
    let (older, newer) = (SchemaVersion::new(old)?, SchemaVersion::new(new)?);
    with_stack(|| Ok(Judge::new((old, &older), (new, &newer), rules).root()))
}

/// A schema together with the types of an event, to look up declarations and to decide which payloads the types accept.
pub struct Acceptance {
    read: SchemaVersion,
    prover: Prover,
    validator: Validator,
    reading: Reading,
}

impl Acceptance {
    /// Parses a schema.
    ///
    /// # Errors
    ///
    /// Returns the problems of a schema that cannot be parsed.
    pub fn new(version: Version<'_>, reading: Reading) -> Checked<Acceptance> {
        let read = SchemaVersion::new(version)?;
        // The prover relaxes only the older of two versions, so the schema is passed as both.
        let mut prover = Prover::new(&[&read.schemas, &read.schemas]);
        if reading == Reading::Tolerant {
            prover.relax();
        }
        let validator = Validator::new(version.schema, version.library, Dialect::default())?;
        Ok(Acceptance { read, prover, validator, reading })
    }

    /// Returns whether the types accept a payload.
    pub fn accepts(&mut self, payload: &Value) -> bool {
        let root = Literal::new(self.read.root, true);
        self.validator.are_valid(&[payload]) == [true]
            || self.reading == Reading::Tolerant && self.prover.satisfies(root, payload) == Some(true)
    }

    /// Returns the declaration of the schema for a location: a JSON Pointer in which `*` stands for any item or member.
    pub fn declared(&mut self, place: &str) -> Declared {
        self.read.declared(place)
    }

    /// Returns the validator of the schema.
    pub fn validator(&self) -> &Validator {
        &self.validator
    }

    /// Returns how the types are read.
    pub fn reading(&self) -> Reading {
        self.reading
    }
}

/// Two versions of a schema, ready to be judged.
pub(super) struct Judge<'j> {
    pub(super) prover: Prover,
    /// The two versions. Their validators are built when the first payload is found.
    versions: [Version<'j>; 2],
    validators: OnceCell<[Validator; 2]>,
    pub(super) old_root: Literal,
    pub(super) new_root: Literal,
    reading: Reading,
}

impl<'j> Judge<'j> {
    pub(super) fn new(
        (old, older): (Version<'j>, &SchemaVersion),
        (new, newer): (Version<'j>, &SchemaVersion),
        rules: Rules,
    ) -> Judge<'j> {
        let mut prover = Prover::new(&[&older.schemas, &newer.schemas]);
        prover.open = rules.sent == Sent::Anything;
        if rules.reading == Reading::Tolerant {
            prover.relax();
        }
        Judge {
            versions: [old, new],
            validators: OnceCell::new(),
            old_root: Literal::new(older.root, false),
            new_root: Literal::new(prover.newer(newer.root), true),
            prover,
            reading: rules.reading,
        }
    }

    /// Returns the validators of the old and the new version.
    fn validators(&self) -> Option<&[Validator; 2]> {
        if self.validators.get().is_none() {
            let validator = |version: Version<'_>| Validator::new(version.schema, version.library, Dialect::default());
            // Both schemas were parsed before, so this does not fail. If it does, no payload counts as evidence.
            let both = [validator(self.versions[0]).ok()?, validator(self.versions[1]).ok()?];
            let _ = self.validators.set(both);
        }
        self.validators.get()
    }

    /// Returns the verdict on the whole schema.
    pub(super) fn root(&mut self) -> Verdict {
        let verdict = self.verdict(&[self.new_root, self.old_root]);
        match verdict {
            Verdict::Unproven(_) => {
                let payloads: Vec<Value> = self.versions[1].instances.iter().map(Json::to_value).collect();
                payloads.into_iter().find(|payload| self.refutes(payload)).map_or(verdict, Verdict::Breaking)
            }
            verdict => verdict,
        }
    }

    /// Returns the verdict on a conjunction of literals: compatible if no payload satisfies all of them, breaking if a
    /// payload does and the old version rejects it.
    pub(super) fn verdict(&mut self, literals: &[Literal]) -> Verdict {
        self.prover.restart();
        match self.prover.solve(literals) {
            Answer::Empty => Verdict::Compatible,
            Answer::Found(value) if self.refutes(&value) => Verdict::Breaking(value),
            Answer::Unknown(reasons) if !reasons.is_empty() => {
                Verdict::Unproven(reasons.into_iter().collect::<Vec<_>>().join(", "))
            }
            _ => Verdict::Unproven("numbers that a double rounds".to_owned()),
        }
    }

    /// Returns whether it is proven that no value satisfies all literals.
    pub(super) fn is_empty(&mut self, literals: &[Literal]) -> bool {
        self.prover.restart();
        matches!(self.prover.solve(literals), Answer::Empty)
    }

    /// Returns whether a payload is valid under the new version and rejected by the types of the old version.
    fn refutes(&mut self, payload: &Value) -> bool {
        self.validators().is_some_and(|[_, new]| new.are_valid(&[payload]) == [true]) && self.rejects(payload)
    }

    fn rejects(&mut self, payload: &Value) -> bool {
        self.validators().is_some_and(|[old, _]| old.are_valid(&[payload]) == [false])
            && (self.reading == Reading::Exact || self.prover.satisfies(self.old_root, payload) == Some(true))
    }

    /// Returns the first violation of a payload under the old version: its location, and the expected value.
    pub(super) fn violation(&self, payload: &Value) -> Option<(String, String)> {
        let found = self.validators()?[0].violations(&[payload]);
        let first = found.first()?.iter().next()?;
        Some((first.instance_location.clone(), first.expected()))
    }
}

/// Runs a closure on a thread with a large stack.
pub(crate) fn with_stack<T: Send>(run: impl FnOnce() -> Checked<T> + Send) -> Checked<T> {
    let failed = || vec![Diagnostic::internal("schema.json", "the comparison of two schemas failed")];
    thread::scope(|scope| {
        let spawned = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        spawned.map_err(|_| failed())?.join().map_err(|_| failed())?
    })
}
