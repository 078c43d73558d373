//! Compares values, bounds and other keywords, and decides whether a keyword allows more or fewer values.

use std::cmp::Ordering;

use webhook_runtime::__private::number::{NumberLiteral, compare};
use webhook_runtime::__private::schema::Types;

use super::change::{ChangeKind, Class};
use super::walk::{Comparison, OPEN_VALUES};
use crate::json::{Json, ValueList};
use crate::model::{Contains, Keywords, NodeId, type_of};

/// Compares two numbers by value, because a page may write `2` as `2.0` and `100000000000000000000` as `1e20`.
fn order(a: &str, b: &str) -> Ordering {
    serde_json::from_str(a).map_or(Ordering::Less, |number| compare(&number, NumberLiteral::Decimal(b)))
}

impl Comparison<'_> {
    /// Reports a keyword that differs and may be absent from one version.
    fn rule(
        &mut self,
        keyword: &'static str,
        place: &str,
        old: Option<String>,
        new: Option<String>,
        loosened: Option<bool>,
    ) {
        let what = match (&old, &new, loosened) {
            (None, Some(_), _) | (Some(_), Some(_), Some(false)) => ChangeKind::RuleTightened,
            (Some(_), None, _) | (Some(_), Some(_), Some(true)) => ChangeKind::RuleLoosened,
            _ => ChangeKind::RuleChanged,
        };
        let text_of = |text: Option<String>| text.map(|text| format!("{keyword}: {text}"));
        self.keyword = Some(keyword);
        self.say(what, place, text_of(old), text_of(new));
        self.keyword = None;
    }

    /// Compares a bound. `loosens` is the order of the old and the new bound if the new one allows more values.
    fn bound(
        &mut self,
        keyword: &'static str,
        place: &str,
        (old, new): (&Option<String>, &Option<String>),
        loosens: Ordering,
    ) {
        let order = match (old, new) {
            (Some(a), Some(b)) => order(a, b),
            (a, b) if a == b => Ordering::Equal,
            _ => Ordering::Less,
        };
        if order == Ordering::Equal {
            return;
        }
        self.rule(keyword, place, old.clone(), new.clone(), Some(order == loosens));
    }

    fn count(&mut self, keyword: &'static str, place: &str, (old, new): (Option<u64>, Option<u64>), loosens: Ordering) {
        let text = |count: Option<u64>| count.map(|count| count.to_string());
        self.bound(keyword, place, (&text(old), &text(new)), loosens);
    }

    pub(super) fn numbers(&mut self, old: &Keywords, new: &Keywords, place: &str) {
        self.bound("maximum", place, (&old.maximum, &new.maximum), Ordering::Less);
        let exclusive = (&old.exclusive_maximum, &new.exclusive_maximum);
        self.bound("exclusiveMaximum", place, exclusive, Ordering::Less);
        self.bound("minimum", place, (&old.minimum, &new.minimum), Ordering::Greater);
        let exclusive = (&old.exclusive_minimum, &new.exclusive_minimum);
        self.bound("exclusiveMinimum", place, exclusive, Ordering::Greater);
        self.texts_by("multipleOf", place, &old.multiple_of, &new.multiple_of, |a, b| order(a, b).is_eq());
    }

    pub(super) fn strings(&mut self, old: &Keywords, new: &Keywords, place: &str) {
        self.count("maxLength", place, (old.max_length, new.max_length), Ordering::Less);
        self.count("minLength", place, (old.min_length, new.min_length), Ordering::Greater);
        self.texts("pattern", place, &old.patterns, &new.patterns);
    }

    /// Compares unordered lists of texts.
    fn texts(&mut self, keyword: &'static str, place: &str, old: &[String], new: &[String]) {
        self.texts_by(keyword, place, old, new, |a, b| a == b);
    }

    fn texts_by(
        &mut self,
        keyword: &'static str,
        place: &str,
        old: &[String],
        new: &[String],
        same: fn(&str, &str) -> bool,
    ) {
        let only = |a: &[String], b: &[String]| -> Option<String> {
            let is_new = |text: &&String| !b.iter().any(|other| same(text, other));
            let rest: Vec<&str> = a.iter().filter(is_new).map(String::as_str).collect();
            (!rest.is_empty()).then(|| rest.join(", "))
        };
        let (old, new) = (only(old, new), only(new, old));
        if old.is_some() || new.is_some() {
            self.rule(keyword, place, old, new, None);
        }
    }

    pub(super) fn item_counts(&mut self, old: &Keywords, new: &Keywords, place: &str) {
        self.count("maxItems", place, (old.max_items, new.max_items), Ordering::Less);
        self.count("minItems", place, (old.min_items, new.min_items), Ordering::Greater);
        if old.unique_items != new.unique_items {
            let text_of = |unique: bool| unique.then(|| "true".to_owned());
            self.rule("uniqueItems", place, text_of(old.unique_items), text_of(new.unique_items), None);
        }
    }

    pub(super) fn member_counts(&mut self, old: &Keywords, new: &Keywords, place: &str) {
        self.count("maxProperties", place, (old.max_properties, new.max_properties), Ordering::Less);
        self.count("minProperties", place, (old.min_properties, new.min_properties), Ordering::Greater);
        let text_of = |keywords: &Keywords| -> Vec<String> {
            let one = |(name, needed): &(String, Vec<String>)| format!("{name}: {}", needed.join(", "));
            keywords.dependent_required.iter().map(one).collect()
        };
        self.texts("dependentRequired", place, &text_of(old), &text_of(new));
    }

    /// Compares the listed values of one JSON type.
    pub(super) fn values(&mut self, old: &Keywords, new: &Keywords, class: Types, place: &str) {
        let of_class = |keywords: &Keywords| -> Option<Vec<Json>> {
            keywords
                .possible_values()
                .map(|all| all.into_iter().filter(|value| class.contains(type_of(value))).collect())
        };
        let closed = (of_class(old), of_class(new));
        self.listed(closed.0, closed.1, place);
    }

    /// Compares the values listed by several branches. A branch that lists no values allows any value.
    pub(super) fn all_values(&mut self, old: &[NodeId], new: &[NodeId], place: &str) {
        let found: Vec<Option<Vec<Json>>> =
            old.iter().map(|branch| self.old.keywords(*branch).possible_values()).collect();
        let (old_open, old) = (found.contains(&None), found.into_iter().flatten().flatten().collect::<Vec<_>>());
        let found: Vec<Option<Vec<Json>>> =
            new.iter().map(|branch| self.new.keywords(*branch).possible_values()).collect();
        let (new_open, new) = (found.contains(&None), found.into_iter().flatten().flatten().collect::<Vec<_>>());
        if !(old_open && new_open) {
            self.listed((!old_open).then_some(old), (!new_open).then_some(new), place);
            return;
        }
        // Both versions allow any value, but a difference in the named values is still reported.
        let (gone, added) = (without(&old, &new), without(&new, &old));
        self.keyword = Some(OPEN_VALUES);
        if !gone.is_empty() {
            self.say(ChangeKind::ValuesRemoved, place, Some(text(&gone)), None);
        }
        if !added.is_empty() {
            self.say_as(ChangeKind::ValuesAdded, Class::Compatible, place, None, Some(text(&added)));
        }
        self.keyword = None;
    }

    fn listed(&mut self, old: Option<Vec<Json>>, new: Option<Vec<Json>>, place: &str) {
        match (old, new) {
            (None, None) => {}
            (None, Some(new)) => {
                self.say(ChangeKind::ValuesRemoved, place, Some("any value".to_owned()), Some(text(&new)));
            }
            (Some(old), None) => {
                self.say(ChangeKind::ValuesAdded, place, Some(text(&old)), Some("any value".to_owned()));
            }
            (Some(old), Some(new)) => {
                let (gone, added) = (without(&old, &new), without(&new, &old));
                if let ([old], [new], false) = (old.as_slice(), new.as_slice(), gone.is_empty()) {
                    let (old, new) = (Some(old.to_string()), Some(new.to_string()));
                    self.say(ChangeKind::ConstantChanged, place, old, new);
                    return;
                }
                if !gone.is_empty() {
                    self.say(ChangeKind::ValuesRemoved, place, Some(text(&gone)), None);
                }
                if !added.is_empty() {
                    self.say(ChangeKind::ValuesAdded, place, None, Some(text(&added)));
                }
            }
        }
    }

    /// Compares keywords that apply to the whole value. Their schemas are only checked for structural equality.
    pub(super) fn conditions(&mut self, old: &Keywords, new: &Keywords, place: &str) {
        let of = |keywords: &Keywords| {
            let conditions = keywords.if_then_else.iter();
            let parts = |c: &crate::model::IfThenElse| [Some(c.condition), c.then, c.otherwise].into_iter().flatten();
            [
                ("not", keywords.not.clone()),
                ("if", conditions.flat_map(parts).collect()),
                ("dependentSchemas", keywords.dependent_schemas.iter().map(|(_, id)| *id).collect()),
                ("contains", keywords.contains.iter().map(|contains| contains.schema).collect()),
                ("propertyNames", keywords.property_names.clone()),
                ("patternProperties", keywords.pattern_properties.iter().map(|(_, id)| *id).collect()),
                ("unevaluatedProperties", keywords.unevaluated_properties.into_iter().collect()),
                ("unevaluatedItems", keywords.unevaluated_items.into_iter().collect::<Vec<NodeId>>()),
            ]
        };
        for ((keyword, a), (_, b)) in of(old).into_iter().zip(of(new)) {
            let a: Vec<_> = a.into_iter().map(|id| self.old.structure(id)).collect();
            let b: Vec<_> = b.into_iter().map(|id| self.new.structure(id)).collect();
            match (a.is_empty(), b.is_empty()) {
                _ if a == b => {}
                (false, false) => {
                    let text = Some(format!("{keyword} has another schema"));
                    self.keyword = Some(keyword);
                    self.say(ChangeKind::RuleChanged, place, None, text);
                    self.keyword = None;
                }
                (none, _) => {
                    let text_of = |there: bool| there.then(|| "a schema".to_owned());
                    self.rule(keyword, place, text_of(!none), text_of(none), None);
                }
            }
        }
        self.counts_of_contains(old, new, place);
        let names = |list: &[(String, NodeId)]| list.iter().map(|(name, _)| name.clone()).collect::<Vec<String>>();
        for (keyword, old, new) in [
            ("patternProperties", &old.pattern_properties, &new.pattern_properties),
            ("dependentSchemas", &old.dependent_schemas, &new.dependent_schemas),
        ] {
            if old.len() == new.len() {
                self.texts(keyword, place, &names(old), &names(new));
            }
        }
    }

    /// Compares `minContains` and `maxContains`, where both versions have `contains` once.
    fn counts_of_contains(&mut self, old: &Keywords, new: &Keywords, place: &str) {
        let ([old], [new]) = (old.contains.as_slice(), new.contains.as_slice()) else { return };
        self.count("maxContains", place, (old.max, new.max), Ordering::Less);
        let least = |contains: &Contains| Some(contains.min.unwrap_or(1));
        self.count("minContains", place, (least(old), least(new)), Ordering::Greater);
    }
}

/// Returns the values of `list` that are not in `other`.
fn without(list: &[Json], other: &[Json]) -> Vec<Json> {
    let other = ValueList::new(other.iter().map(Json::to_value).collect());
    list.iter().filter(|value| !other.has(&value.to_value())).cloned().collect()
}

/// Returns values as text for people.
fn text(values: &[Json]) -> String {
    let shown: Vec<String> = values.iter().take(8).map(Json::to_string).collect();
    let rest = values.len().saturating_sub(shown.len());
    let more = if rest > 0 { format!(", and {rest} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
