//! The types that make up a plan: events, and the types of a module.

use crate::json::{Json, JsonType, step};
use crate::model::NodeId;

/// The index of a type in [`Plan::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) usize);

/// The planned contents of a provider's module.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) module: String,
    /// The events, and after them the envelope.
    pub(crate) roots: Vec<Event>,
    pub(crate) has_envelope: bool,
    pub(crate) types: Vec<Type>,
    /// Sentences about values that cannot be read in one pass or have no type.
    pub(crate) notes: Vec<String>,
}

/// A planned event, or the planned envelope.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) wire_name: String,
    /// The name of its variant, which is also the name of its type.
    pub(crate) variant: String,
    pub(crate) module: String,
    pub(crate) root: TypeId,
    pub(crate) node: NodeId,
}

/// A named type.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: String,
    /// The schema that decides which values are valid.
    pub(crate) node: NodeId,
    pub(crate) kind: Kind,
    pub(crate) docs: Docs,
    /// The only event that uses the type; `None` if several do.
    pub(crate) event: Option<usize>,
    /// The first event that uses the type.
    pub(crate) first_event: usize,
    /// Whether values are buffered: parsed into a `Value`, validated, and then converted.
    pub(crate) buffered: bool,
    /// Whether a value that does not fit its optional member is kept in `extra`.
    pub(crate) tolerant: bool,
}

/// The documentation of a type or a field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Docs {
    pub(crate) text: String,
    pub(crate) deprecated: bool,
}

impl Docs {
    /// Returns whether the text is empty or only repeats the name.
    pub(crate) fn repeats(&self, name: &str) -> bool {
        let letters =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let text = letters(&self.text);
        text.is_empty() || text == letters(name)
    }
}

/// The kind of a named type.
#[derive(Debug)]
pub(crate) enum Kind {
    Struct(Struct),
    Positional(Positional),
    /// One of some strings, each with its variant. If `open`, any other string is allowed too.
    StringEnum {
        values: Vec<(String, String)>,
        /// A description of each string, possibly empty.
        docs: Vec<String>,
        open: bool,
    },
    /// One of some constants, each with its variant.
    ConstEnum(Vec<(Json, String)>),
    Union(Union),
    /// A value of another type under a new name.
    Newtype(Use),
}

/// An object with named members.
#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// Members that always have the same value. They have no field.
    pub(crate) constants: Vec<ConstantMember>,
    pub(crate) extra: Extra,
    /// The schema that the names of all members must satisfy.
    pub(crate) names: Option<NodeId>,
    /// The schema with the bounds on the number of members.
    pub(crate) count: Option<NodeId>,
    /// Pairs of fields, by index: if the first is present, the second must be present.
    pub(crate) dependent: Vec<(usize, usize)>,
    pub(crate) combinations: Vec<Combination>,
}

/// A combination of schemas that only require members. Each schema is a list of the required fields, by index.
#[derive(Debug)]
pub(crate) enum Combination {
    AnyOf(Vec<Vec<usize>>),
    OneOf(Vec<Vec<usize>>),
    Not(Vec<usize>),
}

/// A required member that always has the same value. It becomes an associated constant.
#[derive(Debug)]
pub(crate) struct ConstantMember {
    pub(crate) json: String,
    /// The name of the associated constant.
    pub(crate) name: String,
    /// A string, a boolean, or an integer that fits in `i64`.
    pub(crate) value: Json,
    /// The number of fields before it in documented order.
    pub(crate) after: usize,
}

/// The treatment of members that the schema does not name.
#[derive(Debug)]
pub(crate) enum Extra {
    /// The members are rejected.
    Closed,
    /// The members are kept.
    Open,
    /// The members are kept if they are valid against the schema.
    Checked(NodeId),
    /// The values of the members are read as a type.
    Typed(Use),
}

/// A member with a field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) json: String,
    pub(crate) name: String,
    pub(crate) value: Use,
    pub(crate) presence: Presence,
    /// Whether the schema applies only under a condition. If it does not apply, a value that does not fit is kept in
    /// `extra`.
    pub(crate) conditional: bool,
    /// The only value that the member can have.
    pub(crate) constant: Option<Json>,
    /// Whether the field is boxed because its type is large.
    pub(crate) boxed: bool,
    pub(crate) docs: Docs,
}

/// Whether a member may be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// The member may be absent or null. The type of the value excludes null.
    Nullable,
}

/// An array whose first items have types of their own.
#[derive(Debug)]
pub(crate) struct Positional {
    pub(crate) fields: Vec<Field>,
    /// The type of further items; `None` if none are allowed.
    pub(crate) rest: Option<Use>,
    pub(crate) rest_name: String,
    /// The schema with the bounds on the number of items.
    pub(crate) count: Option<NodeId>,
}

/// A value of one of several types.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) variants: Vec<Variant>,
    /// The index of the default variant.
    pub(crate) default: usize,
    /// The variant for values of each JSON type.
    pub(crate) arms: Vec<(JsonType, Arm)>,
}

/// A variant of a union.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) value: Use,
    /// Whether the variant is boxed because its type is large.
    pub(crate) boxed: bool,
    pub(crate) docs: Docs,
}

/// The way in which the variant for a JSON type is chosen. Variants are given by index.
#[derive(Clone, Debug)]
pub(crate) enum Arm {
    /// The variant is always the same.
    One(usize),
    /// The variant is identified by the string in a member: the name of the member, and the strings of each variant.
    Tagged(String, Vec<(Vec<String>, usize)>),
    /// The variant is identified by the first of these members that is present. If none is, the last variant is chosen.
    Present(Vec<(String, usize)>, usize),
    /// The first variant whose schema accepts the value, if the schema of the union accepts it.
    Choice(Vec<(NodeId, usize)>),
}

/// The use of a type, and how the value is read there.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub(crate) ty: Ty,
    pub(crate) reader: Reader,
}

/// A type at its use.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    Value,
    Null,
    Boolean,
    Integer(Width),
    Number,
    /// A number that keeps all of its digits.
    Decimal,
    String,
    Timestamp,
    /// A templated text. The type has the fields of its templates.
    Text(TypeId),
    Named(TypeId),
    Array(Box<Ty>),
    Map(Box<Ty>),
    /// An object with arbitrary members.
    Object,
    Nullable(Box<Ty>),
}

/// The width of an integer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    I64,
    U64,
}

/// How the items of an array are compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uniqueness {
    /// Items may be equal.
    Any,
    /// The Rust values are compared. They are equal if and only if their JSON values are equal.
    Values,
    /// The JSON values are compared.
    Json,
}

/// How a value is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reader {
    /// The type reads itself.
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
    /// Collects every schema that the reader validates against.
    pub(crate) fn schemas(&self, found: &mut Vec<NodeId>) {
        match self {
            Reader::Plain => {}
            Self::Text(id) | Self::Number(id) | Self::Decimal(id) => found.push(*id),
            Self::Integer(id) | Self::Boolean(id) | Self::Any(id) => found.push(*id),
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
    /// Returns the events.
    pub(crate) fn events(&self) -> &[Event] {
        self.split().0
    }

    /// Returns the envelope.
    pub(crate) fn envelope(&self) -> Option<&Event> {
        self.split().1.first()
    }

    fn split(&self) -> (&[Event], &[Event]) {
        self.roots.split_at(self.roots.len() - usize::from(self.has_envelope))
    }

    /// Returns whether all names in the plan are ASCII.
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
        self.roots.iter().all(|event| event.variant.is_ascii())
            && self.types.iter().all(|ty| ty.name.is_ascii() && inside(ty))
    }

    /// Returns the only root that uses a type, or `None` if several do.
    pub(crate) fn event_of(&self, id: TypeId) -> Option<usize> {
        let root = self.roots.iter().position(|event| event.root == id);
        root.or(self.types[id.0].event)
    }

    /// Returns the schemas that the code of a type refers to, each with the part of the type that uses it. The type's
    /// own schema comes first.
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
    /// Creates the use of a type that reads itself.
    pub(super) fn plain(ty: Ty) -> Use {
        Use { ty, reader: Reader::Plain }
    }

    /// Creates the use of a `Value` that must be valid against a schema.
    pub(super) fn any(schema: NodeId) -> Use {
        Use { ty: Ty::Value, reader: Reader::Any(schema) }
    }

    /// Parses the value into a `Value` first, and validates it against a schema.
    pub(super) fn buffered(self, schema: NodeId) -> Use {
        Use { ty: self.ty, reader: Reader::Buffered(schema, Box::new(self.reader)) }
    }

    /// Returns the same use, but also allows null.
    pub(super) fn nullable(self) -> Use {
        match (self.ty, self.reader) {
            // These types already have null as a value.
            (ty @ (Ty::Value | Ty::Null | Ty::Nullable(_)), reader) => Use { ty, reader },
            (ty, Reader::Plain) => Use::plain(Ty::Nullable(Box::new(ty))),
            (ty, reader) => Use { ty: Ty::Nullable(Box::new(ty)), reader: Reader::Nullable(Box::new(reader)) },
        }
    }
}

impl Field {
    /// Creates a field without a condition or a constant.
    pub(super) fn new(json: &str, name: String, value: Use, presence: Presence, docs: Docs) -> Field {
        Field { json: json.to_owned(), name, value, presence, conditional: false, constant: None, boxed: false, docs }
    }
}

/// A value that a type contains.
pub(crate) struct Part<'k> {
    pub(crate) value: &'k Use,
    /// The Rust name of its field or variant.
    pub(crate) member: &'k str,
    /// The suffix that it adds to the JSON Pointer.
    pub(crate) segment: String,
    /// Whether the default of this type contains the default of the value's type.
    pub(crate) is_made: bool,
}

impl Kind {
    /// Returns the values that this type contains.
    pub(crate) fn parts(&self) -> Vec<Part<'_>> {
        fn part<'k>(value: &'k Use, member: &'k str, segment: String, is_required: bool) -> Part<'k> {
            Part { value, member, segment, is_made: is_required && matches!(value.ty, Ty::Named(_)) }
        }
        let (fields, rest) = match self {
            Kind::Struct(object) => match &object.extra {
                Extra::Typed(value) => (&object.fields, Some((value, "extra"))),
                Extra::Closed | Extra::Open | Extra::Checked(_) => (&object.fields, None),
            },
            Kind::Positional(array) => (&array.fields, array.rest.as_ref().map(|rest| (rest, &*array.rest_name))),
            Kind::Union(union) => {
                let variants = union.variants.iter();
                return variants.map(|of| part(&of.value, &of.name, String::new(), true)).collect();
            }
            Kind::Newtype(value) => return vec![part(value, "0", String::new(), true)],
            Kind::StringEnum { .. } | Kind::ConstEnum(_) => return Vec::new(),
        };
        let mut parts: Vec<Part<'_>> = Vec::new();
        for Field { value, name, json, presence, .. } in fields {
            parts.push(part(value, name, step("", json), *presence == Presence::Required));
        }
        parts.extend(rest.map(|(value, name)| part(value, name, "/*".to_owned(), false)));
        parts
    }

    /// Collects the named types that this type contains.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        self.parts().iter().for_each(|part| part.value.ty.named(found));
    }
}

impl Ty {
    /// Collects the named types that this type contains.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        match self {
            Ty::Named(id) | Ty::Text(id) => found.push(*id),
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => inner.named(found),
            _ => {}
        }
    }
}
