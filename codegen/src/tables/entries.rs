//! Which entries a table has: equivalent schemas share one, as far as its name does not depend on the events that
//! there happen to be. A new event then adds entries, and changes none.

use std::collections::{HashMap, HashSet};

use webhook_runtime::__private::schema::{Id, Types};

use crate::model::{Keywords, NodeId};
use crate::normalize::{Schemas, classify};
use crate::plan::names::screaming;
use crate::plan::{Plan, TypeId};

/// The entries of a table.
#[derive(Debug)]
pub(crate) struct Entries {
    /// The first node of each entry.
    pub(crate) nodes: Vec<NodeId>,
    /// The name of each entry; none in tables that are not written out.
    pub(crate) names: Vec<String>,
    /// The entry of a schema that an entry has or refers to.
    links: HashMap<(Id, NodeId), Id>,
    ids: HashMap<NodeId, Id>,
}

impl Entries {
    /// The entries of some nodes and of all that they lead to: one for each class of equivalent schemas.
    pub(crate) fn by_class(schemas: &Schemas, wanted: &[NodeId]) -> Entries {
        Discovery::new(schemas, None).entries(wanted.iter().map(|node| (Owner::default(), String::new(), *node)))
    }

    /// The entries of a plan, with names.
    pub(crate) fn named(schemas: &Schemas, plan: &Plan, roots: &[NodeId]) -> Entries {
        let documents = roots.iter().enumerate().map(|(event, root)| (schemas.node(*root).document, event)).collect();
        let types = (0..plan.types.len()).map(TypeId);
        let ids = plan.events.iter().map(|event| event.root).chain(types);
        let wanted = ids.flat_map(|id| {
            let own = Owner { event: plan.event_of(id), path: screaming(&plan.types[id.0].name) };
            plan.schemas_of(id).into_iter().map(move |(segment, node)| (own.clone(), segment, node))
        });
        Discovery::new(schemas, Some(Named { plan, documents })).entries(wanted)
    }

    /// The entry of a schema that an entry has or refers to.
    pub(super) fn linked(&self, from: Id, to: NodeId) -> Option<Id> {
        self.links.get(&(from, to)).copied()
    }

    /// The entry of a node.
    pub(super) fn id(&self, node: NodeId) -> Option<Id> {
        self.ids.get(&node).copied()
    }
}

/// What an entry is named after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Owner {
    /// The only event that has it; `None` for what events share.
    event: Option<usize>,
    /// The name of a type or definition.
    path: String,
}

/// What makes two nodes one entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Type(TypeId),
    /// Nothing but `type`, or nothing at all, or `false`.
    Simple(Option<Types>, bool),
    /// In tables without names, whatever is equivalent.
    Class(u32),
    /// Nothing but a reference.
    Reference(u32, Box<Key>),
    /// What a reference refers to.
    Definition(NodeId),
    Part(Owner, u32),
}

struct Named<'p> {
    plan: &'p Plan,
    /// The event whose own document it is.
    documents: HashMap<usize, usize>,
}

struct Discovery<'m> {
    schemas: &'m Schemas,
    classes: Vec<u32>,
    dynamic: bool,
    named: Option<Named<'m>>,
    types: HashMap<u32, Vec<TypeId>>,
    places: HashMap<Key, usize>,
    found: Vec<Found>,
    links: HashMap<(usize, NodeId), usize>,
    ids: HashMap<NodeId, usize>,
}

/// An entry, as it is found.
struct Found {
    node: NodeId,
    /// What its parts are named after, and the way from there.
    owner: Owner,
    way: String,
    /// What it is named; must still be made unique.
    name: String,
    /// Where it is listed: by event, then what events share.
    group: usize,
}

impl<'m> Discovery<'m> {
    fn new(schemas: &'m Schemas, named: Option<Named<'m>>) -> Discovery<'m> {
        let dynamic = schemas.ids().any(|id| schemas.keywords(id).dynamic.is_some());
        let label = |id: NodeId| {
            let node = schemas.node(id);
            // With dynamic references it matters which resource a schema is in, and whether it is its root.
            let resource = |id: NodeId| {
                let resource = schemas.node(id).resource;
                dynamic.then(|| (resource, schemas.model().resources[resource].root == id))
            };
            let target = |id: NodeId| (schemas.bundled_pointer(id), resource(id));
            let references = [node.keywords.reference, node.keywords.dynamic.as_ref().map(|(_, id)| *id)];
            (node.dialect, references.map(|id| id.map(target)), resource(id))
        };
        let classes = classify(schemas, label);
        let mut types: HashMap<u32, Vec<TypeId>> = HashMap::new();
        for (index, ty) in named.iter().flat_map(|named| named.plan.types.iter().enumerate()) {
            types.entry(classes[ty.node.0]).or_default().push(TypeId(index));
        }
        Discovery {
            schemas,
            classes,
            dynamic,
            named,
            types,
            places: HashMap::new(),
            found: Vec::new(),
            links: HashMap::new(),
            ids: HashMap::new(),
        }
    }

    fn entries(mut self, wanted: impl IntoIterator<Item = (Owner, String, NodeId)>) -> Entries {
        let mut done = 0;
        for (owner, way, node) in wanted {
            self.entry(&owner, &way, node);
            while done < self.found.len() {
                self.follow(done);
                done += 1;
            }
        }
        self.finish()
    }

    /// The entry of a node that is met on the way from an owner.
    fn entry(&mut self, owner: &Owner, way: &str, node: NodeId) -> usize {
        let key = self.key(owner, node, 0);
        self.place(key, owner, way, node)
    }

    fn place(&mut self, key: Key, owner: &Owner, way: &str, node: NodeId) -> usize {
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                let found = self.found(&key, owner, way, node);
                self.found.push(found);
                self.places.insert(key, self.found.len() - 1);
                self.found.len() - 1
            }
        };
        self.ids.entry(node).or_insert(place);
        place
    }

    fn follow(&mut self, from: usize) {
        let Found { node, owner, way, .. } = &self.found[from];
        let (node, owner, way) = (*node, owner.clone(), way.clone());
        let mut next = parts(self.schemas.keywords(node));
        let keywords = self.schemas.keywords(node);
        if let Some(target) = keywords.reference {
            let key = self.target(&owner, target, 0);
            let place = self.place(key, &owner, &way, target);
            self.links.insert((from, target), place);
        }
        next.extend(keywords.dynamic.as_ref().map(|(_, id)| ("dynamic_ref".to_owned(), *id)));
        if self.dynamic {
            let entered = [Some(node), keywords.reference].into_iter().flatten();
            for resource in entered.map(|id| self.schemas.node(id).resource) {
                next.extend(self.schemas.model().resources[resource].dynamic_anchors.iter().cloned());
            }
        }
        for (segment, to) in next {
            let way = if way.is_empty() { segment } else { format!("{way}_{segment}") };
            let place = self.entry(&owner, &way, to);
            self.links.insert((from, to), place);
        }
    }

    fn class(&self, node: NodeId) -> u32 {
        self.classes[node.0]
    }

    fn key(&self, owner: &Owner, node: NodeId, depth: usize) -> Key {
        let class = self.class(node);
        let Some(named) = &self.named else { return Key::Class(class) };
        let types = self.types.get(&class).map_or(&[][..], Vec::as_slice);
        let own = |id: &&TypeId| named.plan.types[id.0].node == node;
        let near = |id: &&TypeId| named.plan.event_of(**id).is_none_or(|event| Some(event) == owner.event);
        if let Some(id) = types.iter().find(own).or_else(|| types.iter().find(near)) {
            return Key::Type(*id);
        }
        let keywords = self.schemas.keywords(node);
        if is_simple(keywords) {
            return Key::Simple(keywords.types, keywords.is_false);
        }
        match keywords.reference {
            // A reference to a reference, and so on, has an end, unless it is a circle.
            Some(target) if is_reference(keywords) && depth < 16 => {
                Key::Reference(class, Box::new(self.target(owner, target, depth + 1)))
            }
            _ => Key::Part(owner.clone(), class),
        }
    }

    /// The key of what a reference refers to.
    fn target(&self, owner: &Owner, node: NodeId, depth: usize) -> Key {
        match self.key(owner, node, depth) {
            Key::Part(..) => Key::Definition(node),
            key => key,
        }
    }

    fn found(&self, key: &Key, owner: &Owner, way: &str, node: NodeId) -> Found {
        let Some(named) = &self.named else {
            return Found { node, owner: owner.clone(), way: String::new(), name: String::new(), group: 0 };
        };
        let shared = named.plan.events.len();
        let at = |owner: Owner, way: String, group: usize| {
            let parts = [owner.path.as_str(), way.as_str()];
            let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
            Found { node, owner, way, name: screaming(&name), group }
        };
        match key {
            Key::Type(id) => {
                let event = named.plan.event_of(*id);
                let owner = Owner { event, path: screaming(&named.plan.types[id.0].name) };
                at(owner, String::new(), event.unwrap_or(shared))
            }
            Key::Simple(..) => {
                let path = simple_name(self.schemas.keywords(node));
                at(Owner { event: None, path }, String::new(), shared + 1)
            }
            Key::Reference(_, target) => {
                let target = match self.schemas.keywords(node).reference {
                    Some(node) => self.found(target, owner, way, node),
                    None => return at(owner.clone(), way.to_owned(), shared),
                };
                Found { node, name: format!("{}_REF", target.name), ..target }
            }
            Key::Definition(node) => {
                let (file, pointer) = self.schemas.place(*node);
                let event = named.documents.get(&self.schemas.node(*node).document).copied();
                let of_event = event.map(|event| named.plan.types[named.plan.events[event].root.0].name.as_str());
                let last = match pointer.rsplit('/').next() {
                    Some(last) if !last.is_empty() => last,
                    _ => file.rsplit('/').next().map_or(file, |name| name.trim_end_matches(".json")),
                };
                let path = of_event.map_or_else(|| last.to_owned(), |event| format!("{}_{last}", screaming(event)));
                at(Owner { event, path: screaming(&path) }, String::new(), event.unwrap_or(shared))
            }
            Key::Part(..) | Key::Class(_) => at(owner.clone(), way.to_owned(), owner.event.unwrap_or(shared)),
        }
    }

    /// Puts the entries in order, and makes their names unique.
    fn finish(self) -> Entries {
        let mut order: Vec<usize> = (0..self.found.len()).collect();
        if self.named.is_some() {
            let shared = self.named.as_ref().map_or(0, |named| named.plan.events.len());
            // What events share is in the order of names, which does not depend on who comes first.
            order.sort_by_key(|place| {
                let found = &self.found[*place];
                (found.group, if found.group >= shared { found.name.clone() } else { String::new() }, *place)
            });
        }
        let mut ids: Vec<Id> = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(place, id)| ids[*place] = id);
        let mut taken: HashSet<String> = ["SCHEMAS".to_owned(), String::new()].into();
        let names = order.iter().map(|place| unique(&self.found[*place].name, &mut taken)).collect();
        Entries {
            nodes: order.iter().map(|place| self.found[*place].node).collect(),
            names: if self.named.is_some() { names } else { Vec::new() },
            links: self.links.into_iter().map(|((from, to), place)| ((ids[from], to), ids[place])).collect(),
            ids: self.ids.into_iter().map(|(node, place)| (node, ids[place])).collect(),
        }
    }
}

fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let name =
        if name.starts_with(|c: char| unicode_ident::is_xid_start(c)) { name.to_owned() } else { format!("X{name}") };
    let unique = if taken.contains(&name) {
        (2..).map(|count| format!("{name}_{count}")).find(|name| !taken.contains(name)).unwrap_or_default()
    } else {
        name
    };
    taken.insert(unique.clone());
    unique
}

/// Whether `type` is the only keyword.
fn is_simple(keywords: &Keywords) -> bool {
    let bare = Keywords { types: keywords.types, is_false: keywords.is_false, ..Keywords::default() };
    *keywords == bare
}

/// Whether a reference is the only keyword.
fn is_reference(keywords: &Keywords) -> bool {
    let bare = Keywords { reference: keywords.reference, ..Keywords::default() };
    *keywords == bare
}

fn simple_name(keywords: &Keywords) -> String {
    match keywords.types {
        _ if keywords.is_false => "NEVER".to_owned(),
        None => "ANYTHING".to_owned(),
        Some(Types(0)) => "NO_TYPE".to_owned(),
        Some(types) => types.names().collect::<Vec<_>>().join("_or_"),
    }
}

/// The schemas that a schema has, with the part that each adds to a name.
fn parts(keywords: &Keywords) -> Vec<(String, NodeId)> {
    let counted = |name: &str, list: &[NodeId]| -> Vec<(String, NodeId)> {
        let name = |index: usize| if list.len() == 1 { name.to_owned() } else { format!("{name}_{index}") };
        list.iter().enumerate().map(|(index, id)| (name(index), *id)).collect()
    };
    let one = |name: &str, id: Option<NodeId>| id.map(|id| (name.to_owned(), id));
    let mut all: Vec<(String, NodeId)> = keywords.properties.clone();
    let patterns: Vec<NodeId> = keywords.pattern_properties.iter().map(|(_, id)| *id).collect();
    all.extend(counted("pattern_properties", &patterns));
    all.extend(one("additional_properties", keywords.additional_properties));
    all.extend(counted("property_names", &keywords.property_names));
    all.extend(counted("prefix_item", &keywords.prefix_items));
    all.extend(one("item", keywords.items));
    let contains: Vec<NodeId> = keywords.contains.iter().map(|contains| contains.schema).collect();
    all.extend(counted("contains", &contains));
    all.extend(counted("all_of", &keywords.all_of));
    all.extend(keywords.any_of.iter().flat_map(|branches| counted("any_of", branches)));
    all.extend(keywords.one_of.iter().flat_map(|branches| counted("one_of", branches)));
    all.extend(counted("not", &keywords.not));
    for condition in &keywords.if_then_else {
        all.push(("if".to_owned(), condition.condition));
        all.extend(one("then", condition.then));
        all.extend(one("else", condition.otherwise));
    }
    all.extend(keywords.dependent_schemas.iter().map(|(name, id)| (format!("if_{name}"), *id)));
    all.extend(one("unevaluated_items", keywords.unevaluated_items));
    all.extend(one("unevaluated_properties", keywords.unevaluated_properties));
    all
}
