//! Evaluates the keywords for objects.

use serde_json::{Map, Value};

use super::Evaluation;
use super::misfit::Misfit;
use super::path::{At, Path, Step};
use crate::instance::Instance;
use crate::schema::{Id, Keyword};
use crate::violation_kind::ViolationKind;

type Members = Map<String, Value>;

/// Returns the schema of a member by its name, in a list sorted by name.
pub(super) fn named(named: &[(&str, Id)], name: &str) -> Option<Id> {
    place(named, name).map(|(_, id)| id)
}

/// Returns the schema of a member by its name, and its place in a list sorted by name.
fn place(named: &[(&str, Id)], name: &str) -> Option<(usize, Id)> {
    named.binary_search_by(|(known, _)| (*known).cmp(name)).ok().map(|index| (index, named[index].1))
}

impl<'s> Evaluation<'s> {
    pub(super) fn object(&mut self, keyword: &Keyword<'s>, members: &Members, at: At<'_>) -> bool {
        let whole = Instance::Object(members);
        let actual = members.len() as u64;
        match keyword {
            Keyword::Properties { .. } => self.members(keyword, members, at),
            Keyword::Required(names) => {
                self.present(names, members, at, &[Step::Name("required")], "required", |name| {
                    ViolationKind::Required { name }
                })
            }
            Keyword::DependentRequired(dependencies, is_dependencies) => {
                let keyword = if *is_dependencies { "dependencies" } else { "dependentRequired" };
                dependencies.iter().fold(true, |fits, (name, needed)| {
                    let steps = [Step::Name(keyword), Step::Name(name)];
                    let kind = |needed| ViolationKind::DependentRequired { name: needed, because: (*name).to_owned() };
                    fits & (!members.contains_key(*name) || self.present(needed, members, at, &steps, keyword, kind))
                })
            }
            Keyword::MaxProperties(limit) if actual > *limit => {
                self.fail(at, "maxProperties", whole, || ViolationKind::MaxProperties { limit: *limit, actual })
            }
            Keyword::MinProperties(limit) if actual < *limit => {
                self.fail(at, "minProperties", whole, || ViolationKind::MinProperties { limit: *limit, actual })
            }
            Keyword::PropertyNames(id) => {
                members.keys().fold(true, |fits, name| fits & self.property_name(*id, name, at))
            }
            _ => true,
        }
    }

    fn property_name(&mut self, id: Id, name: &String, at: At<'_>) -> bool {
        let known = self.report().map_or(0, |report| report.list.len());
        let step = [Step::Name(name)];
        let place = Path::below(at.instance, &step);
        let named = At { instance: &place, node: std::ptr::from_ref(name) as usize, ..at };
        let check = |run: &mut Self| run.beside(id, Instance::String(name), named, &[Step::Name("propertyNames")]);
        let fits = self.inside(check, Misfit::of_name);
        // The violations are about the name, although their location suggests that they are about the member's value.
        for violation in self.report().into_iter().flat_map(|report| report.list.iter_mut().skip(known)) {
            let kind = std::mem::replace(&mut violation.kind, ViolationKind::False);
            violation.kind = ViolationKind::PropertyNames { name: name.to_owned(), kind: Box::new(kind) };
        }
        fits
    }

    fn present(
        &mut self,
        names: &[&str],
        members: &Members,
        at: At<'_>,
        steps: &[Step<'_>],
        keyword: &'static str,
        kind: impl Fn(String) -> ViolationKind,
    ) -> bool {
        // `fail_at` returns false, so the result is true only if no name is missing.
        let missing = names.iter().filter(|name| !members.contains_key(**name));
        missing.fold(true, |_, name| self.fail_at(at, steps, keyword, None, || kind((*name).to_owned())))
    }

    fn members(&mut self, keyword: &Keyword<'s>, members: &Members, at: At<'_>) -> bool {
        let mut fits = true;
        // Without `preserve_order`, `serde_json` keeps members sorted, as the list is. So the next one is tried before
        // all are searched.
        let mut next = 0;
        for (name, value) in members {
            let own = match keyword {
                Keyword::Properties { named: known, .. } => match known.get(next) {
                    Some((known, id)) if known == name => Some((next, *id)),
                    _ => place(known, name),
                },
                _ => None,
            };
            next = own.map_or(next, |(place, _)| place + 1);
            fits &= self.member(keyword, own.map(|(_, id)| id), name, value, at);
            if !fits && self.stops_early() {
                return false;
            }
        }
        fits
    }

    /// Checks one member against `properties`, `patternProperties` and `additionalProperties`. `own` is its schema in
    /// `properties`.
    fn member(&mut self, keyword: &Keyword<'s>, own: Option<Id>, name: &str, value: &Value, at: At<'_>) -> bool {
        let Keyword::Properties { patterns, additional, .. } = keyword else { return true };
        let into = Step::Name(name);
        let mut fits = true;
        let mut matched = own.is_some();
        if let Some(id) = own {
            fits &= self.below(id, value, at, &[Step::Name("properties"), into], into);
        }
        for (pattern, id) in *patterns {
            if self.decide(pattern, name) != Some(true) {
                continue;
            }
            matched = true;
            let steps = [Step::Name("patternProperties"), Step::Name(pattern.source())];
            fits &= self.below(*id, value, at, &steps, into);
        }
        match additional {
            Some(id) if !matched => fits & self.below(*id, value, at, &[Step::Name("additionalProperties")], into),
            _ => fits,
        }
    }

    /// Returns whether a member that `properties` does not name is allowed in an object of this schema.
    pub(crate) fn accepts_member(&mut self, id: Id, name: &str, value: &Value) -> bool {
        let keywords = self.table.keywords(id);
        let accepted = keywords.iter().all(|keyword| match keyword {
            Keyword::Properties { named: known, .. } => {
                self.member(keyword, named(known, name), name, value, At::root(0))
            }
            _ => true,
        });
        accepted && self.undecided().is_none()
    }
}
