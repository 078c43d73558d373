//! Solves the atoms of an object: required members first, then members with other names, then the number of members.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::formula::{Atom, Filter, Formula};
use super::search::{AtomIndex, reason};
use super::{Answer, Literal, Prover};
use crate::json::{JsonType, ValueList};

/// The maximum number of conditions on names whose combinations are enumerated.
const PREDICATES: usize = 6;

/// A condition on names.
#[derive(Clone, Debug, PartialEq)]
enum Predicate {
    Matches(Rc<str>),
    Schema(Literal),
}

/// The unmentioned names that satisfy the same combination of conditions.
struct Class {
    conditions: Vec<Formula>,
    literals: Vec<Literal>,
    truths: Vec<bool>,
}

/// An object under construction.
#[derive(Default)]
struct Draft {
    members: Map<String, Value>,
    /// The literals that members satisfy to meet demands for some member, by name.
    demands: BTreeMap<String, Vec<Literal>>,
    reasons: BTreeSet<&'static str>,
}

/// A condition on the members that pass a filter. Without a literal, no such member exists.
type Each = (Rc<Filter>, Option<Literal>);

/// The constraints on an object.
struct Constraints {
    each: Vec<Each>,
    /// The conditions on a single member, by its name.
    each_named: BTreeMap<String, Vec<Each>>,
    /// The required members, each with the literals for its value.
    required: BTreeMap<String, Vec<Literal>>,
    some: Vec<(Rc<Filter>, Option<Literal>)>,
    least: u64,
    most: u64,
    /// All names that the filters mention.
    names: BTreeSet<String>,
    /// The conditions on other names.
    predicates: Vec<Predicate>,
    /// The classes of other names, unless there are too many conditions.
    classes: Vec<Class>,
}

impl Constraints {
    fn of(atoms: &[Rc<Atom>]) -> Constraints {
        let (mut each, mut some, mut required) = (Vec::new(), Vec::new(), BTreeMap::<String, Vec<Literal>>::new());
        let mut each_named: BTreeMap<String, Vec<Each>> = BTreeMap::new();
        let (mut least, mut most, mut names) = (0, u64::MAX, BTreeSet::new());
        for atom in atoms {
            match &**atom {
                Atom::MinSize(count) => least = least.max(*count),
                Atom::MaxSize(count) => most = most.min(*count),
                Atom::Each(filter, literal) => match &filter.only {
                    Some(name) => each_named.entry(name.clone()).or_default().push((Rc::clone(filter), *literal)),
                    None => each.push((Rc::clone(filter), *literal)),
                },
                Atom::Some(filter, literal) => match &filter.only {
                    Some(name) => required.entry(name.clone()).or_default().extend(*literal),
                    None => some.push((Rc::clone(filter), *literal)),
                },
                _ => continue,
            }
            if let Atom::Each(filter, _) | Atom::Some(filter, _) = &**atom {
                names.extend(filter.only.iter().chain(&*filter.except).cloned());
            }
        }
        let mut predicates = Vec::new();
        for (filter, _) in each_named.values().flatten().chain(&each).chain(&some) {
            let matches = filter.matches.iter().map(|(source, _)| Predicate::Matches(Rc::clone(source)));
            let names = filter.name.map(|literal| Predicate::Schema(Literal { positive: true, ..literal }));
            for predicate in matches.chain(names) {
                if !predicates.contains(&predicate) {
                    predicates.push(predicate);
                }
            }
        }
        Constraints { each, each_named, required, some, least, most, names, predicates, classes: Vec::new() }
    }

    fn has_too_many_predicates(&self) -> bool {
        self.predicates.len() > PREDICATES
    }

    /// Returns whether an unmentioned name passes a filter, given the truth values of the predicates.
    fn is_true(&self, filter: &Filter, truths: &[bool]) -> bool {
        let place = |predicate: &Predicate| self.predicates.iter().position(|known| known == predicate);
        let truth = |predicate: Predicate| place(&predicate).is_some_and(|at| truths[at]);
        let is_met =
            |literal: Literal| truth(Predicate::Schema(Literal { positive: true, ..literal })) == literal.positive;
        filter.only.is_none()
            && filter.matches.iter().all(|(source, is)| truth(Predicate::Matches(Rc::clone(source))) == *is)
            && filter.name.is_none_or(is_met)
    }
}

impl Prover {
    /// Returns the literals that atoms assert about a member's value, and whether they forbid the member.
    pub(super) fn applying(&mut self, atoms: &AtomIndex, name: &str) -> (Vec<Literal>, bool) {
        let (mut literals, mut forbidden) = (Vec::new(), false);
        for atom in atoms.applicable(name) {
            match &**atom {
                // A filter with an unknown result is left out, which can only add solutions.
                Atom::Each(filter, literal) if self.passes(filter, name) == Some(true) => match literal {
                    Some(literal) => literals.push(*literal),
                    None => forbidden = true,
                },
                Atom::Some(filter, literal) if filter.only.as_deref() == Some(name) => literals.extend(*literal),
                _ => {}
            }
        }
        (literals, forbidden)
    }

    /// Returns the literals for the value of a member, or `None` if no object has the member.
    fn constrained(&mut self, constraints: &Constraints, name: &str) -> Option<Vec<Literal>> {
        let mut literals = Vec::new();
        for (filter, literal) in constraints.each_named.get(name).into_iter().flatten().chain(&constraints.each) {
            if self.passes(filter, name) == Some(true) {
                literals.push((*literal)?);
            }
        }
        Some(literals)
    }

    /// Returns whether an atom violates the schema of a member that only the older version declares. Such a member is
    /// assumed to be sent as before, so it cannot cause a violation.
    fn is_taken_as_sent(&mut self, goal: &[Literal], atom: &Atom) -> bool {
        let Atom::Some(filter, Some(literal)) = atom else { return false };
        let Some(name) = filter.only.as_deref() else { return false };
        if self.open || !filter.declared || literal.positive || !self.older[literal.node.0] {
            return false;
        }
        // If the newer version says anything about the member, the vendor sends what it says.
        let newer = goal.iter().filter(|literal| !self.older[literal.node.0]);
        let newer: Vec<Literal> = newer.copied().collect();
        !newer.iter().any(|literal| self.declares(literal.node, name))
    }

    /// Returns whether a schema, or a schema that it applies in place, constrains a member.
    fn declares(&mut self, id: crate::model::NodeId, name: &str) -> bool {
        let key = (id, name.to_owned());
        if let Some(known) = self.declared.get(&key) {
            return *known;
        }
        let keywords = Rc::clone(&self.nodes[id.0]);
        let says = |id: &crate::model::NodeId| !self.nodes[id.0].is_empty();
        let rest = keywords.additional_properties.iter().chain(&keywords.unevaluated_properties);
        let own = keywords.property(name).is_some()
            || keywords.pattern_properties.iter().any(|(source, _)| self.matches(source, name) != Some(false))
            || rest.clone().any(says)
            || keywords.const_value.is_some()
            || keywords.enum_values.is_some();
        let below = keywords.in_place().into_iter().map(|(_, id)| id);
        let mut below = below.chain(keywords.reference).chain(self.dynamic_target(id));
        let found = own || below.any(|id| self.declares(id, name));
        self.declared.insert(key, found);
        found
    }

    /// Finds an object that satisfies all atoms.
    pub(super) fn object(&mut self, goal: &[Literal], atoms: &[Rc<Atom>]) -> Answer {
        if atoms.iter().any(|atom| self.is_taken_as_sent(goal, atom)) {
            return Answer::Empty;
        }
        let mut constraints = Constraints::of(atoms);
        if constraints.least > constraints.most || constraints.required.len() as u64 > constraints.most {
            return Answer::Empty;
        }
        // Members depend on each other only by their names and their number, so each value is found by itself. One
        // member without a value proves that there is no object.
        let mut draft = Draft::default();
        for (name, demands) in &constraints.required {
            let Some(mut literals) = self.constrained(&constraints, name) else { return Answer::Empty };
            literals.extend(demands);
            match self.solve(&literals) {
                Answer::Empty => return Answer::Empty,
                Answer::Found(value) => {
                    draft.members.insert(name.clone(), value);
                }
                Answer::Unknown(reasons) => draft.reasons.extend(reasons),
            }
        }
        match constraints.has_too_many_predicates() {
            true => drop(draft.reasons.insert("patternProperties")),
            false => constraints.classes = self.classes_of(&constraints),
        }
        // One additional member may meet several demands, so only one is certain to be needed.
        let mut more = 0;
        for (filter, literal) in &constraints.some {
            match self.demand(&constraints, (filter, *literal), &mut draft) {
                Demand::Impossible => return Answer::Empty,
                Demand::Additional => more = 1,
                Demand::Met => {}
            }
        }
        if constraints.required.len() as u64 + more > constraints.most {
            return Answer::Empty;
        }
        if !self.fill(&constraints, &mut draft) {
            return Answer::Empty;
        }
        if draft.members.len() as u64 > constraints.most {
            draft.reasons.insert("maxProperties");
        }
        // A random payload is validated before it is used, so a doubtful one is worth a try.
        if draft.reasons.is_empty() || self.random.is_some() {
            return Answer::Found(Value::Object(draft.members));
        }
        draft.reasons.insert(reason(atoms, JsonType::Object));
        Answer::Unknown(draft.reasons)
    }

    /// Returns the classes of unmentioned names, one for each combination of truth values that is not forbidden.
    fn classes_of(&mut self, constraints: &Constraints) -> Vec<Class> {
        let predicates = &constraints.predicates;
        let mut classes = Vec::new();
        for bits in 0..1_usize << predicates.len() {
            let truths: Vec<bool> = (0..predicates.len()).map(|at| bits >> at & 1 == 1).collect();
            let each = constraints.each.iter().filter(|(filter, _)| constraints.is_true(filter, &truths));
            // A filter without a literal forbids the names of the class.
            let Some(literals) = each.map(|(_, literal)| *literal).collect() else { continue };
            let mut conditions = Vec::new();
            for (predicate, truth) in predicates.iter().zip(&truths) {
                conditions.push(match predicate {
                    Predicate::Matches(source) => Formula::atom(Atom::Pattern(Rc::clone(source), *truth)),
                    Predicate::Schema(literal) => {
                        self.formula(Literal { positive: *truth, ..*literal }, JsonType::String)
                    }
                });
            }
            classes.push(Class { conditions, literals, truths });
        }
        classes
    }

    /// Finds a name of a class that is not in `taken`.
    fn name_of(&mut self, class: &Class, taken: &BTreeSet<String>) -> Answer {
        let taken: Vec<Value> = taken.iter().map(|name| Value::from(name.as_str())).collect();
        let mut todo = class.conditions.clone();
        todo.push(Formula::atom(Atom::NotIn(Rc::new(ValueList::new(taken)))));
        self.search(&[], JsonType::String, todo, Vec::new())
    }

    /// Adds a member that passes a filter and satisfies a literal, unless there is one.
    fn demand(
        &mut self,
        constraints: &Constraints,
        (filter, literal): (&Rc<Filter>, Option<Literal>),
        draft: &mut Draft,
    ) -> Demand {
        let drafted: Vec<(String, Value)> =
            draft.members.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        for (name, value) in drafted {
            let satisfied = literal.is_none_or(|literal| self.satisfies(literal, &value) == Some(true));
            if satisfied && self.passes(filter, &name) == Some(true) {
                return Demand::Met;
            }
        }
        let (mut possible, mut by_required, mut option, mut unknown) = (false, false, None, BTreeSet::new());
        let (required, others): (Vec<&String>, Vec<&String>) =
            constraints.names.iter().partition(|name| constraints.required.contains_key(*name));
        for name in required.into_iter().chain(others) {
            let passes = self.passes(filter, name);
            if passes == Some(false) {
                continue;
            }
            let Some(mut literals) = self.constrained(constraints, name) else { continue };
            literals.extend(constraints.required.get(name).into_iter().flatten());
            literals.extend(literal);
            let strict = self.solve(&literals);
            // A member may meet several demands at once. If it cannot, another member may, so this is not a proof.
            let earlier = draft.demands.get(name).cloned().unwrap_or_default();
            let answer = match strict {
                Answer::Found(_) if !earlier.is_empty() => {
                    literals.extend(earlier);
                    match self.solve(&literals) {
                        Answer::Empty => Answer::unknown("additionalProperties"),
                        answer => answer,
                    }
                }
                answer => answer,
            };
            if matches!(answer, Answer::Empty) {
                continue;
            }
            possible = true;
            by_required |= constraints.required.contains_key(name);
            match answer {
                Answer::Found(value) if passes == Some(true) && option.is_none() => {
                    option = Some((name.clone(), value))
                }
                Answer::Unknown(reasons) => unknown.extend(reasons),
                _ => {}
            }
        }
        for class in &constraints.classes {
            if option.is_some() && possible || !constraints.is_true(filter, &class.truths) {
                continue;
            }
            let literals: Vec<Literal> = class.literals.iter().copied().chain(literal).collect();
            let answer = self.solve(&literals);
            if matches!(answer, Answer::Empty) {
                continue;
            }
            let taken = constraints.names.iter().chain(draft.members.keys()).cloned().collect();
            match (self.name_of(class, &taken), answer) {
                (Answer::Empty, _) => {}
                (Answer::Found(Value::String(name)), Answer::Found(value)) => {
                    possible = true;
                    option = option.or(Some((name, value)));
                }
                (Answer::Unknown(reasons), _) | (_, Answer::Unknown(reasons)) => {
                    possible = true;
                    unknown.extend(reasons);
                }
                _ => {}
            }
        }
        possible |= constraints.has_too_many_predicates();
        match option {
            _ if !possible => return Demand::Impossible,
            Some((name, value)) => {
                draft.demands.entry(name.clone()).or_default().extend(literal);
                draft.members.insert(name, value);
            }
            None => {
                draft.reasons.extend(unknown);
                draft.reasons.insert("additionalProperties");
            }
        }
        if by_required { Demand::Met } else { Demand::Additional }
    }

    /// Adds members until there are enough. Returns `false` if it is proven that there cannot be enough.
    fn fill(&mut self, constraints: &Constraints, draft: &mut Draft) -> bool {
        let wanted = self.random.is_some();
        if draft.members.len() as u64 >= constraints.least && !wanted {
            return true;
        }
        let (mut possible, mut unsure) = (draft.members.len() as u64, false);
        for name in &constraints.names {
            if draft.members.contains_key(name) {
                continue;
            }
            let is_needed = (draft.members.len() as u64) < constraints.least;
            let is_wanted = wanted && (draft.members.len() as u64) < constraints.most && self.chance();
            if !is_needed && !is_wanted {
                continue;
            }
            let Some(literals) = self.constrained(constraints, name) else { continue };
            match self.solve(&literals) {
                Answer::Empty => continue,
                Answer::Found(value) => {
                    draft.members.insert(name.clone(), value);
                }
                Answer::Unknown(reasons) if is_needed => {
                    unsure = true;
                    draft.reasons.extend(reasons);
                }
                Answer::Unknown(_) => continue,
            }
            possible += 1;
        }
        for class in &constraints.classes {
            while (draft.members.len() as u64) < constraints.least {
                let value = match self.solve(&class.literals) {
                    Answer::Empty => break,
                    Answer::Found(value) => value,
                    Answer::Unknown(reasons) => {
                        unsure = true;
                        draft.reasons.extend(reasons);
                        break;
                    }
                };
                let taken = constraints.names.iter().chain(draft.members.keys()).cloned().collect();
                match self.name_of(class, &taken) {
                    Answer::Found(Value::String(name)) => {
                        draft.members.insert(name, value);
                        possible += 1;
                    }
                    Answer::Unknown(reasons) => {
                        unsure = true;
                        draft.reasons.extend(reasons);
                        break;
                    }
                    _ => break,
                }
                // A proof needs no example, and nobody reads an example of this size.
                if draft.members.len() > 300 {
                    draft.reasons.insert("minProperties");
                    return true;
                }
            }
        }
        unsure |= constraints.has_too_many_predicates();
        possible >= constraints.least || unsure || !draft.reasons.is_empty()
    }

    /// Decides at random whether an optional member is added.
    fn chance(&self) -> bool {
        let depth = u8::try_from(self.depth).unwrap_or(u8::MAX);
        self.random.as_ref().is_some_and(|random| random.borrow_mut().u8(..10) < 8_u8.saturating_sub(depth))
    }
}

/// The result of a demand for a member.
enum Demand {
    Impossible,
    /// A drafted or required member may meet the demand.
    Met,
    /// The demand needs a member that nothing else requires.
    Additional,
}
