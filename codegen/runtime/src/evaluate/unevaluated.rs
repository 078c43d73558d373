//! `unevaluatedItems` and `unevaluatedProperties`: what no other keyword of the schema, or of the schemas that it brings
//! in at the same place, has looked at.

use std::collections::HashSet;

use super::path::{At, Scope, Step};
use super::{Evaluation, combine, object};
use crate::instance::Instance;
use crate::schema::{Id, Keyword};

/// What has been looked at.
#[derive(Default)]
struct Seen {
    all: bool,
    names: HashSet<String>,
    items: HashSet<usize>,
}

impl<'s> Evaluation<'s> {
    pub(super) fn unevaluated(
        &mut self,
        keyword: &Keyword<'s>,
        siblings: &'s [Keyword<'s>],
        instance: Instance<'_>,
        at: At<'_>,
    ) -> bool {
        let mut seen = Seen::default();
        match (keyword, instance) {
            (Keyword::UnevaluatedItems(id), Instance::Array(items)) => {
                self.seen(siblings, true, instance, at, &mut seen);
                let steps = [Step::Name("unevaluatedItems")];
                (0..items.len()).filter(|index| !seen.all && !seen.items.contains(index)).fold(true, |fits, index| {
                    fits & self.below(*id, (&items[index]).into(), at, &steps, Some(Step::Index(index)))
                })
            }
            (Keyword::UnevaluatedProperties(id), Instance::Object(members)) => {
                self.seen(siblings, true, instance, at, &mut seen);
                let steps = [Step::Name("unevaluatedProperties")];
                members
                    .iter()
                    .filter(|(name, _)| !seen.all && !seen.names.contains(*name))
                    .fold(true, |fits, (name, value)| {
                        fits & self.below(*id, value.into(), at, &steps, Some(Step::Name(name)))
                    })
            }
            _ => true,
        }
    }

    /// Adds what the schema evaluates, if the instance is valid: a schema that fails evaluates nothing.
    fn seen_by(&mut self, id: Id, instance: Instance<'_>, at: At<'_>, seen: &mut Seen) {
        if self.quietly(id, instance, at) {
            let keywords = self.table[id as usize].0;
            self.seen(keywords, false, instance, at, seen);
        }
    }

    /// `own`: the keywords are adjacent to the keyword being evaluated, which does not count itself.
    fn seen(&mut self, keywords: &'s [Keyword<'s>], own: bool, instance: Instance<'_>, at: At<'_>, seen: &mut Seen) {
        let scope = match keywords.first() {
            Some(Keyword::DynamicScope(anchors)) if !own => Some(Scope { outer: at.scope, anchors }),
            _ => None,
        };
        let at = At { scope: scope.as_ref().or(at.scope), ..at };
        for keyword in keywords {
            match (keyword, instance) {
                (Keyword::Ref(id, _, anchors), _) => {
                    let scope = Scope { outer: at.scope, anchors };
                    let scope = if anchors.is_empty() { at.scope } else { Some(&scope) };
                    self.seen_by(*id, instance, At { scope, ..at }, seen);
                }
                (Keyword::DynamicRef(anchor, fallback, _), _) => {
                    self.seen_by(combine::dynamic(anchor, *fallback, at), instance, at, seen);
                }
                (Keyword::AllOf(branches) | Keyword::AnyOf(branches) | Keyword::OneOf(branches), _) => {
                    branches.iter().for_each(|id| self.seen_by(*id, instance, at, seen));
                }
                (Keyword::If(condition, then, otherwise), _) => {
                    let holds = self.quietly(*condition, instance, at);
                    self.seen_by(*condition, instance, at, seen);
                    if let Some(id) = if holds { then } else { otherwise } {
                        self.seen_by(*id, instance, at, seen);
                    }
                }
                (Keyword::DependentSchemas(schemas, _), Instance::Object(members)) => {
                    for (_, id) in schemas.iter().filter(|(name, _)| members.contains_key(*name)) {
                        self.seen_by(*id, instance, at, seen);
                    }
                }
                (Keyword::UnevaluatedItems(_), Instance::Array(_)) if !own => seen.all = true,
                (Keyword::UnevaluatedProperties(_), Instance::Object(_)) if !own => seen.all = true,
                (Keyword::Items { prefix, rest, .. }, Instance::Array(_)) => {
                    seen.all |= rest.is_some();
                    seen.items.extend(0..prefix.len());
                }
                (Keyword::Contains { schema, evaluates: true, .. }, Instance::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        if self.quietly(*schema, item.into(), at) {
                            seen.items.insert(index);
                        }
                    }
                }
                (Keyword::Properties { named, patterns, additional }, Instance::Object(members)) => {
                    seen.all |= additional.is_some();
                    let known = |name: &&String| {
                        object::named(named, name).is_some()
                            || patterns.iter().any(|(pattern, _)| self.decide(pattern, name) == Some(true))
                    };
                    seen.names.extend(members.keys().filter(known).cloned());
                }
                _ => {}
            }
        }
    }
}
