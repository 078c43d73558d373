//! What a plan consists of: events, and the types of a module.

use crate::json::{Json, JsonType};
use crate::model::NodeId;

/// A type, by its place in [`Plan::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) usize);

/// What a provider's module will hold.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) module: String,
    pub(crate) events: Vec<Event>,
    pub(crate) types: Vec<Type>,
    /// What could not be read in one pass, or has no type: sentences for people.
    pub(crate) notes: Vec<String>,
}

/// An event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) wire_name: String,
    /// Its variant and its type.
    pub(crate) variant: String,
    pub(crate) module: String,
    pub(crate) root: TypeId,
    pub(crate) node: NodeId,
}

/// A type of its own.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: String,
    /// The schema that decides.
    pub(crate) node: NodeId,
    pub(crate) kind: Kind,
    pub(crate) docs: Docs,
    /// The only event that uses it; `None` when several do.
    pub(crate) event: Option<usize>,
    /// The first event that uses it.
    pub(crate) first_event: usize,
    /// Whether the value is buffered: parsed whole, validated, and converted then.
    pub(crate) buffered: bool,
    /// Whether a member that is not required is set aside when its value does not fit.
    pub(crate) tolerant: bool,
}

/// The documentation of a type or a field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Docs {
    pub(crate) text: String,
    pub(crate) deprecated: bool,
}

impl Docs {
    /// Whether the text adds nothing to the name.
    pub(crate) fn repeats(&self, name: &str) -> bool {
        let letters =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let text = letters(&self.text);
        text.is_empty() || text == letters(name)
    }
}

/// What kind of type.
#[derive(Debug)]
pub(crate) enum Kind {
    Struct(Struct),
    Positional(Positional),
    /// One of some strings: the string and the variant. Open: any other string too.
    StringEnum {
        values: Vec<(String, String)>,
        /// A description of each string, which may be empty.
        docs: Vec<String>,
        open: bool,
    },
    /// One of some constants: the constant and the variant.
    ConstEnum(Vec<(Json, String)>),
    Union(Union),
    /// A value of another type under a name of its own.
    Newtype(Use),
}

/// An object.
#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// Members that are always there with the same value, and have no field.
    pub(crate) constants: Vec<ConstantMember>,
    pub(crate) extra: Extra,
    /// The schema that every member's name must be valid against.
    pub(crate) names: Option<NodeId>,
    /// The schema with the bounds on the number of members.
    pub(crate) count: Option<NodeId>,
    /// Members that must be there when another is: places of both in the fields.
    pub(crate) dependent: Vec<(usize, usize)>,
}

/// A member that is always there with the same value: an associated constant.
#[derive(Debug)]
pub(crate) struct ConstantMember {
    pub(crate) json: String,
    /// Its name as a constant.
    pub(crate) name: String,
    pub(crate) value: Constant,
    /// How many fields come before it in documented order.
    pub(crate) after: usize,
}

/// A value that an associated constant can have.
#[derive(Clone, Debug)]
pub(crate) enum Constant {
    String(String),
    Boolean(bool),
    Integer(i64),
}

impl Constant {
    /// The constant of a JSON value; `None` for null, containers and numbers that no `i64` holds.
    pub(crate) fn new(value: Json) -> Option<Constant> {
        match value {
            Json::String(text) => Some(Constant::String(text)),
            Json::Boolean(value) => Some(Constant::Boolean(value)),
            Json::Number(text) => text.parse().ok().map(Constant::Integer),
            _ => None,
        }
    }

    /// The JSON value.
    pub(crate) fn json(&self) -> Json {
        match self {
            Constant::String(text) => Json::String(text.clone()),
            Constant::Boolean(value) => Json::Boolean(*value),
            Constant::Integer(value) => Json::Number(value.to_string()),
        }
    }
}

/// What becomes of a member that the schema does not name.
#[derive(Debug)]
pub(crate) enum Extra {
    /// It is rejected.
    Closed,
    /// It is kept.
    Open,
    /// It is kept if it is valid against the schema.
    Checked(NodeId),
    /// It is read as a type.
    Typed(Use),
}

/// A member.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) json: String,
    pub(crate) name: String,
    pub(crate) value: Use,
    pub(crate) presence: Presence,
    /// Whether a condition decides if the schema applies: if it does not, another value is kept in `extra`.
    pub(crate) conditional: bool,
    /// The one value that the member can have.
    pub(crate) constant: Option<Json>,
    /// Whether its type is so large that it is boxed.
    pub(crate) boxed: bool,
    pub(crate) docs: Docs,
}

/// Whether a member may be absent, or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// It may be absent, and it may be null. The value's type is without the null.
    Nullable,
}

/// An array whose first items have meanings of their own.
#[derive(Debug)]
pub(crate) struct Positional {
    pub(crate) fields: Vec<Field>,
    /// What further items are; `None` when there may be none.
    pub(crate) rest: Option<Use>,
    pub(crate) rest_name: String,
    /// The schema with the bounds on the number of items.
    pub(crate) count: Option<NodeId>,
}

/// A value of one of several types.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) variants: Vec<Variant>,
    /// The variant that is the default, by its place.
    pub(crate) default: usize,
    /// What each JSON type becomes.
    pub(crate) arms: Vec<(JsonType, Arm)>,
}

/// A variant of a union.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) value: Use,
    /// Whether its type is so large that it is boxed.
    pub(crate) boxed: bool,
    pub(crate) docs: Docs,
}

/// What a JSON type becomes: variants by their places.
#[derive(Clone, Debug)]
pub(crate) enum Arm {
    /// Always this variant.
    One(usize),
    /// The variant that each string of a member of this name identifies.
    Tagged(String, Vec<(Vec<String>, usize)>),
    /// The variant that each member identifies by being there; the first that is there decides, and without any the last variant.
    Present(Vec<(String, usize)>, usize),
    /// The first variant whose schema accepts the value, if the schema of the union does.
    Choice(Vec<(NodeId, usize)>),
}

/// A type where it is used, and how it is read there.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub(crate) ty: Ty,
    pub(crate) reader: Reader,
}

/// A type where it is used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    Value,
    Null,
    Boolean,
    Integer(Width),
    Number,
    /// A number with all of its digits.
    Decimal,
    String,
    Timestamp,
    /// A text with fields, by the templates' place in [`Type`]'s planning.
    Text(TypeId),
    Named(TypeId),
    Array(Box<Ty>),
    Map(Box<Ty>),
    /// An object of anything.
    Object,
    Nullable(Box<Ty>),
}

/// The type of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    I64,
    U64,
}

/// How the items of an array are compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uniqueness {
    /// They may be equal.
    Any,
    /// By their values, which are equal if their JSON is.
    Values,
    /// As JSON.
    Json,
}

/// How a value is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reader {
    /// As its type reads itself.
    Plain,
    Text(NodeId),
    Number(NodeId),
    Decimal(NodeId),
    Integer(NodeId),
    Boolean(NodeId),
    Any(NodeId),
    Items {
        count: Option<NodeId>,
        unique: Uniqueness,
        item: Box<Reader>,
    },
    Entries {
        count: Option<NodeId>,
        names: Option<NodeId>,
        value: Box<Reader>,
    },
    Nullable(Box<Reader>),
    Buffered(NodeId, Box<Reader>),
}

impl Reader {
    /// Every schema that the reader validates against.
    pub(crate) fn schemas(&self, found: &mut Vec<NodeId>) {
        match self {
            Reader::Plain => {}
            Reader::Text(id)
            | Reader::Number(id)
            | Reader::Decimal(id)
            | Reader::Integer(id)
            | Reader::Boolean(id)
            | Reader::Any(id) => {
                found.push(*id);
            }
            Reader::Items { count, item, .. } => {
                found.extend(count);
                item.schemas(found);
            }
            Reader::Entries { count, names, value } => {
                found.extend(count.iter().chain(names));
                value.schemas(found);
            }
            Reader::Nullable(inner) => inner.schemas(found),
            Reader::Buffered(id, inner) => {
                found.push(*id);
                inner.schemas(found);
            }
        }
    }
}

impl Plan {
    /// Whether every name that the plan gives is ASCII.
    pub(crate) fn is_ascii(&self) -> bool {
        let fields = |fields: &[Field]| fields.iter().all(|field| field.name.is_ascii());
        let inside = |ty: &Type| match &ty.kind {
            Kind::Struct(object) => fields(&object.fields),
            Kind::Positional(array) => fields(&array.fields),
            Kind::StringEnum { values, .. } => values.iter().all(|(_, name)| name.is_ascii()),
            Kind::ConstEnum(values) => values.iter().all(|(_, name)| name.is_ascii()),
            Kind::Union(union) => union.variants.iter().all(|variant| variant.name.is_ascii()),
            Kind::Newtype(_) => true,
        };
        self.events.iter().all(|event| event.variant.is_ascii())
            && self.types.iter().all(|ty| ty.name.is_ascii() && inside(ty))
    }

    /// The only event that uses a type; `None` if several do.
    pub(crate) fn event_of(&self, id: TypeId) -> Option<usize> {
        let root = self.events.iter().position(|event| event.root == id);
        root.or(self.types[id.0].event)
    }

    /// The schemas that the code of a type refers to, with the part of the type that each is about: first its own.
    pub(crate) fn schemas_of(&self, id: TypeId) -> Vec<(String, NodeId)> {
        let ty = &self.types[id.0];
        let mut found: Vec<(String, NodeId)> = vec![(String::new(), ty.node)];
        let mut add = |name: &str, value: &Use| {
            let mut nodes = Vec::new();
            value.reader.schemas(&mut nodes);
            found.extend(nodes.into_iter().map(|node| (name.to_owned(), node)));
        };
        let mut others: Vec<(String, NodeId)> = Vec::new();
        match &ty.kind {
            Kind::Struct(object) => {
                object.fields.iter().for_each(|field| add(&field.json, &field.value));
                others.extend(object.names.map(|node| ("property_names".to_owned(), node)));
                others.extend(object.count.map(|node| ("properties".to_owned(), node)));
                match &object.extra {
                    Extra::Checked(id) => others.push(("additional_properties".to_owned(), *id)),
                    Extra::Typed(value) => add("additional_properties", value),
                    Extra::Closed | Extra::Open => {}
                }
            }
            Kind::Positional(array) => {
                array.fields.iter().for_each(|field| add(&field.name, &field.value));
                array.rest.iter().for_each(|value| add("items", value));
                others.extend(array.count.map(|node| ("items".to_owned(), node)));
            }
            Kind::Union(union) => {
                union.variants.iter().for_each(|variant| add(&variant.name, &variant.value));
                for (_, arm) in &union.arms {
                    if let Arm::Choice(choices) = arm {
                        let name = |index: usize| union.variants[index].name.clone();
                        others.extend(choices.iter().map(|(id, index)| (name(*index), *id)));
                    }
                }
            }
            Kind::Newtype(value) => add("value", value),
            Kind::StringEnum { .. } | Kind::ConstEnum(_) => {}
        }
        found.extend(others);
        found
    }
}

impl Use {
    /// A type that reads itself.
    pub(super) fn plain(ty: Ty) -> Use {
        Use { ty, reader: Reader::Plain }
    }

    /// A `Value` that is valid against a schema.
    pub(super) fn any(schema: NodeId) -> Use {
        Use { ty: Ty::Value, reader: Reader::Any(schema) }
    }

    /// The same, parsed into a `Value` first and validated against a schema.
    pub(super) fn buffered(self, schema: NodeId) -> Use {
        Use { ty: self.ty, reader: Reader::Buffered(schema, Box::new(self.reader)) }
    }

    /// The same, or null.
    pub(super) fn nullable(self) -> Use {
        match (self.ty, self.reader) {
            // Null is already one of its values.
            (ty @ (Ty::Value | Ty::Null | Ty::Nullable(_)), reader) => Use { ty, reader },
            (ty, Reader::Plain) => Use::plain(Ty::Nullable(Box::new(ty))),
            (ty, reader) => Use { ty: Ty::Nullable(Box::new(ty)), reader: Reader::Nullable(Box::new(reader)) },
        }
    }
}

impl Kind {
    /// The types that this one has inside.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        match self {
            Kind::Struct(object) => {
                object.fields.iter().for_each(|field| field.value.ty.named(found));
                if let Extra::Typed(Use { ty, .. }) = &object.extra {
                    ty.named(found);
                }
            }
            Kind::Positional(array) => {
                array
                    .fields
                    .iter()
                    .map(|field| &field.value)
                    .chain(&array.rest)
                    .for_each(|value| value.ty.named(found));
            }
            Kind::Union(union) => union.variants.iter().for_each(|variant| variant.value.ty.named(found)),
            Kind::Newtype(value) => value.ty.named(found),
            Kind::StringEnum { .. } | Kind::ConstEnum(_) => {}
        }
    }
}

impl Ty {
    /// The types that this one has inside.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        match self {
            Ty::Named(id) | Ty::Text(id) => found.push(*id),
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => inner.named(found),
            _ => {}
        }
    }
}
