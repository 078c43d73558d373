//! Decides, for each difference between two versions of a schema, whether it breaks receivers of the old version.

use webhook_runtime::__private::schema::Types;
use webhook_runtime::Reading;

use super::change::{Change, ChangeKind, Class};
use super::schema_version::{SchemaVersion, Version};
use super::verdict::{Judge, Rules, Verdict, with_stack};
use super::walk::{Comparison, Found, OPEN_VALUES, walk};
use crate::containment::Literal;
use crate::json::steps;
use crate::model::diagnostic::Checked;
use crate::model::{Contains, Keywords, NodeId};

/// Returns the differences between two versions of a schema, in the order of the old version, each with its verdict.
///
/// # Errors
///
/// Returns the problems of a schema that cannot be parsed.
pub fn schemas(event: &str, old: Version<'_>, new: Version<'_>, rules: Rules) -> Checked<Vec<Change>> {
    let comparison = walk(event, SchemaVersion::new(old)?, SchemaVersion::new(new)?);
    with_stack(|| judge_all(event, comparison, old, new, rules))
}

fn judge_all(
    event: &str,
    mut comparison: Comparison<'_>,
    old: Version<'_>,
    new: Version<'_>,
    rules: Rules,
) -> Checked<Vec<Change>> {
    let found = std::mem::take(&mut comparison.found);
    let mut changes = {
        let judge = Judge::new((old, &comparison.old), (new, &comparison.new), rules);
        Differences { judge, comparison: &mut comparison }.judge(event, found.clone())
    };
    if rules.reading == Reading::Tolerant {
        // The types accept some payloads that the schema rejects, so the differences are also judged by the schema
        // alone.
        let exact = Rules { reading: Reading::Exact, ..rules };
        let judge = Judge::new((old, &comparison.old), (new, &comparison.new), exact);
        let by_schema = Differences { judge, comparison: &mut comparison }.judge(event, found);
        for change in by_schema {
            match changes.iter_mut().find(|known| known.is_same(&change)) {
                Some(known) if known.class <= Class::Compatible && change.class == Class::Breaking => {
                    (known.class, known.witness) = (Class::Deviation, change.witness);
                }
                Some(_) => {}
                // The schema alone cannot attribute this difference, but the types are proven to accept the new
                // payloads.
                None if change.class == Class::Breaking => changes.push(Change { class: Class::Deviation, ..change }),
                None => {}
            }
        }
    }
    Ok(changes)
}

/// The differences between two versions, and the judge of each.
struct Differences<'d, 'w, 'j> {
    judge: Judge<'j>,
    comparison: &'d mut Comparison<'w>,
}

impl Differences<'_, '_, '_> {
    fn judge(mut self, event: &str, found: Vec<Found>) -> Vec<Change> {
        let root = self.judge.root();
        let moved = found.iter().any(|found| found.change.what == ChangeKind::EventMoved);
        let mut changes = Vec::new();
        for found in found {
            let mut change = found.change.clone();
            if change.class == Class::Cosmetic {
                changes.push(change);
                continue;
            }
            let verdict = match &root {
                Verdict::Compatible => Verdict::Compatible,
                _ if change.what == ChangeKind::EventMoved => root.clone(),
                _ => self.verdict(&found, moved),
            };
            (change.class, change.witness, change.reason) = match verdict {
                Verdict::Compatible if self.is_equivalent(&found) => (Class::Cosmetic, None, None),
                Verdict::Compatible => (Class::Compatible, None, None),
                Verdict::Breaking(witness) => (Class::Breaking, Some(witness), None),
                Verdict::Unproven(reason) => (Class::Unproven, None, Some(reason)),
            };
            changes.push(change);
        }
        if root != Verdict::Compatible && changes.iter().all(|change| change.class < Class::Unproven) {
            changes.push(self.unexplained(event, root));
        }
        changes
    }

    /// Returns a change for the event as a whole, used when no single difference is known to be breaking.
    fn unexplained(&self, event: &str, root: Verdict) -> Change {
        let change = Change::of(event, ChangeKind::RuleChanged, Class::Unproven);
        match root {
            Verdict::Breaking(witness) => {
                let (place, old) = self.judge.violation(&witness).unzip();
                // A violation without a location concerns the whole payload.
                Change {
                    place: place.unwrap_or_default(),
                    old,
                    witness: Some(witness),
                    class: Class::Breaking,
                    ..change
                }
            }
            Verdict::Unproven(reason) => Change { reason: Some(reason), ..change },
            Verdict::Compatible => change,
        }
    }

    /// Returns whether some payload of the new version is rejected because of a difference.
    fn verdict(&mut self, found: &Found, moved: bool) -> Verdict {
        let Some((place, broken)) = self.broken(found) else { return Verdict::Compatible };
        let violated = Literal::new(broken, false);
        let like = broken;
        let names: Vec<String> = steps(&place).collect();
        let mut above = vec![String::new()];
        for name in &names {
            let parent = above.last().cloned().unwrap_or_default();
            above.push(crate::json::step(&parent, name));
        }
        let mut at = self.node(like, Keywords { not: vec![violated.node], ..Keywords::default() });
        for (name, parent) in names.iter().zip(&above).rev() {
            at = self.containing(like, name, parent, at);
        }
        let mut literals = vec![self.judge.new_root, Literal::new(at, true)];
        // The old root rejects every payload that moved into another object, so it says nothing about this difference.
        literals.extend((!moved).then_some(self.judge.old_root));
        self.judge.verdict(&literals)
    }

    fn node(&mut self, like: NodeId, keywords: Keywords) -> NodeId {
        self.judge.prover.derive(like, keywords)
    }

    /// Returns a schema for values in which the member or item `name` satisfies the schema `inner`.
    fn containing(&mut self, like: NodeId, name: &str, parent: &str, inner: NodeId) -> NodeId {
        let any = self.node(like, Keywords::default());
        let named = self.comparison.places.get(parent).is_some_and(|(old, new)| {
            let (old, new) = (*old, *new);
            let has = |keywords: &Keywords| keywords.property(name).is_some();
            self.comparison.old.branches_any(old, has) || self.comparison.new.branches_any(new, has)
        });
        let index = name.parse::<usize>().ok().filter(|_| !named);
        let object = match name {
            "*" => {
                let refused = self.node(like, Keywords { not: vec![inner], ..Keywords::default() });
                let none = Keywords { additional_properties: Some(refused), ..Keywords::default() };
                let none = self.node(like, none);
                Keywords { types: Some(Types::OBJECT), not: vec![none], ..Keywords::default() }
            }
            name => Keywords {
                types: Some(Types::OBJECT),
                required: vec![name.to_owned()],
                properties: vec![(name.to_owned(), inner)],
                ..Keywords::default()
            },
        };
        let array = match index {
            Some(index) => Keywords {
                types: Some(Types::ARRAY),
                min_items: Some(index as u64 + 1),
                prefix_items: std::iter::repeat_n(any, index).chain([inner]).collect(),
                ..Keywords::default()
            },
            None => Keywords {
                types: Some(Types::ARRAY),
                contains: vec![Contains { schema: inner, min: None, max: None }],
                ..Keywords::default()
            },
        };
        let object = self.node(like, object);
        if name != "*" && index.is_none() {
            return object;
        }
        let array = self.node(like, array);
        self.node(like, Keywords { any_of: vec![vec![object, array]], ..Keywords::default() })
    }

    /// Returns the assertion of the old version that a change may violate, as a location and a schema for it. Returns
    /// `None` if a change of this kind violates nothing.
    fn broken(&mut self, found: &Found) -> Option<(String, NodeId)> {
        let Change { place, what, .. } = &found.change;
        let about_member = what.loses_member() || matches!(what, ChangeKind::RequiredRemoved | ChangeKind::MemberAdded);
        let (parent, name) = place.rsplit_once('/').unwrap_or(("", ""));
        let name = crate::json::unescape(name);
        let mut at = if about_member { parent.to_owned() } else { place.clone() };
        // Inside a union or among undeclared items there is no pair of schemas, so the nearest enclosing schema is
        // judged.
        let node = loop {
            if let Some((old, _)) = self.comparison.places.get(&at) {
                break *old;
            }
            at = at.rsplit_once('/')?.0.to_owned();
        };
        let normalized = self.comparison.old.normalized(node);
        let own = self.judge.prover.keywords(normalized);
        let only = match what {
            // The new version accepts fewer values.
            ChangeKind::RequiredAdded
            | ChangeKind::NullRemoved
            | ChangeKind::TypeNarrowed
            | ChangeKind::ValuesRemoved
            | ChangeKind::RuleTightened => return None,
            what if (what.loses_member() || *what == ChangeKind::RequiredRemoved) && own.required.contains(&name) => {
                Keywords { required: vec![name], ..Keywords::default() }
            }
            what if what.loses_member() => match own.property(&name) {
                Some(member) => Keywords { properties: vec![(name, member)], ..Keywords::default() },
                None if found.change.class == Class::Breaking => Keywords::default(),
                None => return None,
            },
            ChangeKind::MemberAdded => match own.additional_properties {
                Some(rest) if !self.judge.prover.keywords(rest).is_false => return None,
                Some(rest) if own.pattern_properties.is_empty() => {
                    Keywords { properties: vec![(name, rest)], ..Keywords::default() }
                }
                _ if found.change.class == Class::Breaking => Keywords::default(),
                _ => return None,
            },
            ChangeKind::TypeWidened | ChangeKind::TypeChanged | ChangeKind::NullAdded => {
                let types = Some(self.comparison.old.types(node));
                Keywords { types, ..Keywords::default() }
            }
            ChangeKind::ValuesAdded | ChangeKind::ConstantChanged => Keywords {
                const_value: own.const_value.clone(),
                enum_values: own.enum_values.clone(),
                ..Keywords::default()
            },
            ChangeKind::RuleLoosened | ChangeKind::RuleChanged => {
                found.keyword.map_or_else(Keywords::default, |keyword| own.only(keyword))
            }
            _ => Keywords::default(),
        };
        let broken = match only.is_empty() {
            // No single keyword is responsible, so the whole schema is judged.
            true => node,
            false => self.node(normalized, only),
        };
        Some((at, broken))
    }

    /// Returns whether both versions accept the same values at the location of a change.
    fn is_equivalent(&mut self, found: &Found) -> bool {
        let change = &found.change;
        // An open enum accepts every other value too, but a newly named value is still a difference.
        if found.keyword == Some(OPEN_VALUES) {
            return false;
        }
        let is_rule = match change.what {
            ChangeKind::MemberAdded | ChangeKind::RequiredAdded | ChangeKind::RequiredRemoved => false,
            ChangeKind::EventMoved => false,
            what => !what.loses_member(),
        };
        let places = self.comparison.places.get(&change.place).copied();
        let Some((old, new)) = places.filter(|_| is_rule) else { return false };
        let new = self.judge.prover.newer(new);
        let contains = |judge: &mut Judge<'_>, inner: NodeId, outer: NodeId| {
            judge.is_empty(&[Literal::new(inner, true), Literal::new(outer, false)])
        };
        contains(&mut self.judge, new, old) && contains(&mut self.judge, old, new)
    }
}

impl Keywords {
    /// Returns the keywords with only `keyword` set, or empty keywords if the schema does not have it.
    fn only(&self, keyword: &str) -> Keywords {
        let none = Keywords::default();
        let own = self.clone();
        match keyword {
            "maximum" => Keywords { maximum: own.maximum, ..none },
            "exclusiveMaximum" => Keywords { exclusive_maximum: own.exclusive_maximum, ..none },
            "minimum" => Keywords { minimum: own.minimum, ..none },
            "exclusiveMinimum" => Keywords { exclusive_minimum: own.exclusive_minimum, ..none },
            "multipleOf" => Keywords { multiple_of: own.multiple_of, ..none },
            "maxLength" => Keywords { max_length: own.max_length, ..none },
            "minLength" => Keywords { min_length: own.min_length, ..none },
            "pattern" => Keywords { patterns: own.patterns, ..none },
            "maxItems" => Keywords { max_items: own.max_items, ..none },
            "minItems" => Keywords { min_items: own.min_items, ..none },
            "uniqueItems" => Keywords { unique_items: own.unique_items, ..none },
            "contains" | "minContains" | "maxContains" => Keywords { contains: own.contains, ..none },
            "maxProperties" => Keywords { max_properties: own.max_properties, ..none },
            "minProperties" => Keywords { min_properties: own.min_properties, ..none },
            "dependentRequired" => Keywords { dependent_required: own.dependent_required, ..none },
            "dependentSchemas" => Keywords { dependent_schemas: own.dependent_schemas, ..none },
            "propertyNames" => Keywords { property_names: own.property_names, ..none },
            "patternProperties" => Keywords { pattern_properties: own.pattern_properties, ..none },
            "not" => Keywords { not: own.not, ..none },
            "if" => Keywords { if_then_else: own.if_then_else, ..none },
            // The meaning of the other keywords depends on adjacent keywords.
            _ => none,
        }
    }
}
