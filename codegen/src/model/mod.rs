//! The model: every schema of a provider is a node of one graph, in a form that is independent of its dialect.

mod bundle;
mod cycles;
pub(crate) mod diagnostic;
mod dialect;
mod identity;
mod keywords;
mod parse;
pub(crate) mod pattern;
mod possible;
mod resolve;
pub mod uri;

use std::collections::HashMap;

use webhook_runtime::__private::schema::Types;

use crate::json::Json;
use crate::model::pattern::Expression;

pub use self::dialect::Dialect;
pub(crate) use self::identity::Shape;
pub(crate) use self::parse::{Input, parse};
pub(crate) use self::possible::{ALL, intersection, type_names, type_of, types_of};

/// The index of a node in [`Model::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) usize);

/// The index of a document in [`Model::documents`].
pub(crate) type DocumentId = usize;

/// The index of a schema resource (a schema with its own URI) in [`Model::resources`].
pub(crate) type ResourceId = usize;

/// All schemas of a provider.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) nodes: Vec<Node>,
    pub(crate) documents: Vec<Document>,
    pub(crate) resources: Vec<Resource>,
    /// The translated expressions, by source.
    pub(crate) patterns: HashMap<String, Expression>,
}

/// A document that contains schemas.
#[derive(Debug)]
pub(crate) struct Document {
    /// The path of the document below schema-defs, or its URI.
    pub(crate) file: String,
    /// The URI from which the document was loaded.
    pub(crate) uri: String,
    /// The base URI: the document's `$id`, or else `uri`.
    pub(crate) base: String,
    pub(crate) json: Json,
    pub(crate) dialect: Dialect,
    /// Whether the document is well known, such as the metaschema of a dialect.
    pub(crate) well_known: bool,
    /// Whether the document is the schema of an event.
    pub(crate) root: bool,
}

/// A schema with its own URI.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) root: NodeId,
    pub(crate) dynamic_anchors: Vec<(String, NodeId)>,
}

/// A schema.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) document: DocumentId,
    pub(crate) pointer: String,
    pub(crate) resource: ResourceId,
    pub(crate) dialect: Dialect,
    pub(crate) keywords: Keywords,
    pub(crate) annotations: Annotations,
}

/// The Rust type that `x-number` chooses for a number. If schemas with different types are merged, the later
/// variant is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum NumberType {
    /// `serde_json::Number`.
    Number,
    /// `Decimal`, which keeps every digit.
    Decimal,
}

impl NumberType {
    /// Returns the type with a name.
    pub(crate) fn named(name: &str) -> Option<NumberType> {
        [NumberType::Number, NumberType::Decimal].into_iter().find(|number| number.name() == name)
    }

    /// Returns the name of the type in schemas.
    pub(crate) fn name(self) -> &'static str {
        match self {
            NumberType::Number => "number",
            NumberType::Decimal => "decimal",
        }
    }
}

/// The keywords that decide whether an instance is valid.
///
/// A field is a list if a schema has the keyword once, but a conjunction of schemas may have it several times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Keywords {
    /// The schema `false`.
    pub(crate) is_false: bool,
    pub(crate) reference: Option<NodeId>,
    /// The anchor, and the target if no outer resource has the anchor.
    pub(crate) dynamic: Option<(String, NodeId)>,
    pub(crate) types: Option<Types>,
    /// `x-number`: the Rust type of numbers, because integers may not fit in an integer type. It affects the type, not
    /// validity.
    pub(crate) number_type: Option<NumberType>,
    pub(crate) const_value: Option<Json>,
    pub(crate) enum_values: Option<Vec<Json>>,
    pub(crate) multiple_of: Vec<String>,
    pub(crate) maximum: Option<String>,
    pub(crate) exclusive_maximum: Option<String>,
    pub(crate) minimum: Option<String>,
    pub(crate) exclusive_minimum: Option<String>,
    pub(crate) max_length: Option<u64>,
    pub(crate) min_length: Option<u64>,
    pub(crate) patterns: Vec<String>,
    pub(crate) prefix_items: Vec<NodeId>,
    pub(crate) items: Option<NodeId>,
    pub(crate) contains: Vec<Contains>,
    pub(crate) max_items: Option<u64>,
    pub(crate) min_items: Option<u64>,
    pub(crate) unique_items: bool,
    pub(crate) max_properties: Option<u64>,
    pub(crate) min_properties: Option<u64>,
    pub(crate) required: Vec<String>,
    pub(crate) dependent_required: Vec<(String, Vec<String>)>,
    pub(crate) properties: Vec<(String, NodeId)>,
    pub(crate) pattern_properties: Vec<(String, NodeId)>,
    pub(crate) additional_properties: Option<NodeId>,
    pub(crate) property_names: Vec<NodeId>,
    pub(crate) all_of: Vec<NodeId>,
    pub(crate) any_of: Vec<Vec<NodeId>>,
    pub(crate) one_of: Vec<Vec<NodeId>>,
    pub(crate) not: Vec<NodeId>,
    pub(crate) if_then_else: Vec<IfThenElse>,
    pub(crate) dependent_schemas: Vec<(String, NodeId)>,
    pub(crate) unevaluated_items: Option<NodeId>,
    pub(crate) unevaluated_properties: Option<NodeId>,
}

/// `contains`, with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Contains {
    pub(crate) schema: NodeId,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
}

/// `if`, with its branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct IfThenElse {
    pub(crate) condition: NodeId,
    pub(crate) then: Option<NodeId>,
    pub(crate) otherwise: Option<NodeId>,
}

/// Annotations, which inform people and affect types, but not validity.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Annotations {
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) deprecated: bool,
    /// `x-timestamp`: the string is a date and time in a notation of the vendor.
    pub(crate) timestamp: bool,
    /// `x-text-templates`: templates of sentences with fields.
    pub(crate) templates: Vec<String>,
    /// `x-enum-varnames`: a name for each value of `enum`. Empty if the keyword is absent.
    pub(crate) value_names: Vec<String>,
    /// `x-enum-descriptions`: a description of each value of `enum`. Empty if the keyword is absent.
    pub(crate) value_docs: Vec<String>,
}

impl Model {
    /// Returns whether an expression of the model matches somewhere in a name, or `None` if this is undecided.
    pub(crate) fn matches(&self, source: &str, name: &str) -> Option<bool> {
        self.patterns.get(source)?.pattern(source).decide(name)
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    /// Returns the file and the JSON Pointer of a node, for messages.
    pub(crate) fn place(&self, id: NodeId) -> (&str, &str) {
        self.place_of(self.node(id))
    }

    /// Returns the file and the JSON Pointer of a node, for messages.
    pub(crate) fn place_of<'m>(&'m self, node: &'m Node) -> (&'m str, &'m str) {
        (&self.documents[node.document].file, &node.pointer)
    }
}

impl Keywords {
    /// Returns all subschemas in a fixed order. The target of a reference is not included.
    pub(crate) fn children(&self) -> Vec<NodeId> {
        let mut all: Vec<NodeId> = self.in_place().into_iter().map(|(_, id)| id).collect();
        let values = |list: &[(String, NodeId)]| list.iter().map(|(_, id)| *id).collect::<Vec<_>>();
        all.extend(&self.prefix_items);
        all.extend(self.items);
        all.extend(self.contains.iter().map(|contains| contains.schema));
        all.extend(values(&self.properties));
        all.extend(values(&self.pattern_properties));
        all.extend(self.additional_properties);
        all.extend(&self.property_names);
        all.extend(self.unevaluated_items);
        all.extend(self.unevaluated_properties);
        all
    }

    /// Returns the subschemas that apply to the same instance as this schema, with their keywords. The target of a
    /// reference is not included.
    pub(crate) fn in_place(&self) -> Vec<(&'static str, NodeId)> {
        let mut all: Vec<(&'static str, NodeId)> = Vec::new();
        all.extend(self.all_of.iter().map(|id| ("allOf", *id)));
        all.extend(self.any_of.iter().flatten().map(|id| ("anyOf", *id)));
        all.extend(self.one_of.iter().flatten().map(|id| ("oneOf", *id)));
        all.extend(self.not.iter().map(|id| ("not", *id)));
        for IfThenElse { condition, then, otherwise } in &self.if_then_else {
            all.push(("if", *condition));
            all.extend(then.map(|id| ("then", id)));
            all.extend(otherwise.map(|id| ("else", id)));
        }
        all.extend(self.dependent_schemas.iter().map(|(_, id)| ("dependentSchemas", *id)));
        all
    }

    /// Returns the schema of a member in `properties`.
    pub(crate) fn property(&self, name: &str) -> Option<NodeId> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, id)| *id)
    }

    /// Returns whether the schema has no keyword that constrains instances.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Keywords { number_type: self.number_type, ..Keywords::default() }
    }
}
