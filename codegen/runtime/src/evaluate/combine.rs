//! Keywords that combine schemas, and references.

use super::Evaluation;
use super::path::{At, Path, Scope, Step};
use crate::instance::Instance;
use crate::schema::{Id, Keyword, Schema, Types};
use crate::violation::Violation;
use crate::violation_kind::ViolationKind;

/// How many unions are explained inside each other; deeper ones are only named.
const UNIONS: usize = 4;

pub(super) fn is_about(keyword: &Keyword<'_>) -> bool {
    matches!(
        keyword,
        Keyword::Ref(..)
            | Keyword::DynamicRef(..)
            | Keyword::AllOf(_)
            | Keyword::AnyOf(_)
            | Keyword::OneOf(_)
            | Keyword::Not(_)
            | Keyword::If(..)
            | Keyword::DependentSchemas(..)
    )
}

/// The target of a dynamic reference: the outermost resource that has the anchor wins.
pub(super) fn dynamic(anchor: &str, fallback: Id, at: At<'_>) -> Id {
    let mut found = fallback;
    let mut scope = at.scope;
    while let Some(Scope { outer, anchors }) = scope {
        if let Some((_, id)) = anchors.iter().find(|(name, _)| *name == anchor) {
            found = *id;
        }
        scope = *outer;
    }
    found
}

impl<'s> Evaluation<'s> {
    pub(super) fn combine(&mut self, keyword: &Keyword<'s>, instance: Instance<'_>, at: At<'_>) -> bool {
        match keyword {
            Keyword::Ref(id, pointer, []) => self.refer(*id, "$ref", pointer, instance, at),
            Keyword::Ref(id, pointer, anchors) => {
                let scope = Scope { outer: at.scope, anchors };
                self.refer(*id, "$ref", pointer, instance, At { scope: Some(&scope), ..at })
            }
            Keyword::DynamicRef(anchor, fallback, pointer) => {
                let keyword = if anchor.is_empty() { "$recursiveRef" } else { "$dynamicRef" };
                self.refer(dynamic(anchor, *fallback, at), keyword, pointer, instance, at)
            }
            Keyword::AllOf(branches) => {
                let mut fits = true;
                for (index, id) in branches.iter().enumerate() {
                    fits &= self.below(*id, instance, at, &[Step::Name("allOf"), Step::Index(index)], None);
                    if !fits && self.report.is_none() {
                        break;
                    }
                }
                fits
            }
            Keyword::AnyOf(branches) => {
                branches.iter().any(|id| self.quietly(*id, instance, at))
                    || self.none_fits("anyOf", branches, instance, at, |best, types| ViolationKind::AnyOf {
                        branches: branches.len(),
                        best,
                        types,
                    })
            }
            Keyword::OneOf(branches) => self.one_of(branches, instance, at),
            Keyword::Not(id) => {
                !self.quietly(*id, instance, at)
                    || self.fail(at, &[Step::Name("not")], "not", instance, || ViolationKind::Not)
            }
            Keyword::If(condition, then, otherwise) => {
                let (name, branch) = match self.quietly(*condition, instance, at) {
                    true => ("then", then),
                    false => ("else", otherwise),
                };
                branch.is_none_or(|id| self.below(id, instance, at, &[Step::Name(name)], None))
            }
            Keyword::DependentSchemas(schemas, draft7) => {
                let Instance::Object(members) = instance else { return true };
                let keyword = Step::Name(if *draft7 { "dependencies" } else { "dependentSchemas" });
                schemas.iter().fold(true, |fits, (name, id)| {
                    fits & (!members.contains_key(*name)
                        || self.below(*id, instance, at, &[keyword, Step::Name(name)], None))
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

    fn one_of(&mut self, branches: &[Id], instance: Instance<'_>, at: At<'_>) -> bool {
        let mut matching = Vec::new();
        for (index, id) in branches.iter().enumerate() {
            if self.quietly(*id, instance, at) {
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
            _ => self.fail(at, &[Step::Name("oneOf")], "oneOf", instance, || ViolationKind::OneOf {
                branches: count,
                matching,
                best: None,
                types: Vec::new(),
            }),
        }
    }

    /// Says that no branch fits, and what is wrong with the one that fits best. `kind` takes that branch, and the types
    /// of all where the instance has none of them.
    fn none_fits(
        &mut self,
        name: &'static str,
        branches: &[Id],
        instance: Instance<'_>,
        at: At<'_>,
        kind: impl FnOnce(Option<usize>, Vec<&'static str>) -> ViolationKind,
    ) -> bool {
        let Some(report) = &mut self.report else { return false };
        let steps = [Step::Name(name)];
        // What is not described need not be explained.
        if report.unions >= UNIONS || report.is_full() || branches.is_empty() {
            return self.fail(at, &steps, name, instance, || kind(None, Vec::new()));
        }
        report.unions += 1;
        let kept = std::mem::take(&mut report.list);
        let mut best: Option<(usize, (usize, usize), Vec<Violation>)> = None;
        for (index, id) in branches.iter().enumerate() {
            self.below(*id, instance, at, &[Step::Name(name), Step::Index(index)], None);
            let Some(report) = &mut self.report else { return false };
            let found = std::mem::take(&mut report.list);
            let score = (misfit(&found, at), found.len());
            if best.as_ref().is_none_or(|(_, least, _)| score < *least) {
                best = Some((index, score, found));
            }
        }
        if let Some(report) = &mut self.report {
            report.list = kept;
            report.unions -= 1;
        }
        let Some((index, _, found)) = best else { return false };
        // The wrong type altogether: one line is clearer than a branch.
        if found.iter().all(|v| matches!(v.kind, ViolationKind::Type { .. }) && own(v, at)) {
            let types = self.types_of(branches);
            return self.fail(at, &steps, name, instance, || kind(None, types.names().collect()));
        }
        self.fail(at, &steps, name, instance, || kind(Some(index), Vec::new()));
        if let Some(report) = &mut self.report {
            report.list.extend(found);
        }
        false
    }

    fn types_of(&self, branches: &[Id]) -> Types {
        let mut all = Types::default();
        for id in branches {
            let mut id = *id;
            // A branch often is a reference; the chain is finite.
            for _ in 0..8 {
                let Schema(keywords) = self.table[id as usize];
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

fn own(violation: &Violation, at: At<'_>) -> bool {
    violation.instance_location == at.instance.to_string()
}

/// How far a branch is from fitting: the wrong type is farthest, then another constant in one of the instance's own
/// members (the branch is for another variant), then everything else.
fn misfit(found: &[Violation], at: At<'_>) -> usize {
    let here = at.instance.to_string();
    let member = |v: &Violation| {
        v.instance_location.strip_prefix(&here).is_some_and(|rest| rest.starts_with('/') && !rest[1..].contains('/'))
    };
    let is_other_type = |v: &Violation| {
        matches!(v.kind, ViolationKind::Type { .. } | ViolationKind::IntegerRange { .. }) || v.kind.is_false()
    };
    let is_other_value = |v: &Violation| matches!(v.kind, ViolationKind::Const { .. } | ViolationKind::Enum { .. });
    if found.iter().any(|v| v.instance_location == here && is_other_type(v)) {
        2
    } else {
        usize::from(found.iter().any(|v| is_other_value(v) && (v.instance_location == here || member(v))))
    }
}
