//! Types whose names are not chosen yet.

use super::limits::Extent;
use super::names::{pascal, singular};
use super::types::{Docs, Kind, TypeId};
use crate::load::catalog::{self, Release};
use crate::model::NodeId;

/// An event, and the type of its payloads.
pub(super) struct Root<'p> {
    pub(super) event: &'p catalog::Event,
    pub(super) since: Option<Release>,
    pub(super) node: NodeId,
    pub(super) id: TypeId,
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

/// What makes two uses of schemas one type.
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

/// A type whose name is not yet chosen.
pub(super) struct PendingType {
    pub(super) base: String,
    pub(super) origin: Origin,
    pub(super) parents: Vec<TypeId>,
    pub(super) node: NodeId,
    pub(super) kind: Option<Kind>,
    pub(super) extent: Extent,
    pub(super) docs: Docs,
    pub(super) buffered: bool,
    /// Whether a member that is not required is set aside when its value does not fit.
    pub(super) tolerant: bool,
    /// The event whose planning first met it.
    pub(super) event: usize,
}
