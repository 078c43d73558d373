//! Evaluates the keywords for arrays.

use serde_json::Value;

use super::Evaluation;
use super::path::{At, Step};
use crate::instance::{Instance, first_repeat};
use crate::schema::{Id, Keyword};
use crate::violation_kind::ViolationKind;

impl<'s> Evaluation<'s> {
    pub(super) fn array(&mut self, keyword: &Keyword<'s>, items: &[Value], at: At<'_>) -> bool {
        let whole = Instance::Array(items);
        let actual = items.len() as u64;
        match keyword {
            Keyword::Items { prefix, rest, items_array } => self.items(prefix, *rest, *items_array, items, at),
            Keyword::Contains { schema, min, max, .. } => self.contains(*schema, *min, *max, items, at),
            Keyword::MaxItems(limit) if actual > *limit => {
                self.fail(at, "maxItems", whole, || ViolationKind::MaxItems { limit: *limit, actual })
            }
            Keyword::MinItems(limit) if actual < *limit => {
                self.fail(at, "minItems", whole, || ViolationKind::MinItems { limit: *limit, actual })
            }
            Keyword::UniqueItems => match first_repeat(items) {
                None => true,
                Some((first, second)) => {
                    self.fail(at, "uniqueItems", whole, || ViolationKind::UniqueItems { first, second })
                }
            },
            _ => true,
        }
    }

    fn items(&mut self, prefix: &[Id], rest: Option<Id>, items_array: bool, items: &[Value], at: At<'_>) -> bool {
        // Up to 2019-09, `items` may be an array. `additionalItems` then is the schema of further items.
        let prefix_name = Step::Name(if items_array { "items" } else { "prefixItems" });
        let rest_name = Step::Name(if items_array && !prefix.is_empty() { "additionalItems" } else { "items" });
        let mut fits = true;
        for (index, item) in items.iter().enumerate() {
            let into = Step::Index(index);
            fits &= match (prefix.get(index), rest) {
                (Some(id), _) => self.below(*id, item, at, &[prefix_name, into], into),
                (None, Some(id)) => self.below(id, item, at, &[rest_name], into),
                (None, None) => break,
            };
            if !fits && self.stops_early() {
                return false;
            }
        }
        fits
    }

    fn contains(&mut self, schema: Id, min: Option<u64>, max: Option<u64>, items: &[Value], at: At<'_>) -> bool {
        let actual = items.iter().filter(|item| self.contains_item(schema, item, at)).count() as u64;
        let whole = Instance::Array(items);
        let mut fits = true;
        if actual < min.unwrap_or(1) {
            // `contains` alone requires one item. `minContains` replaces this number, even by 0 (Validation 2020-12,
            // section 6.4.5).
            let (name, limit) = min.map_or(("contains", 1), |min| ("minContains", min));
            fits = self.fail(at, name, whole, || ViolationKind::MinContains { limit, actual });
        }
        if let Some(limit) = max.filter(|max| actual > *max) {
            fits = self.fail(at, "maxContains", whole, || ViolationKind::MaxContains { limit, actual });
        }
        fits
    }

    /// Returns whether an item fits the schema of `contains`.
    pub(super) fn contains_item(&mut self, schema: Id, item: &Value, at: At<'_>) -> bool {
        // An item that does not match violates nothing: only the number of matches counts.
        self.quietly(schema, item.into(), At { node: std::ptr::from_ref(item) as usize, ..at })
    }
}
