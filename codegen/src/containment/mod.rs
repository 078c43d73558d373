//! Containment: decides whether every instance of one schema is an instance of another, or finds a counterexample.
//!
//! All questions have the same form: is there a value that satisfies some schemas and violates others?
//! [`Prover::solve`] splits the schemas by JSON type into atoms, tries the alternatives that arise from `anyOf`,
//! `oneOf`, `if` and violated conjunctions, and decides each set of atoms on its own. There are three answers:
//!
//! * [`Answer::Empty`] is a proof. A keyword that cannot be analyzed is left out of the set of atoms. This can only add
//!   solutions, so an empty set remains a proof.
//! * [`Answer::Found`] is a value. It was evaluated against all schemas of the question.
//! * [`Answer::Unknown`] lists the keywords that prevented an answer.
//!
//! The search terminates on recursive schemas by induction on the size of values: a smallest value that answers a
//! question does not contain another answer to the same question.

mod array;
mod formula;
mod number;
mod object;
mod search;
mod string;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use fastrand::Rng;
use serde_json::Value;

use self::formula::Formula;
use self::string::Automaton;
use crate::json::JsonType;
use crate::model::pattern::Expression;
use crate::model::{Keywords, NodeId, Shape};
use crate::normalize::{Schemas, refined};

/// The number of steps after which a question is abandoned.
const STEPS: usize = 20_000;

/// The maximum nesting depth of values that are searched for.
const DEPTH: usize = 40;

/// The maximum number of values in an array or object that is an answer. A schema that requires the next one twice at
/// each level has only values of exponential size.
const MOST_VALUES: usize = 10_000;

/// The answer to the question whether some value satisfies all literals.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// It is proven that no value satisfies all literals.
    Empty,
    /// A value that satisfies all literals.
    Found(Value),
    /// Neither a proof nor a value was found. Lists the keywords that prevented an answer.
    Unknown(BTreeSet<&'static str>),
}

impl Answer {
    fn unknown(reason: &'static str) -> Answer {
        Answer::Unknown(BTreeSet::from([reason]))
    }

    /// Returns the first value among the answers for alternatives, or else all reasons why one was not answered.
    fn of_alternatives(answers: impl IntoIterator<Item = Answer>) -> Answer {
        let mut reasons = BTreeSet::new();
        for answer in answers {
            match answer {
                Answer::Empty => {}
                Answer::Found(value) => return Answer::Found(value),
                Answer::Unknown(more) => reasons.extend(more),
            }
        }
        if reasons.is_empty() { Answer::Empty } else { Answer::Unknown(reasons) }
    }
}

/// A schema that an instance satisfies (`positive`) or violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) node: NodeId,
    pub(crate) positive: bool,
}

impl Literal {
    pub(crate) fn new(node: NodeId, positive: bool) -> Literal {
        Literal { node, positive }
    }

    pub(crate) fn negate(self) -> Literal {
        Literal { positive: !self.positive, ..self }
    }
}

/// The schemas of one or two documents, with everything derived from them.
#[derive(Default)]
pub(crate) struct Prover {
    nodes: Vec<Rc<Keywords>>,
    /// Whether a node belongs to the older of two versions.
    older: Vec<bool>,
    /// The class of each node. Nodes of the same class accept the same instances.
    classes: Vec<u32>,
    /// Whether items that match `contains` count as evaluated for `unevaluatedItems`.
    contains_evaluates: Vec<bool>,
    /// The targets of dynamic references that can lead to one schema only.
    dynamic: HashMap<NodeId, NodeId>,
    /// Schemas used as conditions (`if`, `not`). Their `properties` do not declare members.
    conditions: HashSet<NodeId>,
    patterns: HashMap<String, Expression>,
    /// Whether members that the newer version does not declare may have any value.
    pub(crate) open: bool,
    derived: HashMap<Keywords, NodeId>,
    formulas: HashMap<(Literal, JsonType), Formula>,
    answers: HashMap<Vec<Literal>, Answer>,
    /// The questions in `answers`, in the order in which they were answered.
    log: Vec<Vec<Literal>>,
    /// The questions that are being answered, and whether the answer to another question assumed that they have none.
    asked: HashMap<Vec<Literal>, bool>,
    automata: HashMap<String, Option<Rc<Automaton>>>,
    declared: HashMap<(NodeId, String), bool>,
    /// The results of the evaluation that is running, by the class of the schema, whether it is asserted, and the
    /// address of the value.
    evaluated: HashMap<(u32, bool, usize), Option<bool>>,
    steps: usize,
    /// The nesting depth of the value that is being searched for.
    depth: usize,
    /// The formats of strings. Only random strings respect them; the map is empty if no value is random.
    formats: HashMap<NodeId, String>,
    /// Randomizes values; `None` for values that are as small and simple as possible.
    random: Option<RefCell<Rng>>,
}

impl Prover {
    /// Creates a prover for the schemas of an older and a newer version. The nodes of the newer version follow the
    /// nodes of the older one; [`Prover::newer`] translates their identifiers.
    pub(crate) fn new(versions: &[&Schemas]) -> Prover {
        let mut prover = Prover::default();
        for (at, schemas) in versions.iter().enumerate() {
            prover.add(schemas, at == 0 && versions.len() > 1);
        }
        prover.classify();
        prover
    }

    fn add(&mut self, schemas: &Schemas, older: bool) {
        let offset = self.nodes.len();
        let moved = |id: NodeId| NodeId(id.0 + offset);
        let anchors = schemas.model().resources.iter().flat_map(|resource| &resource.dynamic_anchors);
        // An anchor that only one schema has leads there by every path. If several schemas have it, the path decides,
        // and the reference stays opaque.
        let mut targets: HashMap<&String, Option<NodeId>> = HashMap::new();
        for (name, target) in anchors {
            targets.entry(name).and_modify(|known| *known = known.filter(|id| id == target)).or_insert(Some(*target));
        }
        for id in schemas.ids() {
            let node = schemas.node(id);
            if let Some((anchor, fallback)) = &node.keywords.dynamic
                && let Some(target) = targets.get(anchor).copied().unwrap_or(Some(*fallback))
            {
                self.dynamic.insert(moved(id), moved(target));
            }
            self.nodes.push(Rc::new(node.keywords.map_ids(moved)));
            self.older.push(older);
            self.contains_evaluates.push(node.dialect.contains_evaluates());
        }
        for (source, expression) in &schemas.model().patterns {
            self.patterns.entry(source.clone()).or_insert_with(|| expression.clone());
        }
        self.find_conditions(offset);
    }

    /// Relaxes the schemas of the older version as tolerant reading does: members that are not required may have any
    /// value.
    pub(crate) fn relax(&mut self) {
        let count = self.older.iter().take_while(|older| **older).count();
        // A schema and the schemas of its `$ref` and `allOf` apply to the same instance, so a member that one of them
        // requires is required for all of them.
        let mut groups: Vec<usize> = (0..count).collect();
        for index in 0..count {
            let keywords = Rc::clone(&self.nodes[index]);
            for other in keywords.reference.iter().chain(&keywords.all_of) {
                let (from, to) = (groups[other.0], groups[index]);
                groups.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
        let mut required: HashMap<usize, HashSet<String>> = HashMap::new();
        for (group, keywords) in groups.iter().zip(&self.nodes) {
            required.entry(*group).or_default().extend(keywords.required.iter().cloned());
        }
        for (index, group) in groups.iter().enumerate() {
            let Some(names) = required.get(group) else { continue };
            let keywords = &*self.nodes[index];
            // An object without named members is read as a map. A map checks all its members.
            if names.is_empty() && keywords.properties.is_empty() && keywords.dependent_required.is_empty() {
                continue;
            }
            // Every other member is kept in `extra` if it does not fit, so no keyword about it rejects a payload.
            let properties = keywords.properties.iter().filter(|(name, _)| names.contains(name)).cloned().collect();
            self.nodes[index] = Rc::new(Keywords {
                properties,
                pattern_properties: Vec::new(),
                additional_properties: None,
                property_names: Vec::new(),
                min_properties: None,
                max_properties: None,
                dependent_required: Vec::new(),
                dependent_schemas: Vec::new(),
                unevaluated_properties: None,
                ..keywords.clone()
            });
        }
        self.classes.clear();
        self.classify();
    }

    /// Marks the schemas that serve as a condition of `if` or `not`, and the schemas that they apply in place. A
    /// condition names members to test them, and not because the vendor sends them.
    fn find_conditions(&mut self, offset: usize) {
        let mut open: Vec<NodeId> = Vec::new();
        for keywords in &self.nodes[offset..] {
            open.extend(keywords.not.iter().chain(keywords.if_then_else.iter().map(|it| &it.condition)));
        }
        while let Some(id) = open.pop() {
            if self.conditions.insert(id) {
                open.extend(
                    self.nodes[id.0].in_place().into_iter().map(|(_, id)| id).chain(self.nodes[id.0].reference),
                );
            }
        }
    }

    /// Computes the classes of structurally equal schemas of both versions, by partition refinement.
    fn classify(&mut self) {
        let mut interned: HashMap<(Shape, bool, Option<NodeId>), u32> = HashMap::new();
        let mut below: Vec<Vec<NodeId>> = Vec::new();
        for (index, keywords) in self.nodes.iter().enumerate() {
            let (shape, mut children) = keywords.shape();
            let target = self.dynamic.get(&NodeId(index));
            children.extend(target);
            below.push(children);
            let next = interned.len() as u32;
            // A dynamic reference without a unique target equals only itself.
            let dynamic = (keywords.dynamic.is_some() && target.is_none()).then_some(NodeId(index));
            self.classes.push(*interned.entry((shape, self.contains_evaluates[index], dynamic)).or_insert(next));
        }
        self.classes = refined(std::mem::take(&mut self.classes), &below);
    }

    /// Returns the node in this prover for a node of the newer version's own schemas.
    pub(crate) fn newer(&self, id: NodeId) -> NodeId {
        NodeId(self.older.iter().take_while(|older| **older).count() + id.0)
    }

    /// Returns the keywords of a node.
    pub(crate) fn keywords(&self, id: NodeId) -> Rc<Keywords> {
        Rc::clone(&self.nodes[id.0])
    }

    /// Randomizes values from a seed.
    pub(crate) fn seed(&mut self, seed: u64) {
        self.random = Some(RefCell::new(Rng::with_seed(seed)));
    }

    /// Records the formats of strings. Must be called before the first question.
    pub(crate) fn add_formats(&mut self, schemas: &Schemas) {
        let formats = schemas.ids().filter_map(|id| Some((id, schemas.node(id).annotations.format.clone()?)));
        self.formats.extend(formats);
    }

    /// Makes values as small and simple as possible again, and returns the random generator.
    pub(crate) fn without_seed(&mut self) -> Option<RefCell<Rng>> {
        self.random.take()
    }

    /// Resets the step counter before another question.
    pub(crate) fn restart(&mut self) {
        self.steps = 0;
    }

    /// Adds a schema with the given keywords to the version of the node `like`, or returns the node of an identical
    /// schema that was added before.
    pub(crate) fn derive(&mut self, like: NodeId, keywords: Keywords) -> NodeId {
        if let Some(known) = self.derived.get(&keywords) {
            return *known;
        }
        let id = NodeId(self.nodes.len());
        self.derived.insert(keywords.clone(), id);
        // The schema may equal a known one, but a class of its own keeps the classes of all others, and with them the
        // answers to earlier questions.
        let class = self.classes.iter().max().map_or(0, |class| class + 1);
        self.nodes.push(Rc::new(keywords));
        self.older.push(self.older[like.0]);
        self.contains_evaluates.push(self.contains_evaluates[like.0]);
        self.classes.push(class);
        id
    }

    fn dynamic_target(&self, id: NodeId) -> Option<NodeId> {
        self.dynamic.get(&id).copied()
    }

    fn contains_evaluates(&self, id: NodeId) -> bool {
        self.contains_evaluates[id.0]
    }

    /// Returns whether an expression matches a text, or `None` if this is unknown.
    fn matches(&self, source: &str, text: &str) -> Option<bool> {
        self.patterns.get(source)?.pattern(source).decide(text)
    }
}

/// Returns whether two values are equal under JSON Schema's instance equality.
fn same_value(a: &Value, b: &Value) -> bool {
    webhook_runtime::__private::equal(a, b)
}
