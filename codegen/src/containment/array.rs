//! Solves the atoms of an array: chooses an item for each position, so that the array meets all limits on the numbers
//! of items.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::formula::{Atom, Positions};
use super::search::{add_distinct, reason};
use super::{Answer, Literal, Prover, same_value};
use crate::json::{Json, JsonType};
use crate::model::{Keywords, NodeId};

/// The maximum length of arrays whose items are chosen one by one.
const LONGEST: usize = 14;

/// The maximum number of different conditions on items whose combinations are enumerated.
const COUNTED: usize = 4;

/// The maximum number of values that are enumerated.
const VALUES: usize = 64;

/// The constraints on an array.
#[derive(Default)]
struct Constraints {
    least: u64,
    most: Option<u64>,
    unique: Option<bool>,
    contradicts: bool,
    /// Positions, and a literal that every item at these positions satisfies.
    every: Vec<(Positions, Literal)>,
    at_least: Vec<(Positions, u64, Literal)>,
    at_most: Vec<(Positions, u64, Literal)>,
    /// The different literals of `at_least` and `at_most`.
    counted: Vec<Literal>,
}

impl Constraints {
    fn of(atoms: &[Rc<Atom>]) -> Constraints {
        let mut found = Constraints::default();
        for atom in atoms {
            match &**atom {
                Atom::MinSize(count) => found.least = found.least.max(*count),
                Atom::MaxSize(count) => found.shorten(*count),
                Atom::Unique(is) => {
                    found.contradicts |= found.unique.is_some_and(|known| known != *is);
                    found.unique = Some(*is);
                }
                Atom::AtMost(at, 0, literal) => found.every.push((*at, literal.negate())),
                Atom::AtLeast(Positions::At(at), 1, literal) => {
                    found.every.push((Positions::At(*at), *literal));
                    found.least = found.least.max(*at as u64 + 1);
                }
                Atom::AtLeast(at, count, literal) if *count > 0 => found.at_least.push((*at, *count, *literal)),
                Atom::AtMost(at, count, literal) => found.at_most.push((*at, *count, *literal)),
                _ => {}
            }
        }
        for (_, _, literal) in found.at_least.iter().chain(&found.at_most) {
            if !found.counted.contains(literal) {
                found.counted.push(*literal);
            }
        }
        found
    }

    fn shorten(&mut self, count: u64) {
        self.most = Some(self.most.map_or(count, |known| known.min(count)));
    }

    fn is_empty(&self) -> bool {
        self.contradicts || self.most.is_some_and(|most| most < self.least)
    }

    fn prefix(&self) -> usize {
        let counted = self.at_least.iter().chain(&self.at_most).map(|(at, ..)| at);
        self.every.iter().map(|(at, _)| at).chain(counted).map(|at| at.prefix()).max().unwrap_or(0)
    }

    fn at(&self, index: usize) -> Vec<Literal> {
        self.every.iter().filter(|(at, _)| at.covers(index)).map(|(_, literal)| *literal).collect()
    }
}

/// A possible item of a position: the truth values of the counted literals, and its value if it is known.
#[derive(Clone, Debug)]
struct Choice {
    truths: Vec<bool>,
    value: Option<Value>,
}

impl Prover {
    /// Finds an array that satisfies all atoms.
    pub(super) fn array(&mut self, atoms: &[Rc<Atom>]) -> Answer {
        let mut constraints = Constraints::of(atoms);
        if constraints.is_empty() {
            return Answer::Empty;
        }
        let prefix = constraints.prefix();
        if prefix > 2 * LONGEST {
            return Answer::unknown("prefixItems");
        }
        if constraints.counted.len() > COUNTED {
            return Answer::unknown("contains");
        }
        // All positions after the prefix have the same constraints, so one of them represents the others.
        let mut reasons = BTreeSet::new();
        let mut choices = Vec::new();
        for index in 0..=prefix {
            let found = self.choices(&constraints.at(index), &constraints.counted, &mut reasons);
            // No item fits here, so every array ends before this position.
            if found.is_empty() {
                constraints.shorten(index as u64);
                break;
            }
            choices.push(found);
        }
        if constraints.is_empty() {
            return Answer::Empty;
        }
        if constraints.unique == Some(false) {
            return self.repeated(&constraints, atoms, reasons);
        }
        if constraints.unique == Some(true) && prefix == 0 && !choices.is_empty() {
            // There may be only a few different items, which limits the length.
            let demanded: u64 = constraints.at_least.iter().map(|(_, count, _)| *count).sum();
            if let Some(count) = self.different(&constraints.at(0), constraints.least.max(demanded)) {
                constraints.shorten(count);
            }
            if constraints.is_empty() {
                return Answer::Empty;
            }
        }
        let demanded: u64 = constraints.at_least.iter().map(|(_, count, _)| *count).sum();
        // A longer array has an item after the prefix that no limit asks for. Without this item, the array also fits.
        // So it is enough to search up to this length.
        let longest = constraints.least.max(prefix as u64).saturating_add(demanded);
        let longest = constraints.most.map_or(longest, |most| longest.min(most));
        if longest > LONGEST as u64 && (!constraints.counted.is_empty() || constraints.least > 200) {
            let unfit = self.too_many(&constraints, &choices);
            return if unfit { Answer::Empty } else { Answer::unknown("contains") };
        }
        let mut lengths: Vec<u64> = (constraints.least..=longest.max(constraints.least)).collect();
        if let Some(random) = &self.random {
            let most = constraints.most.unwrap_or(constraints.least + 3).min(constraints.least + 3);
            if choices.len() > prefix {
                lengths.insert(0, random.borrow_mut().u64(constraints.least..=most.max(constraints.least)));
            }
        }
        for length in lengths {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let mut chosen = Vec::new();
            if self.choose(&constraints, &choices, length, &mut chosen) {
                return self.build(&constraints, atoms, &chosen, reasons);
            }
        }
        Answer::Empty
    }

    /// Returns the possible items of a position, one for each combination of truth values of the counted literals.
    fn choices(&mut self, own: &[Literal], counted: &[Literal], reasons: &mut BTreeSet<&'static str>) -> Vec<Choice> {
        let mut found = Vec::new();
        for bits in 0..1_usize << counted.len() {
            let truths: Vec<bool> = (0..counted.len()).map(|at| bits >> at & 1 == 1).collect();
            let more = counted.iter().zip(&truths).map(|(literal, is)| if *is { *literal } else { literal.negate() });
            let all: Vec<Literal> = own.iter().copied().chain(more).collect();
            match self.solve(&all) {
                Answer::Empty => {}
                Answer::Found(value) => found.push(Choice { truths, value: Some(value) }),
                Answer::Unknown(more) => {
                    reasons.extend(more);
                    found.push(Choice { truths, value: None });
                }
            }
        }
        // Try choices with a known value first.
        found.sort_by_key(|choice| choice.value.is_none());
        found
    }

    /// Chooses an item for each position of an array of the given length, so that the array meets all limits on the
    /// numbers of its items. Backtracks.
    fn choose(
        &self,
        constraints: &Constraints,
        choices: &[Vec<Choice>],
        length: usize,
        chosen: &mut Vec<Choice>,
    ) -> bool {
        let index = chosen.len();
        let count = |at: &Positions, literal: &Literal| {
            let which = constraints.counted.iter().position(|known| known == literal);
            let holds =
                |(index, choice): (usize, &Choice)| at.covers(index) && which.is_some_and(|at| choice.truths[at]);
            chosen.iter().enumerate().filter(|(index, choice)| holds((*index, choice))).count() as u64
        };
        if constraints.at_most.iter().any(|(at, most, literal)| count(at, literal) > *most) {
            return false;
        }
        let left = (length - index) as u64;
        if constraints.at_least.iter().any(|(at, least, literal)| count(at, literal) + left < *least) {
            return false;
        }
        if index == length {
            return true;
        }
        let Some(options) = choices.get(index).or(choices.last().filter(|_| choices.len() > constraints.prefix()))
        else {
            return false;
        };
        for option in options {
            chosen.push(option.clone());
            if self.choose(constraints, choices, length, chosen) {
                return true;
            }
            chosen.pop();
            // Without counted literals, all options are alike, so another one fails as well.
            if constraints.counted.is_empty() {
                return false;
            }
        }
        false
    }

    /// Builds the array from the chosen items, and replaces duplicates if items must be unique.
    fn build(
        &mut self,
        constraints: &Constraints,
        atoms: &[Rc<Atom>],
        chosen: &[Choice],
        mut reasons: BTreeSet<&'static str>,
    ) -> Answer {
        let values: Option<Vec<Value>> = chosen.iter().map(|choice| choice.value.clone()).collect();
        let Some(mut values) = values else {
            reasons.insert(reason(atoms, JsonType::Array));
            return Answer::Unknown(reasons);
        };
        if constraints.unique == Some(true) {
            let mut distinct: Vec<Value> = Vec::new();
            for (index, value) in values.iter_mut().enumerate() {
                if distinct.iter().any(|known| same_value(known, value)) {
                    let more = constraints.counted.iter().zip(&chosen[index].truths);
                    let more = more.map(|(literal, is)| if *is { *literal } else { literal.negate() });
                    let all = constraints.at(index).into_iter().chain(more).chain([self.none_of(&distinct)]);
                    match self.solve(&all.collect::<Vec<_>>()) {
                        Answer::Found(other) => *value = other,
                        _ => return Answer::unknown("uniqueItems"),
                    }
                }
                distinct.push(value.clone());
            }
        }
        Answer::Found(Value::Array(values))
    }

    /// Returns a literal that every value except the given ones satisfies.
    fn none_of(&mut self, values: &[Value]) -> Literal {
        let enum_values = Some(values.iter().map(|value| Json::from_value(value, None)).collect());
        Literal::new(self.derive(NodeId(0), Keywords { enum_values, ..Keywords::default() }), false)
    }

    /// Returns the number of different values that satisfy some literals, if it is known to be less than `wanted`.
    fn different(&mut self, literals: &[Literal], wanted: u64) -> Option<u64> {
        let mut values = Vec::new();
        while (values.len() as u64) < wanted && values.len() < VALUES {
            let other = self.none_of(&values);
            let all: Vec<Literal> = literals.iter().copied().chain((!values.is_empty()).then_some(other)).collect();
            match self.solve(&all) {
                Answer::Empty => return Some(values.len() as u64),
                Answer::Found(value) => add_distinct(&mut values, value),
                Answer::Unknown(_) => return None,
            }
        }
        None
    }

    /// Finds an array with two equal items.
    fn repeated(
        &mut self,
        constraints: &Constraints,
        atoms: &[Rc<Atom>],
        mut reasons: BTreeSet<&'static str>,
    ) -> Answer {
        let most = constraints.most.unwrap_or(u64::MAX);
        let mut possible = false;
        // All positions after the prefix are alike, so the two items are at positions up to the second one after it.
        for second in 1..=constraints.prefix() + 1 {
            if second as u64 >= most {
                break;
            }
            for first in 0..second {
                let both: Vec<Literal> = constraints.at(first).into_iter().chain(constraints.at(second)).collect();
                match self.solve(&both) {
                    Answer::Empty => {}
                    Answer::Unknown(more) => {
                        possible = true;
                        reasons.extend(more);
                    }
                    Answer::Found(value) => {
                        possible = true;
                        let length = constraints.least.max(second as u64 + 1).min(200);
                        let mut items = Vec::new();
                        for index in 0..usize::try_from(length).unwrap_or_default() {
                            if index == first || index == second {
                                items.push(value.clone());
                                continue;
                            }
                            // The counts of `contains` are checked when the whole array is evaluated below.
                            match self.solve(&constraints.at(index)) {
                                Answer::Found(item) => items.push(item),
                                _ => break,
                            }
                        }
                        for (at, least, literal) in &constraints.at_least {
                            while self.count(&items, *at, *literal).0 < *least && items.len() < LONGEST {
                                let own = constraints.at(items.len());
                                match self.solve(&own.into_iter().chain([*literal]).collect::<Vec<_>>()) {
                                    Answer::Found(item) => items.push(item),
                                    _ => break,
                                }
                            }
                        }
                        let items = Value::Array(items);
                        if atoms.iter().all(|atom| self.evaluate_atom(atom, &items) == Some(true)) {
                            return Answer::Found(items);
                        }
                        reasons.insert(if constraints.counted.is_empty() { "uniqueItems" } else { "contains" });
                    }
                }
            }
        }
        match possible {
            false => Answer::Empty,
            true => {
                reasons.insert("uniqueItems");
                Answer::Unknown(reasons)
            }
        }
    }

    /// Returns whether the counts for a long array contradict each other, regardless of its items.
    fn too_many(&self, constraints: &Constraints, choices: &[Vec<Choice>]) -> bool {
        // The options of one position represent the whole array only if there is no prefix.
        if constraints.prefix() > 0 {
            return false;
        }
        let Some(options) = choices.last() else { return false };
        let holds = |literal: &Literal, choice: &Choice| {
            constraints.counted.iter().position(|known| known == literal).is_some_and(|at| choice.truths[at])
        };
        constraints.at_most.iter().any(|(_, most, literal)| {
            let all = options.iter().all(|option| holds(literal, option));
            all && constraints.least > *most
                || constraints.at_least.iter().any(|(_, least, other)| {
                    let implies = options.iter().all(|option| !holds(other, option) || holds(literal, option));
                    implies && least > most
                })
        }) || constraints.at_least.iter().any(|(_, least, literal)| {
            options.iter().all(|option| !holds(literal, option)) || constraints.most.is_some_and(|most| *least > most)
        })
    }
}
