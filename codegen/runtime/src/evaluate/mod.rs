//! The evaluator: walks a table of schemas over an instance.
//!
//! It has two ways of working. [`Evaluation::is_valid`] answers yes or no and stops at the first violation;
//! [`Evaluation::violations`] continues and collects every violation. Both run the same code, so they cannot disagree.

mod array;
mod combine;
mod deviations;
mod object;
mod order;
mod path;
mod report;
mod scalar;
mod unevaluated;

use std::collections::HashMap;

use self::path::{At, Path, Step};
use self::report::Report;
use crate::instance::Instance;
use crate::pattern::Pattern;
use crate::schema::{Id, Keyword, Schema};
use crate::violation::{Violation, Violations};
use crate::violation_kind::ViolationKind;

pub(crate) use self::deviations::deviations;
pub(crate) use self::order::sort;

/// How deep schemas may nest in each other's evaluation. Payloads from bytes nest at most 128 deep.
const DEPTH: usize = 2000;

/// One walk of a table over one instance.
pub(crate) struct Evaluation<'s> {
    table: &'s [Schema<'s>],
    /// Where violations go; `None` when only the answer counts.
    report: Option<Report>,
    /// Answers of branches already tried, by schema and instance; keeps overlapping recursive unions polynomial.
    memo: Option<HashMap<(Id, usize), bool>>,
    depth: usize,
    /// Whether integers must fit a Rust type too.
    typed: bool,
    /// An expression that took too many steps: then nothing is decided, and the instance is refused.
    #[cfg(feature = "backtracking")]
    undecided: std::cell::Cell<Option<&'s Pattern<'s>>>,
}

impl<'s> Evaluation<'s> {
    pub(crate) fn new(table: &'s [Schema<'s>]) -> Self {
        Evaluation {
            table,
            report: None,
            memo: None,
            depth: 0,
            typed: false,
            #[cfg(feature = "backtracking")]
            undecided: std::cell::Cell::new(None),
        }
    }

    pub(crate) fn is_valid(&mut self, id: Id, instance: Instance<'_>) -> bool {
        self.check(id, instance, At::root()) && self.undecided().is_none()
    }

    pub(crate) fn violations(table: &'s [Schema<'s>], id: Id, instance: Instance<'_>, typed: bool) -> Violations {
        let mut run = Evaluation::new(table);
        run.typed = typed;
        run.report = Some(Report::default());
        run.check(id, instance, At::root());
        // What was not decided may have been inside a negation or a branch, of which nothing is reported.
        let is_undecided = |found: &Violation| matches!(found.kind, ViolationKind::Undecided { .. });
        if let Some(pattern) = run.undecided()
            && !run.report.as_ref().is_some_and(|report| report.list.iter().any(is_undecided))
        {
            let kind = || ViolationKind::Undecided { pattern: pattern.source().to_owned() };
            run.fail(At::root(), &[], "pattern", instance, kind);
        }
        run.report.map(|report| report.finish(instance)).unwrap_or_default()
    }

    /// Whether the instance is valid; with a report, after every keyword is evaluated.
    fn check(&mut self, id: Id, instance: Instance<'_>, at: At<'_>) -> bool {
        if self.depth >= DEPTH {
            return self.fail(at, &[], "$ref", instance, || ViolationKind::Recursion);
        }
        self.depth += 1;
        let Schema(keywords) = self.table[id as usize];
        let scope = match keywords.first() {
            Some(Keyword::DynamicScope(anchors)) => Some(path::Scope { outer: at.scope, anchors }),
            _ => None,
        };
        let at = At { scope: scope.as_ref().or(at.scope), ..at };
        let mut fits = true;
        for keyword in keywords {
            fits &= self.keyword(keyword, keywords, instance, at);
            if !fits && self.report.is_none() {
                break;
            }
        }
        self.depth -= 1;
        fits
    }

    fn keyword(
        &mut self,
        keyword: &'s Keyword<'s>,
        siblings: &'s [Keyword<'s>],
        instance: Instance<'_>,
        at: At<'_>,
    ) -> bool {
        match (keyword, instance) {
            (Keyword::DynamicScope(_), _) => true,
            (Keyword::False, _) => self.fail(at, &[], "false", instance, || never(at)),
            (Keyword::UnevaluatedItems(_) | Keyword::UnevaluatedProperties(_), _) => {
                self.unevaluated(keyword, siblings, instance, at)
            }
            (_, Instance::Array(items)) if array::is_about(keyword) => self.array(keyword, items, at),
            (_, Instance::Object(members)) if object::is_about(keyword) => self.object(keyword, members, at),
            _ if array::is_about(keyword) || object::is_about(keyword) => true,
            _ if combine::is_about(keyword) => self.combine(keyword, instance, at),
            _ => self.scalar(keyword, siblings, instance, at),
        }
    }

    /// Checks a schema below `at`: `steps` lead to it, and `into` to the part of the instance that it is for.
    fn below(
        &mut self,
        id: Id,
        instance: Instance<'_>,
        at: At<'_>,
        steps: &[Step<'_>],
        into: Option<Step<'_>>,
    ) -> bool {
        let evaluation = Path::below(at.evaluation, steps);
        let schema = Path::below(at.schema, steps);
        let step;
        let place;
        let place = match into {
            Some(into) => {
                step = [into];
                place = Path::below(at.instance, &step);
                &place
            }
            None => at.instance,
        };
        self.check(id, instance, At { instance: place, evaluation: &evaluation, schema: &schema, scope: at.scope })
    }

    /// Whether the instance fits, without a word about why not.
    fn quietly(&mut self, id: Id, instance: Instance<'_>, at: At<'_>) -> bool {
        let key = match (instance.address(), at.scope) {
            (Some(address), None) => Some((id, address)),
            _ => None,
        };
        if let Some(known) = key.and_then(|key| self.memo.as_ref()?.get(&key)) {
            return *known;
        }
        let report = self.report.take();
        let fits = self.check(id, instance, at);
        self.report = report;
        if let Some(key) = key {
            self.memo.get_or_insert_default().insert(key, fits);
        }
        fits
    }

    /// Whether an expression matches; `None`, which is remembered, if that takes too many steps.
    fn decide(&self, pattern: &'s Pattern<'s>, text: &str) -> Option<bool> {
        let decided = pattern.decide(text);
        #[cfg(feature = "backtracking")]
        if decided.is_none() {
            self.undecided.set(Some(pattern));
        }
        decided
    }

    /// The expression that took too many steps, if one did.
    fn undecided(&self) -> Option<&'s Pattern<'s>> {
        #[cfg(feature = "backtracking")]
        return self.undecided.get();
        #[cfg(not(feature = "backtracking"))]
        None
    }

    /// Notes a violation of the keyword at `steps` below `at`; always false.
    fn fail(
        &mut self,
        at: At<'_>,
        steps: &[Step<'_>],
        keyword: &'static str,
        found: Instance<'_>,
        kind: impl FnOnce() -> ViolationKind,
    ) -> bool {
        if let Some(report) = &mut self.report {
            report.add(at, steps, keyword, Some(found), kind);
        }
        false
    }
}

/// The violation of the schema `false`, by the keyword whose schema it is.
fn never(at: At<'_>) -> ViolationKind {
    let (&[Step::Name(keyword)], Some(place)) = (at.schema.steps(), at.instance.steps().last()) else {
        return ViolationKind::False;
    };
    match (keyword, *place) {
        ("additionalProperties", Step::Name(name)) => ViolationKind::AdditionalProperties { name: name.to_owned() },
        ("unevaluatedProperties", Step::Name(name)) => ViolationKind::UnevaluatedProperties { name: name.to_owned() },
        ("items" | "additionalItems", Step::Index(index)) => ViolationKind::AdditionalItems { index },
        ("unevaluatedItems", Step::Index(index)) => ViolationKind::UnevaluatedItems { index },
        _ => ViolationKind::False,
    }
}
