//! Finds the Rust fields and types of the members of a schema, from the plan and typify's items.

use syn::Item;

use super::RustMember;
use crate::output::api::spelled;
use crate::plan::{Field, Kind, Plan, Ty, TypeId};
use crate::refine::Refined;
use crate::render::types::constant_type;

/// The Rust fields and constants of a member, and the types of its values.
#[derive(Debug, Default)]
pub(super) struct RustMembers {
    pub(super) members: Vec<RustMember>,
    pub(super) values: Vec<Ty>,
}

/// Returns the possible types of a value: without null, and with the variants of a union instead of the union.
fn alternatives(plan: &Plan, types: &[Ty]) -> Vec<Ty> {
    let mut found: Vec<Ty> = Vec::new();
    let mut open: Vec<Ty> = types.iter().rev().cloned().collect();
    let mut seen: Vec<TypeId> = Vec::new();
    while let Some(ty) = open.pop() {
        match ty {
            Ty::Nullable(inner) => open.push(*inner),
            Ty::Named(id) if seen.contains(&id) => {}
            Ty::Named(id) => {
                seen.push(id);
                match &plan.types[id.0].kind {
                    Kind::Union(union) => {
                        open.extend(union.variants.iter().rev().map(|variant| variant.value.ty.clone()));
                    }
                    Kind::Newtype(value) => open.push(value.ty.clone()),
                    _ => found.push(Ty::Named(id)),
                }
            }
            other => found.push(other),
        }
    }
    found
}

/// Returns the objects and tuples among the possible types. If some of them are `own`, that is, planned for the schema
/// at hand, only these are returned.
fn named(plan: &Plan, types: &[Ty], own: impl Fn(TypeId) -> bool) -> Vec<TypeId> {
    let id = |ty: Ty| match ty {
        Ty::Named(id) => Some(id),
        _ => None,
    };
    let all: Vec<TypeId> = alternatives(plan, types).into_iter().filter_map(id).collect();
    let preferred: Vec<TypeId> = all.iter().copied().filter(|id| own(*id)).collect();
    if preferred.is_empty() { all } else { preferred }
}

/// Returns the fields and constants for a member.
pub(super) fn member(
    plan: &Plan,
    items: &[Refined],
    types: &[Ty],
    own: impl Fn(TypeId) -> bool,
    name: &str,
) -> RustMembers {
    let mut found = RustMembers::default();
    for id in named(plan, types, own) {
        let Kind::Struct(object) = &plan.types[id.0].kind else { continue };
        let owner = &plan.types[id.0].name;
        if let Some(field) = object.fields.iter().find(|field| field.json == name) {
            found.field(owner, &items[id.0], field);
        }
        if let Some(constant) = object.constants.iter().find(|constant| constant.json == name) {
            let ty = spelled(&constant_type(&constant.value)).replace("& ", "&");
            let (owner, name) = (owner.clone(), constant.name.clone());
            found.members.push(RustMember { owner, name, ty, constant: true });
        }
    }
    found
}

/// Returns the fields for an item at a position.
pub(super) fn position(plan: &Plan, items: &[Refined], types: &[Ty], at: usize) -> RustMembers {
    let mut found = RustMembers::default();
    for id in named(plan, types, |_| false) {
        let Kind::Positional(array) = &plan.types[id.0].kind else { continue };
        if let Some(field) = array.fields.get(at) {
            found.field(&plan.types[id.0].name, &items[id.0], field);
        }
    }
    found
}

/// Returns the fields and types for further members of an object.
pub(super) fn additional(plan: &Plan, items: &[Refined], types: &[Ty], own: impl Fn(TypeId) -> bool) -> RustMembers {
    let mut found = RustMembers::default();
    for ty in alternatives(plan, types) {
        if let Ty::Map(value) = ty {
            found.values.push(*value);
        }
    }
    for id in named(plan, types, own) {
        let Kind::Struct(object) = &plan.types[id.0].kind else { continue };
        if let Some(ty) = field_type(&items[id.0], "extra") {
            let owner = plan.types[id.0].name.clone();
            found.members.push(RustMember { owner, name: "extra".to_owned(), ty, constant: false });
        }
        if let crate::plan::Extra::Typed(value) = &object.extra {
            found.values.push(value.ty.clone());
        }
    }
    found
}

/// Returns the types of the items of an array.
pub(super) fn items(plan: &Plan, types: &[Ty]) -> Vec<Ty> {
    let mut found = Vec::new();
    for ty in alternatives(plan, types) {
        match ty {
            Ty::Array(item) => found.push(*item),
            Ty::Named(id) => {
                if let Kind::Positional(array) = &plan.types[id.0].kind {
                    found.extend(array.rest.as_ref().map(|rest| rest.ty.clone()));
                }
            }
            _ => {}
        }
    }
    found
}

impl RustMembers {
    fn field(&mut self, owner: &str, item: &Refined, field: &Field) {
        if let Some(ty) = field_type(item, &field.name) {
            let member = RustMember { owner: owner.to_owned(), name: field.name.clone(), ty, constant: false };
            self.members.push(member);
        }
        self.values.push(field.value.ty.clone());
    }
}

/// Returns the type of a field, as written in code.
fn field_type(item: &Refined, name: &str) -> Option<String> {
    let Item::Struct(item) = &item.item else { return None };
    let field = item.fields.iter().find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))?;
    Some(spelled(&field.ty).replace(",>", ">"))
}
