//! Building a union, variant by variant.

use super::idents::possible_type;
use super::names::{Scope, pascal};
use super::pending::{NameHint, Origin};
use super::planner::Planner;
use super::types::{Arm, Docs, JsonType, Kind, Ty, TypeId, Union, Use, Variant};
use crate::model::NodeId;
use crate::normalize::Normalized;

/// A branch, for instances of one JSON type.
pub(super) struct Candidate {
    pub(super) node: NodeId,
    pub(super) normalized: Normalized,
}

/// A union to which variants are added.
pub(super) struct UnionBuilder {
    id: TypeId,
    scope: Scope,
    variants: Vec<Variant>,
    /// What each JSON type becomes.
    pub(super) arms: Vec<(JsonType, Arm)>,
}

impl UnionBuilder {
    pub(super) fn new(id: TypeId) -> UnionBuilder {
        UnionBuilder { id, scope: Scope::default(), variants: Vec::new(), arms: Vec::new() }
    }

    pub(super) fn hint(&self, base: String) -> NameHint {
        NameHint { origin: Origin::Inline, base, parent: Some(self.id) }
    }

    pub(super) fn variant(
        &mut self,
        planner: &Planner<'_>,
        class: JsonType,
        value: Use,
        docs: Docs,
        name: Option<String>,
    ) -> usize {
        let name = name.unwrap_or_else(|| match &value.ty {
            Ty::Named(id) => {
                let base = &planner.drafts[id.0].base;
                let own = &planner.drafts[self.id.0].base;
                // The union's own name as a prefix or suffix is redundant.
                let short = base.strip_prefix(own).or_else(|| base.strip_suffix(own)).filter(|short| !short.is_empty());
                short.unwrap_or(base).to_owned()
            }
            Ty::Integer(_) => "Integer".to_owned(),
            Ty::Timestamp => "Timestamp".to_owned(),
            _ => class.name().to_owned(),
        });
        let name = self.scope.take(&possible_type(&pascal(&name)), "");
        self.variants.push(Variant { name, value, boxed: false, docs });
        self.variants.len() - 1
    }

    pub(super) fn finish(self) -> Kind {
        Kind::Union(Union { variants: self.variants, default: 0, arms: self.arms })
    }
}
