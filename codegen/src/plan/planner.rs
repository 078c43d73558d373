//! From schemas to types: which Rust type holds what a schema accepts, and what must be checked when it is read.

use std::collections::{HashMap, HashSet};

use webhook_runtime::__private::schema::Types;

use super::inhabited::uninhabited;
use super::integers::{is_beyond, width};
use super::limits::Gap;
use super::names::pascal;
use super::pending::{NameHint, Origin, PendingType, Planned, Root};
use super::types::{Extra, Kind, Reader, Ty, TypeId, Use};
use crate::json::Json;
use crate::load::catalog::{Provider, Reading};
use crate::model::diagnostic::Diagnostic;
use crate::model::{ALL, Annotations, Keywords, NodeId, NumberType};
use crate::normalize::{Classes, Normalized, Schemas};

/// Plans the types of a provider.
pub(super) fn plan(provider: &Provider, schemas: &mut Schemas, roots: &[NodeId]) -> Result<Planned, Vec<Diagnostic>> {
    let uninhabited = uninhabited(schemas.shared_model(), roots);
    let mut planner = Planner::new(provider, schemas, uninhabited);
    let mut events: Vec<(usize, Root)> = provider
        .events
        .iter()
        .zip(roots)
        .enumerate()
        .map(|(index, (event, node))| (index, Root { event, since: provider.since(event), node: *node, id: TypeId(0) }))
        .collect();
    // The oldest first: what a later event adds changes nothing of what is planned before.
    events.sort_by_key(|(index, root)| (root.since, *index));
    planner.events(&mut events);
    // What must be left out shows when everything is planned. Each round leaves more out, so the last one is reached.
    while planner.problems.is_empty() && planner.leave_out() {
        planner.clear();
        planner.events(&mut events);
    }
    if !planner.problems.is_empty() {
        return Err(planner.problems);
    }
    Ok(planner.finish(&events))
}

pub(super) struct Planner<'p> {
    pub(super) provider: &'p Provider,
    pub(super) schemas: &'p mut Schemas,
    pub(super) drafts: Vec<PendingType>,
    /// Types by their content, whether they are read tolerantly, and what they are called after.
    pub(super) known: HashMap<(u32, bool, String, Origin), TypeId>,
    pub(super) classes: Classes,
    /// The classes of schemas that are being planned, from the last type on.
    pub(super) in_progress: Vec<u32>,
    /// The classes of arrays and maps that have themselves inside, and the type of each.
    pub(super) recursive_containers: HashMap<(u32, bool), Option<TypeId>>,
    /// The nodes that lead to a dynamic reference, which means something only from the root on.
    pub(super) dynamic: HashSet<NodeId>,
    /// The event that is being planned.
    pub(super) event: usize,
    /// Whether that event is read tolerantly.
    pub(super) tolerant: bool,
    pub(super) buffered: Vec<String>,
    pub(super) problems: Vec<Diagnostic>,
    /// The steps from the event to the schema that is being planned; see [`limits`](super::limits).
    pub(super) steps: usize,
    /// The classes of schemas that have no type of their own from a number of steps on.
    pub(super) gaps: HashMap<(u32, bool), (usize, Gap)>,
    /// The classes of schemas whose types may not contain themselves.
    pub(super) acyclic: HashSet<u32>,
    /// The classes of schemas whose types would have no finite value.
    pub(super) endless: HashSet<u32>,
    /// The schemas that accept no finite value.
    pub(super) uninhabited: HashSet<NodeId>,
}

impl<'p> Planner<'p> {
    fn new(provider: &'p Provider, schemas: &'p mut Schemas, uninhabited: HashSet<NodeId>) -> Planner<'p> {
        let label = |id: NodeId| {
            let annotations = &schemas.node(id).annotations;
            // The annotations that determine a type or its name.
            let Annotations { title, format, timestamp, templates, .. } = annotations;
            (title.clone(), format.clone(), *timestamp, templates.clone())
        };
        let classes = Classes::new(schemas, label);
        let dynamic = schemas.leading_to_dynamic();
        Planner {
            provider,
            schemas,
            drafts: Vec::new(),
            known: HashMap::new(),
            classes,
            in_progress: Vec::new(),
            recursive_containers: HashMap::new(),
            dynamic,
            event: 0,
            tolerant: false,
            buffered: Vec::new(),
            problems: Vec::new(),
            steps: 0,
            gaps: HashMap::new(),
            acyclic: HashSet::new(),
            endless: HashSet::new(),
            uninhabited,
        }
    }

    /// Plans the types of all events.
    fn events(&mut self, events: &mut [(usize, Root<'_>)]) {
        for (index, root) in events {
            root.id = self.event(*index, &root.event.name, root.node);
            let settings = self.provider.settings.events.get(&root.event.name);
            if let Some(since) = settings.and_then(|settings| settings.undocumented_since.as_deref()) {
                let text = &mut self.drafts[root.id.0].docs.text;
                let gap = if text.is_empty() { "" } else { "\n\n" };
                text.push_str(&format!(
                    "{gap}The vendor has not documented this event since {since}. It may still be sent."
                ));
            }
        }
    }

    /// Forgets what was planned.
    fn clear(&mut self) {
        self.drafts.clear();
        self.known.clear();
        self.recursive_containers.clear();
        self.gaps.clear();
        self.buffered.clear();
    }

    /// Plans an event; gives its type, which is its own.
    fn event(&mut self, index: usize, name: &str, node: NodeId) -> TypeId {
        self.event = index;
        self.tolerant = self.provider.reading(name) == Reading::Tolerant;
        let hint = NameHint { origin: Origin::Event(index), base: pascal(name), parent: None };
        let before = self.drafts.len();
        let planned =
            if self.dynamic.contains(&node) { self.dynamic_root(node, &hint) } else { self.use_of(node, &hint) };
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
        self.known.retain(|(.., origin), _| *origin != hint.origin);
        self.draft(&hint, node, |_, _| Kind::Newtype(planned))
    }

    /// An event with dynamic references: what they refer to depends on the path from the root, so the whole payload is validated
    /// at the root.
    fn dynamic_root(&mut self, node: NodeId, hint: &NameHint) -> Use {
        let normalized = self.schemas.normalize(node);
        let keywords = self.schemas.keywords(normalized.node).clone();
        self.note_buffered(node, normalized);
        if keywords.possible_types() != Types::OBJECT || keywords.combines() {
            return Use { ty: Ty::Value, reader: Reader::Any(node) };
        }
        let value = self.object(node, normalized, hint);
        match value.ty {
            Ty::Named(id) => self.drafts[id.0].whole = true,
            _ => return Use { reader: Reader::Whole(node, Box::new(value.reader)), ..value },
        }
        value
    }

    /// Plans a schema where it is used, however deep the types in it nest.
    pub(super) fn unlimited_use_of(&mut self, node: NodeId, hint: &NameHint) -> Use {
        let (target, named) = self.follow(node, hint);
        let class = self.class(target);
        if let Some(Some(id)) = self.recursive_containers.get(&(class, self.tolerant)) {
            return Use { ty: Ty::Named(*id), reader: Reader::Plain };
        }
        if self.in_progress.contains(&class) {
            // It has itself inside, and no type of its own on the way: it needs one.
            self.recursive_containers.insert((class, self.tolerant), None);
            return Use { ty: Ty::Value, reader: Reader::Plain };
        }
        self.in_progress.push(class);
        let value = self.use_at(node, target, &named);
        self.in_progress.pop();
        if self.recursive_containers.get(&(class, self.tolerant)) != Some(&None) {
            return value;
        }
        let id = self.draft(&named, target, |planner, id| {
            planner.recursive_containers.insert((class, planner.tolerant), Some(id));
            Kind::Newtype(planner.deeper(|planner| planner.use_at(node, target, &named)))
        });
        self.recursive_containers.insert((class, self.tolerant), Some(id));
        Use { ty: Ty::Named(id), reader: Reader::Plain }
    }

    /// Plans a schema where it is used. `node`: where its references lead.
    fn use_at(&mut self, used: NodeId, node: NodeId, named: &NameHint) -> Use {
        let normalized = self.schemas.normalize(used);
        let keywords = self.schemas.keywords(normalized.node).clone();
        let types = keywords.types.unwrap_or(ALL);
        if keywords.is_false || types == Types::default() {
            return Use { ty: Ty::Value, reader: Reader::Any(node) };
        }
        let values: Option<Vec<Json>> = match (&keywords.const_value, &keywords.enum_values) {
            (Some(constant), _) => Some(vec![constant.clone()]),
            (None, Some(choices)) => Some(choices.clone()),
            (None, None) => None,
        };
        if let Some(values) = values {
            return self.values(node, normalized, &values, types, named);
        }
        if !keywords.any_of.is_empty() || !keywords.one_of.is_empty() {
            return self.combination(node, normalized, named);
        }
        self.by_types(node, normalized, types, named)
    }

    /// A schema of some JSON types, without `anyOf` and `oneOf`.
    pub(super) fn by_types(&mut self, node: NodeId, normalized: Normalized, types: Types, hint: &NameHint) -> Use {
        let nullable = types.contains(Types::NULL) && types != ALL;
        let others = Types(types.0 & !Types::NULL.0);
        let single = |types: Types| types.names().count() == 1 || types == Types::INTEGER.or(Types::NUMBER);
        if others == Types::default() {
            return match self.constrained(normalized) {
                true => Use { ty: Ty::Value, reader: Reader::Any(node) },
                false => Use { ty: Ty::Null, reader: Reader::Plain },
            };
        }
        if types == ALL {
            return self.untyped(node, normalized, hint);
        }
        if single(others) {
            let narrowed =
                if nullable && others != types { self.narrowed(node, normalized, others) } else { (node, normalized) };
            let value = self.of_type(narrowed.0, narrowed.1, others, hint);
            return if nullable { self.nullable(node, normalized, value) } else { value };
        }
        let value = self.union_of_types(node, normalized, others, hint);
        if nullable { self.nullable(node, normalized, value) } else { value }
    }

    /// A value whose types allow null. Whether `not` and similar keywords do is decided for the whole value.
    fn nullable(&mut self, node: NodeId, normalized: Normalized, value: Use) -> Use {
        let value = value.nullable();
        if normalized.exact && !self.schemas.keywords(normalized.node).combines() {
            return value;
        }
        self.note_buffered(node, normalized);
        Use { ty: value.ty, reader: Reader::Whole(node, Box::new(value.reader)) }
    }

    /// The node for instances of some types only: with the same name, and no other keyword.
    fn narrowed(&mut self, node: NodeId, normalized: Normalized, types: Types) -> (NodeId, Normalized) {
        let node = self.schemas.restrict_types(if normalized.exact { normalized.node } else { node }, types);
        let normalized = self.schemas.normalize(node);
        (node, normalized)
    }

    /// Whether anything beyond the type decides.
    pub(super) fn constrained(&self, normalized: Normalized) -> bool {
        !normalized.exact || {
            let keywords = self.schemas.keywords(normalized.node);
            !Keywords { types: None, ..keywords.clone() }.is_empty()
        }
    }

    /// A schema of one JSON type.
    pub(super) fn of_type(&mut self, node: NodeId, normalized: Normalized, types: Types, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node).clone();
        let constrained = self.constrained(normalized);
        let scalar = |ty: Ty, reader: Reader| Use { ty, reader: if constrained { reader } else { Reader::Plain } };
        if types == Types::BOOLEAN {
            scalar(Ty::Boolean, Reader::Boolean(node))
        } else if types == Types::INTEGER
            && let Some(number) = keywords.number_type
        {
            // A plain reader of numbers would accept fractions.
            let (ty, reader) = number_of(number, node);
            Use { ty, reader }
        } else if types == Types::INTEGER && is_beyond(&keywords) {
            Use { ty: Ty::Number, reader: Reader::Number(node) }
        } else if types == Types::INTEGER {
            scalar(Ty::Integer(width(&keywords)), Reader::Integer(node))
        } else if types.contains(Types::NUMBER) {
            let (ty, reader) = number_of(keywords.number_type.unwrap_or(NumberType::Number), node);
            scalar(ty, reader)
        } else if types == Types::STRING {
            let ty = self.text(node, normalized, hint);
            scalar(ty, Reader::Text(node))
        } else if types == Types::ARRAY {
            self.array(node, normalized, hint)
        } else if types == Types::OBJECT {
            self.object(node, normalized, hint)
        } else {
            Use { ty: Ty::Value, reader: if constrained { Reader::Any(node) } else { Reader::Plain } }
        }
    }

    fn untyped(&mut self, node: NodeId, normalized: Normalized, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node);
        let object =
            !keywords.properties.is_empty() || !keywords.required.is_empty() || !keywords.pattern_properties.is_empty();
        let array = !keywords.prefix_items.is_empty() || keywords.items.is_some();
        if object || array {
            let named = if object { Types::OBJECT } else { Types::ARRAY };
            return self.union_with_rest(node, normalized, named, hint);
        }
        Use { ty: Ty::Value, reader: if self.constrained(normalized) { Reader::Any(node) } else { Reader::Plain } }
    }

    fn array(&mut self, node: NodeId, normalized: Normalized, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node).clone();
        let whole = !normalized.exact
            || !keywords.contains.is_empty()
            || keywords.unevaluated_items.is_some()
            || keywords.combines();
        let counted = keywords.min_items.is_some() || keywords.max_items.is_some();
        let count = counted.then_some(normalized.node);
        if !keywords.prefix_items.is_empty() {
            let whole = whole || keywords.unique_items;
            let id = self.draft(hint, node, |planner, id| planner.positional(id, &keywords, count));
            self.whole(id, whole, node, normalized);
            return Use { ty: Ty::Named(id), reader: Reader::Plain };
        }
        let item = match keywords.items {
            Some(item) => self.use_of_item(item, &hint.item()),
            None => Use { ty: Ty::Value, reader: Reader::Plain },
        };
        let hashed = matches!(item.ty, Ty::String | Ty::Timestamp | Ty::Boolean | Ty::Integer(_));
        let unique = keywords.unique_items && hashed;
        let plain = item.reader == Reader::Plain && count.is_none() && !unique;
        let reader = match plain {
            true => Reader::Plain,
            false => Reader::Items { count, unique, item: Box::new(item.reader) },
        };
        let value = Use { ty: Ty::Array(Box::new(item.ty)), reader };
        if whole || keywords.unique_items && !hashed {
            self.note_buffered(node, normalized);
            return Use { reader: Reader::Whole(node, Box::new(value.reader)), ..value };
        }
        value
    }

    /// Marks a type that reads its value whole.
    pub(super) fn whole(&mut self, id: TypeId, whole: bool, node: NodeId, normalized: Normalized) {
        if whole && !self.drafts[id.0].whole {
            self.drafts[id.0].whole = true;
            self.note_buffered(node, normalized);
        }
    }

    pub(super) fn extra(&mut self, id: TypeId, additional: Option<NodeId>) -> Extra {
        match additional {
            None => Extra::Open,
            Some(schema) => {
                let normalized = self.schemas.normalize(schema);
                let keywords = self.schemas.keywords(normalized.node);
                if keywords.is_false {
                    Extra::Closed
                } else if keywords.is_empty() && normalized.exact {
                    Extra::Open
                } else {
                    Extra::Typed(self.use_of(schema, &NameHint::member(id, "extra")))
                }
            }
        }
    }
}

/// A number of the type that its schema chooses.
fn number_of(number: NumberType, node: NodeId) -> (Ty, Reader) {
    match number {
        NumberType::Number => (Ty::Number, Reader::Number(node)),
        NumberType::Decimal => (Ty::Decimal, Reader::Decimal(node)),
    }
}

impl Keywords {
    /// Whether schemas are combined in a way that needs the whole value.
    pub(crate) fn combines(&self) -> bool {
        !self.any_of.is_empty() || !self.one_of.is_empty() || !self.not.is_empty() || !self.if_then_else.is_empty()
    }
}
