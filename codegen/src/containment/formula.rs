//! Translates the assertions of a schema about instances of one JSON type into a formula of atoms.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;
use webhook_runtime::__private::schema::Types;

use super::number::Decimal;
use super::{Literal, Prover, same_value};
use crate::json::{Json, JsonType, ValueList};
use crate::model::{Contains, IfThenElse, Keywords, NodeId, types_of};

/// The maximum number of combinations of branches that are distinguished to find what `unevaluatedProperties` and
/// `unevaluatedItems` apply to.
const CASES: usize = 64;

/// The maximum number of conditions in a formula. Formulas grow exponentially where each schema of a chain refers to
/// the next one more than once.
const LENGTH: usize = 4096;

/// A condition on an instance of one JSON type. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) enum Formula {
    True,
    False,
    Atom(Rc<Atom>),
    All(Rc<Vec<Formula>>),
    Any(Rc<Vec<Formula>>),
    /// A formula and its negation. Both are stored if negating the formula part by part would make it much longer.
    Either(Rc<Formula>, Rc<Formula>),
}

/// A condition that is not taken apart further.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Atom {
    /// The instance is one of these values.
    In(Rc<ValueList>),
    NotIn(Rc<ValueList>),
    /// A schema that is not analyzed, the keyword that is the reason, and whether the schema is satisfied.
    Opaque(NodeId, &'static str, bool),
    Integer(bool),
    Least(Decimal, Exclusive),
    Most(Decimal, Exclusive),
    Multiple(Decimal, bool),
    /// The length of the string, or the number of items or members, is at least this.
    MinSize(u64),
    /// The length of the string, or the number of items or members, is at most this.
    MaxSize(u64),
    Pattern(Rc<str>, bool),
    /// A hint that a random string should have this format. The atom constrains nothing.
    Format(Rc<str>),
    Unique(bool),
    /// At least this many items at these positions satisfy the literal.
    AtLeast(Positions, u64, Literal),
    /// At most this many items at these positions satisfy the literal.
    AtMost(Positions, u64, Literal),
    /// Every member whose name passes the filter satisfies the literal. Without a literal, no such member exists.
    Each(Rc<Filter>, Option<Literal>),
    /// Some member whose name passes the filter satisfies the literal, if there is one.
    Some(Rc<Filter>, Option<Literal>),
}

/// Whether a bound excludes its own value.
pub(super) type Exclusive = bool;

/// A set of positions in an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Positions {
    At(usize),
    From(usize),
}

impl Positions {
    pub(super) fn covers(self, index: usize) -> bool {
        match self {
            Positions::At(at) => at == index,
            Positions::From(first) => index >= first,
        }
    }

    /// Returns the length of the prefix after which all positions are treated alike.
    pub(super) fn prefix(self) -> usize {
        match self {
            Positions::At(at) => at + 1,
            Positions::From(first) => first,
        }
    }
}

/// A condition on the name of a member.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filter {
    /// The only name that passes.
    pub(super) only: Option<String>,
    /// Names that do not pass.
    pub(super) except: Rc<BTreeSet<String>>,
    /// Expressions, and whether the name must match each of them.
    pub(super) matches: Vec<(Rc<str>, bool)>,
    /// A literal that the name itself must satisfy.
    pub(super) name: Option<Literal>,
    /// Whether `properties` declares the member.
    pub(super) declared: bool,
}

impl Filter {
    pub(super) fn only(name: &str) -> Rc<Filter> {
        Rc::new(Filter { only: Some(name.to_owned()), ..Filter::default() })
    }
}

/// The parts of a formula, without duplicates. Only shared parts are recognized, by their addresses: comparing formulas
/// part by part would take as long as solving them.
#[derive(Default)]
struct Parts {
    list: Vec<Formula>,
    seen: HashSet<usize>,
}

impl Parts {
    fn add(&mut self, part: Formula) {
        if part.address().is_none_or(|address| self.seen.insert(address)) {
            self.list.push(part);
        }
    }
}

impl Formula {
    pub(super) fn atom(atom: Atom) -> Formula {
        Formula::Atom(Rc::new(atom))
    }

    pub(super) fn all(parts: Vec<Formula>) -> Formula {
        Formula::joined(parts, true)
    }

    pub(super) fn any(parts: Vec<Formula>) -> Formula {
        Formula::joined(parts, false)
    }

    /// Returns the conjunction (`all`) or the disjunction of some formulas.
    fn joined(parts: Vec<Formula>, all: bool) -> Formula {
        let mut kept = Parts::default();
        for part in parts {
            match part {
                Formula::True | Formula::False if matches!(part, Formula::True) == all => {}
                Formula::True | Formula::False => return part,
                Formula::All(inner) if all => inner.iter().for_each(|part| kept.add(part.clone())),
                Formula::Any(inner) if !all => inner.iter().for_each(|part| kept.add(part.clone())),
                part => kept.add(part),
            }
        }
        let mut kept = kept.list;
        match kept.len() {
            0 if all => Formula::True,
            0 => Formula::False,
            1 => kept.remove(0),
            _ if all => Formula::All(Rc::new(kept)),
            _ => Formula::Any(Rc::new(kept)),
        }
    }

    pub(super) fn negate(&self) -> Formula {
        match self {
            Formula::True => Formula::False,
            Formula::False => Formula::True,
            Formula::Atom(atom) => atom.negate(),
            Formula::All(parts) => Formula::any(parts.iter().map(Formula::negate).collect()),
            Formula::Any(parts) => Formula::all(parts.iter().map(Formula::negate).collect()),
            Formula::Either(yes, no) => Formula::either((**no).clone(), (**yes).clone()),
        }
    }

    /// Returns whether the formula has more than [`LENGTH`] conditions. A shared part counts each time it is reached.
    fn is_too_long(&self) -> bool {
        let mut open = vec![self];
        let mut count = 0;
        while let Some(formula) = open.pop() {
            count += 1;
            if count > LENGTH {
                return true;
            }
            match formula {
                Formula::True | Formula::False | Formula::Atom(_) => {}
                Formula::All(parts) | Formula::Any(parts) => open.extend(parts.iter()),
                Formula::Either(yes, no) => open.extend([&**yes, &**no]),
            }
        }
        false
    }

    /// Returns the address of a shared formula. Formulas with the same address are equal.
    fn address(&self) -> Option<usize> {
        match self {
            Formula::True | Formula::False => None,
            Formula::Atom(atom) => Some(Rc::as_ptr(atom) as usize),
            Formula::All(parts) | Formula::Any(parts) => Some(Rc::as_ptr(parts) as usize),
            Formula::Either(yes, _) => Some(Rc::as_ptr(yes) as usize),
        }
    }

    fn either(yes: Formula, no: Formula) -> Formula {
        match (&yes, &no) {
            (Formula::True | Formula::False, _) => yes,
            (_, Formula::True) => Formula::False,
            (_, Formula::False) => Formula::True,
            _ => Formula::Either(Rc::new(yes), Rc::new(no)),
        }
    }
}

impl Atom {
    /// Returns the name of the only member that the atom is about.
    pub(super) fn only(&self) -> Option<&str> {
        match self {
            Atom::Each(filter, _) | Atom::Some(filter, _) => filter.only.as_deref(),
            _ => None,
        }
    }

    pub(super) fn negate(&self) -> Formula {
        Formula::atom(match self {
            Atom::In(values) => Atom::NotIn(Rc::clone(values)),
            Atom::NotIn(values) => Atom::In(Rc::clone(values)),
            Atom::Opaque(id, why, positive) => Atom::Opaque(*id, why, !positive),
            Atom::Integer(is) => Atom::Integer(!is),
            Atom::Least(bound, exclusive) => Atom::Most(bound.clone(), !exclusive),
            Atom::Most(bound, exclusive) => Atom::Least(bound.clone(), !exclusive),
            Atom::Multiple(of, is) => Atom::Multiple(of.clone(), !is),
            Atom::MinSize(count) => match count.checked_sub(1) {
                Some(most) => Atom::MaxSize(most),
                None => return Formula::False,
            },
            Atom::MaxSize(count) => Atom::MinSize(count.saturating_add(1)),
            Atom::Pattern(source, is) => Atom::Pattern(Rc::clone(source), !is),
            // A format constrains nothing, so no value violates it.
            Atom::Format(_) => return Formula::False,
            Atom::Unique(is) => Atom::Unique(!is),
            Atom::AtLeast(at, count, literal) => match count.checked_sub(1) {
                Some(most) => Atom::AtMost(*at, most, *literal),
                None => return Formula::False,
            },
            Atom::AtMost(at, count, literal) => Atom::AtLeast(*at, count.saturating_add(1), *literal),
            Atom::Each(filter, literal) => Atom::Some(Rc::clone(filter), literal.map(Literal::negate)),
            Atom::Some(filter, literal) => Atom::Each(Rc::clone(filter), literal.map(Literal::negate)),
        })
    }
}

/// Decides a conjunction (`decisive` is false) or a disjunction (`decisive` is true). Returns `None` if the known parts
/// do not decide it.
pub(super) fn combined(decisive: bool, parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut found = Some(!decisive);
    for part in parts {
        match part {
            Some(answer) if answer == decisive => return Some(decisive),
            Some(_) => {}
            None => found = None,
        }
    }
    found
}

/// The members or items that keywords of a schema evaluate.
#[derive(Clone, Debug, Default)]
struct Evaluated {
    all: bool,
    names: BTreeSet<String>,
    patterns: BTreeSet<String>,
    prefix: usize,
    contains: Vec<NodeId>,
}

impl Evaluated {
    fn is_nothing(&self) -> bool {
        !self.all && self.names.is_empty() && self.patterns.is_empty() && self.prefix == 0 && self.contains.is_empty()
    }

    fn and(&self, other: &Evaluated) -> Evaluated {
        Evaluated {
            all: self.all || other.all,
            names: self.names.union(&other.names).cloned().collect(),
            patterns: self.patterns.union(&other.patterns).cloned().collect(),
            prefix: self.prefix.max(other.prefix),
            contains: self.contains.iter().chain(&other.contains).copied().collect(),
        }
    }
}

/// A combination of branches, and the members and items that the branches evaluate if they all hold.
type Case = (Vec<Formula>, Evaluated);

impl Prover {
    /// Returns the formula of a literal for instances of a type.
    pub(super) fn formula(&mut self, literal: Literal, of: JsonType) -> Formula {
        if let Some(known) = self.formulas.get(&(literal, of)) {
            return known.clone();
        }
        // The negation is derived from the assertion, so that both share their parts.
        let formula = match literal.positive {
            true => self.asserted(literal.node, of),
            false => self.formula(literal.negate(), of).negate(),
        };
        // An opaque atom constrains nothing, so every proof stays valid.
        let formula = match formula.is_too_long() {
            true => Formula::atom(Atom::Opaque(literal.node, "too many alternatives", literal.positive)),
            false => formula,
        };
        self.formulas.insert((literal, of), formula.clone());
        formula
    }

    fn asserted(&mut self, id: NodeId, of: JsonType) -> Formula {
        let keywords = Rc::clone(&self.nodes[id.0]);
        if keywords.is_false {
            return Formula::False;
        }
        let mut parts = Vec::new();
        parts.extend(keywords.types.map(|types| typed(types, of)));
        for values in keywords.const_value.iter().map(std::slice::from_ref).chain(keywords.enum_values.as_deref()) {
            let values: Vec<Value> = values.iter().filter(|value| value.kind() == of).map(Json::to_value).collect();
            parts.push(match values.is_empty() {
                true => Formula::False,
                false => Formula::atom(Atom::In(Rc::new(ValueList::new(values)))),
            });
        }
        if parts.iter().any(|part| matches!(part, Formula::False)) {
            return Formula::False;
        }
        let (least, most) = match of {
            JsonType::String => (keywords.min_length, keywords.max_length),
            JsonType::Array => (keywords.min_items, keywords.max_items),
            JsonType::Object => (keywords.min_properties, keywords.max_properties),
            JsonType::Null | JsonType::Boolean | JsonType::Number => (None, None),
        };
        parts.extend(least.filter(|count| *count > 0).map(|count| Formula::atom(Atom::MinSize(count))));
        parts.extend(most.map(|count| Formula::atom(Atom::MaxSize(count))));
        match of {
            JsonType::Number => numbers(&keywords, &mut parts),
            JsonType::String => {
                let format = self.formats.get(&id);
                parts.extend(format.map(|format| Formula::atom(Atom::Format(format.as_str().into()))));
                let patterns = keywords.patterns.iter();
                parts.extend(patterns.map(|source| Formula::atom(Atom::Pattern(source.as_str().into(), true))));
            }
            JsonType::Array => arrays(&keywords, &mut parts),
            JsonType::Object => self.objects(id, &keywords, of, &mut parts),
            JsonType::Null | JsonType::Boolean => {}
        }
        self.in_place(id, &keywords, of, &mut parts);
        self.unevaluated(id, &keywords, of, &mut parts);
        Formula::all(parts)
    }

    fn holds(&mut self, id: NodeId, of: JsonType) -> Formula {
        self.formula(Literal::new(id, true), of)
    }

    fn fails(&mut self, id: NodeId, of: JsonType) -> Formula {
        self.formula(Literal::new(id, false), of)
    }

    fn in_place(&mut self, id: NodeId, keywords: &Keywords, of: JsonType, parts: &mut Vec<Formula>) {
        parts.extend(keywords.reference.iter().chain(&keywords.all_of).map(|target| self.holds(*target, of)));
        if let Some((_, fallback)) = &keywords.dynamic {
            match self.dynamic_target(id) {
                Some(target) => parts.push(self.holds(target, of)),
                None => parts.push(Formula::atom(Atom::Opaque(*fallback, "$dynamicRef", true))),
            }
        }
        for branches in &keywords.any_of {
            let branches = branches.iter().map(|branch| self.holds(*branch, of)).collect();
            parts.push(Formula::any(branches));
        }
        parts.extend(keywords.one_of.iter().map(|branches| self.exactly_one(branches, of)));
        parts.extend(keywords.not.iter().map(|branch| self.fails(*branch, of)));
        for IfThenElse { condition, then, otherwise } in &keywords.if_then_else {
            let (holds, fails) = (self.holds(*condition, of), self.fails(*condition, of));
            let mut branch = |id: &Option<NodeId>| id.map_or(Formula::True, |id| self.holds(id, of));
            let (then, otherwise) = (branch(then), branch(otherwise));
            let (not_then, not_otherwise) = (then.negate(), otherwise.negate());
            parts.push(Formula::either(
                Formula::any(vec![
                    Formula::all(vec![holds.clone(), then]),
                    Formula::all(vec![fails.clone(), otherwise]),
                ]),
                Formula::any(vec![Formula::all(vec![holds, not_then]), Formula::all(vec![fails, not_otherwise])]),
            ));
        }
    }

    fn exactly_one(&mut self, branches: &[NodeId], of: JsonType) -> Formula {
        let holds: Vec<Formula> = branches.iter().map(|branch| self.holds(*branch, of)).collect();
        let fails: Vec<Formula> = branches.iter().map(|branch| self.fails(*branch, of)).collect();
        // Branches for other types are never fulfilled. Leaving them out saves most of the pairs below.
        let possible: Vec<usize> = (0..holds.len()).filter(|at| !matches!(holds[*at], Formula::False)).collect();
        let one = possible.iter().map(|at| {
            let others = possible.iter().filter(|other| *other != at).map(|other| fails[*other].clone());
            Formula::all(std::iter::once(holds[*at].clone()).chain(others).collect())
        });
        let none = Formula::all(possible.iter().map(|at| fails[*at].clone()).collect());
        let two = possible.iter().enumerate().flat_map(|(index, at)| {
            let both = |other: &usize| Formula::all(vec![holds[*at].clone(), holds[*other].clone()]);
            possible[index + 1..].iter().map(both).collect::<Vec<_>>()
        });
        let not_one = std::iter::once(none).chain(two).collect();
        Formula::either(Formula::any(one.collect()), Formula::any(not_one))
    }

    fn objects(&mut self, id: NodeId, keywords: &Keywords, of: JsonType, parts: &mut Vec<Formula>) {
        let present = |name: &String| Formula::atom(Atom::Some(Filter::only(name), None));
        let absent = |name: &String| Formula::atom(Atom::Each(Filter::only(name), None));
        parts.extend(keywords.required.iter().map(present));
        for (name, needed) in &keywords.dependent_required {
            let needed = Formula::all(needed.iter().map(present).collect());
            parts.push(Formula::any(vec![absent(name), needed]));
        }
        let positive = |id: NodeId| Some(Literal::new(id, true));
        let declared = !self.conditions.contains(&id);
        for (name, id) in &keywords.properties {
            let filter = Filter { only: Some(name.clone()), declared, ..Filter::default() };
            parts.push(Formula::atom(Atom::Each(Rc::new(filter), positive(*id))));
        }
        for (source, id) in &keywords.pattern_properties {
            let filter = Filter { matches: vec![(source.as_str().into(), true)], ..Filter::default() };
            parts.push(Formula::atom(Atom::Each(Rc::new(filter), positive(*id))));
        }
        // The schema `true` constrains nothing, so it needs no filter.
        if let Some(id) = keywords.additional_properties.filter(|id| !self.nodes[id.0].is_empty()) {
            let names = keywords.properties.iter().map(|(name, _)| name.clone()).collect();
            let patterns = keywords.pattern_properties.iter().map(|(source, _)| source.clone());
            parts.push(Formula::atom(Atom::Each(other_members(names, patterns), positive(id))));
        }
        // No member has a name that violates the schema.
        for id in &keywords.property_names {
            let filter = Filter { name: Some(Literal::new(*id, false)), ..Filter::default() };
            parts.push(Formula::atom(Atom::Each(Rc::new(filter), None)));
        }
        for (name, id) in &keywords.dependent_schemas {
            let (holds, fails) = (self.holds(*id, of), self.fails(*id, of));
            parts.push(Formula::either(
                Formula::any(vec![absent(name), holds]),
                Formula::all(vec![present(name), fails]),
            ));
        }
    }

    fn unevaluated(&mut self, id: NodeId, keywords: &Keywords, of: JsonType, parts: &mut Vec<Formula>) {
        let (rest, why) = match of {
            JsonType::Array => (keywords.unevaluated_items, "unevaluatedItems"),
            JsonType::Object => (keywords.unevaluated_properties, "unevaluatedProperties"),
            _ => return,
        };
        let Some(rest) = rest.filter(|rest| !self.nodes[rest.0].is_empty()) else { return };
        let Some(cases) = self.cases(id, of, true) else {
            parts.push(Formula::atom(Atom::Opaque(id, why, true)));
            return;
        };
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (facts, evaluated) in cases {
            let applied = match of {
                _ if evaluated.all => Formula::True,
                JsonType::Object => {
                    let filter = other_members(evaluated.names, evaluated.patterns.into_iter());
                    Formula::atom(Atom::Each(filter, Some(Literal::new(rest, true))))
                }
                _ => {
                    // Items that match `contains` are evaluated, so the schema of unevaluated items does not apply to
                    // them.
                    let item = match evaluated.contains.is_empty() {
                        true => rest,
                        false => {
                            let branches = evaluated.contains.into_iter().chain([rest]).collect();
                            self.derive(id, Keywords { any_of: vec![branches], ..Keywords::default() })
                        }
                    };
                    Formula::atom(Atom::AtMost(Positions::From(evaluated.prefix), 0, Literal::new(item, false)))
                }
            };
            let with = |last: Formula| Formula::all(facts.iter().cloned().chain([last]).collect());
            no.push(with(applied.negate()));
            yes.push(with(applied));
        }
        parts.push(Formula::either(Formula::any(yes), Formula::any(no)));
    }

    /// Returns the cases that decide what a schema evaluates, or `None` if there are too many. The cases exclude each
    /// other, and one of them holds for every instance that the schema accepts.
    fn cases(&mut self, id: NodeId, of: JsonType, own: bool) -> Option<Vec<Case>> {
        let keywords = Rc::clone(&self.nodes[id.0]);
        let mut evaluated = Evaluated::default();
        match of {
            JsonType::Object => {
                // In a subschema, `unevaluatedProperties` evaluates everything that was left.
                evaluated.all =
                    keywords.additional_properties.is_some() || !own && keywords.unevaluated_properties.is_some();
                evaluated.names.extend(keywords.properties.iter().map(|(name, _)| name.clone()));
                evaluated.patterns.extend(keywords.pattern_properties.iter().map(|(source, _)| source.clone()));
            }
            _ => {
                evaluated.all = keywords.items.is_some() || !own && keywords.unevaluated_items.is_some();
                evaluated.prefix = keywords.prefix_items.len();
                if self.contains_evaluates(id) {
                    evaluated.contains.extend(keywords.contains.iter().map(|contains| contains.schema));
                }
            }
        }
        let mut cases = vec![(Vec::new(), evaluated)];
        let dynamic = if keywords.dynamic.is_some() { Some(self.dynamic_target(id)?) } else { None };
        for target in keywords.reference.iter().chain(&keywords.all_of).chain(&dynamic) {
            cases = product(&cases, &self.cases(*target, of, false)?)?;
        }
        for branch in keywords.any_of.iter().chain(&keywords.one_of).flatten() {
            cases = product(&cases, &self.conditional(*branch, of)?)?;
        }
        for IfThenElse { condition, then, otherwise } in &keywords.if_then_else {
            let mut inner = Vec::new();
            for (branch, holds) in [(then, true), (otherwise, false)] {
                // A condition that holds evaluates members, too. A condition that fails evaluates none.
                let mut side = match holds {
                    true => self.cases(*condition, of, false)?,
                    false => vec![(Vec::new(), Evaluated::default())],
                };
                let fact = self.formula(Literal::new(*condition, holds), of);
                side.iter_mut().for_each(|(facts, _)| facts.push(fact.clone()));
                if let Some(branch) = branch {
                    side = product(&side, &self.cases(*branch, of, false)?)?;
                }
                inner.extend(side);
            }
            if inner.iter().any(|(_, evaluated)| !evaluated.is_nothing()) {
                cases = product(&cases, &inner)?;
            }
        }
        for (name, branch) in keywords.dependent_schemas.iter().filter(|_| of == JsonType::Object) {
            let mut inner = self.cases(*branch, of, false)?;
            if inner.iter().all(|(_, evaluated)| evaluated.is_nothing()) {
                continue;
            }
            let filter = Filter::only(name);
            let present = Formula::atom(Atom::Some(Rc::clone(&filter), None));
            inner.iter_mut().for_each(|(facts, _)| facts.push(present.clone()));
            inner.push((vec![Formula::atom(Atom::Each(filter, None))], Evaluated::default()));
            cases = product(&cases, &inner)?;
        }
        Some(cases)
    }

    /// Returns the cases of a branch that need not hold.
    fn conditional(&mut self, branch: NodeId, of: JsonType) -> Option<Vec<Case>> {
        // A branch that evaluates nothing has one case. Otherwise, the cases would double with each branch.
        let nothing = || vec![(Vec::new(), Evaluated::default())];
        let (holds, fails) = (self.holds(branch, of), self.fails(branch, of));
        if matches!(holds, Formula::False) {
            return Some(nothing());
        }
        let mut inner = self.cases(branch, of, false)?;
        if inner.iter().all(|(_, evaluated)| evaluated.is_nothing()) {
            return Some(nothing());
        }
        inner.iter_mut().for_each(|(facts, _)| facts.push(holds.clone()));
        inner.push((vec![fails], Evaluated::default()));
        Some(inner)
    }
}

/// Returns all combinations of two lists of cases, or `None` if there are too many.
fn product(a: &[Case], b: &[Case]) -> Option<Vec<Case>> {
    if a.len() * b.len() > CASES {
        return None;
    }
    let both = |(facts, one): &Case| {
        let join = |(more, other): &Case| (facts.iter().chain(more).cloned().collect(), one.and(other));
        b.iter().map(join).collect::<Vec<Case>>()
    };
    Some(a.iter().flat_map(both).collect())
}

/// Returns a filter for members that have none of the names and match none of the expressions.
fn other_members(names: BTreeSet<String>, patterns: impl Iterator<Item = String>) -> Rc<Filter> {
    let matches = patterns.map(|source| (source.as_str().into(), false)).collect();
    Rc::new(Filter { except: Rc::new(names), matches, ..Filter::default() })
}

fn typed(types: Types, of: JsonType) -> Formula {
    if types.contains(types_of(of)) {
        Formula::True
    } else if of == JsonType::Number && types.contains(Types::INTEGER) {
        Formula::atom(Atom::Integer(true))
    } else {
        Formula::False
    }
}

fn numbers(keywords: &Keywords, parts: &mut Vec<Formula>) {
    let decimal = |text: &String| Decimal::parse(text);
    parts.extend(keywords.multiple_of.iter().map(|text| Formula::atom(Atom::Multiple(decimal(text), true))));
    let bounds = [(&keywords.minimum, false), (&keywords.exclusive_minimum, true)];
    for (bound, exclusive) in bounds {
        parts.extend(bound.iter().map(|text| Formula::atom(Atom::Least(decimal(text), exclusive))));
    }
    let bounds = [(&keywords.maximum, false), (&keywords.exclusive_maximum, true)];
    for (bound, exclusive) in bounds {
        parts.extend(bound.iter().map(|text| Formula::atom(Atom::Most(decimal(text), exclusive))));
    }
}

fn arrays(keywords: &Keywords, parts: &mut Vec<Formula>) {
    if keywords.unique_items {
        parts.push(Formula::atom(Atom::Unique(true)));
    }
    // Every item satisfies a schema if at most zero items violate it.
    let every = |at: Positions, id: NodeId| Formula::atom(Atom::AtMost(at, 0, Literal::new(id, false)));
    let prefix = keywords.prefix_items.iter().enumerate();
    parts.extend(prefix.map(|(index, id)| every(Positions::At(index), *id)));
    parts.extend(keywords.items.map(|id| every(Positions::From(keywords.prefix_items.len()), id)));
    for Contains { schema, min, max } in &keywords.contains {
        let (all, literal) = (Positions::From(0), Literal::new(*schema, true));
        let least = min.unwrap_or(1);
        parts.extend((least > 0).then(|| Formula::atom(Atom::AtLeast(all, least, literal))));
        parts.extend(max.map(|most| Formula::atom(Atom::AtMost(all, most, literal))));
    }
}

impl Prover {
    /// Returns whether a value satisfies a literal, or `None` if this is unknown.
    pub(crate) fn satisfies(&mut self, literal: Literal, value: &Value) -> Option<bool> {
        let formula = self.formula(literal, kind(value));
        if !matches!(value, Value::Array(_) | Value::Object(_)) {
            return self.evaluate(&formula, value);
        }
        // Two schemas that apply to one member are often equal. If both were evaluated, the work would double at each
        // level.
        let key = (self.classes[literal.node.0], literal.positive, std::ptr::from_ref(value) as usize);
        if let Some(known) = self.evaluated.get(&key) {
            return *known;
        }
        let is_outermost = self.evaluated.is_empty();
        self.evaluated.insert(key, None);
        let answer = self.evaluate(&formula, value);
        match is_outermost {
            // The next value may have the same address.
            true => self.evaluated = HashMap::new(),
            false => drop(self.evaluated.insert(key, answer)),
        }
        answer
    }

    pub(super) fn evaluate(&mut self, formula: &Formula, value: &Value) -> Option<bool> {
        match formula {
            Formula::True => Some(true),
            Formula::False => Some(false),
            Formula::Atom(atom) => self.evaluate_atom(atom, value),
            Formula::All(parts) => combined(false, parts.iter().map(|part| self.evaluate(part, value))),
            Formula::Any(parts) => combined(true, parts.iter().map(|part| self.evaluate(part, value))),
            Formula::Either(yes, no) => match self.evaluate(yes, value) {
                None => self.evaluate(no, value).map(|fails| !fails),
                known => known,
            },
        }
    }

    /// Returns whether a value satisfies an atom, or `None` if this is unknown.
    pub(super) fn evaluate_atom(&mut self, atom: &Atom, value: &Value) -> Option<bool> {
        Some(match (atom, value) {
            (Atom::In(values), _) => values.has(value),
            (Atom::NotIn(values), _) => !values.has(value),
            (Atom::Format(_), _) => true,
            (Atom::Opaque(..), _) => return None,
            (Atom::Integer(is), Value::Number(number)) => Decimal::of(number).is_integer() == *is,
            (Atom::Least(bound, exclusive), Value::Number(number)) => {
                let order = Decimal::of(number).compare(bound)?;
                if *exclusive { order.is_gt() } else { order.is_ge() }
            }
            (Atom::Most(bound, exclusive), Value::Number(number)) => {
                let order = Decimal::of(number).compare(bound)?;
                if *exclusive { order.is_lt() } else { order.is_le() }
            }
            (Atom::Multiple(of, is), Value::Number(number)) => Decimal::of(number).is_multiple_of(of)? == *is,
            (Atom::MinSize(count), _) => size(value)? >= *count,
            (Atom::MaxSize(count), _) => size(value)? <= *count,
            (Atom::Pattern(source, is), Value::String(text)) => self.matches(source, text)? == *is,
            (Atom::Unique(is), Value::Array(items)) => {
                let repeats = |(at, item): (usize, &Value)| items[..at].iter().any(|other| same_value(item, other));
                items.iter().enumerate().any(repeats) != *is
            }
            (Atom::AtLeast(at, count, literal), Value::Array(items)) => {
                let (sure, possible) = self.count(items, *at, *literal);
                return decided(sure >= *count, possible < *count);
            }
            (Atom::AtMost(at, count, literal), Value::Array(items)) => {
                let (sure, possible) = self.count(items, *at, *literal);
                return decided(possible <= *count, sure > *count);
            }
            (Atom::Each(filter, literal), Value::Object(members)) => {
                let holds = |(name, member): (&String, &Value)| match (self.passes(filter, name)?, literal) {
                    (false, _) => Some(true),
                    (true, Some(literal)) => self.satisfies(*literal, member),
                    (true, None) => Some(false),
                };
                return match &filter.only {
                    Some(name) => combined(false, members.get_key_value(name).map(holds)),
                    None => combined(false, members.iter().map(holds)),
                };
            }
            (Atom::Some(filter, literal), Value::Object(_)) => {
                let each = Atom::Each(Rc::clone(filter), literal.map(Literal::negate));
                return self.evaluate_atom(&each, value).map(|fails| !fails);
            }
            // The atom applies to another JSON type.
            _ => return None,
        })
    }

    /// Returns the number of items that certainly satisfy a literal, and the number of items that may satisfy it.
    pub(super) fn count(&mut self, items: &[Value], at: Positions, literal: Literal) -> (u64, u64) {
        let (mut sure, mut possible) = (0, 0);
        for (_, item) in items.iter().enumerate().filter(|(index, _)| at.covers(*index)) {
            let satisfied = self.satisfies(literal, item);
            sure += u64::from(satisfied == Some(true));
            possible += u64::from(satisfied != Some(false));
        }
        (sure, possible)
    }

    /// Returns whether a name passes a filter, or `None` if this is unknown.
    pub(super) fn passes(&mut self, filter: &Filter, name: &str) -> Option<bool> {
        if filter.only.as_ref().is_some_and(|only| only != name) || filter.except.contains(name) {
            return Some(false);
        }
        let matches = filter.matches.iter().map(|(source, is)| Some(self.matches(source, name)? == *is));
        let matches = combined(false, matches);
        let named = filter.name.map_or(Some(true), |literal| self.satisfies(literal, &Value::from(name)));
        combined(false, [matches, named])
    }
}

fn decided(holds: bool, fails: bool) -> Option<bool> {
    if holds || fails { Some(holds) } else { None }
}

/// Returns the length of a string, or the number of items or members.
fn size(value: &Value) -> Option<u64> {
    Some(match value {
        Value::String(text) => text.chars().count() as u64,
        Value::Array(items) => items.len() as u64,
        Value::Object(members) => members.len() as u64,
        Value::Null | Value::Bool(_) | Value::Number(_) => return None,
    })
}

/// Returns the JSON type of a value.
pub(super) fn kind(value: &Value) -> JsonType {
    match value {
        Value::Null => JsonType::Null,
        Value::Bool(_) => JsonType::Boolean,
        Value::Number(_) => JsonType::Number,
        Value::String(_) => JsonType::String,
        Value::Array(_) => JsonType::Array,
        Value::Object(_) => JsonType::Object,
    }
}
