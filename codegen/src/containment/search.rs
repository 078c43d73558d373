//! Searches for a value: tries alternatives one by one until only a set of atoms is left.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use super::formula::{Atom, Filter, Formula, Positions, combined};
use super::{Answer, DEPTH, Literal, MOST_VALUES, Prover, STEPS, same_value};
use crate::json::{Json, JsonType};
use crate::model::{Keywords, NodeId};

const TYPES: [JsonType; 6] =
    [JsonType::Object, JsonType::String, JsonType::Number, JsonType::Array, JsonType::Boolean, JsonType::Null];

const TOO_DEEP: &str = "deeply nested values";
const TOO_MANY: &str = "too many alternatives";
const TOO_LARGE: &str = "very large values";

/// The nesting depth from which values are no longer random but as small as possible.
const VARIOUS: usize = 7;

/// A conjunction of atoms.
pub(super) type Atoms = Vec<Rc<Atom>>;

/// A conjunction of atoms, in which the atoms about a member are found by its name.
pub(super) struct AtomIndex {
    all: Atoms,
    named: HashMap<String, Atoms>,
    /// The atoms that are not about a single member.
    others: Atoms,
}

impl AtomIndex {
    fn new(atoms: Atoms) -> AtomIndex {
        let mut index = AtomIndex { all: Vec::new(), named: HashMap::new(), others: Vec::new() };
        atoms.into_iter().for_each(|atom| index.push(atom));
        index
    }

    fn push(&mut self, atom: Rc<Atom>) {
        match atom.only() {
            Some(name) => self.named.entry(name.to_owned()).or_default().push(Rc::clone(&atom)),
            None => self.others.push(Rc::clone(&atom)),
        }
        self.all.push(atom);
    }

    fn has(&self, atom: &Rc<Atom>) -> bool {
        atom.only().map_or(self.others.as_slice(), |name| self.about(name)).contains(atom)
    }

    /// Returns the atoms about one member only.
    fn about(&self, name: &str) -> &[Rc<Atom>] {
        self.named.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the atoms that may apply to a member.
    pub(super) fn applicable(&self, name: &str) -> impl Iterator<Item = &Rc<Atom>> {
        self.about(name).iter().chain(&self.others)
    }

    /// Returns whether the atoms require a member.
    fn requires(&self, name: &str) -> bool {
        self.about(name).iter().any(|atom| matches!(&**atom, Atom::Some(..)))
    }
}

impl Prover {
    /// Finds a value that satisfies every literal.
    pub(crate) fn solve(&mut self, literals: &[Literal]) -> Answer {
        let Some(goal) = self.goal(literals) else { return Answer::Empty };
        // With a seed, the same question shall have various answers.
        if self.random.is_none() {
            if let Some(known) = self.answers.get(&goal) {
                return known.clone();
            }
            if let Some(used) = self.asked.get_mut(&goal) {
                // Induction hypothesis: a smallest value does not contain another answer to the same question.
                *used = true;
                return Answer::Empty;
            }
        }
        if self.depth >= DEPTH {
            return Answer::unknown(TOO_DEEP);
        }
        self.steps += 1;
        if self.steps > STEPS {
            return Answer::unknown(TOO_MANY);
        }
        if self.random.is_some() {
            return self.solve_various(&goal);
        }
        self.asked.insert(goal.clone(), false);
        let start = self.log.len();
        self.depth += 1;
        let answer = self.solve_types(&goal);
        self.depth -= 1;
        let used = self.asked.remove(&goal).unwrap_or(false);
        if used && !matches!(answer, Answer::Empty) {
            // The question has an answer, so answers that assumed it had none are void. Found values stay, because they
            // were evaluated.
            for other in self.log.drain(start..) {
                if !matches!(self.answers.get(&other), Some(Answer::Found(_))) {
                    self.answers.remove(&other);
                }
            }
        }
        // A question abandoned at this depth or step count may be answered when it is asked elsewhere.
        let is_final = match &answer {
            Answer::Unknown(reasons) => !reasons.contains(TOO_DEEP) && !reasons.contains(TOO_MANY),
            _ => true,
        };
        if is_final {
            self.log.push(goal.clone());
            self.answers.insert(goal, answer.clone());
        }
        answer
    }

    /// Finds a random value that satisfies every literal. Deeply nested values are as small as possible.
    fn solve_various(&mut self, goal: &[Literal]) -> Answer {
        if self.depth < VARIOUS {
            self.depth += 1;
            let answer = self.solve_types(goal);
            self.depth -= 1;
            return answer;
        }
        let random = self.without_seed();
        let answer = self.solve(goal);
        self.random = random;
        answer
    }

    /// Returns the literals sorted and without duplicates of a class, or `None` if two literals contradict each other.
    fn goal(&self, literals: &[Literal]) -> Option<Vec<Literal>> {
        // Two versions may have the same schema, which stays in the goal twice: `is_taken_as_sent` depends on the
        // version.
        let key = |literal: &Literal| (self.classes[literal.node.0], literal.positive, self.older[literal.node.0]);
        let mut goal: Vec<Literal> = literals.to_vec();
        // A schema without keywords accepts everything.
        goal.retain(|literal| !(literal.positive && self.nodes[literal.node.0].is_empty()));
        goal.sort_by_key(|literal| (key(literal), *literal));
        goal.dedup_by_key(|literal| key(literal));
        let contradicts = |literal: &Literal| {
            let class = self.classes[literal.node.0];
            let is_other = |other: &Literal| self.classes[other.node.0] == class && other.positive != literal.positive;
            !literal.positive && (self.nodes[literal.node.0].is_empty() || goal.iter().any(is_other))
        };
        (!goal.iter().any(contradicts)).then_some(goal)
    }

    fn solve_types(&mut self, goal: &[Literal]) -> Answer {
        match self.search_types(goal) {
            Answer::Found(value) if count(&value, MOST_VALUES) > MOST_VALUES => Answer::unknown(TOO_LARGE),
            answer => answer,
        }
    }

    fn search_types(&mut self, goal: &[Literal]) -> Answer {
        let mut types = TYPES;
        self.shuffle(&mut types);
        Answer::of_alternatives(types.into_iter().map(|of| {
            let todo = goal.iter().map(|literal| self.formula(*literal, of)).collect();
            self.search(goal, of, todo, Vec::new())
        }))
    }

    /// Finds a value of one type that satisfies some formulas and atoms. `goal` has the literals that were translated
    /// to the formulas.
    pub(super) fn search(&mut self, goal: &[Literal], of: JsonType, todo: Vec<Formula>, atoms: Atoms) -> Answer {
        let Some((mut alternatives, atoms)) = self.flatten(of, todo, atoms) else { return Answer::Empty };
        self.steps += 1;
        if self.steps > STEPS {
            return Answer::unknown(TOO_MANY);
        }
        // The atoms are decided before any union is expanded. If they contradict each other, so does every branch. A
        // value that satisfies them often satisfies the unions as well.
        let answer = self.decide(goal, of, &atoms);
        let reasons = match answer {
            Answer::Empty => return Answer::Empty,
            Answer::Found(value) => {
                // An opaque atom has no truth value, and does not count against the value: callers validate what is
                // found.
                let fits = alternatives
                    .iter()
                    .all(|any| any.iter().any(|branch| self.evaluate(branch, &value) != Some(false)));
                let known = atoms.iter().all(|atom| self.evaluate_atom(atom, &value) != Some(false));
                if fits && known && goal.iter().all(|literal| self.satisfies(*literal, &value) != Some(false)) {
                    return Answer::Found(value);
                }
                BTreeSet::from([reason(&atoms, of)])
            }
            Answer::Unknown(reasons) => reasons,
        };
        // Branch on the union with the fewest alternatives.
        let next = (0..alternatives.len()).min_by_key(|at| alternatives[*at].len());
        let Some(next) = next else { return Answer::Unknown(reasons) };
        let mut branches = alternatives.swap_remove(next);
        self.shuffle(&mut branches);
        Answer::of_alternatives(branches.into_iter().map(|branch| {
            // The other unions are flattened again, because the atoms of this branch rule out some of their branches.
            let rest = alternatives.iter().map(|any| Formula::any(any.clone()));
            self.search(goal, of, rest.chain([branch]).collect(), atoms.clone())
        }))
    }

    /// Splits formulas into atoms and alternatives. Returns `None` if they contradict each other.
    fn flatten(&mut self, of: JsonType, mut todo: Vec<Formula>, atoms: Atoms) -> Option<(Vec<Vec<Formula>>, Atoms)> {
        let mut atoms = AtomIndex::new(atoms);
        let mut open: Vec<Vec<Formula>> = Vec::new();
        loop {
            while let Some(formula) = todo.pop() {
                match formula {
                    Formula::True => {}
                    Formula::False => return None,
                    Formula::All(parts) => todo.extend(parts.iter().cloned()),
                    Formula::Any(branches) => open.push(branches.to_vec()),
                    Formula::Either(yes, _) => todo.push((*yes).clone()),
                    Formula::Atom(atom) => match (&*atom, of) {
                        // The solvers of arrays and objects know positions and members, but no excluded values.
                        (Atom::NotIn(values), JsonType::Array | JsonType::Object) => {
                            let values = Rc::clone(values);
                            todo.extend(values.iter().map(|value| self.other_than(value)));
                        }
                        _ if atoms.has(&atom) => {}
                        _ => {
                            if let Formula::Atom(opposite) = atom.negate()
                                && atoms.has(&opposite)
                            {
                                return None;
                            }
                            atoms.push(atom);
                        }
                    },
                }
            }
            // Drop branches that contradict the atoms, and unions with a branch that the atoms imply.
            let mut left = Vec::new();
            for branches in std::mem::take(&mut open) {
                let mut possible = Vec::new();
                let mut satisfied = false;
                for branch in branches {
                    match self.known(&branch, &atoms) {
                        Some(true) => {
                            satisfied = true;
                            break;
                        }
                        Some(false) => {}
                        None => possible.push(branch),
                    }
                }
                match possible.len() {
                    _ if satisfied => {}
                    0 => return None,
                    1 => todo.append(&mut possible),
                    _ => left.push(possible),
                }
            }
            if todo.is_empty() {
                return Some((left, atoms.all));
            }
            open = left;
        }
    }

    /// Returns the truth of a formula if the atoms decide it.
    fn known(&mut self, formula: &Formula, atoms: &AtomIndex) -> Option<bool> {
        match formula {
            Formula::True => Some(true),
            Formula::False => Some(false),
            Formula::Atom(atom) => self.known_atom(atom, atoms),
            Formula::All(parts) => combined(false, parts.iter().map(|part| self.known(part, atoms))),
            Formula::Any(parts) => combined(true, parts.iter().map(|part| self.known(part, atoms))),
            Formula::Either(yes, _) => self.known(yes, atoms),
        }
    }

    fn known_atom(&mut self, atom: &Rc<Atom>, atoms: &AtomIndex) -> Option<bool> {
        if atoms.has(atom) {
            return Some(true);
        }
        if let Formula::Atom(opposite) = atom.negate()
            && atoms.has(&opposite)
        {
            return Some(false);
        }
        match &**atom {
            Atom::Each(filter, literal) => {
                let name = filter.only.as_deref()?;
                let (literals, forbidden) = self.applying(atoms, name);
                match literal {
                    // A member that is always absent satisfies everything.
                    _ if forbidden => Some(true),
                    None => atoms.requires(name).then_some(false),
                    Some(literal) => self.is_empty_with(&literals, literal.negate()).then_some(true),
                }
            }
            Atom::Some(filter, literal) => {
                let name = filter.only.as_deref()?;
                let (literals, forbidden) = self.applying(atoms, name);
                match literal {
                    _ if forbidden => Some(false),
                    None => atoms.requires(name).then_some(true),
                    Some(literal) if self.is_empty_with(&literals, *literal) => Some(false),
                    Some(literal) => {
                        (atoms.requires(name) && self.is_empty_with(&literals, literal.negate())).then_some(true)
                    }
                }
            }
            _ => None,
        }
    }

    fn is_empty_with(&mut self, literals: &[Literal], more: Literal) -> bool {
        let all: Vec<Literal> = literals.iter().copied().chain([more]).collect();
        // Answers are not cached in random mode, and this question is asked too often to be answered each time.
        self.random.is_none() && matches!(self.solve(&all), Answer::Empty)
    }

    /// Returns a formula for arrays or objects other than `value`.
    fn other_than(&mut self, value: &Value) -> Formula {
        let mut constant = |value: &Value| {
            let keywords = Keywords { const_value: Some(Json::from_value(value, None)), ..Keywords::default() };
            Literal::new(self.derive(NodeId(0), keywords), false)
        };
        match value {
            Value::Array(items) => {
                let count = items.len() as u64;
                let mut parts = vec![Formula::atom(Atom::MinSize(count + 1))];
                parts.extend(count.checked_sub(1).map(|most| Formula::atom(Atom::MaxSize(most))));
                let items = items.iter().enumerate();
                let other =
                    |(at, item): (usize, &Value)| Formula::atom(Atom::AtLeast(Positions::At(at), 1, constant(item)));
                parts.extend(items.map(other));
                Formula::any(parts)
            }
            Value::Object(members) => {
                let names = Rc::new(members.keys().cloned().collect());
                let more = Filter { except: names, ..Filter::default() };
                let mut parts = vec![Formula::atom(Atom::Some(Rc::new(more), None))];
                for (name, member) in members {
                    parts.push(Formula::atom(Atom::Each(Filter::only(name), None)));
                    parts.push(Formula::atom(Atom::Some(Filter::only(name), Some(constant(member)))));
                }
                Formula::any(parts)
            }
            _ => Formula::True,
        }
    }

    /// Finds a value that satisfies all atoms, or proves that there is none.
    fn decide(&mut self, goal: &[Literal], of: JsonType, atoms: &[Rc<Atom>]) -> Answer {
        let mut listed =
            atoms.iter().filter_map(|atom| if let Atom::In(values) = &**atom { Some(values) } else { None });
        let candidates: Option<Vec<Value>> = match (listed.next(), of) {
            (Some(values), _) => Some(values.to_vec()),
            (None, JsonType::Null) => Some(vec![Value::Null]),
            (None, JsonType::Boolean) => Some(vec![true.into(), false.into()]),
            _ => None,
        };
        if let Some(mut candidates) = candidates {
            self.shuffle(&mut candidates);
            return Answer::of_alternatives(candidates.into_iter().map(|value| {
                match combined(false, atoms.iter().map(|atom| self.evaluate_atom(atom, &value))) {
                    // The assumption of `is_taken_as_sent` is not an atom, and is not applied to listed values.
                    Some(true) => Answer::Found(value),
                    Some(false) => Answer::Empty,
                    None => Answer::unknown(reason(atoms, of)),
                }
            }));
        }
        match of {
            JsonType::Number => self.number(atoms),
            JsonType::String => self.string(atoms),
            JsonType::Array => self.array(atoms),
            JsonType::Object => self.object(goal, atoms),
            JsonType::Null | JsonType::Boolean => Answer::Empty,
        }
    }

    pub(super) fn shuffle<T>(&self, items: &mut [T]) {
        if let Some(random) = &self.random {
            random.borrow_mut().shuffle(items);
        }
    }

    /// Returns the number within bounds that is tried first: a random number, or 1 without a seed.
    pub(super) fn wish(&self, first: i128, last: i128) -> i128 {
        match &self.random {
            // Small numbers are easier to read.
            Some(random) if first <= last => {
                let first = first.max(-1000).min(last);
                let last = last.min(first.saturating_add(100_000));
                random.borrow_mut().i128(first..=last)
            }
            _ => 1,
        }
    }
}

/// Returns the number of values in a value, including itself, or a number above `most` if there are more.
fn count(value: &Value, most: usize) -> usize {
    let mut found = 0;
    let mut open = vec![value];
    while let Some(value) = open.pop().filter(|_| found <= most) {
        found += 1;
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    found
}

/// Returns the keyword of the atom that is the hardest to analyze.
pub(super) fn reason(atoms: &[Rc<Atom>], of: JsonType) -> &'static str {
    let rank = |atom: &Rc<Atom>| match &**atom {
        Atom::Opaque(_, why, _) => (9, *why),
        Atom::Pattern(..) => (8, "pattern"),
        Atom::Unique(_) => (7, "uniqueItems"),
        Atom::AtLeast(_, count, _) if *count > 0 => (6, "contains"),
        Atom::AtMost(_, count, _) if *count > 0 => (6, "contains"),
        Atom::Multiple(..) => (5, "multipleOf"),
        Atom::MinSize(_) | Atom::MaxSize(_) if of == JsonType::Object => (4, "minProperties"),
        Atom::Each(filter, _) | Atom::Some(filter, _) if filter.name.is_some() => (4, "propertyNames"),
        Atom::Each(filter, _) | Atom::Some(filter, _) if !filter.matches.is_empty() => (3, "patternProperties"),
        Atom::Each(filter, _) | Atom::Some(filter, _) if filter.only.is_none() => (2, "additionalProperties"),
        Atom::Each(..) | Atom::Some(..) => (1, "properties"),
        Atom::AtLeast(..) | Atom::AtMost(..) => (1, "items"),
        Atom::MinSize(_) | Atom::MaxSize(_) if of == JsonType::Array => (1, "items"),
        Atom::In(_) | Atom::NotIn(_) => (1, "enum"),
        Atom::Integer(_) | Atom::Least(..) | Atom::Most(..) => (1, "minimum"),
        Atom::MinSize(_) | Atom::MaxSize(_) | Atom::Format(_) => (1, "minLength"),
    };
    atoms.iter().map(rank).max().map_or("type", |(_, why)| why)
}

/// Adds a value unless the list has an equal value.
pub(super) fn add_distinct(values: &mut Vec<Value>, value: Value) {
    if !values.iter().any(|known| same_value(known, &value)) {
        values.push(value);
    }
}
