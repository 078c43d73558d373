//! Tables of schemas, and facts about a table as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;

use crate::instance::{Instance, Literal};
use crate::schema::{Id, Keyword, Schema};

/// The schema can be reached in more than one way at one place.
pub(super) const SHARED: u8 = 1;
/// The schema has keywords that apply schemas to the same place.
pub(super) const IN_PLACE: u8 = 2;
/// The schema has keywords that apply schemas to members or items.
pub(super) const CHILDREN: u8 = 4;

/// The maximum length of a chain of schemas that is searched for [`Constants`] of one place.
const DEPTH: usize = 24;

/// The maximum number of values of a member that are kept as [`Constants`].
const VALUES: usize = 64;

/// A table of schemas that refer to each other by index.
#[derive(Debug)]
pub struct Table<'s> {
    schemas: &'s [Schema<'s>],
    // Both are computed when an evaluation first needs them. Most payloads are decided without them.
    flags: OnceLock<Box<[u8]>>,
    constants: OnceLock<Box<[Constants]>>,
}

/// The members that an object must have to fit a schema, each with the strings that it may be. A member that may have
/// other values is left out.
type Constants = Box<[(String, Box<[String]>)]>;

impl<'s> Table<'s> {
    /// Returns a table of schemas.
    pub const fn new(schemas: &'s [Schema<'s>]) -> Table<'s> {
        Table { schemas, flags: OnceLock::new(), constants: OnceLock::new() }
    }

    /// Returns the schemas, in the order of their indices.
    pub const fn schemas(&self) -> &'s [Schema<'s>] {
        self.schemas
    }

    /// Returns the keywords of a schema.
    pub(super) fn keywords(&self, id: Id) -> &'s [Keyword<'s>] {
        self.schemas[id as usize].0
    }

    /// Returns the flags of each schema: how it is reached, and where it applies other schemas.
    pub(super) fn flags(&self) -> &[u8] {
        self.flags.get_or_init(|| flags(self.schemas))
    }

    /// Returns whether an object lacks a member that this schema requires, or has a string that the schema does not
    /// list as the value of the member.
    ///
    /// This rules out most branches of a union at little cost, because branches often differ in the value of one
    /// member.
    pub(super) fn rules_out(&self, id: Id, instance: Instance<'_>) -> bool {
        let Instance::Object(members) = instance else { return false };
        let constants = self.constants.get_or_init(|| constants(self.schemas));
        // Lists are short, and most of their strings differ in length. Comparing with each of them is therefore faster
        // than a binary search.
        let differs = |(name, values): &(String, Box<[String]>)| {
            !members.get(name).and_then(Value::as_str).is_some_and(|text| values.iter().any(|value| value == text))
        };
        constants.get(id as usize).is_some_and(|constants| constants.iter().any(differs))
    }
}

/// Counts how many ways lead to each schema.
///
/// Schemas that keywords such as `anyOf` try count twice, because they are evaluated twice: to try them, and to explain
/// them or to find unevaluated parts. If the table has `unevaluatedProperties` or `unevaluatedItems`, every schema that
/// applies in place counts twice for the same reason.
fn flags(table: &[Schema<'_>]) -> Box<[u8]> {
    // Only one way and several ways are distinguished, so a byte is enough.
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
                // The target depends on the scope, and may be any schema that an anchor names. `DynamicScope` counts
                // those, and this is the target if no scope has the anchor.
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
    flags.into()
}

/// Facts about the members of an object, from the schemas that apply to it.
#[derive(Clone, Debug, Default)]
struct Facts<'s> {
    required: BTreeSet<&'s str>,
    /// The strings that a member may be.
    values: BTreeMap<&'s str, BTreeSet<&'s str>>,
}

impl<'s> Facts<'s> {
    /// Adds the facts of a schema that applies as well.
    fn and(&mut self, other: Facts<'s>) {
        self.required.extend(other.required);
        for (name, values) in other.values {
            // The intersection would be smaller, but either list is true.
            self.values.entry(name).or_insert(values);
        }
    }

    /// Keeps the facts that also hold for a schema that may apply instead.
    fn or(&mut self, other: &Facts<'s>) {
        self.required.retain(|name| other.required.contains(name));
        self.values.retain(|name, values| {
            let others = other.values.get(name);
            values.extend(others.into_iter().flatten());
            others.is_some() && values.len() <= VALUES
        });
    }
}

/// Finds the constants of each schema that is a branch of a union.
fn constants(table: &[Schema<'_>]) -> Box<[Constants]> {
    let mut constants = vec![Constants::default(); table.len()];
    let mut known = vec![None; table.len()];
    for keyword in table.iter().flat_map(|schema| schema.0) {
        let (Keyword::AnyOf(branches) | Keyword::OneOf(branches)) = keyword else { continue };
        for id in *branches {
            let facts = facts(table, *id, &mut known, 0);
            let is_required = |(name, _): &(&&str, &BTreeSet<&str>)| facts.required.contains(**name);
            let owned = |(name, values): (&&str, &BTreeSet<&str>)| {
                ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
            };
            if let Some(constants) = constants.get_mut(*id as usize) {
                *constants = facts.values.iter().filter(is_required).map(owned).collect();
            }
        }
    }
    constants.into()
}

/// Returns the facts of a schema about the members of an object. Fewer facts are never wrong, so recursion may stop at
/// any depth.
fn facts<'s>(table: &[Schema<'s>], id: Id, known: &mut Vec<Option<Facts<'s>>>, depth: usize) -> Facts<'s> {
    let place = id as usize;
    if depth == DEPTH || place >= table.len() {
        return Facts::default();
    }
    if let Some(facts) = &known[place] {
        return facts.clone();
    }
    // If the schema refers to itself, the reference adds no facts.
    known[place] = Some(Facts::default());
    let mut all = Facts::default();
    for keyword in table[place].0 {
        match keyword {
            Keyword::Required(names) => all.required.extend(*names),
            Keyword::Properties { named, .. } => {
                for (name, id) in *named {
                    if let Some(values) = strings(table, *id, 0) {
                        all.values.entry(name).or_insert(values);
                    }
                }
            }
            Keyword::Ref(id, ..) => all.and(facts(table, *id, known, depth + 1)),
            Keyword::AllOf(ids) => ids.iter().for_each(|id| all.and(facts(table, *id, known, depth + 1))),
            Keyword::AnyOf(ids) | Keyword::OneOf(ids) => {
                let mut branches = ids.iter().map(|id| facts(table, *id, known, depth + 1));
                let Some(mut common) = branches.next() else { continue };
                branches.for_each(|branch| common.or(&branch));
                all.and(common);
            }
            _ => {}
        }
    }
    known[place] = Some(all.clone());
    all
}

/// Returns the strings that a schema lists, if it accepts nothing else.
fn strings<'s>(table: &[Schema<'s>], id: Id, depth: usize) -> Option<BTreeSet<&'s str>> {
    let text = |literal: &Literal<'s>| match literal {
        Literal::String(text) => Some(*text),
        _ => None,
    };
    table.get(id as usize)?.0.iter().find_map(|keyword| match keyword {
        Keyword::Const(literal) => Some([text(literal)?].into()),
        Keyword::Enum(literals) if literals.len() <= VALUES => literals.iter().map(text).collect(),
        Keyword::Ref(id, ..) if depth < DEPTH => strings(table, *id, depth + 1),
        // The string must be in the list of every branch, so the list of any one of them rules strings out.
        Keyword::AllOf(ids) if depth < DEPTH => ids.iter().find_map(|id| strings(table, *id, depth + 1)),
        _ => None,
    })
}
