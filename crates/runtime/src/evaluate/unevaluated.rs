//! `unevaluatedItems` and `unevaluatedProperties`: keywords for items and members that no other keyword evaluates,
//! neither in the same schema nor in the schemas that it applies to the same place.

use std::collections::HashSet;

use super::path::{At, Step};
use super::scope::ScopeId;
use super::{Evaluation, object};
use crate::instance::Instance;
use crate::schema::{Id, Keyword};

/// The items and members that have been evaluated.
#[derive(Default)]
struct Seen<'v> {
    all: bool,
    names: HashSet<&'v str>,
    items: HashSet<usize>,
    /// The schemas that have been visited, because several ways may lead to one.
    schemas: HashSet<(Id, ScopeId)>,
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
                items
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| !seen.all && !seen.items.contains(index))
                    .fold(true, |fits, (index, item)| fits & self.below(*id, item, at, &steps, Step::Index(index)))
            }
            (Keyword::UnevaluatedProperties(id), Instance::Object(members)) => {
                self.seen(siblings, true, instance, at, &mut seen);
                let steps = [Step::Name("unevaluatedProperties")];
                members
                    .iter()
                    .filter(|(name, _)| !seen.all && !seen.names.contains(name.as_str()))
                    .fold(true, |fits, (name, value)| fits & self.below(*id, value, at, &steps, Step::Name(name)))
            }
            _ => true,
        }
    }

    /// Adds the parts that a schema evaluates, if the instance is valid: a schema that fails evaluates nothing (Core
    /// 2020-12, section 7.7.1.2).
    fn seen_by<'v>(&mut self, id: Id, instance: Instance<'v>, at: At<'_>, seen: &mut Seen<'v>) {
        if seen.schemas.insert((id, at.scope)) && self.quietly(id, instance, at) {
            let keywords = self.table.keywords(id);
            self.seen(keywords, false, instance, at, seen);
        }
    }

    /// Adds the parts that some keywords evaluate. With `own`, the keywords are adjacent to the keyword being
    /// evaluated, which does not count itself.
    fn seen<'v>(
        &mut self,
        keywords: &'s [Keyword<'s>],
        own: bool,
        instance: Instance<'v>,
        at: At<'_>,
        seen: &mut Seen<'v>,
    ) {
        let at = match keywords.first() {
            // With `own`, the scope was entered together with the schema.
            Some(Keyword::DynamicScope(anchors)) if !own => At { scope: self.scopes.enter(at.scope, anchors), ..at },
            _ => at,
        };
        for keyword in keywords {
            match (keyword, instance) {
                (Keyword::Ref(id, _, anchors), _) => {
                    let scope = self.scopes.enter(at.scope, anchors);
                    self.seen_by(*id, instance, At { scope, ..at }, seen);
                }
                (Keyword::DynamicRef(anchor, fallback, _), _) => {
                    let target = self.scopes.resolve(at.scope, anchor, *fallback);
                    self.seen_by(target, instance, at, seen);
                }
                // Every branch that the instance fits evaluates parts, so the search goes on after the first one.
                (Keyword::AllOf(branches) | Keyword::AnyOf(branches) | Keyword::OneOf(branches), _) => {
                    branches.iter().for_each(|id| self.seen_by(*id, instance, at, seen));
                }
                (Keyword::If(condition, then, otherwise), _) => {
                    // A condition that holds evaluates parts, even without `then` (Core 2020-12, section 10.2.2.1).
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
                // In a subschema, these keywords have evaluated everything that was left.
                (Keyword::UnevaluatedItems(_), Instance::Array(_)) if !own => seen.all = true,
                (Keyword::UnevaluatedProperties(_), Instance::Object(_)) if !own => seen.all = true,
                (Keyword::Items { prefix, rest, .. }, Instance::Array(_)) => {
                    // A schema for further items evaluates all of them, even if it is `true`.
                    seen.all |= rest.is_some();
                    seen.items.extend(0..prefix.len());
                }
                (Keyword::Contains { schema, evaluates: true, .. }, Instance::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        if self.contains_item(*schema, item, at) {
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
                    seen.names.extend(members.keys().filter(known).map(String::as_str));
                }
                // `not` evaluates nothing: if its schema holds, this schema fails.
                _ => {}
            }
        }
    }
}
