//! Finds the Rust fields and types of the members of a schema, from the plan and typify's items.

use syn::Item;

use super::RustMember;
use super::access::Access;
use crate::output::api::spelled;
use crate::plan::{Extra, Field, Kind, Plan, Presence, Ty, TypeId};
use crate::refine::Refined;
use crate::render::types::constant_type;

/// A type that holds the values of a schema, and the code that reads such a value.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) ty: Ty,
    access: Access,
    /// Whether the code ends at a `Box`, which no pattern looks through.
    boxed: bool,
}

impl Typed {
    /// Returns the type of an event's payload, which is boxed in the variant of `Event`.
    pub(super) fn root(id: TypeId, variable: &str, boxed: bool) -> Typed {
        Typed { ty: Ty::Named(id), access: Access::root(variable), boxed }
    }

    fn at(ty: Ty, access: Access) -> Typed {
        Typed { ty, access, boxed: false }
    }

    /// Returns the value of a field.
    fn of_field(field: &Field, access: &Access) -> Typed {
        let ty = field.value.ty.clone();
        let (access, boxed) = match (field.presence, &ty) {
            (Presence::Required, _) => (access.clone(), field.boxed),
            (Presence::Nullable, _) => (access.with(".as_option()?"), field.boxed),
            // `Option<Option<Box<_>>>`: the inner `Option` has the box.
            (Presence::Optional, Ty::Nullable(_)) => (access.with(".as_ref()?"), field.boxed),
            (Presence::Optional, _) => (access.with(unwrap(field.boxed)), false),
        };
        Typed { ty, access, boxed }
    }
}

/// Returns the call that borrows the value of an `Option`.
fn unwrap(boxed: bool) -> &'static str {
    if boxed { ".as_deref()?" } else { ".as_ref()?" }
}

/// The Rust item of a member, the code that reads it, and the types of its values.
#[derive(Debug, Default)]
pub(super) struct RustMembers {
    pub(super) members: Vec<RustMember>,
    pub(super) access: Vec<Access>,
    pub(super) values: Vec<Typed>,
}

/// Returns the possible types of a value: without null, and with the variants of a union instead of the union.
fn alternatives(plan: &Plan, types: &[Typed]) -> Vec<Typed> {
    let mut found: Vec<Typed> = Vec::new();
    let mut open: Vec<Typed> = types.iter().rev().cloned().collect();
    let mut seen: Vec<TypeId> = Vec::new();
    while let Some(typed) = open.pop() {
        match typed.ty {
            Ty::Nullable(inner) => open.push(Typed::at(*inner, typed.access.with(unwrap(typed.boxed)))),
            Ty::Named(id) if seen.contains(&id) => {}
            Ty::Named(id) => {
                seen.push(id);
                let ty = &plan.types[id.0];
                match &ty.kind {
                    Kind::Union(union) => open.extend(union.variants.iter().rev().map(|variant| Typed {
                        ty: variant.value.ty.clone(),
                        access: typed.access.variant(&ty.name, &variant.name, typed.boxed),
                        boxed: variant.boxed,
                    })),
                    Kind::Newtype(value) => open.push(Typed::at(value.ty.clone(), typed.access.with(".0"))),
                    _ => found.push(typed),
                }
            }
            _ => found.push(typed),
        }
    }
    found
}

/// Returns the objects and tuples among some alternatives. If any of them is `own`, only alternatives of the schema at hand
/// are returned.
fn named(all: &[Typed], own: impl Fn(TypeId) -> bool) -> Vec<(TypeId, &Access)> {
    let id = |typed: &Typed| match typed.ty {
        Ty::Named(id) => Some(id),
        _ => None,
    };
    let all: Vec<(TypeId, &Access)> = all.iter().filter_map(|typed| Some((id(typed)?, &typed.access))).collect();
    let preferred: Vec<(TypeId, &Access)> = all.iter().copied().filter(|(id, _)| own(*id)).collect();
    if preferred.is_empty() { all } else { preferred }
}

/// Returns the fields and constants for a member.
pub(super) fn member(
    plan: &Plan,
    items: &[Refined],
    types: &[Typed],
    own: impl Fn(TypeId) -> bool,
    name: &str,
) -> RustMembers {
    let mut found = RustMembers::default();
    let all = alternatives(plan, types);
    let named = named(&all, own);
    for (id, access) in &named {
        let Kind::Struct(object) = &plan.types[id.0].kind else { continue };
        let owner = &plan.types[id.0].name;
        if let Some(field) = object.fields.iter().find(|field| field.json == name) {
            found.field(owner, &items[id.0], field, access);
        }
        if let Some(constant) = object.constants.iter().find(|constant| constant.json == name) {
            let ty = spelled(&constant_type(&constant.value)).replace("& ", "&");
            let (owner, name) = (owner.clone(), constant.name.clone());
            found.access.push(Access::root(&format!("{owner}::{name}")));
            found.members.push(RustMember { owner, name, ty, constant: true });
        }
    }
    if found.members.is_empty() {
        // No field: the member is an entry of a map, of a `Value`, or of the members that are kept in `extra`.
        let key = Access::key(Some(name));
        for typed in &all {
            found.value(value_of(&typed.ty, true), typed.access.with(&key));
        }
        for (id, access) in named {
            let Kind::Struct(object) = &plan.types[id.0].kind else { continue };
            found.value(value_of_extra(&object.extra), access.with(".extra").with(&key));
        }
    }
    found
}

/// Returns the fields for an item at a position.
pub(super) fn position(plan: &Plan, items: &[Refined], types: &[Typed], at: usize) -> RustMembers {
    let mut found = RustMembers::default();
    let all = alternatives(plan, types);
    for (id, access) in named(&all, |_| false) {
        let Kind::Positional(array) = &plan.types[id.0].kind else { continue };
        if let Some(field) = array.fields.get(at) {
            found.field(&plan.types[id.0].name, &items[id.0], field, access);
        }
    }
    if found.members.is_empty() {
        for typed in &all {
            found.value(value_of(&typed.ty, false), typed.access.with(&format!(".get({at})?")));
        }
    }
    found
}

/// Returns the fields and types for further members of an object.
pub(super) fn additional(plan: &Plan, items: &[Refined], types: &[Typed], own: impl Fn(TypeId) -> bool) -> RustMembers {
    let mut found = RustMembers::default();
    let key = Access::key(None);
    let all = alternatives(plan, types);
    for typed in &all {
        found.value(value_of(&typed.ty, true), typed.access.with(&key));
    }
    for (id, access) in named(&all, own) {
        let Kind::Struct(object) = &plan.types[id.0].kind else { continue };
        if let Some(ty) = field_type(&items[id.0], "extra") {
            let owner = plan.types[id.0].name.clone();
            found.members.push(RustMember { owner, name: "extra".to_owned(), ty, constant: false });
        }
        found.value(value_of_extra(&object.extra), access.with(".extra").with(&key));
    }
    found
}

/// Returns the types of the items of an array.
pub(super) fn items(plan: &Plan, types: &[Typed]) -> Vec<Typed> {
    let mut found = Vec::new();
    for Typed { ty, access, .. } in alternatives(plan, types) {
        match ty {
            Ty::Array(item) => found.push(Typed::at(*item, access.with(".first()?"))),
            Ty::Value => found.push(Typed::at(Ty::Value, access.with(".get(0)?"))),
            Ty::Named(id) => {
                if let Kind::Positional(array) = &plan.types[id.0].kind
                    && let Some(rest) = &array.rest
                {
                    let access = access.with(&format!(".{}", array.rest_name)).with(".first()?");
                    found.push(Typed::at(rest.ty.clone(), access));
                }
            }
            _ => {}
        }
    }
    found
}

/// Returns the type of the values in a map, an array or a `Value`, if code gets them by name or (`!by_name`) by
/// position.
fn value_of(ty: &Ty, by_name: bool) -> Option<Ty> {
    match ty {
        Ty::Value => Some(Ty::Value),
        Ty::Object if by_name => Some(Ty::Value),
        Ty::Map(value) if by_name => Some((**value).clone()),
        Ty::Array(item) if !by_name => Some((**item).clone()),
        _ => None,
    }
}

/// Returns the type of the members that are kept in `extra`; `None` if there is no such field.
fn value_of_extra(extra: &Extra) -> Option<Ty> {
    match extra {
        Extra::Closed => None,
        Extra::Open | Extra::Checked(_) => Some(Ty::Value),
        Extra::Typed(value) => Some(value.ty.clone()),
    }
}

impl RustMembers {
    fn field(&mut self, owner: &str, item: &Refined, field: &Field, access: &Access) {
        let access = access.with(&format!(".{}", field.name));
        if let Some(ty) = field_type(item, &field.name) {
            let member = RustMember { owner: owner.to_owned(), name: field.name.clone(), ty, constant: false };
            self.members.push(member);
        }
        self.values.push(Typed::of_field(field, &access));
        self.access.push(access);
    }

    /// Adds a value that is not a field.
    fn value(&mut self, ty: Option<Ty>, access: Access) {
        if let Some(ty) = ty {
            self.access.push(access.clone());
            self.values.push(Typed::at(ty, access));
        }
    }
}

/// Returns the type of a field, as written in code.
fn field_type(item: &Refined, name: &str) -> Option<String> {
    let Item::Struct(item) = &item.item else { return None };
    let field = item.fields.iter().find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))?;
    Some(spelled(&field.ty).replace(",>", ">"))
}
