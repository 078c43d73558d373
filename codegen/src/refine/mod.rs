//! Refines the items of typify to the items of the generated crate.
//!
//! Names, documentation and most types are kept. Types change where typify has no equivalent for a schema: a member
//! that may be absent and null, an absent array as opposed to an empty one, and constants. Derives and attributes of
//! serde are removed, because they are neither lossless nor exact. Fields are put in the order of the schema, which
//! typify does not keep. Only implementations that help users are kept; see [`impls`].

pub(crate) mod defaults;
mod impls;
mod paths;

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, Expr, ExprLit, Field, Fields, Item, ItemEnum, ItemImpl, ItemStruct, Lit, Meta, Type, parse_quote,
};

use self::defaults::default_value;
use self::paths::Paths;
pub(crate) use self::paths::argument;
use crate::model::diagnostic::Diagnostic;
use crate::plan::{self, Extra, Kind, Plan, Presence, Ty};
use crate::text::{comment, doc_attributes};

/// A type of the generated crate, with the implementations that are kept from typify.
pub(crate) struct Refined {
    pub(crate) item: Item,
    pub(crate) impls: Vec<ItemImpl>,
}

/// Returns the items of a plan's types, in the order of the plan.
///
/// # Errors
///
/// Returns an error if typify left out an item or gave it another name.
pub(crate) fn refine(provider: &str, plan: &Plan, file: syn::File) -> Result<Vec<Refined>, Diagnostic> {
    let mut found: HashMap<String, Item> = HashMap::new();
    let mut impls = Vec::new();
    for mut item in file.items {
        Paths.visit_item_mut(&mut item);
        match item {
            Item::Struct(ref inner) => drop(found.insert(inner.ident.to_string(), item)),
            Item::Enum(ref inner) => drop(found.insert(inner.ident.to_string(), item)),
            Item::Impl(item) => impls.push(item),
            _ => {}
        }
    }
    let mut implemented = impls::by_type(plan, impls);
    let mut refined = |ty: &plan::Type| {
        let item = match found.remove(&ty.name)? {
            Item::Struct(item) => Item::Struct(structure(ty, item)?),
            Item::Enum(item) => Item::Enum(enumeration(ty, item)?),
            _ => return None,
        };
        let impls = implemented.remove(&ty.name).unwrap_or_default();
        Some(Refined { item, impls: impls::refine(ty, impls) })
    };
    plan.types
        .iter()
        .map(|ty| {
            let message = || format!("typify gave no item like the plan's `{}`", ty.name);
            refined(ty).ok_or_else(|| Diagnostic::internal(provider, message()))
        })
        .collect()
}

/// Returns the documentation of an item, one attribute for each line. All other attributes are serde's or derives.
fn docs(attrs: &[Attribute]) -> Vec<Attribute> {
    let text = |attr: &Attribute| match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    attrs.iter().filter_map(text).flat_map(|text| comment(&text)).collect()
}

/// Returns the attributes of an item: its documentation and its derives.
fn attributes(attrs: &[Attribute], derives: TokenStream) -> Vec<Attribute> {
    let mut attrs = docs(attrs);
    attrs.push(parse_quote!(#[derive(#derives)]));
    attrs
}

fn structure(ty: &plan::Type, mut item: ItemStruct) -> Option<ItemStruct> {
    let derives = match default_value(ty) {
        Some(_) => quote!(Clone, Debug, PartialEq, Eq, Hash),
        None => quote!(Clone, Debug, Default, PartialEq, Eq, Hash),
    };
    item.attrs = attributes(&item.attrs, derives);
    let (planned, rest) = match &ty.kind {
        Kind::Struct(object) => {
            let text = match &object.extra {
                Extra::Closed => None,
                Extra::Typed(_) => Some("Properties that the schema does not declare."),
                Extra::Open | Extra::Checked(_) => Some("Properties that the schema does not declare, unchanged."),
            };
            (&object.fields, text.map(|text| ("extra", Some(text))))
        }
        Kind::Positional(array) => (&array.fields, array.rest.as_ref().map(|_| (array.rest_name.as_str(), None))),
        Kind::Newtype(_) => return Some(item),
        Kind::StringEnum { .. } | Kind::ConstEnum(_) | Kind::Union(_) => return None,
    };
    let Fields::Named(fields) = &mut item.fields else { return None };
    let mut given: HashMap<String, Field> = std::mem::take(&mut fields.named)
        .into_iter()
        .filter_map(|field| Some((field.ident.as_ref()?.to_string(), field)))
        .collect();
    for planned in planned {
        let mut field = given.remove(&planned.name)?;
        field.attrs = docs(&field.attrs);
        field.ty = present(planned, field.ty)?;
        fields.named.push(field);
    }
    if let Some((name, text)) = rest {
        let mut field = given.remove(name)?;
        // typify does not document flattened members.
        field.attrs = text.map_or_else(|| docs(&field.attrs), doc_attributes);
        fields.named.push(field);
    }
    given.is_empty().then_some(item)
}

/// Returns the type of a field. It distinguishes absent, null and empty members.
fn present(planned: &plan::Field, given: Type) -> Option<Type> {
    Some(match planned.presence {
        // typify already has the right type.
        Presence::Required => given,
        // typify treats an absent list or map as empty, and an absent value as null.
        Presence::Optional => match planned.value.ty {
            Ty::Array(_) | Ty::Map(_) | Ty::Object | Ty::Null | Ty::Nullable(_) => parse_quote!(Option<#given>),
            _ => given,
        },
        Presence::Nullable => {
            let inner = paths::argument(&given, "Option")?;
            parse_quote!(Nullable<#inner>)
        }
    })
}

fn enumeration(ty: &plan::Type, mut item: ItemEnum) -> Option<ItemEnum> {
    let (planned, derives): (Vec<&str>, _) = match &ty.kind {
        Kind::StringEnum { values, open, .. } => {
            let other = open.then_some("Other");
            let derives = match open {
                false => quote!(Clone, Copy, Debug, Default, PartialEq, Eq, Hash),
                true => quote!(Clone, Debug, Default, PartialEq, Eq, Hash),
            };
            (values.iter().map(|(_, name)| name.as_str()).chain(other).collect(), derives)
        }
        Kind::ConstEnum(values) => {
            let derives = quote!(Clone, Copy, Debug, Default, PartialEq, Eq, Hash);
            (values.iter().map(|(_, name)| name.as_str()).collect(), derives)
        }
        Kind::Union(union) => (
            union.variants.iter().map(|variant| variant.name.as_str()).collect(),
            quote!(Clone, Debug, PartialEq, Eq, Hash),
        ),
        Kind::Struct(_) | Kind::Positional(_) | Kind::Newtype(_) => return None,
    };
    item.attrs = attributes(&item.attrs, derives);
    let is_union = matches!(ty.kind, Kind::Union(_));
    for (index, variant) in item.variants.iter_mut().enumerate() {
        variant.attrs = docs(&variant.attrs);
        if index == 0 && !is_union {
            variant.attrs.push(parse_quote!(#[default]));
        }
    }
    item.variants.iter().map(|variant| variant.ident.to_string()).eq(planned).then_some(item)
}
