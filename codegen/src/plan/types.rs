//! From schemas to types: which Rust type holds what a schema accepts, and what must be checked when it is read.

use std::collections::{HashMap, HashSet};

use webhook_runtime::schema::Types;

use super::names::{pascal, singular};
use super::templates::Template;
use super::{Docs, Event, Extra, Kind, Reader, Ty, Type, TypeId, Use, Width};
use crate::catalog::Provider;
use crate::diagnostic::Diagnostic;
use crate::json::Json;
use crate::model::algebra::{ALL, Algebra, Flat, meet};
use crate::model::{Model, NodeId, Rules};

/// Plans the types of a provider: its events, all types, and what could not be read in one pass.
pub(super) type Planned = (Vec<Event>, Vec<Type>, Vec<String>);

pub(super) fn plan(
    provider: &Provider,
    model: &mut Model,
    algebra: &mut Algebra,
    roots: &[NodeId],
) -> Result<Planned, Vec<Diagnostic>> {
    let mut planner = Planner::new(provider, model, algebra);
    let mut events = Vec::new();
    for (index, (event, node)) in provider.events.iter().zip(roots).enumerate() {
        let root = planner.event(index, &event.name, *node);
        events.push((event.name.clone(), provider.wire_name(event).to_owned(), root, *node));
    }
    if !planner.problems.is_empty() {
        return Err(planner.problems);
    }
    Ok(planner.finish(events))
}

/// Where a type gets its name from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// An event; its place.
    Event(usize),
    /// A definition that others refer to.
    Definition,
    /// A schema inside another.
    Inline,
}

/// What a type is called after.
#[derive(Clone, Debug)]
pub(super) struct Hint {
    pub(super) origin: Origin,
    pub(super) base: String,
    pub(super) parent: Option<TypeId>,
    /// The member, where it is one.
    pub(super) json: Option<String>,
}

impl Hint {
    pub(super) fn member(parent: TypeId, name: &str) -> Hint {
        Hint { origin: Origin::Inline, base: pascal(name), parent: Some(parent), json: Some(name.to_owned()) }
    }

    fn item(&self) -> Hint {
        Hint { origin: Origin::Inline, base: pascal(&singular(&heck::ToSnakeCase::to_snake_case(self.base.as_str()))), ..self.clone() }
    }
}

/// A type whose name is not yet chosen.
pub(super) struct Draft {
    pub(super) base: String,
    pub(super) origin: Origin,
    pub(super) parents: Vec<TypeId>,
    pub(super) json: Option<String>,
    pub(super) node: NodeId,
    pub(super) kind: Option<Kind>,
    pub(super) docs: Docs,
    pub(super) whole: bool,
    /// The event whose planning first met it.
    pub(super) event: usize,
}

pub(super) struct Planner<'p> {
    pub(super) provider: &'p Provider,
    pub(super) model: &'p mut Model,
    pub(super) algebra: &'p mut Algebra,
    pub(super) drafts: Vec<Draft>,
    /// Types by what they say and what they are called after.
    known: HashMap<(u32, String, Origin), TypeId>,
    /// The class of nodes that were there from the start.
    classes: Vec<u32>,
    /// The class of nodes that planning made.
    made: HashMap<NodeId, u32>,
    interned: HashMap<(String, Vec<u32>), u32>,
    /// The nodes that lead to a dynamic reference, which means something only from the root on.
    dynamic: HashSet<NodeId>,
    /// The event that is being planned.
    event: usize,
    pub(super) detours: Vec<String>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'p> Planner<'p> {
    fn new(provider: &'p Provider, model: &'p mut Model, algebra: &'p mut Algebra) -> Planner<'p> {
        let label = |id: NodeId| {
            let notes = &model.node(id).notes;
            format!("{:?} {:?} {} {:?}", notes.title, notes.format, notes.timestamp, notes.templates)
        };
        let classes = crate::model::classify(model, label);
        let dynamic = leading_to_dynamic(model);
        Planner {
            provider,
            model,
            algebra,
            drafts: Vec::new(),
            known: HashMap::new(),
            classes,
            made: HashMap::new(),
            interned: HashMap::new(),
            dynamic,
            event: 0,
            detours: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Plans an event; gives its type, which is its own.
    fn event(&mut self, index: usize, name: &str, node: NodeId) -> TypeId {
        self.event = index;
        let hint = Hint { origin: Origin::Event(index), base: pascal(name), parent: None, json: None };
        let before = self.drafts.len();
        let planned = if self.dynamic.contains(&node) { self.dynamic_root(node, &hint) } else { self.use_of(node, &hint, false) };
        if let (Ty::Named(id), Reader::Plain) = (&planned.ty, &planned.reader)
            && id.0 >= before
            && self.drafts[id.0].origin == hint.origin
        {
            return *id;
        }
        // The type inside is none that an event can be; the event's own type is around it.
        for draft in &mut self.drafts[before..] {
            if draft.origin == hint.origin {
                draft.origin = Origin::Inline;
                draft.base = format!("{}Value", draft.base);
            }
        }
        self.known.retain(|(_, _, origin), _| *origin != hint.origin);
        self.draft(&hint, node, |_, _| Kind::Newtype(planned))
    }

    /// An event with dynamic references somewhere: they mean what they mean from the root on, so the root asks for all.
    fn dynamic_root(&mut self, node: NodeId, hint: &Hint) -> Use {
        let flat = self.algebra.flatten(self.model, node);
        let rules = self.model.rules(flat.node).clone();
        self.detour(node, flat);
        if types_of(&rules) != Types::OBJECT || rules.combines() {
            return Use { ty: Ty::Value, reader: Reader::Any(node) };
        }
        let value = self.object(node, flat, hint);
        match value.ty {
            Ty::Named(id) => self.drafts[id.0].whole = true,
            _ => return Use { reader: Reader::Whole(node, Box::new(value.reader)), ..value },
        }
        value
    }

    fn leads_to_dynamic(&self, node: NodeId) -> bool {
        if self.dynamic.is_empty() {
            return false;
        }
        // A node that planning made leads where its parts lead.
        let own = (node.0 as usize) < self.classes.len();
        let rules = self.model.rules(node);
        match own {
            true => self.dynamic.contains(&node),
            false => rules.reference.into_iter().chain(rules.children()).any(|child| self.leads_to_dynamic(child)),
        }
    }

    /// The class of a node: nodes that say the same have the same.
    fn class(&mut self, id: NodeId) -> u32 {
        if let Some(known) = self.classes.get(id.0 as usize) {
            return *known;
        }
        if let Some(known) = self.made.get(&id) {
            return *known;
        }
        let rules = self.model.rules(id).clone();
        let mut children = Vec::new();
        let own = rules.map_ids(|child| {
            children.push(child);
            NodeId(0)
        });
        let children = children.into_iter().map(|child| self.class(child)).collect();
        let next = (self.classes.len() + self.interned.len()) as u32;
        let class = *self.interned.entry((format!("{own:?}"), children)).or_insert(next);
        self.made.insert(id, class);
        class
    }

    /// A type of its own: the one that is known for the node under this name, or a new one.
    pub(super) fn draft(
        &mut self,
        hint: &Hint,
        node: NodeId,
        kind: impl FnOnce(&mut Self, TypeId) -> Kind,
    ) -> TypeId {
        let key = (self.class(node), hint.base.clone(), hint.origin.clone());
        if let Some(known) = self.known.get(&key) {
            let parents = &mut self.drafts[known.0].parents;
            if let Some(parent) = hint.parent.filter(|parent| !parents.contains(parent)) {
                parents.push(parent);
            }
            return *known;
        }
        let id = TypeId(self.drafts.len());
        self.known.insert(key, id);
        self.drafts.push(Draft {
            base: hint.base.clone(),
            origin: hint.origin.clone(),
            parents: hint.parent.into_iter().collect(),
            json: hint.json.clone(),
            node,
            kind: None,
            docs: self.docs(node),
            whole: false,
            event: self.event,
        });
        let kind = kind(self, id);
        self.drafts[id.0].kind = Some(kind);
        id
    }

    /// What a node says to people. A reference without words of its own says what its target says.
    pub(super) fn docs(&self, node: NodeId) -> Docs {
        let mut id = node;
        loop {
            let node = self.model.node(id);
            let title = node.notes.title.clone().unwrap_or_default();
            match (&node.notes.description, node.rules.reference) {
                (Some(text), _) => return Docs { text: text.clone(), deprecated: node.notes.deprecated },
                (None, Some(target)) => id = target,
                (None, None) => return Docs { text: title, deprecated: node.notes.deprecated },
            }
        }
    }

    /// Follows references that add nothing; gives where they lead, and a name for it if they lead anywhere.
    fn follow(&self, mut node: NodeId, hint: &Hint) -> (NodeId, Hint) {
        let mut hint = hint.clone();
        loop {
            let rules = self.model.rules(node);
            let own = Rules { reference: None, ..rules.clone() };
            match rules.reference {
                Some(target) if own.says_nothing() => {
                    node = target;
                    hint = Hint { origin: Origin::Definition, base: self.definition(target), json: None, ..hint };
                }
                _ => return (node, hint),
            }
        }
    }

    /// What a definition is called: the last name on the way to it, or its file's.
    fn definition(&self, node: NodeId) -> String {
        let (file, pointer) = self.model.place(node);
        let last = pointer.rsplit('/').find(|step| !step.is_empty() && step.parse::<u32>().is_err());
        let name = last.map(|step| step.replace("~1", "/").replace("~0", "~"));
        let stem = || {
            let mut parts = file.rsplit('/');
            let name = parts.next().unwrap_or_default().trim_end_matches(".json");
            let name = name.trim_end_matches(".schema");
            if name == "schema" { parts.next().unwrap_or_default().to_owned() } else { name.to_owned() }
        };
        pascal(&name.unwrap_or_else(stem))
    }

    /// Plans a schema where it is used. `constant`: a single string may be a constant, because it is always there.
    pub(super) fn use_of(&mut self, node: NodeId, hint: &Hint, constant: bool) -> Use {
        if self.leads_to_dynamic(node) {
            return Use { ty: Ty::Value, reader: Reader::Plain };
        }
        let flat = self.algebra.flatten(self.model, node);
        let (node, named) = self.follow(node, hint);
        let rules = self.model.rules(flat.node).clone();
        let types = rules.types.unwrap_or(ALL);
        if rules.never || types == Types::default() {
            return Use { ty: Ty::Value, reader: Reader::Any(node) };
        }
        let values: Option<Vec<Json>> = match (&rules.constant, &rules.choices) {
            (Some(constant), _) => Some(vec![constant.clone()]),
            (None, Some(choices)) => Some(choices.clone()),
            (None, None) => None,
        };
        if let Some(values) = values {
            return self.values(node, flat, &values, types, &named, constant);
        }
        if !rules.any_of.is_empty() || !rules.one_of.is_empty() {
            return self.combination(node, flat, &named);
        }
        self.by_types(node, flat, types, &named)
    }

    /// A schema that lists its values.
    fn values(&mut self, node: NodeId, flat: Flat, values: &[Json], types: Types, hint: &Hint, constant: bool) -> Use {
        let rules = self.model.rules(flat.node);
        let fits = |value: &Json| types.accept((&value.to_value()).into());
        let mut values: Vec<&Json> = values.iter().filter(|value| fits(value)).collect();
        let only = Rules { types: None, constant: None, choices: None, ..rules.clone() };
        let plain = flat.exact && only.says_nothing() && !(rules.constant.is_some() && rules.choices.is_some());
        let nullable = values.contains(&&Json::Null);
        values.retain(|value| **value != Json::Null);
        let kinds: Vec<&str> = values.iter().map(|value| value.kind()).collect();
        let all = |kind: &str| kinds.iter().all(|known| *known == kind);
        let value = if values.is_empty() {
            // `null` and nothing else.
            return match nullable && plain {
                true => Use { ty: Ty::Null, reader: Reader::Plain },
                false => Use { ty: Ty::Value, reader: Reader::Any(node) },
            };
        } else if all("a string") && !plain {
            Use { ty: Ty::String, reader: Reader::Text(node) }
        } else if all("a string") {
            let texts: Vec<String> = values.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect();
            match texts.as_slice() {
                [text] if constant && !nullable => {
                    Use { ty: Ty::Constant(text.clone()), reader: Reader::Constant(text.clone()) }
                }
                _ => self.names(node, &texts, false, hint),
            }
        } else if all("a boolean") {
            Use { ty: Ty::Boolean, reader: Reader::Boolean(node) }
        } else if all("a number") {
            let integers = values.iter().all(|value| serde_json::from_str(&value.to_string()).is_ok_and(|number| webhook_runtime::number::is_integer(&number)));
            match integers {
                true => Use { ty: Ty::Integer(width_of_values(&values)), reader: Reader::Integer(node) },
                false => Use { ty: Ty::Number, reader: Reader::Number(node) },
            }
        } else if plain {
            let values: Vec<Json> = values.into_iter().cloned().collect();
            let id = self.draft(hint, node, |_, _| {
                let mut scope = super::names::Scope::default();
                let name = |value: &Json| match value {
                    Json::String(text) => pascal(text),
                    Json::Number(text) => pascal(&format!("number {text}")),
                    Json::Boolean(value) => pascal(&value.to_string()),
                    Json::Array(_) => "Array".to_owned(),
                    _ => "Object".to_owned(),
                };
                Kind::Literals(values.into_iter().map(|value| (value.clone(), scope.take(&name(&value), ""))).collect())
            });
            Use { ty: Ty::Named(id), reader: Reader::Plain }
        } else {
            return Use { ty: Ty::Value, reader: Reader::Any(node) };
        };
        if nullable { nullable_of(value) } else { value }
    }

    /// One of some strings; `open`: or any other.
    pub(super) fn names(&mut self, node: NodeId, texts: &[String], open: bool, hint: &Hint) -> Use {
        let id = self.draft(hint, node, |_, _| {
            let mut scope = super::names::Scope::with(if open { &["Other"] } else { &[] });
            let mut values: Vec<(String, String)> = Vec::new();
            for text in texts {
                if !values.iter().any(|(known, _)| known == text) {
                    values.push((text.clone(), scope.take(&pascal(text), "")));
                }
            }
            Kind::Names { values, open }
        });
        Use { ty: Ty::Named(id), reader: Reader::Plain }
    }

    /// A schema of some JSON types, without `anyOf` and `oneOf`.
    pub(super) fn by_types(&mut self, node: NodeId, flat: Flat, types: Types, hint: &Hint) -> Use {
        let nullable = types.contains(Types::NULL) && types != ALL;
        let others = Types(types.0 & !Types::NULL.0);
        let single = |types: Types| types.names().count() == 1 || types == Types::INTEGER.or(Types::NUMBER);
        if others == Types::default() {
            return match self.constrained(flat) {
                true => Use { ty: Ty::Value, reader: Reader::Any(node) },
                false => Use { ty: Ty::Null, reader: Reader::Plain },
            };
        }
        if types == ALL {
            return self.untyped(node, flat, hint);
        }
        if single(others) {
            let narrowed = if nullable && others != types { self.narrowed(node, flat, others) } else { (node, flat) };
            let value = self.of_type(narrowed.0, narrowed.1, others, hint);
            return if nullable { nullable_of(value) } else { value };
        }
        let value = self.union_of_types(node, flat, others, hint);
        if nullable { nullable_of(value) } else { value }
    }

    /// The node for instances of some types only: with the same name, and nothing else to say about them.
    fn narrowed(&mut self, node: NodeId, flat: Flat, types: Types) -> (NodeId, Flat) {
        let node = self.algebra.of_types(self.model, if flat.exact { flat.node } else { node }, types);
        let flat = self.algebra.flatten(self.model, node);
        (node, flat)
    }

    /// Whether anything beyond the type decides.
    pub(super) fn constrained(&self, flat: Flat) -> bool {
        !flat.exact || {
            let rules = self.model.rules(flat.node);
            !Rules { types: None, ..rules.clone() }.says_nothing()
        }
    }

    /// A schema of one JSON type.
    pub(super) fn of_type(&mut self, node: NodeId, flat: Flat, types: Types, hint: &Hint) -> Use {
        let rules = self.model.rules(flat.node).clone();
        let constrained = self.constrained(flat);
        let scalar = |ty: Ty, reader: Reader| Use { ty, reader: if constrained { reader } else { Reader::Plain } };
        if types == Types::BOOLEAN {
            scalar(Ty::Boolean, Reader::Boolean(node))
        } else if types == Types::INTEGER {
            scalar(Ty::Integer(width(&rules)), Reader::Integer(node))
        } else if types.contains(Types::NUMBER) {
            scalar(Ty::Number, Reader::Number(node))
        } else if types == Types::STRING {
            let ty = self.text(node, flat, hint);
            scalar(ty, Reader::Text(node))
        } else if types == Types::ARRAY {
            self.array(node, flat, hint)
        } else if types == Types::OBJECT {
            self.object(node, flat, hint)
        } else {
            Use { ty: Ty::Value, reader: if constrained { Reader::Any(node) } else { Reader::Plain } }
        }
    }

    fn text(&mut self, node: NodeId, flat: Flat, hint: &Hint) -> Ty {
        let notes = self.model.node(node).notes.clone();
        let templates = if notes.templates.is_empty() { self.model.node(flat.node).notes.templates.clone() } else { notes.templates };
        let format = notes.format.or_else(|| self.model.node(flat.node).notes.format.clone());
        if !templates.is_empty() {
            let (file, pointer) = self.model.place(node);
            let (file, pointer) = (file.to_owned(), format!("{pointer}/x-text-templates"));
            for (index, text) in templates.iter().enumerate() {
                if let Err(error) = Template::parse(text) {
                    let message = format!("the template {text:?} cannot be read: {error}");
                    let advice = "write text with fields as {name} and optional parts as [, in {place}]";
                    self.problems.push(Diagnostic::at(&file, format!("{pointer}/{index}"), message, advice));
                }
            }
            let hint = Hint { base: format!("{}Fields", hint.base), ..hint.clone() };
            return Ty::Text(self.draft(&hint, node, |_, _| super::object::fields_of_text(&templates)));
        }
        let timestamp = notes.timestamp || self.model.node(flat.node).notes.timestamp;
        match format.as_deref() {
            Some("date-time" | "date-time-local") => Ty::Timestamp,
            _ if timestamp => Ty::Timestamp,
            _ => Ty::String,
        }
    }

    /// Notes that a type reads values whole, and why.
    pub(super) fn detour(&mut self, node: NodeId, flat: Flat) {
        let rules = self.model.rules(flat.node);
        let original = self.model.rules(node);
        let reasons: Vec<&str> = [
            (!rules.not.is_empty(), "not"),
            (!rules.conditions.is_empty(), "if"),
            (!rules.dependent_schemas.is_empty(), "dependentSchemas"),
            (!rules.contains.is_empty(), "contains"),
            (!rules.any_of.is_empty(), "anyOf"),
            (!rules.one_of.is_empty(), "oneOf"),
            (rules.unique, "uniqueItems"),
            (rules.unevaluated_items.or(original.unevaluated_items).is_some(), "unevaluatedItems"),
            (rules.unevaluated_members.or(original.unevaluated_members).is_some(), "unevaluatedProperties"),
            (original.dynamic.is_some(), "$dynamicRef"),
            (!flat.exact && !original.all_of.is_empty(), "allOf"),
        ]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, name)| name)
        .collect();
        let reasons = if reasons.is_empty() { "$ref".to_owned() } else { reasons.join(", ") };
        let event = &self.provider.events[self.event].name;
        let (file, pointer) = self.model.place(node);
        let note = format!("{}/{event}: {file}#{pointer} is read whole first, for {reasons}", self.provider.name);
        if !self.detours.contains(&note) {
            self.detours.push(note);
        }
    }

    fn untyped(&mut self, node: NodeId, flat: Flat, hint: &Hint) -> Use {
        let rules = self.model.rules(flat.node);
        let object = !rules.members.is_empty() || !rules.required.is_empty() || !rules.pattern_members.is_empty();
        let array = !rules.prefix.is_empty() || rules.rest.is_some();
        if object || array {
            let named = if object { Types::OBJECT } else { Types::ARRAY };
            return self.union_with_rest(node, flat, named, hint);
        }
        Use { ty: Ty::Value, reader: if self.constrained(flat) { Reader::Any(node) } else { Reader::Plain } }
    }

    fn array(&mut self, node: NodeId, flat: Flat, hint: &Hint) -> Use {
        let rules = self.model.rules(flat.node).clone();
        let whole = !flat.exact || !rules.contains.is_empty() || rules.unevaluated_items.is_some() || rules.combines();
        let counted = rules.min_items.is_some() || rules.max_items.is_some();
        let count = counted.then_some(flat.node);
        if !rules.prefix.is_empty() {
            let whole = whole || rules.unique;
            let id = self.draft(hint, node, |planner, id| planner.positional(id, &rules, count));
            self.whole(id, whole, node, flat);
            return Use { ty: Ty::Named(id), reader: Reader::Plain };
        }
        let item = match rules.rest {
            Some(item) => self.use_of(item, &hint.item(), false),
            None => Use { ty: Ty::Value, reader: Reader::Plain },
        };
        let hashed = matches!(item.ty, Ty::String | Ty::Timestamp | Ty::Boolean | Ty::Integer(_));
        let unique = rules.unique && hashed;
        let plain = item.reader == Reader::Plain && count.is_none() && !unique;
        let reader = match plain {
            true => Reader::Plain,
            false => Reader::Items { count, unique, item: Box::new(item.reader) },
        };
        let value = Use { ty: Ty::Array(Box::new(item.ty)), reader };
        if whole || rules.unique && !hashed {
            self.detour(node, flat);
            return Use { reader: Reader::Whole(node, Box::new(value.reader)), ..value };
        }
        value
    }

    /// Marks a type that reads its value whole.
    pub(super) fn whole(&mut self, id: TypeId, whole: bool, node: NodeId, flat: Flat) {
        if whole && !self.drafts[id.0].whole {
            self.drafts[id.0].whole = true;
            self.detour(node, flat);
        }
    }

    pub(super) fn extra(&mut self, id: TypeId, additional: Option<NodeId>) -> Extra {
        match additional {
            None => Extra::Open,
            Some(schema) => {
                let flat = self.algebra.flatten(self.model, schema);
                let rules = self.model.rules(flat.node);
                if rules.never {
                    Extra::Closed
                } else if rules.says_nothing() && flat.exact {
                    Extra::Open
                } else {
                    Extra::Typed(self.use_of(schema, &Hint::member(id, "extra"), false))
                }
            }
        }
    }
}

/// The nodes from which a dynamic reference is reached.
fn leading_to_dynamic(model: &Model) -> HashSet<NodeId> {
    let all = || (0..model.nodes.len() as u32).map(NodeId);
    let mut found: HashSet<NodeId> = all().filter(|id| model.rules(*id).dynamic.is_some()).collect();
    loop {
        let before = found.len();
        for id in all().filter(|_| before > 0) {
            let rules = model.rules(id);
            if rules.reference.into_iter().chain(rules.children()).any(|child| found.contains(&child)) {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

impl Rules {
    /// Whether schemas are combined in a way that needs the whole value.
    pub(crate) fn combines(&self) -> bool {
        !self.any_of.is_empty() || !self.one_of.is_empty() || !self.not.is_empty() || !self.conditions.is_empty()
    }
}

pub(super) fn nullable_of(value: Use) -> Use {
    let reader = match value.reader {
        Reader::Plain => Reader::Plain,
        reader => Reader::Nullable(Box::new(reader)),
    };
    match value.ty {
        // Null is one of its values already.
        Ty::Value | Ty::Null | Ty::Nullable(_) => Use { reader: value_reader(reader), ..value },
        ty => Use { ty: Ty::Nullable(Box::new(ty)), reader },
    }
}

fn value_reader(reader: Reader) -> Reader {
    match reader {
        Reader::Nullable(inner) => *inner,
        reader => reader,
    }
}

/// The narrowest type that holds every integer within the bounds that `i64` or `u64` hold.
fn width(rules: &Rules) -> Width {
    let integer = |text: &Option<String>| {
        let number = serde_json::from_str::<serde_json::Number>(text.as_ref()?).ok()?;
        // A bound with a fraction lets the integers on its inner side through.
        webhook_runtime::number::to_integer(&number).or_else(|| number.as_f64().map(|value| value as i128))
    };
    let least = integer(&rules.minimum).into_iter().chain(integer(&rules.exclusive_minimum)).max();
    let most = integer(&rules.maximum).into_iter().chain(integer(&rules.exclusive_maximum)).min();
    if most.is_some_and(|most| most <= i128::from(i64::MAX)) {
        Width::I64
    } else if least.is_some_and(|least| least >= 0) {
        Width::U64
    } else {
        Width::I128
    }
}

fn width_of_values(values: &[&Json]) -> Width {
    let fits = |value: &&Json| {
        let number = serde_json::from_str(&value.to_string()).ok();
        number.and_then(|number| webhook_runtime::number::to_integer(&number)).is_some_and(|v| i64::try_from(v).is_ok())
    };
    if values.iter().all(fits) { Width::I64 } else { Width::I128 }
}

/// The types that a schema allows, as far as one sees.
pub(super) fn types_of(rules: &Rules) -> Types {
    let mut types = rules.types.unwrap_or(ALL);
    let of = |value: &Json| match value {
        Json::Null => Types::NULL,
        Json::Boolean(_) => Types::BOOLEAN,
        Json::Number(_) => Types::NUMBER,
        Json::String(_) => Types::STRING,
        Json::Array(_) => Types::ARRAY,
        Json::Object(_) => Types::OBJECT,
    };
    if let Some(value) = &rules.constant {
        types = meet(types, of(value));
    }
    if let Some(values) = &rules.choices {
        types = meet(types, values.iter().fold(Types::default(), |all, value| all.or(of(value))));
    }
    if rules.never { Types::default() } else { types }
}
