//! Selects the implementations that are kept from typify's output.
//!
//! * A string enum keeps no implementation. `Display`, `FromStr` and `TryFrom` are the same for all string enums, so
//!   the declaration's macro implements them.
//! * A union keeps `From` for the type of a variant, if no other variant has the same type.
//! * A newtype keeps `From`, in both directions.
//!
//! Conversions from text that try one variant after another are removed, because the JSON type decides the variant.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::{Expr, ImplItem, ItemImpl, Stmt, Type, parse_quote};

use super::paths::{argument, argument_of, last_name};
use crate::plan::{self, Kind, Plan, Ty, Union};

/// Groups implementations by planned type: the type that they convert to, or else the type that they convert from.
pub(super) fn by_type(plan: &Plan, impls: Vec<ItemImpl>) -> HashMap<String, Vec<ItemImpl>> {
    let known: HashSet<&str> = plan.types.iter().map(|ty| ty.name.as_str()).collect();
    let mut found: HashMap<String, Vec<ItemImpl>> = HashMap::new();
    for item in impls {
        let from = implemented(&item).and_then(|(_, argument)| argument);
        let names = [last_name(&item.self_ty), from.as_ref().and_then(last_name)];
        if let Some(name) = names.into_iter().flatten().find(|name| known.contains(name.as_str())) {
            found.entry(name).or_default().push(item);
        }
    }
    found
}

/// Returns the implementations to keep, in their form in the generated crate.
pub(super) fn refine(ty: &plan::Type, impls: Vec<ItemImpl>) -> Vec<ItemImpl> {
    match &ty.kind {
        Kind::Union(union) => {
            let held: HashSet<String> = impls.iter().filter_map(|item| Some(text(&implemented(item)?.1?))).collect();
            impls.into_iter().filter_map(|item| conversion(ty, union, item, &held)).collect()
        }
        Kind::Newtype(value) => {
            // Not every JSON value is accepted by the schema.
            let stays = |(name, from): (String, Option<Type>)| {
                let any = value.ty == Ty::Value && from.as_ref().and_then(last_name).as_ref() != Some(&ty.name);
                name == "From" && !any
            };
            impls.into_iter().filter(|item| implemented(item).is_some_and(stays)).collect()
        }
        Kind::Struct(_) | Kind::Positional(_) | Kind::StringEnum { .. } | Kind::ConstEnum(_) => Vec::new(),
    }
}

/// Returns the implemented trait and its argument.
fn implemented(item: &ItemImpl) -> Option<(String, Option<Type>)> {
    let last = item.trait_.as_ref()?.0.segments.last()?;
    Some((last.ident.to_string(), argument_of(last)))
}

/// Returns `From` for the type of a variant. If the variant is boxed, the value is put in a box.
fn conversion(ty: &plan::Type, union: &Union, item: ItemImpl, held: &HashSet<String>) -> Option<ItemImpl> {
    let (name, argument_type) = implemented(&item)?;
    let argument_type = argument_type.filter(|_| name == "From")?;
    let variant = made(&item)?;
    let planned = union.variants.iter().find(|planned| variant == planned.name)?;
    // Any JSON value may belong to another variant.
    if planned.value.ty == Ty::Value {
        return None;
    }
    let Some(inner) = argument(&argument_type, "Box") else { return Some(item) };
    if held.contains(&text(&inner)) || last_name(&inner).is_none_or(|name| name == ty.name) {
        return Some(item);
    }
    let target = &item.self_ty;
    Some(parse_quote! {
        impl From<#inner> for #target {
            fn from(value: #inner) -> Self {
                Self::#variant(Box::new(value))
            }
        }
    })
}

fn text(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}

/// Returns the variant that a function constructs: `Self::Variant(value)`.
fn made(item: &ItemImpl) -> Option<syn::Ident> {
    let [ImplItem::Fn(function)] = item.items.as_slice() else { return None };
    let [Stmt::Expr(Expr::Call(call), None)] = function.block.stmts.as_slice() else { return None };
    match &*call.func {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.clone()),
        _ => None,
    }
}
