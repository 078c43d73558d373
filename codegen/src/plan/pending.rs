//! Planned types without a name.

use super::limits::Extent;
use super::names::{pascal, singular};
use super::types::{Docs, Kind, TypeId};
use crate::load::catalog::{self, Release};
use crate::model::NodeId;

/// An event with the type of its payloads.
pub(super) struct Root<'p> {
    pub(super) event: &'p catalog::Event,
    /// The release of the event, and whether it is the envelope. The types of the envelope are named last.
    pub(super) since: (Option<Release>, bool),
    pub(super) node: NodeId,
    pub(super) id: TypeId,
}

/// The kind of schema that a type was planned for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// The schema of an event, by index.
    Event(usize),
    /// A definition that is referred to.
    Definition,
    /// A schema inside another schema.
    Inline,
}

/// The parts that form the name of a type.
#[derive(Clone, Debug)]
pub(super) struct NameHint {
    pub(super) origin: Origin,
    pub(super) base: String,
    pub(super) parent: Option<TypeId>,
}

impl NameHint {
    pub(super) fn member(parent: TypeId, name: &str) -> NameHint {
        NameHint { origin: Origin::Inline, base: pascal(name), parent: Some(parent) }
    }

    pub(super) fn item(&self) -> NameHint {
        NameHint {
            origin: Origin::Inline,
            base: pascal(&singular(&heck::ToSnakeCase::to_snake_case(self.base.as_str()))),
            ..self.clone()
        }
    }
}

/// The properties that decide whether two uses of schemas share a type.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct TypeKey {
    /// The class of equivalent schemas.
    pub(super) class: u32,
    /// Whether the type is read tolerantly.
    pub(super) tolerant: bool,
    /// The base of the type's name.
    pub(super) base: String,
    pub(super) origin: Origin,
}

/// A planned type without a name.
pub(super) struct PendingType {
    pub(super) base: String,
    pub(super) origin: Origin,
    pub(super) parents: Vec<TypeId>,
    pub(super) node: NodeId,
    pub(super) kind: Option<Kind>,
    pub(super) extent: Extent,
    pub(super) docs: Docs,
    pub(super) buffered: bool,
    /// Whether a value that does not fit its optional member is kept in `extra`.
    pub(super) tolerant: bool,
    /// The event for which the type was planned first.
    pub(super) event: usize,
}
