//! Answers that an evaluation has found, so that no schema is evaluated twice at one place.
//!
//! Schemas refer to each other, so two ways may lead to the same schema at the same place: two branches of `allOf`, a
//! member that `properties` and `patternProperties` both name, a union whose branch is tried, weighed and then
//! explained. If the schema is recursive, each level of the payload doubles the ways, and without this memo the time.

use std::collections::HashMap;

use super::misfit::Misfit;
use crate::schema::{Id, Keyword, Schema};

/// How many schemas an evaluation enters before it starts to remember. Most payloads are decided by then, and a table of
/// answers would cost them more than it saves.
const START: u64 = 512;

/// A schema at a place: the schema, the dynamic scope that it is entered in, and the address of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) id: Id,
    pub(super) scope: u32,
    pub(super) node: usize,
}

/// The schema can be reached in more than one way at one place.
const SHARED: u8 = 1;
/// The schema has keywords that apply schemas to the same place.
const IN_PLACE: u8 = 2;
/// The schema has keywords that apply schemas to members or items.
const CHILDREN: u8 = 4;

/// The answers that an evaluation has found.
#[derive(Debug)]
pub(super) struct Memo {
    /// For each schema of the table, the flags above.
    flags: Vec<u8>,
    /// Whether the value is valid.
    pub(super) verdicts: HashMap<Key, bool>,
    /// How far the value is from being valid.
    pub(super) misfits: HashMap<Key, Misfit>,
    /// Whether the value is valid, where the violations are in the report already.
    pub(super) explained: HashMap<Key, bool>,
}

impl Memo {
    pub(super) fn new(table: &[Schema<'_>]) -> Memo {
        Memo { flags: flags(table), verdicts: HashMap::new(), misfits: HashMap::new(), explained: HashMap::new() }
    }

    pub(super) fn starts_after(steps: u64) -> bool {
        steps > START
    }

    /// Whether the violations of a schema may be reached in two ways.
    pub(super) fn is_shared(&self, id: Id) -> bool {
        self.flags(id) & SHARED != 0
    }

    /// Whether an answer is worth an entry. A schema without subschemas is evaluated as fast as it is looked up, and so is one about
    /// members or items at a value that has none.
    pub(super) fn is_worth_it(&self, id: Id, has_parts: bool) -> bool {
        let flags = self.flags(id);
        flags & SHARED != 0 && (flags & IN_PLACE != 0 || has_parts && flags & CHILDREN != 0)
    }

    fn flags(&self, id: Id) -> u8 {
        self.flags.get(id as usize).copied().unwrap_or_default()
    }
}

/// Counts how many ways lead to each schema.
///
/// Schemas that keywords such as `anyOf` try count twice, as they are evaluated twice: to try them, and to explain them or to find
/// what they leave unevaluated. If the table has `unevaluatedProperties` or `unevaluatedItems`, every schema that applies in place
/// counts twice for the same reason.
fn flags(table: &[Schema<'_>]) -> Vec<u8> {
    let mut ways = vec![0_u8; table.len()];
    let mut flags = vec![0_u8; table.len()];
    let looks_again = table
        .iter()
        .flat_map(|schema| schema.0)
        .any(|keyword| matches!(keyword, Keyword::UnevaluatedItems(_) | Keyword::UnevaluatedProperties(_)));
    let in_place = if looks_again { 2 } else { 1 };
    for (schema, flags) in table.iter().zip(&mut flags) {
        let mut lead = |id: Id, count: u8, flag: u8| {
            *flags |= flag;
            if let Some(ways) = ways.get_mut(id as usize) {
                *ways = ways.saturating_add(count);
            }
        };
        for keyword in schema.0 {
            match keyword {
                Keyword::Ref(id, ..) => lead(*id, in_place, IN_PLACE),
                // The target depends on the scope: any schema that an anchor names.
                Keyword::DynamicRef(_, id, _) => lead(*id, 2, IN_PLACE),
                Keyword::DynamicScope(anchors) => anchors.iter().for_each(|(_, id)| lead(*id, 2, IN_PLACE)),
                Keyword::AllOf(ids) => ids.iter().for_each(|id| lead(*id, in_place, IN_PLACE)),
                Keyword::AnyOf(ids) | Keyword::OneOf(ids) => ids.iter().for_each(|id| lead(*id, 2, IN_PLACE)),
                Keyword::Not(id) => lead(*id, 2, IN_PLACE),
                Keyword::If(condition, then, otherwise) => {
                    lead(*condition, 2, IN_PLACE);
                    [then, otherwise].into_iter().flatten().for_each(|id| lead(*id, in_place, IN_PLACE));
                }
                Keyword::DependentSchemas(schemas, _) => {
                    schemas.iter().for_each(|(_, id)| lead(*id, in_place, IN_PLACE));
                }
                Keyword::Items { prefix, rest, .. } => {
                    prefix.iter().chain(rest).for_each(|id| lead(*id, 1, CHILDREN));
                }
                Keyword::Contains { schema, .. } => lead(*schema, 2, CHILDREN),
                Keyword::Properties { named, patterns, additional } => {
                    named.iter().for_each(|(_, id)| lead(*id, 1, CHILDREN));
                    patterns.iter().for_each(|(_, id)| lead(*id, 1, CHILDREN));
                    additional.iter().for_each(|id| lead(*id, 1, CHILDREN));
                }
                Keyword::PropertyNames(id) | Keyword::UnevaluatedItems(id) | Keyword::UnevaluatedProperties(id) => {
                    lead(*id, 1, CHILDREN);
                }
                Keyword::False
                | Keyword::Type(_)
                | Keyword::AnyInteger
                | Keyword::Const(_)
                | Keyword::Enum(_)
                | Keyword::MultipleOf(_)
                | Keyword::Maximum(_)
                | Keyword::ExclusiveMaximum(_)
                | Keyword::Minimum(_)
                | Keyword::ExclusiveMinimum(_)
                | Keyword::MaxLength(_)
                | Keyword::MinLength(_)
                | Keyword::Pattern(_)
                | Keyword::MaxItems(_)
                | Keyword::MinItems(_)
                | Keyword::UniqueItems
                | Keyword::MaxProperties(_)
                | Keyword::MinProperties(_)
                | Keyword::Required(_)
                | Keyword::DependentRequired(..) => {}
            }
        }
    }
    for (flags, ways) in flags.iter_mut().zip(ways) {
        if ways > 1 {
            *flags |= SHARED;
        }
    }
    flags
}
