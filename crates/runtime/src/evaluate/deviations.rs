//! Finds deviations: values that the schema does not allow, and values that it allows without naming them.

use serde_json::{Map, Value};

use super::path::{At, Path, Step};
use super::report::{EXCERPT, TEXTS};
use super::{Evaluation, Validator, object, order};
use crate::deviation::{Deviation, DeviationKind, Deviations};
use crate::instance::{Instance, Literal};
use crate::schema::{Id, Keyword};
use crate::violation::Violation;
use crate::violation_kind::ViolationKind;

/// Returns the deviations of an instance from a schema, in document order.
pub(super) fn deviations(validator: Validator<'_>, instance: Instance<'_>) -> Deviations {
    // An integer that no Rust type holds is kept in `extra` as well, so it is a deviation.
    let invalid = Evaluation::violations(validator.table(), validator.id, instance, true);
    let mut walk = Walk { run: Evaluation::new(validator.table()), found: Vec::new(), texts: 0, more: 0 };
    walk.visit(&[validator.id], instance, At::root(0));
    let Walk { found, more, .. } = walk;
    let mut result = Deviations { list: Vec::new(), more: invalid.more + more };
    // The deviations of the best branch of a union are more helpful than the fact that no branch matches.
    let is_explained = |union: &Violation| {
        let below = |other: &Violation| {
            other.keyword_location.strip_prefix(&union.keyword_location).is_some_and(|rest| rest.starts_with('/'))
        };
        matches!(union.kind, ViolationKind::AnyOf { .. } | ViolationKind::OneOf { .. })
            && invalid.list.iter().any(below)
    };
    let to_the_point = invalid.list.iter().filter(|violation| !is_explained(violation)).cloned();
    let mut all: Vec<Deviation> = to_the_point.map(Deviation::invalid).chain(found).collect();
    order::sort_by_place(&mut all, instance, |deviation| &deviation.instance_location);
    all.into_iter().for_each(|deviation| result.push(deviation));
    result
}

struct Walk<'s> {
    run: Evaluation<'s>,
    found: Vec<Deviation>,
    /// The number of bytes in the texts of the deviations.
    texts: usize,
    more: usize,
}

impl<'s> Walk<'s> {
    /// Visits an instance with every schema that applies to it.
    fn visit(&mut self, schemas: &[Id], instance: Instance<'_>, at: At<'_>) {
        let mut all = Vec::new();
        schemas.iter().for_each(|id| self.expand(*id, instance, at, &mut all));
        match instance {
            Instance::Object(members) => self.object(&all, members, at),
            Instance::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let below = self.of_item(&all, index);
                    self.visit_part(&below, item, at, Step::Index(index));
                }
            }
            Instance::String(text) => self.string(&all, text, at),
            _ => {}
        }
    }

    fn visit_part(&mut self, schemas: &[Id], value: &Value, at: At<'_>, step: Step<'_>) {
        let steps = [step];
        let place = Path::below(at.instance, &steps);
        self.visit(schemas, value.into(), At { instance: &place, node: std::ptr::from_ref(value) as usize, ..at });
    }

    /// Adds a schema, and the schemas that it applies to the same place: the targets of references, and the branches
    /// that the instance fits.
    fn expand(&mut self, id: Id, instance: Instance<'_>, at: At<'_>, all: &mut Vec<Id>) {
        // Several ways may lead to one schema, and a cycle of references leads back to it.
        if all.contains(&id) {
            return;
        }
        all.push(id);
        self.run.steps += 1;
        let fits = |run: &mut Evaluation<'s>, id: Id| run.quietly(id, instance, at);
        for keyword in self.run.table.keywords(id) {
            match keyword {
                Keyword::Ref(target, ..) | Keyword::DynamicRef(_, target, _) => self.expand(*target, instance, at, all),
                Keyword::AllOf(branches) => branches.iter().for_each(|id| self.expand(*id, instance, at, all)),
                Keyword::AnyOf(branches) | Keyword::OneOf(branches) => {
                    for id in *branches {
                        if fits(&mut self.run, *id) {
                            self.expand(*id, instance, at, all);
                        }
                    }
                }
                Keyword::If(condition, then, otherwise) => {
                    // A condition that holds names members, too.
                    let holds = fits(&mut self.run, *condition);
                    let chosen = if holds { [Some(*condition), *then] } else { [None, *otherwise] };
                    chosen.into_iter().flatten().for_each(|id| self.expand(id, instance, at, all));
                }
                Keyword::DependentSchemas(schemas, _) => {
                    let Instance::Object(members) = instance else { continue };
                    for (_, id) in schemas.iter().filter(|(name, _)| members.contains_key(*name)) {
                        self.expand(*id, instance, at, all);
                    }
                }
                _ => {}
            }
        }
    }

    fn keywords(&self, schemas: &[Id]) -> Vec<&'s Keyword<'s>> {
        schemas.iter().flat_map(|id| self.run.table.keywords(*id)).collect()
    }

    fn object(&mut self, schemas: &[Id], members: &Map<String, Value>, at: At<'_>) {
        let keywords = self.keywords(schemas);
        let names_some = keywords.iter().any(|keyword| match keyword {
            Keyword::Properties { named, patterns, .. } => !named.is_empty() || !patterns.is_empty(),
            _ => false,
        });
        for (name, value) in members {
            let mut known = false;
            let mut below = Vec::new();
            for keyword in &keywords {
                match keyword {
                    Keyword::Required(names) => known |= names.contains(&name.as_str()),
                    Keyword::Properties { named, patterns, additional } => {
                        let before = below.len();
                        below.extend(object::named(named, name));
                        below.extend(
                            patterns
                                .iter()
                                .filter(|(pattern, _)| pattern.decide(name) == Some(true))
                                .map(|(_, id)| *id),
                        );
                        known |= below.len() > before;
                        // The schema `true` describes no member, so the members that it allows stay unknown.
                        let rest = additional.filter(|id| !self.run.table.keywords(*id).is_empty());
                        if let (Some(id), true) = (rest, below.len() == before) {
                            below.push(id);
                            known = true;
                        }
                    }
                    _ => {}
                }
            }
            // If the schema names no member at all, the object is a map, and any member is expected.
            if known || !names_some {
                self.visit_part(&below, value, at, Step::Name(name));
            } else {
                let steps = [Step::Name(name)];
                self.add(DeviationKind::UnknownMember, &Path::below(at.instance, &steps), value.into(), || None);
            }
        }
    }

    fn of_item(&self, schemas: &[Id], index: usize) -> Vec<Id> {
        let of = |keyword: &'s Keyword<'s>| match keyword {
            Keyword::Items { prefix, rest, .. } => prefix.get(index).copied().or(*rest),
            _ => None,
        };
        self.keywords(schemas).into_iter().filter_map(of).collect()
    }

    /// Finds a string that a union allows, although none of its branches lists the string.
    fn string(&mut self, schemas: &[Id], text: &str, at: At<'_>) {
        let instance = Instance::String(text);
        for keyword in self.keywords(schemas) {
            let (Keyword::AnyOf(branches) | Keyword::OneOf(branches)) = keyword else { continue };
            let lists: Vec<Vec<&str>> = branches.iter().filter_map(|id| self.listed(*id)).collect();
            let is_listed = lists.iter().flatten().any(|known| *known == text);
            let others: Vec<Id> = branches.iter().copied().filter(|id| self.listed(*id).is_none()).collect();
            let is_open = others.into_iter().any(|id| self.run.quietly(id, instance, at));
            if !lists.is_empty() && !is_listed && is_open {
                self.add(DeviationKind::UnlistedValue, at.instance, instance, || {
                    let listed = lists.iter().flatten().map(|known| Value::from(*known).to_string());
                    Some(ViolationKind::Enum { expected: listed.collect() })
                });
            }
        }
    }

    /// Returns the strings that a schema lists.
    fn listed(&self, id: Id) -> Option<Vec<&'s str>> {
        let mut id = id;
        // A branch is often a reference. A few steps are enough, and the limit ends cycles.
        for _ in 0..8 {
            let mut next = None;
            for keyword in self.run.table.keywords(id) {
                let text = |literal: &Literal<'s>| match literal {
                    Literal::String(text) => Some(*text),
                    _ => None,
                };
                match keyword {
                    Keyword::Const(literal) => return text(literal).map(|text| vec![text]),
                    Keyword::Enum(literals) => return literals.iter().map(text).collect(),
                    Keyword::Ref(target, ..) => next = Some(*target),
                    _ => {}
                }
            }
            id = next?;
        }
        None
    }

    fn add(
        &mut self,
        kind: DeviationKind,
        place: &Path<'_>,
        found: Instance<'_>,
        rule: impl FnOnce() -> Option<ViolationKind>,
    ) {
        // As in a report of violations, the text of deviations must not grow with the payload.
        if self.found.len() >= Deviations::LIMIT || self.texts >= TEXTS {
            self.more += 1;
            return;
        }
        let rule = rule();
        let instance_location = place.pointer();
        self.texts += instance_location.len();
        self.found.push(Deviation {
            kind,
            instance_location,
            expected: rule.as_ref().map_or("a member that the schema names".to_owned(), ToString::to_string),
            rule,
            found: found.excerpt(EXCERPT),
            actual_type: found.type_name(),
        });
    }
}
