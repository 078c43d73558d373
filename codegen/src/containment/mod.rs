//! Containment: whether every instance of one schema is an instance of another, and an instance that shows that it is not.
//!
//! One question is answered for everything: is there a value that satisfies some schemas and violates others? [`Prover::solve`]
//! takes the schemas apart by JSON type into atoms, tries the alternatives that `anyOf`, `oneOf`, `if` and violated conjunctions
//! leave, and decides each set of atoms by itself. There are three answers:
//!
//! * [`Answer::Empty`] is a proof. Where something is not analyzed, it is left out of the set of atoms, which makes the set
//!   larger, so an empty set stays a proof.
//! * [`Answer::Found`] is a value, which was evaluated against all schemas of the question.
//! * [`Answer::Unknown`] lists the keywords that were in the way.
//!
//! Recursive schemas end by induction on the size of values: a value of least size that answers a question does not contain
//! another answer to the same question.

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
use crate::normalize::Schemas;

/// After this many steps a question is given up.
const STEPS: usize = 20_000;

/// How deep values are nested in a question and in those that it leads to.
const DEPTH: usize = 40;

/// The answer to the question whether a value satisfies some schemas.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// No value does: this is proven.
    Empty,
    /// One of them.
    Found(Value),
    /// Neither was shown: the keywords that were in the way.
    Unknown(BTreeSet<&'static str>),
}

impl Answer {
    fn unknown(reason: &'static str) -> Answer {
        Answer::Unknown(BTreeSet::from([reason]))
    }
}

/// A schema that is satisfied, or violated.
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

/// The schemas of one or two documents, and what is known about them.
pub(crate) struct Prover {
    nodes: Vec<Rc<Keywords>>,
    /// Whether a node is of the older of two versions.
    older: Vec<bool>,
    /// Nodes of one class accept the same instances.
    classes: Vec<u32>,
    /// Whether items that `contains` accepts are evaluated, as `unevaluatedItems` sees them.
    contains_evaluates: Vec<bool>,
    /// The targets of dynamic references that lead to one schema only.
    dynamic: HashMap<NodeId, NodeId>,
    /// Schemas that decide a condition, where `properties` does not declare members.
    conditions: HashSet<NodeId>,
    patterns: HashMap<String, Expression>,
    /// Whether a member that the newer version does not declare may have any value.
    pub(crate) open: bool,
    derived: HashMap<Keywords, NodeId>,
    formulas: HashMap<(Literal, JsonType), Formula>,
    answers: HashMap<Vec<Literal>, Answer>,
    /// Answers in the order in which they were found.
    log: Vec<Vec<Literal>>,
    /// The questions that are being answered, and whether an answer to another rests on them.
    asked: HashMap<Vec<Literal>, bool>,
    automata: HashMap<String, Option<Rc<Automaton>>>,
    declared: HashMap<(NodeId, String), bool>,
    steps: usize,
    /// How deep the value is nested that is being looked for.
    depth: usize,
    /// The formats of strings, which random strings have; none where no value is random.
    formats: HashMap<NodeId, String>,
    /// Chooses among values, where they are to be various.
    random: Option<RefCell<Rng>>,
}

impl Prover {
    /// Creates a prover for the schemas of an older and a newer version. The nodes of the newer version follow those of the
    /// older one: [`Prover::newer`] translates their ids.
    pub(crate) fn new(versions: &[&Schemas]) -> Prover {
        let mut prover = Prover {
            nodes: Vec::new(),
            older: Vec::new(),
            classes: Vec::new(),
            contains_evaluates: Vec::new(),
            dynamic: HashMap::new(),
            conditions: HashSet::new(),
            patterns: HashMap::new(),
            open: false,
            derived: HashMap::new(),
            formulas: HashMap::new(),
            answers: HashMap::new(),
            log: Vec::new(),
            asked: HashMap::new(),
            automata: HashMap::new(),
            declared: HashMap::new(),
            steps: 0,
            depth: 0,
            formats: HashMap::new(),
            random: None,
        };
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

    /// Replaces the schemas of the older version by what a tolerant reading decides: members that are not required may have any
    /// value.
    pub(crate) fn relax(&mut self) {
        let count = self.older.iter().take_while(|older| **older).count();
        // A schema and those that it refers to or combines apply to one instance: what one requires, all require.
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
            // A map is read as a whole.
            if names.is_empty() && keywords.properties.is_empty() && keywords.dependent_required.is_empty() {
                continue;
            }
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

    /// Marks the schemas that `if`, `not` and `dependentSchemas` apply in place.
    fn find_conditions(&mut self, offset: usize) {
        let mut open: Vec<NodeId> = Vec::new();
        for keywords in &self.nodes[offset..] {
            open.extend(keywords.not.iter().chain(keywords.if_then_else.iter().map(|it| &it.condition)));
        }
        while let Some(id) = open.pop() {
            if self.conditions.insert(id) {
                open.extend(self.nodes[id.0].in_place().into_iter().chain(self.nodes[id.0].reference));
            }
        }
    }

    /// Finds the classes of structurally equal schemas, in both versions.
    fn classify(&mut self) {
        let mut interned: HashMap<(Shape, bool, Option<NodeId>), u32> = HashMap::new();
        let mut below: Vec<Vec<NodeId>> = Vec::new();
        for (index, keywords) in self.nodes.iter().enumerate() {
            let (shape, children) = keywords.shape();
            below.push(children);
            let next = interned.len() as u32;
            // What a dynamic reference leads to is compared by its place.
            let dynamic = keywords.dynamic.is_some().then_some(NodeId(index));
            let dynamic = dynamic.filter(|id| !self.dynamic.contains_key(id));
            self.classes.push(*interned.entry((shape, self.contains_evaluates[index], dynamic)).or_insert(next));
        }
        let mut known = interned.len();
        loop {
            let mut interned: HashMap<(u32, Vec<u32>), u32> = HashMap::new();
            self.classes = (0..self.classes.len())
                .map(|index| {
                    let mut children: Vec<u32> = below[index].iter().map(|child| self.classes[child.0]).collect();
                    children.extend(self.dynamic.get(&NodeId(index)).map(|target| self.classes[target.0]));
                    let next = interned.len() as u32;
                    *interned.entry((self.classes[index], children)).or_insert(next)
                })
                .collect();
            if interned.len() == known {
                return;
            }
            known = interned.len();
        }
    }

    /// The node of the second version that is this one in its own schemas.
    pub(crate) fn newer(&self, id: NodeId) -> NodeId {
        NodeId(self.older.iter().take_while(|older| **older).count() + id.0)
    }

    /// The keywords of a node.
    pub(crate) fn keywords(&self, id: NodeId) -> Rc<Keywords> {
        Rc::clone(&self.nodes[id.0])
    }

    /// Makes values various, from a seed.
    pub(crate) fn seed(&mut self, seed: u64) {
        self.random = Some(RefCell::new(Rng::with_seed(seed)));
    }

    /// Notes the formats of strings, before anything is looked for.
    pub(crate) fn add_formats(&mut self, schemas: &Schemas) {
        let formats = schemas.ids().filter_map(|id| Some((id, schemas.node(id).annotations.format.clone()?)));
        self.formats.extend(formats);
    }

    /// Makes values as small and simple as possible again.
    pub(crate) fn without_seed(&mut self) -> Option<RefCell<Rng>> {
        self.random.take()
    }

    /// Forgets how many steps were taken, so that another question gets as many.
    pub(crate) fn restart(&mut self) {
        self.steps = 0;
    }

    /// A schema of other keywords, of the same version as another.
    pub(crate) fn derive(&mut self, like: NodeId, keywords: Keywords) -> NodeId {
        if let Some(known) = self.derived.get(&keywords) {
            return *known;
        }
        let id = NodeId(self.nodes.len());
        self.derived.insert(keywords.clone(), id);
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

    /// Whether an expression matches a text; `None` if that is not known.
    fn matches(&self, source: &str, text: &str) -> Option<bool> {
        self.patterns.get(source)?.pattern(source).decide(text)
    }
}

/// Whether two values are equal under JSON Schema's instance equality.
fn same_value(a: &Value, b: &Value) -> bool {
    webhook_runtime::__private::equal(a, b)
}
