//! What a change means to a receiver, proven: every payload of the new version is accepted, or one that is not.

use std::cell::OnceCell;
use std::thread;

use serde_json::Value;
use webhook_runtime::Reading;

use super::schema_version::{SchemaVersion, Version};
use crate::Dialect;
use crate::containment::{Answer, Literal, Prover};
use crate::json::Json;
use crate::model::diagnostic::Diagnostic;
use crate::tables::validator::Validator;

/// The stack of the thread that searches: schemas and values nest.
const STACK: usize = 1 << 28;

/// The values that a vendor is assumed to send in members that the new version no longer declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sent {
    /// The member is absent, or what it was, unless the new version has a schema for members that it does not name.
    #[default]
    AsBefore,
    /// Anything that the new version accepts.
    Anything,
}

/// How two versions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The values that members may have that the new version no longer declares.
    pub sent: Sent,
    /// How the types of the old version are read, which decides what they reject.
    pub reading: Reading,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { sent: Sent::default(), reading: Reading::Exact }
    }
}

/// Whether a receiver of the old version accepts every payload of the new one.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It does: this was proven.
    Compatible,
    /// It rejects this payload, which is valid under the new version.
    Breaking(Value),
    /// Neither was proven; the keywords that were in the way.
    Unproven(String),
}

/// Decides whether a receiver of the old version accepts every payload of the new one.
///
/// # Errors
///
/// The problems of a schema that cannot be read.
pub fn contained(old: Version<'_>, new: Version<'_>, rules: Rules) -> Result<Verdict, Vec<Diagnostic>> {
    let (older, newer) = (SchemaVersion::new(old)?, SchemaVersion::new(new)?);
    with_stack(|| Ok(Judge::new((old, &older), (new, &newer), rules).root()))
}

/// Decides whether the types of a schema accept a payload, and finds payloads that they reject.
pub struct Acceptance {
    prover: Prover,
    validator: Validator,
    root: Literal,
    reading: Reading,
}

impl Acceptance {
    /// Reads a schema.
    ///
    /// # Errors
    ///
    /// The problems of a schema that cannot be read.
    pub fn new(version: Version<'_>, reading: Reading) -> Result<Acceptance, Vec<Diagnostic>> {
        let read = SchemaVersion::new(version)?;
        // Only the older of two versions is relaxed.
        let mut prover = Prover::new(&[&read.schemas, &read.schemas]);
        if reading == Reading::Tolerant {
            prover.relax();
        }
        let validator = Validator::new(version.schema, version.library, Dialect::default())?;
        Ok(Acceptance { prover, validator, root: Literal::new(read.root, true), reading })
    }

    /// Whether the types accept a payload.
    pub fn accepts(&mut self, payload: &Value) -> bool {
        self.validator.are_valid(&[payload]) == [true]
            || self.reading == Reading::Tolerant && self.prover.satisfies(self.root, payload) == Some(true)
    }
}

/// Two versions of a schema, ready to be judged.
pub(super) struct Judge<'j> {
    pub(super) prover: Prover,
    /// The versions, and the validators of both, which are built when a payload was found.
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

    /// The validators of the older version and of the newer one.
    fn validators(&self) -> Option<&[Validator; 2]> {
        if self.validators.get().is_none() {
            let validator = |version: Version<'_>| Validator::new(version.schema, version.library, Dialect::default());
            // Both were read before; without validators, nothing counts as evidence.
            let both = [validator(self.versions[0]).ok()?, validator(self.versions[1]).ok()?];
            let _ = self.validators.set(both);
        }
        self.validators.get()
    }

    /// The verdict on the whole schema.
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

    /// The verdict on some schemas: no payload satisfies all literals, or one that the old version rejects.
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

    /// Whether it is proven that no value satisfies all literals.
    pub(super) fn is_empty(&mut self, literals: &[Literal]) -> bool {
        self.prover.restart();
        matches!(self.prover.solve(literals), Answer::Empty)
    }

    /// Whether a payload is valid under the new version, and rejected by the types of the old one.
    fn refutes(&mut self, payload: &Value) -> bool {
        self.validators().is_some_and(|[_, new]| new.are_valid(&[payload]) == [true]) && self.rejects(payload)
    }

    fn rejects(&mut self, payload: &Value) -> bool {
        self.validators().is_some_and(|[old, _]| old.are_valid(&[payload]) == [false])
            && (self.reading == Reading::Exact || self.prover.satisfies(self.old_root, payload) == Some(true))
    }

    /// The first violation of a payload under the old version: its place, and what was expected there.
    pub(super) fn violation(&self, payload: &Value) -> Option<(String, String)> {
        let found = self.validators()?[0].violations(&[payload]);
        let first = found.first()?.iter().next()?;
        Some((first.instance_location.clone(), first.expected()))
    }
}

/// Runs something in a thread that has a large stack.
pub(crate) fn with_stack<T: Send>(
    run: impl FnOnce() -> Result<T, Vec<Diagnostic>> + Send,
) -> Result<T, Vec<Diagnostic>> {
    let failed = || vec![Diagnostic::internal("schema.json", "the comparison of two schemas failed")];
    thread::scope(|scope| {
        let spawned = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        spawned.map_err(|_| failed())?.join().map_err(|_| failed())?
    })
}
