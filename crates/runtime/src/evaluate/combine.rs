//! Evaluates references, and the keywords that combine schemas.

use super::path::{At, Path, Step};
use super::{Evaluation, Mode};
use crate::instance::Instance;
use crate::schema::{Id, Keyword, Types};
use crate::violation_kind::ViolationKind;

impl<'s> Evaluation<'s> {
    pub(super) fn combine(&mut self, keyword: &Keyword<'s>, instance: Instance<'_>, at: At<'_>) -> bool {
        match keyword {
            // Most resources have no dynamic anchors, so the scope stays the same.
            Keyword::Ref(id, pointer, []) => self.refer(*id, "$ref", pointer, instance, at),
            Keyword::Ref(id, pointer, anchors) => {
                let scope = self.scopes.enter(at.scope, anchors);
                self.refer(*id, "$ref", pointer, instance, At { scope, ..at })
            }
            Keyword::DynamicRef(anchor, fallback, pointer) => {
                let keyword = if anchor.is_empty() { "$recursiveRef" } else { "$dynamicRef" };
                self.refer(self.scopes.resolve(at.scope, anchor, *fallback), keyword, pointer, instance, at)
            }
            Keyword::AllOf(branches) => {
                let mut fits = true;
                for (index, id) in branches.iter().enumerate() {
                    fits &= self.beside(*id, instance, at, &[Step::Name("allOf"), Step::Index(index)]);
                    if !fits && self.stops_early() {
                        break;
                    }
                }
                fits
            }
            Keyword::AnyOf(branches) => {
                branches.iter().any(|id| self.branch_fits(*id, instance, at))
                    || self.none_fits("anyOf", branches, instance, at, |best, types| ViolationKind::AnyOf {
                        branches: branches.len(),
                        best,
                        types,
                    })
            }
            Keyword::OneOf(branches) => self.one_of(branches, instance, at),
            // A violation of the schema of `not` is not a violation of the instance, so it is not reported.
            Keyword::Not(id) => {
                !self.quietly(*id, instance, at) || self.fail(at, "not", instance, || ViolationKind::Not)
            }
            // An instance that does not meet the condition is not invalid for this reason.
            Keyword::If(condition, then, otherwise) => {
                let (name, branch) = match self.quietly(*condition, instance, at) {
                    true => ("then", then),
                    false => ("else", otherwise),
                };
                branch.is_none_or(|id| self.beside(id, instance, at, &[Step::Name(name)]))
            }
            Keyword::DependentSchemas(schemas, is_dependencies) => {
                let Instance::Object(members) = instance else { return true };
                let keyword = Step::Name(if *is_dependencies { "dependencies" } else { "dependentSchemas" });
                schemas.iter().fold(true, |fits, (name, id)| {
                    fits & (!members.contains_key(*name)
                        || self.beside(*id, instance, at, &[keyword, Step::Name(name)]))
                })
            }
            _ => true,
        }
    }

    fn refer(&mut self, id: Id, keyword: &str, pointer: &str, instance: Instance<'_>, at: At<'_>) -> bool {
        let steps = [Step::Name(keyword)];
        let evaluation = Path::below(at.evaluation, &steps);
        let target = [Step::Target(pointer)];
        let schema = Path::below(at.schema, &target);
        self.check(id, instance, At { evaluation: &evaluation, schema: &schema, ..at })
    }

    /// Returns whether the instance fits a branch of a union.
    fn branch_fits(&mut self, id: Id, instance: Instance<'_>, at: At<'_>) -> bool {
        !self.table.rules_out(id, instance) && self.quietly(id, instance, at)
    }

    fn one_of(&mut self, branches: &[Id], instance: Instance<'_>, at: At<'_>) -> bool {
        let mut matching = Vec::new();
        for (index, id) in branches.iter().enumerate() {
            if self.branch_fits(*id, instance, at) {
                matching.push(index);
            }
        }
        let count = branches.len();
        match matching.len() {
            0 => self.none_fits("oneOf", branches, instance, at, |best, types| ViolationKind::OneOf {
                branches: count,
                matching,
                best,
                types,
            }),
            1 => true,
            _ => self.fail(at, "oneOf", instance, || ViolationKind::OneOf {
                branches: count,
                matching,
                best: None,
                types: Vec::new(),
            }),
        }
    }

    /// Reports that no branch fits, and the violations of the branch that fits best. `kind` gets the index of that
    /// branch, or the types of all branches if the instance has none of these types.
    fn none_fits(
        &mut self,
        name: &'static str,
        branches: &[Id],
        instance: Instance<'_>,
        at: At<'_>,
        kind: impl FnOnce(Option<usize>, Vec<&'static str>) -> ViolationKind,
    ) -> bool {
        if self.stops_early() {
            return false;
        }
        // A full report only counts further violations, so no branch is chosen to be explained.
        if self.report().is_some_and(|report| report.is_full()) {
            return self.fail(at, name, instance, || kind(None, Vec::new()));
        }
        // The branches are weighed before one of them is reported, because violations cannot be removed from a report.
        let weighed = branches.iter().enumerate().map(|(index, id)| (index, *id, self.weigh(*id, instance, at)));
        let Some((index, id, misfit)) = weighed.min_by_key(|(_, _, misfit)| misfit.score()) else {
            return self.fail(at, name, instance, || kind(None, Vec::new()));
        };
        // If only the type is wrong, the types of all branches are clearer than the violations of one.
        if misfit.is_only_type() {
            let types = self.types_of(branches);
            return self.fail(at, name, instance, || kind(None, types.names().collect()));
        }
        self.fail(at, name, instance, || kind(Some(index), Vec::new()));
        match &mut self.mode {
            // A union inside a branch also adds the misfit of its best branch, which a report would explain.
            Mode::Weigh(all) => all.add(misfit),
            _ => drop(self.beside(id, instance, at, &[Step::Name(name), Step::Index(index)])),
        }
        false
    }

    fn types_of(&self, branches: &[Id]) -> Types {
        let mut all = Types::default();
        for id in branches {
            let mut id = *id;
            // A branch is often a reference. A few steps are enough, and the limit ends cycles.
            for _ in 0..8 {
                let keywords = self.table.keywords(id);
                for keyword in keywords {
                    match keyword {
                        Keyword::Type(types) => all = all.or(*types),
                        Keyword::Ref(target, ..) => id = *target,
                        _ => {}
                    }
                }
            }
        }
        all
    }
}
