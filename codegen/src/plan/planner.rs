//! Plans the Rust type of each schema, and the checks when a value is read.

use std::collections::{HashMap, HashSet};

use webhook_runtime::__private::schema::Types;

use super::inhabited::uninhabited;
use super::limits::{Extent, Gap};
use super::names::pascal;
use super::pending::{NameHint, Origin, PendingType, Root, TypeKey};
use super::types::{Docs, Kind, Plan, Reader, Ty, TypeId, Use};
use super::values::{is_beyond, width};
use crate::json::unescape;
use crate::load::catalog::{Provider, Reading};
use crate::model::diagnostic::{Checked, Diagnostic};
use crate::model::{ALL, Annotations, Keywords, NodeId, NumberType};
use crate::normalize::{Classes, Normalized, Schemas};

/// Plans the types of a provider. `roots` has the schema of each event, and of the envelope.
///
/// # Errors
///
/// Returns the text templates that cannot be parsed.
pub(crate) fn plan(provider: &Provider, schemas: &mut Schemas, roots: &[NodeId]) -> Checked<Plan> {
    let uninhabited = uninhabited(schemas.shared_model(), roots);
    let mut planner = Planner::new(provider, schemas, uninhabited);
    let mut events: Vec<(usize, Root)> = provider
        .roots()
        .zip(roots)
        .enumerate()
        .map(|(index, (event, node))| {
            let since = (provider.since(event), index == provider.events.len());
            (index, Root { event, since, node: *node, id: TypeId(0) })
        })
        .collect();
    // The oldest events are planned first, so that a new event does not change what was planned for older ones.
    events.sort_by_key(|(index, root)| (root.since, *index));
    planner.events(&mut events);
    // The types to leave out are known only when everything is planned. Each round leaves out more, so this terminates.
    while planner.problems.is_empty() && planner.leave_out() {
        planner.clear();
        planner.events(&mut events);
    }
    if !planner.problems.is_empty() {
        return Err(planner.problems);
    }
    planner.finish(&events)
}

pub(super) struct Planner<'p> {
    pub(super) provider: &'p Provider,
    pub(super) schemas: &'p mut Schemas,
    pub(super) pending: Vec<PendingType>,
    pub(super) known: HashMap<TypeKey, TypeId>,
    pub(super) classes: Classes,
    /// The classes of schemas that are being planned, since the last named type.
    pub(super) in_progress: Vec<u32>,
    /// The classes of arrays and maps that contain themselves, and the type of each.
    pub(super) recursive_containers: HashMap<(u32, bool), Option<TypeId>>,
    /// The nodes that lead to a dynamic reference. Its target depends on the path from the root.
    pub(super) dynamic: HashSet<NodeId>,
    /// The event that is being planned.
    pub(super) event: usize,
    /// Whether that event is read tolerantly.
    pub(super) tolerant: bool,
    /// Sentences about values that cannot be read in one pass or have no type.
    pub(super) notes: Vec<String>,
    pub(super) problems: Vec<Diagnostic>,
    /// The steps from the event to the schema that is being planned; see [`limits`](super::limits).
    pub(super) steps: usize,
    /// The classes of schemas without a type of their own, with the number of steps from which this holds.
    pub(super) gaps: HashMap<(u32, bool), (usize, Gap)>,
    /// The classes of schemas whose types must not contain themselves.
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
            // Only these annotations affect a type or its name.
            let Annotations { title, format, timestamp, templates, .. } = annotations;
            (title.clone(), format.clone(), *timestamp, templates.clone())
        };
        let classes = Classes::new(schemas, label);
        let dynamic = schemas.leading_to_dynamic();
        Planner {
            provider,
            schemas,
            pending: Vec::new(),
            known: HashMap::new(),
            classes,
            in_progress: Vec::new(),
            recursive_containers: HashMap::new(),
            dynamic,
            event: 0,
            tolerant: false,
            notes: Vec::new(),
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
                let text = &mut self.pending[root.id.0].docs.text;
                let gap = if text.is_empty() { "" } else { "\n\n" };
                text.push_str(&format!(
                    "{gap}The vendor has not documented this event since {since}. It may still be sent."
                ));
            }
        }
    }

    /// Discards all planned types before another round.
    fn clear(&mut self) {
        self.pending.clear();
        self.known.clear();
        self.recursive_containers.clear();
        self.gaps.clear();
        self.notes.clear();
    }

    /// Plans an event, and returns the type of its payloads. No other event shares this type.
    fn event(&mut self, index: usize, name: &str, node: NodeId) -> TypeId {
        self.event = index;
        self.tolerant = self.provider.reading(name) == Reading::Tolerant;
        let hint = NameHint { origin: Origin::Event(index), base: pascal(name), parent: None };
        let before = self.pending.len();
        let planned =
            if self.dynamic.contains(&node) { self.dynamic_root(node, &hint) } else { self.use_of(node, &hint) };
        if let (Ty::Named(id), Reader::Plain) = (&planned.ty, &planned.reader)
            && id.0 >= before
            && self.pending[id.0].origin == hint.origin
        {
            return *id;
        }
        // The planned type cannot be the event's own type, so a new type wraps it.
        for ty in &mut self.pending[before..] {
            if ty.origin == hint.origin {
                ty.origin = Origin::Inline;
                ty.base = format!("{}Value", ty.base);
            }
        }
        // Otherwise, `pending_type` would return the inner type again.
        self.known.retain(|key, _| key.origin != hint.origin);
        self.pending_type(&hint, node, |_, _| Kind::Newtype(planned))
    }

    /// Plans an event with dynamic references. Their targets depend on the path from the root, so the whole payload is
    /// validated at the root.
    fn dynamic_root(&mut self, node: NodeId, hint: &NameHint) -> Use {
        let normalized = self.schemas.normalize(node);
        let keywords = self.schemas.keywords(normalized.node).clone();
        self.note_buffered(normalized);
        if keywords.possible_types() != Types::OBJECT || keywords.combines() {
            return Use::any(node);
        }
        let value = self.object(normalized, hint);
        match value.ty {
            Ty::Named(id) => self.pending[id.0].buffered = true,
            _ => return value.buffered(node),
        }
        value
    }

    /// Plans a schema at its use, regardless of the nesting depth of types.
    pub(super) fn unlimited_use_of(&mut self, node: NodeId, hint: &NameHint) -> Use {
        let (target, named) = self.follow(node, hint);
        let class = self.class(target);
        if let Some(Some(id)) = self.recursive_containers.get(&(class, self.tolerant)) {
            return Use::plain(Ty::Named(*id));
        }
        if self.in_progress.contains(&class) {
            // The schema contains itself without a named type on the way, so it needs a type of its own.
            self.recursive_containers.insert((class, self.tolerant), None);
            return Use::plain(Ty::Value);
        }
        self.in_progress.push(class);
        let value = self.use_at(node, target, &named);
        self.in_progress.pop();
        if self.recursive_containers.get(&(class, self.tolerant)) != Some(&None) {
            return value;
        }
        // The first attempt has found that the type is needed. The second one plans the content with references to it.
        let id = self.pending_type(&named, target, |planner, id| {
            planner.recursive_containers.insert((class, planner.tolerant), Some(id));
            Kind::Newtype(planner.deeper(|planner| planner.use_at(node, target, &named)))
        });
        self.recursive_containers.insert((class, self.tolerant), Some(id));
        Use::plain(Ty::Named(id))
    }

    /// Plans a schema at its use. `node` is the target of its references.
    fn use_at(&mut self, used: NodeId, node: NodeId, named: &NameHint) -> Use {
        let normalized = Normalized { source: node, ..self.schemas.normalize(used) };
        let keywords = self.schemas.keywords(normalized.node).clone();
        let types = keywords.types.unwrap_or(ALL);
        if keywords.is_false || types == Types::default() {
            return Use::any(node);
        }
        // Listed values decide the type. All other keywords only rule some of them out.
        if let Some(values) = keywords.possible_values() {
            return self.values(normalized, &values, types, named);
        }
        if !keywords.any_of.is_empty() || !keywords.one_of.is_empty() {
            return self.combination(normalized, named);
        }
        self.by_types(normalized, types, named)
    }

    /// Plans a schema of some JSON types, without `anyOf` and `oneOf`.
    pub(super) fn by_types(&mut self, normalized: Normalized, types: Types, hint: &NameHint) -> Use {
        let nullable = types.contains(Types::NULL) && types != ALL;
        let others = Types(types.0 & !Types::NULL.0);
        let single = |types: Types| types.names().count() == 1 || types == Types::INTEGER.or(Types::NUMBER);
        if others == Types::default() {
            return if self.constrained(normalized) { Use::any(normalized.source) } else { Use::plain(Ty::Null) };
        }
        // If all types are allowed, `Value` holds null like any other value.
        if types == ALL {
            return self.untyped(normalized, hint);
        }
        if single(others) {
            let narrowed = if nullable && others != types { self.narrowed(normalized, others) } else { normalized };
            let value = self.of_type(narrowed, others, hint);
            return if nullable { self.nullable(normalized, value) } else { value };
        }
        let value = self.union_of_types(normalized, others, hint);
        if nullable { self.nullable(normalized, value) } else { value }
    }

    /// Makes a value nullable. If `not` or a similar keyword may reject null, the whole value is validated.
    fn nullable(&mut self, normalized: Normalized, value: Use) -> Use {
        let value = value.nullable();
        if normalized.exact && !self.schemas.keywords(normalized.node).combines() {
            return value;
        }
        self.buffered(value, normalized)
    }

    /// Restricts a schema to instances of some types. An inexact form would accept too much, so the original schema is
    /// then restricted and merged again.
    pub(super) fn narrowed(&mut self, normalized: Normalized, types: Types) -> Normalized {
        let narrowed = self.schemas.restrict_types(normalized.precise(), types);
        self.schemas.normalize(narrowed)
    }

    /// Returns whether a keyword other than `type` constrains values.
    pub(super) fn constrained(&self, normalized: Normalized) -> bool {
        !normalized.exact || {
            let keywords = self.schemas.keywords(normalized.node);
            !Keywords { types: None, ..keywords.clone() }.is_empty()
        }
    }

    /// Plans a schema of one JSON type.
    pub(super) fn of_type(&mut self, normalized: Normalized, types: Types, hint: &NameHint) -> Use {
        let node = normalized.source;
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
            let ty = self.text(normalized, hint);
            scalar(ty, Reader::Text(node))
        } else if types == Types::ARRAY {
            self.array(normalized, hint)
        } else if types == Types::OBJECT {
            self.object(normalized, hint)
        } else {
            scalar(Ty::Value, Reader::Any(node))
        }
    }

    fn untyped(&mut self, normalized: Normalized, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node);
        let object =
            !keywords.properties.is_empty() || !keywords.required.is_empty() || !keywords.pattern_properties.is_empty();
        let array = !keywords.prefix_items.is_empty() || keywords.items.is_some();
        if object || array {
            let named = if object { Types::OBJECT } else { Types::ARRAY };
            return self.union_with_rest(normalized, named, hint);
        }
        if self.constrained(normalized) { Use::any(normalized.source) } else { Use::plain(Ty::Value) }
    }

    /// Makes a value buffered: it is parsed into a `Value` and validated before it is converted.
    pub(super) fn buffered(&mut self, value: Use, normalized: Normalized) -> Use {
        self.note_buffered(normalized);
        value.buffered(normalized.source)
    }

    /// Makes a type buffered if `buffered` is true.
    pub(super) fn buffer(&mut self, id: TypeId, buffered: bool, normalized: Normalized) {
        if buffered && !self.pending[id.0].buffered {
            self.pending[id.0].buffered = true;
            self.note_buffered(normalized);
        }
    }

    /// Returns the class of a node. Equivalent nodes have the same class.
    pub(super) fn class(&mut self, id: NodeId) -> u32 {
        self.classes.class(self.schemas, id)
    }

    /// Returns the named type for a node: the planned type with this name, or a new type.
    pub(super) fn pending_type(
        &mut self,
        hint: &NameHint,
        node: NodeId,
        kind: impl FnOnce(&mut Self, TypeId) -> Kind,
    ) -> TypeId {
        let key = TypeKey {
            class: self.class(node),
            tolerant: self.tolerant,
            base: hint.base.clone(),
            origin: hint.origin.clone(),
        };
        if let Some(known) = self.known.get(&key) {
            let parents = &mut self.pending[known.0].parents;
            parents.extend(hint.parent.filter(|parent| !parents.contains(parent)));
            return *known;
        }
        let id = TypeId(self.pending.len());
        self.known.insert(key, id);
        self.pending.push(PendingType {
            base: hint.base.clone(),
            origin: hint.origin.clone(),
            parents: hint.parent.into_iter().collect(),
            node,
            kind: None,
            extent: Extent::default(),
            docs: self.docs(node),
            buffered: false,
            tolerant: self.tolerant,
            event: self.event,
        });
        // A schema may recur inside a named type, because the type then refers to itself by name.
        let in_progress = std::mem::take(&mut self.in_progress);
        let kind = kind(self, id);
        self.in_progress = in_progress;
        self.pending[id.0].extent = self.extent(&kind);
        self.pending[id.0].kind = Some(kind);
        id
    }

    /// Returns the documentation of a node: its description, or else the description of its reference target or of a
    /// branch of its `allOf`, or else its title.
    pub(super) fn docs(&self, node: NodeId) -> Docs {
        let annotated = |of: fn(&Annotations) -> &Option<String>| self.annotated(node, of, &mut HashSet::new());
        let found =
            annotated(|annotations| &annotations.description).or_else(|| annotated(|annotations| &annotations.title));
        let deprecated = self.schemas.node(node).annotations.deprecated;
        found.unwrap_or(Docs { text: String::new(), deprecated })
    }

    /// Returns an annotation of a node, of its reference target or of a branch of its `allOf`. Nodes in `seen` are
    /// skipped.
    fn annotated(
        &self,
        node: NodeId,
        of: fn(&Annotations) -> &Option<String>,
        seen: &mut HashSet<NodeId>,
    ) -> Option<Docs> {
        if !seen.insert(node) {
            return None;
        }
        let node = self.schemas.node(node);
        let deprecated = node.annotations.deprecated;
        if let Some(text) = of(&node.annotations) {
            return Some(Docs { text: text.clone(), deprecated });
        }
        let mut parts = node.keywords.reference.iter().chain(&node.keywords.all_of);
        let found = parts.find_map(|part| self.annotated(*part, of, seen))?;
        Some(Docs { deprecated: deprecated || found.deprecated, ..found })
    }

    /// Follows references without adjacent keywords. Returns the target, with a name hint from the last reference.
    pub(super) fn follow(&self, mut node: NodeId, hint: &NameHint) -> (NodeId, NameHint) {
        let mut hint = hint.clone();
        loop {
            let keywords = self.schemas.keywords(node);
            let own = Keywords { reference: None, ..keywords.clone() };
            match keywords.reference {
                Some(target) if own.is_empty() => {
                    node = target;
                    hint = NameHint { origin: Origin::Definition, base: self.definition(target), ..hint };
                }
                _ => return (node, hint),
            }
        }
    }

    /// Returns the name of a definition: the last name in its JSON Pointer, or else the name of its file.
    fn definition(&self, node: NodeId) -> String {
        let (file, pointer) = self.schemas.place(node);
        let last = pointer.rsplit('/').find(|step| !step.is_empty() && step.parse::<u32>().is_err());
        let name = last.map(unescape);
        let stem = || {
            let mut parts = file.rsplit('/');
            let name = parts.next().unwrap_or_default().trim_end_matches(".json");
            let name = name.trim_end_matches(".schema");
            if name == "schema" { parts.next().unwrap_or_default().to_owned() } else { name.to_owned() }
        };
        pascal(&name.unwrap_or_else(stem))
    }

    pub(super) fn leads_to_dynamic(&self, node: NodeId) -> bool {
        if self.dynamic.is_empty() {
            return false;
        }
        if !self.schemas.is_derived(node) {
            return self.dynamic.contains(&node);
        }
        // A derived schema leads to a dynamic reference if one of its parts does.
        let keywords = self.schemas.keywords(node);
        keywords.reference.into_iter().chain(keywords.children()).any(|child| self.leads_to_dynamic(child))
    }

    /// Records the reason why a type is buffered.
    pub(super) fn note_buffered(&mut self, normalized: Normalized) {
        let keywords = self.schemas.keywords(normalized.node);
        let original = self.schemas.keywords(normalized.source);
        let reasons: Vec<&str> = [
            (!keywords.not.is_empty(), "not"),
            (!keywords.if_then_else.is_empty(), "if"),
            (!keywords.dependent_schemas.is_empty(), "dependentSchemas"),
            (!keywords.contains.is_empty(), "contains"),
            (!keywords.any_of.is_empty(), "anyOf"),
            (!keywords.one_of.is_empty(), "oneOf"),
            (keywords.unique_items, "uniqueItems"),
            (keywords.unevaluated_items.or(original.unevaluated_items).is_some(), "unevaluatedItems"),
            (keywords.unevaluated_properties.or(original.unevaluated_properties).is_some(), "unevaluatedProperties"),
            (original.dynamic.is_some(), "$dynamicRef"),
            (!normalized.exact && !original.all_of.is_empty(), "allOf"),
        ]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, name)| name)
        .collect();
        // A dependency between members is checked while reading, unless one of them is a constant.
        let reasons = match (reasons.is_empty(), keywords.dependent_required.is_empty()) {
            (false, _) => reasons.join(", "),
            (true, false) => "dependentRequired".to_owned(),
            (true, true) => "$ref".to_owned(),
        };
        self.note(normalized.source, &format!(" is read whole first, for {reasons}"));
    }

    /// Records a note about a schema, once.
    pub(super) fn note(&mut self, node: NodeId, what: &str) {
        let event = self.provider.roots().nth(self.event).map_or("", |event| event.name.as_str());
        let (file, pointer) = self.schemas.place(node);
        let note = format!("{}/{event}: {file}#{pointer}{what}", self.provider.name);
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// Returns the type and reader for the chosen number type.
fn number_of(number: NumberType, node: NodeId) -> (Ty, Reader) {
    match number {
        NumberType::Number => (Ty::Number, Reader::Number(node)),
        NumberType::Decimal => (Ty::Decimal, Reader::Decimal(node)),
    }
}

impl Keywords {
    /// Returns whether the schema combines schemas in a way that needs the whole value.
    pub(crate) fn combines(&self) -> bool {
        !self.any_of.is_empty() || !self.one_of.is_empty() || !self.not.is_empty() || !self.if_then_else.is_empty()
    }
}
