//! The evaluator: walks a table of schemas over an instance.
//!
//! [`Evaluation::is_valid`] answers yes or no and stops at the first violation; [`Evaluation::violations`] continues
//! and collects every violation. Both run the same code, so they cannot disagree.
//!
//! Each schema is evaluated at most once at each place of the instance, for each purpose ([`Mode`]): see [`memo`].

mod array;
mod combine;
mod decisions;
mod deviations;
mod memo;
mod misfit;
mod object;
mod order;
mod path;
mod report;
mod scalar;
mod scope;
mod table;
mod unevaluated;
mod validator;

use serde_json::Value;

use self::memo::{Key, Memo};
use self::misfit::Misfit;
use self::path::{At, Path, Step};
use self::report::Report;
use self::scope::Scopes;
use crate::instance::Instance;
use crate::pattern::Pattern;
use crate::schema::{Id, Keyword};
use crate::steps;
use crate::violation::{Violation, Violations};
use crate::violation_kind::ViolationKind;

pub(crate) use self::decisions::Decisions;
pub(crate) use self::order::{Places, sort_by};
pub use self::table::Table;
pub use self::validator::Validator;

/// The maximum depth of nested evaluations of schemas. Payloads from bytes nest at most 127 deep, so this allows about
/// 15 references and branches at each level.
const DEPTH: usize = 2000;

/// The maximum depth of nested evaluations on the stack of the caller. An unoptimized build takes up to 5 KB of the
/// stack for each schema, and threads of users often have a stack of 2 MB.
const DEPTH_HERE: usize = 128;

/// The size of a stack on which evaluations may nest [`DEPTH`] deep.
const STACK: usize = 16 << 20;

/// One walk of a table over one instance.
#[derive(Debug)]
pub(crate) struct Evaluation<'s> {
    table: &'s Table<'s>,
    mode: Mode,
    /// The answers found so far, or `None` during the first [`START`](memo::START) steps, when remembering them would
    /// cost more than it saves.
    memo: Option<Box<Memo<'s>>>,
    scopes: Scopes<'s>,
    /// The number of schemas that were entered.
    steps: u64,
    depth: usize,
    /// The maximum depth of schemas on the present stack.
    deepest: usize,
    /// Whether evaluations nest deeper than `deepest`, so that the whole evaluation has to start again on a larger
    /// stack.
    is_too_deep: bool,
    /// Whether integers must also fit a Rust type.
    typed: bool,
    /// An expression that took too many steps. The instance is then rejected, because nothing is decided.
    #[cfg(feature = "backtracking")]
    undecided: std::cell::Cell<Option<&'s Pattern<'s>>>,
}

/// What an evaluation does with violations.
#[derive(Debug)]
enum Mode {
    /// The first violation ends the evaluation.
    Decide,
    /// The violations are counted, to compare the branches of a union.
    Weigh(Misfit),
    /// The violations are described.
    Report(Report),
}

impl Drop for Evaluation<'_> {
    fn drop(&mut self) {
        steps::add(self.steps);
    }
}

impl<'s> Evaluation<'s> {
    pub(crate) fn new(table: &'s Table<'s>) -> Self {
        Evaluation {
            table,
            mode: Mode::Decide,
            memo: None,
            scopes: Scopes::new(),
            steps: 0,
            depth: 0,
            deepest: DEPTH_HERE,
            is_too_deep: false,
            typed: false,
            #[cfg(feature = "backtracking")]
            undecided: std::cell::Cell::new(None),
        }
    }

    /// Creates an evaluation that remembers its answers from the start, because the same places will be asked about
    /// again.
    fn remembering(table: &'s Table<'s>) -> Self {
        let mut run = Evaluation::new(table);
        run.memo = Some(Box::new(Memo::new(table)));
        run
    }

    pub(crate) fn is_valid(&mut self, id: Id, instance: Instance<'_>) -> bool {
        // The root has no address, because an instance can be made from a string or a number that is in no `Value`. No
        // other value has address 0.
        self.check(id, instance, At::root(0)) && self.undecided().is_none()
    }

    pub(crate) fn violations(table: &'s Table<'s>, id: Id, instance: Instance<'_>, typed: bool) -> Violations {
        // Whether a violation is reported twice must not depend on the size of the instance.
        let mut run = Evaluation::remembering(table);
        run.typed = typed;
        run.mode = Mode::Report(Report::default());
        run.check(id, instance, At::root(0));
        // The undecided expression may be inside a negation or a branch, where nothing is reported.
        let is_undecided = |found: &Violation| matches!(found.kind, ViolationKind::Undecided { .. });
        if let Some(pattern) = run.undecided()
            && !run.report().is_some_and(|report| report.list.iter().any(is_undecided))
        {
            let kind = || ViolationKind::Undecided { pattern: pattern.source().to_owned() };
            run.fail_at(At::root(0), &[], "pattern", Some(instance), kind);
        }
        run.report().map(|report| std::mem::take(report).finish(instance)).unwrap_or_default()
    }

    /// Returns the report, if violations are described.
    fn report(&mut self) -> Option<&mut Report> {
        match &mut self.mode {
            Mode::Report(report) => Some(report),
            _ => None,
        }
    }

    /// Returns whether one violation is enough to know the answer.
    fn stops_early(&self) -> bool {
        matches!(self.mode, Mode::Decide)
    }

    /// Evaluates a schema, and returns whether the instance is valid. Every keyword is evaluated, unless one violation
    /// is enough.
    fn check(&mut self, id: Id, instance: Instance<'_>, at: At<'_>) -> bool {
        // Only the outermost call can start the evaluation again.
        if self.depth > 0 {
            return self.check_here(id, instance, at);
        }
        let fits = self.check_here(id, instance, at);
        if !self.is_too_deep {
            return fits;
        }
        // This is rare: few schemas refer to each other in such long chains. The evaluation starts again on a thread,
        // because only a new thread can have a larger stack without unsafe code.
        self.is_too_deep = false;
        self.deepest = DEPTH;
        self.forget_report();
        let fits = std::thread::scope(|scope| {
            let stack = std::thread::Builder::new().stack_size(STACK);
            let run = &mut *self;
            let thread = stack.spawn_scoped(scope, move || run.check_here(id, instance, at)).ok()?;
            // A defect must not become an answer: the mode may be left as it was within a union, without a report.
            Some(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        self.deepest = DEPTH_HERE;
        // A platform without threads rejects such an instance.
        fits.unwrap_or_else(|| self.fail_at(at, &[], "$ref", Some(instance), || ViolationKind::Recursion))
    }

    /// Forgets the reported violations, but not the decisions. `remember` stores no decision that the limit of the
    /// depth has affected, so the decisions also hold on a larger stack.
    fn forget_report(&mut self) {
        if let Mode::Report(report) = &mut self.mode {
            *report = Report::default();
        }
        if let Some(memo) = &mut self.memo {
            memo.explained.clear();
        }
        #[cfg(feature = "backtracking")]
        self.undecided.set(None);
    }

    fn check_here(&mut self, id: Id, instance: Instance<'_>, at: At<'_>) -> bool {
        if self.depth >= self.deepest {
            self.is_too_deep = self.deepest < DEPTH;
            return self.fail_at(at, &[], "$ref", Some(instance), || ViolationKind::Recursion);
        }
        // The answers no longer count: `check` starts again on a larger stack.
        if self.is_too_deep {
            return false;
        }
        let keywords = self.table.keywords(id);
        // The scope changes before anything is looked up or evaluated, so codegen writes `DynamicScope` before all
        // other keywords.
        let at = match keywords.first() {
            Some(Keyword::DynamicScope(anchors)) => At { scope: self.scopes.enter(at.scope, anchors), ..at },
            _ => at,
        };
        let key = Key { id, scope: at.scope, node: at.node };
        if let Some(known) = self.recall(key, instance) {
            return known;
        }
        self.steps += 1;
        if self.memo.is_none() && self.steps > memo::START {
            self.memo = Some(Box::new(Memo::new(self.table)));
        }
        self.depth += 1;
        // The misfit of this schema is remembered alone, so the misfit so far is put aside.
        let outer = match &mut self.mode {
            Mode::Weigh(misfit) => Some(std::mem::take(misfit)),
            _ => None,
        };
        let mut fits = true;
        for keyword in keywords {
            fits &= self.keyword(keyword, keywords, instance, at);
            if !fits && self.stops_early() {
                break;
            }
        }
        self.depth -= 1;
        self.remember(key, instance, fits);
        if let (Mode::Weigh(misfit), Some(outer)) = (&mut self.mode, outer) {
            misfit.add(outer);
        }
        fits
    }

    /// Returns an answer that was found before. A misfit counts again, but a violation is not reported again.
    fn recall(&mut self, key: Key, instance: Instance<'_>) -> Option<bool> {
        let memo = self.memo.as_ref()?;
        match &mut self.mode {
            // In a report, the memo does not save time: it prevents that a violation is reported once for each way that
            // leads to it. So schemas without subschemas are looked up as well.
            Mode::Report(_) if memo.is_shared(key.id) => memo.explained.get(&key).copied(),
            Mode::Report(_) => None,
            _ if !memo.is_worth_it(key.id, instance.has_parts()) => None,
            Mode::Decide => memo.verdicts.get(&key).copied(),
            Mode::Weigh(misfit) => {
                let known = memo.misfits.get(&key)?;
                misfit.add(*known);
                Some(known.count == 0)
            }
        }
    }

    fn remember(&mut self, key: Key, instance: Instance<'_>, fits: bool) {
        // Answers that were found after giving up are not true on a larger stack.
        let Some(memo) = self.memo.as_mut().filter(|_| !self.is_too_deep) else { return };
        match &self.mode {
            Mode::Report(_) => {
                // Only one way leads to any other schema, so it is never looked up again.
                if memo.is_shared(key.id) {
                    memo.explained.insert(key, fits);
                }
            }
            _ if !memo.is_worth_it(key.id, instance.has_parts()) => {}
            Mode::Decide => {
                memo.verdicts.insert(key, fits);
            }
            Mode::Weigh(misfit) => {
                memo.misfits.insert(key, *misfit);
            }
        }
    }

    fn keyword(
        &mut self,
        keyword: &'s Keyword<'s>,
        siblings: &'s [Keyword<'s>],
        instance: Instance<'_>,
        at: At<'_>,
    ) -> bool {
        match keyword {
            Keyword::DynamicScope(_) => true,
            Keyword::False => self.fail_at(at, &[], "false", Some(instance), || never(at)),
            Keyword::UnevaluatedItems(_) | Keyword::UnevaluatedProperties(_) => {
                self.unevaluated(keyword, siblings, instance, at)
            }
            Keyword::Items { .. }
            | Keyword::Contains { .. }
            | Keyword::MaxItems(_)
            | Keyword::MinItems(_)
            | Keyword::UniqueItems => match instance {
                Instance::Array(items) => self.array(keyword, items, at),
                _ => true,
            },
            Keyword::MaxProperties(_)
            | Keyword::MinProperties(_)
            | Keyword::Required(_)
            | Keyword::DependentRequired(..)
            | Keyword::Properties { .. }
            | Keyword::PropertyNames(_) => match instance {
                Instance::Object(members) => self.object(keyword, members, at),
                _ => true,
            },
            Keyword::Ref(..)
            | Keyword::DynamicRef(..)
            | Keyword::AllOf(_)
            | Keyword::AnyOf(_)
            | Keyword::OneOf(_)
            | Keyword::Not(_)
            | Keyword::If(..)
            | Keyword::DependentSchemas(..) => self.combine(keyword, instance, at),
            _ => self.scalar(keyword, siblings, instance, at),
        }
    }

    /// Checks a schema that applies to the same place. `steps` lead to the schema.
    fn beside(&mut self, id: Id, instance: Instance<'_>, at: At<'_>, steps: &[Step<'_>]) -> bool {
        let evaluation = Path::below(at.evaluation, steps);
        let schema = Path::below(at.schema, steps);
        self.check(id, instance, At { evaluation: &evaluation, schema: &schema, ..at })
    }

    /// Checks a schema that applies to the member or item at `into`. `steps` lead to the schema.
    fn below(&mut self, id: Id, value: &Value, at: At<'_>, steps: &[Step<'_>], into: Step<'_>) -> bool {
        // Most parts of a payload have a type and nothing else. Without a violation, nobody asks where they are.
        if let [Keyword::Type(types)] = self.table.keywords(id)
            && types.accept(value.into())
            && !(self.typed && value.is_number())
        {
            self.steps += 1;
            return true;
        }
        let into = [into];
        let place = Path::below(at.instance, &into);
        let at = At { instance: &place, node: std::ptr::from_ref(value) as usize, ..at };
        self.inside(|run| run.beside(id, value.into(), at, steps), Misfit::seen_from_above)
    }

    /// Evaluates a part of the instance. `seen` converts its misfit to the misfit of the value around it.
    fn inside(&mut self, check: impl FnOnce(&mut Self) -> bool, seen: fn(Misfit) -> Misfit) -> bool {
        let Mode::Weigh(outer) = &mut self.mode else { return check(self) };
        // `seen` must change the misfit of the part only, so the misfit so far is put aside.
        let outer = std::mem::take(outer);
        let fits = check(self);
        if let Mode::Weigh(misfit) = &mut self.mode {
            *misfit = seen(*misfit);
            misfit.add(outer);
        }
        fits
    }

    /// Returns whether the instance fits, and reports no violations.
    fn quietly(&mut self, id: Id, instance: Instance<'_>, at: At<'_>) -> bool {
        self.in_mode(Mode::Decide, |run| run.check(id, instance, at)).0
    }

    /// Returns how far the instance is from fitting.
    fn weigh(&mut self, id: Id, instance: Instance<'_>, at: At<'_>) -> Misfit {
        let weighed = Mode::Weigh(Misfit::default());
        match self.in_mode(weighed, |run| run.check(id, instance, at)).1 {
            Mode::Weigh(misfit) => misfit,
            _ => Misfit::default(),
        }
    }

    fn in_mode(&mut self, mode: Mode, check: impl FnOnce(&mut Self) -> bool) -> (bool, Mode) {
        let outer = std::mem::replace(&mut self.mode, mode);
        let fits = check(self);
        (fits, std::mem::replace(&mut self.mode, outer))
    }

    /// Returns whether an expression matches, or `None` if that takes too many steps. The expression is then
    /// remembered.
    fn decide(&self, pattern: &'s Pattern<'s>, text: &str) -> Option<bool> {
        let decided = pattern.decide(text);
        #[cfg(feature = "backtracking")]
        if decided.is_none() {
            self.undecided.set(Some(pattern));
        }
        decided
    }

    /// Returns the expression that took too many steps, if there is one.
    fn undecided(&self) -> Option<&'s Pattern<'s>> {
        #[cfg(feature = "backtracking")]
        return self.undecided.get();
        #[cfg(not(feature = "backtracking"))]
        None
    }

    /// Notes a violation of a keyword of the schema at `at`; always false.
    fn fail(
        &mut self,
        at: At<'_>,
        keyword: &'static str,
        found: Instance<'_>,
        kind: impl FnOnce() -> ViolationKind,
    ) -> bool {
        self.fail_at(at, &[Step::Name(keyword)], keyword, Some(found), kind)
    }

    /// Notes a violation of the keyword at `steps` below `at`. Always returns `false`.
    fn fail_at(
        &mut self,
        at: At<'_>,
        steps: &[Step<'_>],
        keyword: &'static str,
        found: Option<Instance<'_>>,
        kind: impl FnOnce() -> ViolationKind,
    ) -> bool {
        match &mut self.mode {
            Mode::Decide => {}
            Mode::Weigh(misfit) => misfit.add(Misfit::here(keyword, kind)),
            Mode::Report(report) => report.add(at, steps, keyword, found, kind),
        }
        false
    }
}

/// Returns the violation of a schema `false`, depending on the keyword that has the schema.
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
